import { createHash } from 'node:crypto';
import { formatDecimal } from '../../lib/decimal.js';
import { Side } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import type { DifferenceKind } from './compare.js';
import type { Deductions } from './deductions.js';
import type { OpeningOutcome } from './opening.js';
import { type Tape, timeText } from './tape.js';
import type { LocatedDifference, TapeMatcher } from './tape-matcher.js';

/** Least share of the fills after the opening that must match, in percent. */
export const REQUIRED_PERCENT = 99;

const DECIMALS_OF_PRICE = 9;

/** What the kinds of differences mean, and whether the tape itself explains them. */
export const DIFFERENCE_KINDS: Readonly<Record<DifferenceKind, { explained: boolean; meaning: string }>> = {
  'listed-last': {
    explained: true,
    meaning:
      'right order, price and quantity; the tape lists it after fills that it was ahead of, as it lists icebergs whose ' +
      'shown part is used up: most likely one that never had to be refilled, so nothing else shows that it is one',
  },
  'no-aggressor': {
    explained: true,
    meaning:
      'the trade has no aggressor and fills orders of both sides, but is no uncross, so no order can have caused it',
  },
  priority: { explained: false, meaning: 'same order, price and quantity, but another place in the queue' },
  quantity: { explained: false, meaning: 'same order and price, another quantity' },
  price: { explained: false, meaning: 'same order, another price' },
  missing: { explained: false, meaning: 'the tape has a fill of this order, the engine none' },
  extra: { explained: false, meaning: 'the engine has a fill of this order, the tape none' },
};

export interface ReportedDifference {
  /** Number of the trade's record in the file, from 0. */
  readonly record: number;
  readonly time: string;
  readonly kind: DifferenceKind;
  readonly explained: boolean;
  /** The venue's order id; text, because it may pass 2^53. */
  readonly order_id: string;
  readonly recorded: { readonly price: string; readonly quantity: number } | null;
  readonly ours: { readonly price: string; readonly quantity: number } | null;
  readonly meaning: string;
}

export interface FillCounts {
  readonly fills_recorded: number;
  /** In the right order, an order out of its place apart (see compareFills). */
  readonly fills_matched: number;
  /** The same at the same place of the event (of a side of the uncross): one out of place takes all behind it along. */
  readonly fills_in_place: number;
  /** null: no fills. */
  readonly matched_percent: number | null;
  readonly in_place_percent: number | null;
}

/** An uncross. Prices are null where nothing traded. */
export interface ReportedOpening extends FillCounts {
  readonly time: string;
  readonly price: string | null;
  readonly volume: number;
  readonly recorded_price: string;
  readonly recorded_volume: number;
  /** Orders that traded and had never been on display. */
  readonly unseen_orders: number;
  readonly unseen_volume: number;
}

/** What `millrace match --json` prints. Prices are decimal texts, quantities lots. */
export interface MatchReport extends FillCounts {
  readonly file: string;
  readonly symbol: string;
  readonly tick: string;
  readonly records: number;
  readonly actions: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, number>>;
  /** The first uncross on the tape, and all of them. */
  readonly opening: ReportedOpening | null;
  readonly openings: readonly ReportedOpening[];
  /** In continuous trading. */
  readonly after_opening: FillCounts;
  /** Enough of the fills after the opening match, and price and volume of the opening. */
  readonly passed: boolean;
  readonly required_percent: number;
  readonly differences: readonly ReportedDifference[];
  /** Differences by kind. */
  readonly difference_kinds: Readonly<Record<string, { count: number; explained: boolean; meaning: string }>>;
  readonly deductions: Deductions;
  /** Commands that the engine refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly open_orders: number;
  /** SHA-256 over lines "id b|a price quantity" by id: the engine's book at the end. */
  readonly orders_sha256: string;
  readonly state_hash: string;
  readonly commands: number;
  readonly wall_ms: number;
  readonly commands_per_second: number;
}

