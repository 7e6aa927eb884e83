import type { InstrumentTable } from '../lib/instruments.js';
import { MAXIMUM_SOURCE } from '../lib/order-ids.js';
import { CancelToTrade } from './cancel-to-trade.js';
import { Candidate } from './candidate.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { RiskControls } from './controls.js';
import * as layout from './controls-layout.js';
import { Ledger } from './ledger.js';
import { MAXIMUM_UNITS } from './limits.js';
import { LossLimits } from './loss-limits.js';
import type { MarketPrices } from './market-prices.js';
import * as records from './open-orders.js';
import { OpenOrders } from './open-orders.js';
import * as positions from './positions.js';
import { Positions } from './positions.js';
import { RateLimiter } from './rate-limiter.js';
import { RecentKeys } from './recent-keys.js';
import type { RiskReport } from './records.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { CHANGES_WORD, DAYS_WORD, FEATURES_WORD, INSTRUMENT_STRIDE, LEDGER, STATES } = layout;
const {
  ACCOUNT,
  FILLED,
  INSTRUMENT,
  LINKED,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PRICE,
  RESERVED,
  SECONDARY,
  SIDE,
  SOURCE,
  TOTAL,
} = records;
const { OPEN_BUY, POSITION_CELLS } = positions;

/** How much risk can hold at once; powers of two. Beyond it, orders are refused (Reason.RiskCapacity). */
export interface RiskCapacities {
  /** Orders that may still trade, of all accounts together. */
  readonly openOrders: number;
  /** Client order ids that are remembered, of all accounts together. */
  readonly clientOrderIds: number;
}

export const DEFAULT_RISK_CAPACITIES: RiskCapacities = { openOrders: 1 << 17, clientOrderIds: 1 << 16 };

export interface RiskOptions {
  readonly capacities?: RiskCapacities;
  /** Only instruments of this venue can be ordered; undefined: all. */
  readonly venue?: string;
  /** Best prices for the fat-finger checks; without them, those that need one pass. */
  readonly prices?: MarketPrices;
  /** By instrument: the highest fee of a fill, hundred-millionths of its value; without them, 0. */
  readonly fees?: Float64Array;
}

/** Everything that risk knows, and the changes that keep its parts consistent. No rule lives here. */
export class RiskState {
  readonly controls: RiskControls;
  readonly instruments: number;
  /** 1: can be ordered. */
  readonly tradable: Uint8Array;
  /** By instrument: the highest fee of a fill, hundred-millionths of its value. */
  readonly fees: Float64Array;
  readonly minimumLots: Float64Array;
  readonly maximumLots: Float64Array;
  /** Prices from here on would leave no room for exact sums in the quote currency. */
  readonly priceBound: Float64Array;
  /** Last trade price of each instrument, before the first trade its configured reference price; ticks. */
  readonly reference: Float64Array;
  /** Middle of the price collar: as `reference`, but an operator's new reference price moves it too. */
  readonly collarCentre: Float64Array;
  readonly orders: OpenOrders;
  /** Open orders of each account. */
  readonly openOrders: Int32Array;
  readonly positions: Positions;
  readonly rates: RateLimiter;
  readonly clientOrderIds: RecentKeys;
  /** Words of the last order id of each source. */
  readonly lastIdLow = new Int32Array(MAXIMUM_SOURCE + 1);
  readonly lastIdHigh = new Int32Array(MAXIMUM_SOURCE + 1);
  readonly candidate = new Candidate();
  readonly ledger: Ledger;
  readonly losses: LossLimits;
  readonly breaker: CircuitBreaker;
  readonly cancelToTrade: CancelToTrade;
  readonly prices: MarketPrices | undefined;
  /** Groups of controls in use, as of the last command (controls-layout.ts). */
  features = 0;
  /** Fills of orders that were not open here. A defect if ever above 0. */
  orphanFills = 0;
  readonly #words: Int32Array;
  #changes = 0;
  #days = 0;

