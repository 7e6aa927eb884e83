import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assert, fail, InvariantError, isPowerOfTwo } from '../../src/lib/assert.js';
import { InstrumentTable, type InstrumentTerms } from '../../src/lib/instruments.js';
import {
  counterOf,
  FIRST_STRATEGY_SOURCE,
  GATEWAY_SOURCE,
  MAXIMUM_SOURCE,
  orderIdOf,
  sourceOf,
} from '../../src/lib/order-ids.js';
import { SEED } from '../support/seed.js';

describe('order ids', () => {
  it('give back source and counter, and are safe integers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAXIMUM_SOURCE }),
        fc.maxSafeInteger().map((n) => Math.abs(n) % 2 ** 40),
        (source, counter) => {
          const id = orderIdOf(source, counter);
          expect([sourceOf(id), counterOf(id), Number.isSafeInteger(id)]).toEqual([source, counter, true]);
        },
      ),
      { seed: SEED },
    );
  });

  it('the largest is the largest safe integer', () => {
    expect(orderIdOf(MAXIMUM_SOURCE, 2 ** 40 - 1)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('sources of edges and strategies do not meet', () => {
    expect(GATEWAY_SOURCE).toBeLessThan(FIRST_STRATEGY_SOURCE);
    expect(sourceOf(orderIdOf(GATEWAY_SOURCE, 2 ** 40 - 1))).toBe(GATEWAY_SOURCE);
  });
});

describe('assertions', () => {
  it('throw InvariantError with the rule', () => {
    assert(true, 'never seen');
    expect(() => assert(false, 'rule: water is wet')).toThrow(new InvariantError('rule: water is wet'));
    expect(() => fail('lost')).toThrow(InvariantError);
    expect(new InvariantError('x').name).toBe('InvariantError');
  });

  it('powers of two', () => {
    const powers = Array.from({ length: 31 }, (_, n) => 2 ** n);
    for (const power of powers) expect(isPowerOfTwo(power)).toBe(true);
    for (const no of [
      0,
      -1,
      -2,
      3,
      6,
      1.5,
      2 ** 31,
      2 ** 32,
      2 ** 30 + 1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ])
      expect([no, isPowerOfTwo(no)]).toEqual([no, false]);
  });
});

describe('instrument table', () => {
  const terms: InstrumentTerms = {
    symbol: 'BTC-USD',
    venue: 'MILLRACE',
    tick_size: '0.50',
    lot_size: '0.001',
    base_currency: 'BTC',
    quote_currency: 'USD',
    reference_price: '65000.5',
    min_quantity: '0.002',
    max_quantity: null,
  };

  it('numbers instruments in order and finds them both ways', () => {
    const table = new InstrumentTable([terms, { ...terms, symbol: 'ETH-USD', max_quantity: '1.5' }]);
    expect(table.count).toBe(2);
    expect(table.at(1)).toBe(table.bySymbol('ETH-USD'));
    expect([table.at(2), table.at(-1), table.bySymbol('btc-usd')]).toEqual([undefined, undefined, undefined]);
    expect(table.all.map(({ index, maximumLots }) => [index, maximumLots])).toEqual([
      [0, Number.MAX_SAFE_INTEGER],
      [1, 1500],
    ]);
  });

  it('counts in ticks and lots', () => {
    const one = new InstrumentTable([terms]).at(0);
    expect(one).toMatchObject({ tickSize: '0.5', lotSize: '0.001', referenceTicks: 130_001, minimumLots: 2 });
  });

  it('names symbol, key and value of what does not fit', () => {
    expect(() => new InstrumentTable([{ ...terms, reference_price: '65000.3' }])).toThrow(
      'BTC-USD: reference_price is 65000.3, allowed: a multiple of its step',
    );
  });
});
