import type { FeatureOptions } from '../../src/book/features.js';
import type { NaiveBook } from './naive-book.js';

type Level = readonly [price: number, quantity: number];
interface Sample {
  readonly time: number;
  readonly value: number;
}

/** The formulas of BookFeatures over whole histories, summed afresh each time. */
export class NaiveFeatures {
  readonly #options: FeatureOptions;
  readonly #flow: Sample[] = [];
  readonly #mids: Sample[] = [];
  readonly #trades: { readonly time: number; readonly price: number; readonly quantity: number }[] = [];
  #previous: { readonly bid: Level | undefined; readonly ask: Level | undefined } | undefined;
  #now = Number.NEGATIVE_INFINITY;

  constructor(options: FeatureOptions) {
    this.#options = options;
  }

  onTrade(time: number, price: number, quantity: number): void {
    this.#now = Math.max(this.#now, time);
    this.#trades.push({ time: this.#now, price, quantity });
  }

  onBook(time: number, book: NaiveBook): Record<string, number> {
    this.#now = Math.max(this.#now, time);
    const bids = book.bids();
    const asks = book.asks();
    const bid: Level | undefined = bids[0];
    const ask: Level | undefined = asks[0];
    if (this.#previous !== undefined) {
      const flow = sideFlow(this.#previous.bid, bid, 1) - sideFlow(this.#previous.ask, ask, -1);
      this.#flow.push({ time: this.#now, value: flow });
    }
    this.#previous = { bid, ask };
    const midpoint = bid === undefined || ask === undefined ? 0 : (bid[0] + ask[0]) / 2;
    if (midpoint > 0) this.#mids.push({ time: this.#now, value: midpoint });
    const bidQuantity = bid?.[1] ?? 0;
    const askQuantity = ask?.[1] ?? 0;
    const trades = this.#trades.filter(({ time: at }) => this.#inWindow(at));
    const n = this.#options.depthLevels;
    return {
      midpoint,
      relativeSpread: midpoint === 0 ? 0 : (ask[0] - bid[0]) / midpoint,
      breadth: trades.length,
      imbalanceLevel1:
        bidQuantity + askQuantity === 0 ? 0 : (bidQuantity - askQuantity) / (bidQuantity + askQuantity),
      bidDepth: total(bids.slice(0, n).map(([, quantity]) => quantity)),
      askDepth: total(asks.slice(0, n).map(([, quantity]) => quantity)),
      orderFlowImbalance: total(
        this.#flow.filter(({ time: at }) => this.#inWindow(at)).map(({ value }) => value),
      ),
      volatilityMid: this.#volatility(this.#mids),
      volatilityTrades: this.#volatility(
        this.#trades.map(({ time: at, price }) => ({ time: at, value: price })),
      ),
      tradedVolume: total(trades.map(({ quantity }) => quantity)),
    };
  }

  #inWindow(time: number): boolean {
    return this.#now - time < this.#options.windowNanoseconds;
  }

  /** A return belongs to the time of its second price. */
  #volatility(prices: readonly Sample[]): number {
    const squares = prices
      .slice(1)
      .map(({ time, value }, i) => ({ time, value: (value / prices[i].value - 1) ** 2 }));
    return Math.sqrt(total(squares.filter(({ time }) => this.#inWindow(time)).map(({ value }) => value)));
  }
}

/** e of one side, Cont, Kukanov and Stoikov (2014); `sign` -1 for asks, where lower is better. */
function sideFlow(before: Level | undefined, after: Level | undefined, sign: 1 | -1): number {
  if (before === undefined || after === undefined) return (after?.[1] ?? 0) - (before?.[1] ?? 0);
  const move = (after[0] - before[0]) * sign;
  if (move > 0) return after[1];
  if (move < 0) return -before[1];
  return after[1] - before[1];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
