import type { SessionClock } from '../lib/clock.js';
import type { Agent } from './agent.js';
import { Drill, Phase, type ThreadBoard } from './thread-board.js';

/** How a compute thread passes the time when none of its agents has work. */
export type IdleKind = 'spin' | 'yield' | 'park';

/** A parked thread wakes this often to show that it is alive, ms. */
export const HEARTBEAT_MS = 100;
/** Empty cycles before a thread stops spinning. An empty cycle of two agents costs some 150 ns. */
const SPINS_BEFORE_YIELD = 200;
const SPINS_BEFORE_PARK = 400;

export interface RunnerOptions {
  readonly thread: number;
  readonly board: ThreadBoard;
  readonly clock: SessionClock;
  readonly agents: readonly Agent[];
  /** Threads that consume what these agents produce. */
  readonly downstream: readonly number[];
  readonly idle: IdleKind;
  /** Set when the thread failed outside a cycle (a socket handler threw): the runner stops at the next one. */
  readonly halt?: { requested: boolean };
  /** Called with the length of every working cycle, ns. */
  readonly onCycle?: (nanoseconds: number) => void;
}

/** One pass over all agents, with what belongs to every pass: heartbeat, drills, phases, waking consumers. */
export class DutyCycle {
  readonly #options: RunnerOptions;
  #acceptanceStopped = false;
  #cycleStart = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Runs every agent once; returns the work done. Allocates nothing. */
  run(): number {
    const { board, thread, clock, agents, onCycle } = this.#options;
    const now = clock.now();
    // The length of a working cycle comes from the clock read that starts the next one.
    if (this.#cycleStart !== 0 && onCycle !== undefined) onCycle(now - this.#cycleStart);
    board.beat(thread);
    if (board.drill(thread) !== Drill.None) this.#rehearse();
    let work = 0;
    for (let i = 0; i < agents.length; i++) work += agents[i].doWork(now);
    this.#cycleStart = work > 0 ? now : 0;
    if (work > 0) this.wakeDownstream();
    return work;
  }

  hasWork(): boolean {
    const { agents } = this.#options;
    for (let i = 0; i < agents.length; i++) if (agents[i].hasWork()) return true;
    return false;
  }

  wakeDownstream(): void {
    const { board, downstream } = this.#options;
    for (let i = 0; i < downstream.length; i++) board.wake(downstream[i]);
  }

  /** Passes phase changes on. False when the thread has to stop. */
  goesOn(): boolean {
    const phase = this.#options.board.phase();
    if (phase === Phase.Stop || this.#options.halt?.requested === true) return false;
    if (phase === Phase.StopAccepting && !this.#acceptanceStopped) {
      this.#acceptanceStopped = true;
      for (const agent of this.#options.agents) agent.stopAccepting?.();
    }
    return true;
  }

  /** A drill asked for by the configuration: fail the way a defect would. */
  #rehearse(): void {
    const { board, thread } = this.#options;
    const drill = board.drill(thread);
    board.setDrill(thread, Drill.None);
    if (drill === Drill.Throw) throw new Error('fault drill: this worker was told to throw');
    if (drill === Drill.Exit) throw new DrillExit();
    if (drill === Drill.Stall) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}

/** Unwinds a thread that was told to leave without a word. */
export class DrillExit extends Error {
  override readonly name = 'DrillExit';
}

/** Drives compute agents: blocks the thread until the phase is Stop. */
export function runCompute(options: RunnerOptions): void {
  const { board, thread, idle } = options;
  const cycle = new DutyCycle(options);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let empty = 0;
  while (cycle.goesOn()) {
    if (cycle.run() > 0) {
      empty = 0;
      continue;
    }
    empty++;
    if (idle === 'spin' || empty < SPINS_BEFORE_YIELD) continue;
    // A timed wait on a private word is the only way for JavaScript to give up the processor.
    if (idle === 'yield' || empty < SPINS_BEFORE_PARK) Atomics.wait(pause, 0, 0, 0.001);
    else {
      board.declareParked(thread);
      if (!cycle.hasWork()) board.wait(thread, HEARTBEAT_MS);
      board.declareAwake(thread);
      empty = SPINS_BEFORE_YIELD;
    }
  }
}
