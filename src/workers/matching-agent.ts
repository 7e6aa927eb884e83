import type { Agent } from '../agent/agent.js';
import type { MatchingEvents, ReportEvent, TradeEvent } from '../book/matching.js';
import { MatchingEngine } from '../book/matching-engine.js';
import { assert } from '../lib/assert.js';
import { EventFlags } from '../lib/enums.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as Trade from '../messages/views/trade.js';
import { readLong } from '../messages/words.js';
import type { RingConsumer } from '../ring/consumer.js';
import { FULL, type RingProducer } from '../ring/producer.js';
import type { CounterWriter } from '../telemetry/board.js';
import type { HistogramWriter } from '../telemetry/histogram.js';
import { counterIds } from '../telemetry/registry.js';
import { openOrderCapacity } from './capacities.js';
import type { AgentContext, AgentFactory } from './context.js';

const C = counterIds('matching');

const TWO_32 = 4294967296;

/**
 * Sequence, timestamp and received stand together in every command and event. They, and order ids, are handled as
 * words: numbers above 2^31 are boxed wherever V8 does not inline the call that they are passed to.
 */
const STAMP_WORDS = 6;
const COMMAND_STAMPS = NewOrder.SEQUENCE_WORD;
const EVENT_STAMPS = Trade.SEQUENCE_WORD;
for (const view of [NewOrder, AmendOrder, CancelOrder, MassCancel, Trade, ExecutionReport]) {
  const isEvent = view === Trade || view === ExecutionReport;
  const first: number = isEvent ? EVENT_STAMPS : COMMAND_STAMPS;
  assert(
    view.SEQUENCE_WORD === first && view.TIMESTAMP_WORD === first + 2 && view.RECEIVED_WORD === first + 4,
    'messages: sequence, timestamp and received must stand together',
  );
}

/** Commands of a duty cycle at most. */
const COMMAND_BURST = 256;

/**
 * Applies sequenced commands to the matching engine and writes what happens to the event ring, with event sequence
 * numbers that have no gap. A pure function of its input: the time in a record is the time that risk stamped, the
 * clock is only measured against. When the event ring is full it waits for room: commands then wait in `sequenced`.
 */
class MatchingAgent implements Agent, MatchingEvents {
  readonly name = 'matching';
  readonly #context: AgentContext;
  readonly #engine: MatchingEngine;
  readonly #sequenced: RingConsumer;
  readonly #events: RingProducer;
  readonly #counters: CounterWriter;
  readonly #riskToMatching: HistogramWriter;
  /** Event sequence of the last event, and time of the duty cycle; they start as doubles so that they stay so in place. */
  #eventSequence = Number.NaN;
  #now = Number.NaN;
  /** Sequence, timestamp and received of the command in hand, as its events repeat them. */
  readonly #stamps = new Int32Array(STAMP_WORDS);
  #clientOrderIdLow = 0;
  #clientOrderIdHigh = 0;
  #trades = 0;
  #reports = 0;
  /** Room will not come any more: the process stops at once, and what happens now stays untold. */
  #abandoned = false;

  constructor(context: AgentContext) {
    const orders = openOrderCapacity(context.config);
    this.#context = context;
    // A taker needs a record and a level while the books are full.
    const capacities = { instruments: context.instruments.count, orders: orders + 1, levels: orders + 1 };
    this.#engine = new MatchingEngine(capacities, this);
    this.#sequenced = context.consumer('sequenced');
    this.#events = context.producer('events');
    this.#counters = context.counters;
    this.#riskToMatching = context.histogram('risk_to_matching');
    this.#eventSequence = 0;
  }

