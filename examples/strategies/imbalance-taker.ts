/**
 * A complete strategy in one file: buys when the bid side of the book outweighs the ask side, sells in the opposite case
 * (M. Gould and J. Bonart, Queue imbalance as a one-tick-ahead price predictor, 2016), and gets out after a while.
 * It is here to be copied, not to make money.
 *
 * Compiled by `npm run build`; run it inside the simulated market:
 *
 *     risk:
 *       accounts:
 *         - { id: 1, name: gateway }
 *         - { id: 2, name: maker }
 *         - { id: 3, name: taker }
 *         - { id: 4, name: noise }
 *         - { id: 5, name: mine }
 *     strategies:
 *       - { name: maker, kind: market-maker, account: 2 }
 *       - { name: taker, kind: taker, account: 3 }
 *       - { name: noise, kind: noise, account: 4 }
 *       - name: imbalance
 *         kind: custom
 *         account: 5
 *         module: dist/examples/strategies/imbalance-taker.js
 *         parameters: { threshold: 0.8, lots: 100, hold_ms: 2000 }
 */
import { OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import type { BookView, FillView, Market, OrderRequest, Strategy } from '../../src/strategies/strategy.js';

interface Parameters {
  /** Imbalance of the best quantities, 0 to 1, from which it trades. */
  readonly threshold: number;
  /** Size of a trade. */
  readonly lots: number;
  /** How long it keeps a position, ms. */
  readonly holdMs: number;
}

class ImbalanceTaker implements Strategy {
  readonly #parameters: Parameters;
  /** By instrument number: when the position is to be closed; 0: there is none. */
  readonly #exits: number[] = [];
  // One request, filled in again and again: nothing is allocated while the market runs.
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
  #traded = 0;

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }

  onStart(market: Market): void {
    this.#market = market;
    for (const { index } of market.instruments) this.#exits[index] = 0;
    market.log.info(`watching ${market.instruments.map(({ symbol }) => symbol).join(', ')}`);
  }

  onBook(book: BookView, now: number): void {
    const market = this.#market;
    if (market === undefined || this.#exits[book.instrument] !== 0) return;
    const { threshold, holdMs } = this.#parameters;
    if (book.midpoint === 0 || Math.abs(book.imbalance) < threshold) return;
    const side = book.imbalance > 0 ? Side.Buy : Side.Sell;
    if (this.#take(market, book, side, this.#parameters.lots) < 0) return;
    this.#exits[book.instrument] = now + holdMs * 1e6;
    market.wakeAt(Math.min(...this.#exits.filter((time) => time > 0)));
  }

  onFill(fill: FillView): void {
    this.#traded += fill.quantity;
  }

  /** Closes what has been held long enough. */
  onTimer(now: number): void {
    const market = this.#market;
    if (market === undefined) return;
    for (const { index } of market.instruments) {
      const exit = this.#exits[index];
      if (exit === 0 || exit > now) continue;
      const position = market.trading.position(index);
      const side = position > 0 ? Side.Sell : Side.Buy;
      if (position !== 0) this.#take(market, market.book(index), side, Math.abs(position));
      // What did not trade is tried again; a flat book is free for the next signal.
      this.#exits[index] = position === 0 ? 0 : now + 100e6;
    }
    market.wakeAt(Math.min(...this.#exits.filter((time) => time > 0)));
  }

  onStop(): void {
    this.#market?.log.info(`traded ${this.#traded} lots`);
  }

  /** An immediate-or-cancel order at the best price of the other side. Negative: nothing was sent. */
  #take(market: Market, book: BookView, side: Side, lots: number): number {
    const price = side === Side.Buy ? book.bestAsk : book.bestBid;
    if (price === 0) return -1;
    this.#order.instrument = book.instrument;
    this.#order.side = side;
    this.#order.price = price;
    this.#order.quantity = lots;
    return market.trading.submit(this.#order);
  }
}

/** What Millrace calls. Parameters are whatever stands in the configuration: check them here. */
export function create(parameters: Readonly<Record<string, unknown>>): Strategy {
  const { threshold = 0.8, lots = 100, hold_ms: holdMs = 2000 } = parameters;
  if (typeof threshold !== 'number' || threshold <= 0 || threshold > 1) {
    throw new RangeError(`threshold is ${String(threshold)}, allowed: a number above 0, at most 1`);
  }
  if (typeof lots !== 'number' || !Number.isSafeInteger(lots) || lots < 1) {
    throw new RangeError(`lots is ${String(lots)}, allowed: a whole number from 1`);
  }
  if (typeof holdMs !== 'number' || !(holdMs > 0)) {
    throw new RangeError(`hold_ms is ${String(holdMs)}, allowed: milliseconds above 0`);
  }
  return new ImbalanceTaker({ threshold, lots, holdMs });
}
