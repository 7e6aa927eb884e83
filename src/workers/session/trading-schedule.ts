import { type InstrumentRules, StatusEvent } from '../../book/matching.js';
import type { Config } from '../../config/schema.js';
import type { Session } from '../../lib/clock.js';
import { Reason, TradingPhase } from '../../lib/enums.js';
import { ExpiryCalendar } from './expiry-calendar.js';
import { SessionCalendar } from './session-calendar.js';

/** What the sequencer has to sequence now. */
export const Due = { Nothing: 0, SetPhase: 1, AdvanceTime: 2 } as const;
export type Due = (typeof Due)[keyof typeof Due];

/** What the schedule needs of the configuration; `Config` is one. */
export type ScheduleTerms = Pick<Config, 'seed' | 'sessions' | 'interruptions'> & {
  readonly instruments: readonly { readonly session: string | null }[];
};

/** An InstrumentStatus event with its time. Filled in by the caller. */
export class StatusRecord extends StatusEvent {
  /** Session time of the command, ns; a double from the start so that it stays one in place. */
  timestamp = Number.NaN;
}

const NEVER = Number.POSITIVE_INFINITY;
const NO_SESSION = -1;

/**
 * Which phase changes and time signals are due, for the sequencer, which has the clock and puts them between the other commands.
 * Pure: same times and same events, same commands.
 *
 *     schedule.status.… = …; schedule.onStatus();                          // with every InstrumentStatus event
 *     while ((due = schedule.due(now)) !== Due.Nothing) {…; schedule.sequenced(); }
 *
 * Rules, where several want the phase of an instrument:
 * - A change of its session holds, and ends a volatility auction or halt; but Continuous waits for the end of an
 *   interruption that a price band began, and a halt by an operator gives way to Closed alone.
 * - What a price band began ends after the configured time in the phase that the session has then (without a session:
 *   Continuous). A volatility auction by an operator ends likewise, a halt by an operator does not.
 * - Any other phase by an operator holds until the next change of the session.
 * - Changes that were missed (the process stood still) are not made up one by one, since nobody could have traded in those
 *   phases: the one that holds now follows. Only the end of a trading day is: Closed comes first then, so that DAY orders end.
 */
export class TradingSchedule {
  /** The event in hand. */
  readonly status = new StatusRecord();
  /** Instrument and TradingPhase of the phase change that is due. */
  instrument = 0;
  phase = 0;
  readonly expiries = new ExpiryCalendar();
  readonly #calendars: readonly SessionCalendar[];
  /** Place of the instrument's session. */
  readonly #sessions: Int32Array;
  /** Moves of the session that have been carried over to the instrument. */
  readonly #moves: Int32Array;
  readonly #phases: Uint8Array;
  /** Phase that was sequenced and whose event is still to come. */
  readonly #asked: Uint8Array;
  readonly #haltedByOperator: Uint8Array;
  readonly #interrupted: Uint8Array;
  readonly #extended: Uint8Array;
  /** When what interrupts trading ends, session ns. */
  readonly #ends: Float64Array;
  readonly #indicative: Float64Array;
  readonly #last: Float64Array;
  readonly #reference: Float64Array;
  readonly #rules: readonly (InstrumentRules | undefined)[];
  readonly #auctionTime: number;
  readonly #extensionTime: number;
  readonly #haltTime: number;
  /** Instrument that the walk over all of them has come to; -1: no walk is under way. */
  #walk = -1;
  #nextWalk = NEVER;
  #earliestSeen = NEVER;
  #due: Due = Due.Nothing;

