import type { Session } from '../../lib/clock.js';

const DAY_SECONDS = 86_400;

/** When trading days begin: at a time of day, UTC. Pure: the time comes as an argument, in session nanoseconds. */
export class TradingDay {
  /** Session time of the next beginning, ns; Infinity: none begins by itself. */
  nextStart = Number.POSITIVE_INFINITY;

  /** `startsAt`: seconds after midnight UTC; null: none begins by itself. The day that the session starts in has begun. */
  constructor(startsAt: number | null, { epochSeconds, epochNanoseconds }: Session) {
    if (startsAt === null) return;
    const secondsLeft = DAY_SECONDS - ((epochSeconds - startsAt) % DAY_SECONDS);
    this.nextStart = secondsLeft * 1e9 - epochNanoseconds;
  }

  /** Has a day begun by now? Days that were missed are passed with the last of them. */
  begins(now: number): boolean {
    if (!(this.nextStart <= now)) return false;
    while (this.nextStart <= now) this.nextStart += DAY_SECONDS * 1e9;
    return true;
  }
}
