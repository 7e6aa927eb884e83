/** Fills in the execution reports of the matching engine and hands them to the sink. Allocates nothing. */
import { EventFlags, ExecutionType, OrderFlags, OrderStatus, OrderType, Reason } from '../lib/enums.js';
import * as levelLayout from './level-layout.js';
import { type MatchingCommand, type MatchingEvents, ReportEvent, TradeEvent } from './matching.js';
import type { OrderBooks } from './order-books.js';
import * as orderLayout from './order-layout.js';
import type { PlainEvents } from './plain-events.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Resting } = EventFlags;
/** A command's own report, and nothing after it. */
const OWN = EventFlags.EndOfCommand | EventFlags.Answer;
const { New, Canceled, Replaced, Rejected, CancelRejected } = ExecutionType;
const { Market } = OrderType;
const { PostOnly } = OrderFlags;
const NO_REASON = Reason.None;
const POST_ONLY = EventFlags.PostOnly;
const NEW = OrderStatus.New;
const PARTIALLY_FILLED = OrderStatus.PartiallyFilled;
const FILLED = OrderStatus.Filled;
const CANCELED = OrderStatus.Canceled;
const REFUSED = OrderStatus.Rejected;
const { LEVEL_NUMBER_SHIFT, PRICE } = levelLayout;
const {
  ACCOUNT,
  ATTRIBUTES,
  flagsOf,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  joinWords,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  orderTypeOf,
  QUANTITY,
  sideOf,
  sourceOf,
  timeInForceOf,
} = orderLayout;

export class ReportWriter implements PlainEvents {
  declare private readonly events: MatchingEvents;
  declare private readonly books: OrderBooks;
  declare private readonly command: MatchingCommand;
  private readonly report = new ReportEvent();
  private readonly trade = new TradeEvent();

  constructor(books: OrderBooks, command: MatchingCommand, events: MatchingEvents) {
    this.books = books;
    this.command = command;
    this.events = events;
    // flags stay 0: a trade of the plain path never ends a command, and its taker is not on the book.
    this.trade.makerFee = 0;
    this.trade.takerFee = 0;
  }

  takes(slot: number): void {
    const { command, trade } = this;
    const { words } = this.books.orders;
    const attributes = words[(slot << ORDER_SHIFT) | ATTRIBUTES];
    trade.instrument = words[(slot << ORDER_SHIFT) | INSTRUMENT];
    trade.takerOrderId = command.orderId;
    trade.takerAccount = command.account;
    trade.takerSource = sourceOf(attributes);
    trade.takerSide = sideOf(attributes);
  }

  traded(
    tradeId: number,
    maker: number,
    level: number,
    quantity: number,
    makerLeaves: number,
    takerLeaves: number,
  ): void {
    const { books, trade } = this;
    const { words } = books.orders;
    const base = maker << ORDER_SHIFT;
    trade.tradeId = tradeId;
    trade.price = books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    trade.quantity = quantity;
    trade.makerOrderId = joinWords(words[base | ID_LOW], words[base | ID_HIGH]);
    trade.makerLeaves = makerLeaves;
    trade.takerLeaves = takerLeaves;
    trade.makerAccount = words[base | ACCOUNT] >>> 0;
    trade.makerSource = sourceOf(words[base | ATTRIBUTES]);
    this.events.trade(trade);
  }

  /** New order refused. */
  rejectNew(command: MatchingCommand, reason: Reason): void {
    this.fromCommand(command);
    this.report.leavesQuantity = 0;
    this.report.filledQuantity = 0;
    this.send(Rejected, REFUSED, reason, OWN);
  }

  rested(slot: number): void {
    const report = this.report;
    this.fromCommand(this.command);
    report.leavesQuantity = this.books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    report.filledQuantity = report.quantity - report.leavesQuantity;
    this.send(New, this.openStatus(), NO_REASON, OWN | Resting);
  }

