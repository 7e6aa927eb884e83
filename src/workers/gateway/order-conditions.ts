/** The columns that only conditional orders use. */
import { ConditionFlags, OrderType, Side, TimeInForce } from '../../lib/enums.js';
import {
  clearConditions,
  emptyRequest,
  type OrderConditions,
  type OrderRequest,
  TAKE_PROFIT_OFFSET,
} from './order-terms.js';
import { type OrderColumns, OrderState } from './store-layout.js';

export function writeConditions(orders: OrderColumns, place: number, conditions: OrderConditions): void {
  orders.stopPrice[place] = conditions.stopPrice;
  orders.displayedQuantity[place] = conditions.displayedQuantity;
  orders.minimumQuantity[place] = conditions.minimumQuantity;
  orders.expireTime[place] = conditions.expireTime;
  orders.linkedOrderId[place] = conditions.linkedOrderId;
  orders.takeProfitPrice[place] = conditions.takeProfitPrice;
  orders.stopLossPrice[place] = conditions.stopLossPrice;
  orders.stopLossLimitPrice[place] = conditions.stopLossLimitPrice;
  orders.parentOrderId[place] = 0;
  orders.contingency[place] = conditions.contingency;
  orders.present[place] = conditions.present;
}

const NO_CONDITIONS = emptyRequest().conditions;

/** An order that was plain so far is about to get a condition. */
export function makeConditional(orders: OrderColumns, place: number): void {
  if (isConditional(orders, place)) return;
  writeConditions(orders, place, NO_CONDITIONS);
  orders.state[place] |= OrderState.Conditional;
}

export function isConditional(orders: OrderColumns, place: number): boolean {
  return (orders.state[place] & OrderState.Conditional) !== 0;
}

/** The `present` bits of the order: which prices it has. */
export function presentOf(orders: OrderColumns, place: number): number {
  return isConditional(orders, place) ? orders.present[place] : 0;
}

/** The order that this one is linked with; 0: none. */
export function linkedOrderOf(orders: OrderColumns, place: number): number {
  return isConditional(orders, place) ? orders.linkedOrderId[place] : 0;
}

/** Is it a stop that has not triggered? */
export function isWaitingStop(orders: OrderColumns, place: number): boolean {
  const type = orders.orderType[place];
  const isStop = type === OrderType.Stop || type === OrderType.StopLimit;
  return isStop && (orders.state[place] & OrderState.Waiting) !== 0;
}

/**
 * Fills `into` with the exit of the bracket entry at `place` that is `offset` ids behind it, as matching makes it: docs/matching.md,
 * Linked orders.
 */
export function exitOf(orders: OrderColumns, place: number, offset: number, into: OrderRequest): void {
  const { Day, GoodTillDate, GoodTillCancel } = TimeInForce;
  const entryTimeInForce = orders.timeInForce[place];
  const keepsTime = entryTimeInForce === Day || entryTimeInForce === GoodTillDate;
  const { conditions } = into;
  clearConditions(conditions);
  into.clientOrderId = '';
  into.account = orders.account[place];
  into.instrument = orders.instrument[place];
  into.quantity = orders.filled[place];
  into.side = orders.side[place] === Side.Buy ? Side.Sell : Side.Buy;
  into.timeInForce = keepsTime ? entryTimeInForce : GoodTillCancel;
  into.flags = 0;
  into.selfTradePrevention = orders.selfTradePrevention[place];
  into.conditional = true;
  if (entryTimeInForce === GoodTillDate) conditions.expireTime = orders.expireTime[place];
  if (offset === TAKE_PROFIT_OFFSET) {
    into.orderType = OrderType.Limit;
    into.price = orders.takeProfitPrice[place];
    return;
  }
  const limited = (orders.present[place] & ConditionFlags.StopLossLimit) !== 0;
  into.orderType = limited ? OrderType.StopLimit : OrderType.Stop;
  into.price = limited ? orders.stopLossLimitPrice[place] : 0;
  conditions.stopPrice = orders.stopLossPrice[place];
  conditions.present = ConditionFlags.StopPrice;
}
