/**
 * Steady flows of special orders: each step ends with the books as they were, so that a step can be repeated for ever. Ids,
 * prices and quantities are beyond 2^31, where V8 boxes a number that travels as an argument.
 */
import type { Matching, MatchingOptions } from '../../src/book/matching.js';
import {
  Contingency,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';

const { Buy, Sell } = Side;
const { Limit, Stop } = OrderType;
const { GoodTillCancel, GoodTillDate, ImmediateOrCancel } = TimeInForce;

/** Prices and quantities of the flows are these plus little numbers, or multiples. */
const PRICE = 2 ** 40;
const LOT = 2 ** 33;

export const CAPACITIES = { instruments: 4, orders: 1024, levels: 256 };
/** Instrument 1 charges fees and has bands, 2 is in an auction. */
export const OPTIONS: MatchingOptions = {
  rules: [
    undefined,
    { staticBand: 5000, dynamicBand: 5000, referencePrice: PRICE, makerFee: -1000, takerFee: 2500 },
    { phase: TradingPhase.OpeningAuction },
  ],
  groups: new Map([
    [1, 7],
    [2, 7],
  ]),
};

export class Flow {
  readonly engine: Matching;
  private nextId = 3 * 2 ** 40;
  private time = 2 ** 45;
  /** A field, because a wide local that lives across a call is boxed. */
  private other = Number.NaN;

  constructor(engine: Matching) {
    this.engine = engine;
    engine.command.source = 3;
    engine.command.timestamp = this.time;
    // The first trade sets the last price, above which no stop of the flows waits.
    this.order(Sell, 5, 1, 5);
    engine.newOrder();
    this.order(Buy, 5, 1, 6);
    engine.newOrder();
  }

  /** A taker through ten peaks. */
  iceberg(): void {
    const { command } = this.engine;
    this.order(Sell, 0, 10, 5);
    command.conditional = 1;
    command.displayedQuantity = LOT;
    this.engine.newOrder();
    this.order(Buy, 0, 10, 6);
    this.engine.newOrder();
  }

  /** A trade triggers a stop, which trades. */
  stop(): void {
    const { command } = this.engine;
    this.order(Buy, 0, 1, 5);
    this.engine.newOrder();
    this.order(Buy, -1, 1, 5);
    this.engine.newOrder();
    this.order(Sell, 0, 1, 6);
    command.orderType = Stop;
    command.conditional = 1;
    command.stopPrice = PRICE;
    this.engine.newOrder();
    this.order(Sell, 0, 1, 6);
    command.timeInForce = ImmediateOrCancel;
    this.engine.newOrder();
    this.restoreLastPrice();
  }

  /** An order of the own group is in the way. */
  prevention(): void {
    const { command } = this.engine;
    this.order(Sell, 0, 2, 1);
    this.engine.newOrder();
    this.order(Buy, 0, 1, 2);
    command.selfTradePrevention = SelfTradePrevention.Decrement;
    this.engine.newOrder();
    this.order(Buy, 0, 1, 2);
    command.selfTradePrevention = SelfTradePrevention.CancelOldest;
    command.timeInForce = ImmediateOrCancel;
    this.engine.newOrder();
  }

  /** Entry, both exits, the take profit trades and takes the stop loss with it. */
  bracket(): void {
    const { command } = this.engine;
    this.order(Sell, 0, 1, 5);
    this.engine.newOrder();
    this.order(Buy, 0, 1, 6);
    command.conditional = 1;
    command.takeProfitPrice = PRICE + 4;
    command.stopLossPrice = PRICE - 9;
    this.nextId += 2;
    this.engine.newOrder();
    this.order(Buy, 4, 1, 5);
    this.engine.newOrder();
    this.restoreLastPrice();
  }

  /** One of two linked orders trades. */
  link(): void {
    const { command } = this.engine;
    this.order(Sell, 1, 1, 5);
    this.other = command.orderId;
    this.engine.newOrder();
    this.order(Sell, 0, 1, 5);
    command.conditional = 1;
    command.linkedOrderId = this.other;
    command.contingency = Contingency.OneCancelsOther;
    this.engine.newOrder();
    this.order(Buy, 0, 1, 6);
    this.engine.newOrder();
  }

  /** An order comes to its end in time. */
  expiry(): void {
    const { command } = this.engine;
    this.order(Sell, 0, 1, 5);
    command.conditional = 1;
    command.timeInForce = GoodTillDate;
    command.expireTime = this.time + 1;
    this.engine.newOrder();
    this.time += 1;
    command.timestamp = this.time;
    this.engine.advanceTime();
  }

  /** A trade with fees within bands. */
  fees(): void {
    const { command } = this.engine;
    this.order(Sell, 0, 1, 5);
    command.instrument = 1;
    this.engine.newOrder();
    this.order(Buy, 0, 1, 6);
    command.instrument = 1;
    this.engine.newOrder();
  }

  /** Orders of an auction, whose indicative price changes each time. */
  auction(): void {
    const { command } = this.engine;
    this.order(Sell, 0, 1, 5);
    command.instrument = 2;
    this.engine.newOrder();
    this.order(Buy, 1, 2, 6);
    command.instrument = 2;
    this.engine.newOrder();
    this.engine.cancelOrder();
    command.orderId -= 1;
    command.account = 5;
    this.engine.cancelOrder();
  }

  /** A limit order of the flow, to be completed and given in. */
  private order(side: number, ticks: number, lots: number, account: number): void {
    const { command } = this.engine;
    command.orderId = this.nextId;
    this.nextId += 1;
    command.account = account;
    command.instrument = 0;
    command.side = side;
    command.orderType = Limit;
    command.timeInForce = GoodTillCancel;
    command.price = PRICE + ticks;
    command.quantity = LOT * lots;
    command.flags = 0;
    command.selfTradePrevention = SelfTradePrevention.None;
    command.conditional = 0;
    command.stopPrice = 0;
    command.displayedQuantity = 0;
    command.minimumQuantity = 0;
    command.expireTime = 0;
    command.linkedOrderId = 0;
    command.contingency = Contingency.None;
    command.takeProfitPrice = Number.NaN;
    command.stopLossPrice = Number.NaN;
    command.stopLossLimitPrice = Number.NaN;
  }

  private restoreLastPrice(): void {
    this.order(Sell, 5, 1, 5);
    this.engine.newOrder();
    this.order(Buy, 5, 1, 6);
    this.engine.newOrder();
  }
}

export type Step = Exclude<keyof Flow, 'engine'>;
/** Steps and how many commands each gives. */
export const STEPS: Readonly<Record<Step, number>> = {
  iceberg: 2,
  stop: 6,
  prevention: 3,
  bracket: 5,
  link: 3,
  expiry: 2,
  fees: 2,
  auction: 4,
};
