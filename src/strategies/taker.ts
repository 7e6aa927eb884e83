import { OrderType, Side, TimeInForce } from '../lib/enums.js';
import type { Instrument } from '../lib/instruments.js';
import { refusesOrders } from '../lib/phases.js';
import { boundedPrice, buyProbability, type FlowBounds, lotsFor } from './sizing.js';
import type { BookView, Market, OrderRequest, StatusView, Strategy } from './strategy.js';

/**
 * Length of a burst: Pareto with tail exponent 1.5, which is what order splitting looks like on real venues (F. Lillo,
 * S. Mike and J. D. Farmer, Theory for long memory in supply and demand, 2005); shortest and longest in orders.
 */
const LENGTH_EXPONENT = 1.5;
const SHORTEST = 3;
const LONGEST = 60;
/** Within a burst orders come this much faster than on average; a pause after it makes up for that. */
const HASTE = 4;
/** How far through the best price an order may trade. */
const SLIPPAGE = 5e-4;
const LATE_NS = 1e9;
const BURST = 1024;

export interface TakerParameters extends FlowBounds {
  /** Orders a second over all its instruments. */
  readonly rate: number;
  /** Mean of an order, quote currency. */
  readonly orderNotional: number;
  /** Position against which bursts of the other direction become certain, quote currency. */
  readonly maximumPositionNotional: number;
}

/** One large order at a time and instrument, split in small ones. */
interface Split {
  readonly instrument: Instrument;
  readonly book: BookView;
  readonly status: StatusView;
  side: Side;
  length: number;
  left: number;
  next: number;
}

/** Takes liquidity in bursts of one direction: the traces of large orders that are worked in small pieces. */
export class Taker implements Strategy {
  readonly #parameters: TakerParameters;
  readonly #splits: Split[] = [];
  readonly #order: OrderRequest = {
    instrument: 0,
    side: Side.Buy,
    orderType: OrderType.Limit,
    timeInForce: TimeInForce.ImmediateOrCancel,
    price: 0,
    quantity: 0,
    flags: 0,
  };
  #market: Market | undefined;
  #interval = 0; // mean time between orders of one instrument, ns

  constructor(parameters: TakerParameters) {
    this.#parameters = parameters;
  }

  onStart(market: Market, now: number): void {
    this.#market = market;
    const share = this.#parameters.rate / market.instruments.length;
    if (share === 0) return;
    this.#interval = 1e9 / share;
    for (const instrument of market.instruments) {
      const book = market.book(instrument.index);
      const status = market.status(instrument.index);
      const next = now + market.random.exponential(this.#interval);
      this.#splits.push({ instrument, book, status, side: Side.Buy, length: 0, left: 0, next });
    }
    this.#sleep(market);
  }

  onTimer(now: number): void {
    const market = this.#market;
    if (market === undefined) return;
    for (let i = 0; i < this.#splits.length; i++) {
      const split = this.#splits[i];
      if (now - split.next > LATE_NS) split.next = now;
      for (let n = 0; n < BURST && split.next <= now; n++) this.#act(market, split);
    }
    this.#sleep(market);
  }

  #sleep(market: Market): void {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#splits.length; i++) next = Math.min(next, this.#splits[i].next);
    market.wakeAt(next);
  }

  #act(market: Market, split: Split): void {
    const { random } = market;
    if (split.left === 0) this.#begin(market, split);
    this.#take(market, split);
    split.left--;
    split.next += random.exponential(this.#interval / HASTE);
    if (split.left === 0) split.next += random.exponential(split.length * this.#interval * (1 - 1 / HASTE));
  }

  #begin(market: Market, split: Split): void {
    const { random, trading } = market;
    const { instrument } = split;
    const position = trading.position(instrument.index);
    const buys = buyProbability(instrument, position, this.#parameters.maximumPositionNotional);
    split.side = random.chance(buys) ? Side.Buy : Side.Sell;
    split.length = Math.min(Math.floor(random.pareto(SHORTEST, LENGTH_EXPONENT)), LONGEST);
    split.left = split.length;
  }

  #take(market: Market, split: Split): void {
    const { instrument, book, side } = split;
    const best = side === Side.Buy ? book.bestAsk : book.bestBid;
    // What stands on the book of a halted instrument is not for sale.
    if (best === 0 || refusesOrders(split.status.phase)) return;
    const worst = best * (side === Side.Buy ? 1 + SLIPPAGE : 1 - SLIPPAGE);
    const order = this.#order;
    order.instrument = instrument.index;
    order.side = side;
    order.price = boundedPrice(instrument, worst, this.#parameters);
    const notional = this.#parameters.orderNotional * (0.5 + market.random.uniform());
    order.quantity = lotsFor(instrument, notional, order.price, this.#parameters);
    market.trading.submit(order);
  }
}
