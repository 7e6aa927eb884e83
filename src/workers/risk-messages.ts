/** Between ring records and the risk engine's own records. Allocates nothing. */
import {
  ConditionFlags,
  EventFlags,
  ExecutionType,
  OrderFlags,
  OrderStatus,
  type Reason,
} from '../lib/enums.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as PositionUpdate from '../messages/views/position-update.js';
import * as SetPhase from '../messages/views/set-phase.js';
import * as Trade from '../messages/views/trade.js';
import { readLong } from '../messages/words.js';
import { FILLED, INSTRUMENT, ORDER_NUMBERS, ORDER_WORDS, PRICE, SIDE, TOTAL } from '../risk/open-orders.js';
import {
  BOUGHT,
  EVENT_SEQUENCE,
  OPEN_BUY,
  OPEN_SELL,
  POSITION_CELLS,
  QUANTITY,
  SOLD,
  TIMESTAMP,
} from '../risk/positions.js';
import type { RiskCommand, RiskReport, RiskTrade } from '../risk/records.js';
import type { RiskEngine } from '../risk/risk-engine.js';

const TWO_32 = 4294967296;
const { StopPrice, TakeProfit, StopLoss, StopLossLimit } = ConditionFlags;

/** Room that any answer to a command fits into: the refusal, or the command itself at its longest. */
export const LONGEST_ANSWER = Math.max(
  ExecutionReport.BYTES,
  NewOrder.EXTENDED_BYTES,
  AmendOrder.EXTENDED_BYTES,
);

/** Payload bytes of the command at `at`, in the form that it says it has; -1 when the type is no command. */
export function commandBytes(type: number, words: Int32Array, at: number): number {
  switch (type) {
    case NewOrder.TYPE:
      return NewOrder.isExtended(words, at) ? NewOrder.EXTENDED_BYTES : NewOrder.BYTES;
    case CancelOrder.TYPE:
      return CancelOrder.BYTES;
    case AmendOrder.TYPE:
      return AmendOrder.isExtended(words, at) ? AmendOrder.EXTENDED_BYTES : AmendOrder.BYTES;
    case MassCancel.TYPE:
      return MassCancel.BYTES;
    case SetPhase.TYPE:
      return SetPhase.BYTES;
    default:
      return -1;
  }
}

/** Instrument of the order that the engine has in hand. */
export function instrumentOf(engine: RiskEngine): number {
  return engine.state.orders.words[engine.entry * ORDER_WORDS + INSTRUMENT];
}

export function readNewOrder(command: RiskCommand, words: Int32Array, at: number): void {
  command.received = readLong(words, at + NewOrder.RECEIVED_WORD);
  command.orderIdLow = words[at + NewOrder.ORDER_ID_WORD];
  command.orderIdHigh = words[at + NewOrder.ORDER_ID_WORD + 1];
  command.clientOrderIdLow = NewOrder.clientOrderIdLow(words, at);
  command.clientOrderIdHigh = NewOrder.clientOrderIdHigh(words, at);
  command.price = NewOrder.price(words, at);
  command.quantity = NewOrder.quantity(words, at);
  command.account = NewOrder.account(words, at);
  command.instrument = NewOrder.instrument(words, at);
  command.source = NewOrder.source(words, at);
  command.side = NewOrder.side(words, at);
  command.orderType = NewOrder.orderType(words, at);
  command.timeInForce = NewOrder.timeInForce(words, at);
  command.flags = NewOrder.flags(words, at);
  command.selfTradePrevention = NewOrder.selfTradePrevention(words, at);
  command.conditional = 0;
  if (NewOrder.isExtended(words, at)) readConditions(command, words, at);
}

/** What risk needs of them; how much shows and when the order expires makes no difference to it. */
function readConditions(command: RiskCommand, words: Int32Array, at: number): void {
  const present = NewOrder.present(words, at);
  command.conditional = 1;
  command.stopPrice = (present & StopPrice) !== 0 ? NewOrder.stopPrice(words, at) : Number.NaN;
  command.linkedOrderIdLow = words[at + NewOrder.LINKED_ORDER_ID_WORD];
  command.linkedOrderIdHigh = words[at + NewOrder.LINKED_ORDER_ID_WORD + 1];
  command.contingency = NewOrder.contingency(words, at);
  command.takeProfitPrice = (present & TakeProfit) !== 0 ? NewOrder.takeProfitPrice(words, at) : Number.NaN;
  command.stopLossPrice = (present & StopLoss) !== 0 ? NewOrder.stopLossPrice(words, at) : Number.NaN;
  command.stopLossLimitPrice =
    (present & StopLossLimit) !== 0 ? NewOrder.stopLossLimitPrice(words, at) : Number.NaN;
}

