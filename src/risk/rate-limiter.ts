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

/** Cells of the rate and of the size of each bucket within an account's limits. */
const RATES = Int32Array.of(ORDERS_PER_SECOND, CANCELS_PER_SECOND, MESSAGES_PER_SECOND);
const BURSTS = Int32Array.of(ORDER_BURST, CANCEL_BURST, MESSAGE_BURST);

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
  readonly #controls: RiskControls;
  readonly #cells: Float64Array;

  /** Buckets start full. */
  constructor(controls: RiskControls) {
    this.#controls = controls;
    this.#cells = new Float64Array(controls.layout.accounts * STRIDE);
    for (let bucket = 0; bucket < this.#cells.length; bucket += 2) {
      this.#cells[bucket + CREDIT] = Number.MAX_SAFE_INTEGER;
    }
  }

  /** Takes one message's credit at `command.received`; false, and nothing taken, when there is not enough. */
  take(place: number, kind: BucketKind, command: RiskCommand): boolean {
    const limits = this.#controls.cells;
    const base = this.#controls.layout.accountLimits + place * ACCOUNT_STRIDE;
    const rate = limits[base + RATES[kind]];
    if (rate === Number.POSITIVE_INFINITY) return true;
    const burst = limits[base + BURSTS[kind]];
    // Without a burst of its own, what a second brings.
    const full = (burst === Number.POSITIVE_INFINITY ? rate : burst) * MESSAGE;
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
