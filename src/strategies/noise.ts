import { Side } from '../lib/enums.js';
import type { Instrument } from '../lib/instruments.js';
import { refusesOrders } from '../lib/phases.js';
import { HawkesProcess } from './hawkes.js';
import { boundedPrice, buyProbability, type FlowBounds, lotsFor } from './sizing.js';
import type { BookView, Market, StatusView, Strategy } from './strategy.js';

/**
 * Tail exponent of the distance between a limit order and the best price of its side: J.-P. Bouchaud, M. Mézard and
 * M. Potters, Statistical properties of stock order books (2002) find P(distance) ~ distance^-(1 + 0.6).
 */
const DISTANCE_EXPONENT = 0.6;
/** Median of the Pareto distribution (of the second kind) with that exponent, in units of its scale. */
const MEDIAN = 2 ** (1 / DISTANCE_EXPONENT) - 1;
/** Distances are drawn again beyond this: such orders would never trade. */
const FARTHEST = 0.03;
/** Part of limit orders that go between best bid and ask. */
const INSIDE = 0.2;
/** No order is larger than so many times the mean. */
const LARGEST = 10;
/** Mean notional of open positions at which the flow turns, in orders. */
const TURNING_ORDERS = 300;
/** Open orders looked at for a stale one with each cancel. */
const STALE_PROBES = 8;
/** Events of one instrument and call at the most; a simulation more than a second late starts afresh. */
const BURST = 1024;
const LATE_NS = 1e9;

export interface NoiseParameters extends FlowBounds {
  /** Commands a second over all its instruments. */
  readonly rate: number;
  /** Mean of an order, quote currency. */
  readonly orderNotional: number;
  /** Parts of market orders and of cancels among the commands; the rest are limit orders. */
  readonly marketRatio: number;
  readonly cancelRatio: number;
  /** Median distance of limit orders from the best price of their side. */
  readonly distanceBps: number;
  /** Commands that each command brings with it, and for how long it does. */
  readonly clustering: number;
  readonly clusterMs: number;
  /** Bounds of its open orders: how many, and how old. */
  readonly maximumOpenOrders: number;
  readonly orderLifetimeSeconds: number;
}

interface Flow {
  readonly instrument: Instrument;
  readonly book: BookView;
  readonly status: StatusView;
  readonly process: HawkesProcess;
}

/**
 * Many small traders without a plan ("zero intelligence": D. K. Gode and S. Sunder 1993; M. G. Daniels, J. D. Farmer et
 * al. 2003): limit orders, cancels and market orders of random size, clustered in time.
 */
export class Noise implements Strategy {
  readonly #parameters: NoiseParameters;
  readonly #flows: Flow[] = [];
  #market: Market | undefined;
  #hand = 0; // next row to be looked at for its age

  constructor(parameters: NoiseParameters) {
    this.#parameters = parameters;
  }

