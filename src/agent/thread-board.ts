/**
 * How threads and their supervisor see one another: one shared block, no messages (a spinning worker never sees one).
 *
 *     line 0               PHASE                          written by the supervisor
 *     line 1 + 3t          state, heartbeat, tid          written by thread t
 *     line 1 + 3t + 1      parked                         set by thread t, cleared by whoever wakes it
 *     line 1 + 3t + 2      drill                          written by the supervisor
 */
import { SPACING_BYTES } from '../ring/layout.js';

const LINE = SPACING_BYTES / 4;
const LINES_PER_THREAD = 3;
export const MAXIMUM_THREADS = 32;

/** Phases of the process. They only rise. */
export const Phase = { Starting: 0, Running: 1, StopAccepting: 2, Stop: 3 } as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/** States of a thread. */
export const ThreadState = { Absent: 0, Starting: 1, Running: 2, Closed: 3, Failed: 4 } as const;
export type ThreadState = (typeof ThreadState)[keyof typeof ThreadState];

/** Faults that a thread can be told to have, so that supervision can be rehearsed. */
export const Drill = { None: 0, Throw: 1, Stall: 2, Exit: 3 } as const;
export type Drill = (typeof Drill)[keyof typeof Drill];

const STATE = 0;
const HEARTBEAT = 1;
const TID = 2;

export interface BoardHandle {
  readonly buffer: SharedArrayBuffer;
}

export function createBoard(): BoardHandle {
  return { buffer: new SharedArrayBuffer((1 + MAXIMUM_THREADS * LINES_PER_THREAD) * SPACING_BYTES) };
}

/** A view of the whole board. */
export class ThreadBoard {
  readonly #words: Int32Array;

  constructor(handle: BoardHandle) {
    this.#words = new Int32Array(handle.buffer);
  }

  phase(): Phase {
    return Atomics.load(this.#words, 0) as Phase;
  }

  /** Supervisor: moves on to a phase and wakes every thread. An earlier phase than the present one changes nothing. */
  enter(phase: Phase): void {
    if (phase <= this.phase()) return;
    Atomics.store(this.#words, 0, phase);
    for (let thread = 0; thread < MAXIMUM_THREADS; thread++) this.wake(thread);
  }

  state(thread: number): ThreadState {
    return Atomics.load(this.#words, this.#line(thread) + STATE) as ThreadState;
  }

  setState(thread: number, state: ThreadState): void {
    Atomics.store(this.#words, this.#line(thread) + STATE, state);
  }

  heartbeat(thread: number): number {
    return Atomics.load(this.#words, this.#line(thread) + HEARTBEAT);
  }

  /** Thread: one more duty cycle. A plain store: the supervisor looks some ten times a second. */
  beat(thread: number): void {
    const at = this.#line(thread) + HEARTBEAT;
    this.#words[at] = (this.#words[at] + 1) | 0;
  }

  /** Kernel thread id, 0 when unknown. */
  tid(thread: number): number {
    return this.#words[this.#line(thread) + TID];
  }

  setTid(thread: number, tid: number): void {
    this.#words[this.#line(thread) + TID] = tid;
  }

  drill(thread: number): Drill {
    return this.#words[this.#line(thread) + 2 * LINE] as Drill;
  }

  setDrill(thread: number, drill: Drill): void {
    Atomics.store(this.#words, this.#line(thread) + 2 * LINE, drill);
  }

  /**
   * Thread: declares itself parked. Afterwards it must look at its inputs once more and only then wait: a producer
   * publishes first and looks for parked consumers second, both sequentially consistent, so one of the two sees
   * the other and no wake-up is lost.
   */
  declareParked(thread: number): void {
    Atomics.store(this.#words, this.#parked(thread), 1);
  }

  declareAwake(thread: number): void {
    Atomics.store(this.#words, this.#parked(thread), 0);
  }

  isParked(thread: number): boolean {
    return Atomics.load(this.#words, this.#parked(thread)) === 1;
  }

  /** Compute thread: blocks until woken or `milliseconds` have passed. */
  wait(thread: number, milliseconds: number): void {
    Atomics.wait(this.#words, this.#parked(thread), 1, milliseconds);
  }

  /** I/O thread: like `wait`, without blocking its event loop. Does not itself keep the loop open. */
  waitAsync(thread: number, milliseconds: number): Promise<unknown> | undefined {
    const result = Atomics.waitAsync(this.#words, this.#parked(thread), 1, milliseconds);
    return result.async ? result.value : undefined;
  }

  /**
   * Any thread: wakes `thread` if it is parked. Costs a load when it is not, 7 to 10 µs when it is. A second waker that
   * clears the flag of the next park only makes that one return at once: what it published is already visible.
   */
  wake(thread: number): void {
    const at = this.#parked(thread);
    if (Atomics.load(this.#words, at) === 1) {
      Atomics.store(this.#words, at, 0);
      Atomics.notify(this.#words, at);
    }
  }

  #line(thread: number): number {
    return (1 + thread * LINES_PER_THREAD) * LINE;
  }

  #parked(thread: number): number {
    return this.#line(thread) + LINE;
  }
}
