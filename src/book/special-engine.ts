/** Commands with all rules. The plain path in matching-engine.ts sends here what it does not handle. */
import { EventFlags, ExecutionType, Reason, Side } from '../lib/enums.js';
import { Admission } from './admission.js';
import { Auction } from './auction.js';
import type { EngineState } from './engine-state.js';
import { ExitOrders } from './exit-orders.js';
import { FollowUps } from './follow-ups.js';
import { Liquidity } from './liquidity.js';
import type { Matcher } from './matcher.js';
import { ALL_INSTRUMENTS, type MatchingCommand } from './matching.js';
import { hasInstrument, hasOrderId, massCancelRefusal } from './matching-rules.js';
import * as orderLayout from './order-layout.js';
import { OrderLinks } from './order-links.js';
import { OrderMoves } from './order-moves.js';
import { PhaseChanges } from './phase-changes.js';
import { PriceBands } from './price-bands.js';
import type { ReportWriter } from './report-writer.js';
import { SpecialAmends } from './special-amends.js';
import { SpecialMatcher } from './special-matcher.js';
import { SpecialOrders } from './special-orders.js';
import { SpecialReports } from './special-reports.js';
import { StatusWriter } from './status-writer.js';
import { Uncross } from './uncross.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { CancelRejected, Rejected } = ExecutionType;
const { Expired, MassCancelRequested, NotOrderOwner, UnknownOrder, UserRequested } = Reason;
const NO_REASON = Reason.None;
const ANSWER = EventFlags.Answer;
const NO_SIDE = Side.None;
const { ACCOUNT, ATTRIBUTES, INSTRUMENT, LEVEL, ORDER_SHIFT, sideOf } = orderLayout;

export class SpecialEngine {
  declare private readonly matcher: SpecialMatcher;
  declare private readonly plain: Matcher;
  declare private readonly state: EngineState;
  declare private readonly command: MatchingCommand;
  declare private readonly moves: OrderMoves;
  declare private readonly reports: SpecialReports;
  declare private readonly orders: SpecialOrders;
  declare private readonly amends: SpecialAmends;
  declare private readonly phases: PhaseChanges;
  declare private readonly followUps: FollowUps;

  constructor(state: EngineState, command: MatchingCommand, plain: Matcher) {
    const moves = new OrderMoves(state);
    const reports = new SpecialReports(state);
    const bands = new PriceBands(state);
    const links = new OrderLinks(state, moves, reports);
    const matcher = new SpecialMatcher(state, moves, links, reports, bands);
    const admission = new Admission(state);
    const exits = new ExitOrders(state, moves, matcher, reports, admission);
    const auction = new Auction(state);
    const statuses = new StatusWriter(state);
    const followUps = new FollowUps(state, moves, matcher, reports, exits, auction, statuses);
    const uncross = new Uncross(state, moves, links, reports);
    const liquidity = new Liquidity(state, moves, bands);
    this.state = state;
    this.command = command;
    this.plain = plain;
    this.moves = moves;
    this.reports = reports;
    this.matcher = matcher;
    this.followUps = followUps;
    this.phases = new PhaseChanges(state, moves, reports, statuses, auction, uncross);
    this.orders = new SpecialOrders(state, moves, matcher, reports, admission, liquidity, followUps);
    this.amends = new SpecialAmends(state, moves, matcher, reports, followUps, this.orders);
  }

  newOrder(): void {
    const { command } = this;
    this.expire();
    this.beginStep();
    this.orders.enter(command);
    this.followUps.finish(command);
  }

  amendOrder(): void {
    const { command } = this;
    this.expire();
    const slot = this.findOwn();
    if (slot !== 0) this.amends.amend(slot, command);
    this.followUps.finish(command);
  }

  cancelOrder(): void {
    const { command, moves, reports } = this;
    this.expire();
    const slot = this.findOwn();
    if (slot !== 0) {
      reports.note(slot);
      moves.lift(slot);
      moves.end(slot, true);
      reports.sendCanceled(UserRequested, this.followUps.answerFlags());
    }
    this.followUps.finish(command);
  }

