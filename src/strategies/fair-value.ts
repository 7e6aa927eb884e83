import type { Random } from '../lib/random.js';

const SECONDS_A_YEAR = 365 * 24 * 3600;

/**
 * What an instrument of a simulated market is worth, as a fraction above or below its reference price: an
 * Ornstein-Uhlenbeck process (G. E. Uhlenbeck and L. S. Ornstein, On the theory of the Brownian motion, 1930), a random walk
 * that is drawn back to 0. Its steps are exact for any length of time.
 */
export class FairValue {
  /** Present deviation from the reference price, a fraction. */
  deviation = 0;
  readonly #random: Random;
  readonly #reversion: number; // per nanosecond
  readonly #spread: number; // standard deviation in the long run
  readonly #bound: number;
  #time: number;

  /**
   * `volatility` is that of a year, as a fraction (0.6: 60 %); a deviation shrinks to 1/e in `reversionMinutes`; it is
   * reflected at `bound`.
   */
  constructor(random: Random, volatility: number, reversionMinutes: number, bound: number, start: number) {
    this.#random = random;
    const perSecond = 1 / (reversionMinutes * 60);
    this.#reversion = perSecond / 1e9;
    this.#spread = volatility / Math.sqrt(SECONDS_A_YEAR) / Math.sqrt(2 * perSecond);
    this.#bound = bound;
    this.#time = start;
  }

  /** The deviation at `now`. */
  advance(now: number): number {
    const kept = Math.exp(-this.#reversion * Math.max(now - this.#time, 0));
    this.#time = now;
    const value = this.deviation * kept + this.#spread * Math.sqrt(1 - kept * kept) * this.#random.normal();
    const bound = this.#bound;
    const reflected = value > bound ? 2 * bound - value : value < -bound ? -2 * bound - value : value;
    this.deviation = Math.min(Math.max(reflected, -bound), bound);
    return this.deviation;
  }
}
