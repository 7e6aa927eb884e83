import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../src/book/depth-book.js';
import { BookFeatures, DEFAULT_FEATURES } from '../../src/book/features.js';
import { LevelList } from '../../src/book/level-list.js';
import { RollingSum } from '../../src/book/rolling-window.js';
import { MessageKind } from '../../src/venues/binance/message.js';
import { BinanceParser } from '../../src/venues/binance/parse.js';
import { CAPTURES_PRESENT } from '../support/captures.js';
import { SEED } from '../support/seed.js';
import { instrumentOf, linesOf } from './lines.js';
import { NaiveBook } from './naive-book.js';
import { NaiveFeatures } from './naive-features.js';

const RELATIVE = 1e-9;

function expectClose(features: BookFeatures, naive: Record<string, number>): void {
  for (const [key, expected] of Object.entries(naive)) {
    const found = features[key as keyof BookFeatures] as number;
    const tolerance = Math.max(Math.abs(expected), Math.abs(found)) * RELATIVE;
    if (!(Math.abs(found - expected) <= tolerance)) expect.fail(`${key} is ${found}, expected ${expected}`);
  }
}

const step = fc.record({
  // Mostly forward, sometimes back: venues' clocks do that.
  elapsed: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: -50, max: 3000 })),
  bid: fc.tuple(fc.integer({ min: 90, max: 100 }), fc.integer({ min: 0, max: 9 })),
  ask: fc.tuple(fc.integer({ min: 101, max: 110 }), fc.integer({ min: 0, max: 9 })),
  trade: fc.option(fc.tuple(fc.integer({ min: 95, max: 105 }), fc.integer({ min: 1, max: 50 }))),
});

describe('features', () => {
  it('equal the formulas over whole histories', () => {
    const options = { depthLevels: 3, windowNanoseconds: 1000, windowCapacity: 256 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const features = new BookFeatures(options);
        const naive = new NaiveFeatures(options);
        const book = new DepthBook();
        const naiveBook = new NaiveBook();
        const levels = new LevelList();
        let time = 0;
        for (const { elapsed, bid, ask, trade } of steps) {
          time += elapsed;
          if (trade !== null) {
            features.onTrade({ timestamp: time, price: trade[0], quantity: trade[1] });
            naive.onTrade(time, ...trade);
          }
          levels.bidCount = 1;
          levels.askCount = 1;
          levels.set(0, ...bid);
          levels.set(1, ...ask);
          book.apply(levels);
          naiveBook.apply([bid], [ask]);
          features.onBook({ timestamp: time }, book);
          expectClose(features, naive.onBook(time, naiveBook));
        }
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it.skipIf(!CAPTURES_PRESENT)('equal the formulas along a recorded stream', () => {
    const instrument = instrumentOf('usdm');
    const parser = new BinanceParser(() => instrument);
    parser.snapshotInstrument = instrument;
    const options = { ...DEFAULT_FEATURES, windowNanoseconds: 2e9 };
    const features = new BookFeatures(options);
    const naive = new NaiveFeatures(options);
    const book = new DepthBook();
    const naiveBook = new NaiveBook();
    let compared = 0;
    for (const line of linesOf('usdm_btcusdt_20230404.dat.gz').slice(0, 2500)) {
      const kind = parser.parse(line, 0, line.length);
      const { message } = parser;
      const { levels } = message;
      const time = message.venueTime() * 1e6 - 1680652700e9;
      if (kind === MessageKind.Trade) {
        features.onTrade({ timestamp: time, price: message.price, quantity: message.quantity });
        naive.onTrade(time, message.price, message.quantity);
      } else if (kind === MessageKind.Snapshot || kind === MessageKind.DepthUpdate) {
        book.apply(levels);
        const pairs = Array.from(
          { length: levels.bidCount + levels.askCount },
          (_, i) => [levels.prices[i], levels.quantities[i]] as const,
        );
        naiveBook.apply(pairs.slice(0, levels.bidCount), pairs.slice(levels.bidCount));
        features.onBook({ timestamp: time }, book);
        expectClose(features, naive.onBook(time, naiveBook));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('start afresh after the book was withdrawn', () => {
    const features = new BookFeatures();
    const book = new DepthBook();
    const levels = new LevelList();
    levels.bidCount = 1;
    levels.askCount = 1;
    levels.set(0, 100, 5);
    levels.set(1, 101, 7);
    book.apply(levels);
    features.onBook({ timestamp: 0 }, book);
    features.onWithdrawn();
    levels.set(0, 100, 50);
    book.apply(levels);
    features.onBook({ timestamp: 1 }, book);
    expect(features.orderFlowImbalance).toBe(0);
    levels.set(0, 100, 60);
    book.apply(levels);
    features.onBook({ timestamp: 2 }, book);
    expect(features.orderFlowImbalance).toBe(10);
  });
});

describe('rolling sum', () => {
  it('keeps whole sums when its ring is full, and counts that', () => {
    const clock = Float64Array.of(0);
    const window = new RollingSum(100, 4, clock);
    for (let i = 0; i < 6; i++) {
      clock[0] = i;
      window.add(1);
    }
    expect(window.sum).toBe(6);
    expect(window.merged).toBe(2);
    clock[0] = 102;
    window.advance();
    expect(window.sum).toBe(3); // entries of times 0, 1 and 2 left; the newest holds three values
    clock[0] = 105;
    window.advance();
    expect(window.sum).toBe(0);
  });

  it('grows to its bound and keeps every entry and its time on the way', () => {
    const clock = Float64Array.of(0);
    const window = new RollingSum(100, 256, clock);
    const naive: [time: number, value: number][] = [];
    for (let n = 0; n < 2000; n++) {
      clock[0] += n % 400 < 200 ? 1 : 0.4;
      window.advance();
      window.add(n % 7);
      naive.push([clock[0], n % 7]);
      const expected = naive
        .filter(([time]) => clock[0] - time < 100)
        .reduce((sum, [, value]) => sum + value, 0);
      expect(window.sum).toBe(expected);
    }
    expect(window.merged).toBe(0);
  });

  it('refuses what it cannot hold', () => {
    expect(() => new RollingSum(0, 4, Float64Array.of(0))).toThrow('window span is 0');
    expect(() => new RollingSum(1, 3, Float64Array.of(0))).toThrow('window capacity is 3');
  });
});
