import { isPowerOfTwo } from '../lib/assert.js';

/** After this many removals a sum is taken afresh, so that rounding errors of adding and subtracting cannot pile up. */
const REFRESH_REMOVALS = 1024;

/**
 * Sum of what happened in the last `span` nanoseconds of event time, over a bounded ring of entries. An entry counts
 * while `now - time < span`. No method allocates.
 *
 * When the ring is full, a new value joins the newest entry and moves it to the new time: the sum stays complete,
 * only the older part of that entry leaves the window late. `merged` counts how often that happened.
 */
export class RollingSum {
  /** Sum over the window, as of the last `advance`. */
  sum = 0;
  /** Values that shared an entry because the ring was full. */
  merged = 0;

  readonly #span: number;
  readonly #mask: number;
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  #head = 0; // oldest entry
  #count = 0;
  #removals = 0;

  /** `span` in nanoseconds, above 0; `capacity` in entries, a power of two. Throws RangeError otherwise. */
  constructor(span: number, capacity: number) {
    if (!(span > 0)) throw new RangeError(`window span is ${span}, allowed: nanoseconds above 0`);
    if (!isPowerOfTwo(capacity))
      throw new RangeError(`window capacity is ${capacity}, allowed: a power of two`);
    this.#span = span;
    this.#mask = capacity - 1;
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  /** Adds `value` at `time`; times never step back. */
  add(time: number, value: number): void {
    const capacity = this.#mask + 1;
    if (this.#count === capacity) {
      const newest = (this.#head + this.#count - 1) & this.#mask;
      this.#times[newest] = time;
      this.#values[newest] += value;
      this.merged++;
    } else {
      const slot = (this.#head + this.#count) & this.#mask;
      this.#times[slot] = time;
      this.#values[slot] = value;
      this.#count++;
    }
    this.sum += value;
  }

  /** Drops what is `span` or older at time `now`. */
  advance(now: number): void {
    const oldest = now - this.#span;
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

  #refresh(): void {
    let sum = 0;
    for (let i = 0; i < this.#count; i++) sum += this.#values[(this.#head + i) & this.#mask];
    this.sum = sum;
    this.#removals = 0;
  }
}
