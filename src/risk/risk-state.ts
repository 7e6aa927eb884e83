import type { InstrumentTable } from '../lib/instruments.js';
import { MAXIMUM_SOURCE } from '../lib/order-ids.js';
import type { RiskControls } from './controls.js';
import { INSTRUMENT_STRIDE } from './controls-layout.js';
import {
  ACCOUNT,
  FILLED,
  INSTRUMENT,
  OpenOrders,
  ORDER_NUMBERS,
  ORDER_WORDS,
  RESERVED,
  SIDE,
} from './open-orders.js';
import { OPEN_BUY, POSITION_CELLS, Positions } from './positions.js';
import { RateLimiter } from './rate-limiter.js';
import { RecentKeys } from './recent-keys.js';

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
}

/** Everything that risk knows, and the changes that keep its parts consistent. No rule lives here. */
export class RiskState {
  readonly controls: RiskControls;
  readonly instruments: number;
  /** 1: can be ordered. */
  readonly tradable: Uint8Array;
  readonly minimumLots: Float64Array;
  readonly maximumLots: Float64Array;
  /** Last trade price of each instrument, before the first trade its configured reference price; ticks. */
  readonly reference: Float64Array;
  readonly orders: OpenOrders;
  /** Open orders of each account. */
  readonly openOrders: Int32Array;
  readonly positions: Positions;
  readonly rates: RateLimiter;
  readonly clientOrderIds: RecentKeys;
  /** Words of the last order id of each source. */
  readonly lastIdLow = new Int32Array(MAXIMUM_SOURCE + 1);
  readonly lastIdHigh = new Int32Array(MAXIMUM_SOURCE + 1);
  /** Fills of orders that were not open here. A defect if ever above 0. */
  orphanFills = 0;

  constructor(controls: RiskControls, instruments: InstrumentTable, options: RiskOptions) {
    const { capacities = DEFAULT_RISK_CAPACITIES, venue } = options;
    this.controls = controls;
    this.instruments = instruments.count;
    this.tradable = Uint8Array.from(instruments.all, (one) =>
      venue === undefined || one.venue === venue ? 1 : 0,
    );
    this.minimumLots = Float64Array.from(instruments.all, (one) => one.minimumLots);
    this.maximumLots = Float64Array.from(instruments.all, (one) => one.maximumLots);
    this.reference = Float64Array.from(instruments.all, (one) => one.referenceTicks);
    this.orders = new OpenOrders(capacities.openOrders);
    this.openOrders = new Int32Array(controls.layout.accounts);
    this.positions = new Positions(controls.layout.accounts * instruments.count);
    this.rates = new RateLimiter(controls);
    this.clientOrderIds = new RecentKeys(capacities.clientOrderIds);
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

  /** The order cannot trade any more: gives back what it reserved and forgets it. */
  release(entry: number): void {
    const { orders } = this;
    const at = entry * ORDER_NUMBERS;
    this.positions.cells[this.exposureOf(entry)] -=
      orders.numbers[at + RESERVED] - orders.numbers[at + FILLED];
    this.openOrders[orders.words[entry * ORDER_WORDS + ACCOUNT]]--;
    this.touch(entry);
    orders.remove(entry);
  }
}
