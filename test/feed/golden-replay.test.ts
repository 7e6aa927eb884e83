import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/capture/replay.js';
import type { SymbolReport } from '../../src/capture/replay-report.js';
import { CAPTURES_PRESENT, capture } from '../support/captures.js';

const STREAMS: Readonly<Record<string, readonly string[]>> = {
  'binance/usdm_btcusdt_20240808.gz': ['usdm_btcusdt_20240808.gz'],
  'binance/spot_btcusdt_20240808.gz': ['spot_btcusdt_20240808.gz'],
  'binance/spot_btcusdt_20240808.gz + 20240809': ['spot_btcusdt_20240808.gz', 'spot_btcusdt_20240809.gz'],
  'binance/usdm_btcusdt_20240718.gz + 20240719': ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'],
  'binance/usdm_btcusdt_20230404.dat.gz': ['usdm_btcusdt_20230404.dat.gz'],
};

/** What an independent reader found; these keys have the same names in our report. */
const COMPARED = [
  'updates_applied',
  'sequence_gaps',
  'crossed_or_locked_after_update',
  'events_dropped_before_snapshot',
  'bookticker_with_same_u',
  'bookticker_equal_to_book',
  'best_bid',
  'best_ask',
  'bid_levels',
  'ask_levels',
  'last_u',
  'book_sha256',
] as const satisfies readonly (keyof SymbolReport)[];

type Expected = Record<string, Record<string, Record<(typeof COMPARED)[number], unknown>>>;

describe.skipIf(!CAPTURES_PRESENT)('replay of recorded streams', () => {
  it.each(Object.keys(STREAMS))('%s ends as an independent reader found', async (name) => {
    const expected = (JSON.parse(readFileSync(capture('expected.json'), 'utf8')) as Expected)[name];
    const report = await replay({ files: STREAMS[name].map((file) => capture(`binance/${file}`)) });
    expect(Object.keys(report.symbols)).toEqual(Object.keys(expected));
    for (const [symbol, figures] of Object.entries(expected)) {
      for (const key of COMPARED) {
        expect.soft(report.symbols[symbol][key], `${symbol} ${key}`).toEqual(figures[key]);
      }
    }
    expect(report.refused).toEqual({});
    expect(report.bad_lines).toBe(0);
  });

  it('gives the same events on every run', async () => {
    const files = [capture('binance/usdm_btcusdt_20230404.dat.gz')];
    const first = await replay({ files });
    const second = await replay({ files });
    expect(second.events_sha256).toBe(first.events_sha256);
    expect({ ...second, wall_ms: 0 }).toEqual({ ...first, wall_ms: 0 });
  });

  it('publishes no book for a second day alone, and says why', async () => {
    const report = await replay({ files: [capture('binance/usdm_btcusdt_20240719.gz')] });
    const { state, book_sha256, updates_applied, note } = report.symbols.BTCUSDT;
    expect({ state, book_sha256, updates_applied }).toEqual({
      state: 'BUFFERING',
      book_sha256: null,
      updates_applied: 0,
    });
    expect(note).toContain('no depth snapshot in the stream: 5696 depth updates waited');
  });
});
