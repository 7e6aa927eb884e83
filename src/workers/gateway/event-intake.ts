import { EventFlags, ExecutionType, OrderStatus } from '../../lib/enums.js';
import { counterOf, GATEWAY_SOURCE, sourceOf } from '../../lib/order-ids.js';
import * as ExecutionReport from '../../messages/views/execution-report.js';
import * as Trade from '../../messages/views/trade.js';
import type { RingConsumer } from '../../ring/consumer.js';
import type { HistogramWriter } from '../../telemetry/histogram.js';
import { requestNumber } from './command-port.js';
import { NONE, type OrderStore } from './order-store.js';

/** Executions are numbered from 1. */
const NO_EXECUTION = 0;

/** What the intake tells the rest of the gateway. */
export interface EventSink {
  /** The end of command `number` of this gateway; `words` and `at` hold its ExecutionReport. */
  onAnswer(number: number, words: Int32Array, at: number): void;
  /** The order at `place` changed otherwise than by a fill. */
  onReport(place: number, executionType: number, reason: number): void;
  /** Execution `number` of the order at `place`. */
  onExecution(place: number, number: number): void;
}

/**
 * Applies the event ring to the store. Events of other sources only move the sequence. After a restart what had not been
 * released is seen again and dropped by its sequence, which therefore moves together with the store, before anybody is told: an
 * event over which telling failed must not be applied twice.
 */
export class EventIntake {
  readonly #consumer: RingConsumer;
  readonly #store: OrderStore;
  readonly #sink: EventSink;
  readonly #latency: HistogramWriter;

  constructor(consumer: RingConsumer, store: OrderStore, sink: EventSink, latency: HistogramWriter) {
    this.#consumer = consumer;
    this.#store = store;
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
    if (sequence <= this.#store.eventSequence) return;
    const made = Trade.makerSource(words, at) === GATEWAY_SOURCE;
    const took = Trade.takerSource(words, at) === GATEWAY_SOURCE;
    const maker = made
      ? this.#fill(Trade.makerOrderId(words, at), Trade.makerLeaves(words, at), false, words, at)
      : NO_EXECUTION;
    const taker = took
      ? this.#fill(Trade.takerOrderId(words, at), Trade.takerLeaves(words, at), true, words, at)
      : NO_EXECUTION;
    this.#store.setEventSequence(sequence);
    this.#tell(maker);
    this.#tell(taker);
  }

  /** Returns the number of the execution. */
  #fill(orderId: number, leaves: number, taker: boolean, words: Int32Array, at: number): number {
    const store = this.#store;
    const place = store.find(orderId);
    if (place === NONE) return NO_EXECUTION;
    const number = store.addExecution(
      place,
      Trade.tradeId(words, at),
      Trade.price(words, at),
      Trade.quantity(words, at),
      leaves,
      taker,
      Trade.timestamp(words, at),
    );
    store.setStatus(place, leaves === 0 ? OrderStatus.Filled : OrderStatus.PartiallyFilled, 0);
    return number;
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
    if (sequence <= store.eventSequence) return;
    if (ExecutionReport.source(words, at) !== GATEWAY_SOURCE) {
      store.setEventSequence(sequence);
      return;
    }
    const place = store.find(ExecutionReport.orderId(words, at));
    const type = ExecutionReport.executionType(words, at);
    if (place !== NONE && type !== ExecutionType.CancelRejected) this.#apply(place, type, words, at);
    store.setEventSequence(sequence);
    if (place !== NONE) this.#sink.onReport(place, type, ExecutionReport.reason(words, at));
    this.#answer(words, at, now);
  }

  #apply(place: number, type: number, words: Int32Array, at: number): void {
    const store = this.#store;
    const { orders } = store;
    if (type !== ExecutionType.Rejected) {
      orders.price[place] = ExecutionReport.price(words, at);
      orders.quantity[place] = ExecutionReport.quantity(words, at);
    }
    orders.leaves[place] = ExecutionReport.leavesQuantity(words, at);
    orders.updated[place] = ExecutionReport.timestamp(words, at);
    store.setStatus(place, ExecutionReport.status(words, at), ExecutionReport.reason(words, at));
  }

  #answer(words: Int32Array, at: number, now: number): void {
    if ((ExecutionReport.flags(words, at) & EventFlags.EndOfCommand) === 0) return;
    this.#latency.record(now - ExecutionReport.timestamp(words, at));
    const low = ExecutionReport.clientOrderIdLow(words, at);
    const high = ExecutionReport.clientOrderIdHigh(words, at);
    const request = requestNumber(low, high);
    const orderId = ExecutionReport.orderId(words, at);
    if (request !== 0) this.#sink.onAnswer(request, words, at);
    else if (sourceOf(orderId) === GATEWAY_SOURCE) this.#sink.onAnswer(counterOf(orderId), words, at);
  }
}