export function readAmendOrder(command: RiskCommand, words: Int32Array, at: number): void {
  command.received = readLong(words, at + AmendOrder.RECEIVED_WORD);
  command.orderIdLow = words[at + AmendOrder.ORDER_ID_WORD];
  command.orderIdHigh = words[at + AmendOrder.ORDER_ID_WORD + 1];
  command.clientOrderIdLow = AmendOrder.clientOrderIdLow(words, at);
  command.clientOrderIdHigh = AmendOrder.clientOrderIdHigh(words, at);
  command.price = AmendOrder.price(words, at);
  command.quantity = AmendOrder.quantity(words, at);
  command.account = AmendOrder.account(words, at);
  command.instrument = AmendOrder.instrument(words, at);
  command.source = AmendOrder.source(words, at);
  clearTerms(command);
  if (!AmendOrder.isExtended(words, at)) return;
  command.conditional = 1;
  const given = (AmendOrder.present(words, at) & StopPrice) !== 0;
  command.stopPrice = given ? AmendOrder.stopPrice(words, at) : Number.NaN;
  command.contingency = 0;
  command.takeProfitPrice = Number.NaN;
  command.stopLossPrice = Number.NaN;
  command.stopLossLimitPrice = Number.NaN;
}

export function readCancelOrder(command: RiskCommand, words: Int32Array, at: number): void {
  command.received = readLong(words, at + CancelOrder.RECEIVED_WORD);
  command.orderIdLow = words[at + CancelOrder.ORDER_ID_WORD];
  command.orderIdHigh = words[at + CancelOrder.ORDER_ID_WORD + 1];
  command.clientOrderIdLow = CancelOrder.clientOrderIdLow(words, at);
  command.clientOrderIdHigh = CancelOrder.clientOrderIdHigh(words, at);
  command.price = 0;
  command.quantity = 0;
  command.account = CancelOrder.account(words, at);
  command.instrument = CancelOrder.instrument(words, at);
  command.source = CancelOrder.source(words, at);
  clearTerms(command);
}

export function readMassCancel(command: RiskCommand, words: Int32Array, at: number): void {
  command.received = readLong(words, at + MassCancel.RECEIVED_WORD);
  command.orderIdLow = 0;
  command.orderIdHigh = 0;
  command.clientOrderIdLow = MassCancel.clientOrderIdLow(words, at);
  command.clientOrderIdHigh = MassCancel.clientOrderIdHigh(words, at);
  command.price = 0;
  command.quantity = 0;
  command.account = MassCancel.account(words, at);
  command.instrument = MassCancel.instrument(words, at);
  command.source = MassCancel.source(words, at);
  clearTerms(command);
  command.side = MassCancel.side(words, at);
}

function clearTerms(command: RiskCommand): void {
  command.side = 0;
  command.orderType = 0;
  command.timeInForce = 0;
  command.flags = 0;
  command.selfTradePrevention = 0;
  command.conditional = 0;
}

export function readTrade(trade: RiskTrade, words: Int32Array, at: number): void {
  trade.eventSequence = Trade.eventSequence(words, at);
  trade.timestamp = readLong(words, at + Trade.TIMESTAMP_WORD);
  trade.price = Trade.price(words, at);
  trade.quantity = Trade.quantity(words, at);
  trade.instrument = Trade.instrument(words, at);
  trade.takerSide = Trade.takerSide(words, at);
  trade.flags = Trade.flags(words, at);
  trade.makerAccount = Trade.makerAccount(words, at);
  trade.takerAccount = Trade.takerAccount(words, at);
  trade.makerOrderIdLow = words[at + Trade.MAKER_ORDER_ID_WORD];
  trade.makerOrderIdHigh = words[at + Trade.MAKER_ORDER_ID_WORD + 1];
  trade.takerOrderIdLow = words[at + Trade.TAKER_ORDER_ID_WORD];
  trade.takerOrderIdHigh = words[at + Trade.TAKER_ORDER_ID_WORD + 1];
  trade.makerLeaves = Trade.makerLeaves(words, at);
  trade.takerLeaves = Trade.takerLeaves(words, at);
  const hasFees = Trade.isExtended(words, at);
  trade.makerFee = hasFees ? Trade.makerFee(words, at) : 0;
  trade.takerFee = hasFees ? Trade.takerFee(words, at) : 0;
}

