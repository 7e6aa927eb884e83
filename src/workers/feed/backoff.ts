import type { Random } from '../../lib/random.js';

/** Milliseconds. */
export interface BackoffTerms {
  /** The first delay is random from 0 to this; the n-th after it from half to all of 2^(n-1) times this. */
  readonly first: number;
  /** No delay is longer. */
  readonly cap: number;
  /** What has worked for this long counts as recovered: the next delay is a first one again. */
  readonly healthy: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * How long to wait before the next attempt: exponential, capped, and spread at random so that many that failed together do
 * not come back together. Something that works only for a moment each time does not reset it. Times are session time, ns.
 */
export class Backoff {
  readonly #terms: BackoffTerms;
  readonly #random: Random;
  #attempt = 0;
  #worksSince = NEVER;

  constructor(terms: BackoffTerms, random: Random) {
    this.#terms = terms;
    this.#random = random;
  }

  /** It works, from `now` on. */
  works(now: number): void {
    if (this.#worksSince === NEVER) this.#worksSince = now;
  }

  /** It does not work at `now`: when to try (again). */
  retryAt(now: number): number {
    const { first, cap, healthy } = this.#terms;
    if (now - this.#worksSince >= healthy * 1e6) this.#attempt = 0;
    this.#worksSince = NEVER;
    const share = this.#random.uniform();
    const delay =
      this.#attempt === 0
        ? Math.min(first, cap) * share
        : Math.min(first * 2 ** (this.#attempt - 1), cap) * (0.5 + 0.5 * share);
    this.#attempt++;
    return now + delay * 1e6;
  }
}
