import { assert } from '../lib/assert.js';
import type { RiskControls } from './controls.js';
import {
  ACCOUNT_STRIDE,
  CANCEL_BURST,
  CANCELS_PER_SECOND,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
  ORDER_BURST,
  ORDERS_PER_SECOND,
} from './controls-layout.js';
import type { RiskCommand } from './records.js';

/** Buckets of an account. */
export const ORDERS = 0;
export const CANCELS = 1;
export const MESSAGES = 2;
type BucketKind = typeof ORDERS | typeof CANCELS | typeof MESSAGES;

/** The rate of bucket `kind` stands at this cell of an account's limits plus twice `kind`, its size after it. */
const FIRST_RATE = ORDERS_PER_SECOND;
const STRIDE_OF_LIMITS = ACCOUNT_STRIDE;
const isInOrder = [ORDER_BURST, CANCELS_PER_SECOND, CANCEL_BURST, MESSAGES_PER_SECOND, MESSAGE_BURST].every(
  (cell, index) => cell === FIRST_RATE + index + 1,
);
assert(isInOrder, 'rate limiter: rates and bursts stand one after the other');

/** Credit of one message: credit counts billionths, so that a nanosecond at n messages a second is worth n. */
const MESSAGE = 1e9;
const CREDIT = 0;
const TIME = 1;
const STRIDE = 6;

/**
 * A token bucket for orders, one for cancels and one for all messages of each account, on the time that the messages carry, so that the same
 * messages are refused however fast they are read. A time before the latest one counts as the latest. Integers
 * throughout: exact while burst is below 9 million. Rates and bursts are read from the shared cells each time.
 */
export class RateLimiter {
  readonly #limitCells: Float64Array;
  /** Index in it of the limits of the first account. */
  readonly #limits: number;
  readonly #cells: Float64Array;

  /** Buckets start full. */
  constructor(controls: RiskControls) {
    this.#limitCells = controls.cells;
    this.#limits = controls.layout.accountLimits;
    this.#cells = new Float64Array(controls.layout.accounts * STRIDE);
    for (let bucket = 0; bucket < this.#cells.length; bucket += 2) {
      this.#cells[bucket + CREDIT] = Number.MAX_SAFE_INTEGER;
    }
  }

  /** Takes one message's credit at `command.received`; false, and nothing taken, when there is not enough. */
  take(place: number, kind: BucketKind, command: RiskCommand): boolean {
    const limits = this.#limitCells;
    const base = this.#limits + place * STRIDE_OF_LIMITS;
    const rate = limits[base + FIRST_RATE + kind * 2];
    if (kind === MESSAGES && rate === Number.POSITIVE_INFINITY) return true;
    const burst = limits[base + FIRST_RATE + kind * 2 + 1];
    // Messages without a burst of their own: what a second brings.
    const full = (kind === MESSAGES && burst === Number.POSITIVE_INFINITY ? rate : burst) * MESSAGE;
    const cells = this.#cells;
    const bucket = place * STRIDE + kind * 2;
    const elapsed = command.received - cells[bucket + TIME];
    let credit = cells[bucket + CREDIT];
    if (elapsed > 0) {
      credit += elapsed * rate;
      cells[bucket + TIME] = command.received;
    }
    if (credit > full) credit = full;
    const enough = credit >= MESSAGE;
    cells[bucket + CREDIT] = enough ? credit - MESSAGE : credit;
    return enough;
  }

  /** Visits everything that decides later answers. */
  forEachCell(visit: (value: number) => void): void {
    this.#cells.forEach(visit);
  }
}
