import { Side, TradingPhase } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import { compareFills, countInPlace, type FillDifference } from './compare.js';
import { noDeductions } from './deductions.js';
import { EngineBook, type EngineFactory, NOTHING, type Outcome } from './engine-book.js';
import type { AggressorRun, Fill } from './fill.js';
import { listFills } from './icebergs.js';
import { type AuctionPlan, type OpeningOutcome, planAuctions, uncrossOpening } from './opening.js';
import { OrderEntry } from './order-entry.js';
import { RecordedOrders } from './recorded-orders.js';
import { type OrderSurvey, surveyOrders } from './survey.js';
import { distinctPrices, eventEnd, hasTrade, mostOrders, type Tape } from './tape.js';
import { opposite, readEvent, type TapeEvent } from './tape-event.js';

/** A difference and the record of the trade (or order) where it came up. */
export interface LocatedDifference extends FillDifference {
  readonly at: number;
}

/** Runs a tape through the matching engine. */
export class TapeMatcher {
  readonly engine: EngineBook;
  readonly deductions = noDeductions();
  /** In continuous trading. */
  fillsRecorded = 0;
  fillsMatched = 0;
  fillsInPlace = 0;
  readonly openings: OpeningOutcome[] = [];
  readonly differences: LocatedDifference[] = [];
  readonly #tape: Tape;
  readonly #auctions: AuctionPlan;
  readonly #survey: OrderSurvey;
  readonly #recorded: RecordedOrders;
  readonly #entry: OrderEntry;

  constructor(tape: Tape, createEngine?: EngineFactory) {
    this.#tape = tape;
    this.#auctions = planAuctions(tape);
    this.#survey = surveyOrders(tape, this.#auctions);
    this.#recorded = new RecordedOrders(tape.ids.size);
    this.engine = new EngineBook({
      lastOrder: tape.ids.size,
      orders: mostOrders(tape),
      levels: distinctPrices(tape),
      phase: this.#auctions.beginsHeld ? TradingPhase.PreOpen : TradingPhase.Continuous,
      owners: this.#survey.owners.owners,
      createEngine,
    });
    this.#entry = new OrderEntry(tape, this.#survey, this.#recorded, this.engine);
    this.deductions.self_match_cancels = this.#survey.owners.cancels.size;
    this.deductions.iceberg_orders = this.#survey.icebergs.orders.size;
    this.deductions.iceberg_refills = this.#survey.icebergs.refills;
  }

  /** The whole tape; `onProgress` gets the number of records done, now and then. */
  run(onProgress?: (records: number) => void): void {
    const tape = this.#tape;
    for (let start = 0, due = 0; start < tape.length; ) {
      const end = eventEnd(tape, start);
      // A single record cannot be a trade with its fills; most events are one.
      if (end - start > 1 || hasTrade(tape, start, end)) this.#event(readEvent(tape, start, end));
      else this.#reconcileAll(this.#apply(start).prevented, start);
      start = end;
      if (start < due || onProgress === undefined) continue;
      onProgress(start);
      due = start + PROGRESS_RECORDS;
    }
    this.deductions.engine_refills = this.engine.refills;
    this.deductions.iceberg_continuations = this.#entry.continuations;
  }

