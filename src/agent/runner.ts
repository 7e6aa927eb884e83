import type { SessionClock } from '../lib/clock.js';
import type { Agent } from './agent.js';
import { Drill, Phase, type ThreadBoard } from './thread-board.js';

/** How a compute thread passes the time when none of its agents has work. */
export type IdleKind = 'spin' | 'yield' | 'park';

/** A parked thread wakes this often to show that it is alive, ms. */
export const HEARTBEAT_MS = 100;
/**
 * Looks at the rings after an empty cycle, some 10 ns each, before the next one: a look reads no clock (each reading leaves
 * a number to collect, so a spinning thread would collect garbage all the time) and finds a record sooner.
 */
const LOOKS_PER_SPIN = 64;
/** Empty cycles before a thread stops spinning: some 30 µs. */
const SPINS_BEFORE_YIELD = 32;
/** Each yield takes some 60 µs of time and 8 of processor: many of them would keep a thread with timers from ever parking. */
const SPINS_BEFORE_PARK = 42;

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
  /** Called for every cycle in which `agents[index]` did work. */
  readonly onWork?: (index: number, work: number) => void;
}

/** No working cycle is being timed; 0 is a time. */
const NONE = -1;

/** One pass over all agents, with what belongs to every pass: heartbeat, drills, phases, waking consumers. */
export class DutyCycle {
  readonly #options: RunnerOptions;
  #acceptanceStopped = false;
  #cycleStart = NONE;
  #phase: Phase = Phase.Starting;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Runs every agent once; returns the work done. Allocates at most the number that a clock reading is. */
  run(): number {
    const { board, thread, clock, agents, onCycle, onWork } = this.#options;
    const now = clock.now();
    // The length of a working cycle comes from the clock read that starts the next one.
    if (this.#cycleStart !== NONE && onCycle !== undefined) onCycle(now - this.#cycleStart);
    board.beat(thread);
    if (board.drill(thread) !== Drill.None) this.#rehearse();
    let total = 0;
    for (let i = 0; i < agents.length; i++) {
      const work = agents[i].doWork(now);
      if (work > 0 && onWork !== undefined) onWork(i, work);
      total += work;
    }
    this.#cycleStart = total > 0 ? now : NONE;
    if (total > 0) this.wakeDownstream();
    return total;
  }

  /** A working cycle is not followed by another at once: its length ends here, not when the next one starts. */
  endOfBurst(): void {
    if (this.#cycleStart === NONE) return;
    const { clock, onCycle } = this.#options;
    if (onCycle !== undefined) onCycle(clock.now() - this.#cycleStart);
    this.#cycleStart = NONE;
  }

  hasWork(): boolean {
    const { agents } = this.#options;
    for (let i = 0; i < agents.length; i++) if (agents[i].hasWork()) return true;
    return false;
  }

  /**
   * Asked between declaring the thread parked and waiting: how long may it wait, ms? Until its next heartbeat or timer; 0
   * with input at hand or a timer due, and when the supervisor has spoken since the cycle looked, for it woke only the
   * threads that were parked already.
   */
  parkMs(): number {
    const { board, thread, halt, agents, clock } = this.#options;
    if (board.phase() !== this.#phase || board.drill(thread) !== Drill.None) return 0;
    if (halt?.requested === true || this.hasWork()) return 0;
    let due = Number.POSITIVE_INFINITY;
    for (let i = 0; i < agents.length; i++) due = Math.min(due, agents[i].nextDue?.() ?? due);
    if (due === Number.POSITIVE_INFINITY) return HEARTBEAT_MS;
    return Math.min(HEARTBEAT_MS, Math.max(0, due - clock.now()) / 1e6);
  }

  wakeDownstream(): void {
    const { board, downstream } = this.#options;
    for (let i = 0; i < downstream.length; i++) board.wake(downstream[i]);
  }

  /** Passes phase changes on. False when the thread has to stop. */
  goesOn(): boolean {
    const phase = this.#options.board.phase();
    this.#phase = phase;
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
    if (idle === 'spin' || empty < SPINS_BEFORE_YIELD) {
      for (let looks = 0; looks < LOOKS_PER_SPIN && !cycle.hasWork(); looks++);
      continue;
    }
    // A timed wait on a private word is the only way for JavaScript to give up the processor.
    if (idle === 'yield' || empty < SPINS_BEFORE_PARK) Atomics.wait(pause, 0, 0, 0.001);
    else {
      board.declareParked(thread);
      const milliseconds = cycle.parkMs();
      if (milliseconds > 0) board.wait(thread, milliseconds);
      board.declareAwake(thread);
      // Input that no agent took in (an output ring is full): give way to those who have to make room.
      if (milliseconds === 0) Atomics.wait(pause, 0, 0, 0.001);
      empty = SPINS_BEFORE_PARK; // woken for nothing (a heartbeat): parks again after one look
    }
  }
}
