/** The parts of `millrace match`, each on its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTick, TickFinder, toTicks } from '../../../src/capture/dbn/price.js';
import { compareFills } from '../../../src/capture/match/compare.js';
import { OrderIdMap } from '../../../src/capture/match/order-id-map.js';
import { SEED } from '../../support/seed.js';

const words = (value: bigint): [number, number] => [
  Number(BigInt.asUintN(32, value)),
  Number(BigInt.asIntN(32, value >> 32n)),
];

describe('prices', () => {
  it('become whole ticks exactly, over all 64 bits', () => {
    const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(
        fc.oneof(big, fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n })),
        fc.integer({ min: 1, max: 10 ** 9 }),
        (price, tick) => {
          const ticks = toTicks(...words(price), tick);
          const exact = price / BigInt(tick);
          const fits = price % BigInt(tick) === 0n && exact <= 2n ** 53n - 1n && exact >= -(2n ** 53n - 1n);
          if (fits) expect(BigInt(ticks)).toBe(exact);
          else expect(ticks).toBeNaN();
        },
      ),
      { seed: SEED },
    );
  });

  it('have their greatest common divisor as the tick', () => {
    const tickOf = (...prices: bigint[]): number => {
      const finder = new TickFinder();
      for (const price of prices) finder.add(...words(price));
      return finder.tick;
    };
    expect(tickOf(4_800_250_000_000n, -4_801_000_000_000n, 0n)).toBe(250_000_000);
    expect(tickOf(3n * 10n ** 18n, 10n ** 18n)).toBe(10 ** 18);
    expect(tickOf(7n, 5n)).toBe(1);
    expect(tickOf()).toBe(0);
  });

  it('are steps of a decimal', () => {
    expect(['0.25', '1', '0.000000001'].map(parseTick)).toEqual([250_000_000, 1_000_000_000, 1]);
    for (const text of ['', '0', '-1', '1e3', '0.0000000001', ' 1']) expect(parseTick(text)).toBeNaN();
  });
});

describe('order ids', () => {
  it('are exact over 64 bits, numbered in order of appearance', () => {
    const id = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 53n + 40n }),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
        const map = new OrderIdMap(1);
        const twin = new Map<bigint, number>();
        for (const one of ids) {
          if (!twin.has(one)) twin.set(one, twin.size + 1);
          const own = map.number(Number(one & 0xffff_ffffn), Number(one >> 32n));
          expect(own).toBe(twin.get(one));
          expect(map.id(own)).toBe(one);
        }
        expect(map.size).toBe(twin.size);
      }),
      { seed: SEED },
    );
  });
});

describe('comparison of fills', () => {
  const recorded = (...orders: number[]) =>
    orders.map((order) => ({ order, price: 1, quantity: 1, at: order }));
  const kinds = (theirs: number[], ours: number[]) => {
    const { matched, differences } = compareFills(recorded(...theirs), recorded(...ours));
    return [matched, differences.map(({ kind }) => kind)];
  };

  it('counts an order out of its place once', () => {
    expect(kinds([1, 2, 3], [1, 2, 3])).toEqual([3, []]);
    expect(kinds([2, 3, 4, 1], [1, 2, 3, 4])).toEqual([3, ['listed-last']]);
    expect(kinds([2, 1], [1, 2])).toEqual([1, ['listed-last']]);
    expect(kinds([2, 3, 1, 4], [1, 2, 3, 4])).toEqual([3, ['priority']]);
    expect(kinds([1, 2], [1])).toEqual([1, ['missing']]);
    expect(kinds([1], [1, 2])).toEqual([1, ['extra']]);
    expect(kinds([], [])).toEqual([0, []]);
  });

  it('never matches more than either list has, and all of equal lists', () => {
    const list = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(list, list, (theirs, ours) => {
        const { matched, differences } = compareFills(recorded(...theirs), recorded(...ours));
        const missed = differences.filter((one) => one.recorded !== undefined).length;
        const spare = differences.filter((one) => one.ours !== undefined).length;
        expect(matched + missed).toBe(theirs.length);
        expect(matched + spare).toBe(ours.length);
      }),
      { seed: SEED },
    );
  });
});
