import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { matchingAgents, shardsOf } from '../../src/config/shards.js';

const TERMS = {
  tick_size: '0.01',
  lot_size: '0.001',
  quote_currency: 'USD',
  reference_price: '100',
  base_currency: 'A',
};

function load(shards: number, instruments: readonly Record<string, unknown>[]) {
  const list = instruments.map((one) => ({ ...TERMS, ...one }));
  return loadConfig({
    env: { MILLRACE_MATCHING_SHARDS: String(shards) },
    flags: [`--instruments=${JSON.stringify(list)}`],
  });
}

describe('shards of matching', () => {
  it('are dealt out in turn among the instruments that are matched here and name none', () => {
    const { config, warnings } = load(2, [
      { symbol: 'X', venue: 'binance-spot' },
      { symbol: 'A' },
      { symbol: 'B', shard: 0 },
      { symbol: 'C' },
      { symbol: 'D' },
    ]);
    expect([...shardsOf(config)]).toEqual([0, 0, 0, 1, 0]);
    expect(matchingAgents(config)).toEqual(['matching', 'matching-2']);
    expect(warnings).toEqual([]);
  });

  it('that do not exist are refused by name, and so is one for an instrument that is not matched here', () => {
    expect(() => load(2, [{ symbol: 'A', shard: 2 }])).toThrow(
      /instruments\[0\]\.shard(.|\n)*0 to 1, or null/,
    );
    expect(() => load(1, [{ symbol: 'A', shard: 1 }])).toThrow(/0, because matching\.shards is 1/);
    expect(() => load(2, [{ symbol: 'A' }, { symbol: 'X', venue: 'binance-spot', shard: 0 }])).toThrow(
      /instruments\[1\]\.shard(.|\n)*not matched here/,
    );
  });

  it('without an instrument are worth a warning', () => {
    const { warnings } = load(3, [{ symbol: 'A' }, { symbol: 'B', shard: 0 }]);
    expect(warnings).toEqual([
      'matching.shards = 3: shard 1 has no instrument',
      'matching.shards = 3: shard 2 has no instrument',
    ]);
  });
});
