import { DAYS } from '../../config/names.js';
import type { Config } from '../../config/schema.js';
import { secondsOf } from '../../config/session-checks.js';
import type { Session } from '../../lib/clock.js';
import { TradingPhase } from '../../lib/enums.js';
import { seededRandom } from '../../lib/random.js';
import { PHASE_BY_NAME } from '../matching-setup.js';

export type SessionConfig = Config['sessions'][number];

const DAY_SECONDS = 86_400;
/** Every change comes once a week at least, so a week and a day before now has the change that holds. */
const LOOK_BACK_DAYS = 8;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = DAYS.indexOf('thu');

interface Change {
  readonly phase: TradingPhase;
  /** Seconds after local midnight. */
  readonly at: number;
  readonly randomMilliseconds: number;
  /** By weekday, Monday first. */
  readonly days: readonly boolean[];
}

/**
 * One configured session as a walk along its phase changes. Pure: the time comes as an argument, in session nanoseconds; the random
 * part of a change depends on seed, session, day and change alone, so every run and every replay has the same.
 */
export class SessionCalendar {
  /** TradingPhase that holds since the change passed last. */
  phase: number = TradingPhase.None;
  /** Counts what {@link advance} moved: who has seen the same count has seen the phase. */
  moves = 0;
  /** The last move passed over the end of a trading day (Closed) into a later phase. */
  closedBetween = false;
  /** Session time of the next change, ns. */
  nextChange = Number.NaN;
  readonly #changes: readonly Change[];
  readonly #name: string;
  readonly #seed: number;
  readonly #session: Session;
  readonly #offsetSeconds: number;
  /** The next change: local day since 1970 and place in the day. */
  #day: number;
  #place = -1;

  constructor(terms: SessionConfig, seed: number, session: Session) {
    this.#name = terms.name;
    this.#seed = seed;
    this.#session = session;
    this.#offsetSeconds = offsetSeconds(terms.utc_offset);
    this.#changes = terms.phases.map(({ at, phase, random_seconds, days }) => ({
      phase: PHASE_BY_NAME[phase],
      at: secondsOf(at),
      randomMilliseconds: random_seconds * 1000,
      days: DAYS.map((day) => (days ?? terms.days).includes(day)),
    }));
    const localSeconds = session.epochSeconds + this.#offsetSeconds;
    this.#day = Math.floor(localSeconds / DAY_SECONDS) - LOOK_BACK_DAYS;
    this.#step();
    this.advance(0);
    this.closedBetween = false;
  }

  /** Passes every change that is due; true when there was one. A time before the last one changes nothing. */
  advance(now: number): boolean {
    if (!(this.nextChange <= now)) return false;
    this.closedBetween = false;
    let passed: number = TradingPhase.None;
    while (this.nextChange <= now) {
      this.closedBetween ||= passed === TradingPhase.Closed;
      passed = this.#changes[this.#place].phase;
      this.#step();
    }
    this.phase = passed;
    if (passed === TradingPhase.Closed) this.closedBetween = false;
    this.moves++;
    return true;
  }

  /** On to the change after the one at #day and #place. */
  #step(): void {
    do {
      this.#place++;
      if (this.#place === this.#changes.length) {
        this.#place = 0;
        this.#day++;
      }
    } while (!this.#changes[this.#place].days[weekday(this.#day)]);
    this.nextChange = this.#timeOf(this.#changes[this.#place]);
  }

  #timeOf({ at, randomMilliseconds }: Change): number {
    const { epochSeconds, epochNanoseconds } = this.#session;
    const seconds = this.#day * DAY_SECONDS + at - this.#offsetSeconds - epochSeconds;
    const random =
      randomMilliseconds === 0
        ? 0
        : seededRandom(this.#seed, `session ${this.#name} ${this.#day} ${at}`).below(randomMilliseconds);
    return seconds * 1e9 - epochNanoseconds + random * 1e6;
  }
}

function weekday(day: number): number {
  return (day + FIRST_WEEKDAY) % 7;
}

function offsetSeconds(text: string): number {
  if (text === 'UTC') return 0;
  return (text.startsWith('-') ? -1 : 1) * secondsOf(`${text.slice(1)}:00`);
}
