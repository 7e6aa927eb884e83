import { StatusFlags, TimeInForce } from '../../lib/enums.js';
import { SEQUENCER_SOURCE } from '../../lib/order-ids.js';
import * as AdvanceTime from '../../messages/views/advance-time.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import * as NewOrder from '../../messages/views/new-order.js';
import * as SetPhase from '../../messages/views/set-phase.js';
import { FULL, type RingProducer } from '../../ring/producer.js';
import type { AgentContext } from '../context.js';
import { matchingOptions } from '../matching-setup.js';
import { markOf } from './expiry-calendar.js';
import { Due, type StatusRecord, TradingSchedule } from './trading-schedule.js';

/** Between the trading schedule and the ring of sequenced commands. Allocates nothing, but for the days of a session. */
export class SessionDriver {
  readonly #schedule: TradingSchedule;
  readonly #sequenced: RingProducer;

  constructor({ config, instruments, session }: AgentContext, sequenced: RingProducer) {
    this.#schedule = new TradingSchedule(config, session, matchingOptions(config, instruments).rules);
    this.#sequenced = sequenced;
  }

  nextDue(): number {
    return this.#schedule.nextDue();
  }

  /**
   * Sequences what is due, numbered from `sequence` + 1; returns how many. When the ring is full the rest stays due: other
   * commands must not go first then.
   */
  run(now: number, sequence: number): number {
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

  /** An InstrumentStatus event. */
  onStatus(words: Int32Array, at: number): void {
    readStatus(this.#schedule.status, words, at);
    this.#schedule.onStatus();
  }
}

function readStatus(status: StatusRecord, words: Int32Array, at: number): void {
  const flags = InstrumentStatus.flags(words, at);
  status.instrument = InstrumentStatus.instrument(words, at);
  status.phase = InstrumentStatus.phase(words, at);
  status.previousPhase = InstrumentStatus.previousPhase(words, at);
  status.reason = InstrumentStatus.reason(words, at);
  status.timestamp = InstrumentStatus.timestamp(words, at);
  status.indicativePrice =
    (flags & StatusFlags.Indicative) !== 0 ? InstrumentStatus.indicativePrice(words, at) : Number.NaN;
  status.lastPrice =
    (flags & StatusFlags.LastPrice) !== 0 ? InstrumentStatus.lastPrice(words, at) : Number.NaN;
  status.referencePrice =
    (flags & StatusFlags.ReferencePrice) !== 0 ? InstrumentStatus.referencePrice(words, at) : Number.NaN;
}
