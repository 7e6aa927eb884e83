import type { Random } from '../lib/random.js';

/**
 * Event times of a Hawkes process with an exponential kernel (A. G. Hawkes, Spectra of some self-exciting and mutually
 * exciting point processes, 1971): each event raises the intensity by `excitation * decay`, which then fades at the rate
 * `decay`:
 *
 *     intensity(t) = base + Σ_{t_i < t} excitation * decay * exp(-decay * (t - t_i))
 *
 * so that on average every event brings `excitation` (below 1) others with it and the mean rate is
 * base / (1 - excitation). Simulated by thinning (Y. Ogata, On Lewis' simulation method for point processes, 1981): between
 * events the intensity only falls, so its present value bounds it.
 */
export class HawkesProcess {
  /** When the next event happens, nanoseconds. */
  next: number;
  readonly #random: Random;
  readonly #base: number; // events per nanosecond
  readonly #decay: number; // per nanosecond
  readonly #jump: number;
  #excess = 0; // intensity above base just after `next`'s predecessor

  /** `rate` events a second on average, above 0; `excitation` 0 (Poisson) to below 1; memory of `memoryMs` milliseconds. */
  constructor(random: Random, rate: number, excitation: number, memoryMs: number, start: number) {
    this.#random = random;
    this.#base = (rate / 1e9) * (1 - excitation);
    this.#decay = 1 / (memoryMs * 1e6);
    this.#jump = excitation * this.#decay;
    this.next = start;
    this.advance();
  }

  /** Moves `next` to the event after it. */
  advance(): void {
    const base = this.#base;
    let excess = this.#excess;
    for (;;) {
      const bound = base + excess;
      const wait = this.#random.exponential(1 / bound);
      this.next += wait;
      excess *= Math.exp(-this.#decay * wait);
      if (this.#random.uniform() * bound <= base + excess) break;
    }
    this.#excess = excess + this.#jump;
  }

  /** Forgets everything before `start`, and `next` with it: for a simulation that has fallen behind the clock. */
  restart(start: number): void {
    this.#excess = 0;
    this.next = start;
    this.advance();
  }
}
