import type { Agent } from '../agent/agent.js';
import { Phase, ThreadBoard, ThreadState } from '../agent/thread-board.js';
import { fail } from '../lib/assert.js';
import { SessionClock } from '../lib/clock.js';
import { LogLevel } from '../lib/enums.js';
import { InstrumentTable } from '../lib/instruments.js';
import { RingConsumer } from '../ring/consumer.js';
import type { RingHandle } from '../ring/layout.js';
import { LossyConsumer } from '../ring/lossy-consumer.js';
import { RingProducer } from '../ring/producer.js';
import { type AgentLog, RingLog } from '../telemetry/agent-log.js';
import { CounterWriter, histogramWriter } from '../telemetry/board.js';
import { type AgentName, counterIds } from '../telemetry/registry.js';
import { consumersOf, downstreamOf, enabledAgents, RINGS, type RingName } from '../topology.js';
import type { AgentContext, StageStatus } from './context.js';
import type { System } from './system.js';

const LEVELS: Readonly<Record<string, number>> = {
  trace: LogLevel.Trace,
  debug: LogLevel.Debug,
  info: LogLevel.Info,
  warn: LogLevel.Warn,
  error: LogLevel.Error,
  fatal: LogLevel.Fatal,
  silent: LogLevel.Fatal + 1,
};

const STATUS: Readonly<Record<ThreadState, StageStatus['status']>> = {
  [ThreadState.Absent]: 'absent',
  [ThreadState.Starting]: 'starting',
  [ThreadState.Running]: 'running',
  [ThreadState.Closed]: 'closed',
  [ThreadState.Failed]: 'failed',
};

/** How long a blocked producer pauses when nothing on its own thread could drain, ms. */
const PAUSE_MS = 0.05;

/**
 * Everything that the agents of one thread share: ring ends, log, and the way to wait for room. Used by worker
 * threads, and by the single-thread invoker with all agents on "thread" 0.
 */
export class ThreadContext {
  readonly agents: Agent[] = [];
  readonly clock: SessionClock;
  readonly board: ThreadBoard;
  readonly downstream: readonly number[];
  readonly #system: System;
  readonly #thread: number;
  readonly #restarted: boolean;
  readonly #blocking: boolean;
  readonly #instruments: InstrumentTable;
  readonly #logProducer: RingProducer;
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));

  /** `blocking`: other threads drain too, so a pause helps; false on the invoker. */
  constructor(system: System, thread: number, options: { restarted?: boolean; blocking?: boolean } = {}) {
    this.#system = system;
    this.#thread = thread;
    this.#restarted = options.restarted ?? false;
    this.#blocking = options.blocking ?? true;
    this.clock = new SessionClock(system.session);
    this.board = new ThreadBoard(system.board);
    this.downstream = downstreamOf(system.threads[thread], system.threads);
    this.#instruments = new InstrumentTable(system.config.instruments);
    this.#logProducer = new RingProducer(system.logRings[thread], { takeover: this.#restarted });
  }

  log(agent: AgentName): AgentLog {
    const { config, telemetry } = this.#system;
    const counters = new CounterWriter(telemetry, agent);
    const lost = counterIds(agent).log_lost_total;
    return new RingLog(this.#logProducer, agent, this.clock, LEVELS[config.log.level], () =>
      counters.add(lost, 1),
    );
  }

  wakeDownstream(): void {
    for (let i = 0; i < this.downstream.length; i++) this.board.wake(this.downstream[i]);
  }

  /** See AgentContext.awaitRoom. */
  awaitRoom(caller: AgentName, now: number): boolean {
    let drained = 0;
    for (const agent of this.agents) if (agent.name !== caller) drained += agent.relieve?.(now) ?? 0;
    this.wakeDownstream();
    this.board.beat(this.#thread);
    if (drained === 0 && this.#blocking) Atomics.wait(this.#pause, 0, 0, PAUSE_MS);
    if (drained === 0 && !this.#blocking)
      fail(`agent ${caller} waits for room that no agent of this thread can make: enlarge its ring`);
    return this.board.phase() !== Phase.Stop;
  }

  /** See AgentContext.stages. */
  stages(): StageStatus[] {
    return this.#system.threads.flatMap(({ agents }, thread) =>
      agents.map((stage) => ({ stage, status: STATUS[this.board.state(thread)] })),
    );
  }

  /** What the agent `name` of this thread is given. */
  contextOf(name: AgentName): AgentContext {
    const { config, session, telemetry, states, rings } = this.#system;
    const ends = new RingEnds(this.#system, name, this.#restarted);
    return {
      name,
      config,
      instruments: this.#instruments,
      session,
      clock: this.clock,
      log: this.log(name),
      counters: new CounterWriter(telemetry, name),
      telemetry,
      restarted: this.#restarted,
      sharedState: (state) => states[state],
      hasRing: (ring) => rings[ring] !== undefined,
      producer: (ring) => ends.producer(ring),
      consumer: (ring) => ends.consumer(ring),
      lossy: (ring) => ends.lossy(ring),
      stages: () => this.stages(),
      histogram: (histogram) => histogramWriter(telemetry, histogram),
      wakeDownstream: () => this.wakeDownstream(),
      awaitRoom: (now) => this.awaitRoom(name, now),
    };
  }
}

/** The ends that the topology gives one agent. Each is attached at most once. */
class RingEnds {
  readonly #system: System;
  readonly #agent: AgentName;
  readonly #takeover: boolean;
  readonly #producers = new Map<RingName, RingProducer>();

  constructor(system: System, agent: AgentName, takeover: boolean) {
    this.#system = system;
    this.#agent = agent;
    this.#takeover = takeover;
  }

  producer(ring: RingName): RingProducer {
    if (RINGS[ring].producer !== this.#agent)
      fail(`agent ${this.#agent} is not the producer of ring ${ring}`);
    let producer = this.#producers.get(ring);
    if (producer === undefined) {
      producer = new RingProducer(this.#handle(ring), { takeover: this.#takeover });
      this.#producers.set(ring, producer);
    }
    return producer;
  }

  consumer(ring: RingName): RingConsumer {
    const index = this.#place(ring, 'gating');
    return new RingConsumer(this.#handle(ring), index, { takeover: this.#takeover });
  }

  lossy(ring: RingName): LossyConsumer {
    return new LossyConsumer(this.#handle(ring), this.#place(ring, 'lossy'));
  }

  #place(ring: RingName, kind: 'gating' | 'lossy'): number {
    const index = consumersOf(ring, enabledAgents(this.#system.config))[kind].indexOf(this.#agent);
    if (index < 0) fail(`agent ${this.#agent} is not a ${kind} consumer of ring ${ring}`);
    return index;
  }

  #handle(ring: RingName): RingHandle {
    return this.#system.rings[ring] ?? fail(`ring ${ring} does not exist: its producer does not run`);
  }
}
