import { EventFlags, ExecutionType, Side } from '../lib/enums.js';
import { FIRST_STRATEGY_SOURCE } from '../lib/order-ids.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as Trade from '../messages/views/trade.js';
import type { RecordReader } from '../ring/merged-consumer.js';
import type { FillView, ReportView } from '../strategies/strategy.js';
import type { StrategyHost } from '../strategies/strategy-host.js';
import type { CounterWriter } from '../telemetry/board.js';
import type { HistogramWriter } from '../telemetry/histogram.js';
import { counterIds } from '../telemetry/registry.js';
import type { AgentContext } from './context.js';
import { openEvents } from './event-rings.js';

const COUNTERS = counterIds('strategies');

/** A fill and a report as they were read; reused. Wide fields start as NaN so that V8 keeps them unboxed. */
class OwnFill implements FillView {
  instrument = 0;
  side = 0;
  maker = false;
  auction = false;
  orderId = Number.NaN;
  tradeId = Number.NaN;
  timestamp = Number.NaN;
  price = Number.NaN;
  quantity = Number.NaN;
  leaves = Number.NaN;
  fee = Number.NaN;
}

class OwnReport implements ReportView {
  instrument = 0;
  executionType = 0;
  status = 0;
  reason = 0;
  side = 0;
  orderId = Number.NaN;
  timestamp = Number.NaN;
  price = Number.NaN;
  quantity = Number.NaN;
  leaves = Number.NaN;
  filled = Number.NaN;
  orderType = 0;
  timeInForce = 0;
  flags = 0;
  displayedQuantity = Number.NaN;
  stopPrice = Number.NaN;
  expireTime = Number.NaN;
  linkedOrderId = Number.NaN;
}

/** Reads the event rings and hands each strategy what is about its own orders. */
export class OwnEventReader {
  readonly #events: RecordReader;
  /** By source number, counted from FIRST_STRATEGY_SOURCE; the agent adds to it before the first event. */
  readonly #hosts: readonly StrategyHost[];
  readonly #counters: CounterWriter;
  readonly #latency: HistogramWriter;
  readonly #fill = new OwnFill();
  readonly #report = new OwnReport();

  constructor(context: AgentContext, hosts: readonly StrategyHost[]) {
    this.#events = openEvents(context);
    this.#hosts = hosts;
    this.#counters = context.counters;
    this.#latency = context.histogram('risk_to_strategy');
  }

  hasNext(): boolean {
    return this.#events.hasNext();
  }

  /** Takes up to `limit` events; returns how many. */
  drain(limit: number, now: number): number {
    const events = this.#events;
    let taken = 0;
    for (; taken < limit && events.next(); taken++) {
      if (events.type === Trade.TYPE) this.#onTrade(events.words, events.at, now);
      else if (events.type === ExecutionReport.TYPE) this.#onReport(events.words, events.at, now);
    }
    events.release();
    return taken;
  }

  /** One record is the fill of both sides; each may be ours. */
  #onTrade(words: Int32Array, at: number, now: number): void {
    const maker = this.#hostOf(Trade.makerSource(words, at));
    const taker = this.#hostOf(Trade.takerSource(words, at));
    if (maker === undefined && taker === undefined) return;
    const fill = this.#fill;
    const takerSide = Trade.takerSide(words, at);
    fill.instrument = Trade.instrument(words, at);
    fill.tradeId = Trade.tradeId(words, at);
    fill.timestamp = Trade.timestamp(words, at);
    fill.price = Trade.price(words, at);
    fill.quantity = Trade.quantity(words, at);
    fill.auction = (Trade.flags(words, at) & EventFlags.Auction) !== 0;
    const charged = Trade.isExtended(words, at);
    if (maker !== undefined) {
      fill.maker = true;
      fill.side = takerSide === Side.Buy ? Side.Sell : Side.Buy;
      fill.orderId = Trade.makerOrderId(words, at);
      fill.leaves = Trade.makerLeaves(words, at);
      fill.fee = charged ? Trade.makerFee(words, at) : 0;
      this.#counters.add(COUNTERS.fills_total, 1);
      maker.onFill(fill, now);
    }
    if (taker !== undefined) {
      fill.maker = false;
      fill.side = takerSide;
      fill.orderId = Trade.takerOrderId(words, at);
      fill.leaves = Trade.takerLeaves(words, at);
      fill.fee = charged ? Trade.takerFee(words, at) : 0;
      this.#counters.add(COUNTERS.fills_total, 1);
      taker.onFill(fill, now);
    }
  }

  #onReport(words: Int32Array, at: number, now: number): void {
    const host = this.#hostOf(ExecutionReport.source(words, at));
    // Completed ends a command, which strategies have no need to know.
    if (host === undefined || ExecutionReport.executionType(words, at) === ExecutionType.Completed) return;
    const report = this.#report;
    report.instrument = ExecutionReport.instrument(words, at);
    report.executionType = ExecutionReport.executionType(words, at);
    report.status = ExecutionReport.status(words, at);
    report.reason = ExecutionReport.reason(words, at);
    report.side = ExecutionReport.side(words, at);
    report.orderId = ExecutionReport.orderId(words, at);
    report.timestamp = ExecutionReport.timestamp(words, at);
    report.price = ExecutionReport.price(words, at);
    report.quantity = ExecutionReport.quantity(words, at);
    report.leaves = ExecutionReport.leavesQuantity(words, at);
    report.filled = ExecutionReport.filledQuantity(words, at);
    report.orderType = ExecutionReport.orderType(words, at);
    report.timeInForce = ExecutionReport.timeInForce(words, at);
    report.flags = ExecutionReport.flags(words, at);
    const conditional = ExecutionReport.isExtended(words, at);
    report.displayedQuantity = conditional ? ExecutionReport.displayedQuantity(words, at) : 0;
    report.stopPrice = conditional ? ExecutionReport.stopPrice(words, at) : 0;
    report.expireTime = conditional ? ExecutionReport.expireTime(words, at) : 0;
    report.linkedOrderId = conditional ? ExecutionReport.linkedOrderId(words, at) : 0;
    const type = report.executionType;
    if (type === ExecutionType.Rejected || type === ExecutionType.CancelRejected) {
      this.#counters.add(COUNTERS.rejects_total, 1);
    }
    this.#latency.record(now - report.timestamp);
    host.onExecutionReport(report, now);
  }

  #hostOf(source: number): StrategyHost | undefined {
    const index = source - FIRST_STRATEGY_SOURCE;
    return index >= 0 && index < this.#hosts.length ? this.#hosts[index] : undefined;
  }
}
