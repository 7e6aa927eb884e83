import { threadId } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing, cursorWord, openRing, PADDING, TAIL_WORD, UNPUBLISHED } from '../../src/ring/layout.js';
import { observeCursor, observeLow } from '../../src/ring/ordering.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';
import { createRingAt, TWO_31, TWO_32 } from '../support/ring-at.js';

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

describe('publishing', () => {
  it('shows nothing before publish, and the whole batch after it', () => {
    const { producer, consumer } = ringOf(256);
    put(producer, 1);
    put(producer, 2);
    expect(consumer.hasNext()).toBe(false);
    expect(consumer.next()).toBe(false);
    expect(consumer.backlogBytes()).toBe(0);
    producer.publish();
    expect(consumer.hasNext()).toBe(true);
    expect(consumer.backlogBytes()).toBe(32);
    expect(take(consumer)).toEqual([1, 2]);
    expect(consumer.backlogBytes()).toBe(0);
  });

  it('hands out type, length and an 8-byte aligned index, for every length', () => {
    const { producer, consumer } = ringOf(1024);
    for (let length = 0; length <= producer.maximumLength; length++) {
      const at = producer.claim(length + 1, length);
      expect(at % 2).toBe(0);
      producer.commitAndPublish();
      expect(consumer.next()).toBe(true);
      expect([consumer.type, consumer.length, consumer.at]).toEqual([length + 1, length, at]);
      consumer.release();
    }
  });

  it('keeps a negative type', () => {
    const { producer, consumer } = ringOf(256);
    producer.claim(-5, 4);
    producer.commitAndPublish();
    consumer.next();
    expect(consumer.type).toBe(-5);
  });

  it('forgets an aborted record and keeps the ones committed before it', () => {
    const { producer, consumer } = ringOf(256);
    put(producer, 1);
    producer.words[producer.claim(TYPE, 40)] = 99;
    producer.abort();
    put(producer, 2);
    producer.publish();
    expect(take(consumer)).toEqual([1, 2]);
  });

  it('publishes the committed records while another one is in hand', () => {
    const { producer, consumer } = ringOf(256);
    put(producer, 1);
    const at = producer.claim(TYPE, 8);
    producer.publish();
    expect(take(consumer)).toEqual([1]);
    producer.words[at] = 2;
    producer.commitAndPublish();
    expect(take(consumer)).toEqual([2]);
  });
});

describe('room', () => {
  it('says FULL when the slowest consumer is a whole ring behind, and goes on after its release', () => {
    const { handle, producer, consumer } = ringOf(256, 2);
    const slow = new RingConsumer(handle, 1);
    let sent = 0;
    while (put(producer, sent)) sent++;
    expect(sent).toBe(256 / 16 - 1);
    expect(producer.occupiedBytes()).toBe(240);
    producer.publish();
    expect(take(consumer)).toHaveLength(sent);
    consumer.release();
    expect(put(producer, sent)).toBe(false);
    expect(slow.next()).toBe(true);
    expect(put(producer, sent)).toBe(false); // taken is not released
    slow.release();
    expect(producer.occupiedBytes()).toBe(224);
    expect(put(producer, sent)).toBe(true);
    expect(put(producer, sent + 1)).toBe(false);
  });

  it('leaves the ring unchanged when FULL', () => {
    const { producer, consumer } = ringOf(256);
    while (put(producer, 5, 24)) {}
    producer.publish();
    const before = producer.words.slice();
    expect(producer.claim(TYPE, 24)).toBe(FULL);
    expect(producer.claim(TYPE, 56)).toBe(FULL);
    expect(producer.words).toEqual(before);
    expect(take(consumer)).toEqual(new Array(7).fill(5));
  });

  it('never wraps a record: padding fills the end, and the record starts at 0', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 4; value++) put(producer, value, 48); // 4 x 56 = 224 of 256
    producer.publish();
    expect(take(consumer)).toEqual([0, 1, 2, 3]);
    consumer.release();
    const at = producer.claim(TYPE, 32); // 40 bytes do not fit in 32
    expect(at).toBe(2);
    producer.words[at] = 4;
    producer.commitAndPublish();
    expect([producer.words[56], producer.words[57]]).toEqual([24, PADDING]);
    expect(take(consumer)).toEqual([4]);
    consumer.release();
    expect(producer.occupiedBytes()).toBe(0);
  });

  it('fills the ring to its last unit but one, the header that is not published, and ends a lap without padding', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 3; value++) put(producer, value, 56);
    expect(producer.claim(TYPE, 56)).toBe(FULL);
    expect(put(producer, 3, 48)).toBe(true);
    producer.publish();
    expect(producer.occupiedBytes()).toBe(248);
    expect(producer.claim(TYPE, 0)).toBe(FULL);
    expect(take(consumer)).toEqual([0, 1, 2, 3]);
    consumer.release();
    expect(producer.claim(TYPE, 0)).toBe(64); // the last unit
    producer.commitAndPublish();
    expect(producer.claim(TYPE, 56)).toBe(2);
  });

  it('pads with one lone header', () => {
    const { producer, consumer } = ringOf(256);
    for (const length of [56, 56, 56, 48]) put(producer, length, length); // 64 x 3 + 56 = 248
    producer.publish();
    expect(take(consumer)).toEqual([56, 56, 56, 48]);
    consumer.release();
    put(producer, 9);
    producer.publish();
    expect([producer.words[62], producer.words[63]]).toEqual([0, PADDING]);
    expect(take(consumer)).toEqual([9]);
  });

  it('counts the padding as room: a record that would need too much of it finds the ring FULL', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 4; value++) put(producer, value, 48);
    producer.publish();
    consumer.next();
    consumer.release(); // 56 released, 32 at the end: a 64-byte record needs 96
    expect(producer.claim(TYPE, 56)).toBe(FULL);
    expect(producer.claim(TYPE, 24)).not.toBe(FULL); // and 32 bytes fit the end exactly, the next header was released
  });

  it('aborts a record with padding before it, and claims a shorter one that needs none', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 4; value++) put(producer, value, 48);
    producer.publish();
    take(consumer);
    consumer.release();
    expect(producer.claim(TYPE, 56)).toBe(2);
    producer.abort();
    const at = producer.claim(TYPE, 24);
    expect(at).toBe(58);
    producer.words[at] = 4;
    producer.commitAndPublish();
    expect(take(consumer)).toEqual([4]);
  });
});

