/** Between event records and the matching engine's own events, for readers that follow its books. Allocates nothing. */
import type { ReportEvent, StatusEvent, TradeEvent } from '../book/matching.js';
import { StatusFlags } from '../lib/enums.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as InstrumentStatus from '../messages/views/instrument-status.js';
import * as Trade from '../messages/views/trade.js';
import { readLong } from '../messages/words.js';

export function readTradeEvent(event: TradeEvent, words: Int32Array, at: number): void {
  event.instrument = Trade.instrument(words, at);
  event.price = Trade.price(words, at);
  event.quantity = Trade.quantity(words, at);
  event.tradeId = Trade.tradeId(words, at);
  event.makerOrderId = Trade.makerOrderId(words, at);
  event.takerOrderId = Trade.takerOrderId(words, at);
  event.makerLeaves = Trade.makerLeaves(words, at);
  event.takerLeaves = Trade.takerLeaves(words, at);
  event.makerAccount = Trade.makerAccount(words, at);
  event.takerAccount = Trade.takerAccount(words, at);
  event.makerSource = Trade.makerSource(words, at);
  event.takerSource = Trade.takerSource(words, at);
  event.takerSide = Trade.takerSide(words, at);
  event.flags = Trade.flags(words, at);
  const charged = Trade.isExtended(words, at);
  event.makerFee = charged ? Trade.makerFee(words, at) : 0;
  event.takerFee = charged ? Trade.takerFee(words, at) : 0;
}

export function readReportEvent(event: ReportEvent, words: Int32Array, at: number): void {
  event.orderId = ExecutionReport.orderId(words, at);
  event.account = ExecutionReport.account(words, at);
  event.instrument = ExecutionReport.instrument(words, at);
  event.price = ExecutionReport.price(words, at);
  event.quantity = ExecutionReport.quantity(words, at);
  event.leavesQuantity = ExecutionReport.leavesQuantity(words, at);
  event.filledQuantity = ExecutionReport.filledQuantity(words, at);
  event.previousPrice = ExecutionReport.previousPrice(words, at);
  event.previousLeaves = ExecutionReport.previousLeaves(words, at);
  event.executionType = ExecutionReport.executionType(words, at);
  event.status = ExecutionReport.status(words, at);
  event.reason = ExecutionReport.reason(words, at);
  event.source = ExecutionReport.source(words, at);
  event.side = ExecutionReport.side(words, at);
  event.orderType = ExecutionReport.orderType(words, at);
  event.timeInForce = ExecutionReport.timeInForce(words, at);
  event.flags = ExecutionReport.flags(words, at);
  if (ExecutionReport.isExtended(words, at)) readReportConditions(event, words, at);
}

function readReportConditions(event: ReportEvent, words: Int32Array, at: number): void {
  event.displayedQuantity = ExecutionReport.displayedQuantity(words, at);
  event.previousDisplayed = ExecutionReport.previousDisplayed(words, at);
  event.stopPrice = ExecutionReport.stopPrice(words, at);
  event.expireTime = readLong(words, at + ExecutionReport.EXPIRE_TIME_WORD);
  event.linkedOrderId = readLong(words, at + ExecutionReport.LINKED_ORDER_ID_WORD);
}

/** Prices that are not there are NaN. */
export function readStatusEvent(event: StatusEvent, words: Int32Array, at: number): void {
  const flags = InstrumentStatus.flags(words, at);
  event.instrument = InstrumentStatus.instrument(words, at);
  event.phase = InstrumentStatus.phase(words, at);
  event.previousPhase = InstrumentStatus.previousPhase(words, at);
  event.reason = InstrumentStatus.reason(words, at);
  event.indicativePrice =
    (flags & StatusFlags.Indicative) !== 0 ? InstrumentStatus.indicativePrice(words, at) : Number.NaN;
  event.indicativeQuantity = InstrumentStatus.indicativeQuantity(words, at);
  event.surplus = InstrumentStatus.surplus(words, at);
  event.lastPrice =
    (flags & StatusFlags.LastPrice) !== 0 ? InstrumentStatus.lastPrice(words, at) : Number.NaN;
  event.referencePrice =
    (flags & StatusFlags.ReferencePrice) !== 0 ? InstrumentStatus.referencePrice(words, at) : Number.NaN;
}

/** StatusFlags of the prices that are there: those that are not NaN. */
export function statusFlags({ indicativePrice, lastPrice, referencePrice }: StatusEvent): number {
  return (
    (Number.isNaN(indicativePrice) ? 0 : StatusFlags.Indicative) |
    (Number.isNaN(lastPrice) ? 0 : StatusFlags.LastPrice) |
    (Number.isNaN(referencePrice) ? 0 : StatusFlags.ReferencePrice)
  );
}
