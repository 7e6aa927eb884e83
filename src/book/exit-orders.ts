/** Exits of brackets: stop loss and take profit come in when their entry has ended with a fill. */
import {
  Contingency,
  ExecutionType,
  OrderType,
  Reason,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from '../lib/enums.js';
import type { Admission } from './admission.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { NOT_CONTINUOUS } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import { MatchingCommand } from './matching.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import * as pending from './pending-exits.js';
import type { SpecialMatcher } from './special-matcher.js';
import type { SpecialReports } from './special-reports.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { New } = ExecutionType;
const { Buy, Sell } = Side;
const { Limit, Stop, StopLimit } = OrderType;
const { Day, GoodTillCancel, GoodTillDate } = TimeInForce;
const { BookCapacity, DuplicateOrderId } = Reason;
const NO_REASON = Reason.None;
const NO_PREVENTION = SelfTradePrevention.None;
const { OneUpdatesOther } = Contingency;
const NOT_LINKED = Contingency.None;
const { COLD_NUMBER_SHIFT, PRICE_OFF_BOOK, preventionOf } = coldLayout;
const { bookSide } = levelLayout;
const { LEAVES, ORDER_NUMBER_SHIFT, sideOf, sourceOf, timeInForceOf } = orderLayout;

export class ExitOrders {
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly matcher: SpecialMatcher;
  declare private readonly reports: SpecialReports;
  declare private readonly admission: Admission;
  /** The exit as a new order would come in. */
  private readonly exit = new MatchingCommand();
  private takeProfitPrice = Number.NaN;
  private entryId = Number.NaN;

  constructor(
    state: EngineState,
    moves: OrderMoves,
    matcher: SpecialMatcher,
    reports: SpecialReports,
    admission: Admission,
  ) {
    this.state = state;
    this.moves = moves;
    this.matcher = matcher;
    this.reports = reports;
    this.admission = admission;
    const { exit } = this;
    exit.flags = 0;
    exit.selfTradePrevention = NO_PREVENTION;
    exit.conditional = 1;
    exit.displayedQuantity = 0;
    exit.minimumQuantity = 0;
    exit.linkedOrderId = 0;
    exit.contingency = NOT_LINKED;
  }

  /** Brings in the exits of the entry that ended first; there is one. */
  activate(): void {
    const { exit } = this;
    const base = this.moves.exits.take();
    const { numbers } = this.moves.exits;
    const attributes = numbers[base | pending.ENTRY_ATTRIBUTES] | 0;
    const timeInForce = timeInForceOf(attributes);
    const stopLoss = numbers[base | pending.ENTRY_STOP_LOSS];
    const stopLossLimit = numbers[base | pending.ENTRY_STOP_LOSS_LIMIT];
    exit.account = numbers[base | pending.ENTRY_ACCOUNT];
    exit.instrument = numbers[base | pending.ENTRY_INSTRUMENT];
    exit.quantity = numbers[base | pending.ENTRY_FILLED];
    exit.source = sourceOf(attributes);
    exit.side = sideOf(attributes) === Buy ? Sell : Buy;
    exit.timeInForce = timeInForce === Day || timeInForce === GoodTillDate ? timeInForce : GoodTillCancel;
    // 0 unless it is good till date.
    exit.expireTime = numbers[base | pending.ENTRY_EXPIRE_TIME];
    exit.selfTradePrevention = preventionOf(attributes);
    this.entryId = numbers[base | pending.ENTRY_ID];
    this.takeProfitPrice = numbers[base | pending.ENTRY_TAKE_PROFIT];
    exit.linkedOrderId = 0;
    exit.contingency = NOT_LINKED;
    if (!Number.isNaN(stopLoss)) {
      exit.orderId = this.entryId + 2;
      exit.stopPrice = stopLoss;
      exit.orderType = Stop;
      exit.price = 0;
      if (!Number.isNaN(stopLossLimit)) {
        exit.orderType = StopLimit;
        exit.price = stopLossLimit;
      }
      this.bringStopLoss();
    }
    if (!Number.isNaN(this.takeProfitPrice)) this.bringTakeProfit();
  }

  /** A stop that waits. */
  private bringStopLoss(): void {
    const { state, exit, moves, reports } = this;
    state.handPrice = exit.price;
    state.waiting.wantedPrice = exit.stopPrice;
    const refusal = this.refuse(state.waiting.hasStopRoom(bookSide(exit.instrument, exit.side)));
    if (refusal !== NO_REASON) {
      reports.refuseNew(exit, refusal, 0);
      return;
    }
    const slot = this.admission.admit(exit);
    state.cold.numbers[(slot << COLD_NUMBER_SHIFT) | PRICE_OFF_BOOK] = exit.price;
    moves.register(slot);
    moves.waitForTrigger(slot);
    reports.note(slot);
    reports.sendNoted(New, 0);
    // The take profit is linked with it.
    exit.linkedOrderId = exit.orderId;
    exit.contingency = OneUpdatesOther;
  }

  /** A limit order that may trade. */
  private bringTakeProfit(): void {
    const { state, exit, moves, reports, matcher } = this;
    exit.orderId = this.entryId + 1;
    exit.orderType = Limit;
    exit.price = this.takeProfitPrice;
    exit.stopPrice = 0;
    state.handPrice = exit.price;
    moves.amount = exit.quantity;
    const refusal = this.refuse(moves.hasRoom(bookSide(exit.instrument, exit.side)));
    if (refusal !== NO_REASON) {
      reports.refuseNew(exit, refusal, 0);
      return;
    }
    const slot = this.admission.admit(exit);
    matcher.limit = exit.price;
    if ((state.instruments.flags[exit.instrument] & NOT_CONTINUOUS) === 0) matcher.match(slot);
    else matcher.skip();
    const isFilled = state.books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] === 0;
    if (isFilled || matcher.stopped !== NO_REASON) {
      reports.note(slot);
      moves.drop(slot);
      if (isFilled) reports.sendNoted(New, 0);
      else reports.sendCanceled(matcher.stopped, 0);
      return;
    }
    moves.register(slot);
    moves.rest(slot);
    reports.note(slot);
    reports.sendNoted(New, 0);
  }

  /** Why the exit cannot come in, or None. */
  private refuse(hasLevel: boolean): Reason {
    const { exit } = this;
    const { books } = this.state;
    books.wantedId = exit.orderId;
    if (books.findWanted() !== 0) return DuplicateOrderId;
    if (!hasLevel || books.orders.used === books.orders.capacity) return BookCapacity;
    return books.accounts.hasRoom(exit.account | 0) ? NO_REASON : BookCapacity;
  }
}
