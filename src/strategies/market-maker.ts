import { Side } from '../lib/enums.js';
import type { Instrument } from '../lib/instruments.js';
import { refusesOrders } from '../lib/phases.js';
import { FairValue } from './fair-value.js';
import { boundedPrice, type FlowBounds, lotsFor, lotTickValue } from './sizing.js';
import type { Market, StatusView, Strategy } from './strategy.js';

const BASIS_POINT = 1e-4;
/** Quotes follow once their centre is off by this part of the spread: every step would cost ten amends. */
const TOLERANCE = 0.25;
/** At the position limit the quotes stand this many spreads off the fair value. */
const LEAN = 1;

export interface MarketMakerParameters extends FlowBounds {
  /** Between its best bid and ask. */
  readonly spreadBps: number;
  /** Quotes on each side, and the distance between them. */
  readonly levels: number;
  readonly levelSpacingBps: number;
  /** Of one quote, quote currency. */
  readonly orderNotional: number;
  readonly maximumPositionNotional: number;
  readonly refreshMs: number;
  /** Of the fair value: of a year, a fraction; and how fast it returns to the reference price. */
  readonly volatility: number;
  readonly reversionMinutes: number;
}

/** The quotes on one instrument. */
interface Quotes {
  readonly instrument: Instrument;
  readonly status: StatusView;
  readonly fair: FairValue;
  /** Order ids by level, best first; 0: none. */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  /** Price that the quotes stand around, ticks. */
  centre: number;
}

/**
 * Quotes both sides of a fair value that wanders about the reference price, and leans against its position (the shape
 * of M. Avellaneda and S. Stoikov, High-frequency trading in a limit order book, 2008: a reservation price linear in
 * inventory). It needs no book: it is the one who starts an empty one. Where a quote crosses older orders, it takes them.
 */
export class MarketMaker implements Strategy {
  readonly #parameters: MarketMakerParameters;
  readonly #quotes: Quotes[] = [];
  #market: Market | undefined;

  constructor(parameters: MarketMakerParameters) {
    this.#parameters = parameters;
  }

  onStart(market: Market, now: number): void {
    this.#market = market;
    const { volatility, reversionMinutes, maximumDeviation, levels } = this.#parameters;
    for (const instrument of market.instruments) {
      this.#quotes.push({
        instrument,
        status: market.status(instrument.index),
        fair: new FairValue(market.random, volatility, reversionMinutes, maximumDeviation / 2, now),
        bids: new Float64Array(levels),
        asks: new Float64Array(levels),
        centre: 0,
      });
    }
    market.wakeAt(now);
  }

  onTimer(now: number): void {
    const market = this.#market;
    if (market === undefined) return;
    for (let i = 0; i < this.#quotes.length; i++) this.#refresh(market, this.#quotes[i], now);
    market.wakeAt(now + this.#parameters.refreshMs * 1e6);
  }

  #refresh(market: Market, quotes: Quotes, now: number): void {
    if (refusesOrders(quotes.status.phase)) return;
    const { instrument } = quotes;
    const { spreadBps, maximumPositionNotional } = this.#parameters;
    const spread = spreadBps * BASIS_POINT;
    const fair = instrument.referenceTicks * (1 + quotes.fair.advance(now));
    const position = market.trading.position(instrument.index) * lotTickValue(instrument) * fair;
    const share = Math.min(Math.max(position / maximumPositionNotional, -1), 1);
    const centre = fair * (1 - share * LEAN * spread);
    const rising = centre > quotes.centre;
    const moved = Math.abs(centre - quotes.centre) > TOLERANCE * spread * fair;
    if (moved) quotes.centre = centre;
    // The side that makes way goes first, so that the maker does not trade with itself.
    if (rising) this.#quoteSide(market, quotes, Side.Sell, moved, share > -1);
    this.#quoteSide(market, quotes, Side.Buy, moved, share < 1);
    if (!rising) this.#quoteSide(market, quotes, Side.Sell, moved, share > -1);
  }

  /** `wanted`: the position leaves room for trades on this side. */
  #quoteSide(market: Market, quotes: Quotes, side: Side, moved: boolean, wanted: boolean): void {
    const { trading } = market;
    const { orders } = trading;
    const { levels } = this.#parameters;
    const ids = side === Side.Buy ? quotes.bids : quotes.asks;
    for (let level = 0; level < levels; level++) {
      const row = orders.rowOf(ids[level]);
      if (row < 0) {
        if (wanted) ids[level] = Math.max(this.#place(market, quotes, side, level), 0);
      } else if (!wanted) trading.cancel(ids[level]);
      else {
        const price = moved ? this.#price(quotes, side, level) : orders.price(row);
        const size = lotsFor(quotes.instrument, this.#parameters.orderNotional, price, this.#parameters);
        const leaves = orders.leaves(row);
        if (price === orders.price(row) && leaves * 2 >= size) continue;
        trading.amend(ids[level], price, orders.filled(row) + Math.max(size, leaves));
      }
    }
  }

  #place(market: Market, quotes: Quotes, side: Side, level: number): number {
    const { instrument } = quotes;
    const price = this.#price(quotes, side, level);
    // Quotes of 70 to 130 % of the nominal size: equal ones look like no market.
    const notional = this.#parameters.orderNotional * (0.7 + 0.6 * market.random.uniform());
    const lots = lotsFor(instrument, notional, price, this.#parameters);
    return side === Side.Buy
      ? market.trading.buyLimit(instrument.index, price, lots)
      : market.trading.sellLimit(instrument.index, price, lots);
  }

  /** Whole ticks, rounded away from the centre. */
  #price(quotes: Quotes, side: Side, level: number): number {
    const { spreadBps, levelSpacingBps } = this.#parameters;
    const distance = (spreadBps / 2 + level * levelSpacingBps) * BASIS_POINT;
    const price =
      side === Side.Buy
        ? Math.floor(quotes.centre * (1 - distance))
        : Math.ceil(quotes.centre * (1 + distance));
    return boundedPrice(quotes.instrument, price, this.#parameters);
  }
}
