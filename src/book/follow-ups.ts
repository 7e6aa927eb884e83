/**
 * What a step leads to ("One command" in docs/matching.md): a broken price band changes the phase, brackets' exits become
 * active, stops trigger; at the end of the command changed indicative prices are published.
 */
import { EventFlags, ExecutionType, OrderType, Reason } from '../lib/enums.js';
import type { Auction } from './auction.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import type { ExitOrders } from './exit-orders.js';
import { AUCTION, NOT_CONTINUOUS, STOPS } from './instrument-state.js';
import type { MatchingCommand } from './matching.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import type { SpecialMatcher } from './special-matcher.js';
import type { SpecialReports } from './special-reports.js';
import type { StatusWriter } from './status-writer.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Answer, EndOfCommand } = EventFlags;
const { Triggered } = ExecutionType;
const { Stop } = OrderType;
const { BookCapacity, ImmediateRemainder, NoLiquidity } = Reason;
const NO_REASON = Reason.None;
const { COLD_NUMBER_SHIFT, PRICE_OFF_BOOK } = coldLayout;
const { ATTRIBUTES, LEAVES, ORDER_NUMBER_SHIFT, ORDER_SHIFT, orderTypeOf, QUANTITY, sideOf } = orderLayout;

export class FollowUps {
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly matcher: SpecialMatcher;
  declare private readonly reports: SpecialReports;
  declare private readonly exits: ExitOrders;
  declare private readonly auction: Auction;
  declare private readonly statuses: StatusWriter;
  /** Something comes after the command's own report. */
  private more = false;

  constructor(
    state: EngineState,
    moves: OrderMoves,
    matcher: SpecialMatcher,
    reports: SpecialReports,
    exits: ExitOrders,
    auction: Auction,
    statuses: StatusWriter,
  ) {
    this.state = state;
    this.moves = moves;
    this.matcher = matcher;
    this.reports = reports;
    this.exits = exits;
    this.auction = auction;
    this.statuses = statuses;
  }

  /** Flags of the command's own report, asked when all that comes before it has happened. */
  answerFlags(): number {
    this.more = this.isAnyDue() || this.isIndicativeChanged();
    return this.more ? Answer : Answer | EndOfCommand;
  }

  /** Flags of an own report that has another event right behind it. */
  openAnswerFlags(): number {
    this.more = true;
    return Answer;
  }

  /** All that comes after the command's own report. */
  finish(command: MatchingCommand): void {
    if (!this.more) return;
    this.run();
    this.publishIndicative();
    this.reports.completed(command, 0);
  }

  /** The follow-ups of a step. */
  run(): void {
    const { state } = this;
    for (;;) {
      if (state.brokenBand !== NO_REASON) {
        this.breakBand();
      } else if (!this.moves.exits.isEmpty) {
        this.exits.activate();
      } else {
        const stop = this.dueStop();
        if (stop === 0) return;
        this.trigger(stop);
      }
    }
  }

  /** Publishes the indicative prices that have changed, by instrument. */
  publishIndicative(): void {
    const { instruments } = this.state;
    const changed = instruments.sortedChanged();
    for (let index = 0; index < instruments.changedCount; index++) {
      const instrument = changed[index];
      if (!this.differs(instrument)) continue;
      const { auction } = this;
      instruments.indicativePrice[instrument] = auction.price;
      instruments.indicativeQuantity[instrument] = auction.quantity;
      instruments.surplus[instrument] = auction.surplus;
      this.statuses.send(instrument, instruments.phase[instrument], NO_REASON);
    }
    instruments.clearChanged();
  }

  private isAnyDue(): boolean {
    return this.state.brokenBand !== NO_REASON || !this.moves.exits.isEmpty || this.dueStop() !== 0;
  }

  private dueStop(): number {
    const { state } = this;
    const instrument = state.stepInstrument;
    if ((state.instruments.flags[instrument] & (STOPS | NOT_CONTINUOUS)) !== STOPS) return 0;
    return state.waiting.due(instrument, state);
  }

  private isIndicativeChanged(): boolean {
    const { instruments } = this.state;
    if (instruments.changedCount === 0) return false;
    const changed = instruments.sortedChanged();
    for (let index = 0; index < instruments.changedCount; index++) {
      if (this.differs(changed[index])) return true;
    }
    instruments.clearChanged();
    return false;
  }

  /** Computes the indicative price: is it another one than was published? */
  private differs(instrument: number): boolean {
    const { auction } = this;
    const { flags, indicativePrice, indicativeQuantity, surplus } = this.state.instruments;
    if ((flags[instrument] & AUCTION) === 0) return false;
    auction.compute(instrument);
    return (
      !Object.is(auction.price, indicativePrice[instrument]) ||
      auction.quantity !== indicativeQuantity[instrument] ||
      auction.surplus !== surplus[instrument]
    );
  }

  private breakBand(): void {
    const { instruments, stepInstrument, brokenBand } = this.state;
    const previous = instruments.phase[stepInstrument];
    this.state.brokenBand = NO_REASON;
    instruments.enter(stepInstrument, instruments.bandPhase[stepInstrument]);
    instruments.setIndicative(stepInstrument, Number.NaN, 0, 0);
    this.statuses.send(stepInstrument, previous, brokenBand);
  }

  /** A stop leaves the waiting orders and trades as a new order of its kind. */
  private trigger(slot: number): void {
    const { state, moves, matcher, reports } = this;
    const { words, numbers } = state.books.orders;
    const attributes = words[(slot << ORDER_SHIFT) | ATTRIBUTES];
    const type = orderTypeOf(attributes);
    state.handPrice = state.cold.numbers[(slot << COLD_NUMBER_SHIFT) | PRICE_OFF_BOOK];
    moves.lift(slot);
    moves.amount = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (type !== Stop && !moves.hasRoom(moves.sideOf(slot))) {
      this.cancelInHand(slot, BookCapacity);
      return;
    }
    matcher.takeLimit(type, sideOf(attributes));
    matcher.match(slot);
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (leaves === 0) {
      reports.note(slot);
      moves.end(slot, true);
      reports.sendNoted(Triggered, 0);
    } else if (matcher.stopped !== NO_REASON) {
      this.cancelInHand(slot, matcher.stopped);
    } else if (type === Stop) {
      const remainder =
        leaves < numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] ? ImmediateRemainder : NoLiquidity;
      this.cancelInHand(slot, matcher.broken === NO_REASON ? remainder : matcher.broken);
    } else {
      moves.rest(slot);
      reports.note(slot);
      reports.sendNoted(Triggered, 0);
    }
  }

  private cancelInHand(slot: number, reason: Reason): void {
    this.reports.note(slot);
    this.moves.end(slot, true);
    this.reports.sendCanceled(reason, 0);
  }
}
