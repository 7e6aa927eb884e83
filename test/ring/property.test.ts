import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RingConsumer } from '../../src/ring/consumer.js';
import { EMPTY, LAPPED, LossyConsumer, RECORD } from '../../src/ring/lossy-consumer.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';
import { NaiveRing } from '../support/naive-ring.js';
import { createRingAt, TWO_31, TWO_32 } from '../support/ring-at.js';
import { SEED } from '../support/seed.js';

type Step =
  | { readonly do: 'put'; readonly size: number; readonly type: number }
  | { readonly do: 'append'; readonly size: number; readonly type: number }
  | { readonly do: 'abort'; readonly size: number; readonly type: number }
  | { readonly do: 'publish' }
  | { readonly do: 'next'; readonly who: number; readonly count: number }
  | { readonly do: 'poll'; readonly who: number; readonly count: number }
  | { readonly do: 'release' | 'takeover'; readonly who: number };

const who = fc.nat(3);
/** A fraction of the longest payload; long and short records meet in one stream. */
const size = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
const put = fc.record({ do: fc.constant('put' as const), size, type: fc.integer({ min: 1, max: 99 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: put },
  { weight: 5, arbitrary: put.map((record) => ({ ...record, do: 'append' as const })) },
  { weight: 1, arbitrary: put.map((record) => ({ ...record, do: 'abort' as const })) },
  { weight: 4, arbitrary: fc.constant({ do: 'publish' as const }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('next' as const), who, count: fc.nat(12) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('poll' as const), who, count: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeover' as const), who }) },
);

const shape = fc.record({
  capacityBytes: fc.constantFrom(256, 512, 4096, 65536),
  gating: fc.nat(4),
  lossy: fc.nat(2),
  start: fc
    .tuple(fc.constantFrom(0, TWO_31, TWO_32, 9 * TWO_32 + TWO_31, 2 ** 44), fc.nat(200))
    .map(([base, before]) => Math.max(0, base - before)),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** What the streams reached: a property that never meets a full ring or a lap proves little. */
const reached = { full: 0, laps: 0, records: 0 };

/** The real ring and the naive one side by side, on one thread. */
class Twins {
  readonly handle;
  readonly naive: NaiveRing;
  readonly gating: RingConsumer[] = [];
  readonly lossy: LossyConsumer[] = [];
  /** Per lossy consumer: index of the record it is owed next. */
  readonly owed: number[];
  producer: RingProducer;
  readonly #shape: Shape;
  #value = 0;

  constructor(of: Shape) {
    this.#shape = of;
    this.handle = createRingAt({ name: 'twin', ...of }, of.start);
    this.naive = new NaiveRing(of.capacityBytes, of.gating, of.start);
    this.producer = new RingProducer(this.handle);
    for (let i = 0; i < of.gating; i++) this.gating.push(new RingConsumer(this.handle, i));
    for (let i = 0; i < of.lossy; i++) this.lossy.push(new LossyConsumer(this.handle, i));
    this.owed = new Array(of.lossy).fill(0);
  }

  run(next: Step): void {
    if (next.do === 'put' || next.do === 'append' || next.do === 'abort') this.#write(next);
    else if (next.do === 'publish') this.#publish();
    else if (next.do === 'poll') this.#poll(next.who, next.count);
    else if (this.gating.length > 0) this.#gatingStep(next);
    expect(this.producer.occupiedBytes()).toBe(this.naive.occupiedBytes());
  }

  #write(next: Extract<Step, { do: 'put' | 'append' | 'abort' }>): void {
    const { type } = next;
    const length = Math.floor(next.size * this.producer.maximumLength);
    const value = ++this.#value;
    const appends = next.do === 'append';
    const at = appends ? this.producer.append(type, length) : this.producer.claim(type, length);
    const room = this.naive.claim(value, type, length);
    expect(at !== FULL).toBe(room);
    if (!room) {
      reached.full++;
      return;
    }
    this.producer.words.fill(value, at, at + ((length + 3) >> 2));
    if (next.do === 'abort') {
      this.producer.abort();
      return;
    }
    if (!appends) this.producer.commit();
    this.naive.commit();
  }

  #publish(): void {
    this.producer.publish();
    this.naive.publish();
  }

  #gatingStep(next: Extract<Step, { do: 'next' | 'release' | 'takeover' }>): void {
    const index = next.who % this.gating.length;
    const consumer = this.gating[index];
    if (next.do === 'next') {
      for (let i = 0; i < next.count; i++) {
        expect(consumer.hasNext()).toBe(this.naive.taken[index] < this.naive.published);
        const expected = this.naive.next(index);
        expect(consumer.next()).toBe(expected !== undefined);
        if (expected !== undefined) expectRecord(consumer, expected);
      }
    } else if (next.do === 'release') {
      consumer.release();
      this.naive.release(index);
    } else {
      this.gating[index] = new RingConsumer(this.handle, index, { takeover: true });
      this.naive.taken[index] = this.naive.released[index];
    }
  }

  #poll(who: number, count: number): void {
    if (this.lossy.length === 0) return;
    const index = who % this.lossy.length;
    const consumer = this.lossy[index];
    const naive = this.naive;
    for (let i = 0; i < count; i++) {
      const outcome = consumer.poll();
      const behindBytes = (naive.endOf(naive.records.length) - naive.endOf(this.owed[index])) * 8;
      if (outcome === EMPTY) expect(this.owed[index]).toBe(naive.published);
      else if (outcome === RECORD) expectRecord(consumer, naive.records[this.owed[index]++]);
      else {
        // A record in hand reaches less than half a ring ahead (with its padding), its announcement an eighth more.
        expect(outcome).toBe(LAPPED);
        expect(behindBytes).toBeGreaterThan((this.#shape.capacityBytes * 3) / 8);
        this.owed[index] = naive.published;
        reached.laps++;
      }
    }
  }
}

interface InHand {
  readonly words: Int32Array;
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

function expectRecord(reader: InHand, expected: { value: number; type: number; length: number }): void {
  reached.records++;
  const words = reader.words.subarray(reader.at, reader.at + ((reader.length + 3) >> 2));
  expect({ type: reader.type, length: reader.length }).toEqual({
    type: expected.type,
    length: expected.length,
  });
  if (words.some((word) => word !== expected.value)) {
    expect(Array.from(words)).toEqual(new Array(words.length).fill(expected.value));
  }
}

describe('a ring and its naive twin', () => {
  it(`agree along random streams (MILLRACE_SEED=${SEED})`, () => {
    fc.assert(
      fc.property(
        shape.filter((of) => of.gating + of.lossy > 0),
        fc.array(step, { minLength: 1, maxLength: 300, size: 'max' }),
        (of, steps) => {
          const twins = new Twins(of);
          for (const next of steps) twins.run(next);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
    for (const [what, times] of Object.entries(reached)) expect([what, times > 100]).toEqual([what, true]);
  });
});
