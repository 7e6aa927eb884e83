/** From event records to the matching engine's own events, for readers that follow its books. Allocates nothing. */
import type { ReportEvent, TradeEvent } from '../book/matching.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as Trade from '../messages/views/trade.js';

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
}
