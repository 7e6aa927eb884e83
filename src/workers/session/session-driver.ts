import { secondsOf } from '../../config/session-checks.js';
import { TimeInForce } from '../../lib/enums.js';
import { SEQUENCER_SOURCE } from '../../lib/order-ids.js';
import * as AdvanceTime from '../../messages/views/advance-time.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import * as NewOrder from '../../messages/views/new-order.js';
import * as SetPhase from '../../messages/views/set-phase.js';
import { FULL, type RingProducer } from '../../ring/producer.js';
import type { AgentContext } from '../context.js';
import { readStatusEvent } from '../event-messages.js';
import { matchingOptions } from '../matching-setup.js';
import { markOf } from './expiry-calendar.js';
import { TradingDay } from './trading-day.js';
import { Due, TradingSchedule } from './trading-schedule.js';

/** What risk learns from the schedule and from operators. */
export interface RiskMarks {
  readonly controls: { startDay(): void };
  /** By instrument, ticks: the middle of the price collar. */
  readonly collarCentre: Float64Array;
}

/** Between the trading schedule and the ring of sequenced commands; begins trading days. Allocates nothing, but for the days of a session. */
export class SessionDriver {
  readonly #schedule: TradingSchedule;
  readonly #day: TradingDay;
  readonly #risk: RiskMarks;
  /** By instrument: the reference price of a phase change that matching has not answered yet, NaN for none. */
  readonly #pendingReference: Float64Array;
  readonly #sequenced: RingProducer;

  /** `risk`: what learns of new days, before any command of that day, and of operators' reference prices. */
  constructor(context: AgentContext, sequenced: RingProducer, risk: RiskMarks) {
    const { config, instruments, session } = context;
    const { day_starts_at: startsAt } = config.risk;
    this.#schedule = new TradingSchedule(config, session, matchingOptions(config, instruments).rules);
    this.#day = new TradingDay(startsAt === null ? null : secondsOf(startsAt), session);
    this.#risk = risk;
    this.#pendingReference = new Float64Array(instruments.count).fill(Number.NaN);
    this.#sequenced = sequenced;
  }

  nextDue(): number {
    return Math.min(this.#schedule.nextDue(), this.#day.nextStart);
  }

  /**
   * Sequences what is due, numbered from `sequence` + 1; returns how many. When the ring is full the rest stays due: other
   * commands must not go first then.
   */
  run(now: number, sequence: number): number {
    if (this.#day.begins(now)) this.#risk.controls.startDay();
    const schedule = this.#schedule;
    let count = 0;
    for (let due = schedule.due(now); due !== Due.Nothing; due = schedule.due(now)) {
      if (!this.#write(due, now, sequence + count + 1)) break;
      this.#sequenced.commit();
      schedule.sequenced(now);
      count++;
    }
    if (count > 0) this.#sequenced.publish();
    return count;
  }

  #write(due: Due, now: number, sequence: number): boolean {
    const sequenced = this.#sequenced;
    const { instrument, phase } = this.#schedule;
    if (due === Due.AdvanceTime) {
      const at = sequenced.claim(AdvanceTime.TYPE, AdvanceTime.BYTES);
      if (at !== FULL) AdvanceTime.encode(sequenced.words, at, sequence, now, now, 0, 0);
      return at !== FULL;
    }
    const at = sequenced.claim(SetPhase.TYPE, SetPhase.BYTES);
    if (at !== FULL)
      SetPhase.encode(
        sequenced.words,
        at,
        sequence,
        now,
        now,
        0,
        0,
        0,
        instrument,
        SEQUENCER_SOURCE,
        phase,
        0,
      );
    return at !== FULL;
  }

  /** A sequenced NewOrder: it may be good till a date. */
  onNewOrder(words: Int32Array, at: number): void {
    if (NewOrder.timeInForce(words, at) !== TimeInForce.GoodTillDate) return;
    if (NewOrder.isExtended(words, at)) this.#schedule.expiries.add(markOf(NewOrder.expireTime(words, at)));
  }

  /** An operator's SetPhase, sequenced. */
  onSetPhase(words: Int32Array, at: number): void {
    const instrument = SetPhase.instrument(words, at);
    if (SetPhase.hasReference(words, at) === 0 || !(instrument < this.#pendingReference.length)) return;
    this.#pendingReference[instrument] = SetPhase.referencePrice(words, at);
  }

  /** An InstrumentStatus event. */
  onStatus(words: Int32Array, at: number): void {
    const { status } = this.#schedule;
    readStatusEvent(status, words, at);
    status.timestamp = InstrumentStatus.timestamp(words, at);
    this.#schedule.onStatus();
    this.#confirmReference(status.instrument, status.referencePrice);
  }

  /** Matching has taken the reference price of an operator: orders are held to the collar around it until the next trade. */
  #confirmReference(instrument: number, price: number): void {
    if (price !== this.#pendingReference[instrument]) return;
    this.#risk.collarCentre[instrument] = price;
    this.#pendingReference[instrument] = Number.NaN;
  }
}
