import type { Agent } from '../agent/agent.js';
import type {
  Matching,
  MatchingCapacities,
  MatchingCommand,
  MatchingEvents,
  MatchingOptions,
} from '../book/matching.js';
import { MatchingEngine } from '../book/matching-engine.js';
import { MATCHING_AGENTS, numberBase, shardOfAgent } from '../lib/shards.js';
import * as AdvanceTime from '../messages/views/advance-time.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as SetPhase from '../messages/views/set-phase.js';
import { readLong } from '../messages/words.js';
import type { RingConsumer } from '../ring/consumer.js';
import type { RingProducer } from '../ring/producer.js';
import type { CounterWriter } from '../telemetry/board.js';
import type { HistogramWriter } from '../telemetry/histogram.js';
import { counterIds, RISK_TO_MATCHING } from '../telemetry/registry.js';
import { EVENT_RINGS } from '../topology.js';
import { openOrderCapacity } from './capacities.js';
import type { AgentContext } from './context.js';
import { EventWriter } from './event-writer.js';
import {
  readAdvanceTime,
  readAmendOrder,
  readCancelOrder,
  readMassCancel,
  readNewOrder,
  readSetPhase,
} from './matching-commands.js';
import { matchingOptions } from './matching-setup.js';
import { ShardFilter } from './shard-filter.js';

const C = counterIds('matching');

/** Commands of a duty cycle at most. */
const COMMAND_BURST = 256;

/** Builds what matches; tests put the naive twin in. */
export type BuildMatching = (
  capacities: MatchingCapacities,
  events: MatchingEvents,
  options: MatchingOptions,
) => Matching;

const buildEngine: BuildMatching = (...parameters) => new MatchingEngine(...parameters);

/**
 * Applies sequenced commands to the matching engine and has what happens written to the event ring. A pure function of its
 * input: the time in a record is the time that risk stamped, the clock is only measured against. When the event ring
 * is full it waits for room: commands then wait in `sequenced`. With several shards there is one such agent for each.
 */
class MatchingAgent implements Agent {
  readonly name: Agent['name'];
  readonly #engine: Matching;
  /** The engine's own, filled in for each command. */
  readonly #command: MatchingCommand;
  readonly #sequenced: RingConsumer;
  readonly #events: RingProducer;
  readonly #writer: EventWriter;
  readonly #counters: CounterWriter;
  readonly #riskToMatching: HistogramWriter;
  /** What of `sequenced` is this shard's; undefined: all, there is one shard. */
  readonly #filter: ShardFilter | undefined;
  /** Time of the duty cycle; starts as a double so that it stays one in place. */
  #now = Number.NaN;

  constructor(context: AgentContext, build: BuildMatching) {
    const orders = openOrderCapacity(context.config);
    // A taker needs a record and a level while the books are full.
    const capacities = { instruments: context.instruments.count, orders: orders + 1, levels: orders + 1 };
    const shard = shardOfAgent(context.name);
    this.name = context.name;
    this.#filter = context.config.matching.shards > 1 ? new ShardFilter(context.config, shard) : undefined;
    this.#events = context.producer(EVENT_RINGS[shard]);
    this.#writer = new EventWriter(
      this.#events,
      () => {
        context.counters.add(C.event_wait_total, 1);
        context.counters.add(C.ring_full_total, 1);
        return context.awaitRoom(this.#now);
      },
      numberBase(shard),
    );
    this.#engine = build(capacities, this.#writer, matchingOptions(context.config, context.instruments));
    this.#command = this.#engine.command;
    this.#sequenced = context.consumer('sequenced');
    this.#counters = context.counters;
    this.#riskToMatching = context.histogram(RISK_TO_MATCHING[MATCHING_AGENTS[shard]]);
  }

  doWork(now: number): number {
    const sequenced = this.#sequenced;
    const writer = this.#writer;
    const filter = this.#filter;
    this.#now = now;
    let taken = 0;
    let own = 0;
    for (; taken < COMMAND_BURST && !writer.abandoned && sequenced.next(); taken++) {
      if (filter !== undefined && !filter.takes(sequenced.type, sequenced.words, sequenced.at)) continue;
      this.#apply(sequenced);
      own++;
    }
    if (taken === 0) return 0;
    sequenced.release();
    this.#events.publish();
    this.#count(own);
    return taken;
  }

  hasWork(): boolean {
    return this.#sequenced.hasNext();
  }

  /** For tests: the state behind the agent. */
  get engine(): Matching {
    return this.#engine;
  }

  #apply(sequenced: RingConsumer): void {
    const { type, words, at } = sequenced;
    if (type === ExecutionReport.TYPE) {
      this.#writer.passOn(words, at);
      return;
    }
    this.#writer.begin(words, at);
    // The time stands at the same place in every command.
    this.#command.timestamp = readLong(words, at + NewOrder.TIMESTAMP_WORD);
    this.#riskToMatching.record(this.#now - this.#command.timestamp);
    switch (type) {
      case NewOrder.TYPE:
        this.#newOrder(words, at);
        return;
      case CancelOrder.TYPE:
        this.#cancelOrder(words, at);
        return;
      case AmendOrder.TYPE:
        this.#amendOrder(words, at);
        return;
      default:
        this.#rareCommand(type, words, at);
    }
  }

  #newOrder(words: Int32Array, at: number): void {
    this.#writer.clientOrderIdLow = NewOrder.clientOrderIdLow(words, at);
    this.#writer.clientOrderIdHigh = NewOrder.clientOrderIdHigh(words, at);
    readNewOrder(this.#command, words, at);
    this.#engine.newOrder();
  }

  #amendOrder(words: Int32Array, at: number): void {
    this.#writer.clientOrderIdLow = AmendOrder.clientOrderIdLow(words, at);
    this.#writer.clientOrderIdHigh = AmendOrder.clientOrderIdHigh(words, at);
    readAmendOrder(this.#command, words, at);
    this.#engine.amendOrder();
  }

  #cancelOrder(words: Int32Array, at: number): void {
    this.#writer.clientOrderIdLow = CancelOrder.clientOrderIdLow(words, at);
    this.#writer.clientOrderIdHigh = CancelOrder.clientOrderIdHigh(words, at);
    readCancelOrder(this.#command, words, at);
    this.#engine.cancelOrder();
  }

  #rareCommand(type: number, words: Int32Array, at: number): void {
    const command = this.#command;
    // The key of these requests stands where MassCancel has it.
    this.#writer.clientOrderIdLow = MassCancel.clientOrderIdLow(words, at);
    this.#writer.clientOrderIdHigh = MassCancel.clientOrderIdHigh(words, at);
    switch (type) {
      case MassCancel.TYPE:
        readMassCancel(command, words, at);
        this.#engine.massCancel();
        return;
      case SetPhase.TYPE:
        readSetPhase(command, words, at);
        this.#engine.setPhase();
        return;
      case AdvanceTime.TYPE:
        readAdvanceTime(command);
        this.#engine.advanceTime();
    }
  }

  #count(commands: number): void {
    const counters = this.#counters;
    const writer = this.#writer;
    counters.add(C.commands_total, commands);
    counters.add(C.trades_total, writer.trades);
    counters.add(C.reports_total, writer.reports);
    counters.add(C.statuses_total, writer.statuses);
    counters.set(C.event_sequence, writer.eventSequence);
    counters.set(C.resting_orders, this.#engine.orderCount);
    writer.trades = 0;
    writer.reports = 0;
    writer.statuses = 0;
  }
}

export const create = (context: AgentContext, build: BuildMatching = buildEngine): MatchingAgent =>
  new MatchingAgent(context, build);
