import { Side } from '../lib/enums.js';
import { addSignedProduct } from './amounts.js';
import * as exact from './exact.js';
import { addProduct, subtractProduct, subtractShare, toDouble } from './exact.js';
import type { RiskTrade } from './records.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { EXACT_CELLS, operands } = exact;

// Cells of a position.
/** Signed lots. */
export const QUANTITY = 0;
export const BOUGHT = 1;
export const SOLD = 2;
/** Lots of working orders, the largest that they may come to; sells follow buys. */
export const OPEN_BUY = 3;
export const OPEN_SELL = 4;
/** Event sequence and timestamp of the last fill. */
export const EVENT_SEQUENCE = 5;
export const TIMESTAMP = 6;
/** Ticks times lots received for sales less those paid for purchases, exact. */
export const CASH = 7;
/** Ticks times lots that the open quantity cost (long) or brought (short), exact and not negative. */
export const COST = CASH + EXACT_CELLS;
/** Ticks times lots of fees paid less rebates, exact; not part of cash. */
export const FEES = COST + EXACT_CELLS;
export const POSITION_CELLS = 16;

/**
 * Positions of every account in every instrument. Profit is kept by the average-cost method without a fraction:
 * closing q of Q lots takes floor(cost * q / Q) out of the cost (all of it when flat), and
 *
 *     realised profit = cash + cost   (long)        realised profit = cash - cost   (short)
 *
 * so it always agrees with the sum of the fills, and what rounding leaves behind (below one tick times lot a fill)
 * is settled when the position is closed. Numbers are exact: see exact.ts.
 */
export class Positions {
  readonly cells: Float64Array;
  readonly count: number;
  /** Positions that are not flat. */
  active = 0;
  readonly #dirty: Uint8Array;
  readonly #queue: Int32Array;
  #first = 0;
  #queued = 0;

  constructor(count: number) {
    this.count = count;
    this.cells = new Float64Array(count * POSITION_CELLS);
    this.#dirty = new Uint8Array(count);
    this.#queue = new Int32Array(count);
  }

  /** One side of `trade` reaches a position, with what it pays for it. Allocates nothing. */
  fill(position: number, side: number, trade: RiskTrade, fee: number): void {
    const cells = this.cells;
    const at = position * POSITION_CELLS;
    const quantity = trade.quantity;
    const before = cells[at + QUANTITY];
    operands[0] = trade.price;
    operands[1] = quantity;
    if (side === Side.Buy) {
      cells[at + BOUGHT] += quantity;
      subtractProduct(cells, at + CASH);
    } else {
      cells[at + SOLD] += quantity;
      addProduct(cells, at + CASH);
    }
    if (fee !== 0) {
      operands[0] = fee;
      operands[1] = 1;
      addSignedProduct(cells, at + FEES);
    }
    const after = side === Side.Buy ? before + quantity : before - quantity;
    cells[at + QUANTITY] = after;
    cells[at + EVENT_SEQUENCE] = trade.eventSequence;
    cells[at + TIMESTAMP] = trade.timestamp;
    this.active += (after !== 0 ? 1 : 0) - (before !== 0 ? 1 : 0);
    operands[0] = trade.price;
    operands[1] = quantity;
    if (before === 0 || before > 0 === (side === Side.Buy)) {
      addProduct(cells, at + COST);
    } else if (after !== 0 && after > 0 === before > 0) {
      operands[0] = quantity;
      operands[1] = before < 0 ? -before : before;
      subtractShare(cells, at + COST);
    } else {
      cells[at + COST] = 0;
      cells[at + COST + 1] = 0;
      operands[1] = after < 0 ? -after : after;
      addProduct(cells, at + COST);
    }
    this.touch(position);
  }

  /** Queues a position for publication. */
  touch(position: number): void {
    if (this.#dirty[position] !== 0) return;
    this.#dirty[position] = 1;
    let last = this.#first + this.#queued;
    if (last >= this.count) last -= this.count;
    this.#queue[last] = position;
    this.#queued++;
  }

  /** The position that has waited longest for publication, -1 when none does. */
  nextDirty(): number {
    return this.#queued === 0 ? -1 : this.#queue[this.#first];
  }

  /** The position that {@link nextDirty} names has been published. */
  settleDirty(): void {
    this.#dirty[this.#queue[this.#first]] = 0;
    this.#first = this.#first + 1 === this.count ? 0 : this.#first + 1;
    this.#queued--;
  }

  /** Average price of the open quantity in ticks, 0 when flat. */
  averagePrice(position: number): number {
    const at = position * POSITION_CELLS;
    const quantity = this.cells[at + QUANTITY];
    return quantity === 0 ? 0 : toDouble(this.cells, at + COST) / Math.abs(quantity);
  }

  /** Fees paid less rebates in ticks times lots, rounded to a double. */
  feesPaid(position: number): number {
    return toDouble(this.cells, position * POSITION_CELLS + FEES);
  }

  /** Realised profit in ticks times lots before fees, rounded to a double. */
  realizedProfit(position: number): number {
    const at = position * POSITION_CELLS;
    const { cells } = this;
    const sign = cells[at + QUANTITY] < 0 ? -1 : 1;
    // Limb by limb: cash and cost may be large and nearly cancel.
    return (
      (cells[at + CASH] + sign * cells[at + COST]) * 2 ** 50 +
      (cells[at + CASH + 1] + sign * cells[at + COST + 1])
    );
  }
}