export function readReport(report: RiskReport, words: Int32Array, at: number): void {
  report.sequence = ExecutionReport.sequence(words, at);
  report.orderIdLow = words[at + ExecutionReport.ORDER_ID_WORD];
  report.orderIdHigh = words[at + ExecutionReport.ORDER_ID_WORD + 1];
  report.executionType = ExecutionReport.executionType(words, at);
  report.reason = ExecutionReport.reason(words, at);
  report.price = ExecutionReport.price(words, at);
  report.quantity = ExecutionReport.quantity(words, at);
  report.leavesQuantity = ExecutionReport.leavesQuantity(words, at);
  report.stopPrice = ExecutionReport.isExtended(words, at) ? ExecutionReport.stopPrice(words, at) : 0;
}

/**
 * Writes the answer to a command that risk refused. An amend or cancel of an own open order shows that order as risk
 * knows it; anything else echoes the request, so that nobody learns about another's order. The caller stamps the time.
 */
export function encodeRefusal(
  words: Int32Array,
  at: number,
  engine: RiskEngine,
  isNewOrder: boolean,
  own: number,
  reason: Reason,
): void {
  const { command, state } = engine;
  const { orders } = state;
  const known = own >= 0;
  const total = known ? orders.numbers[own * ORDER_NUMBERS + TOTAL] : command.quantity;
  const filled = known ? orders.numbers[own * ORDER_NUMBERS + FILLED] : 0;
  const openStatus = filled === 0 ? OrderStatus.New : OrderStatus.PartiallyFilled;
  ExecutionReport.encode(
    words,
    at,
    0,
    0,
    0,
    0,
    0,
    command.clientOrderIdLow,
    command.clientOrderIdHigh,
    known ? orders.numbers[own * ORDER_NUMBERS + PRICE] : command.price,
    total,
    known ? total - filled : 0,
    filled,
    0,
    0,
    command.account,
    known ? orders.words[own * ORDER_WORDS + INSTRUMENT] : command.instrument,
    isNewOrder ? ExecutionType.Rejected : ExecutionType.CancelRejected,
    known ? openStatus : OrderStatus.Rejected,
    known ? orders.words[own * ORDER_WORDS + SIDE] : command.side,
    command.orderType,
    command.timeInForce,
    reason,
    EventFlags.EndOfCommand |
      EventFlags.Answer |
      ((command.flags & OrderFlags.PostOnly) !== 0 ? EventFlags.PostOnly : 0),
    command.source,
  );
  // Wide numbers go in as words: as arguments they might be boxed.
  const received = command.received;
  words[at + ExecutionReport.RECEIVED_WORD] = received;
  words[at + ExecutionReport.RECEIVED_WORD + 1] = (received - (received >>> 0)) / TWO_32;
  words[at + ExecutionReport.ORDER_ID_WORD] = command.orderIdLow;
  words[at + ExecutionReport.ORDER_ID_WORD + 1] = command.orderIdHigh;
}

/** Writes a position as it is now. */
export function encodePosition(
  words: Int32Array,
  at: number,
  sequence: number,
  engine: RiskEngine,
  position: number,
  account: number,
): void {
  const { positions, reference, instruments } = engine.state;
  const { cells } = positions;
  const cell = position * POSITION_CELLS;
  const instrument = position % instruments;
  PositionUpdate.encode(
    words,
    at,
    sequence,
    cells[cell + EVENT_SEQUENCE],
    cells[cell + TIMESTAMP],
    cells[cell + QUANTITY],
    cells[cell + BOUGHT],
    cells[cell + SOLD],
    cells[cell + OPEN_BUY],
    cells[cell + OPEN_SELL],
    positions.averagePrice(position),
    positions.realizedProfit(position),
    reference[instrument],
    account,
    instrument,
  );
}
