import { EventFlags } from '../../lib/enums.js';
import { counterOf, GATEWAY_SOURCE, sourceOf } from '../../lib/order-ids.js';
import * as ExecutionReport from '../../messages/views/execution-report.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import * as Trade from '../../messages/views/trade.js';
import type { RecordReader } from '../../ring/merged-consumer.js';
import type { HistogramWriter } from '../../telemetry/histogram.js';
import { requestNumber } from './command-port.js';
import { NONE } from './id-index.js';
import type { OrderEvents } from './order-events.js';
import type { OrderStore } from './order-store.js';
import type { StatusStore } from './status-store.js';

/** Executions are numbered from 1. */
const NO_EXECUTION = 0;

/** What the intake tells the rest of the gateway. */
export interface EventSink {
  /** The answer to command `number` of this gateway; `words` and `at` hold its ExecutionReport. */
  onAnswer(number: number, words: Int32Array, at: number): void;
  /** The order at `place` changed otherwise than by a fill. */
  onReport(place: number, executionType: number, reason: number): void;
  /** Execution `number` of the order at `place`. */
  onExecution(place: number, number: number): void;
  /** Phase or auction price of an instrument changed; `words` and `at` hold the InstrumentStatus. */
  onStatus(instrument: number, words: Int32Array, at: number): void;
}

export interface EventIntakeParts {
  readonly consumer: RecordReader;
  readonly store: OrderStore;
  readonly orders: OrderEvents;
  readonly statuses: StatusStore;
  readonly sink: EventSink;
  readonly latency: HistogramWriter;
}

/**
 * Applies the event rings to the store. Events of other sources only move the sequence. After a restart what had not been
 * released is seen again and dropped by its sequence, which therefore moves together with the store, before anybody is told: an
 * event over which telling failed must not be applied twice. Each shard has a sequence of its own.
 */
export class EventIntake {
  readonly #consumer: RecordReader;
  readonly #store: OrderStore;
  readonly #orders: OrderEvents;
  readonly #statuses: StatusStore;
  readonly #sink: EventSink;
  readonly #latency: HistogramWriter;

  constructor({ consumer, store, orders, statuses, sink, latency }: EventIntakeParts) {
    this.#consumer = consumer;
    this.#store = store;
    this.#orders = orders;
    this.#statuses = statuses;
    this.#sink = sink;
    this.#latency = latency;
  }

  /** Takes in up to `limit` events; returns how many. */
  drain(limit: number, now: number): number {
    const consumer = this.#consumer;
    let count = 0;
    while (count < limit && consumer.next()) {
      count++;
      if (consumer.type === Trade.TYPE) this.#trade(consumer.words, consumer.at);
      else if (consumer.type === ExecutionReport.TYPE) this.#report(consumer.words, consumer.at, now);
      else if (consumer.type === InstrumentStatus.TYPE) this.#status(consumer.words, consumer.at);
    }
    consumer.release();
    return count;
  }

  hasWork(): boolean {
    return this.#consumer.hasNext();
  }

  backlogBytes(): number {
    return this.#consumer.backlogBytes();
  }

  #trade(words: Int32Array, at: number): void {
    const sequence = Trade.eventSequence(words, at);
    if (!this.#store.beginEvent(sequence)) return;
    const orders = this.#orders;
    const made = Trade.makerSource(words, at) === GATEWAY_SOURCE;
    const took = Trade.takerSource(words, at) === GATEWAY_SOURCE;
    const maker = made
      ? orders.fill(Trade.makerOrderId(words, at), Trade.makerLeaves(words, at), false, words, at)
      : NO_EXECUTION;
    const taker = took
      ? orders.fill(Trade.takerOrderId(words, at), Trade.takerLeaves(words, at), true, words, at)
      : NO_EXECUTION;
    this.#statuses.trade(words, at);
    this.#store.endEvent(sequence);
    this.#tell(maker);
    this.#tell(taker);
  }

  #tell(execution: number): void {
    if (execution === NO_EXECUTION) return;
    const store = this.#store;
    const orderId = store.executions.orderId[store.executionPlace(execution)];
    this.#sink.onExecution(store.find(orderId), execution);
  }

  #report(words: Int32Array, at: number, now: number): void {
    const store = this.#store;
    const sequence = ExecutionReport.eventSequence(words, at);
    if (!store.beginEvent(sequence)) return;
    const flags = ExecutionReport.flags(words, at);
    const ours = ExecutionReport.source(words, at) === GATEWAY_SOURCE;
    const place = ours ? this.#orders.report(words, at) : NONE;
    store.endEvent(sequence);
    if ((flags & EventFlags.EndOfCommand) !== 0) store.endCommand();
    if (!ours) return;
    const type = ExecutionReport.executionType(words, at);
    if (place !== NONE) this.#sink.onReport(place, type, ExecutionReport.reason(words, at));
    if ((flags & EventFlags.Answer) !== 0) this.#answer(words, at, now);
  }

  #answer(words: Int32Array, at: number, now: number): void {
    this.#latency.record(now - ExecutionReport.timestamp(words, at));
    const low = ExecutionReport.clientOrderIdLow(words, at);
    const high = ExecutionReport.clientOrderIdHigh(words, at);
    const request = requestNumber(low, high);
    const orderId = ExecutionReport.orderId(words, at);
    if (request !== 0) this.#sink.onAnswer(request, words, at);
    else if (sourceOf(orderId) === GATEWAY_SOURCE) this.#sink.onAnswer(counterOf(orderId), words, at);
  }

  #status(words: Int32Array, at: number): void {
    const sequence = InstrumentStatus.eventSequence(words, at);
    if (!this.#store.beginEvent(sequence)) return;
    const instrument = this.#statuses.apply(words, at);
    this.#store.endEvent(sequence);
    this.#sink.onStatus(instrument, words, at);
  }
}
