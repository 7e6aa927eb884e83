import type { RiskControls } from './controls.js';
import {
  ACCOUNT_STRIDE,
  CANCEL_TO_TRADE_MINIMUM,
  CANCEL_TO_TRADE_RATIO,
  CANCEL_TO_TRADE_WINDOW,
} from './controls-layout.js';

const BUCKETS = 8;
// Cells of an account: number of the newest bucket, its length, both totals, then the buckets.
const NEWEST = 0;
const LENGTH = 1;
/** Totals; the buckets of cancels and of fills stand at {@link FIRST_BUCKET} and {@link BUCKETS} later. */
export const CANCELS_TOTAL = 2;
export const FILLS_TOTAL = 3;
const FIRST_BUCKET = 4;
const STRIDE = FIRST_BUCKET + 2 * BUCKETS;

/**
 * Cancels and fills of each account in a window of message time, in eight buckets, so that an event counts for the window less up
 * to an eighth of it. A time before the latest one counts as the latest. Only kept while the ratio of an account is set.
 */
export class CancelToTrade {
  readonly #controls: RiskControls;
  readonly #cells: Float64Array;
  /** Time of the next call. A field, because as an argument it might be boxed. */
  time = Number.NaN;

  constructor(controls: RiskControls) {
    this.#controls = controls;
    this.#cells = new Float64Array(controls.layout.accounts * STRIDE);
  }

  /** A cancel or mass cancel of the account has passed, or a fill has come, at {@link time}. */
  count(place: number, kind: typeof CANCELS_TOTAL | typeof FILLS_TOTAL): void {
    if (this.#limit(place, CANCEL_TO_TRADE_RATIO) === Number.POSITIVE_INFINITY) return;
    this.#advance(place);
    const cells = this.#cells;
    const at = place * STRIDE;
    const bucket = FIRST_BUCKET + (kind - CANCELS_TOTAL) * BUCKETS + (cells[at + NEWEST] % BUCKETS);
    cells[at + kind]++;
    cells[at + bucket]++;
  }

  /** Has the account sent too many cancels for its fills, at {@link time}? */
  exceeds(place: number): boolean {
    const ratio = this.#limit(place, CANCEL_TO_TRADE_RATIO);
    if (ratio === Number.POSITIVE_INFINITY) return false;
    this.#advance(place);
    const at = place * STRIDE;
    const cancels = this.#cells[at + CANCELS_TOTAL];
    if (cancels < this.#limit(place, CANCEL_TO_TRADE_MINIMUM)) return false;
    return cancels > ratio * this.#cells[at + FILLS_TOTAL];
  }

  /** Visits everything that decides later answers. */
  forEachCell(visit: (value: number) => void): void {
    this.#cells.forEach(visit);
  }

  #advance(place: number): void {
    const cells = this.#cells;
    const at = place * STRIDE;
    const length = this.#limit(place, CANCEL_TO_TRADE_WINDOW) / BUCKETS;
    if (cells[at + LENGTH] !== length) {
      cells.fill(0, at, at + STRIDE);
      cells[at + LENGTH] = length;
    }
    const number = length > 0 ? Math.floor(this.time / length) : 0;
    const passed = number - cells[at + NEWEST];
    if (passed <= 0) return;
    for (let i = 0; i < BUCKETS && i < passed; i++) {
      const bucket = at + FIRST_BUCKET + ((number - i) % BUCKETS);
      cells[at + CANCELS_TOTAL] -= cells[bucket];
      cells[at + FILLS_TOTAL] -= cells[bucket + BUCKETS];
      cells[bucket] = 0;
      cells[bucket + BUCKETS] = 0;
    }
    cells[at + NEWEST] = number;
  }

  #limit(place: number, limit: number): number {
    return this.#controls.cells[this.#controls.layout.accountLimits + place * ACCOUNT_STRIDE + limit];
  }
}
