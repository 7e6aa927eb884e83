import { Side } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import { compareFills, type FillDifference } from './compare.js';
import { EngineBook, type EngineFactory } from './engine-book.js';
import type { AggressorRun, Fill } from './fill.js';
import { listFills, placeRefills } from './icebergs.js';
import { type AuctionPlan, type OpeningOutcome, planAuctions, uncrossOpening } from './opening.js';
import { OpeningBook } from './opening-book.js';
import { RecordedOrders } from './recorded-orders.js';
import { distinctPrices, eventEnd, hasTrade, mostOrders, type Tape } from './tape.js';
import { opposite, readEvent, type TapeEvent } from './tape-event.js';

/** A difference and the record of the trade (or order) where it came up. */
export interface LocatedDifference extends FillDifference {
  readonly at: number;
}

/** What was deduced from the tape to turn it into orders, counted. */
export interface Deductions {
  /** Orders that traded at once. */
  aggressive_orders: number;
  /** Of these: on the book before, and moved to a price where they trade. */
  resting_aggressors: number;
  /** Of these: a part rested afterwards. */
  rested_remainders: number;
  /** Of these: the tape names no side; it is the one opposite to the orders that filled. */
  implied_aggressors: number;
  /** Of these: in the same event as an earlier one, so triggered by it. */
  triggered_orders: number;
  /** Orders that an aggressor reached and that were canceled in its event without a fill. */
  self_match_cancels: number;
  iceberg_orders: number;
  /** Events in which an iceberg was refilled. */
  iceberg_refills: number;
  /** Trades of which the tape names no resting order. */
  trades_without_fills: number;
  /** Modify and cancel records of orders that the tape never added. */
  unknown_orders: number;
  /** Orders that were put right after an event because ours differed from the tape's. */
  repairs: number;
}

/** Runs a tape through the matching engine. */
export class TapeMatcher {
  readonly engine: EngineBook;
  readonly deductions: Deductions = {
    aggressive_orders: 0,
    resting_aggressors: 0,
    rested_remainders: 0,
    implied_aggressors: 0,
    triggered_orders: 0,
    self_match_cancels: 0,
    iceberg_orders: 0,
    iceberg_refills: 0,
    trades_without_fills: 0,
    unknown_orders: 0,
    repairs: 0,
  };
  /** In continuous trading. */
  fillsRecorded = 0;
  fillsMatched = 0;
  readonly openings: OpeningOutcome[] = [];
  readonly differences: LocatedDifference[] = [];
  readonly #tape: Tape;
  readonly #recorded: RecordedOrders;
  readonly #icebergs = new Set<number>();
  readonly #auctions: AuctionPlan;
  /** Holds the orders while an auction is collected; undefined in continuous trading. */
  #held: OpeningBook | undefined;

