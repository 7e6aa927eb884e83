/** The checks of a command. They read state and change none, but for the throttles and the rising order ids. */
import { OrderType, Reason, Side } from '../../lib/enums.js';
import * as cancelToTrade from '../cancel-to-trade.js';
import { type Candidate, hasLimitPrice, isStop } from '../candidate.js';
import { ALL_INSTRUMENTS } from '../controls.js';
import * as layout from '../controls-layout.js';
import * as records from '../open-orders.js';
import * as buckets from '../rate-limiter.js';
import type { RiskCommand } from '../records.js';
import type { RiskState } from '../risk-state.js';
import { checkMoney } from './money.js';
import { checkSize, exceedsExitCollar, exceedsPosition, setExposure } from './size.js';
import { checkOwner, checkTerms, hasExits, isWellFormed, rises } from './terms.js';
import { checkTrading } from './trading.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { ACCOUNT_STRIDE, CANCEL_TO_TRADE, LEDGER, MAX_OPEN_ORDERS, MESSAGE_RATE } = layout;
const { ACCOUNT, AMEND_SEQUENCE, EXIT, INSTRUMENT, LINKED, ORDER_NUMBERS, ORDER_WORDS, PRICE, SIDE, TOTAL } =
  records;
const { CANCELS, MESSAGES, ORDERS } = buckets;
const { CANCELS_TOTAL } = cancelToTrade;

/** Why the new order must not pass, or Reason.None. */
export function checkNewOrder(state: RiskState, command: RiskCommand): Reason {
  state.follow();
  if (!isWellFormed(command)) return Reason.Malformed;
  if (!rises(state, command)) return Reason.DuplicateOrderId;
  const place = state.controls.placeOf(command.account);
  if (place < 0) return Reason.UnknownAccount;
  if (exceedsMessages(state, command, place)) return Reason.MessageRate;
  const instrument = command.instrument;
  if (!(instrument < state.instruments) || state.tradable[instrument] === 0) return Reason.UnknownInstrument;
  if (!state.rates.take(place, ORDERS, command)) return Reason.RateLimit;
  const { candidate, controls, orders } = state;
  fillNew(state, command, candidate, place);
  const terms = checkTerms(state, command, candidate);
  if (terms !== Reason.None) return terms;
  const { clientOrderIdLow: low, clientOrderIdHigh: high } = command;
  if ((low !== 0 || high !== 0) && state.clientOrderIds.has(place, low, high)) {
    return Reason.DuplicateClientOrderId;
  }
  const limits = state.limitsOf(place, instrument);
  const size = checkSize(state, candidate, limits);
  if (size !== Reason.None) return size;
  const isBracket = hasExits(command);
  if (isBracket && exceedsExitCollar(state, command, candidate, limits)) return Reason.PriceCollar;
  const account = controls.layout.accountLimits + place * ACCOUNT_STRIDE;
  if (state.openOrders[place] >= controls.cells[account + MAX_OPEN_ORDERS]) return Reason.OpenOrderLimit;
  if (exceedsPosition(state, candidate, limits)) return Reason.PositionLimit;
  const records = isBracket ? 3 : 1;
  if (orders.count + records > orders.capacity) return Reason.RiskCapacity;
  return state.features === 0 ? Reason.None : checkControls(state, command, candidate, limits);
}

/** Why the amend of the open order at `entry` (-1: none) must not pass, or Reason.None. */
export function checkAmend(state: RiskState, command: RiskCommand, entry: number): Reason {
  state.follow();
  const ownership = checkOwner(state, command, entry);
  if (ownership !== Reason.None) return ownership;
  const { words, numbers } = state.orders;
  const place = words[entry * ORDER_WORDS + ACCOUNT];
  const order = entry * ORDER_NUMBERS;
  if (exceedsMessages(state, command, place)) return Reason.MessageRate;
  if (!state.rates.take(place, ORDERS, command)) return Reason.RateLimit;
  const { candidate } = state;
  fillAmend(state, command, candidate, entry);
  const terms = checkTerms(state, command, candidate);
  if (terms !== Reason.None) return terms;
  // Less at the same price can only reduce risk, whatever has become of the limits since.
  const reduces =
    numbers[order + AMEND_SEQUENCE] === 0 &&
    (candidate.price === 0 || command.price === numbers[order + PRICE]) &&
    candidate.stopPrice === state.orders.stops[entry] &&
    command.quantity <= numbers[order + TOTAL];
  if (reduces) return Reason.None;
  const limits = state.limitsOf(place, candidate.instrument);
  const size = checkSize(state, candidate, limits);
  if (size !== Reason.None) return size;
  if (candidate.added > 0 && exceedsPosition(state, candidate, limits)) return Reason.PositionLimit;
  const { worst } = state.orders;
  if (worst[entry] > candidate.worst) candidate.worst = worst[entry];
  return state.features === 0 ? Reason.None : checkControls(state, command, candidate, limits);
}

