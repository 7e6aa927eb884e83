import { TradingPhase } from '../../src/lib/enums.js';

/** A change of a session, in seconds after the start of the test. */
export interface NaiveChange {
  readonly second: number;
  readonly phase: number;
}

/** The rules of TradingSchedule for one instrument, in obvious code over a list of all changes. Times in seconds. */
export class NaiveSchedule {
  phase: number = TradingPhase.Continuous;
  readonly #changes: readonly NaiveChange[];
  readonly #auction: number;
  readonly #halt: number;
  #scheduled: number;
  #last = Number.NEGATIVE_INFINITY;
  #haltedByOperator = false;
  #interrupted = false;
  #end = Number.POSITIVE_INFINITY;

  /** `before`: the phase that the session has before the first change. */
  constructor(changes: readonly NaiveChange[], before: number, auction: number, halt: number) {
    this.#changes = [{ second: Number.NEGATIVE_INFINITY, phase: before }, ...changes];
    this.#scheduled = before;
    this.#auction = auction;
    this.#halt = halt;
  }

  /** The phases that the instrument is sent to at `now`. */
  run(now: number): number[] {
    const seen: number[] = [];
    const go = (phase: number): void => {
      this.#clear();
      if (phase !== this.phase) seen.push(phase);
      this.phase = phase;
    };
    const isFirst = this.#last === Number.NEGATIVE_INFINITY;
    const due = this.#changes.filter(({ second }) => second <= now && (isFirst || second > this.#last));
    this.#last = now;
    if (due.length > 0) {
      const target = due[due.length - 1].phase;
      this.#scheduled = target;
      const closesBefore = !isFirst && due.slice(0, -1).some(({ phase }) => phase === TradingPhase.Closed);
      if (closesBefore && target !== TradingPhase.Closed) go(TradingPhase.Closed);
      const isHeld = this.#haltedByOperator && target !== TradingPhase.Closed;
      const mustWait = this.#interrupted && target === TradingPhase.Continuous;
      if (!isHeld && !mustWait) go(target);
    }
    if (this.#end <= now) go(this.#scheduled);
    return seen;
  }

  /** The phase changes by a price band or an operator. */
  happen(phase: number, now: number, byBand: boolean): void {
    this.phase = phase;
    this.#clear();
    const isAuction = phase === TradingPhase.VolatilityAuction;
    const isHalt = phase === TradingPhase.Halt;
    this.#haltedByOperator = isHalt && !byBand;
    this.#interrupted = byBand || isAuction;
    const lasting = isAuction ? this.#auction : byBand && isHalt ? this.#halt : 0;
    if (lasting > 0) this.#end = now + lasting;
  }

  #clear(): void {
    this.#haltedByOperator = false;
    this.#interrupted = false;
    this.#end = Number.POSITIVE_INFINITY;
  }
}
