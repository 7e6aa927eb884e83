/**
 * Writes what the plain path of the engine tells straight from the engine's records to the event ring: the same bytes as
 * EventWriter from events. Ids go over as words; nothing is joined and split again. Allocates nothing.
 */
import * as levelLayout from '../book/level-layout.js';
import type { MatchingCommand } from '../book/matching.js';
import type { OrderBooks } from '../book/order-books.js';
import * as orderLayout from '../book/order-layout.js';
import type { PlainEvents } from '../book/plain-events.js';
import { EventFlags, ExecutionType, OrderFlags, OrderStatus, OrderType, Reason } from '../lib/enums.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as Trade from '../messages/views/trade.js';
import { FULL } from '../ring/producer.js';
import type { EventWriter } from './event-writer.js';

// Bound here because V8 folds what only this module sees into the code, but loads and checks what is imported.
const NO_ROOM = FULL;
const { BYTES: TRADE_BYTES, TYPE: TRADE, encodeEvent: encodeTrade } = Trade;
const { BYTES: REPORT_BYTES, TYPE: REPORT, encodeEvent: encodeReport } = ExecutionReport;
const { Answer, Resting } = EventFlags;
/** A command's own report, and nothing after it. */
const OWN = EventFlags.EndOfCommand | Answer;
const { New, Canceled } = ExecutionType;
const { Market } = OrderType;
const { PostOnly } = OrderFlags;
const POST_ONLY = EventFlags.PostOnly;
const NO_REASON = Reason.None;
const NEW = OrderStatus.New;
const PARTIALLY_FILLED = OrderStatus.PartiallyFilled;
const FILLED = OrderStatus.Filled;
const CANCELED = OrderStatus.Canceled;
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
  timeInForceOf,
} = orderLayout;

export class PlainEventWriter implements PlainEvents {
  declare private readonly writer: EventWriter;
  declare private readonly books: OrderBooks;
  declare private readonly command: MatchingCommand;
  /** The order that takes. */
  private takerLow = 0;
  private takerHigh = 0;
  private takerAccount = 0;
  private takerAttributes = 0;
  private instrument = 0;

  constructor(writer: EventWriter, books: OrderBooks, command: MatchingCommand) {
    this.writer = writer;
    this.books = books;
    this.command = command;
  }

  takes(slot: number): void {
    const { words } = this.books.orders;
    const base = slot << ORDER_SHIFT;
    this.takerLow = words[base | ID_LOW];
    this.takerHigh = words[base | ID_HIGH];
    this.takerAccount = words[base | ACCOUNT];
    this.takerAttributes = words[base | ATTRIBUTES];
    this.instrument = words[base | INSTRUMENT];
  }

  traded(
    tradeId: number,
    maker: number,
    level: number,
    quantity: number,
    makerLeaves: number,
    takerLeaves: number,
  ): void {
    const { writer, books } = this;
    const at = writer.append(TRADE, TRADE_BYTES);
    if (at === NO_ROOM) return;
    const { words } = books.orders;
    const base = maker << ORDER_SHIFT;
    encodeTrade(
      writer.words,
      writer.doubles,
      at,
      writer.stamps,
      writer.sequenceLow,
      writer.sequenceHigh,
      writer.base + tradeId,
      books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE],
      quantity,
      words[base | ID_LOW],
      words[base | ID_HIGH],
      this.takerLow,
      this.takerHigh,
      makerLeaves,
      takerLeaves,
      words[base | ACCOUNT],
      this.takerAccount,
      this.instrument,
      words[base | ATTRIBUTES],
      this.takerAttributes,
      sideOf(this.takerAttributes),
      0,
    );
    writer.trades++;
  }

  rested(slot: number): void {
    const { writer, books, command } = this;
    const at = writer.append(REPORT, REPORT_BYTES);
    if (at === NO_ROOM) return;
    const { words, numbers } = books.orders;
    const base = slot << ORDER_SHIFT;
    const attributes = words[base | ATTRIBUTES];
    const { quantity } = command;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    encodeReport(
      writer.words,
      writer.doubles,
      at,
      writer.stamps,
      writer.sequenceLow,
      writer.sequenceHigh,
      words[base | ID_LOW],
      words[base | ID_HIGH],
      writer.clientOrderIdLow,
      writer.clientOrderIdHigh,
      command.price,
      quantity,
      leaves,
      quantity - leaves,
      0,
      0,
      words[base | ACCOUNT],
      words[base | INSTRUMENT],
      New,
      leaves === quantity ? NEW : PARTIALLY_FILLED,
      sideOf(attributes),
      orderTypeOf(attributes),
      timeInForceOf(attributes),
      NO_REASON,
      OWN | Resting | postOnly(attributes),
      attributes,
    );
    writer.reports++;
  }

  ended(slot: number, reason: Reason): void {
    const { writer, books, command } = this;
    const at = writer.append(REPORT, REPORT_BYTES);
    if (at === NO_ROOM) return;
    const { words, numbers } = books.orders;
    const base = slot << ORDER_SHIFT;
    const attributes = words[base | ATTRIBUTES];
    const { quantity, orderType } = command;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    const isFilled = reason === NO_REASON;
    encodeReport(
      writer.words,
      writer.doubles,
      at,
      writer.stamps,
      writer.sequenceLow,
      writer.sequenceHigh,
      words[base | ID_LOW],
      words[base | ID_HIGH],
      writer.clientOrderIdLow,
      writer.clientOrderIdHigh,
      orderType === Market ? 0 : command.price,
      quantity,
      0,
      quantity - leaves,
      0,
      leaves,
      words[base | ACCOUNT],
      words[base | INSTRUMENT],
      isFilled ? New : Canceled,
      isFilled ? FILLED : CANCELED,
      sideOf(attributes),
      orderType,
      timeInForceOf(attributes),
      reason,
      OWN | postOnly(attributes),
      attributes,
    );
    writer.reports++;
  }

  canceled(slot: number, reason: Reason, flags: number): void {
    const { writer, books } = this;
    const at = writer.append(REPORT, REPORT_BYTES);
    if (at === NO_ROOM) return;
    const { words, numbers } = books.orders;
    const base = slot << ORDER_SHIFT;
    const attributes = words[base | ATTRIBUTES];
    const quantity = numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    const isAnswer = (flags & Answer) !== 0;
    encodeReport(
      writer.words,
      writer.doubles,
      at,
      writer.stamps,
      writer.sequenceLow,
      writer.sequenceHigh,
      words[base | ID_LOW],
      words[base | ID_HIGH],
      isAnswer ? writer.clientOrderIdLow : 0,
      isAnswer ? writer.clientOrderIdHigh : 0,
      books.levels.numbers[(words[base | LEVEL] << LEVEL_NUMBER_SHIFT) | PRICE],
      quantity,
      0,
      quantity - leaves,
      0,
      leaves,
      words[base | ACCOUNT],
      words[base | INSTRUMENT],
      Canceled,
      CANCELED,
      sideOf(attributes),
      orderTypeOf(attributes),
      timeInForceOf(attributes),
      reason,
      flags | Resting | postOnly(attributes),
      attributes,
    );
    writer.reports++;
  }
}

function postOnly(attributes: number): number {
  return (flagsOf(attributes) & PostOnly) !== 0 ? POST_ONLY : 0;
}
