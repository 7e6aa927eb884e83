import { describe, expect, it } from 'vitest';
import {
  createRing,
  cursorWord,
  HIGH_BEGIN,
  HIGH_END,
  INTENT_WORD,
  LOW,
  openRing,
  TAIL_WORD,
} from '../../src/ring/layout.js';
import { EMPTY, LAPPED, LossyConsumer, RECORD } from '../../src/ring/lossy-consumer.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';
import { createRingAt, TWO_31, TWO_32 } from '../support/ring-at.js';

function ringOf(capacityBytes: number, start = 0) {
  const handle = createRingAt({ name: 'lossy', capacityBytes, gating: 0, lossy: 2 }, start);
  return { handle, producer: new RingProducer(handle), consumer: new LossyConsumer(handle, 0) };
}

/** Claims, fills the payload with `value`, commits and publishes. */
function put(producer: RingProducer, value: number, length = 8): void {
  const at = producer.claim(3, length);
  producer.words.fill(value, at, at + (length >> 2));
  producer.commitAndPublish();
}

describe('a lossy consumer', () => {
  it('starts at the newest record', () => {
    const { handle, producer } = ringOf(1024);
    put(producer, 1);
    const late = new LossyConsumer(handle, 1);
    expect(late.hasNext()).toBe(false);
    expect(late.poll()).toBe(EMPTY);
    put(producer, 2);
    expect(late.hasNext()).toBe(true);
    expect(late.poll()).toBe(RECORD);
    expect([late.type, late.length, late.words[late.at]]).toEqual([3, 8, 2]);
    expect(late.poll()).toBe(EMPTY);
  });

  it('follows through many wraps with padding as long as it keeps up', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 1000; value++) {
      const length = 4 + ((value * 12) % 53);
      put(producer, value, length);
      expect(consumer.poll()).toBe(RECORD);
      expect([consumer.length, consumer.words[consumer.at]]).toEqual([length, value]);
    }
    expect([consumer.laps, consumer.lostBytes]).toEqual([0, 0]);
  });

  it('is told once when it was lapped, and goes on at the newest', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 100; value++) put(producer, value);
    expect(consumer.poll()).toBe(LAPPED);
    expect(consumer.poll()).toBe(EMPTY);
    expect([consumer.laps, consumer.lostBytes]).toEqual([1, 1600]);
    put(producer, 100);
    expect(consumer.poll()).toBe(RECORD);
    expect(consumer.words[consumer.at]).toBe(100);
  });

  it('keeps the records of its copy while the ring is overwritten under it', () => {
    const { producer, consumer } = ringOf(1024);
    for (let value = 0; value < 5; value++) put(producer, value);
    expect(consumer.poll()).toBe(RECORD);
    for (let value = 5; value < 500; value++) put(producer, value);
    for (let value = 1; value < 5; value++) {
      expect(consumer.poll()).toBe(RECORD);
      expect(consumer.words[consumer.at]).toBe(value);
    }
    expect(consumer.poll()).toBe(LAPPED);
  });

  it('is lapped by a record that is still being written, or was aborted', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 16; value++) put(producer, value); // exactly full
    const at = producer.claim(3, 8);
    producer.words[at] = 99; // destroys record 0
    producer.abort();
    expect(consumer.poll()).toBe(LAPPED);
  });

  it('loses nothing while no more than three eighths of the ring are unread', () => {
    const { producer, consumer } = ringOf(1024);
    let next = 0;
    for (let value = 0; value < 600; value++) {
      put(producer, value, value % 41);
      if (value % 7 !== 6) continue; // at most 7 x 48 = 336 of 384 bytes
      while (consumer.poll() === RECORD) next++;
      expect([consumer.laps, next]).toEqual([0, value + 1]);
    }
  });

  it('never gates', () => {
    const { producer } = ringOf(256);
    for (let value = 0; value < 1000; value++) {
      expect(producer.claim(3, 56)).not.toBe(FULL);
      producer.commit();
    }
    expect(producer.occupiedBytes()).toBe(0);
  });

  it('survives a batch longer than the ring', () => {
    const { producer, consumer } = ringOf(256);
    for (let value = 0; value < 40; value++) {
      producer.claim(3, 8);
      producer.commit();
    }
    producer.publish();
    expect(consumer.poll()).toBe(LAPPED);
    put(producer, 41);
    expect(consumer.poll()).toBe(RECORD);
    expect(consumer.words[consumer.at]).toBe(41);
  });

  it('reads the longest record in a ring of any size', () => {
    for (const capacityBytes of [256, 1024, 1 << 20]) {
      const { producer, consumer } = ringOf(capacityBytes);
      for (let value = 1; value < 12; value++) {
        put(producer, value, producer.maximumLength);
        expect(consumer.poll()).toBe(RECORD);
        expect(consumer.length).toBe(producer.maximumLength);
        expect(consumer.words[consumer.at]).toBe(value);
        expect(consumer.words[consumer.at + (consumer.length >> 2) - 1]).toBe(value);
      }
    }
  });

  it('copies a long backlog piece by piece, so that a record is not held back by megabytes after it', () => {
    const { handle, producer, consumer } = ringOf(1 << 20);
    for (let value = 0; value < 7000; value++) put(producer, value, 56); // 448000 bytes
    expect(consumer.poll()).toBe(RECORD);
    // The first bursts are out; overwriting all of the ring laps what was not copied yet.
    for (let value = 0; value < 20_000; value++) put(producer, 7000 + value, 56);
    let records = 1;
    while (consumer.poll() === RECORD) expect(consumer.words[consumer.at]).toBe(records++);
    expect(records).toBeGreaterThan(100);
    expect(records * 64).toBeLessThanOrEqual(64 * 1024);
    expect(consumer.laps).toBe(1);
    expect(openRing(handle).control[cursorWord(0)]).toBe(0);
  });

  for (const start of [TWO_31, TWO_32, 7 * TWO_32, 2 ** 40]) {
    it(`goes through position ${start}, and knows a lap across it`, () => {
      const { handle, producer, consumer } = ringOf(256, start - 60);
      let value = 0;
      for (; value < 60; value++) {
        put(producer, value, 4 + ((value * 12) % 53));
        expect(consumer.poll()).toBe(RECORD);
        expect(consumer.words[consumer.at]).toBe(value);
      }
      const other = new LossyConsumer(handle, 1);
      for (let i = 0; i < 50; i++) put(producer, value++);
      expect(consumer.poll()).toBe(LAPPED);
      expect(other.poll()).toBe(LAPPED);
      expect(consumer.lostBytes).toBeGreaterThanOrEqual(50 * 16);
      put(producer, value);
      expect(consumer.poll()).toBe(RECORD);
      expect(consumer.words[consumer.at]).toBe(value);
    });
  }

  it('knows that it slept for 2^32 units, where the low words are equal', () => {
    const { handle, consumer } = ringOf(256, 1000);
    const { control } = openRing(handle);
    for (const cell of [TAIL_WORD, INTENT_WORD]) {
      control[cell + HIGH_BEGIN] = 1;
      control[cell + HIGH_END] = 1;
    }
    expect(control[INTENT_WORD + LOW]).toBe(1000);
    expect(consumer.hasNext()).toBe(true);
    expect(consumer.poll()).toBe(LAPPED);
    expect(consumer.lostBytes).toBe(TWO_32 * 8);
  });

  it('needs an index that the ring has', () => {
    const handle = createRing({ name: 'few', capacityBytes: 256, gating: 1, lossy: 1 });
    for (const index of [1, -1, 0.5]) {
      expect(() => new LossyConsumer(handle, index)).toThrow(
        `ring few: lossy consumer ${index}, allowed: 0 to 0`,
      );
    }
  });
});
