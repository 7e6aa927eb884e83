import { Worker } from 'node:worker_threads';
import { RESTARTABLE_AGENTS } from '../agent/agent.js';
import { ThreadBoard, ThreadState } from '../agent/thread-board.js';
import type { ThreadStart } from '../workers/run-thread.js';
import type { System } from '../workers/system.js';

/** Called once when the thread of a stage is gone, with its exit code and what it threw. */
export type StageExit = (code: number, error: Error | undefined) => void;

/** One worker thread as the supervisor sees it. */
export class Stage {
  readonly index: number;
  readonly name: string;
  /** Every agent of it may be started again on its own. */
  readonly restartable: boolean;
  /** It hosts the gateway: its thread must never be terminated, because uWebSockets.js would abort the process. */
  readonly mustNotTerminate: boolean;
  restarts = 0;
  alive = false;
  /** A stall has been reported and not yet ended. */
  stalled = false;
  /** The supervisor has ended this thread itself. */
  terminated = false;
  readonly #system: System;
  readonly #entry: URL;
  readonly #board: ThreadBoard;
  #worker: Worker | undefined;
  #state: ThreadState = ThreadState.Absent;
  #heartbeat = 0;
  #movedAt = 0;

  /** `entry` is the module that the worker runs. */
  constructor(system: System, index: number, entry: URL) {
    const { name, agents } = system.threads[index];
    this.#system = system;
    this.#entry = entry;
    this.#board = new ThreadBoard(system.board);
    this.index = index;
    this.name = name;
    this.restartable = agents.every((agent) => RESTARTABLE_AGENTS.has(agent));
    this.mustNotTerminate = agents.includes('gateway');
  }

  /** Starts the worker. `now` in ms, on the clock of `silence`. */
  spawn(now: number, onExit: StageExit): void {
    const start: ThreadStart = { system: this.#system, thread: this.index, restarted: this.restarts > 0 };
    let failure: Error | undefined;
    this.#board.setState(this.index, ThreadState.Starting);
    this.#worker = new Worker(this.#entry, { workerData: start, name: this.name });
    this.alive = true;
    this.stalled = false;
    this.terminated = false;
    this.#movedAt = now;
    this.#worker.on('error', (error) => {
      failure = error;
    });
    this.#worker.on('exit', (code) => {
      this.alive = false;
      onExit(code, failure);
    });
  }

  get state(): ThreadState {
    return this.#board.state(this.index);
  }

  /** Milliseconds since its heartbeat or state last moved, as far as `silence` has looked; 0 while there is no thread. */
  silence(now: number): number {
    const heartbeat = this.#board.heartbeat(this.index);
    const { state } = this;
    if (heartbeat !== this.#heartbeat || state !== this.#state || !this.alive) {
      this.#heartbeat = heartbeat;
      this.#state = state;
      this.#movedAt = now;
    }
    return now - this.#movedAt;
  }

  /** Ends a stalled thread the hard way. Never for {@link mustNotTerminate}. */
  async terminate(): Promise<void> {
    if (this.mustNotTerminate) throw new Error(`stage ${this.name} must not be terminated`);
    this.terminated = true;
    await this.#worker?.terminate();
  }
}