/** Why the cancel of the open order at `entry` (-1: none) must not pass, or Reason.None. */
export function checkCancel(state: RiskState, command: RiskCommand, entry: number): Reason {
  state.follow();
  const ownership = checkOwner(state, command, entry);
  if (ownership !== Reason.None) return ownership;
  const place = state.orders.words[entry * ORDER_WORDS + ACCOUNT];
  if (exceedsMessages(state, command, place)) return Reason.MessageRate;
  if (!state.rates.take(place, CANCELS, command)) return Reason.RateLimit;
  countCancel(state, command, place);
  return Reason.None;
}

/** Why the mass cancel must not pass, or Reason.None. It uses up credit, but is the way out: never refused for want of it. */
export function checkMassCancel(state: RiskState, command: RiskCommand): Reason {
  state.follow();
  const { side, instrument } = command;
  if (side !== Side.None && side !== Side.Buy && side !== Side.Sell) return Reason.Malformed;
  const place = state.controls.placeOf(command.account);
  if (place < 0) return Reason.UnknownAccount;
  if (instrument !== ALL_INSTRUMENTS && !(instrument < state.instruments)) return Reason.UnknownInstrument;
  exceedsMessages(state, command, place);
  state.rates.take(place, CANCELS, command);
  countCancel(state, command, place);
  return Reason.None;
}

/** The open order that a new order will be linked with and count together with, -1: none. */
export function partnerOf(state: RiskState, command: RiskCommand, place: number): number {
  if (command.conditional === 0 || command.contingency === 0) return -1;
  const { orders } = state;
  const entry = orders.find(command.linkedOrderIdLow, command.linkedOrderIdHigh);
  if (entry < 0) return -1;
  const { words } = orders;
  const at = entry * ORDER_WORDS;
  const fits =
    words[at + ACCOUNT] === place &&
    words[at + INSTRUMENT] === command.instrument &&
    words[at + SIDE] === command.side &&
    (orders.flags(entry) & (LINKED | EXIT)) === 0;
  return fits ? entry : -1;
}

function checkControls(state: RiskState, command: RiskCommand, candidate: Candidate, limits: number): Reason {
  setExposure(state, candidate);
  const trading = checkTrading(state, command, candidate, limits);
  if (trading !== Reason.None) return trading;
  return (state.features & LEDGER) === 0 ? Reason.None : checkMoney(state, candidate);
}

function fillNew(state: RiskState, command: RiskCommand, candidate: Candidate, place: number): void {
  const { instrument, side, orderType, quantity } = command;
  candidate.place = place;
  candidate.instrument = instrument;
  candidate.position = state.positionOf(place, instrument);
  candidate.side = side;
  candidate.orderType = orderType;
  candidate.isAmend = false;
  candidate.price = hasLimitPrice(orderType) ? command.price : 0;
  candidate.stopPrice = isStop(orderType) && command.conditional !== 0 ? command.stopPrice : 0;
  candidate.quantity = quantity;
  candidate.added = quantity;
  const entry = partnerOf(state, command, place);
  candidate.entry = entry;
  if (entry >= 0) {
    const counted = state.orders.remaining(entry);
    candidate.added = quantity > counted ? quantity - counted : 0;
  }
}

function fillAmend(state: RiskState, command: RiskCommand, candidate: Candidate, entry: number): void {
  const { orders } = state;
  const at = entry * ORDER_WORDS;
  const orderType = orders.orderType(entry);
  candidate.place = orders.words[at + ACCOUNT];
  candidate.instrument = orders.words[at + INSTRUMENT];
  candidate.position = state.positionOf(candidate.place, candidate.instrument);
  candidate.side = orders.words[at + SIDE];
  candidate.orderType = orderType;
  candidate.isAmend = true;
  candidate.entry = entry;
  // Matching does not look at the price in an amend of an order without one; a market-to-limit order has one once it rests.
  const isPriced = hasLimitPrice(orderType) || orderType === OrderType.MarketToLimit;
  candidate.price = isPriced ? command.price : 0;
  const stop = orders.stops[entry];
  const isMoved = command.conditional !== 0 && !Number.isNaN(command.stopPrice);
  candidate.stopPrice = stop > 0 && isMoved ? command.stopPrice : stop;
  candidate.quantity = command.quantity;
  const added = state.reservedWith(entry, command.quantity) - state.countedWith(entry);
  candidate.added = added > 0 ? added : 0;
}

function exceedsMessages(state: RiskState, command: RiskCommand, place: number): boolean {
  return (state.features & MESSAGE_RATE) !== 0 && !state.rates.take(place, MESSAGES, command);
}

function countCancel(state: RiskState, command: RiskCommand, place: number): void {
  if ((state.features & CANCEL_TO_TRADE) === 0) return;
  state.cancelToTrade.time = command.received;
  state.cancelToTrade.count(place, CANCELS_TOTAL);
}