  constructor(controls: RiskControls, instruments: InstrumentTable, options: RiskOptions) {
    const { capacities = DEFAULT_RISK_CAPACITIES, venue, prices, fees } = options;
    this.controls = controls;
    this.#words = controls.words;
    this.instruments = instruments.count;
    this.tradable = Uint8Array.from(instruments.all, (one) =>
      venue === undefined || one.venue === venue ? 1 : 0,
    );
    this.fees = fees ?? new Float64Array(instruments.count);
    this.minimumLots = Float64Array.from(instruments.all, (one) => one.minimumLots);
    const { quoteUnits, baseUnits } = controls.currencies;
    this.maximumLots = Float64Array.from(instruments.all, (one) =>
      Math.min(one.maximumLots, Math.floor(MAXIMUM_UNITS / baseUnits[one.index]) - 1),
    );
    this.priceBound = Float64Array.from(quoteUnits, (unit) => MAXIMUM_UNITS / unit);
    this.reference = Float64Array.from(instruments.all, (one) => one.referenceTicks);
    this.collarCentre = this.reference.slice();
    this.orders = new OpenOrders(capacities.openOrders);
    this.openOrders = new Int32Array(controls.layout.accounts);
    this.positions = new Positions(controls.layout.accounts * instruments.count);
    this.rates = new RateLimiter(controls);
    this.clientOrderIds = new RecentKeys(capacities.clientOrderIds);
    this.ledger = new Ledger(this);
    this.losses = new LossLimits(controls, this.ledger);
    this.breaker = new CircuitBreaker(controls);
    this.cancelToTrade = new CancelToTrade(controls);
    this.prices = prices;
  }