  constructor(tape: Tape, createEngine?: EngineFactory) {
    this.#tape = tape;
    this.#recorded = new RecordedOrders(tape.ids.size);
    this.engine = new EngineBook(mostOrders(tape), distinctPrices(tape), createEngine);
    this.#auctions = planAuctions(tape);
    if (this.#auctions.beginsHeld) this.#held = new OpeningBook();
  }

  /** The whole tape; `onProgress` gets the number of records done, now and then. */
  run(onProgress?: (records: number) => void): void {
    const tape = this.#tape;
    for (let start = 0, due = 0; start < tape.length; ) {
      const end = eventEnd(tape, start);
      // A single record cannot be a trade with its fills; most events are one.
      if (end - start > 1 || hasTrade(tape, start, end)) this.#event(readEvent(tape, start, end));
      else this.#apply(start);
      start = end;
      if (start < due || onProgress === undefined) continue;
      onProgress(start);
      due = start + PROGRESS_RECORDS;
    }
  }

  #event(event: TapeEvent): void {
    const held = this.#held;
    let touched: ReadonlySet<number> = new Set();
    if (held === undefined) touched = this.#tradeContinuously(event);
    else if (this.#auctions.uncrosses.has(event.start)) touched = this.#open(event, held);
    const tape = this.#tape;
    for (let at = event.start; at < event.end; at++) {
      const action = tape.action[at];
      if (action === MboAction.Trade || action === MboAction.Fill) continue;
      if (touched.has(tape.order[at])) this.#recorded.apply(tape, at);
      else this.#apply(at);
    }
    for (const order of touched) this.#reconcile(order, event.start);
    if (this.#auctions.lastTrades.has(event.start)) this.#held = this.engine.moveTo(new OpeningBook());
  }

  /** The uncross. Returns the orders that took part; everything then goes to the engine. */
  #open(event: TapeEvent, held: OpeningBook): ReadonlySet<number> {
    const opening = uncrossOpening(event, held);
    this.openings.push(opening);
    for (const difference of opening.differences) this.differences.push({ at: opening.at, ...difference });
    this.#held = undefined;
    for (const side of [Side.Buy, Side.Sell]) {
      for (const { order, price, quantity } of held.queue(side)) {
        this.#unexpected(event.start, this.engine.add(order, side, price, quantity));
      }
    }
    return new Set(event.filled.keys());
  }

  /** Sends what must have caused the trades. Returns the orders that traded, ours and the tape's. */
  #tradeContinuously(event: TapeEvent): ReadonlySet<number> {
    const touched = new Set(event.filled.keys());
    this.#cancelSelfMatches(event, touched);
    const refilled = placeRefills(this.#tape, event, this.#recorded, this.engine);
    this.deductions.iceberg_refills += refilled.size;
    for (const order of refilled) this.#icebergs.add(order);
    this.deductions.iceberg_orders = this.#icebergs.size;
    for (const run of event.runs) this.#trade(event, run, touched);
    return touched;
  }

  #trade(event: TapeEvent, run: AggressorRun, touched: Set<number>): void {
    this.fillsRecorded += run.fills.length;
    if (run.order !== 0) touched.add(run.order);
    if (run.fills.length === 0) {
      this.deductions.trades_without_fills++;
      return;
    }
    const side = this.#aggressorSide(run);
    if (side === Side.None) {
      for (const recorded of run.fills) {
        this.differences.push({ at: run.at, kind: 'no-aggressor', recorded });
      }
      return;
    }
    if (run !== event.runs[0]) this.deductions.triggered_orders++;
    const ours = this.#send(event, run, side);
    for (const { order } of ours) touched.add(order);
    const { matched, differences } = compareFills(run.fills, ours);
    this.fillsMatched += matched;
    for (const difference of differences) {
      this.differences.push({ at: run.at, ...difference, kind: this.#kindOf(difference, event) });
    }
  }

  /** Where the tape names no aggressor (an implied trade, for example), it is opposite to the orders that filled, if they are all of one side. */
  #aggressorSide(run: AggressorRun): number {
    if (run.side !== Side.None) return run.side;
    const sides = new Set(
      run.fills.map(({ order }) => (this.engine.has(order) ? this.engine.side(order) : Side.None)),
    );
    if (sides.size !== 1) return Side.None;
    this.deductions.implied_aggressors++;
    return opposite([...sides][0]);
  }

  /** The tape lists an iceberg last whose shown part was used up; an order that stays on the book is none of these. */
  #kindOf({ kind, recorded }: FillDifference, event: TapeEvent): FillDifference['kind'] {
    if (kind !== 'listed-last' || recorded === undefined) return kind;
    const at = event.outcome.get(recorded.order);
    return at !== undefined && this.#tape.action[at] === MboAction.Cancel ? kind : 'priority';
  }

  /**
   * An order that an aggressor reaches and that is canceled in the aggressor's event without a fill is self-match prevention of the
   * venue (cancel resting). The tape lists the cancel last; it happened on the way.
   */
  #cancelSelfMatches(event: TapeEvent, touched: Set<number>): void {
    const { action, size } = this.#tape;
    let reached: { order: number; side: number; limit: number }[] | undefined;
    for (const [order, at] of event.outcome) {
      if (action[at] !== MboAction.Cancel || size[at] < this.#recorded.shown(order)) continue;
      if (event.filled.has(order) || !this.engine.has(order)) continue;
      reached ??= this.#aggressors(event);
      const side = this.engine.side(order);
      const price = this.engine.price(order);
      const isReached = reached.some(
        (one) =>
          one.side === opposite(side) && (side === Side.Sell ? price <= one.limit : price >= one.limit),
      );
      if (!isReached || reached.some((one) => one.order === order)) continue;
      this.deductions.self_match_cancels++;
      this.engine.cancel(order);
      touched.add(order);
    }
  }

