import { describe, expect, it } from 'vitest';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing, LOW, openRing, TAIL_WORD, UNPUBLISHED } from '../../src/ring/layout.js';
import { observeLow } from '../../src/ring/ordering.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';
import { makeMutant } from '../support/mutant.js';

const TYPE = 7;

function ringOf(capacityBytes: number, gating = 1) {
  const handle = createRing({ name: 'test', capacityBytes, gating });
  return { handle, producer: new RingProducer(handle), consumer: new RingConsumer(handle, 0) };
}

/** Claims, writes `value` into the first word when there is one, and commits. */
function put(producer: RingProducer, value: number, length = 8): boolean {
  const at = producer.claim(TYPE, length);
  if (at === FULL) return false;
  if (length >= 4) producer.words[at] = value;
  producer.commit();
  return true;
}

/** First words of all records that the consumer can take now. */
function take(consumer: RingConsumer): number[] {
  const values: number[] = [];
  while (consumer.next()) values.push(consumer.words[consumer.at]);
  return values;
}

describe('the header after the published tail', () => {
  it('is not published, whatever was there a lap ago, and is never part of a record that was not released', () => {
    const { producer, consumer } = ringOf(256);
    producer.words.fill(TYPE);
    producer.words[1] = UNPUBLISHED;
    for (let value = 0; value < 200; value++) {
      const length = (value * 12) % 57;
      const at = producer.claim(TYPE, length);
      producer.words.fill(TYPE, at, at + ((length + 3) >> 2));
      expect(consumer.hasNext()).toBe(false);
      expect(consumer.next()).toBe(false);
      producer.commitAndPublish();
      expect(consumer.next()).toBe(true);
      expect([consumer.type, consumer.length]).toEqual([TYPE, length]);
      expect(consumer.hasNext()).toBe(false);
      expect(consumer.next()).toBe(false);
      consumer.release();
    }
  });

  it('is in hand while the records before it are published: its payload stays as it was written', () => {
    const { producer, consumer } = ringOf(1024);
    for (let value = 0; value < 20; value++) {
      put(producer, value);
      const at = producer.claim(TYPE, 120);
      producer.words.fill(77, at, at + 30);
      producer.publish();
      expect(Array.from(producer.words.subarray(at, at + 30))).toEqual(new Array(30).fill(77));
      expect(take(consumer)).toEqual([value]);
      producer.commitAndPublish();
      expect(take(consumer)).toEqual([77]);
      consumer.release();
    }
  });

  it('shows a record to a consumer, and lets it go on, before TAIL does', () => {
    const { handle, producer, consumer } = ringOf(256);
    const { control } = openRing(handle);
    for (let value = 0; value < 40; value++) {
      const tail = observeLow(control, TAIL_WORD);
      put(producer, value);
      producer.publish();
      const next = observeLow(control, TAIL_WORD);
      control[TAIL_WORD + LOW] = tail;
      expect(consumer.backlogBytes()).toBe(0);
      expect(consumer.hasNext()).toBe(true);
      expect(take(consumer)).toEqual([value]);
      expect(consumer.backlogBytes()).toBe(0);
      consumer.release();
      control[TAIL_WORD + LOW] = next;
    }
  });

  it('has a unit of its own: a producer that keeps no room for it would show records twice', async () => {
    const mutant = makeMutant({
      file: 'producer.js',
      find: 'if (((tail + need - this.#cachedCursor) | 0) > this.#capacity && !this.#hasRoom(need))',
      replace:
        'if (((tail + need - 1 - this.#cachedCursor) | 0) > this.#capacity && !this.#hasRoom(need - 1))',
    });
    try {
      const defective: typeof import('../../src/ring/producer.js') = await import(
        `${mutant.folder}producer.js`
      );
      for (const [make, sent, seen] of [
        [RingProducer, 3, [0, 1, 2]],
        [defective.RingProducer, 4, [0, 1, 2, 3, 0]],
      ] as const) {
        const handle = createRing({ name: 'full', capacityBytes: 256, gating: 1 });
        const producer = new make(handle);
        let value = 0;
        while (put(producer as RingProducer, value, 56)) value++;
        producer.publish();
        expect(value).toBe(sent);
        const consumer = new RingConsumer(handle, 0);
        const values: number[] = [];
        while (values.length < 5 && consumer.next()) values.push(consumer.words[consumer.at]);
        expect(values).toEqual(seen);
      }
    } finally {
      mutant.remove();
    }
  });
});
