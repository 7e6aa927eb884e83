import { EventFlags } from '../lib/enums.js';
import type { RiskControls } from './controls.js';
import { BREAKER_HALT, BREAKER_PERCENT, BREAKER_WINDOW, MARKET_STRIDE } from './controls-layout.js';
import { PriceWindow } from './price-window.js';
import type { RiskTrade } from './records.js';

/** A move of exactly 0.29 percent trips at 0.29, although neither is a double. */
const ROOM = 1 + 4 * Number.EPSILON;

/**
 * Price-move circuit breakers. A trade whose price is so many percent above the lowest or below the highest of the window trips the
 * breaker. The price before it held until now and counts, or a market that rests for a window could move any distance at once; but
 * not for an uncross, which finds a price for what has happened since. While it has tripped no new order of the instrument passes until the halt is over on message time, or until it is released. The breaker of
 * all instruments together trips when any of them moves by its percentage in its window. After a trip the window begins anew.
 */
export class CircuitBreaker {
  readonly #controls: RiskControls;
  readonly #instruments: number;
  /** By instrument for its own breaker, then for the common one. Allocated when first needed. */
  #windows: PriceWindow | undefined;
  /** The price before the trade, at its time. */
  readonly #before = { timestamp: Number.NaN, price: Number.NaN };

  constructor(controls: RiskControls) {
    this.#controls = controls;
    this.#instruments = controls.layout.instruments;
  }

  /** A trade has happened; `last`: the price of each instrument before it. */
  onTrade(trade: RiskTrade, last: Float64Array): void {
    this.#windows ??= new PriceWindow(this.#instruments * 2);
    const { instrument } = trade;
    this.#before.timestamp = trade.timestamp;
    this.#before.price = last[instrument];
    this.#watch(this.#windows, instrument, instrument, trade);
    this.#watch(this.#windows, this.#instruments + instrument, this.#instruments, trade);
  }

  /** Does a breaker stop new orders in the instrument at the time of `at`? */
  stops(instrument: number, at: { readonly received: number }): boolean {
    const { cells, layout } = this.#controls;
    const { received } = at;
    return (
      cells[layout.breakers + instrument] > received || cells[layout.breakers + this.#instruments] > received
    );
  }

  /** Visits everything that decides later answers. */
  forEachCell(visit: (value: number) => void): void {
    this.#windows?.forEachCell(visit);
  }

  #watch(windows: PriceWindow, place: number, breaker: number, trade: RiskTrade): void {
    const { cells, layout } = this.#controls;
    const limits = layout.marketLimits + breaker * MARKET_STRIDE;
    const percent = cells[limits + BREAKER_PERCENT];
    const length = cells[limits + BREAKER_WINDOW];
    if (percent === Number.POSITIVE_INFINITY || !(length > 0)) return;
    const isUncross = (trade.flags & EventFlags.Auction) !== 0;
    if (!isUncross && this.#before.price > 0) windows.add(place, this.#before, length);
    windows.add(place, trade, length);
    const { lowest, highest } = windows;
    const { price } = trade;
    const rises = (price - lowest) * 100 * ROOM >= lowest * percent;
    if (!rises && (highest - price) * 100 * ROOM < highest * percent) return;
    const halt = cells[limits + BREAKER_HALT];
    cells[layout.breakers + breaker] = halt === 0 ? Number.POSITIVE_INFINITY : trade.timestamp + halt;
    windows.clear(place);
    windows.add(place, trade, length);
  }
}