  onStart(market: Market, now: number): void {
    this.#market = market;
    const { rate, clustering, clusterMs } = this.#parameters;
    const share = rate / market.instruments.length;
    if (share === 0) return;
    for (const instrument of market.instruments) {
      const process = new HawkesProcess(market.random, share, clustering, clusterMs, now);
      this.#flows.push({
        instrument,
        book: market.book(instrument.index),
        status: market.status(instrument.index),
        process,
      });
    }
    this.#sleep(market);
  }

  onTimer(now: number): void {
    const market = this.#market;
    if (market === undefined) return;
    for (let i = 0; i < this.#flows.length; i++) {
      const flow = this.#flows[i];
      const { process } = flow;
      if (now - process.next > LATE_NS) process.restart(now);
      for (let n = 0; n < BURST && process.next <= now; n++) {
        this.#act(market, flow, now);
        process.advance();
      }
    }
    this.#sleep(market);
  }

  #sleep(market: Market): void {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#flows.length; i++) next = Math.min(next, this.#flows[i].process.next);
    market.wakeAt(next);
  }

  #act(market: Market, flow: Flow, now: number): void {
    if (!flow.book.synced || refusesOrders(flow.status.phase)) return;
    const { marketRatio, cancelRatio, maximumOpenOrders } = this.#parameters;
    const open = market.trading.orders.count;
    const draw = market.random.uniform();
    if (open > 0 && (draw < cancelRatio || open >= maximumOpenOrders)) this.#cancel(market, now);
    else if (draw < 1 - marketRatio || !this.#marketOrder(market, flow)) this.#limitOrder(market, flow);
  }

  /** A stale order if a look at a few finds one, else any. */
  #cancel(market: Market, now: number): void {
    const { trading, random } = market;
    const { orders } = trading;
    const oldest = now - this.#parameters.orderLifetimeSeconds * 1e9;
    for (let i = 0; i < STALE_PROBES; i++) {
      this.#hand = this.#hand + 1 < orders.count ? this.#hand + 1 : 0;
      if (orders.sentAt(this.#hand) < oldest && trading.cancel(orders.orderId(this.#hand)) === 0) return;
    }
    trading.cancel(orders.orderId(random.below(orders.count)));
  }

  /** False when there is nobody to trade with. */
  #marketOrder(market: Market, flow: Flow): boolean {
    const { trading, random } = market;
    const { instrument, book } = flow;
    const { index } = instrument;
    const turning = this.#parameters.orderNotional * TURNING_ORDERS;
    const buys = random.chance(buyProbability(instrument, trading.position(index), turning));
    const price = buys ? book.bestAsk : book.bestBid;
    if (price === 0) return false;
    const lots = this.#lots(market, instrument, price);
    if (buys) trading.buyMarket(index, lots);
    else trading.sellMarket(index, lots);
    return true;
  }

  #limitOrder(market: Market, flow: Flow): void {
    const { trading, random } = market;
    const { instrument, book } = flow;
    const side = random.chance(0.5) ? Side.Buy : Side.Sell;
    const price = this.#limitPrice(market, instrument, book, side);
    const lots = this.#lots(market, instrument, price);
    if (side === Side.Buy) trading.buyLimit(instrument.index, price, lots);
    else trading.sellLimit(instrument.index, price, lots);
  }

  #limitPrice(market: Market, instrument: Instrument, book: BookView, side: Side): number {
    const { random } = market;
    const { bestBid, bestAsk } = book;
    const gap = bestAsk - bestBid;
    if (bestBid > 0 && gap > 1 && random.chance(INSIDE)) {
      return boundedPrice(instrument, bestBid + 1 + random.below(gap - 1), this.#parameters);
    }
    const distance = this.#distance(market) * instrument.referenceTicks;
    const same = side === Side.Buy ? bestBid : bestAsk;
    const from = same > 0 ? same : this.#startOfSide(instrument, book, side);
    return boundedPrice(instrument, side === Side.Buy ? from - distance : from + distance, this.#parameters);
  }

  /** Where the best price of an empty side would be: a few hundredths of a percent off the other, or off the reference. */
  #startOfSide(instrument: Instrument, book: BookView, side: Side): number {
    const other = side === Side.Buy ? book.bestAsk : book.bestBid;
    const from = other > 0 ? other : instrument.referenceTicks;
    return from * (side === Side.Buy ? 1 - 5e-4 : 1 + 5e-4);
  }

  /** A fraction of the price. */
  #distance(market: Market): number {
    const scale = (this.#parameters.distanceBps * 1e-4) / MEDIAN;
    for (;;) {
      const distance = market.random.pareto(scale, DISTANCE_EXPONENT) - scale;
      if (distance <= FARTHEST) return distance;
    }
  }

  #lots(market: Market, instrument: Instrument, price: number): number {
    const { orderNotional } = this.#parameters;
    const notional = Math.min(market.random.exponential(orderNotional), LARGEST * orderNotional);
    return lotsFor(instrument, notional, price, this.#parameters);
  }
}
