import type { Agent } from '../agent/agent.js';
import { Reason } from '../lib/enums.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as InstrumentStatus from '../messages/views/instrument-status.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as PositionUpdate from '../messages/views/position-update.js';
import * as SetPhase from '../messages/views/set-phase.js';
import * as Trade from '../messages/views/trade.js';
import type { RingConsumer } from '../ring/consumer.js';
import type { RecordReader } from '../ring/merged-consumer.js';
import { FULL, type RingProducer } from '../ring/producer.js';
import type { RiskEngine } from '../risk/risk-engine.js';
import type { AgentLog } from '../telemetry/agent-log.js';
import type { CounterWriter } from '../telemetry/board.js';
import type { HistogramWriter } from '../telemetry/histogram.js';
import { counterIds } from '../telemetry/registry.js';
import type { AgentContext, AgentFactory } from './context.js';
import { openEvents } from './event-rings.js';
import {
  commandBytes,
  encodePosition,
  encodeRefusal,
  instrumentOf,
  LONGEST_ANSWER,
  readAmendOrder,
  readCancelOrder,
  readMassCancel,
  readNewOrder,
  readReport,
  readTrade,
} from './risk-messages.js';
import { createRiskEngine } from './risk-setup.js';
import { SessionDriver } from './session/session-driver.js';

const C = counterIds('risk');

/** Events and commands of one ring taken in a duty cycle at most. */
const EVENT_BURST = 1024;
const COMMAND_BURST = 256;

const TWO_32 = 4294967296;

const COMMAND_RINGS = ['commands.gateway', 'commands.strategies'] as const;

/**
 * Risk and sequencer. Takes in all events first, so that limits are as fresh as can be, then commands of each edge in turn.
 * A command leaves as exactly one record on `sequenced`: itself with its sequence number and time, or the report that
 * refuses it. Room for that record is claimed before the command is taken, so when matching lags, commands wait in
 * the edges' rings while events still drain: nothing is lost and nothing blocks.
 */
class RiskAgent implements Agent {
  readonly name = 'risk';
  readonly #engine: RiskEngine;
  readonly #commands: readonly RingConsumer[];
  readonly #events: RecordReader;
  readonly #sequenced: RingProducer;
  readonly #positions: RingProducer;
  readonly #accountIds: Int32Array;
  readonly #sessions: SessionDriver;
  readonly #counters: CounterWriter;
  readonly #log: AgentLog;
  readonly #edgeToRisk: HistogramWriter;
  /** Sequence number of the last command; starts as a double so that it stays one in place. */
  #sequence = Number.NaN;
  #positionSequence = Number.NaN;
  /** Time of this duty cycle. */
  #now = Number.NaN;
  #sequencedCount = 0;
  #rejectedCount = 0;
  #first = 0;

