import type { Agent } from '../agent/agent.js';
import type { Config } from '../config/schema.js';
import type { Session, SessionClock } from '../lib/clock.js';
import type { InstrumentTable } from '../lib/instruments.js';
import type { RingConsumer } from '../ring/consumer.js';
import type { LossyConsumer } from '../ring/lossy-consumer.js';
import type { RingProducer } from '../ring/producer.js';
import type { AgentLog } from '../telemetry/agent-log.js';
import type { CounterWriter, TelemetryHandle } from '../telemetry/board.js';
import type { HistogramWriter } from '../telemetry/histogram.js';
import type { AgentName, HistogramName } from '../telemetry/registry.js';
import type { RingName, SharedStateName } from '../topology.js';

/**
 * What an agent is given. The thread entry builds one per agent from the topology; the invoker and tests build the
 * same. Asking for a ring end that the topology does not give this agent is an InvariantError.
 */
export interface AgentContext {
  readonly name: AgentName;
  readonly config: Config;
  readonly instruments: InstrumentTable;
  readonly session: Session;
  readonly clock: SessionClock;
  readonly log: AgentLog;
  readonly counters: CounterWriter;
  /** All counters and histograms of the process, for agents that serve them. */
  readonly telemetry: TelemetryHandle;
  /** Memory that outlives this agent's thread, by name (sizes: topology.ts). Zero-filled when the process starts. */
  sharedState(name: SharedStateName): SharedArrayBuffer;
  /** This thread replaces one that died: ring ends resume where that one stopped. */
  readonly restarted: boolean;
  /** Does this ring exist, that is: does its producer run? */
  hasRing(ring: RingName): boolean;
  producer(ring: RingName): RingProducer;
  /** This agent's gating end of the ring. */
  consumer(ring: RingName): RingConsumer;
  /** This agent's lossy end of the ring. */
  lossy(ring: RingName): LossyConsumer;
  histogram(name: HistogramName): HistogramWriter;
  /** What each stage of the process is doing, for agents that report it. Allocates. */
  stages(): readonly StageStatus[];
  /** Wakes the threads downstream now: for records published outside `doWork` (socket handlers). */
  wakeDownstream(): void;
  /**
   * Waits a moment for room on a ring: lets the other agents of this thread drain (their `relieve`), or pauses the thread.
   * False when the process is stopping at once and waiting is pointless.
   */
  awaitRoom(now: number): boolean;
}

/** A stage and the state of the thread that runs it. */
export interface StageStatus {
  readonly stage: AgentName;
  readonly status: 'absent' | 'starting' | 'running' | 'closed' | 'failed';
}

/** Builds an agent; each stage module exports one as `create`. */
export type AgentFactory = (context: AgentContext) => Agent;
