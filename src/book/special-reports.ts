/**
 * Execution reports of everything beyond plain limit and market orders: with conditions, unsolicited, or followed by other
 * events of the same command. Allocates nothing. What was before the event is noted first, see {@link SpecialReports.before}.
 */
import { EventFlags, ExecutionType, OrderFlags, OrderStatus, OrderType, Reason } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';
import { type MatchingCommand, ReportEvent } from './matching.js';
import * as orderLayout from './order-layout.js';
import type { ReportWriter } from './report-writer.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Conditional, EndOfCommand, Resting } = EventFlags;
const POST_ONLY = EventFlags.PostOnly;
const { Canceled, CancelRejected, Completed, MassCanceled, Rejected, Replaced, Restated } = ExecutionType;
const { Market, Stop } = OrderType;
const { PostOnly } = OrderFlags;
const NO_STATUS = OrderStatus.None;
const NEW = OrderStatus.New;
const PARTIALLY_FILLED = OrderStatus.PartiallyFilled;
const FILLED = OrderStatus.Filled;
const CANCELED = OrderStatus.Canceled;
const REFUSED = OrderStatus.Rejected;
const NO_REASON = Reason.None;
const { COLD_NUMBER_SHIFT, COLD_SHIFT, EXPIRE_TIME, LINK, NOT_WAITING, PRICE_OFF_BOOK } = coldLayout;
const { SHOWN, SPECIAL, STOP_PRICE, WAITING } = coldLayout;
const { LEVEL_NUMBER_SHIFT, PRICE } = levelLayout;
const {
  ACCOUNT,
  ATTRIBUTES,
  flagsOf,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  orderTypeOf,
  QUANTITY,
  sideOf,
  sourceOf,
  timeInForceOf,
  TWO_32,
} = orderLayout;

