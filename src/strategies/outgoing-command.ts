import { ConditionFlags, Contingency } from '../lib/enums.js';
import type { OrderConditions } from './strategy.js';

/** Fields that may exceed 31 bits start as NaN: V8 keeps them as doubles in place, so that writing them allocates nothing. */
const WIDE = Number.NaN;

/** What an order asks for beyond its limit, complete: 0 where it does not, and `present` says which prices are given. */
export class OutgoingConditions {
  stopPrice = WIDE;
  displayedQuantity = WIDE;
  minimumQuantity = WIDE;
  expireTime = WIDE;
  linkedOrderId = WIDE;
  takeProfitPrice = WIDE;
  stopLossPrice = WIDE;
  stopLossLimitPrice = WIDE;
  contingency = 0;
  /** ConditionFlags. */
  present = 0;

  /** Fills everything in; false when something given is no safe integer. */
  take(given: OrderConditions): boolean {
    this.present = 0;
    this.stopPrice = this.#price(given.stopPrice, ConditionFlags.StopPrice);
    this.takeProfitPrice = this.#price(given.takeProfitPrice, ConditionFlags.TakeProfit);
    this.stopLossPrice = this.#price(given.stopLossPrice, ConditionFlags.StopLoss);
    this.stopLossLimitPrice = this.#price(given.stopLossLimitPrice, ConditionFlags.StopLossLimit);
    this.displayedQuantity = given.displayedQuantity ?? 0;
    this.minimumQuantity = given.minimumQuantity ?? 0;
    this.expireTime = given.expireTime ?? 0;
    this.linkedOrderId = given.linkedOrderId ?? 0;
    this.contingency = given.contingency ?? Contingency.None;
    return this.#whole();
  }

  /** A new trigger and nothing else. */
  takeStopPrice(stopPrice: number): boolean {
    this.take(NOTHING);
    this.stopPrice = this.#price(stopPrice, ConditionFlags.StopPrice);
    return this.#whole();
  }

  /** Does the order reserve the two ids after its own? */
  get isBracket(): boolean {
    return (this.present & (ConditionFlags.TakeProfit | ConditionFlags.StopLoss)) !== 0;
  }

  #price(given: number | undefined, flag: number): number {
    if (given === undefined) return 0;
    this.present |= flag;
    return given;
  }

  #whole(): boolean {
    return (
      Number.isSafeInteger(this.stopPrice) &&
      Number.isSafeInteger(this.displayedQuantity) &&
      Number.isSafeInteger(this.minimumQuantity) &&
      Number.isSafeInteger(this.expireTime) &&
      Number.isSafeInteger(this.linkedOrderId) &&
      Number.isSafeInteger(this.takeProfitPrice) &&
      Number.isSafeInteger(this.stopLossPrice) &&
      Number.isSafeInteger(this.stopLossLimitPrice) &&
      Number.isSafeInteger(this.contingency)
    );
  }
}

const NOTHING: OrderConditions = Object.freeze({});

/** A command on its way out; reused. Cancels leave everything after the instrument alone. */
export class OutgoingCommand {
  /** When the strategy sent it. */
  received = WIDE;
  orderId = WIDE;
  price = WIDE;
  quantity = WIDE;
  readonly account: number;
  readonly source: number;
  instrument = 0;
  /** The conditions hold; they are not read otherwise. */
  conditional = false;
  readonly conditions = new OutgoingConditions();
  // Of a new order.
  side = 0;
  orderType = 0;
  timeInForce = 0;
  flags = 0;
  selfTradePrevention = 0;

  constructor(account: number, source: number) {
    this.account = account;
    this.source = source;
  }
}
