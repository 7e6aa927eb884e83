import { Worker } from 'node:worker_threads';
import { RESTARTABLE_AGENTS } from '../agent/agent.js';
import { ThreadBoard, ThreadState } from '../agent/thread-board.js';
import type { System } from '../workers/system.js';
import type { ThreadStart } from '../workers/thread.js';

/** Code that the worker ran, relative to this file; compiled beside it. */
const ENTRY = new URL('../workers/thread.js', import.meta.url);

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
  readonly #system: System;
  readonly #board: ThreadBoard;
  #worker: Worker | undefined;
  #heartbeat = 0;
  #heartbeatAt = 0;

  constructor(system: System, index: number) {
    const { name, agents } = system.threads[index];
    this.#system = system;
    this.#board = new ThreadBoard(system.board);
    this.index = index;
    this.name = name;
    this.restartable = agents.every((agent) => RESTARTABLE_AGENTS.has(agent));
    this.mustNotTerminate = agents.includes('gateway');
  }

  /** Starts the worker. `onExit` is called once, when its thread is gone, with its exit code and what it threw. */
  spawn(now: number, onExit: (code: number, error: Error | undefined) => void): void {
    const start: ThreadStart = { system: this.#system, thread: this.index, restarted: this.restarts > 0 };
    let failure: Error | undefined;
    this.#board.setState(this.index, ThreadState.Starting);
    this.#worker = new Worker(ENTRY, { workerData: start, name: this.name });
    this.alive = true;
    this.stalled = false;
    this.#heartbeatAt = now;
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

  /** Milliseconds since the heartbeat last moved; 0 while the thread is not in its loop. `now` in ms. */
  silence(now: number): number {
    const heartbeat = this.#board.heartbeat(this.index);
    if (heartbeat !== this.#heartbeat || !this.alive || this.state !== ThreadState.Running) {
      this.#heartbeat = heartbeat;
      this.#heartbeatAt = now;
      return 0;
    }
    return now - this.#heartbeatAt;
  }

  /** Ends a stalled thread the hard way. Never for {@link mustNotTerminate}. */
  async terminate(): Promise<void> {
    if (this.mustNotTerminate) throw new Error(`stage ${this.name} must not be terminated`);
    await this.#worker?.terminate();
  }
}
