import { isPowerOfTwo } from '../lib/assert.js';

/** After this many removals a sum is taken afresh, so that rounding errors of adding and subtracting cannot pile up. */
const REFRESH_REMOVALS = 1024;

const INITIAL_ENTRIES = 16;

/** The present in nanoseconds of event time, shared by windows: `clock[0]`, never stepping back. */
export type WindowClock = Float64Array;

/**
 * Sum of what happened in the last `span` nanoseconds of a clock, over a bounded ring of entries. An entry counts
 * while `now - time < span`. Nothing is allocated but for a larger ring, while that is below its bound: an instrument that
 * is quiet costs little, and there may be 10,000 of them.
 *
 * When the ring is full, a new value joins the newest entry and moves it to the new time: the sum stays complete,
 * only the older part of that entry leaves the window late. `merged` counts how often that happened.
 */
export class RollingSum {
  /** Sum over the window, as of the last `advance`. */
  sum = 0;
  /** Values that shared an entry because the ring was full. */
  merged = 0;

  readonly #clock: WindowClock;
  readonly #span: number;
  readonly #capacity: number;
  #mask: number;
  #times: Float64Array;
  #values: Float64Array;
  readonly #value = new Float64Array(1);
  #head = 0; // oldest entry
  #count = 0;
  #removals = 0;

  /** `span` in nanoseconds, above 0; `capacity` in entries, a power of two. Throws RangeError otherwise. */
  constructor(span: number, capacity: number, clock: WindowClock) {
    if (!(span > 0)) throw new RangeError(`window span is ${span}, allowed: nanoseconds above 0`);
    if (!isPowerOfTwo(capacity))
      throw new RangeError(`window capacity is ${capacity}, allowed: a power of two`);
    this.#clock = clock;
    this.#span = span;
    const initial = Math.min(capacity, INITIAL_ENTRIES);
    this.#capacity = capacity;
    this.#mask = initial - 1;
    this.#times = new Float64Array(initial);
    this.#values = new Float64Array(initial);
  }

  /** Adds `value` at the present. */
  add(value: number): void {
    // Small enough to be compiled into its callers: a number handed to a real call may be boxed on the heap.
    this.#value[0] = value;
    this.#push();
  }

  #push(): void {
    if (this.#count > this.#mask && this.#count < this.#capacity) this.#grow();
    const full = this.#count > this.#mask;
    if (full) this.merged++;
    else this.#count++;
    const slot = (this.#head + this.#count - 1) & this.#mask;
    const value = this.#value[0];
    this.#times[slot] = this.#clock[0];
    this.#values[slot] = full ? this.#values[slot] + value : value;
    this.sum += value;
  }

  /** Drops what is `span` or older by now. */
  advance(): void {
    const oldest = this.#clock[0] - this.#span;
    while (this.#count !== 0 && this.#times[this.#head] <= oldest) {
      this.sum -= this.#values[this.#head];
      this.#head = (this.#head + 1) & this.#mask;
      this.#count--;
      this.#removals++;
    }
    if (this.#count === 0) this.sum = 0;
    else if (this.#removals >= REFRESH_REMOVALS) this.#refresh();
  }

  clear(): void {
    this.#head = 0;
    this.#count = 0;
    this.sum = 0;
  }

  #grow(): void {
    const length = this.#times.length * 2;
    const times = new Float64Array(length);
    const values = new Float64Array(length);
    for (let i = 0; i < this.#count; i++) {
      const slot = (this.#head + i) & this.#mask;
      times[i] = this.#times[slot];
      values[i] = this.#values[slot];
    }
    this.#times = times;
    this.#values = values;
    this.#mask = length - 1;
    this.#head = 0;
  }

  #refresh(): void {
    let sum = 0;
    for (let i = 0; i < this.#count; i++) sum += this.#values[(this.#head + i) & this.#mask];
    this.sum = sum;
    this.#removals = 0;
  }
}
