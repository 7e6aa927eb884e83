import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addProduct,
  operands,
  productExceeds,
  subtractProduct,
  subtractShare,
  toBigInt,
} from '../../src/risk/exact.js';
import { ID_HIGH, ID_LOW, OpenOrders, ORDER_WORDS, SIDE } from '../../src/risk/open-orders.js';
import { RecentKeys } from '../../src/risk/recent-keys.js';
import { SEED } from '../support/seed.js';

/** Whole numbers of every magnitude below 2^50. */
const units = fc
  .tuple(fc.integer({ min: 0, max: 49 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
  .map(([bits, part]) => Math.floor(2 ** bits * (1 + part)));
const options = { seed: SEED, numRuns: 400 };

describe('exact products', () => {
  it('compare with any double as whole numbers do', () => {
    fc.assert(
      fc.property(units, units, fc.integer({ min: -2, max: 2 }), (a, b, ulps) => {
        const near = Number(BigInt(a) * BigInt(b));
        const limit = Math.floor(near * (1 + ulps * Number.EPSILON));
        operands[0] = a;
        operands[1] = b;
        expect(productExceeds(limit)).toBe(BigInt(a) * BigInt(b) > BigInt(limit));
      }),
      options,
    );
  });

  it('add up, subtract and divide as whole numbers do', () => {
    const step = fc.record({ kind: fc.constantFrom('add', 'subtract', 'share'), a: units, b: units });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cells = new Float64Array(2);
        let value = 0n;
        for (const { kind, a, b } of steps) {
          operands[0] = a;
          operands[1] = b;
          if (kind === 'add') {
            addProduct(cells, 0);
            value += BigInt(a) * BigInt(b);
          } else if (kind === 'subtract') {
            subtractProduct(cells, 0);
            value -= BigInt(a) * BigInt(b);
          } else if (a < b && value >= 0n && value / BigInt(b) < 2n ** 50n) {
            subtractShare(cells, 0);
            value -= (value * BigInt(a)) / BigInt(b);
          }
          expect(toBigInt(cells, 0)).toBe(value);
          expect(cells[1] >= 0 && cells[1] < 2 ** 50).toBe(true);
        }
      }),
      options,
    );
  });
});

describe('open orders', () => {
  it('are found, inserted and removed as in a map', () => {
    const action = fc.record({
      insert: fc.boolean(),
      low: fc.integer({ min: 0, max: 40 }),
      source: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const table = new OpenOrders(32);
        const map = new Map<string, number>();
        for (const [index, { insert, low, source }] of actions.entries()) {
          const high = source << 8;
          const key = `${low}/${high}`;
          const entry = table.find(low, high);
          expect(entry >= 0 ? table.words[entry * ORDER_WORDS + SIDE] : undefined).toBe(map.get(key));
          if (insert && entry < 0 && table.count < table.capacity) {
            table.words[table.insert(low, high) * ORDER_WORDS + SIDE] = index;
            map.set(key, index);
          } else if (!insert && entry >= 0) {
            table.remove(entry);
            map.delete(key);
          }
        }
        const found = new Map<string, number>();
        table.forEach((entry) => {
          const at = entry * ORDER_WORDS;
          found.set(`${table.words[at + ID_LOW]}/${table.words[at + ID_HIGH]}`, table.words[at + SIDE]);
        });
        expect(found).toEqual(map);
        expect(table.count).toBe(map.size);
      }),
      options,
    );
  });
});

describe('recent keys', () => {
  it('are the last ones added', () => {
    const key = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: -3, max: 6 }),
      fc.integer({ min: -1, max: 1 }),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 100 }), (keys) => {
        const recent = new RecentKeys(16);
        const queue: string[] = [];
        for (const [account, low, high] of keys) {
          const text = `${account}/${low}/${high}`;
          expect(recent.has(account, low, high)).toBe(queue.includes(text));
          if (queue.includes(text)) continue;
          recent.add(account, low, high);
          queue.push(text);
          if (queue.length > 16) queue.shift();
        }
        const kept: string[] = [];
        recent.forEach((account, low, high) => {
          kept.push(`${account}/${low}/${high}`);
        });
        expect(kept).toEqual(queue);
      }),
      options,
    );
  });
});
