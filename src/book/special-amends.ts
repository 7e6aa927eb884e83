/** Amends with all rules: waiting and unpriced orders, icebergs, self-trade prevention, every phase. */
import { OrderFlags, OrderType, Reason, TradingPhase } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import type { FollowUps } from './follow-ups.js';
import * as levelLayout from './level-layout.js';
import type { MatchingCommand } from './matching.js';
import { amendRefusal, hasTooManyPeaks } from './matching-rules.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import type { SpecialMatcher } from './special-matcher.js';
import type { SpecialOrders } from './special-orders.js';
import type { SpecialReports } from './special-reports.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { PostOnly, PostOnlySlide } = OrderFlags;
const { Market, Stop } = OrderType;
const { Continuous, Halt, Closed } = TradingPhase;
const { AmendBelowFilled, BookCapacity, InvalidConditions, NotInThisPhase, WouldCross } = Reason;
const NO_REASON = Reason.None;
const { COLD_NUMBER_SHIFT, DISPLAYED, NOT_WAITING, PRICE_OFF_BOOK, SPECIAL, STOP_PRICE, WAITING_STOP } =
  coldLayout;
const { COUNT, HIDDEN, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, TOTAL } = levelLayout;
const {
  ATTRIBUTES,
  flagsOf,
  INSTRUMENT,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  orderTypeOf,
  QUANTITY,
} = orderLayout;

export class SpecialAmends {
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly matcher: SpecialMatcher;
  declare private readonly reports: SpecialReports;
  declare private readonly followUps: FollowUps;
  declare private readonly orders: SpecialOrders;
  /** The order at hand goes to the end of its (new) queue. */
  private requeues = false;
  /** Stop price after the amend of a waiting stop. */
  private stopPrice = Number.NaN;

  constructor(
    state: EngineState,
    moves: OrderMoves,
    matcher: SpecialMatcher,
    reports: SpecialReports,
    followUps: FollowUps,
    orders: SpecialOrders,
  ) {
    this.state = state;
    this.moves = moves;
    this.matcher = matcher;
    this.reports = reports;
    this.followUps = followUps;
    this.orders = orders;
  }

