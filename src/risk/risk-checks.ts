/** The checks of a command. They read state and change none, but for the rate limits and the rising order ids. */
import { OrderFlags, OrderType, Reason, Side, TimeInForce } from '../lib/enums.js';
import { MAXIMUM_SOURCE } from '../lib/order-ids.js';
import { ALL_INSTRUMENTS } from './controls.js';
import {
  ACCOUNT_STRIDE,
  MAX_OPEN_ORDERS,
  MAX_ORDER_NOTIONAL,
  MAX_ORDER_QUANTITY,
  MAX_POSITION,
  PRICE_COLLAR_PERCENT,
} from './controls-layout.js';
import { operands, productExceeds } from './exact.js';
import { MAXIMUM_UNITS } from './limits.js';
import {
  ACCOUNT,
  AMEND_SEQUENCE,
  INSTRUMENT,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PRICE,
  RESERVED,
  SIDE,
  TOTAL,
} from './open-orders.js';
import { OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } from './positions.js';
import { CANCELS, ORDERS } from './rate-limiter.js';
import type { RiskCommand } from './records.js';
import type { RiskState } from './risk-state.js';

/** Bits of the high word of an order id that belong to the counter: ids are source * 2^40 + counter. */
const COUNTER_HIGH = 0xff;
const SOURCE_SHIFT = 8;

/**
 * A collar of 0.29 % is not the double 0.29, and the product is rounded besides: with this much room a price exactly on the
 * collar passes, and as long as reference times percent is below 2^56 none beyond it does.
 */
const COLLAR_ROOM = 1 + 4 * Number.EPSILON;

/** Why the new order must not pass, or Reason.None. */
export function checkNewOrder(state: RiskState, command: RiskCommand): Reason {
  if (!isWellFormed(command)) return Reason.Malformed;
  if (!rises(state, command)) return Reason.DuplicateOrderId;
  const place = state.controls.placeOf(command.account);
  if (place < 0) return Reason.UnknownAccount;
  const instrument = command.instrument;
  if (!(instrument < state.instruments) || state.tradable[instrument] === 0) return Reason.UnknownInstrument;
  if (!state.rates.take(place, ORDERS, command)) return Reason.RateLimit;
  const terms = checkTerms(state, command, instrument, command.orderType === OrderType.Limit);
  if (terms !== Reason.None) return terms;
  const { clientOrderIdLow: low, clientOrderIdHigh: high } = command;
  if ((low !== 0 || high !== 0) && state.clientOrderIds.has(place, low, high)) {
    return Reason.DuplicateClientOrderId;
  }
  const limits = state.limitsOf(place, instrument);
  const size = checkSize(state, command, instrument, limits, command.orderType === OrderType.Limit);
  if (size !== Reason.None) return size;
  const { controls, orders } = state;
  const account = controls.layout.accountLimits + place * ACCOUNT_STRIDE;
  if (state.openOrders[place] >= controls.cells[account + MAX_OPEN_ORDERS]) return Reason.OpenOrderLimit;
  operands[0] = command.quantity;
  if (exceedsPosition(state, state.positionOf(place, instrument), limits, command.side))
    return Reason.PositionLimit;
  return orders.count >= orders.capacity ? Reason.RiskCapacity : Reason.None;
}

/** Why the amend of the open order at `entry` (-1: none) must not pass, or Reason.None. */
export function checkAmend(state: RiskState, command: RiskCommand, entry: number): Reason {
  const ownership = checkOwner(state, command, entry);
  if (ownership !== Reason.None) return ownership;
  const { words, numbers } = state.orders;
  const place = words[entry * ORDER_WORDS + ACCOUNT];
  const instrument = words[entry * ORDER_WORDS + INSTRUMENT];
  const order = entry * ORDER_NUMBERS;
  if (!state.rates.take(place, ORDERS, command)) return Reason.RateLimit;
  const terms = checkTerms(state, command, instrument, true);
  if (terms !== Reason.None) return terms;
  const { price, quantity } = command;
  // Less at the same price can only reduce risk, whatever has become of the limits since.
  const reduces =
    numbers[order + AMEND_SEQUENCE] === 0 &&
    price === numbers[order + PRICE] &&
    quantity <= numbers[order + TOTAL];
  if (reduces) return Reason.None;
  const limits = state.limitsOf(place, instrument);
  const size = checkSize(state, command, instrument, limits, true);
  if (size !== Reason.None) return size;
  const added = quantity - numbers[order + RESERVED];
  if (added <= 0) return Reason.None;
  operands[0] = added;
  const side = words[entry * ORDER_WORDS + SIDE];
  return exceedsPosition(state, state.positionOf(place, instrument), limits, side)
    ? Reason.PositionLimit
    : Reason.None;
}