  doWork(now: number): number {
    const sequenced = this.#sequenced;
    this.#now = now;
    let taken = 0;
    for (; taken < COMMAND_BURST && !this.#abandoned && sequenced.next(); taken++) this.#apply(sequenced);
    if (taken === 0) return 0;
    sequenced.release();
    this.#events.publish();
    this.#count(taken);
    return taken;
  }

  hasWork(): boolean {
    return this.#sequenced.hasNext();
  }

  /** For tests: the state behind the agent. */
  get engine(): MatchingEngine {
    return this.#engine;
  }

  #apply(sequenced: RingConsumer): void {
    const { words, at } = sequenced;
    if (sequenced.type === ExecutionReport.TYPE) {
      this.#passOn(words, at);
      return;
    }
    for (let i = 0; i < STAMP_WORDS; i++) this.#stamps[i] = words[at + COMMAND_STAMPS + i];
    this.#riskToMatching.record(this.#now - readLong(words, at + NewOrder.TIMESTAMP_WORD));
    switch (sequenced.type) {
      case NewOrder.TYPE:
        this.#newOrder(words, at);
        return;
      case CancelOrder.TYPE:
        this.#cancelOrder(words, at);
        return;
      case AmendOrder.TYPE:
        this.#amendOrder(words, at);
        return;
      case MassCancel.TYPE:
        this.#massCancel(words, at);
    }
  }

