import type { DepthBook } from './depth-book.js';
import { RollingSum, type WindowClock } from './rolling-window.js';

/** How features are taken. */
export interface FeatureOptions {
  /** N of bid and ask depth. */
  readonly depthLevels: number;
  /** Length of the rolling windows, nanoseconds of event time. */
  readonly windowNanoseconds: number;
  /** Entries that each window holds at most; a power of two. */
  readonly windowCapacity: number;
}

export const DEFAULT_FEATURES: FeatureOptions = {
  depthLevels: 10,
  windowNanoseconds: 10e9,
  windowCapacity: 8192,
};

/** When something happened: venue time in nanoseconds. An object, because a number handed to a call may need a box. */
export interface EventTime {
  readonly timestamp: number;
}

/** A trade, in ticks and lots. */
export interface TradeTick extends EventTime {
  readonly price: number;
  readonly quantity: number;
}

/**
 * The features of one book (FeaturesData in schemas/market.fbs), kept up to date from book updates and trades. Prices in
 * ticks, quantities in lots. Windows go by the venue's time; a time that steps back counts as the latest one
 * seen. Notation: Pb, qb best bid price and quantity; Pa, qa best ask; w the window.
 *
 * Only IEEE additions, multiplications, divisions and square roots are used (no logarithm), so that every engine gives
 * the same bits. No method allocates.
 */
export class BookFeatures {
  /** Pb, 0 when there are no bids. */
  bestBidPrice = 0;
  /** qb, 0 when there are no bids. */
  bestBidQuantity = 0;
  /** Pa, 0 when there are no asks. */
  bestAskPrice = 0;
  /** qa, 0 when there are no asks. */
  bestAskQuantity = 0;
  /** (Pb + Pa) / 2; 0 while a side is empty. */
  midpoint = 0;
  /** (Pa - Pb) / midpoint, the quoted spread as a fraction of price; 0 while a side is empty. */
  relativeSpread = 0;
  /**
   * Number of transactions in w: "breadth" of Aït-Sahalia, Fan, Xue and Zhou, How and When are High-Frequency Stock Returns
   * Predictable? (2022).
   */
  breadth = 0;
  /**
   * (qb - qa) / (qb + qa), from -1 to 1: queue imbalance of Gould and Bonart, Queue Imbalance as a One-Tick-Ahead Price
   * Predictor (2016). 0 when both sides are empty.
   */
  imbalanceLevel1 = 0;
  /** Lots in the best N bid levels. */
  bidDepth = 0;
  /** Lots in the best N ask levels. */
  askDepth = 0;
  /**
   * Σ e_n over w, in lots: order flow imbalance of Cont, Kukanov and Stoikov, The Price Impact of Order Book Events (2014),
   * e_n = 1{Pb_n >= Pb_n-1} qb_n - 1{Pb_n <= Pb_n-1} qb_n-1 - 1{Pa_n <= Pa_n-1} qa_n + 1{Pa_n >= Pa_n-1} qa_n-1,
   * n running over book updates. A side that is or was empty counts as quantity 0 at the other state's price.
   */
  orderFlowImbalance = 0;
  /**
   * √(Σ r²) over w with r = (M_n - M_n-1) / M_n-1 for the midpoints M: realised volatility (Andersen, Bollerslev, Diebold
   * and Labys, Modeling and Forecasting Realized Volatility, 2003) from simple returns, which at these horizons
   * equal logarithmic ones to second order. Not annualised.
   */
  volatilityMid = 0;
  /** The same over consecutive trade prices. */
  volatilityTrades = 0;
  /** Σ quantity of the trades in w, lots. */
  tradedVolume = 0;
  readonly depthLevels: number;

  readonly #orderFlow: RollingSum;
  readonly #midReturns: RollingSum;
  readonly #tradeReturns: RollingSum;
  readonly #volume: RollingSum;
  readonly #trades: RollingSum;
  readonly #clock: WindowClock = Float64Array.of(Number.NEGATIVE_INFINITY);
  #hasTop = false;
  #lastMid = 0;
  #lastTradePrice = 0;

  constructor(options: FeatureOptions = DEFAULT_FEATURES) {
    const { depthLevels, windowNanoseconds: span, windowCapacity: capacity } = options;
    if (!Number.isInteger(depthLevels) || depthLevels < 1) {
      throw new RangeError(`depthLevels is ${depthLevels}, allowed: a whole number from 1`);
    }
    this.depthLevels = depthLevels;
    const clock = this.#clock;
    this.#orderFlow = new RollingSum(span, capacity, clock);
    this.#midReturns = new RollingSum(span, capacity, clock);
    this.#tradeReturns = new RollingSum(span, capacity, clock);
    this.#volume = new RollingSum(span, capacity, clock);
    this.#trades = new RollingSum(span, capacity, clock);
  }