  massCancel(): void {
    const { command, state, moves, reports, followUps } = this;
    const { accounts, orders } = state.books;
    this.expire();
    state.beginStep(0);
    const refusal = massCancelRefusal(command, state.instruments.count);
    if (refusal !== NO_REASON) {
      reports.refuseOther(command, CancelRejected, refusal, followUps.answerFlags());
    } else {
      let count = 0;
      for (let slot = accounts.first(command.account | 0); slot !== 0; ) {
        const next = accounts.next(slot);
        const base = slot << ORDER_SHIFT;
        const sideMatches =
          command.side === NO_SIDE || sideOf(orders.words[base | ATTRIBUTES]) === command.side;
        if (
          sideMatches &&
          (command.instrument === ALL_INSTRUMENTS || orders.words[base | INSTRUMENT] === command.instrument)
        ) {
          reports.note(slot);
          moves.lift(slot);
          moves.end(slot, false);
          reports.sendCanceled(MassCancelRequested, 0);
          count++;
        }
        slot = next;
      }
      reports.massCanceled(command, count, followUps.answerFlags());
    }
    followUps.finish(command);
  }

  setPhase(): void {
    const { command, reports, followUps, phases } = this;
    this.expire();
    const refusal = phases.refuse(command);
    this.beginStep();
    if (refusal !== NO_REASON) {
      reports.refuseOther(command, Rejected, refusal, followUps.answerFlags());
      followUps.finish(command);
      return;
    }
    phases.change(command);
    followUps.run();
    phases.finish(command);
    followUps.publishIndicative();
    reports.completed(command, ANSWER);
  }

  advanceTime(): void {
    this.expire();
    this.followUps.publishIndicative();
    this.reports.completed(this.command, ANSWER);
  }

  /** Goes on with a new order that the plain path has admitted and that has met a special maker. */
  resumeNewOrder(slot: number): void {
    this.takeOver(slot);
    this.orders.resume(slot, this.command);
    this.followUps.finish(this.command);
  }

  /** Goes on with an amend that the plain path has begun and noted in its reports, up to a special maker. */
  resumeAmend(slot: number, reports: ReportWriter): void {
    this.reports.takeAmend(reports);
    this.takeOver(slot);
    this.amends.resume(slot);
    this.followUps.finish(this.command);
  }

  /** Begins the step of an order that the plain path has in hand, with the trades that it had there. */
  private takeOver(slot: number): void {
    const { state, plain } = this;
    const { words } = state.books.orders;
    const instrument = words[(slot << ORDER_SHIFT) | INSTRUMENT];
    words[(slot << ORDER_SHIFT) | LEVEL] = 0;
    state.beginStep(instrument);
    state.handPrice = this.command.price;
    this.matcher.limit = plain.limit;
    if (state.nextTradeId === plain.firstTradeId) return;
    // Each trade is at the price of the one before it or worse, so that first and last are the extremes.
    state.instruments.lastPrice[instrument] = plain.firstPrice;
    state.noteLastPrice();
    state.instruments.lastPrice[instrument] = plain.lastPrice;
    state.noteLastPrice();
  }

  /** Begins the step of a command that names an instrument, maybe one that is not here. */
  private beginStep(): void {
    const { command, state } = this;
    state.beginStep(hasInstrument(command, state.instruments.count) ? command.instrument : 0);
  }

  /** Ends every order whose time has come, each with its follow-ups. */
  private expire(): void {
    const { command, state, moves, reports, followUps } = this;
    const { expiries } = state;
    while (command.timestamp >= expiries.next) {
      const slot = expiries.first();
      state.beginStep(state.books.orders.words[(slot << ORDER_SHIFT) | INSTRUMENT]);
      reports.note(slot);
      moves.lift(slot);
      moves.end(slot, true);
      reports.sendCanceled(Expired, 0);
      followUps.run();
    }
  }

  /** The live order that the command names, if the account owns it, whose step begins; else 0, and the request is refused. */
  private findOwn(): number {
    const { command, state, reports, followUps } = this;
    const { books } = state;
    books.wantedId = command.orderId;
    const slot = hasOrderId(command) ? books.findWanted() : 0;
    const { words } = books.orders;
    state.beginStep(slot === 0 ? 0 : words[(slot << ORDER_SHIFT) | INSTRUMENT]);
    if (slot === 0) {
      reports.refuseRequest(command, UnknownOrder, followUps.answerFlags());
      return 0;
    }
    if (words[(slot << ORDER_SHIFT) | ACCOUNT] >>> 0 === command.account) return slot;
    reports.refuse(slot, NotOrderOwner, followUps.answerFlags());
    return 0;
  }
}
