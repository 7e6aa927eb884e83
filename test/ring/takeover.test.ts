import { threadId } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { RingConsumer } from '../../src/ring/consumer.js';
import {
  CURSOR_THREAD,
  createRing,
  cursorWord,
  HIGH_BEGIN,
  HIGH_END,
  INTENT_WORD,
  LOW,
  openRing,
  PRODUCER_THREAD_WORD,
  TAIL_WORD,
} from '../../src/ring/layout.js';
import { EMPTY, LossyConsumer, RECORD } from '../../src/ring/lossy-consumer.js';
import { observePosition } from '../../src/ring/ordering.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';
import { createRingAt, TWO_31, TWO_32 } from '../support/ring-at.js';

const DEAD_THREAD = 4242;

function put(producer: RingProducer, value: number): void {
  const at = producer.claim(1, 8);
  if (at === FULL) throw new Error('the test needs a larger ring');
  producer.words[at] = value;
  producer.commit();
}

function take(consumer: RingConsumer): number[] {
  const values: number[] = [];
  while (consumer.next()) values.push(consumer.words[consumer.at]);
  return values;
}

describe('takeover', () => {
  it('of a consumer sees again what its predecessor had not released, and nothing else', () => {
    const handle = createRing({ name: 'takeover', capacityBytes: 1024, gating: 1 });
    const producer = new RingProducer(handle);
    for (let value = 0; value < 10; value++) put(producer, value);
    producer.publish();
    const first = new RingConsumer(handle, 0);
    for (let i = 0; i < 3; i++) first.next();
    first.release();
    first.next();
    const second = new RingConsumer(handle, 0, { takeover: true });
    expect(take(second)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('of the producer goes on at the published tail; records in hand or unpublished never were', () => {
    const handle = createRing({ name: 'takeover', capacityBytes: 1024, gating: 1 });
    const first = new RingProducer(handle);
    const consumer = new RingConsumer(handle, 0);
    put(first, 1);
    first.publish();
    put(first, 98);
    first.claim(1, 80);
    const second = new RingProducer(handle, { takeover: true });
    put(second, 2);
    second.publish();
    expect(take(consumer)).toEqual([1, 2]);
  });

  for (const start of [0, 100, TWO_31 - 1, 3 * TWO_32 - 1, 3 * TWO_32 - 20]) {
    it(`of a producer that died at ${start} between the header and the TAIL of a publish finishes it`, () => {
      for (const released of [0, 3, 7]) {
        const handle = createRingAt({ name: 'between', capacityBytes: 256, gating: 1, lossy: 1 }, start);
        const { control } = openRing(handle);
        const lossy = new LossyConsumer(handle, 0);
        const first = new RingProducer(handle);
        const consumer = new RingConsumer(handle, 0);
        const tail = control.slice(TAIL_WORD, TAIL_WORD + 3);
        for (let value = 0; value < 7; value++) put(first, value);
        first.publish();
        put(first, 98);
        put(first, 99);
        const end = observePosition(control, TAIL_WORD);
        control.set(tail, TAIL_WORD);
        for (let value = 0; value < released; value++) {
          expect(consumer.next()).toBe(true);
          expect(consumer.words[consumer.at]).toBe(value);
        }
        consumer.release();
        const second = new RingProducer(handle, { takeover: true });
        expect(observePosition(control, TAIL_WORD)).toBe(end);
        put(second, 7);
        expect(take(consumer)).toEqual([0, 1, 2, 3, 4, 5, 6].slice(released));
        second.publish();
        expect(take(consumer)).toEqual([7]);
        for (let value = 0; value < 8; value++) {
          expect(lossy.poll()).toBe(RECORD);
          expect(lossy.words[lossy.at]).toBe(value);
        }
        expect(lossy.poll()).toBe(EMPTY);
      }
    });
  }

  it('names the new owner', () => {
    const handle = createRing({ name: 'takeover', capacityBytes: 1024, gating: 1 });
    const { control } = openRing(handle);
    control[PRODUCER_THREAD_WORD] = DEAD_THREAD + 1;
    control[cursorWord(0) + CURSOR_THREAD] = DEAD_THREAD + 1;
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => new RingProducer(handle)).toThrow(`but thread ${DEAD_THREAD} already is`);
      expect(() => new RingConsumer(handle, 0)).toThrow(`but thread ${DEAD_THREAD} already is`);
    }
    new RingProducer(handle, { takeover: true });
    new RingConsumer(handle, 0, { takeover: true });
    expect(control[PRODUCER_THREAD_WORD]).toBe(threadId + 1);
    expect(control[cursorWord(0) + CURSOR_THREAD]).toBe(threadId + 1);
  });

  // A wrap of the low word is three stores: high-begin, low, high-end. The old producer may have died after any of them.
  for (const [cell, name] of [
    [TAIL_WORD, 'TAIL'],
    [INTENT_WORD, 'INTENT'],
  ] as const) {
    for (const stores of [1, 2]) {
      it(`of a producer that died after ${stores} of the 3 stores of a wrapping ${name} repairs the cell`, () => {
        const start = 3 * TWO_32 - 2;
        const handle = createRingAt({ name: 'died', capacityBytes: 1024, gating: 1, lossy: 1 }, start);
        const { control } = openRing(handle);
        if (cell === TAIL_WORD && stores === 2) {
          // That the low word of TAIL wrapped means that INTENT had before.
          control.set([3, 40, 3], INTENT_WORD);
        }
        control[cell + HIGH_BEGIN] = 3;
        if (stores === 2) control[cell + LOW] = cell === TAIL_WORD ? 0 : 40;
        const wrapped = cell === TAIL_WORD && stores === 2;
        if (wrapped) openRing(handle).data.set([8, 1, 77, 0], (start & 127) << 1);

        const producer = new RingProducer(handle, { takeover: true });
        expect(control[cell + HIGH_BEGIN]).toBe(control[cell + HIGH_END]);
        expect(observePosition(control, TAIL_WORD)).toBe(wrapped ? 3 * TWO_32 : start);
        const consumer = new RingConsumer(handle, 0);
        const lossy = new LossyConsumer(handle, 0);
        for (let value = 0; value < 20; value++) put(producer, value);
        producer.publish();
        const expected = Array.from({ length: 20 }, (_, value) => value);
        expect(take(consumer)).toEqual(wrapped ? [77, ...expected] : expected);
        for (const value of expected) {
          expect(lossy.poll()).toBe(RECORD);
          expect(lossy.words[lossy.at]).toBe(value);
        }
        expect(observePosition(control, TAIL_WORD)).toBe((wrapped ? 3 * TWO_32 : start) + 40);
      });
    }
  }
});