/** Why the cancel of the open order at `entry` (-1: none) must not pass, or Reason.None. */
export function checkCancel(state: RiskState, command: RiskCommand, entry: number): Reason {
  const ownership = checkOwner(state, command, entry);
  if (ownership !== Reason.None) return ownership;
  const place = state.orders.words[entry * ORDER_WORDS + ACCOUNT];
  return state.rates.take(place, CANCELS, command) ? Reason.None : Reason.RateLimit;
}

/** Why the mass cancel must not pass, or Reason.None. It uses up cancel credit, but is the way out: never refused for want of it. */
export function checkMassCancel(state: RiskState, command: RiskCommand): Reason {
  const { side, instrument } = command;
  if (side !== Side.None && side !== Side.Buy && side !== Side.Sell) return Reason.Malformed;
  const place = state.controls.placeOf(command.account);
  if (place < 0) return Reason.UnknownAccount;
  if (instrument !== ALL_INSTRUMENTS && !(instrument < state.instruments)) return Reason.UnknownInstrument;
  state.rates.take(place, CANCELS, command);
  return Reason.None;
}

function isWellFormed(command: RiskCommand): boolean {
  const { side, orderType, timeInForce, flags, source } = command;
  if (side !== Side.Buy && side !== Side.Sell) return false;
  if (orderType !== OrderType.Limit && orderType !== OrderType.Market) return false;
  if (timeInForce < TimeInForce.GoodTillCancel || timeInForce > TimeInForce.FillOrKill) return false;
  if ((flags & ~OrderFlags.PostOnly) !== 0) return false;
  if (source < 1 || source > MAXIMUM_SOURCE || command.orderIdHigh >> SOURCE_SHIFT !== source) return false;
  return command.orderIdLow !== 0 || (command.orderIdHigh & COUNTER_HIGH) !== 0;
}

/** Is the order id above all earlier ones of its source? If so it is the last one from now on, whatever becomes of the order. */
function rises(state: RiskState, command: RiskCommand): boolean {
  const { source, orderIdLow: low, orderIdHigh: high } = command;
  const lastHigh = state.lastIdHigh[source];
  if (high < lastHigh || (high === lastHigh && low >>> 0 <= state.lastIdLow[source] >>> 0)) return false;
  state.lastIdHigh[source] = high;
  state.lastIdLow[source] = low;
  return true;
}

function checkOwner(state: RiskState, command: RiskCommand, entry: number): Reason {
  const place = state.controls.placeOf(command.account);
  if (place < 0) return Reason.UnknownAccount;
  // Every order that matching may hold is open here, so an order unknown here is unknown there.
  if (entry < 0) return Reason.UnknownOrder;
  return state.orders.words[entry * ORDER_WORDS + ACCOUNT] === place ? Reason.None : Reason.NotOrderOwner;
}

/** Quantity and price as the instrument allows them. */
function checkTerms(state: RiskState, command: RiskCommand, instrument: number, isLimit: boolean): Reason {
  const { price, quantity } = command;
  const fits = quantity >= 1 && quantity < MAXIMUM_UNITS;
  if (!fits || quantity < state.minimumLots[instrument] || quantity > state.maximumLots[instrument]) {
    return Reason.InvalidQuantity;
  }
  const valid = isLimit ? price >= 1 && price < MAXIMUM_UNITS : price === 0;
  return valid ? Reason.None : Reason.InvalidPrice;
}

/** Quantity, notional and collar. A market order counts at the reference price. */
function checkSize(
  state: RiskState,
  command: RiskCommand,
  instrument: number,
  limits: number,
  isLimit: boolean,
): Reason {
  const cells = state.controls.cells;
  const { price, quantity } = command;
  const reference = state.reference[instrument];
  if (quantity > cells[limits + MAX_ORDER_QUANTITY]) return Reason.OrderQuantityLimit;
  if (!(reference > 0)) return Reason.ReferencePriceMissing;
  operands[0] = isLimit ? price : reference;
  operands[1] = quantity;
  if (productExceeds(cells[limits + MAX_ORDER_NOTIONAL])) return Reason.OrderNotionalLimit;
  const distance = price < reference ? reference - price : price - reference;
  const collar = reference * cells[limits + PRICE_COLLAR_PERCENT] * COLLAR_ROOM;
  return isLimit && distance * 100 > collar ? Reason.PriceCollar : Reason.None;
}

/**
 * Would operands[0] more lots on `side` take the position past its limit, if all open orders of that side were filled and
 * none of the other? An order that only reduces the position ends at or before flat, so it never does.
 */
function exceedsPosition(state: RiskState, position: number, limits: number, side: number): boolean {
  const cells = state.positions.cells;
  const at = position * POSITION_CELLS;
  const worst =
    side === Side.Buy
      ? cells[at + QUANTITY] + cells[at + OPEN_BUY]
      : cells[at + OPEN_SELL] - cells[at + QUANTITY];
  return worst + operands[0] > state.controls.cells[limits + MAX_POSITION];
}
