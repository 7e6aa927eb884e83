import { setTimeout as pause } from 'node:timers/promises';
import { IO_AGENTS } from '../agent/agent.js';
import { runIo } from '../agent/io-runner.js';
import { DrillExit, type RunnerOptions, runCompute } from '../agent/runner.js';
import { ThreadState } from '../agent/thread-board.js';
import { checkTimeOrigin } from '../lib/clock.js';
import { CounterWriter } from '../telemetry/board.js';
import { type AgentName, counterIds } from '../telemetry/registry.js';
import type { AgentFactory } from './context.js';
import { ThreadContext } from './entry-context.js';
import { kernelThreadId, place } from './placement.js';
import type { System } from './system.js';

/** What the supervisor hands to a worker. */
export interface ThreadStart {
  readonly system: System;
  readonly thread: number;
  readonly restarted: boolean;
}

/**
 * V8 compiles hot code on threads of its own, and Node 20 can abort the process when a thread ends while that still goes on for
 * it (node_platform.cc, "Assertion failed: (data.first) != nullptr"; seen with worker pools that end at once).
 */
const COMPILER_MS = 50;

/** Counters that every agent has stand at the same places in every agent's section. */
const C = counterIds('supervisor');

/**
 * The life of a worker thread: builds the agents of its plan with what `load` finds, runs them until the phase is Stop, and closes
 * them. Whatever goes wrong is logged, every agent is closed, and the thread ends with exit code 1.
 */
export function runThread(start: ThreadStart, load: (name: AgentName) => Promise<AgentFactory>): void {
  const life = new ThreadLife(start, load);
  process.on('uncaughtException', (error) => void life.fail(error));
  process.on('unhandledRejection', (error) => void life.fail(error));
  life.run().catch((error) => life.fail(error));
}

class ThreadLife {
  readonly #start: ThreadStart;
  readonly #load: (name: AgentName) => Promise<AgentFactory>;
  readonly #context: ThreadContext;
  readonly #halt = { requested: false };

  constructor(start: ThreadStart, load: (name: AgentName) => Promise<AgentFactory>) {
    const { system, thread, restarted } = start;
    this.#start = start;
    this.#load = load;
    this.#context = new ThreadContext(system, thread, { restarted });
  }

  async run(): Promise<void> {
    const { system, thread } = this.#start;
    const { board, agents, clock } = this.#context;
    const plan = system.threads[thread];
    const log = this.#context.log(plan.agents[0]);
    const tid = kernelThreadId();
    board.setTid(thread, tid);
    checkTimeOrigin(system.session);
    for (const warning of place(plan, tid)) log.warn(warning);
    for (const name of plan.agents) agents.push((await this.#load(name))(this.#context.contextOf(name)));
    for (const agent of agents) await agent.start?.(clock.now());
    if (this.#halt.requested) return;
    board.setState(thread, ThreadState.Running);
    log.debug(`thread ${plan.name} runs ${plan.agents.join(', ')}`, {
      tid,
      idle: plan.idle,
      core: plan.core,
    });
    if (plan.agents.some((agent) => IO_AGENTS.has(agent))) await runIo(this.#runnerOptions());
    else runCompute(this.#runnerOptions());
    if (this.#halt.requested) return;
    const failures = await this.#closeAll();
    board.setState(thread, failures === 0 ? ThreadState.Closed : ThreadState.Failed);
    if (failures > 0) process.exitCode = 1;
  }

  /** Ends the thread after a failure anywhere on it. Only the first one counts: the others are its consequences. */
  async fail(error: unknown): Promise<void> {
    if (this.#halt.requested) return;
    this.#halt.requested = true;
    const { system, thread } = this.#start;
    const plan = system.threads[thread];
    const isQuiet = error instanceof DrillExit;
    if (!isQuiet) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      this.#context
        .log(plan.agents[0])
        .error(`thread ${plan.name} failed: ${message}`, { stack: stack ?? '' });
      new CounterWriter(system.telemetry, plan.agents[0]).add(C.errors_total, 1);
    }
    await this.#closeAll();
    if (!isQuiet) this.#context.board.setState(thread, ThreadState.Failed);
    process.exitCode = 1;
  }

  #runnerOptions(): RunnerOptions {
    const { system, thread } = this.#start;
    const { idle, agents: names } = system.threads[thread];
    const { board, agents, clock, downstream } = this.#context;
    const counters = names.map((name) => new CounterWriter(system.telemetry, name));
    return {
      thread,
      board,
      clock,
      agents,
      downstream,
      idle,
      halt: this.#halt,
      onWork: (index, work) => {
        counters[index].add(C.duty_cycles_total, 1);
        counters[index].add(C.work_total, work);
      },
      onCycle: (nanoseconds) => {
        for (let i = 0; i < counters.length; i++) counters[i].max(C.longest_cycle_nanoseconds, nanoseconds);
      },
    };
  }

  /**
   * Agents must be closed whatever happened: an open uWebSockets.js app aborts the process when its thread ends. Returns
   * how many failed to. Takes {@link COMPILER_MS} at least.
   */
  async #closeAll(): Promise<number> {
    let failures = 0;
    const settled = pause(COMPILER_MS);
    for (const agent of this.#context.agents) {
      try {
        await agent.close?.();
      } catch (error) {
        failures++;
        this.#context.log(agent.name).error(`closing ${agent.name} failed`, { error: String(error) });
      }
    }
    await settled;
    return failures;
  }
}