  #newOrder(words: Int32Array, at: number): void {
    const command = this.#engine.command;
    this.#clientOrderIdLow = NewOrder.clientOrderIdLow(words, at);
    this.#clientOrderIdHigh = NewOrder.clientOrderIdHigh(words, at);
    command.orderId = readLong(words, at + NewOrder.ORDER_ID_WORD);
    command.account = NewOrder.account(words, at);
    command.instrument = NewOrder.instrument(words, at);
    command.source = NewOrder.source(words, at);
    command.price = NewOrder.price(words, at);
    command.quantity = NewOrder.quantity(words, at);
    command.side = NewOrder.side(words, at);
    command.orderType = NewOrder.orderType(words, at);
    command.timeInForce = NewOrder.timeInForce(words, at);
    command.flags = NewOrder.flags(words, at);
    this.#engine.newOrder();
  }

  #amendOrder(words: Int32Array, at: number): void {
    const command = this.#engine.command;
    this.#clientOrderIdLow = AmendOrder.clientOrderIdLow(words, at);
    this.#clientOrderIdHigh = AmendOrder.clientOrderIdHigh(words, at);
    command.orderId = readLong(words, at + AmendOrder.ORDER_ID_WORD);
    command.account = AmendOrder.account(words, at);
    command.instrument = AmendOrder.instrument(words, at);
    command.source = AmendOrder.source(words, at);
    command.price = AmendOrder.price(words, at);
    command.quantity = AmendOrder.quantity(words, at);
    this.#engine.amendOrder();
  }

  #cancelOrder(words: Int32Array, at: number): void {
    const command = this.#engine.command;
    this.#clientOrderIdLow = CancelOrder.clientOrderIdLow(words, at);
    this.#clientOrderIdHigh = CancelOrder.clientOrderIdHigh(words, at);
    command.orderId = readLong(words, at + CancelOrder.ORDER_ID_WORD);
    command.account = CancelOrder.account(words, at);
    command.instrument = CancelOrder.instrument(words, at);
    command.source = CancelOrder.source(words, at);
    this.#engine.cancelOrder();
  }

  #massCancel(words: Int32Array, at: number): void {
    const command = this.#engine.command;
    this.#clientOrderIdLow = MassCancel.clientOrderIdLow(words, at);
    this.#clientOrderIdHigh = MassCancel.clientOrderIdHigh(words, at);
    command.account = MassCancel.account(words, at);
    command.instrument = MassCancel.instrument(words, at);
    command.source = MassCancel.source(words, at);
    command.side = MassCancel.side(words, at);
    this.#engine.massCancel();
  }

  /** A refusal of risk takes its place among the events. */
  #passOn(words: Int32Array, from: number): void {
    const at = this.#claim(ExecutionReport.TYPE, ExecutionReport.BYTES);
    if (at === FULL) return;
    const target = this.#events.words;
    for (let i = 0; i < ExecutionReport.BYTES >> 2; i++) target[at + i] = words[from + i];
    ExecutionReport.setEventSequence(target, at, this.#eventSequence);
    this.#events.commit();
    this.#reports++;
  }

  /** MatchingEvents: one execution of the command in hand. */
  trade(event: TradeEvent): void {
    const at = this.#claim(Trade.TYPE, Trade.BYTES);
    if (at === FULL) return;
    const { words } = this.#events;
    Trade.encode(
      words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
      event.tradeId,
      event.price,
      event.quantity,
      0,
      0,
      event.makerLeaves,
      event.takerLeaves,
      event.makerAccount,
      event.takerAccount,
      event.instrument,
      event.makerSource,
      event.takerSource,
      event.takerSide,
      event.flags,
    );
    this.#stamp(at);
    const maker = event.makerOrderId;
    words[at + Trade.MAKER_ORDER_ID_WORD] = maker;
    words[at + Trade.MAKER_ORDER_ID_WORD + 1] = (maker - (maker >>> 0)) / TWO_32;
    const taker = event.takerOrderId;
    words[at + Trade.TAKER_ORDER_ID_WORD] = taker;
    words[at + Trade.TAKER_ORDER_ID_WORD + 1] = (taker - (taker >>> 0)) / TWO_32;
    this.#events.commit();
    this.#trades++;
  }

  /** MatchingEvents: the answer to the command in hand, or the end of an order that it ended. */
  report(event: ReportEvent): void {
    const at = this.#claim(ExecutionReport.TYPE, ExecutionReport.BYTES);
    if (at === FULL) return;
    const isOwn = (event.flags & EventFlags.EndOfCommand) !== 0;
    const { words } = this.#events;
    ExecutionReport.encode(
      words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
      0,
      isOwn ? this.#clientOrderIdLow : 0,
      isOwn ? this.#clientOrderIdHigh : 0,
      event.price,
      event.quantity,
      event.leavesQuantity,
      event.filledQuantity,
      event.previousPrice,
      event.previousLeaves,
      event.account,
      event.instrument,
      event.executionType,
      event.status,
      event.side,
      event.orderType,
      event.timeInForce,
      event.reason,
      event.flags,
      event.source,
    );
    this.#stamp(at);
    const id = event.orderId;
    words[at + ExecutionReport.ORDER_ID_WORD] = id;
    words[at + ExecutionReport.ORDER_ID_WORD + 1] = (id - (id >>> 0)) / TWO_32;
    this.#events.commit();
    this.#reports++;
  }

  /** MatchingEvents: no command that this agent takes changes a phase. */
  status(): void {}

  /** Puts sequence, timestamp and received of the command into an event. */
  #stamp(at: number): void {
    const { words } = this.#events;
    for (let i = 0; i < STAMP_WORDS; i++) words[at + EVENT_STAMPS + i] = this.#stamps[i];
  }

  /** Room for the next event, waited for; counts the event sequence up. FULL only when the process stops at once. */
  #claim(type: number, length: number): number {
    let at = this.#events.claim(type, length);
    while (at === FULL) {
      if (!this.#makeRoom()) return FULL;
      at = this.#events.claim(type, length);
    }
    this.#eventSequence++;
    return at;
  }

  #makeRoom(): boolean {
    if (this.#abandoned) return false;
    this.#counters.add(C.event_wait_total, 1);
    this.#counters.add(C.ring_full_total, 1);
    // What is written has to be visible before anybody can drain it.
    this.#events.publish();
    this.#abandoned = !this.#context.awaitRoom(this.#now);
    return !this.#abandoned;
  }

  #count(commands: number): void {
    const counters = this.#counters;
    counters.add(C.commands_total, commands);
    counters.add(C.trades_total, this.#trades);
    counters.add(C.reports_total, this.#reports);
    counters.set(C.event_sequence, this.#eventSequence);
    counters.set(C.resting_orders, this.#engine.orderCount);
    this.#trades = 0;
    this.#reports = 0;
  }
}

export const create = (context: AgentContext): MatchingAgent => new MatchingAgent(context);
create satisfies AgentFactory;