  ended(slot: number, reason: Reason): void {
    const report = this.report;
    this.fromCommand(this.command);
    const leaves = this.books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    report.leavesQuantity = 0;
    report.filledQuantity = report.quantity - leaves;
    report.previousLeaves = leaves;
    if (reason === NO_REASON) this.send(New, FILLED, reason, OWN);
    else this.send(Canceled, CANCELED, reason, OWN);
  }

  canceled(slot: number, reason: Reason, flags: number): void {
    this.fromOrder(slot);
    this.takePrice(slot);
    this.report.previousLeaves = this.report.leavesQuantity;
    this.report.leavesQuantity = 0;
    this.send(Canceled, CANCELED, reason, flags | Resting);
  }

  /** Notes price and leaves before an amend changes them; {@link replaced} completes the report. */
  beforeReplace(slot: number): void {
    const { words, numbers } = this.books.orders;
    const level = words[(slot << ORDER_SHIFT) | LEVEL];
    this.report.previousPrice = this.books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    this.report.previousLeaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
  }

  /** What {@link beforeReplace} noted. */
  get previousPrice(): number {
    return this.report.previousPrice;
  }

  get previousLeaves(): number {
    return this.report.previousLeaves;
  }

  /** Order amended to what the command says. */
  replaced(slot: number, command: MatchingCommand): void {
    const report = this.report;
    const previousPrice = report.previousPrice;
    const previousLeaves = report.previousLeaves;
    this.fromOrder(slot);
    report.price = command.price;
    report.previousPrice = previousPrice;
    report.previousLeaves = previousLeaves;
    const open = report.leavesQuantity > 0;
    const flags = open ? OWN | Resting : OWN;
    this.send(Replaced, open ? this.openStatus() : FILLED, NO_REASON, flags);
  }

  /** Amend or cancel of a live order refused: the order stays as it is. */
  refuse(slot: number, reason: Reason): void {
    this.fromOrder(slot);
    this.takePrice(slot);
    this.send(CancelRejected, this.openStatus(), reason, OWN);
  }

  /** Amend or cancel of an unknown order refused. */
  refuseRequest(command: MatchingCommand, reason: Reason): void {
    this.fromRequest(command);
    this.report.orderId = command.orderId;
    this.send(CancelRejected, REFUSED, reason, OWN);
  }

  /** All but leaves and filled quantity. */
  private fromCommand(command: MatchingCommand): void {
    const report = this.report;
    report.orderId = command.orderId;
    report.account = command.account;
    report.instrument = command.instrument;
    report.price = command.orderType === Market ? 0 : command.price;
    report.quantity = command.quantity;
    report.previousPrice = 0;
    report.previousLeaves = 0;
    report.source = command.source;
    report.side = command.side;
    report.orderType = command.orderType;
    report.timeInForce = command.timeInForce;
    report.flags = (command.flags & PostOnly) !== 0 ? POST_ONLY : 0;
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

  /** All but the price, which only a resting order's level knows. */
  private fromOrder(slot: number): void {
    const report = this.report;
    const { words, numbers } = this.books.orders;
    const base = slot << ORDER_SHIFT;
    const attributes = words[base | ATTRIBUTES];
    const quantity = numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    report.orderId = joinWords(words[base | ID_LOW], words[base | ID_HIGH]);
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
  }

  private takePrice(slot: number): void {
    const level = this.books.orders.words[(slot << ORDER_SHIFT) | LEVEL];
    this.report.price = this.books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
  }

  private openStatus(): OrderStatus {
    return this.report.filledQuantity === 0 ? NEW : PARTIALLY_FILLED;
  }

  private send(executionType: ExecutionType, status: OrderStatus, reason: Reason, flags: number): void {
    const report = this.report;
    report.executionType = executionType;
    report.status = status;
    report.reason = reason;
    report.flags |= flags;
    this.events.report(report);
  }
}
