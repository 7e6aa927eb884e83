/** Entry of every worker thread: builds the agents of its plan, runs them, closes them. Nothing else starts here. */
import { workerData } from 'node:worker_threads';
import { IO_AGENTS } from '../agent/agent.js';
import { runIo } from '../agent/io-runner.js';
import { DrillExit, type RunnerOptions, runCompute } from '../agent/runner.js';
import { ThreadState } from '../agent/thread-board.js';
import { CounterWriter } from '../telemetry/board.js';
import { counterIds } from '../telemetry/registry.js';
import { loadAgent } from './agents.js';
import { ThreadContext } from './entry-context.js';
import { kernelThreadId, place } from './placement.js';
import type { System } from './system.js';

/** What the supervisor hands to a worker. */
export interface ThreadStart {
  readonly system: System;
  readonly thread: number;
  readonly restarted: boolean;
}

const { system, thread, restarted } = workerData as ThreadStart;
const plan = system.threads[thread];
const context = new ThreadContext(system, thread, { restarted });
const { board, agents, clock } = context;
const log = context.log(plan.agents[0]);
const tid = kernelThreadId();
board.setTid(thread, tid);
board.setState(thread, ThreadState.Starting);

const counters = new CounterWriter(system.telemetry, plan.agents[0]);
const LONGEST = counterIds('risk').longest_cycle_nanoseconds; // a common counter: the same place for every agent
const CYCLES = counterIds('risk').duty_cycles_total;

/** Agents must be closed whatever happened: an open uWebSockets.js app aborts the process when its thread ends. */
async function closeAll(): Promise<void> {
  for (const agent of agents) {
    try {
      await agent.close?.();
    } catch (error) {
      log.error(`closing ${agent.name} failed`, { error: String(error) });
    }
  }
}

const halt = { requested: false };
async function failThread(error: unknown): Promise<void> {
  if (halt.requested) return;
  halt.requested = true;
  if (!(error instanceof DrillExit)) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    log.error(`thread ${plan.name} failed: ${message}`, { stack: stack ?? '' });
  }
  await closeAll();
  if (!(error instanceof DrillExit)) board.setState(thread, ThreadState.Failed);
  process.exitCode = 1;
}

process.on('uncaughtException', (error) => void failThread(error));
process.on('unhandledRejection', (error) => void failThread(error));

async function run(): Promise<void> {
  for (const warning of place(plan, tid)) log.warn(warning);
  for (const name of plan.agents) agents.push((await loadAgent(name))(context.contextOf(name)));
  for (const agent of agents) await agent.start?.(clock.now());
  board.setState(thread, ThreadState.Running);
  log.debug(`thread ${plan.name} runs ${plan.agents.join(', ')}`, { tid, idle: plan.idle, core: plan.core });
  const options: RunnerOptions = {
    thread,
    board,
    clock,
    agents,
    downstream: context.downstream,
    idle: plan.idle,
    halt,
    onCycle: (nanoseconds) => {
      counters.add(CYCLES, 1);
      counters.max(LONGEST, nanoseconds);
    },
  };
  if (plan.agents.some((agent) => IO_AGENTS.has(agent))) await runIo(options);
  else runCompute(options);
  if (halt.requested) return;
  await closeAll();
  board.setState(thread, ThreadState.Closed);
}

run().catch(failThread);