  /** Amends a live order of the command's account. */
  amend(slot: number, command: MatchingCommand): void {
    const { reports, followUps } = this;
    const waiting = this.state.cold.waiting(slot);
    const refusal = this.refuse(slot, command, waiting);
    if (refusal !== NO_REASON) {
      reports.refuse(slot, refusal, followUps.answerFlags());
      return;
    }
    reports.beforeAmend(slot);
    if (waiting !== NOT_WAITING) {
      this.amendWaiting(slot, command, waiting);
    } else if (this.requeues) {
      this.requeue(slot, command);
    } else {
      this.moves.amount =
        this.state.books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] - command.quantity;
      this.moves.reduce(slot);
      this.answer(slot);
    }
  }

  /** Goes on with an amend that the plain path has begun: the order is in hand and has met a special maker. */
  resume(slot: number): void {
    this.matcher.match(slot);
    this.settle(slot);
  }

  private answer(slot: number): void {
    this.reports.note(slot);
    this.reports.sendReplaced(this.followUps.answerFlags());
  }

  /** Why the order cannot be amended as the command says, or None; sets the hand's price and limit. */
  private refuse(slot: number, command: MatchingCommand, waiting: number): Reason {
    const { instruments, books } = this.state;
    const { words, numbers } = books.orders;
    const attributes = words[(slot << ORDER_SHIFT) | ATTRIBUTES];
    const type = orderTypeOf(attributes);
    const isPriced = type !== Stop && type !== Market;
    const malformed = amendRefusal(command, isPriced, waiting === WAITING_STOP);
    if (malformed !== NO_REASON) return malformed;
    if ((attributes & SPECIAL) !== 0) {
      const displayed = this.state.cold.numbers[(slot << COLD_NUMBER_SHIFT) | DISPLAYED];
      if (hasTooManyPeaks(displayed, command.quantity)) return InvalidConditions;
    }
    const phase = instruments.phase[words[(slot << ORDER_SHIFT) | INSTRUMENT]];
    if (phase === Halt || phase === Closed) return NotInThisPhase;
    const amounts = slot << ORDER_NUMBER_SHIFT;
    if (command.quantity <= numbers[amounts | QUANTITY] - numbers[amounts | LEAVES]) return AmendBelowFilled;
    if (waiting !== NOT_WAITING) return this.refuseWaiting(slot, command, waiting, isPriced);
    const price = books.priceOf(slot);
    this.state.handPrice = isPriced ? command.price : price;
    this.requeues = this.state.handPrice !== price || command.quantity > numbers[amounts | QUANTITY];
    if (!this.requeues) return NO_REASON;
    this.matcher.limit = this.state.handPrice;
    const side = this.moves.sideOf(slot);
    const flags = flagsOf(attributes);
    if ((flags & PostOnly) !== 0 && phase === Continuous && this.matcher.crosses(side ^ 1)) {
      if ((flags & PostOnlySlide) === 0 || !this.orders.slide(side)) return WouldCross;
    }
    return this.hasRoomToMove(slot, command) ? NO_REASON : BookCapacity;
  }

  /** As {@link refuse}; sets the stop price that the order will have. */
  private refuseWaiting(slot: number, command: MatchingCommand, waiting: number, isPriced: boolean): Reason {
    const { cold, books, waiting: waitingOrders } = this.state;
    const base = slot << COLD_NUMBER_SHIFT;
    this.requeues = false;
    if (waiting !== WAITING_STOP) return NO_REASON;
    const before = cold.numbers[base | STOP_PRICE];
    const isNew = command.conditional !== 0 && !Number.isNaN(command.stopPrice);
    this.stopPrice = isNew ? command.stopPrice : before;
    const otherPrice = isPriced && command.price !== cold.numbers[base | PRICE_OFF_BOOK];
    const more = command.quantity > books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
    this.requeues = this.stopPrice !== before || otherPrice || more;
    if (!this.requeues || waitingOrders.isAlone(slot)) return NO_REASON;
    waitingOrders.wantedPrice = this.stopPrice;
    return waitingOrders.hasStopRoom(this.moves.sideOf(slot)) ? NO_REASON : BookCapacity;
  }

  /** Room at the hand's price for an order that leaves its own level, which goes if it was alone there. */
  private hasRoomToMove(slot: number, command: MatchingCommand): boolean {
    const { books, handPrice } = this.state;
    const { levels, orders } = books;
    const own = orders.words[(slot << ORDER_SHIFT) | LEVEL];
    levels.wantedPrice = handPrice;
    const level = levels.findWanted(this.moves.sideOf(slot));
    if (level === 0) return levels.used < levels.capacity || levels.words[(own << LEVEL_SHIFT) | COUNT] === 1;
    const leaves = orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    const filled = orders.numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] - leaves;
    const base = level << LEVEL_NUMBER_SHIFT;
    const open = levels.numbers[base | TOTAL] + levels.numbers[base | HIDDEN];
    const others = level === own ? open - leaves : open;
    return others <= Number.MAX_SAFE_INTEGER - (command.quantity - filled);
  }

  private amendWaiting(slot: number, command: MatchingCommand, waiting: number): void {
    const { state, moves } = this;
    const { cold, books } = state;
    const { words } = books.orders;
    const base = slot << COLD_NUMBER_SHIFT;
    if (this.requeues) moves.lift(slot);
    const type = orderTypeOf(words[(slot << ORDER_SHIFT) | ATTRIBUTES]);
    if (type !== Stop && type !== Market) cold.numbers[base | PRICE_OFF_BOOK] = command.price;
    if (waiting === WAITING_STOP) cold.numbers[base | STOP_PRICE] = this.stopPrice;
    this.takeQuantity(slot, command);
    if (this.requeues) moves.waitForTrigger(slot);
    this.answer(slot);
  }

  private takeQuantity(slot: number, command: MatchingCommand): void {
    const { numbers } = this.state.books.orders;
    const amounts = slot << ORDER_NUMBER_SHIFT;
    const filled = numbers[amounts | QUANTITY] - numbers[amounts | LEAVES];
    numbers[amounts | QUANTITY] = command.quantity;
    numbers[amounts | LEAVES] = command.quantity - filled;
  }

  /** Off its queue, through the other side in continuous trading, to the end of the new queue. */
  private requeue(slot: number, command: MatchingCommand): void {
    const { matcher, moves, state } = this;
    const instrument = state.books.orders.words[(slot << ORDER_SHIFT) | INSTRUMENT];
    moves.lift(slot);
    this.takeQuantity(slot, command);
    if (state.instruments.phase[instrument] === Continuous) matcher.match(slot);
    else matcher.skip();
    this.settle(slot);
  }

  /** The amended order rests or ends. */
  private settle(slot: number): void {
    const { matcher, moves, reports, followUps } = this;
    const leaves = this.state.books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (leaves === 0) {
      reports.note(slot);
      moves.end(slot, true);
      reports.sendReplaced(followUps.answerFlags());
    } else if (matcher.stopped === NO_REASON) {
      moves.rest(slot);
      this.answer(slot);
    } else {
      reports.note(slot);
      reports.sendReplaced(followUps.openAnswerFlags());
      reports.note(slot);
      moves.end(slot, true);
      reports.sendCanceled(matcher.stopped, 0);
    }
  }
}