  /** Whatever in the event may have traded: the aggressors, and orders that were entered or moved without a trade. */
  #aggressors(event: TapeEvent): { order: number; side: number; limit: number }[] {
    const { action, side, price } = this.#tape;
    const entered = [...event.outcome]
      .filter(([, at]) => action[at] === MboAction.Add || action[at] === MboAction.Modify)
      .map(([order, at]) => ({ order, side: side[at], limit: price[at] }));
    return [...event.runs, ...entered];
  }

  /** The order that caused a run of trades: new, or on the book and moved; what the tape shows of it afterwards is what rests. */
  #send(event: TapeEvent, run: AggressorRun, side: number): Fill[] {
    const { order } = run;
    const tape = this.#tape;
    const at = event.outcome.get(order);
    const isLast = event.runs.findLast((other) => other.order === order) === run;
    const rests = order !== 0 && isLast && at !== undefined && tape.action[at] !== MboAction.Cancel;
    const remainder = rests ? tape.size[at] : 0;
    const limit = rests ? moreAggressive(side, tape.price[at], run.limit) : run.limit;
    const filled = run.fills.reduce((sum, fill) => sum + (fill.order === order ? 0 : fill.quantity), 0);
    const quantity = filled + remainder;
    this.deductions.aggressive_orders++;
    if (rests) this.deductions.rested_remainders++;
    if (order !== 0 && this.engine.has(order)) {
      this.deductions.resting_aggressors++;
      return listFills(this.engine.amend(order, limit, quantity), order, this.#icebergs);
    }
    return listFills(this.engine.aggress({ order, side, limit, quantity, rests }), 0, this.#icebergs);
  }

  /** A record that is no part of a trade. */
  #apply(at: number): void {
    const tape = this.#tape;
    const book = this.#held ?? this.engine;
    const order = tape.order[at];
    const action = tape.action[at];
    const isKnown = this.#recorded.shown(order) > 0;
    this.#recorded.apply(tape, at);
    const price = tape.price[at];
    const size = tape.size[at];
    if (action === MboAction.Clear) book.clear();
    else if (action === MboAction.Add || (action === MboAction.Modify && !isKnown)) {
      if (action === MboAction.Modify) this.deductions.unknown_orders++;
      if (isKnown) book.cancel(order);
      this.#unexpected(at, book.add(order, tape.side[at], price, size));
    } else if (action === MboAction.Modify) this.#unexpected(at, book.amend(order, price, size));
    else if (action === MboAction.Cancel) {
      const left = this.#recorded.shown(order);
      if (!isKnown) this.deductions.unknown_orders++;
      else if (left > 0) book.amend(order, this.#recorded.price(order), left);
      else book.cancel(order);
    }
  }

  /** Trades of ours where the tape has none. */
  #unexpected(at: number, fills: readonly Fill[]): void {
    this.#addExtras(at, fills);
    for (const { order } of fills) this.#reconcile(order, at);
  }

  #addExtras(at: number, fills: readonly Fill[]): void {
    for (const ours of fills) this.differences.push({ at, kind: 'extra', ours });
  }

  /**
   * Puts an order of ours right where it is not what the tape shows, so that one difference does not cause the next. Where the tape's
   * book is crossed this trades; putting that right again would never end.
   */
  #reconcile(order: number, at: number): void {
    const { engine } = this;
    const shown = this.#recorded.shown(order);
    const price = this.#recorded.price(order);
    const leaves = engine.leaves(order);
    if (shown === leaves && (shown === 0 || price === engine.price(order))) return;
    this.deductions.repairs++;
    if (shown === 0) engine.cancel(order);
    else if (leaves === 0) this.#addExtras(at, engine.add(order, this.#recorded.side(order), price, shown));
    else this.#addExtras(at, engine.amend(order, price, shown));
  }
}

const PROGRESS_RECORDS = 4096;

function moreAggressive(side: number, a: number, b: number): number {
  return side === Side.Buy ? Math.max(a, b) : Math.min(a, b);
}
