/**
 * The price of an auction: where most can trade, then where least is left over, then by market pressure, then by the
 * reference price ("Uncross price" in docs/matching.md). Walks the crossed levels only.
 *
 * Both sides are walked from their best level inwards, each quantity taken from both, until they no longer cross: that
 * is the largest volume, and any price from the last sell level reached to the last buy level reached executes it. The
 * surplus falls as the price rises and changes its sign where the walk stopped, so of all candidates only four can have the
 * least: the two levels reached last and the two first that something is left of.
 */
import { AuctionLimits } from './auction-limits.js';
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { HIDDEN, LEVEL_NUMBER_SHIFT, PRICE, TOTAL } = levelLayout;

const { MAX_SAFE_INTEGER } = Number;

/** Unpriced orders rest beyond all prices, see OrderMoves. */
const BEYOND = 2 ** 53;

export class Auction {
  /** What {@link compute} found; NaN, 0, 0 when nothing can trade. */
  price = Number.NaN;
  quantity = Number.NaN;
  surplus = Number.NaN;
  declare private readonly state: EngineState;
  declare private readonly limits: AuctionLimits;
  /** First level of each side of which something is left, as price (-+Infinity: none) and quantity left there. */
  private buyPrice = Number.NaN;
  private buyLeft = Number.NaN;
  private sellPrice = Number.NaN;
  private sellLeft = Number.NaN;
  /** Prices of the levels behind those. */
  private buyNext = Number.NaN;
  private sellNext = Number.NaN;
  /** What is left of unpriced orders, buys less sells. */
  private unpricedLeft = Number.NaN;
  /** Range of prices that execute the volume: levels reached last. */
  private low = Number.NaN;
  private high = Number.NaN;
  /** A candidate. */
  private tried = Number.NaN;
  /** Candidates with the least surplus so far. */
  private least = Number.NaN;
  private lowest = Number.NaN;
  private highest = Number.NaN;
  private allPositive = false;
  private allNegative = false;

  constructor(state: EngineState) {
    this.state = state;
    this.limits = new AuctionLimits(state);
  }

  /** Sets price, quantity and surplus of an uncross of the instrument as its book is now. */
  compute(instrument: number): void {
    this.price = Number.NaN;
    this.surplus = 0;
    this.walk(instrument);
    if (this.quantity === 0) return;
    if (
      this.quantity + Math.max(this.buyLeft, this.sellLeft) + Math.abs(this.unpricedLeft) >=
      MAX_SAFE_INTEGER
    ) {
      this.tryLimits(instrument);
      return;
    }
    this.least = Infinity;
    // Beyond the first levels with something left, more is left over if there is another level on the way.
    this.tried = this.low;
    if (this.buyNext < this.low) this.consider();
    this.tried = this.high;
    if (this.sellNext > this.high) this.consider();
    this.tried = this.buyPrice;
    this.consider();
    this.tried = this.sellPrice;
    this.consider();
    this.choose(instrument);
    this.tried = this.price;
    this.findSurplus();
    if (!Number.isNaN(this.price)) return;
    this.quantity = 0;
    this.surplus = 0;
  }

  /** Sets the price from the candidates that are left; NaN when there are none and no reference. */
  private choose(instrument: number): void {
    const { referencePrice, lastPrice } = this.state.instruments;
    let centre = referencePrice[instrument];
    if (Number.isNaN(centre)) centre = lastPrice[instrument];
    if (this.least === Infinity) this.price = centre;
    else if (this.allPositive) this.price = this.highest;
    else if (this.allNegative) this.price = this.lowest;
    else if (Number.isNaN(centre)) this.price = middle(this.lowest, this.highest);
    else this.price = Math.min(Math.max(centre, this.lowest), this.highest);
  }

  /** As {@link compute}, where quantities sum up beyond safe integers. */
  private tryLimits(instrument: number): void {
    const { limits } = this;
    limits.search(instrument);
    this.least = limits.least;
    this.lowest = limits.lowest;
    this.highest = limits.highest;
    this.allPositive = limits.allPositive;
    this.allNegative = limits.allNegative;
    this.choose(instrument);
    this.quantity = 0;
    if (Number.isNaN(this.price)) return;
    limits.tryPrice(instrument, this.price);
    this.quantity = limits.quantity;
    this.surplus = limits.surplus;
  }