  constructor(context: AgentContext) {
    this.#engine = createRiskEngine(context);
    this.#commands = COMMAND_RINGS.filter((ring) => context.hasRing(ring)).map((ring) =>
      context.consumer(ring),
    );
    this.#events = openEvents(context);
    this.#sequenced = context.producer('sequenced');
    this.#positions = context.producer('positions');
    this.#sessions = new SessionDriver(context, this.#sequenced, this.#engine.state);
    this.#accountIds = Int32Array.from(context.config.risk.accounts, ({ id }) => id);
    this.#counters = context.counters;
    this.#log = context.log;
    this.#edgeToRisk = context.histogram('edge_to_risk');
    this.#sequence = 0;
    this.#positionSequence = 0;
  }

  doWork(now: number): number {
    const events = this.#drainEvents();
    this.#now = now;
    let commands = this.#sessions.nextDue() <= now ? this.#runSchedule() : 0;
    // What is due and found no room goes before any other command.
    if (this.#sessions.nextDue() > now) commands += this.#takeCommands();
    const positions = this.#publishPositions();
    if (commands > 0) this.#countCommands();
    this.#engine.publishReadings();
    if (commands + events + positions > 0) {
      const { state } = this.#engine;
      this.#counters.set(C.open_orders, state.orders.count);
      this.#counters.set(C.active_positions, state.positions.active);
    }
    return events + commands + positions;
  }

  hasWork(): boolean {
    if (this.#events.hasNext()) return true;
    for (let i = 0; i < this.#commands.length; i++) if (this.#commands[i].hasNext()) return true;
    return this.#engine.state.positions.nextDirty() >= 0;
  }

  nextDue(): number {
    return this.#sessions.nextDue();
  }

  relieve(): number {
    return this.#drainEvents();
  }

  /** For tests: the state behind the agent. */
  get engine(): RiskEngine {
    return this.#engine;
  }

  #drainEvents(): number {
    const events = this.#events;
    const engine = this.#engine;
    let taken = 0;
    for (; taken < EVENT_BURST && events.next(); taken++) {
      if (events.type === ExecutionReport.TYPE) {
        readReport(engine.report, events.words, events.at);
        engine.onReport();
      } else if (events.type === Trade.TYPE) {
        readTrade(engine.trade, events.words, events.at);
        engine.onTrade();
      } else if (events.type === InstrumentStatus.TYPE) this.#sessions.onStatus(events.words, events.at);
    }
    if (taken > 0) {
      events.release();
      this.#counters.add(C.events_total, taken);
    }
    return taken;
  }

  #runSchedule(): number {
    const count = this.#sessions.run(this.#now, this.#sequence);
    this.#sequence += count;
    this.#sequencedCount += count;
    return count;
  }

  #takeCommands(): number {
    const commands = this.#commands;
    const count = commands.length;
    let taken = 0;
    // Another ring goes first each time, so that none is favoured when room is short.
    for (let i = 0; i < count; i++) taken += this.#takeFrom(commands[(this.#first + i) % count]);
    this.#first = this.#first + 1 < count ? this.#first + 1 : 0;
    if (taken > 0) this.#sequenced.publish();
    return taken;
  }

  #takeFrom(commands: RingConsumer): number {
    const sequenced = this.#sequenced;
    let taken = 0;
    for (; taken < COMMAND_BURST && commands.hasNext(); taken++) {
      if (sequenced.claim(ExecutionReport.TYPE, LONGEST_ANSWER) === FULL) {
        this.#counters.add(C.ring_full_total, 1);
        break;
      }
      sequenced.abort();
      commands.next();
      const { type, words, at } = commands;
      if (commands.length === commandBytes(type, words, at)) this.#take(commands);
      else this.#malformed(commands);
    }
    if (taken > 0) commands.release();
    return taken;
  }

  #take(commands: RingConsumer): void {
    switch (commands.type) {
      case NewOrder.TYPE:
        this.#newOrder(commands);
        return;
      case CancelOrder.TYPE:
        this.#cancelOrder(commands);
        return;
      case AmendOrder.TYPE:
        this.#amendOrder(commands);
        return;
      case SetPhase.TYPE:
        // Matching knows whether the phase can change.
        this.#engine.command.received = SetPhase.received(commands.words, commands.at);
        this.#stamp(this.#copy(commands));
        this.#settle(Reason.None, false, -1);
        this.#sessions.onSetPhase(commands.words, commands.at);
        return;
      default:
        this.#massCancel(commands);
    }
  }

  #newOrder(commands: RingConsumer): void {
    const engine = this.#engine;
    readNewOrder(engine.command, commands.words, commands.at);
    let reason = engine.checkNewOrder();
    if (reason === Reason.None) {
      const at = this.#copy(commands);
      this.#stamp(at);
      reason = engine.admitNewOrder();
      if (reason === Reason.None) this.#sessions.onNewOrder(this.#sequenced.words, at);
    }
    this.#settle(reason, true, -1);
  }

  #amendOrder(commands: RingConsumer): void {
    const engine = this.#engine;
    readAmendOrder(engine.command, commands.words, commands.at);
    let reason = engine.checkAmend();
    if (reason === Reason.None) {
      const at = this.#copy(commands);
      this.#stamp(at);
      AmendOrder.setInstrument(this.#sequenced.words, at, instrumentOf(engine));
      engine.command.sequence = this.#sequence + 1;
      reason = engine.admitAmend();
    }
    this.#settle(reason, false, this.#ownEntry(reason));
  }

  #cancelOrder(commands: RingConsumer): void {
    const engine = this.#engine;
    readCancelOrder(engine.command, commands.words, commands.at);
    const reason = engine.checkCancel();
    if (reason === Reason.None) {
      const at = this.#copy(commands);
      this.#stamp(at);
      CancelOrder.setInstrument(this.#sequenced.words, at, instrumentOf(engine));
    }
    this.#settle(reason, false, this.#ownEntry(reason));
  }

  #massCancel(commands: RingConsumer): void {
    const engine = this.#engine;
    readMassCancel(engine.command, commands.words, commands.at);
    const reason = engine.checkMassCancel();
    if (reason === Reason.None) {
      this.#stamp(this.#copy(commands));
    }
    this.#settle(reason, false, -1);
  }

  /** Copies the command in hand to `sequenced`, where room is known to be; not committed yet. */
  #copy(commands: RingConsumer): number {
    const at = this.#sequenced.claim(commands.type, commands.length);
    const { words } = this.#sequenced;
    const { words: source, at: from } = commands;
    const count = commands.length >> 2;
    for (let i = 0; i < count; i++) words[at + i] = source[from + i];
    return at;
  }

  /** The next sequence number and the time of this duty cycle; they stand at the same place in every command. */
  #stamp(at: number): void {
    const { words } = this.#sequenced;
    const sequence = this.#sequence + 1;
    const now = this.#now;
    words[at + NewOrder.SEQUENCE_WORD] = sequence;
    words[at + NewOrder.SEQUENCE_WORD + 1] = (sequence - (sequence >>> 0)) / TWO_32;
    words[at + NewOrder.TIMESTAMP_WORD] = now;
    words[at + NewOrder.TIMESTAMP_WORD + 1] = (now - (now >>> 0)) / TWO_32;
  }

  /** Commits the copied command, or puts the refusal in its place. `own`: entry of the sender's order, -1 for none. */
  #settle(reason: Reason, isNewOrder: boolean, own: number): void {
    const sequenced = this.#sequenced;
    const { command } = this.#engine;
    if (reason === Reason.None) {
      this.#sequence++;
      this.#sequencedCount++;
      this.#edgeToRisk.record(this.#now - command.received);
    } else {
      sequenced.abort();
      const at = sequenced.claim(ExecutionReport.TYPE, ExecutionReport.BYTES);
      encodeRefusal(sequenced.words, at, this.#engine, isNewOrder, own, reason);
      const now = this.#now;
      sequenced.words[at + ExecutionReport.TIMESTAMP_WORD] = now;
      sequenced.words[at + ExecutionReport.TIMESTAMP_WORD + 1] = (now - (now >>> 0)) / TWO_32;
      this.#rejectedCount++;
    }
    sequenced.commit();
  }

  #ownEntry(reason: Reason): number {
    const owned = reason !== Reason.NotOrderOwner && reason !== Reason.UnknownAccount;
    return owned ? this.#engine.entry : -1;
  }

  #malformed(commands: RingConsumer): void {
    this.#counters.add(C.malformed_total, 1);
    if (this.#counters.get(C.malformed_total) > 1) return;
    const { name, type, length } = commands;
    this.#log.error('record on a command ring is no command; later ones are only counted', {
      ring: name,
      type,
      length,
    });
  }

  #publishPositions(): number {
    const { positions } = this.#engine.state;
    let published = 0;
    for (let position = positions.nextDirty(); position >= 0; position = positions.nextDirty()) {
      const at = this.#positions.claim(PositionUpdate.TYPE, PositionUpdate.BYTES);
      if (at === FULL) {
        this.#counters.add(C.ring_full_total, 1);
        break;
      }
      this.#positionSequence++;
      const place = Math.floor(position / this.#engine.state.instruments);
      const account = this.#accountIds[place];
      encodePosition(this.#positions.words, at, this.#positionSequence, this.#engine, position, account);
      this.#positions.commit();
      positions.settleDirty();
      published++;
    }
    if (published > 0) {
      this.#positions.publish();
      this.#counters.add(C.positions_total, published);
    }
    return published;
  }

  #countCommands(): void {
    const counters = this.#counters;
    counters.add(C.commands_total, this.#sequencedCount + this.#rejectedCount);
    counters.add(C.sequenced_total, this.#sequencedCount);
    counters.add(C.rejected_total, this.#rejectedCount);
    counters.set(C.sequence, this.#sequence);
    this.#sequencedCount = 0;
    this.#rejectedCount = 0;
  }
}

export const create = (context: AgentContext): RiskAgent => new RiskAgent(context);
create satisfies AgentFactory;
