/** An order of the naive twin, and what one order can be asked about. Rules: docs/matching.md. */
import { OrderFlags, OrderStatus, OrderType, Side, TimeInForce } from '../lib/enums.js';
import type { LiveOrder, MatchingCommand } from './matching.js';
import { isLasting } from './matching-rules.js';

export type Order = { -readonly [Field in keyof LiveOrder]: LiveOrder[Field] };

/** What a report about no order says; an order without conditions builds on it. */
export const NO_ORDER: Order = {
  orderId: 0,
  account: 0,
  instrument: 0,
  source: 0,
  side: 0,
  orderType: 0,
  timeInForce: 0,
  flags: 0,
  price: 0,
  quantity: 0,
  leavesQuantity: 0,
  arrival: 0,
  selfTradePrevention: 0,
  conditional: false,
  waiting: false,
  stopPrice: 0,
  displayedQuantity: 0,
  shownQuantity: 0,
  expireTime: 0,
  linkedOrderId: 0,
  contingency: 0,
  takeProfitPrice: Number.NaN,
  stopLossPrice: Number.NaN,
  stopLossLimitPrice: Number.NaN,
};

/** The order that a new order command asks for; it may still be refused. */
export function orderFromCommand(command: MatchingCommand): Order {
  const { orderId, account, instrument, source, side, orderType, timeInForce, flags } = command;
  const order: Order = {
    ...NO_ORDER,
    ...{ orderId, account, instrument, source, side, orderType, timeInForce, flags },
    selfTradePrevention: command.selfTradePrevention,
    price: orderType === OrderType.Limit || orderType === OrderType.StopLimit ? command.price : 0,
    quantity: command.quantity,
    leavesQuantity: command.quantity,
  };
  if (command.conditional !== 0) {
    if (isStop(order)) order.stopPrice = command.stopPrice;
    order.displayedQuantity = command.displayedQuantity;
    order.expireTime = command.expireTime;
    order.linkedOrderId = command.linkedOrderId;
    order.contingency = command.contingency;
    order.takeProfitPrice = command.takeProfitPrice;
    order.stopLossPrice = command.stopLossPrice;
    order.stopLossLimitPrice = command.stopLossLimitPrice;
  }
  order.conditional =
    isStop(order) ||
    isIceberg(order) ||
    order.expireTime !== 0 ||
    order.linkedOrderId !== 0 ||
    hasBracket(order) ||
    isUnpriced(order);
  return order;
}

export function isStop(order: Order): boolean {
  return order.orderType === OrderType.Stop || order.orderType === OrderType.StopLimit;
}

export function isIceberg(order: Order): boolean {
  return order.displayedQuantity !== 0;
}

export function isPostOnly(order: Order): boolean {
  return (order.flags & OrderFlags.PostOnly) !== 0;
}

export function hasBracket(order: Order): boolean {
  return !Number.isNaN(order.takeProfitPrice) || !Number.isNaN(order.stopLossPrice);
}

/** For the opening or closing auction only. */
export function isForAuction(order: Order): boolean {
  return order.timeInForce === TimeInForce.AtTheOpen || order.timeInForce === TimeInForce.AtTheClose;
}

/** A market order for an auction: ahead of every price. */
export function isUnpriced(order: Order): boolean {
  return order.orderType === OrderType.Market && isForAuction(order);
}

/** Has it a limit price that an amend can change? */
export function hasLimit(order: Order): boolean {
  return order.orderType !== OrderType.Market && order.orderType !== OrderType.Stop;
}

/** May what is left of it go onto a book? */
export function mayRest(order: Order): boolean {
  return isForAuction(order) || (hasLimit(order) && isLasting(order.timeInForce));
}

/** Would the order trade at this price? */
export function accepts(order: Order, price: number): boolean {
  if (!hasLimit(order)) return true;
  return order.side === Side.Buy ? price <= order.price : price >= order.price;
}

/** Does `one` go before `other`, which is already there, on the same side of a book? */
export function goesBefore(one: Order, other: Order): boolean {
  if (isUnpriced(other)) return false;
  if (isUnpriced(one)) return true;
  return one.side === Side.Buy ? one.price > other.price : one.price < other.price;
}

/** Of an order on the book: how much of it is on display. An unpriced order trades with all that it has. */
export function shown(order: Order): number {
  return isIceberg(order) ? order.shownQuantity : order.leavesQuantity;
}

export function filled(order: Order): number {
  return order.quantity - order.leavesQuantity;
}

/** Sets total and open quantity; an iceberg loses hidden quantity first. */
export function shrinkTo(order: Order, quantity: number, leavesQuantity: number): void {
  order.quantity = quantity;
  order.leavesQuantity = leavesQuantity;
  order.shownQuantity = Math.min(order.shownQuantity, leavesQuantity);
}

export function openStatus(order: Order): OrderStatus {
  if (order.leavesQuantity === 0) return OrderStatus.Filled;
  return filled(order) > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;
}

export function opposite(side: number): Side {
  return side === Side.Buy ? Side.Sell : Side.Buy;
}

export function byArrival(one: Order, other: Order): number {
  return one.arrival - other.arrival;
}