  /**
   * Takes note of changed limits before a command. One plain read of shared memory unless something has changed, as for the limits
   * themselves: an atomic one costs 7 ns, and the kill switches, which are read so right after the checks, order it well enough.
   */
  follow(): void {
    if (this.#words[CHANGES_WORD] !== this.#changes) this.#adopt();
  }

  /** Number of the position of an account (by place) in an instrument. */
  positionOf(place: number, instrument: number): number {
    return place * this.instruments + instrument;
  }

  /** Index in `controls.cells` of the limits of an account in an instrument. */
  limitsOf(place: number, instrument: number): number {
    return (
      this.controls.layout.instrumentLimits + (place * this.instruments + instrument) * INSTRUMENT_STRIDE
    );
  }

  /** Index in `positions.cells` of the open quantity that an order counts in. */
  exposureOf(entry: number): number {
    const words = this.orders.words;
    const at = entry * ORDER_WORDS;
    const position = this.positionOf(words[at + ACCOUNT], words[at + INSTRUMENT]);
    return position * POSITION_CELLS + OPEN_BUY + words[at + SIDE] - 1;
  }

  /** Queues the position of an order for publication. */
  touch(entry: number): void {
    const at = entry * ORDER_WORDS;
    this.positions.touch(
      this.positionOf(this.orders.words[at + ACCOUNT], this.orders.words[at + INSTRUMENT]),
    );
  }

  /** What the order may still trade if an amend to this total is in flight as well. */
  reservedWith(entry: number, total: number): number {
    const { numbers } = this.orders;
    const at = entry * ORDER_NUMBERS;
    const reserved = numbers[at + RESERVED];
    return (total > reserved ? total : reserved) - numbers[at + FILLED];
  }

  /** Has matching taken the order as it was sent? A price that slid, or self-trade prevention on the way in, makes it another. */
  isAsKnown(entry: number, report: RiskReport): boolean {
    const { numbers } = this.orders;
    const at = entry * ORDER_NUMBERS;
    return report.price === numbers[at + PRICE] && report.quantity === numbers[at + TOTAL];
  }

  /** What the order and the one that counts beside it count with together. */
  countedWith(entry: number): number {
    const { orders } = this;
    const own = orders.remaining(entry);
    if ((orders.flags(entry) & LINKED) === 0) return own;
    const other = orders.remaining(orders.partner[entry]);
    return own > other ? own : other;
  }

  /** The order may trade `change` lots more (negative: less) than it counts with, or at another price. */
  adjust(entry: number, change: number): void {
    if ((this.orders.flags(entry) & LINKED) === 0) this.positions.cells[this.exposureOf(entry)] += change;
    else this.#recount(entry);
    if ((this.features & LEDGER) !== 0) this.rehold(entry);
  }

  /** The ledger follows what the order may trade; only where it is kept. */
  rehold(entry: number): void {
    this.ledger.holds.update(entry);
    this.#refresh(entry);
  }

  /** Two open orders of one side from now on count as the larger of them: matching never fills more of both together. */
  link(entry: number, other: number): void {
    const { orders } = this;
    orders.words[entry * ORDER_WORDS + SOURCE] |= LINKED | SECONDARY;
    orders.words[other * ORDER_WORDS + SOURCE] |= LINKED;
    orders.partner[entry] = other;
    orders.partner[other] = entry;
    orders.counted[entry] = orders.remaining(entry);
    orders.counted[other] = orders.remaining(other);
    this.adjust(entry, 0);
  }

  /** The order cannot trade any more: gives back all that it reserved and forgets it. */
  release(entry: number): void {
    const { orders } = this;
    const isLinked = (orders.flags(entry) & LINKED) !== 0;
    const other = orders.partner[entry];
    const counted = isLinked ? orders.counted[entry] : orders.remaining(entry);
    this.positions.cells[this.exposureOf(entry)] -= counted;
    if (isLinked) this.#unlink(other);
    if (orders.numbers[entry * ORDER_NUMBERS + RESERVED] > 0) {
      this.openOrders[orders.words[entry * ORDER_WORDS + ACCOUNT]]--;
    }
    this.touch(entry);
    if ((this.features & LEDGER) !== 0) {
      this.ledger.holds.release(entry);
      if (isLinked) this.ledger.holds.update(other);
      this.#refresh(entry);
    }
    orders.remove(entry);
  }

  /** The other order counts by itself again. */
  #unlink(other: number): void {
    const { orders } = this;
    orders.words[other * ORDER_WORDS + SOURCE] &= ~(LINKED | SECONDARY);
    this.positions.cells[this.exposureOf(other)] += orders.remaining(other) - orders.counted[other];
  }

  /** Of two that count together, one counts in full and the other with what it has more. */
  #recount(entry: number): void {
    const { orders } = this;
    const other = orders.partner[entry];
    const secondary = (orders.flags(entry) & SECONDARY) !== 0 ? entry : other;
    const primary = secondary === entry ? other : entry;
    const full = orders.remaining(primary);
    const more = orders.remaining(secondary) - full;
    const cell = this.exposureOf(entry);
    this.positions.cells[cell] += full - orders.counted[primary];
    orders.counted[primary] = full;
    const counted = more > 0 ? more : 0;
    this.positions.cells[cell] += counted - orders.counted[secondary];
    orders.counted[secondary] = counted;
  }

  #refresh(entry: number): void {
    const at = entry * ORDER_WORDS;
    const place = this.orders.words[at + ACCOUNT];
    const instrument = this.orders.words[at + INSTRUMENT];
    this.losses.refresh(this.positionOf(place, instrument), place, instrument);
  }

  #adopt(): void {
    const { words } = this.controls;
    this.#changes = Atomics.load(words, CHANGES_WORD);
    this.features = Atomics.load(words, FEATURES_WORD);
    const days = Atomics.load(words, DAYS_WORD);
    const isNewDay = days !== this.#days;
    this.#days = days;
    if ((this.features & LEDGER) === 0 && !isNewDay) return;
    this.ledger.rebuild();
    this.losses.adopt(this, isNewDay);
    // A loss may change the state of an account at any event.
    if ((this.features & LEDGER) !== 0) this.features |= STATES;
  }
}
