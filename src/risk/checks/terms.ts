/** What a command must be like whatever the limits are. */
import {
  Contingency,
  OrderFlags,
  OrderType,
  Reason,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from '../../lib/enums.js';
import { MAXIMUM_SOURCE } from '../../lib/order-ids.js';
import { type Candidate, isStop } from '../candidate.js';
import * as limitValues from '../limits.js';
import * as records from '../open-orders.js';
import type { RiskCommand } from '../records.js';
import type { RiskState } from '../risk-state.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { ACCOUNT, ORDER_WORDS } = records;
const { MAXIMUM_UNITS } = limitValues;

/** Bits of the high word of an order id that belong to the counter: ids are source * 2^40 + counter. */
const COUNTER_HIGH = 0xff;
const SOURCE_SHIFT = 8;
const KNOWN_FLAGS = OrderFlags.PostOnly | OrderFlags.PostOnlySlide;

export function isWellFormed(command: RiskCommand): boolean {
  const { side, orderType, timeInForce, flags, source } = command;
  if (side !== Side.Buy && side !== Side.Sell) return false;
  if (orderType < OrderType.Limit || orderType > OrderType.MarketToLimit) return false;
  if (timeInForce < TimeInForce.GoodTillCancel || timeInForce > TimeInForce.AtTheClose) return false;
  if ((flags & ~KNOWN_FLAGS) !== 0) return false;
  if (source < 1 || source > MAXIMUM_SOURCE || command.orderIdHigh >> SOURCE_SHIFT !== source) return false;
  if (command.selfTradePrevention > SelfTradePrevention.Decrement) return false;
  if (command.conditional !== 0 && command.contingency > Contingency.OneUpdatesOther) return false;
  return command.orderIdLow !== 0 || (command.orderIdHigh & COUNTER_HIGH) !== 0;
}

/**
 * Is the order id above all earlier ones of its source? If so it is the last one from now on, whatever becomes of the order, and
 * with the exits of a bracket the two ids after it are taken as well.
 */
export function rises(state: RiskState, command: RiskCommand): boolean {
  const { source, orderIdLow: low, orderIdHigh: high } = command;
  const lastHigh = state.lastIdHigh[source];
  if (high < lastHigh || (high === lastHigh && low >>> 0 <= state.lastIdLow[source] >>> 0)) return false;
  const last = hasExits(command) ? low + 2 : low;
  state.lastIdLow[source] = last;
  state.lastIdHigh[source] = last >>> 0 < low >>> 0 ? high + 1 : high;
  return true;
}

/** Is it the entry of a bracket? */
export function hasExits(command: RiskCommand): boolean {
  if (command.conditional === 0) return false;
  return !Number.isNaN(command.takeProfitPrice) || !Number.isNaN(command.stopLossPrice);
}

/** Why the sender may not amend or cancel the open order at `entry` (-1: none), or None. */
export function checkOwner(state: RiskState, command: RiskCommand, entry: number): Reason {
  const place = state.controls.placeOf(command.account);
  if (place < 0) return Reason.UnknownAccount;
  // Every order that matching may hold is open here, so an order unknown here is unknown there.
  if (entry < 0) return Reason.UnknownOrder;
  return state.orders.words[entry * ORDER_WORDS + ACCOUNT] === place ? Reason.None : Reason.NotOrderOwner;
}

/** Quantity and prices as the instrument allows them. */
export function checkTerms(state: RiskState, command: RiskCommand, candidate: Candidate): Reason {
  const { instrument } = candidate;
  const { quantity } = command;
  const fits = quantity >= 1 && quantity < MAXIMUM_UNITS;
  if (!fits || quantity < state.minimumLots[instrument] || quantity > state.maximumLots[instrument]) {
    return Reason.InvalidQuantity;
  }
  if (!hasValidPrice(command, candidate)) return Reason.InvalidPrice;
  return command.conditional !== 0 && !hasValidExits(command) ? Reason.InvalidPrice : Reason.None;
}

function hasValidPrice(command: RiskCommand, candidate: Candidate): boolean {
  const { price } = command;
  const { orderType, isAmend } = candidate;
  if (orderType === OrderType.Limit) return price >= 1 && price < MAXIMUM_UNITS;
  if (isStop(orderType)) {
    // An amend may leave the trigger as it is.
    const { stopPrice } = candidate;
    if (!(stopPrice >= 1 && stopPrice < MAXIMUM_UNITS)) return false;
    if (orderType === OrderType.Stop) return true;
  }
  const isPriced = orderType === OrderType.Limit || orderType === OrderType.StopLimit;
  if (isPriced || (isAmend && orderType === OrderType.MarketToLimit))
    return price >= 1 && price < MAXIMUM_UNITS;
  // Matching does not look at the price in an amend of an unpriced order.
  return isAmend || price === 0;
}

function hasValidExits(command: RiskCommand): boolean {
  const { takeProfitPrice, stopLossPrice, stopLossLimitPrice } = command;
  return !isOutside(takeProfitPrice) && !isOutside(stopLossPrice) && !isOutside(stopLossLimitPrice);
}

/** NaN is none. */
function isOutside(price: number): boolean {
  return price < 1 || price >= MAXIMUM_UNITS;
}