  #event(event: TapeEvent): void {
    const touched = new Set<number>();
    const { uncrosses, lastTrades } = this.#auctions;
    const trades = event.runs.length > 0;
    if (trades) this.#entry.enterHidden(event);
    if (uncrosses.has(event.start)) this.#open(event, touched);
    else if (trades) this.#tradeContinuously(event, touched);
    this.#applyAll(event, touched);
    this.#reconcileAll(touched, event.start);
    if (lastTrades.has(event.start)) this.engine.collect();
  }

  /** The records that are no trades. Self-match prevention is the engine's: its cancels, wherever the tape lists them, come after what causes them. */
  #applyAll(event: TapeEvent, touched: Set<number>): void {
    const tape = this.#tape;
    const { cancels } = this.#survey.owners;
    const last: number[] = [];
    const apply = (at: number): void => {
      if (touched.has(tape.order[at])) this.#recorded.apply(tape, at);
      else this.#touch(this.#apply(at), touched);
    };
    for (let at = event.start; at < event.end; at++) {
      const action = tape.action[at];
      if (action === MboAction.Trade || action === MboAction.Fill) continue;
      if (cancels.has(at)) last.push(at);
      else apply(at);
    }
    last.forEach(apply);
  }

  /** The uncross, after which trading is continuous. */
  #open(event: TapeEvent, touched: Set<number>): void {
    for (const order of event.filled.keys()) touched.add(order);
    const opening = uncrossOpening(event, this.engine, this.#survey.icebergs.orders);
    this.openings.push(opening);
    for (const difference of opening.differences) this.differences.push({ at: opening.at, ...difference });
  }

  /** Sends what must have caused the trades. */
  #tradeContinuously(event: TapeEvent, touched: Set<number>): void {
    for (const order of event.filled.keys()) touched.add(order);
    const ours = event.runs.flatMap((run) => this.#trade(event, run, touched));
    const recorded = event.runs.flatMap(({ fills }) => fills);
    this.fillsInPlace += countInPlace(recorded, ours);
  }

  /** Returns our fills as the tape would list them. */
  #trade(event: TapeEvent, run: AggressorRun, touched: Set<number>): readonly Fill[] {
    this.fillsRecorded += run.fills.length;
    if (run.order !== 0) touched.add(run.order);
    if (run.fills.length === 0) {
      this.deductions.trades_without_fills++;
      return [];
    }
    const side = this.#aggressorSide(run);
    if (side === Side.None) {
      for (const recorded of run.fills) {
        this.differences.push({ at: run.at, kind: 'no-aggressor', recorded });
      }
      return [];
    }
    if (run !== event.runs[0]) this.deductions.triggered_orders++;
    const ours = this.#send(event, run, side, touched);
    for (const { order } of ours) touched.add(order);
    const { matched, differences } = compareFills(run.fills, ours);
    this.fillsMatched += matched;
    for (const difference of differences) {
      this.differences.push({ at: run.at, ...difference, kind: this.#kindOf(difference, event) });
    }
    return ours;
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

  /** The order that caused a run of trades: new, or on the book and moved; what the tape shows of it afterwards is what rests. */
  #send(event: TapeEvent, run: AggressorRun, side: number, touched: Set<number>): Fill[] {
    const { order } = run;
    const tape = this.#tape;
    const at = event.outcome.get(order);
    const isLast = event.runs.findLast((other) => other.order === order) === run;
    const rests = order !== 0 && isLast && at !== undefined && tape.action[at] !== MboAction.Cancel;
    const price = rests ? moreAggressive(side, tape.price[at], run.limit) : run.limit;
    const filled = run.fills.reduce((sum, fill) => sum + (fill.order === order ? 0 : fill.quantity), 0);
    this.deductions.aggressive_orders++;
    if (rests) this.deductions.rested_remainders++;
    const isResting = order !== 0 && this.engine.has(order);
    if (isResting) this.deductions.resting_aggressors++;
    const { unnamed, unspent } = this.#survey.owners;
    const unseen = !isResting && unspent.has(run.at) ? 1 : 0;
    const left = rests ? tape.size[at] : unseen;
    const entry = rests ? at : undefined;
    const outcome = isResting
      ? this.#entry.amend(order, price, filled + left, entry)
      : this.#entry.enter({ order, side, price, filled, left, entry, ownerOf: unnamed.get(run.at) });
    this.#touch(outcome, touched);
    return listFills(outcome.fills, isResting ? order : 0, this.#survey.icebergs.orders);
  }

  #touch({ prevented }: Outcome, touched: Set<number>): void {
    this.deductions.self_match_prevented += prevented.length;
    for (const order of prevented) touched.add(order);
  }

  /** A record that is no part of a trade. */
  #apply(at: number): Outcome {
    const tape = this.#tape;
    const order = tape.order[at];
    const action = tape.action[at];
    const isKnown = this.#recorded.shown(order) > 0;
    this.#recorded.apply(tape, at);
    const outcome = this.#applied(at, order, action, isKnown);
    this.#addExtras(at, outcome.fills);
    this.#reconcileAll(
      outcome.fills.map((fill) => fill.order),
      at,
    );
    return outcome;
  }

  #applied(at: number, order: number, action: number, isKnown: boolean): Outcome {
    const { engine } = this;
    const { side, price: prices, size } = this.#tape;
    const price = prices[at];
    const shown = size[at];
    if (!isKnown && (action === MboAction.Modify || action === MboAction.Cancel))
      this.deductions.unknown_orders++;
    if (action === MboAction.Clear) engine.clear();
    else if (action === MboAction.Add || (action === MboAction.Modify && !isKnown)) {
      if (isKnown) engine.cancel(order);
      return this.#entry.enter({ order, side: side[at], price, left: shown, entry: at });
    } else if (action === MboAction.Modify) return this.#entry.amend(order, price, shown, at);
    else if (action === MboAction.Cancel && isKnown) {
      const left = this.#recorded.shown(order);
      if (left > 0) return engine.amend(order, this.#recorded.price(order), left);
      engine.cancel(order);
    }
    return NOTHING;
  }

  /** Trades of ours where the tape has none. */
  #addExtras(at: number, fills: readonly Fill[]): void {
    for (const ours of fills) this.differences.push({ at, kind: 'extra', ours });
  }

  #reconcileAll(orders: Iterable<number>, at: number): void {
    for (const order of orders) this.#reconcile(order, at);
  }

  /**
   * Puts an order of ours right where it does not show what the tape shows, so that one difference does not cause the next. Where the tape's
   * book is crossed this trades; putting that right again would never end.
   */
  #reconcile(order: number, at: number): void {
    const { engine } = this;
    const shown = this.#recorded.shown(order);
    const price = this.#recorded.price(order);
    const ours = engine.shown(order);
    if (shown === ours && (shown === 0 || price === engine.price(order))) return;
    this.deductions.repairs++;
    if (shown === 0) engine.cancel(order);
    else if (ours > 0) this.#addExtras(at, engine.amend(order, price, shown).fills);
    else {
      const side = this.#recorded.side(order);
      this.#addExtras(at, engine.enter({ order, side, price, quantity: shown, peak: 0 }).fills);
    }
  }
}

const PROGRESS_RECORDS = 4096;

function moreAggressive(side: number, a: number, b: number): number {
  return side === Side.Buy ? Math.max(a, b) : Math.min(a, b);
}
