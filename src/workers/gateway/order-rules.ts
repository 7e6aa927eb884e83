/**
 * Which orders and amends contradict themselves: the rules of docs/matching.md that need no book, with the key at fault. Matching
 * refuses the same ones, with a reason; a test holds the two together.
 */
import { hasTooManyPeaks, MAXIMUM_PEAKS } from '../../book/matching-rules.js';
import { epochText, type Session } from '../../lib/clock.js';
import { formatDecimal } from '../../lib/decimal.js';
import { ConditionFlags, OrderFlags, OrderType, Side, TimeInForce } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import { type ApiError, apiError } from './api-error.js';
import { isWaitingStop } from './order-conditions.js';
import { type AmendRequest, exitsOf, type OrderRequest } from './order-terms.js';
import { missing } from './request-errors.js';
import type { OrderColumns } from './store-layout.js';
import { ORDER_TYPE_TEXT, TIME_IN_FORCE_TEXT } from './vocabulary.js';

const { Limit, Market, Stop, StopLimit, MarketToLimit } = OrderType;
const { GoodTillCancel, ImmediateOrCancel, FillOrKill, Day, GoodTillDate, AtTheOpen, AtTheClose } =
  TimeInForce;
const { StopPrice, TakeProfit, StopLoss, StopLossLimit } = ConditionFlags;
const { PostOnly, PostOnlySlide } = OrderFlags;

/** Times in force as a set of bits, 1 << value. */
const setOf = (...times: readonly number[]): number => times.reduce((set, time) => set | (1 << time), 0);
/** Those of orders that rest. */
const RESTING = setOf(GoodTillCancel, Day, GoodTillDate);
const AUCTION = setOf(AtTheOpen, AtTheClose);
const TIMES: Readonly<Record<number, number>> = {
  [Limit]: RESTING | setOf(ImmediateOrCancel, FillOrKill) | AUCTION,
  [Market]: setOf(GoodTillCancel, ImmediateOrCancel, FillOrKill) | AUCTION,
  [Stop]: RESTING,
  [StopLimit]: RESTING,
  [MarketToLimit]: RESTING,
};
const hasTime = (set: number, time: number): boolean => ((set >> time) & 1) === 1;
const isStop = (type: number): boolean => type === Stop || type === StopLimit;

/** Does an order of this type come with a limit price? */
export function hasPrice(orderType: number): boolean {
  return orderType === Limit || orderType === StopLimit;
}

/** What contradicts itself in a new order whose single values are sound, or undefined. `now`: session time. */
export function orderContradiction(
  order: OrderRequest,
  instrument: Instrument,
  session: Session,
  now: number,
): ApiError | undefined {
  const { orderType, timeInForce, flags, conditional } = order;
  if (!hasTime(TIMES[orderType], timeInForce)) {
    const time = TIME_IN_FORCE_TEXT[timeInForce];
    const why = `a ${ORDER_TYPE_TEXT[orderType]} order cannot be ${time}`;
    return refusal('time_in_force', time, why, textOf(TIMES[orderType]));
  }
  const error = flags === 0 ? undefined : postOnlyContradiction(order);
  if (error !== undefined) return error;
  const present = conditional ? order.conditions.present : 0;
  if (isStop(orderType) && (present & StopPrice) === 0) return missing('stop_price', 'a decimal above 0');
  const expires = conditional && order.conditions.expireTime !== 0;
  if (timeInForce === GoodTillDate && !expires) return missing('expire_ns', FUTURE);
  if (!conditional) return undefined;
  return (
    triggerContradiction(order, instrument) ??
    expiryContradiction(order, session, now) ??
    quantityContradiction(order, instrument) ??
    linkContradiction(order) ??
    bracketContradiction(order, instrument)
  );
}

function postOnlyContradiction(order: OrderRequest): ApiError | undefined {
  const { flags, orderType, timeInForce } = order;
  if ((flags & PostOnly) === 0) {
    return (flags & PostOnlySlide) === 0
      ? undefined
      : refusal('post_only_slide', 'true', 'an order that is not post-only cannot slide', 'post_only: true');
  }
  if (orderType === Limit && hasTime(RESTING, timeInForce)) return undefined;
  return conflict('post_only', 'true', order, `a LIMIT order that is ${textOf(RESTING)}`);
}

function triggerContradiction(order: OrderRequest, { tick }: Instrument): ApiError | undefined {
  const { present, stopPrice } = order.conditions;
  if ((present & StopPrice) === 0 || isStop(order.orderType)) return undefined;
  return conflict('stop_price', formatDecimal(stopPrice, tick), order, 'a STOP or STOP_LIMIT order');
}

function expiryContradiction(order: OrderRequest, session: Session, now: number): ApiError | undefined {
  const { expireTime } = order.conditions;
  if (expireTime === 0) return undefined;
  const value = epochText(session, expireTime);
  if (order.timeInForce !== GoodTillDate) return conflict('expire_ns', value, order, 'time_in_force GTD');
  return expireTime > now ? undefined : refusal('expire_ns', value, 'the order would expire at once', FUTURE);
}