  /** At session time 0. `rules`: as the engine has them; what the sessions want instead of the phases there is due at once. */
  constructor(terms: ScheduleTerms, session: Session, rules: readonly (InstrumentRules | undefined)[] = []) {
    const count = terms.instruments.length;
    const { volatility_auction_seconds, extension_seconds, halt_seconds } = terms.interruptions;
    this.#calendars = terms.sessions.map((one) => new SessionCalendar(one, terms.seed, session));
    this.#sessions = Int32Array.from(terms.instruments, (one) =>
      terms.sessions.findIndex(({ name }) => name === one.session),
    );
    this.#moves = new Int32Array(count);
    this.#phases = Uint8Array.from(
      terms.instruments,
      (_, index) => rules[index]?.phase ?? TradingPhase.Continuous,
    );
    this.#asked = new Uint8Array(count);
    this.#haltedByOperator = new Uint8Array(count);
    this.#interrupted = new Uint8Array(count);
    this.#extended = new Uint8Array(count);
    this.#ends = new Float64Array(count).fill(NEVER);
    this.#indicative = new Float64Array(count).fill(Number.NaN);
    this.#last = new Float64Array(count).fill(Number.NaN);
    this.#reference = new Float64Array(count).fill(Number.NaN);
    this.#rules = rules;
    this.#auctionTime = volatility_auction_seconds * 1e9;
    this.#extensionTime = extension_seconds * 1e9;
    this.#haltTime = halt_seconds * 1e9;
    if (this.#calendars.length > 0) this.#nextWalk = 0;
  }

  /** Session time at which {@link due} may have something, ns; Infinity: not before an event says so. */
  nextDue(): number {
    return Math.min(this.#walk >= 0 ? 0 : this.#nextWalk, this.expiries.nextDue);
  }

  /** What has to be sequenced next. The same again until {@link sequenced} is called. */
  due(now: number): Due {
    this.#due = this.#phaseIsDue(now)
      ? Due.SetPhase
      : this.expiries.nextDue <= now
        ? Due.AdvanceTime
        : Due.Nothing;
    return this.#due;
  }

  /** What was due has been sequenced, at `now`. */
  sequenced(now: number): void {
    if (this.#due === Due.AdvanceTime) this.expiries.pass(now);
    if (this.#due !== Due.SetPhase) return;
    const { instrument, phase } = this;
    const calendar = this.#calendarOf(instrument);
    this.#phases[instrument] = phase;
    this.#asked[instrument] = phase;
    this.#resume(instrument);
    if (phase === calendar?.phase) this.#moves[instrument] = calendar.moves;
  }

  /** Takes in the event in {@link status}. */
  onStatus(): void {
    const { instrument, phase, previousPhase, reason, timestamp } = this.status;
    this.#indicative[instrument] = this.status.indicativePrice;
    this.#last[instrument] = this.status.lastPrice;
    this.#reference[instrument] = this.status.referencePrice;
    if (phase === previousPhase) return;
    const byBand = reason !== Reason.None;
    const own = !byBand && this.#asked[instrument] === phase;
    if (own) this.#asked[instrument] = TradingPhase.None;
    this.#resume(instrument);
    this.#phases[instrument] = phase;
    if (own) return;
    this.#interrupted[instrument] = byBand || phase === TradingPhase.VolatilityAuction ? 1 : 0;
    this.#haltedByOperator[instrument] = !byBand && phase === TradingPhase.Halt ? 1 : 0;
    const lasting =
      phase === TradingPhase.VolatilityAuction
        ? this.#auctionTime
        : byBand && phase === TradingPhase.Halt
          ? this.#haltTime
          : 0;
    if (lasting === 0) return;
    const end = timestamp + lasting;
    this.#ends[instrument] = end;
    if (end < this.#nextWalk) this.#nextWalk = end;
    if (end < this.#earliestSeen) this.#earliestSeen = end;
  }

  /** Walks on over the instruments until one has to change, which is then in {@link instrument} and {@link phase}. */
  #phaseIsDue(now: number): boolean {
    if (this.#walk < 0) {
      if (now < this.#nextWalk) return false;
      this.#beginWalk(now);
    }
    const count = this.#phases.length;
    for (; this.#walk < count; this.#walk++) {
      const wanted = this.#wanted(this.#walk, now);
      if (wanted !== TradingPhase.None) {
        this.instrument = this.#walk;
        this.phase = wanted;
        return true;
      }
      const end = this.#ends[this.#walk];
      if (end < this.#earliestSeen) this.#earliestSeen = end;
    }
    this.#walk = -1;
    this.#nextWalk = this.#earliestSeen;
    return false;
  }

  #beginWalk(now: number): void {
    this.#walk = 0;
    this.#earliestSeen = NEVER;
    for (const calendar of this.#calendars) {
      calendar.advance(now);
      this.#earliestSeen = Math.min(this.#earliestSeen, calendar.nextChange);
    }
  }

  /** The phase that the instrument has to go to now, None: it stays. */
  #wanted(instrument: number, now: number): number {
    const calendar = this.#calendarOf(instrument);
    if (calendar !== undefined && this.#moves[instrument] !== calendar.moves) {
      const wanted = this.#scheduled(instrument, calendar);
      if (wanted !== TradingPhase.None) return wanted;
      this.#moves[instrument] = calendar.moves;
    }
    if (this.#ends[instrument] > now) return TradingPhase.None;
    if (this.#mayExtend(instrument)) {
      this.#extended[instrument] = 1;
      this.#ends[instrument] = now + this.#extensionTime;
      return TradingPhase.None;
    }
    const next = calendar?.phase ?? TradingPhase.Continuous;
    if (next !== this.#phases[instrument]) return next;
    this.#resume(instrument);
    return TradingPhase.None;
  }

  /** The phase that a move of the session asks for, None: it changes nothing. */
  #scheduled(instrument: number, { phase: target, closedBetween }: SessionCalendar): number {
    const phase = this.#phases[instrument];
    if (closedBetween && phase !== TradingPhase.Closed) return TradingPhase.Closed;
    if (this.#haltedByOperator[instrument] === 1 && target !== TradingPhase.Closed) return TradingPhase.None;
    if (this.#interrupted[instrument] === 1 && target === TradingPhase.Continuous) return TradingPhase.None;
    if (phase !== target) return target;
    this.#resume(instrument);
    return TradingPhase.None;
  }

  /** Nothing interrupts trading in the instrument (any more). */
  #resume(instrument: number): void {
    this.#ends[instrument] = NEVER;
    this.#interrupted[instrument] = 0;
    this.#haltedByOperator[instrument] = 0;
    this.#extended[instrument] = 0;
  }

  /** Once, if the auction would still execute outside the price bands. */
  #mayExtend(instrument: number): boolean {
    if (this.#phases[instrument] !== TradingPhase.VolatilityAuction || this.#extended[instrument] === 1)
      return false;
    if (this.#extensionTime === 0) return false;
    const rules = this.#rules[instrument];
    const price = this.#indicative[instrument];
    return (
      isOutside(price, this.#reference[instrument], rules?.staticBand ?? 0) ||
      isOutside(price, this.#last[instrument], rules?.dynamicBand ?? 0)
    );
  }

  #calendarOf(instrument: number): SessionCalendar | undefined {
    const session = this.#sessions[instrument];
    return session === NO_SESSION ? undefined : this.#calendars[session];
  }
}

/** docs/matching.md, Price bands. */
function isOutside(price: number, centre: number, band: number): boolean {
  return band > 0 && Math.abs(price - centre) > Math.floor((Math.abs(centre) * band) / 10_000);
}
