/** The recorded tapes: what matches, to the fill, and the book at the end as an independent reader found it (expected.json). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDbn, readDefinitionTicks } from '../../../src/capture/dbn/file.js';
import { matchTape } from '../../../src/capture/match/match-command.js';
import type { MatchReport } from '../../../src/capture/match/match-report.js';
import { readTape } from '../../../src/capture/match/tape.js';
import { CAPTURES_PRESENT, capture } from '../../support/captures.js';

function match(name: string): MatchReport {
  const reader = openDbn(capture(name));
  return matchTape(readTape(() => reader.again()));
}

const ESH4 = 'l3/databento/glbx_esh4_mbo_20231225_part1.v1.dbn.zst';
const ESM4 = 'l3/databento/glbx_esm4_mbo_20240508.v1.dbn.zst';
const small = (name: string): string => `l3/databento/small/${name}.dbn.zst`;

describe.skipIf(!CAPTURES_PRESENT)('recorded tapes', () => {
  const expected = CAPTURES_PRESENT
    ? (JSON.parse(readFileSync(capture('expected.json'), 'utf8')) as Record<string, Record<string, unknown>>)
    : {};

  it('ESH4, Christmas 2023: the opening and 25 minutes', () => {
    const report = match(ESH4);
    expect(report).toMatchObject({
      symbol: 'ESH4',
      tick: '0.25',
      records: 38_000,
      passed: true,
      fills_recorded: 2903,
      fills_matched: 2897,
      fills_in_place: 2877,
      after_opening: { fills_recorded: 2868, fills_matched: 2862, fills_in_place: 2842 },
      opening: {
        time: '2023-12-25T23:00:00.000000000Z',
        price: '4800.25',
        volume: 44,
        recorded_price: '4800.25',
        recorded_volume: 44,
        fills_recorded: 35,
        fills_matched: 35,
        fills_in_place: 35,
        unseen_orders: 7,
      },
      refused: {},
      open_orders: expected[ESH4].open_orders,
      orders_sha256: expected[ESH4].orders_sha256,
    });
    // Every order that our engine has is where the tape has it without having been put right once.
    expect(report.deductions).toMatchObject({ repairs: 0, unknown_orders: 0 });
    // The icebergs are the engine's: nine, of which five showed less than their peak when they came onto the book.
    expect(report.deductions).toMatchObject({
      iceberg_orders: 9,
      iceberg_refills: 57,
      engine_refills: 121,
      iceberg_continuations: 5,
    });
    // So are the cancels of self-match prevention, all of them.
    expect(report.deductions).toMatchObject({ self_match_cancels: 57, self_match_prevented: 57 });
    expect(report.differences).toHaveLength(6);
    expect(report.differences.map(({ record }) => record)).toEqual([
      24_000, 24_686, 27_605, 28_518, 29_042, 29_512,
    ]);
    for (const one of report.differences) {
      expect(one).toMatchObject({ kind: 'listed-last', explained: true });
      expect(one.ours).toEqual(one.recorded);
    }
  });

  it('ESM4, May 2024: two seconds after a snapshot', () => {
    expect(match(ESM4)).toMatchObject({
      passed: true,
      opening: null,
      fills_recorded: 5,
      fills_matched: 5,
      fills_in_place: 5,
      deductions: { self_match_cancels: 1, self_match_prevented: 1, repairs: 0 },
      differences: [],
      open_orders: expected[ESM4].open_orders,
      orders_sha256: expected[ESM4].orders_sha256,
    });
  });

  it('takes the tick from a definition', () => {
    const ticks = readDefinitionTicks(capture('l3/databento/glbx_esm4_definition_20240508.v1.dbn.zst'));
    const reader = openDbn(capture(ESM4));
    const tape = readTape(() => reader.again(), { tick: (instrument) => ticks.get(instrument) ?? 0 });
    expect([tape.tick, tape.symbol]).toEqual([250_000_000, 'ESM4']);
  });

  it('gives the same report twice, times apart', () => {
    const timeless = ({ wall_ms: _, commands_per_second: __, ...rest }: MatchReport) => rest;
    expect(timeless(match(ESM4))).toEqual(timeless(match(ESM4)));
  });

  it.each([
    ['test_data.mbo.v1', { open_orders: 0, deductions: { unknown_orders: 2 } }],
    ['test_data.mbo.v2', { open_orders: 0, deductions: { unknown_orders: 2 } }],
    ['test_data.mbo.v3', { open_orders: 0, deductions: { unknown_orders: 2 } }],
    ['xnas_itch.test_data.mbo.v3', { open_orders: 4, tick: '0.01', symbol: 'NVDA' }],
    ['glbx_mdp3.test_data.mbo.v3', { open_orders: 4, tick: '0.25' }],
    ['ifeu_impact.test_data.mbo.v3', { open_orders: 0, deductions: { trades_without_fills: 4 } }],
    ['ndex_impact.test_data.mbo.v3', { open_orders: 4, tick: '0.005' }],
    ['live_session.v3', { open_orders: 5, skipped: { SymbolMapping: 20 } }],
  ])('%s has no fills, and its orders are on the book', (name, found) => {
    expect(match(small(name))).toMatchObject({ fills_recorded: 0, passed: true, differences: [], ...found });
  });
});
