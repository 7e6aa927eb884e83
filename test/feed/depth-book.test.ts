import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../src/book/depth-book.js';
import type { DepthSide } from '../../src/book/depth-side.js';
import { LevelList } from '../../src/book/level-list.js';
import { SEED } from '../support/seed.js';
import { NaiveBook } from './naive-book.js';

type Level = readonly [price: number, quantity: number];

function listed(side: DepthSide): Level[] {
  return Array.from({ length: side.count }, (_, depth) => [side.price(depth), side.quantity(depth)] as const);
}

function levels(bids: readonly Level[], asks: readonly Level[]): LevelList {
  const list = new LevelList();
  list.bidCount = bids.length;
  list.askCount = asks.length;
  [...bids, ...asks].forEach(([price, quantity], index) => {
    list.set(index, price, quantity);
  });
  return list;
}

function expectEqual(book: DepthBook, naive: NaiveBook): void {
  book.validate();
  expect(listed(book.bids)).toEqual(naive.bids());
  expect(listed(book.asks)).toEqual(naive.asks());
  expect(book.crossedOrLocked()).toBe(naive.crossedOrLocked());
  expect(book.bids.bestPrice()).toBe(naive.bids()[0]?.[0] ?? 0);
  expect(book.asks.bestQuantity()).toBe(naive.asks()[0]?.[1] ?? 0);
  for (const depth of [1, 3, 10_000]) {
    expect(book.bids.depth(depth)).toBe(
      naive
        .bids()
        .slice(0, depth)
        .reduce((sum, [, quantity]) => sum + quantity, 0),
    );
  }
}

// Few prices, so that levels are hit again and removed; some far away, some beyond 32 bits.
const price = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 2000 }),
  fc.maxSafeNat().filter((value) => value > 0),
);
const quantity = fc.oneof(
  { arbitrary: fc.constant(0), weight: 2 },
  { arbitrary: fc.integer({ min: 1, max: 1e9 }), weight: 3 },
);
const side = fc.array(fc.tuple(price, quantity), { maxLength: 30 });

describe('depth book', () => {
  it('equals the naive twin after every update', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(side, side), { maxLength: 20 }), (updates) => {
        const book = new DepthBook();
        const naive = new NaiveBook();
        for (const [bids, asks] of updates) {
          book.apply(levels(bids, asks));
          naive.apply(bids, asks);
          expectEqual(book, naive);
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('grows past its first capacity and moves long tails', () => {
    const book = new DepthBook();
    const naive = new NaiveBook();
    const many: Level[] = Array.from({ length: 9000 }, (_, i) => [((i * 7919) % 9001) + 1, i + 1]);
    book.apply(levels(many, many.slice(0, 5000)));
    naive.apply(many, many.slice(0, 5000));
    expectEqual(book, naive);
    const removed: Level[] = many.filter((_, i) => i % 3 === 0).map(([at]) => [at, 0]);
    book.apply(levels(removed, removed));
    naive.apply(removed, removed);
    expectEqual(book, naive);
    book.clear();
    expectEqual(book, new NaiveBook());
  });

  it('calls equal best prices locked, and a one-sided book sound', () => {
    const book = new DepthBook();
    book.apply(levels([[10, 1]], []));
    expect(book.crossedOrLocked()).toBe(false);
    book.apply(levels([], [[10, 1]]));
    expect(book.crossedOrLocked()).toBe(true);
    book.apply(
      levels(
        [],
        [
          [10, 0],
          [11, 1],
        ],
      ),
    );
    expect(book.crossedOrLocked()).toBe(false);
  });
});
