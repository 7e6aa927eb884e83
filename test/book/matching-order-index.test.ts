import { describe, expect, it } from 'vitest';
import { OrderIndex } from '../../src/book/order-index.js';
import { highWord, ID_HIGH, ORDER_SHIFT } from '../../src/book/order-layout.js';
import { OrderPool } from '../../src/book/order-pool.js';
import { Random, SEED } from './matching-stream.js';

const CAPACITY = 2000;

/** Ways in which sources choose ids. `n` rises by one from 0. */
const SOURCES: Readonly<Record<string, (n: number) => number>> = {
  'one source counting': (n) => 3 * 2 ** 40 + n,
  'seven sources with the same counters': (n) => (n % 7) * 2 ** 40 + Math.floor(n / 7) + 1,
  'every 64th id': (n) => 2 ** 40 + 64 * n,
  'every 2^32nd id': (n) => 2 ** 32 * (n % 2 ** 20) + 5,
  'across 2^31 and 2^32': (n) => (n % 2 === 0 ? 2 ** 31 : 2 ** 32) - 300 + n,
  scattered: (n) => ((n * 2_654_435_761) % 2 ** 40) * 4096 + 1,
};

describe(`order index, MILLRACE_SEED=${SEED}`, () => {
  it.each(Object.keys(SOURCES))('holds what a Map holds, up to its capacity: %s', (name) => {
    const pool = new OrderPool(CAPACITY);
    const index = new OrderIndex(pool);
    const random = new Random(SEED);
    const expected = new Map<number, number>();
    const live: number[] = [];
    let counter = 0;
    for (let step = 0; step < 20_000; step++) {
      const grows = step < 3 * CAPACITY ? 0.7 : 0.45;
      if (live.length < CAPACITY && (live.length === 0 || random.chance(grows))) {
        const id = SOURCES[name](counter++);
        const slot = pool.allocate();
        pool.words[(slot << ORDER_SHIFT) | ID_HIGH] = highWord(id);
        index.insert(id | 0, highWord(id), slot);
        expected.set(id, slot);
        live.push(id);
      } else {
        const at = random.chance(0.5) ? 0 : random.below(live.length);
        const [id] = live.splice(at, 1);
        const slot = expected.get(id) ?? 0;
        index.remove(id | 0, highWord(id), slot);
        pool.release(slot);
        expected.delete(id);
      }
      const probe = SOURCES[name](random.below(counter + 10));
      expect(index.find(probe | 0, highWord(probe))).toBe(expected.get(probe) ?? 0);
    }
    for (const [id, slot] of expected) expect(index.find(id | 0, highWord(id))).toBe(slot);
    expect(index.count()).toBe(expected.size);
  });
});
