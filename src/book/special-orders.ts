/** New orders with all rules: conditions, every type and time in force, every phase. */
import { ExecutionType, OrderFlags, OrderType, Reason, TimeInForce, TradingPhase } from '../lib/enums.js';
import type { Admission } from './admission.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import type { FollowUps } from './follow-ups.js';
import * as levelLayout from './level-layout.js';
import type { Liquidity } from './liquidity.js';
import type { MatchingCommand } from './matching.js';
import { isLasting, newOrderRefusal, takesNewOrder } from './matching-rules.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import type { SpecialMatcher } from './special-matcher.js';
import type { SpecialReports } from './special-reports.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { New } = ExecutionType;
const { PostOnly, PostOnlySlide } = OrderFlags;
const { Limit, Market, Stop, StopLimit, MarketToLimit } = OrderType;
const { AtTheClose, AtTheOpen, FillOrKill } = TimeInForce;
const { Continuous, ClosingAuction } = TradingPhase;
const { BookCapacity, DuplicateOrderId, FillOrKillUnfilled, ImmediateRemainder, LinkedOrderUnavailable } =
  Reason;
const { MinimumQuantityUnfilled, NoLiquidity, NotInThisPhase, WouldCross } = Reason;
const NO_REASON = Reason.None;
const { COLD_NUMBER_SHIFT, PRICE_OFF_BOOK } = coldLayout;
const { bookSide, LEVEL_NUMBER_SHIFT, PRICE } = levelLayout;
const { ACCOUNT, INSTRUMENT, LEAVES, ORDER_NUMBER_SHIFT, ORDER_SHIFT, QUANTITY } = orderLayout;

export class SpecialOrders {
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly matcher: SpecialMatcher;
  declare private readonly reports: SpecialReports;
  declare private readonly admission: Admission;
  declare private readonly liquidity: Liquidity;
  declare private readonly followUps: FollowUps;
  /** The order at hand is a market-to-limit order that finds nothing. */
  private noLiquidity = false;

  constructor(
    state: EngineState,
    moves: OrderMoves,
    matcher: SpecialMatcher,
    reports: SpecialReports,
    admission: Admission,
    liquidity: Liquidity,
    followUps: FollowUps,
  ) {
    this.state = state;
    this.moves = moves;
    this.matcher = matcher;
    this.reports = reports;
    this.admission = admission;
    this.liquidity = liquidity;
    this.followUps = followUps;
  }

  /** The command's step, without what follows its own report. */
  enter(command: MatchingCommand): void {
    const refusal = this.refuse(command);
    if (refusal !== NO_REASON) {
      this.reports.refuseNew(command, refusal, this.followUps.answerFlags());
      return;
    }
    const slot = this.admission.admit(command);
    if (this.waits(command)) {
      this.wait(slot, command);
    } else if (this.noLiquidity) {
      this.cancel(slot, NoLiquidity);
    } else if (this.state.instruments.phase[command.instrument] !== Continuous) {
      this.rest(slot);
    } else {
      this.trade(slot, command);
    }
  }

  /** Goes on with a new order that the plain path has admitted and that has met a special maker. */
  resume(slot: number, command: MatchingCommand): void {
    this.matcher.match(slot);
    this.settle(slot, isLasting(command.timeInForce) && command.orderType !== Market);
  }

  /** Why the new order is Rejected, or None; sets the hand's price and limit. */
  private refuse(command: MatchingCommand): Reason {
    const { state, matcher } = this;
    const { instruments, books } = state;
    const isPriced = command.orderType === Limit || command.orderType === StopLimit;
    state.handPrice = 0;
    if (isPriced) state.handPrice = command.price;
    const malformed = newOrderRefusal(command, instruments.count);
    if (malformed !== NO_REASON) return malformed;
    const phase = instruments.phase[command.instrument];
    if (!takesNewOrder(phase, command)) return NotInThisPhase;
    books.wantedId = command.orderId;
    if (books.findWanted() !== 0) return DuplicateOrderId;
    if (command.conditional !== 0) {
      if (this.isExitTaken(command)) return DuplicateOrderId;
      if (command.linkedOrderId !== 0 && !this.canLink(command)) return LinkedOrderUnavailable;
    }
    if (books.orders.used === books.orders.capacity) return BookCapacity;
    const side = bookSide(command.instrument, command.side);
    this.noLiquidity = false;
    if (command.orderType === MarketToLimit) this.takeBestPrice(side ^ 1);
    if (this.noLiquidity) return NO_REASON;
    matcher.takeLimit(command.orderType, command.side);
    if ((command.flags & PostOnly) !== 0 && phase === Continuous && matcher.crosses(side ^ 1)) {
      if ((command.flags & PostOnlySlide) === 0 || !this.slide(side)) return WouldCross;
    }
    return this.hasRoom(command, side) ? NO_REASON : BookCapacity;
  }

  /** Moves the hand's price to one tick short of the best opposite price, if that is a price. */
  slide(side: number): boolean {
    const { levels } = this.state.books;
    const best = levels.numbers[(levels.best[side ^ 1] << LEVEL_NUMBER_SHIFT) | PRICE];
    const price = (side & 1) === 0 ? best - 1 : best + 1;
    if (!Number.isSafeInteger(price)) return false;
    this.state.handPrice = price;
    this.matcher.limit = price;
    return true;
  }

