import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstrumentTable } from '../../src/lib/instruments.js';
import {
  addMultiple,
  addNumber,
  addSignedProduct,
  addValue,
  exceedsNumber,
  FIRST,
  isAbove,
  SECOND,
  scaleUp,
  scratch,
  setValue,
  subtractValue,
} from '../../src/risk/amounts.js';
import { CurrencyTable } from '../../src/risk/currencies.js';
import { operands, toBigInt } from '../../src/risk/exact.js';
import { MarketPrices, marketPricesBytes } from '../../src/risk/market-prices.js';
import { PLAIN_INSTRUMENT } from '../support/pipeline.js';
import { SEED } from '../support/seed.js';

const options = { seed: SEED, numRuns: 400 };
/** Whole numbers of every magnitude below 2^46: values are exact up to 2^103. */
const units = fc
  .tuple(fc.integer({ min: 0, max: 45 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
  .map(([bits, part]) => Math.floor(2 ** bits * (1 + part)));
const signed = fc.tuple(units, fc.boolean()).map(([value, negative]) => (negative ? -value : value));

function place(at: number, value: bigint): void {
  const limb = 2n ** 50n;
  const low = ((value % limb) + limb) % limb;
  scratch[at] = Number((value - low) / limb);
  scratch[at + 1] = Number(low);
}

describe('exact amounts', () => {
  it('add up, subtract, multiply and compare as whole numbers do', () => {
    fc.assert(
      fc.property(signed, signed, signed, fc.integer({ min: -1000, max: 1000 }), (a, b, c, factor) => {
        const cells = new Float64Array(4);
        operands[0] = a;
        operands[1] = b;
        addSignedProduct(cells, 0);
        let value = BigInt(a) * BigInt(b);
        expect(toBigInt(cells, 0)).toBe(value);
        addMultiple(cells, 2, cells, 0, factor);
        expect(toBigInt(cells, 2)).toBe(value * BigInt(factor));
        place(FIRST, BigInt(c));
        expect(isAbove(cells, 0, FIRST)).toBe(value > BigInt(c));
        addValue(cells, 0, scratch, FIRST);
        value += BigInt(c);
        expect(toBigInt(cells, 0)).toBe(value);
        setValue(SECOND, cells, 0);
        operands[0] = a;
        addNumber(SECOND);
        expect(toBigInt(scratch, SECOND)).toBe(value + BigInt(a));
        subtractValue(scratch, SECOND, cells, 0);
        expect(toBigInt(scratch, SECOND)).toBe(BigInt(a));
        setValue(SECOND, cells, 0);
        operands[0] = Math.abs(b);
        expect(exceedsNumber(SECOND)).toBe(value > BigInt(Math.abs(b)));
      }),
      options,
    );
  });

  it('take shares, rounded up', () => {
    const denominators = fc.constantFrom(1_000_000, 100_000_000);
    const values = fc.bigInt({ min: 0n, max: 2n ** 98n });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 0, max: 4_000_000 }),
        denominators,
        (value, rate, denominator) => {
          place(FIRST, value);
          scaleUp(FIRST, rate, denominator);
          const wide = BigInt(denominator);
          expect(toBigInt(scratch, FIRST)).toBe((value * BigInt(rate) + wide - 1n) / wide);
          expect(scratch[FIRST + 1] >= 0 && scratch[FIRST + 1] < 2 ** 50).toBe(true);
        },
      ),
      options,
    );
  });
});

describe('currencies', () => {
  const table = (...terms: { lot_size: string }[]) =>
    new CurrencyTable(
      new InstrumentTable(
        terms.map((one, i) => ({
          ...PLAIN_INSTRUMENT,
          symbol: `S${i}`,
          min_quantity: one.lot_size,
          ...one,
        })),
      ),
    );
  const BTC = { base_currency: 'BTC', quote_currency: 'USD', tick_size: '0.01', lot_size: '0.0001' };
  const ETH = { base_currency: 'ETH', quote_currency: 'USD', tick_size: '0.05', lot_size: '0.001' };
  const CROSS = { base_currency: 'ETH', quote_currency: 'BTC', tick_size: '0.00001', lot_size: '0.003' };

  it('have the largest unit of which all steps are multiples', () => {
    const currencies = table(BTC, ETH, CROSS);
    expect(currencies.names).toEqual(['USD', 'BTC', 'ETH']);
    // USD: 0.000001 and 0.00005; BTC: lots of 0.0001 and ticks times lots of 0.00000003; ETH: 0.001 and 0.003.
    expect([...currencies.quoteUnits]).toEqual([1, 50, 3]);
    expect([...currencies.baseUnits]).toEqual([10_000, 1, 3]);
    expect(currencies.format(0, 1)).toBe('0.000001');
    expect(currencies.format(1, 3)).toBe('0.00000003');
    expect(currencies.format(1, -300_000_000)).toBe('-3');
  });

  it('count amounts, rounded down, and format them', () => {
    const currencies = table(BTC, ETH);
    expect(currencies.units(0, '12.3456789')).toBe(12_345_678);
    expect(currencies.format(0, 12_345_678)).toBe('12.345678');
    expect(currencies.units(0, '100000000000')).toBe(1e17);
    expect(() => currencies.units(0, '-1')).toThrow('plain decimal');
  });

  it('whose steps are too far apart are refused', () => {
    const [fine, coarse] = ['0.000000000001', '1000000000'].map((lot_size) => ({
      base_currency: 'ETH',
      lot_size,
    }));
    expect(() => table(fine, coarse)).toThrow('2^40');
  });
});

describe('market prices', () => {
  it('are what was written last, of one moment', () => {
    const memory = new SharedArrayBuffer(marketPricesBytes(2));
    const [writer, reader] = [new MarketPrices(memory, 2), new MarketPrices(memory, 2)];
    reader.read(1);
    expect([...reader.touch]).toEqual([0, 0]);
    writer.write(1, 99, 101);
    writer.write(0, 5, 0);
    reader.read(1);
    expect([...reader.touch]).toEqual([99, 101]);
    reader.read(0);
    expect([...reader.touch]).toEqual([5, 0]);
  });

  it('do not keep the reader waiting for a writer that was stopped in the middle', () => {
    const memory = new SharedArrayBuffer(marketPricesBytes(1));
    const prices = new MarketPrices(memory, 1);
    prices.write(0, 7, 8);
    Atomics.add(new Int32Array(memory), 0, 1);
    prices.read(0);
    expect([...prices.touch]).toEqual([7, 8]);
  });

  it('need room', () => {
    expect(() => new MarketPrices(new SharedArrayBuffer(128), 2)).toThrow('allowed: 128');
  });
});