export class SpecialReports {
  declare private readonly state: EngineState;
  private readonly report = new ReportEvent();
  /** Resting, or 0: of the order that was noted last. */
  private resting = 0;
  /** Of the order before the event at hand. */
  private previousLeaves = Number.NaN;
  private previousShown = Number.NaN;
  /** Of the order before its amend. */
  private amendedPrice = Number.NaN;
  private amendedLeaves = Number.NaN;
  private amendedShown = Number.NaN;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** Notes open and shown quantity of a live order before the event that is reported next. */
  before(slot: number): void {
    const { books, cold } = this.state;
    const base = slot << ORDER_SHIFT;
    const attributes = books.orders.words[base | ATTRIBUTES];
    this.previousLeaves = books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    this.previousShown = 0;
    if (!isPriced(orderTypeOf(attributes)) || books.orders.words[base | LEVEL] === 0) return;
    if ((attributes & SPECIAL) === 0) this.previousShown = this.previousLeaves;
    else if (cold.words[(slot << COLD_SHIFT) | WAITING] === NOT_WAITING)
      this.previousShown = cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN];
  }

  /** As {@link before}, for an amend that may have other events before its report. */
  beforeAmend(slot: number): void {
    this.note(slot);
    this.amendedPrice = this.report.price;
    this.amendedLeaves = this.report.leavesQuantity;
    this.amendedShown = this.report.displayedQuantity;
  }

  /** As {@link beforeAmend}, of an unconditional order that the plain path has noted. */
  takeAmend(plain: ReportWriter): void {
    this.amendedPrice = plain.previousPrice;
    this.amendedLeaves = plain.previousLeaves;
    this.amendedShown = plain.previousLeaves;
  }

  /** Takes the order as it is now into the report, which one of the following methods sends: it may end meanwhile. */
  note(slot: number): void {
    this.resting = this.fill(slot) ? Resting : 0;
  }

  /** Sends what was noted. Open status unless it is filled; Resting when it is on a book with a price. */
  sendNoted(executionType: ExecutionType, flags: number): void {
    const { report } = this;
    let status: OrderStatus = FILLED;
    if (report.leavesQuantity > 0) status = report.filledQuantity === 0 ? NEW : PARTIALLY_FILLED;
    else report.linkedOrderId = 0;
    this.send(executionType, status, NO_REASON, flags | this.resting);
  }

  /** Sends what was noted as the answer to an amend. */
  sendReplaced(flags: number): void {
    const { report } = this;
    report.previousPrice = this.amendedPrice;
    report.previousLeaves = this.amendedLeaves;
    report.previousDisplayed = this.amendedShown;
    this.sendNoted(Replaced, flags);
  }

  /** Sends what was noted, of an order that ends with what it had open then. */
  sendCanceled(reason: Reason, flags: number): void {
    const { report } = this;
    report.previousLeaves = report.leavesQuantity;
    report.previousDisplayed = report.displayedQuantity;
    report.leavesQuantity = 0;
    report.displayedQuantity = 0;
    report.linkedOrderId = 0;
    this.send(Canceled, CANCELED, reason, flags | this.resting);
  }

  /** The order as it is now, with the open and shown quantity that {@link before} noted. */
  restated(slot: number): void {
    this.note(slot);
    this.report.previousLeaves = this.previousLeaves;
    this.report.previousDisplayed = this.previousShown;
    this.sendNoted(Restated, Conditional);
  }

  /** Amend or cancel of a live order refused: the order stays as it is. */
  refuse(slot: number, reason: Reason, flags: number): void {
    this.note(slot);
    const report = this.report;
    report.previousDisplayed = report.displayedQuantity;
    const status = report.filledQuantity === 0 ? NEW : PARTIALLY_FILLED;
    this.send(CancelRejected, status, reason, flags);
  }

  /** New order refused, at the hand's price. */
  refuseNew(command: MatchingCommand, reason: Reason, flags: number): void {
    const report = this.report;
    this.fromRequest(command);
    report.orderId = command.orderId;
    if (isPriced(command.orderType)) report.price = this.state.handPrice;
    report.quantity = command.quantity;
    report.side = command.side;
    report.orderType = command.orderType;
    report.timeInForce = command.timeInForce;
    report.flags = (command.flags & PostOnly) !== 0 ? POST_ONLY : 0;
    this.send(Rejected, REFUSED, reason, flags);
  }

  /** Amend or cancel of an unknown order refused. */
  refuseRequest(command: MatchingCommand, reason: Reason, flags: number): void {
    this.fromRequest(command);
    this.report.orderId = command.orderId;
    this.send(CancelRejected, REFUSED, reason, flags);
  }

  /** Mass cancel (CancelRejected) or phase change (Rejected) refused. */
  refuseOther(command: MatchingCommand, executionType: ExecutionType, reason: Reason, flags: number): void {
    this.fromRequest(command);
    this.send(executionType, REFUSED, reason, flags);
  }

  massCanceled(command: MatchingCommand, count: number, flags: number): void {
    this.fromRequest(command);
    this.report.side = command.side;
    this.report.quantity = count;
    this.send(MassCanceled, NO_STATUS, NO_REASON, flags);
  }

  /** Closes a command that had events after its own report. */
  completed(command: MatchingCommand, flags: number): void {
    this.fromRequest(command);
    this.send(Completed, NO_STATUS, NO_REASON, flags | EndOfCommand);
  }

  /** All but what was before. Returns whether the order is on a book with a price. */
  private fill(slot: number): boolean {
    const report = this.report;
    const { words, numbers } = this.state.books.orders;
    const base = slot << ORDER_SHIFT;
    const attributes = words[base | ATTRIBUTES];
    const quantity = numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    report.orderId = words[base | ID_HIGH] * TWO_32 + (words[base | ID_LOW] >>> 0);
    report.account = words[base | ACCOUNT] >>> 0;
    report.instrument = words[base | INSTRUMENT];
    report.quantity = quantity;
    report.leavesQuantity = leaves;
    report.filledQuantity = quantity - leaves;
    report.previousPrice = 0;
    report.previousLeaves = 0;
    report.source = sourceOf(attributes);
    report.side = sideOf(attributes);
    report.orderType = orderTypeOf(attributes);
    report.timeInForce = timeInForceOf(attributes);
    report.flags = (flagsOf(attributes) & PostOnly) !== 0 ? POST_ONLY : 0;
    this.fillConditions(slot, attributes);
    return this.fillPlace(slot, attributes);
  }

  private fillConditions(slot: number, attributes: number): void {
    const report = this.report;
    if ((attributes & SPECIAL) === 0) {
      report.stopPrice = 0;
      report.linkedOrderId = 0;
      report.expireTime = 0;
      return;
    }
    const { cold } = this.state;
    report.stopPrice = cold.numbers[(slot << COLD_NUMBER_SHIFT) | STOP_PRICE];
    report.expireTime = cold.numbers[(slot << COLD_NUMBER_SHIFT) | EXPIRE_TIME];
    report.linkedOrderId = 0;
    const link = cold.words[(slot << COLD_SHIFT) | LINK];
    if (link !== 0) {
      const { words } = this.state.books.orders;
      const base = link << ORDER_SHIFT;
      report.linkedOrderId = words[base | ID_HIGH] * TWO_32 + (words[base | ID_LOW] >>> 0);
    }
    report.flags |= Conditional;
  }

  /** Price and shown quantity by where the order is: on a book, waiting, or in hand. */
  private fillPlace(slot: number, attributes: number): boolean {
    const { report, state } = this;
    const { books, cold } = state;
    const priced = isPriced(orderTypeOf(attributes));
    report.price = 0;
    report.displayedQuantity = 0;
    report.previousDisplayed = 0;
    const special = (attributes & SPECIAL) !== 0;
    if (special && cold.words[(slot << COLD_SHIFT) | WAITING] !== NOT_WAITING) {
      if (priced) report.price = cold.numbers[(slot << COLD_NUMBER_SHIFT) | PRICE_OFF_BOOK];
      return false;
    }
    const level = books.orders.words[(slot << ORDER_SHIFT) | LEVEL];
    if (level === 0) {
      if (priced) report.price = state.handPrice;
      return false;
    }
    if (!priced) return false;
    report.price = books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    if (special) report.displayedQuantity = cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN];
    else report.displayedQuantity = report.leavesQuantity;
    return true;
  }

  private fromRequest(command: MatchingCommand): void {
    const report = this.report;
    report.orderId = 0;
    report.account = command.account;
    report.instrument = command.instrument;
    report.price = 0;
    report.quantity = 0;
    report.leavesQuantity = 0;
    report.filledQuantity = 0;
    report.previousPrice = 0;
    report.previousLeaves = 0;
    report.source = command.source;
    report.side = 0;
    report.orderType = 0;
    report.timeInForce = 0;
    report.flags = 0;
  }

  private send(executionType: ExecutionType, status: OrderStatus, reason: Reason, flags: number): void {
    const report = this.report;
    report.executionType = executionType;
    report.status = status;
    report.reason = reason;
    report.flags |= flags;
    this.state.events.report(report);
  }
}

/** Has an order of this type a limit price? (Market-to-limit: 0 while it has none.) */
function isPriced(orderType: number): boolean {
  return orderType !== Market && orderType !== Stop;
}