describe('releasing', () => {
  it('stores the cursor only when something was taken', () => {
    const { handle, producer, consumer } = ringOf(256);
    const { control } = openRing(handle);
    put(producer, 1);
    put(producer, 2);
    producer.publish();
    consumer.next();
    expect(observeCursor(control, cursorWord(0))).toBe(0);
    consumer.release();
    expect(observeCursor(control, cursorWord(0))).toBe(2);
    consumer.next();
    consumer.next();
    consumer.release();
    expect(observeCursor(control, cursorWord(0))).toBe(4);
    expect(observeLow(control, TAIL_WORD)).toBe(4);
  });
});

describe('positions', () => {
  for (const start of [TWO_31, TWO_32, 3 * TWO_32 + TWO_31, 5 * TWO_32]) {
    it(`go through ${start} with records of mixed sizes and two consumers`, () => {
      const handle = createRingAt({ name: 'wrap', capacityBytes: 256, gating: 2 }, start - 100);
      const producer = new RingProducer(handle);
      const consumers = [new RingConsumer(handle, 0), new RingConsumer(handle, 1)];
      const seen: number[][] = [[], []];
      let sent = 0;
      while (sent < 300) {
        while (sent < 300 && put(producer, sent, 8 + ((sent * 5) % 49))) sent++;
        expect(producer.occupiedBytes()).toBeLessThanOrEqual(256);
        producer.publish();
        for (const [index, consumer] of consumers.entries()) {
          expect(consumer.backlogBytes()).toBeGreaterThan(0);
          seen[index].push(...take(consumer));
          consumer.release();
        }
      }
      const all = Array.from({ length: 300 }, (_, value) => value);
      expect(seen).toEqual([all, all]);
    });
  }
});

describe('misuse', () => {
  it('a second claim while a record is in hand', () => {
    const { producer } = ringOf(256);
    producer.claim(TYPE, 8);
    for (const again of [() => producer.claim(TYPE, 8), () => producer.append(TYPE, 8)]) {
      expect(again).toThrow('ring test: claim while a record is in hand');
    }
  });

  it('a second claim in a full ring is misuse too, not FULL', () => {
    const { producer } = ringOf(256);
    while (put(producer, 0, 24)) {
      if (producer.occupiedBytes() === 192) break;
    }
    producer.claim(TYPE, 24);
    expect(() => producer.claim(TYPE, 24)).toThrow('ring test: claim while a record is in hand');
  });

  it('a length out of range throws, also where it would never find room', () => {
    const { producer } = ringOf(256);
    expect(producer.maximumLength).toBe(56);
    for (const length of [57, 64, 248, 249, 1000, 2 ** 29, 2 ** 31, 2 ** 33, -1, -8, -1000, Number.NaN]) {
      for (const write of [() => producer.claim(TYPE, length), () => producer.append(TYPE, length)]) {
        expect(write).toThrow(`ring test: payload of ${length} bytes, allowed: 0 to 56`);
      }
    }
    expect(put(producer, 1, 56)).toBe(true);
  });

  it('a record of a reserved type, or of one that would be stored as one', () => {
    const { producer } = ringOf(256);
    for (const type of [UNPUBLISHED, PADDING, 2 ** 32, 2 ** 32 - 1, 0.5, Number.NaN]) {
      for (const write of [() => producer.claim(type, 8), () => producer.append(type, 8)]) {
        expect(write).toThrow(`ring test: record type ${type} is reserved`);
      }
    }
  });

  it('a commit with nothing in hand, as after an overlooked FULL', () => {
    const { producer } = ringOf(256);
    while (put(producer, 0, 56)) {}
    expect(() => producer.commit()).toThrow('ring test: commit with no record in hand');
    expect(() => producer.commitAndPublish()).toThrow('ring test: commit with no record in hand');
    expect(() => producer.abort()).not.toThrow();
  });

  it('a consumer index that the ring does not have', () => {
    const { handle } = ringOf(256);
    for (const index of [1, -1, 0.5, Number.NaN]) {
      expect(() => new RingConsumer(handle, index)).toThrow(`gating consumer ${index}, allowed: 0 to 0`);
    }
  });

  it('a second attachment, which leaves the first one the owner', () => {
    const { handle } = ringOf(256);
    const { control } = openRing(handle);
    const before = control.slice();
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => new RingProducer(handle)).toThrow(
        `ring test: thread ${threadId} attaches as producer, but thread ${threadId} already is`,
      );
      expect(() => new RingConsumer(handle, 0)).toThrow(
        `ring test: thread ${threadId} attaches as consumer 0, but thread ${threadId} already is`,
      );
      expect(control).toEqual(before);
    }
  });
});