/** The report of a tape that was run; `wallMs` is what the run took, without reading the file. */
export function makeReport(tape: Tape, matcher: TapeMatcher, wallMs: number): MatchReport {
  const { openings, fillsRecorded, fillsMatched, fillsInPlace, engine } = matcher;
  const after = counts(fillsRecorded, fillsMatched, fillsInPlace);
  const differences = matcher.differences.map((one) => reported(tape, one));
  const openingsMatch = openings.every(
    ({ price, volume, recordedPrice, recordedVolume }) =>
      price === recordedPrice && volume === recordedVolume,
  );
  const reportedOpenings = openings.map((one) => reportedOpening(tape, one));
  const inOpenings = (count: (one: OpeningOutcome) => number): number =>
    openings.reduce((total, one) => total + count(one), 0);
  return {
    file: tape.file,
    symbol: tape.symbol,
    tick: formatDecimal(tape.tick, { decimals: DECIMALS_OF_PRICE, units: 1 }),
    records: tape.length,
    actions: countActions(tape),
    skipped: tape.skipped,
    ...counts(
      fillsRecorded + inOpenings((one) => one.fillsRecorded),
      fillsMatched + inOpenings((one) => one.fillsMatched),
      fillsInPlace + inOpenings((one) => one.fillsInPlace),
    ),
    opening: reportedOpenings[0] ?? null,
    openings: reportedOpenings,
    after_opening: after,
    passed: openingsMatch && (after.matched_percent ?? 100) >= REQUIRED_PERCENT,
    required_percent: REQUIRED_PERCENT,
    differences,
    difference_kinds: countKinds(differences),
    deductions: matcher.deductions,
    refused: Object.fromEntries(engine.refused),
    open_orders: engine.engine.orderCount,
    orders_sha256: hashOrders(tape, matcher),
    state_hash: engine.engine.stateHash(),
    commands: engine.commands,
    wall_ms: Math.round(wallMs),
    commands_per_second: Math.round((engine.commands * 1000) / Math.max(wallMs, 0.001)),
  };
}

function counts(recorded: number, matched: number, inPlace: number): FillCounts {
  return {
    fills_recorded: recorded,
    fills_matched: matched,
    fills_in_place: inPlace,
    matched_percent: percentOf(recorded, matched),
    in_place_percent: percentOf(recorded, inPlace),
  };
}

function percentOf(recorded: number, found: number): number | null {
  return recorded === 0 ? null : Math.floor((found * 10_000) / recorded) / 100;
}

function reportedOpening(tape: Tape, opening: OpeningOutcome): ReportedOpening {
  return {
    time: timeText(tape, opening.at),
    price: Number.isNaN(opening.price) ? null : priceText(tape, opening.price),
    volume: opening.volume,
    recorded_price: priceText(tape, opening.recordedPrice),
    recorded_volume: opening.recordedVolume,
    ...counts(opening.fillsRecorded, opening.fillsMatched, opening.fillsInPlace),
    unseen_orders: opening.unseenOrders,
    unseen_volume: opening.unseenVolume,
  };
}

function reported(tape: Tape, difference: LocatedDifference): ReportedDifference {
  const { at, kind, recorded, ours } = difference;
  const side = (fill: { price: number; quantity: number } | undefined) =>
    fill === undefined ? null : { price: priceText(tape, fill.price), quantity: fill.quantity };
  return {
    record: tape.record[at],
    time: timeText(tape, at),
    kind,
    explained: DIFFERENCE_KINDS[kind].explained,
    order_id: tape.ids.id(recorded?.order ?? ours?.order ?? 0).toString(),
    recorded: side(recorded),
    ours: side(ours),
    meaning: DIFFERENCE_KINDS[kind].meaning,
  };
}

function countKinds(differences: readonly ReportedDifference[]): MatchReport['difference_kinds'] {
  const kinds: Record<string, { count: number; explained: boolean; meaning: string }> = {};
  for (const { kind } of differences) {
    kinds[kind] ??= { count: 0, ...DIFFERENCE_KINDS[kind] };
    kinds[kind].count++;
  }
  return kinds;
}

function countActions(tape: Tape): Record<string, number> {
  const names = new Map<number, string>(Object.entries(MboAction).map(([name, code]) => [code, name]));
  const actions: Record<string, number> = {};
  for (const action of tape.action) {
    const name = (names.get(action) ?? String.fromCharCode(action)).toLowerCase();
    actions[name] = (actions[name] ?? 0) + 1;
  }
  return actions;
}

function priceText(tape: Tape, ticks: number): string {
  return formatDecimal(ticks, { decimals: DECIMALS_OF_PRICE, units: tape.tick });
}

function hashOrders(tape: Tape, matcher: TapeMatcher): string {
  const lines: { id: bigint; line: string }[] = [];
  matcher.engine.forEach((order, side, price, leaves) => {
    const id = tape.ids.id(order);
    lines.push({ id, line: `${id} ${side === Side.Buy ? 'b' : 'a'} ${priceText(tape, price)} ${leaves}\n` });
  });
  lines.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const hash = createHash('sha256');
  for (const { line } of lines) hash.update(line);
  return hash.digest('hex');
}