  /** Values that found a window full, over all windows (see RollingSum). */
  get merged(): number {
    return this.#orderFlow.merged + this.#midReturns.merged + this.#tradeReturns.merged + this.#volume.merged;
  }

  /** A trade happened. Takes effect on the fields with the next {@link onBook}. */
  onTrade(trade: TradeTick): void {
    this.#tick(trade);
    const { price } = trade;
    const last = this.#lastTradePrice;
    if (last > 0 && price !== last) {
      const change = (price - last) / last;
      this.#tradeReturns.advance();
      this.#tradeReturns.add(change * change);
    }
    this.#lastTradePrice = price;
    this.#volume.advance();
    this.#volume.add(trade.quantity);
    this.#trades.advance();
    this.#trades.add(1);
  }

  /** The book is now in this state, at the time that `event` names: brings all fields up to date. */
  onBook(event: EventTime, book: DepthBook): void {
    this.#tick(event);
    this.#orderFlow.advance();
    this.#midReturns.advance();
    this.#onTop(book);
    this.bidDepth = book.bids.depth(this.depthLevels);
    this.askDepth = book.asks.depth(this.depthLevels);
    this.#tradeReturns.advance();
    this.#volume.advance();
    this.#trades.advance();
    this.orderFlowImbalance = this.#orderFlow.sum;
    this.volatilityMid = rootOf(this.#midReturns.sum);
    this.volatilityTrades = rootOf(this.#tradeReturns.sum);
    this.tradedVolume = this.#volume.sum;
    this.breadth = this.#trades.sum;
  }

  /** The book was withdrawn: what its next state brings is not order flow. Windows of trades go on. */
  onWithdrawn(): void {
    this.#hasTop = false;
    this.#lastMid = 0;
    this.#orderFlow.clear();
    this.#midReturns.clear();
  }

  /** Event time never steps back. */
  #tick(event: EventTime): void {
    if (event.timestamp > this.#clock[0]) this.#clock[0] = event.timestamp;
  }

  #onTop(book: DepthBook): void {
    const bidQuantity = book.bids.bestQuantity();
    const askQuantity = book.asks.bestQuantity();
    const bid = book.bids.bestPrice();
    const ask = book.asks.bestPrice();
    if (
      this.#hasTop &&
      bid === this.bestBidPrice &&
      ask === this.bestAskPrice &&
      bidQuantity === this.bestBidQuantity &&
      askQuantity === this.bestAskQuantity
    ) {
      return;
    }
    if (this.#hasTop) this.#addOrderFlow(book);
    this.#hasTop = true;
    this.bestBidPrice = bid;
    this.bestBidQuantity = bidQuantity;
    this.bestAskPrice = ask;
    this.bestAskQuantity = askQuantity;
    const both = bidQuantity + askQuantity;
    this.imbalanceLevel1 = both === 0 ? 0 : (bidQuantity - askQuantity) / both;
    if (bidQuantity === 0 || askQuantity === 0) {
      this.midpoint = 0;
      this.relativeSpread = 0;
      return;
    }
    const midpoint = (bid + ask) / 2;
    this.midpoint = midpoint;
    this.relativeSpread = midpoint === 0 ? 0 : (ask - bid) / midpoint;
    const last = this.#lastMid;
    if (last > 0 && midpoint !== last) {
      const change = (midpoint - last) / last;
      this.#midReturns.add(change * change);
    }
    this.#lastMid = midpoint;
  }

  /** From the best prices in the fields to those of `book`. */
  #addOrderFlow(book: DepthBook): void {
    const bid = book.bids.bestPrice();
    const ask = book.asks.bestPrice();
    const bidQuantity = book.bids.bestQuantity();
    const askQuantity = book.asks.bestQuantity();
    const bidBefore = this.bestBidQuantity;
    const askBefore = this.bestAskQuantity;
    const bidMove = bidQuantity === 0 || bidBefore === 0 ? 0 : bid - this.bestBidPrice;
    const askMove = askQuantity === 0 || askBefore === 0 ? 0 : ask - this.bestAskPrice;
    const bidFlow = (bidMove >= 0 ? bidQuantity : 0) - (bidMove <= 0 ? bidBefore : 0);
    const askFlow = (askMove <= 0 ? askQuantity : 0) - (askMove >= 0 ? askBefore : 0);
    this.#orderFlow.add(bidFlow - askFlow);
  }
}

/** Square root of a sum of squares that rounding may have left a hair below zero. */
function rootOf(sum: number): number {
  return sum > 0 ? Math.sqrt(sum) : 0;
}