  /** Takes quantity off both sides while they cross. */
  private walk(instrument: number): void {
    const { levels } = this.state.books;
    let buy = levels.best[instrument * 2];
    let sell = levels.best[instrument * 2 + 1];
    this.loadBuy(buy);
    this.loadSell(sell);
    this.quantity = 0;
    while (buy !== 0 && sell !== 0 && this.buyPrice >= this.sellPrice) {
      this.high = this.buyPrice;
      this.low = this.sellPrice;
      const quantity = Math.min(this.buyLeft, this.sellLeft);
      this.quantity += quantity;
      this.buyLeft -= quantity;
      this.sellLeft -= quantity;
      if (this.buyLeft === 0) {
        buy = levels.worse(buy);
        this.loadBuy(buy);
      }
      if (this.sellLeft === 0) {
        sell = levels.worse(sell);
        this.loadSell(sell);
      }
    }
    this.unpricedLeft = 0;
    if (this.buyPrice === BEYOND) {
      this.unpricedLeft = this.buyLeft;
      buy = levels.worse(buy);
      this.loadBuy(buy);
    }
    if (this.sellPrice === -BEYOND) {
      this.unpricedLeft -= this.sellLeft;
      sell = levels.worse(sell);
      this.loadSell(sell);
    }
    this.buyNext = -Infinity;
    this.sellNext = Infinity;
    if (buy !== 0 && levels.worse(buy) !== 0)
      this.buyNext = levels.numbers[(levels.worse(buy) << LEVEL_NUMBER_SHIFT) | PRICE];
    if (sell !== 0 && levels.worse(sell) !== 0)
      this.sellNext = levels.numbers[(levels.worse(sell) << LEVEL_NUMBER_SHIFT) | PRICE];
  }

  // Wide numbers go into fields here: what a method returns is boxed wherever V8 does not inline it.

  private loadBuy(level: number): void {
    const { numbers } = this.state.books.levels;
    const base = level << LEVEL_NUMBER_SHIFT;
    this.buyPrice = -Infinity;
    this.buyLeft = 0;
    if (level === 0) return;
    this.buyPrice = numbers[base | PRICE];
    this.buyLeft = numbers[base | TOTAL] + numbers[base | HIDDEN];
  }

  private loadSell(level: number): void {
    const { numbers } = this.state.books.levels;
    const base = level << LEVEL_NUMBER_SHIFT;
    this.sellPrice = Infinity;
    this.sellLeft = 0;
    if (level === 0) return;
    this.sellPrice = numbers[base | PRICE];
    this.sellLeft = numbers[base | TOTAL] + numbers[base | HIDDEN];
  }

  /** Keeps `tried` if it is a limit that executes the volume and leaves no more over than those before. */
  private consider(): void {
    const price = this.tried;
    if (!(price > -BEYOND && price < BEYOND && price >= this.low && price <= this.high)) return;
    this.findSurplus();
    const surplus = this.surplus;
    const size = Math.abs(surplus);
    if (size > this.least) return;
    if (size < this.least) {
      this.least = size;
      this.lowest = price;
      this.highest = price;
      this.allPositive = true;
      this.allNegative = true;
    }
    this.lowest = Math.min(this.lowest, price);
    this.highest = Math.max(this.highest, price);
    this.allPositive = this.allPositive && surplus > 0;
    this.allNegative = this.allNegative && surplus < 0;
  }

  /** Sets the surplus at `tried`, a price with at most one level of each side that something is left of. */
  private findSurplus(): void {
    this.surplus = this.unpricedLeft;
    if (this.tried <= this.buyPrice) this.surplus += this.buyLeft;
    if (this.tried >= this.sellPrice) this.surplus -= this.sellLeft;
  }
}

/** (low + high) / 2 rounded down; the sum may be no safe integer. */
function middle(low: number, high: number): number {
  const lowHalf = Math.floor(low / 2);
  const highHalf = Math.floor(high / 2);
  const bothOdd = low - 2 * lowHalf === 1 && high - 2 * highHalf === 1;
  return lowHalf + highHalf + (bothOdd ? 1 : 0);
}
