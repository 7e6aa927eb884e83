import { DepthBook } from '../book/depth-book.js';
import type { DepthSide } from '../book/depth-side.js';
import type { BookView } from './strategy.js';

/** What an unsynchronised book shows. Nobody writes to it. */
const NOTHING = new DepthBook();

/** A strategy's view of one book: reads through to the levels while they are synchronised, and shows zeros otherwise. */
export class MarketBook implements BookView {
  readonly instrument: number;
  orderFlowImbalance = 0;
  volatilityMid = 0;
  volatilityTrades = 0;
  tradedVolume = 0;
  breadth = 0;
  #book = NOTHING;

  constructor(instrument: number) {
    this.instrument = instrument;
  }

  /** Shows this book from now on; undefined: none. */
  show(book: DepthBook | undefined): void {
    this.#book = book ?? NOTHING;
    if (book === undefined) this.setFeatures(0, 0, 0, 0, 0);
  }

  setFeatures(
    orderFlowImbalance: number,
    volatilityMid: number,
    volatilityTrades: number,
    tradedVolume: number,
    breadth: number,
  ): void {
    this.orderFlowImbalance = orderFlowImbalance;
    this.volatilityMid = volatilityMid;
    this.volatilityTrades = volatilityTrades;
    this.tradedVolume = tradedVolume;
    this.breadth = breadth;
  }

  get synced(): boolean {
    return this.#book !== NOTHING;
  }

  get bidLevels(): number {
    return this.#book.bids.count;
  }

  get askLevels(): number {
    return this.#book.asks.count;
  }

  get bestBid(): number {
    return this.#book.bids.bestPrice();
  }

  get bestBidQuantity(): number {
    return this.#book.bids.bestQuantity();
  }

  get bestAsk(): number {
    return this.#book.asks.bestPrice();
  }

  get bestAskQuantity(): number {
    return this.#book.asks.bestQuantity();
  }

  get midpoint(): number {
    const { bids, asks } = this.#book;
    return bids.count === 0 || asks.count === 0 ? 0 : (bids.bestPrice() + asks.bestPrice()) / 2;
  }

  get relativeSpread(): number {
    const { midpoint } = this;
    return midpoint === 0 ? 0 : (this.bestAsk - this.bestBid) / midpoint;
  }

  get imbalance(): number {
    const bid = this.bestBidQuantity;
    const both = bid + this.bestAskQuantity;
    return both === 0 ? 0 : (2 * bid - both) / both;
  }

  bidPrice(depth: number): number {
    return priceAt(this.#book.bids, depth);
  }

  bidQuantity(depth: number): number {
    return quantityAt(this.#book.bids, depth);
  }

  askPrice(depth: number): number {
    return priceAt(this.#book.asks, depth);
  }

  askQuantity(depth: number): number {
    return quantityAt(this.#book.asks, depth);
  }

  bidDepth(levels: number): number {
    return this.#book.bids.depth(levels);
  }

  askDepth(levels: number): number {
    return this.#book.asks.depth(levels);
  }
}

function priceAt(side: DepthSide, depth: number): number {
  return depth < side.count ? side.price(depth) : 0;
}

function quantityAt(side: DepthSide, depth: number): number {
  return depth < side.count ? side.quantity(depth) : 0;
}
