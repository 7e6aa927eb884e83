/**
 * Session time: nanoseconds since the session started, as a number (exact to 2^53 ns, 104 days; the source steps
 * in about 40 ns). Agents get it as an argument once per duty cycle; only runners and edges call {@link SessionClock.now}.
 */

import { fail } from './assert.js';

/** A fixed instant that all threads measure from. Plain data: structured clone carries it to workers. */
export interface Session {
  /** `performance.now()` of the process at session start, ms. The time origin is the same in all threads. */
  readonly startMs: number;
  /** Unix epoch at session start: whole seconds, and the nanoseconds of that second. */
  readonly epochSeconds: number;
  readonly epochNanoseconds: number;
}

/** Starts a session now. */
export function startSession(): Session {
  const startMs = performance.now();
  const epochMs = performance.timeOrigin + startMs;
  const epochSeconds = Math.floor(epochMs / 1000);
  return { startMs, epochSeconds, epochNanoseconds: Math.round((epochMs - epochSeconds * 1000) * 1e6) };
}

/**
 * Throws InvariantError unless the calling thread measures from the instant that the session was started from. Node gives
 * all threads of a process one time origin; on a runtime that does not, every latency between threads would be wrong.
 */
export function checkTimeOrigin(session: Session): void {
  const { startMs, epochSeconds, epochNanoseconds } = session;
  const apart = performance.timeOrigin + startMs - epochSeconds * 1000 - epochNanoseconds / 1e6;
  // Epoch milliseconds as a double step in a quarter of a microsecond.
  if (!(Math.abs(apart) < 0.01))
    fail(`clock: the time origin of this thread is ${apart} ms off the session's`);
}

export class SessionClock {
  readonly #startMs: number;

  constructor(session: Session) {
    this.#startMs = session.startMs;
  }

  /** Nanoseconds since session start; never steps back. About 45 ns a call. */
  now(): number {
    return Math.floor((performance.now() - this.#startMs) * 1e6);
  }
}

/**
 * Session time as Unix nanoseconds in decimal text (19 digits; beyond 2^53, so text is the exact form that JSON can
 * carry). Edges only: it allocates.
 */
export function epochText(session: Session, now: number): string {
  let seconds = session.epochSeconds + Math.floor(now / 1e9);
  let nanoseconds = session.epochNanoseconds + (now - Math.floor(now / 1e9) * 1e9);
  if (nanoseconds >= 1e9) {
    nanoseconds -= 1e9;
    seconds++;
  }
  return `${seconds}${String(nanoseconds).padStart(9, '0')}`;
}
