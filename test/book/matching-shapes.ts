/** Streams that between them reach every structure: dense, sparse, wide, crowded, many books, tiny capacities. */
import type { MatchingCapacities, MatchingOptions } from '../../src/book/matching.js';
import { TradingPhase } from '../../src/lib/enums.js';
import type { StreamShape } from './matching-stream.js';

export interface FuzzShape {
  readonly shape: StreamShape;
  readonly capacities: MatchingCapacities;
  readonly options?: MatchingOptions;
  /** Share of the commands of a run; the twin is slow on large books. Default 1. */
  readonly weight?: number;
}

const DENSE: StreamShape = {
  instruments: 1,
  center: 1000,
  step: 1,
  range: 12,
  maxQuantity: 60,
  accounts: 6,
  firstId: 1,
  endShare: 0.25,
  window: 18,
  massCancels: 0.03,
  fancy: 0.7,
  phases: 0.02,
};
const TWO_GROUPS = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
]);

/** Without conditions, phases or time. */
export const PLAIN_SHAPES: Readonly<Record<string, FuzzShape>> = {
  'plain: one dense book': {
    shape: {
      ...DENSE,
      range: 40,
      maxQuantity: 500,
      accounts: 20,
      window: 60,
      fancy: 0,
      phases: 0,
      massCancels: 0.004,
      endShare: 0.3,
    },
    capacities: { instruments: 1, orders: 4096, levels: 512 },
  },
  'plain: prices nine orders of magnitude apart, both signs, ids above 2^40': {
    shape: {
      ...DENSE,
      ...{ instruments: 2, center: -3, step: 999_999_937, range: 400_000, maxQuantity: 2 ** 40 },
      ...{
        accounts: 5,
        firstId: 7 * 2 ** 40,
        window: 60,
        fancy: 0,
        phases: 0,
        massCancels: 0.004,
        endShare: 0.3,
      },
    },
    capacities: { instruments: 2, orders: 4096, levels: 4096 },
  },
  'plain: capacities that run out': {
    shape: {
      ...DENSE,
      instruments: 3,
      center: 0,
      range: 30,
      accounts: 12,
      window: 200,
      fancy: 0,
      phases: 0,
      massCancels: 0.004,
      endShare: 0.3,
    },
    capacities: { instruments: 3, orders: 40, levels: 25, accounts: 8 },
  },
  'plain: books that grow': {
    shape: {
      ...DENSE,
      ...{ center: 2 ** 30, step: 3, range: 900, maxQuantity: 5, accounts: 3, firstId: 2 ** 31 - 500 },
      ...{ endShare: 0.02, window: 200, fancy: 0, phases: 0, massCancels: 0.004 },
    },
    capacities: { instruments: 1, orders: 600, levels: 600 },
    weight: 0.1,
  },
};

/** With everything. */
export const FULL_SHAPES: Readonly<Record<string, FuzzShape>> = {
  'one dense book': {
    shape: DENSE,
    capacities: { instruments: 1, orders: 512, levels: 128 },
    options: { groups: TWO_GROUPS },
  },
  'continuous trading only': {
    shape: { ...DENSE, phases: 0, accounts: 4, fancy: 0.9 },
    capacities: { instruments: 1, orders: 512, levels: 128 },
    options: { groups: TWO_GROUPS, rules: [{ makerFee: -1_234, takerFee: 56_789 }] },
  },
  'bands and fees': {
    shape: { ...DENSE, center: 300, range: 20, instruments: 2, phases: 0.05 },
    capacities: { instruments: 2, orders: 512, levels: 128 },
    options: {
      rules: [
        { staticBand: 250, dynamicBand: 130, referencePrice: 300, makerFee: -20_000, takerFee: 35_000 },
        { dynamicBand: 70, bandPhase: TradingPhase.Halt, makerFee: 100_000_000, takerFee: -99_999_999 },
      ],
    },
  },
  'auctions of large quantities, prices of both signs': {
    shape: { ...DENSE, center: -2, range: 5, maxQuantity: 2 ** 44, phases: 0.08, window: 16 },
    capacities: { instruments: 1, orders: 512, levels: 128 },
    options: { rules: [{ phase: TradingPhase.PreOpen }] },
  },
  'capacities that run out': {
    shape: { ...DENSE, instruments: 3, center: 0, range: 6, accounts: 12, window: 24, massCancels: 0.01 },
    capacities: { instruments: 3, orders: 24, levels: 9, accounts: 8 },
    options: { groups: TWO_GROUPS },
  },
  'many nearly empty books, ids across 2^32': {
    shape: {
      ...DENSE,
      ...{
        instruments: 12,
        center: 50,
        range: 3,
        accounts: 9,
        firstId: 2 ** 32 - 3000,
        window: 30,
        massCancels: 0.06,
      },
    },
    capacities: { instruments: 8, orders: 256, levels: 256 },
    options: { rules: [undefined, { phase: TradingPhase.Closed }, { staticBand: 300, referencePrice: 50 }] },
  },
  'prices nine orders of magnitude apart, ids above 2^40': {
    shape: {
      ...DENSE,
      center: -3,
      step: 999_999_937,
      range: 40_000,
      maxQuantity: 2 ** 40,
      firstId: 7 * 2 ** 40,
    },
    capacities: { instruments: 1, orders: 512, levels: 512 },
    options: { rules: [{ staticBand: 1_000_000, referencePrice: 999_999_937, takerFee: 9 }] },
  },
  'prices and values at the edge of safe integers': {
    shape: { ...DENSE, center: 1, step: 2 ** 50 - 1, range: 8, maxQuantity: 2 ** 45 },
    capacities: { instruments: 1, orders: 512, levels: 128 },
    options: {
      rules: [
        { staticBand: 17_777, dynamicBand: 30_001, referencePrice: 5, makerFee: -3, takerFee: 99_999_999 },
      ],
    },
  },
};
