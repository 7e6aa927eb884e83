/**
 * The price of an auction whose quantities sum up beyond safe integers: every limit is tried, each sum stops at 2^53 - 1
 * ("Uncross price" in docs/matching.md). Slow, for books that no market has; see Auction for the others.
 */
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { HIDDEN, LEVEL_NUMBER_SHIFT, PRICE, TOTAL } = levelLayout;
const { MAX_SAFE_INTEGER } = Number;

export class AuctionLimits {
  /** Volume and surplus at the price that was tried last. */
  quantity = Number.NaN;
  surplus = Number.NaN;
  /** Of the candidates that are left: smallest surplus (Infinity: there are none), range of prices, and whether all have more to buy, or to sell. */
  least = Number.NaN;
  lowest = Number.NaN;
  highest = Number.NaN;
  allPositive = false;
  allNegative = false;
  declare private readonly state: EngineState;
  private largest = Number.NaN;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** Finds the limits of the largest volume with the smallest surplus; there is one with a volume. */
  search(instrument: number): void {
    const { levels } = this.state.books;
    this.largest = 0;
    this.least = Infinity;
    for (let side = instrument * 2; side <= instrument * 2 + 1; side++) {
      for (let level = levels.best[side]; level !== 0; level = levels.worse(level)) {
        const price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
        if (Math.abs(price) > MAX_SAFE_INTEGER) continue;
        this.tryPrice(instrument, price);
        this.keep(price);
      }
    }
  }

  /** Sets volume and surplus at a price. */
  tryPrice(instrument: number, price: number): void {
    const { levels } = this.state.books;
    let buys = 0;
    for (let level = levels.best[instrument * 2]; level !== 0; level = levels.worse(level)) {
      const base = level << LEVEL_NUMBER_SHIFT;
      if (levels.numbers[base | PRICE] < price) break;
      buys = Math.min(MAX_SAFE_INTEGER, buys + levels.numbers[base | TOTAL] + levels.numbers[base | HIDDEN]);
    }
    let sells = 0;
    for (let level = levels.best[instrument * 2 + 1]; level !== 0; level = levels.worse(level)) {
      const base = level << LEVEL_NUMBER_SHIFT;
      if (levels.numbers[base | PRICE] > price) break;
      sells = Math.min(
        MAX_SAFE_INTEGER,
        sells + levels.numbers[base | TOTAL] + levels.numbers[base | HIDDEN],
      );
    }
    this.quantity = Math.min(buys, sells);
    this.surplus = buys - sells;
  }

  private keep(price: number): void {
    const size = Math.abs(this.surplus);
    if (this.quantity < this.largest || (this.quantity === this.largest && size > this.least)) return;
    if (this.quantity > this.largest || size < this.least) {
      this.largest = this.quantity;
      this.least = size;
      this.lowest = price;
      this.highest = price;
      this.allPositive = true;
      this.allNegative = true;
    }
    this.lowest = Math.min(this.lowest, price);
    this.highest = Math.max(this.highest, price);
    this.allPositive = this.allPositive && this.surplus > 0;
    this.allNegative = this.allNegative && this.surplus < 0;
  }
}
