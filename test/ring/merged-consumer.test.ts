import { describe, expect, it } from 'vitest';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing } from '../../src/ring/layout.js';
import { MergedConsumer } from '../../src/ring/merged-consumer.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';

const TYPE = 7;

function mergedOf(count: number, capacityBytes = 1024) {
  const handles = Array.from({ length: count }, (_, index) =>
    createRing({ name: `ring-${index}`, capacityBytes, gating: 1 }),
  );
  const producers = handles.map((handle) => new RingProducer(handle));
  return { producers, merged: new MergedConsumer(handles.map((handle) => new RingConsumer(handle, 0))) };
}

/** Publishes one record that holds `value`; false without room. */
function put(producer: RingProducer, value: number): boolean {
  const at = producer.claim(TYPE + (value % 2), 8);
  if (at === FULL) return false;
  producer.words[at] = value;
  producer.commitAndPublish();
  return true;
}

function take(merged: MergedConsumer, limit = Number.POSITIVE_INFINITY): number[] {
  const values: number[] = [];
  while (values.length < limit && merged.next()) {
    const value = merged.words[merged.at];
    expect([merged.type, merged.length]).toEqual([TYPE + (value % 2), 8]);
    values.push(value);
  }
  merged.release();
  return values;
}

describe('several rings read as one', () => {
  it('are all read, each in its order', () => {
    const { producers, merged } = mergedOf(3);
    expect(merged.hasNext()).toBe(false);
    expect(merged.next()).toBe(false);
    for (let n = 0; n < 5; n++)
      for (const [index, producer] of producers.entries()) put(producer, 10 * index + n);
    expect(merged.hasNext()).toBe(true);
    expect(merged.backlogBytes()).toBe(15 * 16);
    const values = take(merged);
    for (const index of [0, 1, 2]) {
      const own = values.filter((value) => Math.floor(value / 10) === index);
      expect(own).toEqual([0, 1, 2, 3, 4].map((n) => 10 * index + n));
    }
    expect(merged.backlogBytes()).toBe(0);
  });

  it('go on with a ring while it has records, and find what came meanwhile on another', () => {
    const { producers, merged } = mergedOf(2);
    put(producers[0], 1);
    put(producers[1], 11);
    put(producers[0], 2);
    expect(merged.next() && merged.words[merged.at]).toBe(1);
    put(producers[0], 3);
    expect(take(merged)).toEqual([2, 3, 11]);
  });

  it('take turns from release to release, so that a busy one keeps none waiting', () => {
    const { producers, merged } = mergedOf(2);
    put(producers[1], 11);
    for (let n = 0; n < 20; n++) put(producers[0], n);
    expect(take(merged, 4)).not.toContain(11);
    expect(take(merged, 4)).toContain(11);
  });

  it('give room back on all of them with one release', () => {
    const { producers, merged } = mergedOf(2, 256);
    for (const producer of producers) {
      let n = 0;
      while (put(producer, n)) n++;
      expect(n).toBeGreaterThan(0);
    }
    while (merged.next());
    expect(producers.map((producer) => put(producer, 1))).toEqual([false, false]);
    merged.release();
    expect(producers.map((producer) => put(producer, 1))).toEqual([true, true]);
    expect(take(merged)).toEqual([1, 1]);
  });
});