function quantityContradiction(order: OrderRequest, { lot }: Instrument): ApiError | undefined {
  const { orderType, timeInForce, flags, quantity, conditions } = order;
  const { displayedQuantity, minimumQuantity, linkedOrderId } = conditions;
  if (displayedQuantity !== 0) {
    const shown = formatDecimal(displayedQuantity, lot);
    if (orderType === Market || orderType === Stop || !hasTime(RESTING, timeInForce))
      return conflict('displayed_quantity', shown, order, ICEBERG);
    if (displayedQuantity > quantity) return tooMuch('displayed_quantity', shown, order, lot);
    if (hasTooManyPeaks(displayedQuantity, quantity)) return tooLittle(shown, order, lot);
  }
  if (minimumQuantity === 0) return undefined;
  const minimum = formatDecimal(minimumQuantity, lot);
  if (minimumQuantity > quantity) return tooMuch('minimum_quantity', minimum, order, lot);
  const takes = orderType === Limit || orderType === Market;
  const fits = takes && timeInForce !== FillOrKill && !hasTime(AUCTION, timeInForce);
  if (fits && (flags & PostOnly) === 0 && linkedOrderId === 0) return undefined;
  return conflict('minimum_quantity', minimum, order, MINIMUM);
}

function linkContradiction(order: OrderRequest): ApiError | undefined {
  const { orderType, timeInForce, conditions } = order;
  const { linkedOrderId, contingency, present } = conditions;
  if (linkedOrderId === 0)
    return contingency === 0 ? undefined : missing('linked_order_id', 'the id of a live order');
  if (contingency === 0) return missing('contingency', 'OCO, OUO');
  const fits = orderType === Limit || isStop(orderType);
  if (fits && hasTime(RESTING, timeInForce) && exitsOf(present) === 0) return undefined;
  return conflict('linked_order_id', String(linkedOrderId), order, LINKED);
}

function bracketContradiction(order: OrderRequest, { tick }: Instrument): ApiError | undefined {
  const { present, takeProfitPrice, stopLossPrice } = order.conditions;
  if ((present & StopLossLimit) !== 0 && (present & StopLoss) === 0)
    return missing('stop_loss_price', 'a decimal above 0, with stop_loss_limit_price');
  if ((present & TakeProfit) === 0 || (present & StopLoss) === 0) return undefined;
  const isBuy = order.side === Side.Buy;
  if (isBuy ? takeProfitPrice > stopLossPrice : takeProfitPrice < stopLossPrice) return undefined;
  const bound = formatDecimal(stopLossPrice, tick);
  const value = formatDecimal(takeProfitPrice, tick);
  const allowed = `${isBuy ? 'above' : 'below'} the stop_loss_price ${bound}`;
  return refusal('take_profit_price', value, 'the exits are on the wrong sides of each other', allowed);
}

/** What an amend cannot do to the order at `place` as it is known to be, or undefined. */
export function amendContradiction(
  orders: OrderColumns,
  place: number,
  wanted: AmendRequest,
  { tick }: Instrument,
): ApiError | undefined {
  const type = orders.orderType[place];
  if (wanted.price >= 0 && (type === Stop || type === Market))
    return refusal(
      'price',
      formatDecimal(wanted.price, tick),
      `a ${ORDER_TYPE_TEXT[type]} order has no price`,
      isStop(type) ? 'quantity, stop_price' : 'quantity',
    );
  if (wanted.stopPrice < 0 || isWaitingStop(orders, place)) return undefined;
  const why = isStop(type) ? 'the order has triggered' : `a ${ORDER_TYPE_TEXT[type]} order has no stop price`;
  const value = formatDecimal(wanted.stopPrice, tick);
  return refusal('stop_price', value, why, 'a STOP or STOP_LIMIT order that waits for its trigger');
}

function refusal(key: string, value: string, message: string, allowed: string): ApiError {
  return apiError('INVALID_VALUE', message, key, value, allowed);
}

function conflict(key: string, value: string, order: OrderRequest, allowed: string): ApiError {
  const kind = `${ORDER_TYPE_TEXT[order.orderType]} order with time_in_force ${TIME_IN_FORCE_TEXT[order.timeInForce]}`;
  return refusal(key, value, `${key} does not go with this ${kind}`, allowed);
}

function tooMuch(key: string, value: string, order: OrderRequest, lot: Instrument['lot']): ApiError {
  const most = formatDecimal(order.quantity, lot);
  return refusal(key, value, `${key} is more than the order's quantity`, `at most ${most}`);
}

function tooLittle(value: string, order: OrderRequest, lot: Instrument['lot']): ApiError {
  const least = formatDecimal(Math.ceil(order.quantity / MAXIMUM_PEAKS), lot);
  const what = `an iceberg shows its quantity in at most ${MAXIMUM_PEAKS} parts`;
  return refusal('displayed_quantity', value, what, `at least ${least}`);
}

function textOf(set: number): string {
  return TIME_IN_FORCE_TEXT.filter((_text, time) => hasTime(set, time)).join(', ');
}

const FUTURE = 'a time in the future, as Unix time in nanoseconds';
const ICEBERG = `a LIMIT, STOP_LIMIT or MARKET_TO_LIMIT order that is ${textOf(RESTING)}`;
const MINIMUM = 'a LIMIT or MARKET order that may trade in parts at once, not post-only, not linked';
const LINKED = `a LIMIT, STOP or STOP_LIMIT order without a bracket that is ${textOf(RESTING)}`;
