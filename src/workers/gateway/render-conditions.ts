import { epochText, type Session } from '../../lib/clock.js';
import { formatDecimal } from '../../lib/decimal.js';
import { ConditionFlags, OrderFlags, OrderStatus, OrderType, TimeInForce } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import { type OrderColumns, OrderState } from './store-layout.js';
import { CONTINGENCY_TEXT, SELF_TRADE_PREVENTION_TEXT } from './vocabulary.js';

/** Members that only some orders have, each after a comma; empty for a plain order. */
export function furtherMembers(
  orders: OrderColumns,
  place: number,
  instrument: Instrument,
  session: Session,
): string {
  let text = '';
  if ((orders.flags[place] & OrderFlags.PostOnlySlide) !== 0) text = ',"post_only_slide":true';
  const prevention = orders.selfTradePrevention[place];
  if (prevention !== 0) text += `,"self_trade_prevention":"${SELF_TRADE_PREVENTION_TEXT[prevention]}"`;
  if (canWait(orders, place)) text += `,"working":${isWorking(orders, place)}`;
  if ((orders.state[place] & OrderState.Conditional) === 0) return text;
  return text + conditionMembers(orders, place, instrument, session);
}

function conditionMembers(
  orders: OrderColumns,
  place: number,
  { tick, lot }: Instrument,
  session: Session,
): string {
  const present = orders.present[place];
  const price = (key: string, bit: number, column: Float64Array): string =>
    (present & bit) === 0 ? '' : `,"${key}":"${formatDecimal(column[place], tick)}"`;
  const quantity = (key: string, column: Float64Array): string =>
    column[place] === 0 ? '' : `,"${key}":"${formatDecimal(column[place], lot)}"`;
  const id = (key: string, column: Float64Array): string =>
    column[place] === 0 ? '' : `,"${key}":"${column[place]}"`;
  const expires = orders.expireTime[place];
  const contingency = orders.contingency[place];
  return (
    price('stop_price', ConditionFlags.StopPrice, orders.stopPrice) +
    quantity('displayed_quantity', orders.displayedQuantity) +
    quantity('minimum_quantity', orders.minimumQuantity) +
    (expires === 0 ? '' : `,"expire_ns":"${epochText(session, expires)}"`) +
    id('linked_order_id', orders.linkedOrderId) +
    (contingency === 0 ? '' : `,"contingency":"${CONTINGENCY_TEXT[contingency]}"`) +
    price('take_profit_price', ConditionFlags.TakeProfit, orders.takeProfitPrice) +
    price('stop_loss_price', ConditionFlags.StopLoss, orders.stopLossPrice) +
    price('stop_loss_limit_price', ConditionFlags.StopLossLimit, orders.stopLossLimitPrice) +
    id('parent_order_id', orders.parentOrderId)
  );
}

/** Orders of these kinds are off the book for a part of their life. */
function canWait(orders: OrderColumns, place: number): boolean {
  const type = orders.orderType[place];
  const isStop = type === OrderType.Stop || type === OrderType.StopLimit;
  return isStop || orders.timeInForce[place] === TimeInForce.AtTheClose;
}

/** FIX tag 636, WorkingIndicator: the order is live and takes part in trading or in the auction that is being collected. */
function isWorking(orders: OrderColumns, place: number): boolean {
  const status = orders.status[place];
  const isLive = status === OrderStatus.New || status === OrderStatus.PartiallyFilled;
  return isLive && (orders.state[place] & OrderState.Waiting) === 0;
}
