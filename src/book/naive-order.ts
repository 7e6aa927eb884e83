/** An order of the naive twin, and the rules that one order or two can be asked about. */
import { OrderFlags, OrderStatus, OrderType, Side, TimeInForce } from '../lib/enums.js';
import { type ResolvedCapacities, type RestingOrder, TradeEvent } from './matching.js';

export type Order = { -readonly [Field in keyof RestingOrder]: RestingOrder[Field] };

/** What a report about no order says. */
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
};

export function mayRest(order: Order): boolean {
  return order.orderType === OrderType.Limit && order.timeInForce === TimeInForce.GoodTillCancel;
}

export function isPostOnly(order: Order): boolean {
  return (order.flags & OrderFlags.PostOnly) !== 0;
}

/** Would the order trade at this price? */
export function accepts(order: Order, price: number): boolean {
  if (order.orderType === OrderType.Market) return true;
  return order.side === Side.Buy ? price <= order.price : price >= order.price;
}

/** Does `one` go before `other`, which is already there, on the same side? */
export function better(one: Order, other: Order): boolean {
  return one.side === Side.Buy ? one.price > other.price : one.price < other.price;
}

export function openStatus(order: Order): OrderStatus {
  return order.leavesQuantity < order.quantity ? OrderStatus.PartiallyFilled : OrderStatus.New;
}

function sameLevel(one: Order, other: Order): boolean {
  return one.instrument === other.instrument && one.side === other.side && one.price === other.price;
}

/** Could the order rest in full beside the others, which are in the order of their books? Asked before it trades. */
export function hasRoom(order: Order, others: Order[], capacities: ResolvedCapacities): boolean {
  const level = others.filter((other) => sameLevel(other, order));
  const levels = others.filter((other, index) => index === 0 || !sameLevel(other, others[index - 1])).length;
  return (
    new Set(others.map((other) => other.account)).add(order.account).size <= capacities.accounts &&
    levels + (level.length === 0 ? 1 : 0) <= capacities.levels &&
    sumOfLeaves(level) <= Number.MAX_SAFE_INTEGER - order.leavesQuantity
  );
}

export function sumOfLeaves(orders: Order[]): number {
  return orders.reduce((sum, order) => sum + order.leavesQuantity, 0);
}

/** The trade in which both orders have just lost `quantity`. */
export function tradeBetween(maker: Order, taker: Order, quantity: number, tradeId: number): TradeEvent {
  return Object.assign(new TradeEvent(), {
    instrument: taker.instrument,
    price: maker.price,
    quantity,
    tradeId,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerLeaves: maker.leavesQuantity,
    takerLeaves: taker.leavesQuantity,
    makerAccount: maker.account,
    takerAccount: taker.account,
    makerSource: maker.source,
    takerSource: taker.source,
    takerSide: taker.side,
    makerFee: 0,
    takerFee: 0,
  });
}
