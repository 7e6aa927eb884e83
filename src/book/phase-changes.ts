/** Phase changes ("Phase change" in docs/matching.md). Cold: may allocate. */
import { ExecutionType, Reason, TimeInForce, TradingPhase } from '../lib/enums.js';
import type { Auction } from './auction.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';
import type { MatchingCommand } from './matching.js';
import { hasInstrument, phaseRefusal } from './matching-rules.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import type { SpecialReports } from './special-reports.js';
import type { StatusWriter } from './status-writer.js';
import type { Uncross } from './uncross.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Triggered } = ExecutionType;
const { AuctionRemainder, BookCapacity, SessionEnded, UnknownInstrument } = Reason;
const NO_REASON = Reason.None;
const { AtTheClose, AtTheOpen, Day } = TimeInForce;
const { PreOpen, OpeningAuction, Continuous, ClosingAuction, Closed } = TradingPhase;
const { COLD_NUMBER_SHIFT, NOT_WAITING, PRICE_OFF_BOOK } = coldLayout;
const { bookSide } = levelLayout;
const { ARRIVAL, ATTRIBUTES, LEAVES, ORDER_NUMBER_SHIFT, ORDER_SHIFT, sideOf, timeInForceOf } = orderLayout;

export class PhaseChanges {
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly reports: SpecialReports;
  declare private readonly statuses: StatusWriter;
  declare private readonly auction: Auction;
  declare private readonly uncross: Uncross;
  /** Exits become active behind the end of the session. */
  private closesExits = false;

  constructor(
    state: EngineState,
    moves: OrderMoves,
    reports: SpecialReports,
    statuses: StatusWriter,
    auction: Auction,
    uncross: Uncross,
  ) {
    this.state = state;
    this.moves = moves;
    this.reports = reports;
    this.statuses = statuses;
    this.auction = auction;
    this.uncross = uncross;
  }

  /** Why the command's phase change is refused, or None. */
  refuse(command: MatchingCommand): Reason {
    const { instruments } = this.state;
    if (!hasInstrument(command, instruments.count)) return UnknownInstrument;
    return phaseRefusal(command, instruments.phase[command.instrument]);
  }

  /** Changes the phase as the command says; follow-ups, then {@link finish}, are to come. */
  change(command: MatchingCommand): void {
    const { instruments } = this.state;
    const { instrument, phase } = command;
    instruments.reserve();
    const previous = instruments.phase[instrument];
    if (!Number.isNaN(command.referencePrice))
      instruments.referencePrice[instrument] = command.referencePrice;
    const uncrosses = phase === Continuous || (previous === ClosingAuction && phase === Closed);
    this.enter(instrument, phase, previous, uncrosses);
    if (isOpening(previous) && !isOpening(phase))
      this.cancelAll(instrument, AuctionRemainder, (slot) => this.isOnBookFor(slot, AtTheOpen));
    if (previous === ClosingAuction)
      this.cancelAll(instrument, AuctionRemainder, (slot) => this.isOnBookFor(slot, AtTheClose));
    if (phase === Closed) this.endSession(instrument);
    if (phase === ClosingAuction) this.startClosing(instrument);
    this.closesExits = phase === Closed && !this.moves.exits.isEmpty;
  }

  /** After the follow-ups: exits that the closing uncross has made active are of a day that is over. */
  finish({ instrument }: MatchingCommand): void {
    if (this.closesExits) this.endSession(instrument);
  }

  private endSession(instrument: number): void {
    this.cancelAll(instrument, SessionEnded, (slot) => {
      const timeInForce = this.timeInForceOf(slot);
      return timeInForce === Day || timeInForce === AtTheClose;
    });
  }

  /** The status event, and the uncross that it announces. */
  private enter(instrument: number, phase: number, previous: number, uncrosses: boolean): void {
    const { instruments } = this.state;
    const { auction } = this;
    instruments.enter(instrument, phase);
    instruments.setIndicative(instrument, Number.NaN, 0, 0);
    if (uncrosses) {
      auction.compute(instrument);
      instruments.setIndicative(instrument, auction.price, auction.quantity, auction.surplus);
    }
    this.statuses.send(instrument, previous, NO_REASON);
    if (uncrosses) this.uncross.execute(instrument, auction);
  }

  private timeInForceOf(slot: number): number {
    return timeInForceOf(this.state.books.orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES]);
  }

  private isOnBookFor(slot: number, timeInForce: number): boolean {
    return this.timeInForceOf(slot) === timeInForce && this.state.cold.waiting(slot) === NOT_WAITING;
  }

  /** Cancels the instrument's orders that are meant, by arrival. */
  private cancelAll(instrument: number, reason: Reason, isMeant: (slot: number) => boolean): void {
    const { state, moves, reports } = this;
    const { numbers } = state.books.orders;
    const slots: number[] = [];
    const collect = (slot: number): void => {
      if (isMeant(slot)) slots.push(slot);
    };
    state.books.forEachSlot(instrument * 2, collect);
    state.books.forEachSlot(instrument * 2 + 1, collect);
    state.waiting.forEachSlot(instrument, collect);
    const arrival = (slot: number): number => numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL];
    slots.sort((one, other) => arrival(one) - arrival(other));
    for (const slot of slots) {
      reports.note(slot);
      moves.lift(slot);
      moves.end(slot, reason !== SessionEnded);
      reports.sendCanceled(reason, 0);
    }
  }

  /** Orders that waited for the closing auction go onto the book. */
  private startClosing(instrument: number): void {
    const { state, moves, reports } = this;
    const { words, numbers } = state.books.orders;
    for (let slot = state.waiting.firstClose(instrument); slot !== 0; ) {
      state.handPrice = state.cold.numbers[(slot << COLD_NUMBER_SHIFT) | PRICE_OFF_BOOK];
      const side = sideOf(words[(slot << ORDER_SHIFT) | ATTRIBUTES]);
      moves.lift(slot);
      if (moves.isUnpriced(slot)) moves.priceBeyond(side);
      moves.amount = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
      if (moves.hasRoom(bookSide(instrument, side))) {
        moves.rest(slot);
        reports.note(slot);
        reports.sendNoted(Triggered, 0);
      } else {
        reports.note(slot);
        moves.end(slot, true);
        reports.sendCanceled(BookCapacity, 0);
      }
      slot = state.waiting.firstClose(instrument);
    }
  }
}

function isOpening(phase: number): boolean {
  return phase === PreOpen || phase === OpeningAuction;
}