  /** Sets the hand's price, which is 0, to the best opposite price. */
  private takeBestPrice(otherSide: number): void {
    const { levels } = this.state.books;
    const level = levels.best[otherSide];
    this.noLiquidity = level === 0;
    if (level !== 0) this.state.handPrice = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
  }

  private isExitTaken(command: MatchingCommand): boolean {
    const { books } = this.state;
    if (Number.isNaN(command.takeProfitPrice) && Number.isNaN(command.stopLossPrice)) return false;
    books.wantedId = command.orderId + 1;
    if (books.findWanted() !== 0) return true;
    books.wantedId = command.orderId + 2;
    return books.findWanted() !== 0;
  }

  /** Can the new order be linked with the order that it names? */
  private canLink(command: MatchingCommand): boolean {
    const { books, cold } = this.state;
    const { words, numbers } = books.orders;
    books.wantedId = command.linkedOrderId;
    const other = books.findWanted();
    if (other === 0) return false;
    if (words[(other << ORDER_SHIFT) | ACCOUNT] >>> 0 !== command.account) return false;
    if (words[(other << ORDER_SHIFT) | INSTRUMENT] !== command.instrument) return false;
    const amounts = other << ORDER_NUMBER_SHIFT;
    if (numbers[amounts | QUANTITY] !== numbers[amounts | LEAVES]) return false;
    return cold.linkOf(other) === 0 && !cold.hasBracket(other);
  }

  /** Is it an order that does not go onto the book now? */
  private waits(command: MatchingCommand): boolean {
    const { orderType } = command;
    if (orderType === Stop || orderType === StopLimit) return true;
    return (
      command.timeInForce === AtTheClose &&
      this.state.instruments.phase[command.instrument] !== ClosingAuction
    );
  }

  /** Room to rest in full or to wait, for orders that may. */
  private hasRoom(command: MatchingCommand, side: number): boolean {
    const { state, moves } = this;
    const { timeInForce, orderType } = command;
    const auction = timeInForce === AtTheOpen || timeInForce === AtTheClose;
    if (!auction && (!isLasting(timeInForce) || orderType === Market)) return true;
    if (!state.books.accounts.hasRoom(command.account | 0)) return false;
    if (orderType === Stop || orderType === StopLimit) {
      state.waiting.wantedPrice = command.stopPrice;
      return state.waiting.hasStopRoom(side);
    }
    if (this.waits(command)) return true;
    if (orderType === Market) moves.priceBeyond(command.side);
    moves.amount = command.quantity;
    return moves.hasRoom(side);
  }

  private wait(slot: number, command: MatchingCommand): void {
    const { state, moves, reports } = this;
    state.cold.create(slot);
    state.cold.numbers[(slot << COLD_NUMBER_SHIFT) | PRICE_OFF_BOOK] = state.handPrice;
    moves.register(slot);
    if (command.timeInForce === AtTheClose) state.waiting.addClose(slot);
    else moves.waitForTrigger(slot);
    reports.note(slot);
    reports.sendNoted(New, this.followUps.answerFlags());
  }

  private rest(slot: number): void {
    const { moves, reports, state } = this;
    if (moves.isUnpriced(slot)) state.cold.create(slot);
    moves.register(slot);
    moves.rest(slot);
    reports.note(slot);
    reports.sendNoted(New, this.followUps.answerFlags());
  }

  private trade(slot: number, command: MatchingCommand): void {
    const { liquidity, matcher, moves } = this;
    const fillOrKill = command.timeInForce === FillOrKill;
    const hasMinimum = command.conditional !== 0 && command.minimumQuantity !== 0;
    if (fillOrKill || hasMinimum) {
      liquidity.limit = matcher.limit;
      liquidity.needed = fillOrKill ? command.quantity : command.minimumQuantity;
      if (!liquidity.isThere(slot)) {
        this.cancel(slot, fillOrKill ? FillOrKillUnfilled : MinimumQuantityUnfilled);
        return;
      }
    }
    if (matcher.crosses(moves.sideOf(slot) ^ 1)) matcher.match(slot);
    else matcher.skip();
    this.settle(slot, isLasting(command.timeInForce) && command.orderType !== Market);
  }

  /** What becomes of a new order after it has traded: it rests or it ends. */
  private settle(slot: number, mayRest: boolean): void {
    const { matcher, moves, reports, followUps } = this;
    const { numbers } = this.state.books.orders;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (leaves === 0) {
      reports.note(slot);
      moves.drop(slot);
      reports.sendNoted(New, followUps.answerFlags());
    } else if (matcher.stopped !== NO_REASON) {
      this.cancel(slot, matcher.stopped);
    } else if (mayRest) {
      this.rest(slot);
    } else if (matcher.broken !== NO_REASON) {
      this.cancel(slot, matcher.broken);
    } else {
      const filled = leaves < numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
      this.cancel(slot, filled ? ImmediateRemainder : NoLiquidity);
    }
  }

  /** Ends the order in hand, which never was live. */
  private cancel(slot: number, reason: Reason): void {
    const { moves, reports } = this;
    reports.note(slot);
    moves.drop(slot);
    reports.sendCanceled(reason, this.followUps.answerFlags());
  }
}
