/** Which commands are well formed: rules of the contract that need no book, shared by both implementations. */
import { Contingency, OrderFlags, OrderType, Reason, Side, TimeInForce, TradingPhase } from '../lib/enums.js';
import { ALL_INSTRUMENTS, type MatchingCommand } from './matching.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Buy, Sell } = Side;
const { Limit, Market, Stop, StopLimit, MarketToLimit } = OrderType;
const { GoodTillCancel, ImmediateOrCancel, FillOrKill, Day, GoodTillDate, AtTheOpen, AtTheClose } =
  TimeInForce;
const { PostOnly, PostOnlySlide } = OrderFlags;
const { None, UnknownInstrument, Malformed, UnsupportedOrder, InvalidQuantity, InvalidPrice } = Reason;
const { InvalidConditions, InvalidPhase, Expired } = Reason;
const { PreOpen, OpeningAuction, Continuous, Halt, Closed } = TradingPhase;

/** Times in force as bits: those that rest until further notice, and what goes with each order type. */
const LASTING = (1 << GoodTillCancel) | (1 << Day) | (1 << GoodTillDate);
const AUCTION = (1 << AtTheOpen) | (1 << AtTheClose);
const IMMEDIATE = (1 << ImmediateOrCancel) | (1 << FillOrKill);
const WITH_MARKET = (1 << GoodTillCancel) | IMMEDIATE | AUCTION;

/**
 * Why the new order in `command` is refused whatever the book holds, or None. Wide fields are checked on the spot and
 * not passed on: as arguments they would be boxed.
 */
export function newOrderRefusal(command: MatchingCommand, instruments: number): Reason {
  if (!(command.instrument >= 0 && command.instrument < instruments)) return UnknownInstrument;
  if (Math.floor(command.instrument) !== command.instrument) return UnknownInstrument;
  if (!Number.isSafeInteger(command.orderId) || command.orderId <= 0) return Malformed;
  if (command.account >>> 0 !== command.account || (command.source & 0xffff) !== command.source)
    return Malformed;
  const { orderType } = command;
  if (!isSupported(command)) return UnsupportedOrder;
  if (!Number.isSafeInteger(command.quantity) || command.quantity <= 0) return InvalidQuantity;
  if ((orderType === Limit || orderType === StopLimit) && !Number.isSafeInteger(command.price))
    return InvalidPrice;
  if (command.conditional !== 0) return conditionsRefusal(command);
  // These say nothing without their condition.
  const needsConditions =
    orderType === Stop || orderType === StopLimit || command.timeInForce === GoodTillDate;
  return needsConditions ? InvalidConditions : None;
}

/**
 * Why the amend in `command` is refused whatever the book holds, or None. `isPriced`: the order has a limit price
 * (a Stop and a market order for an auction have none); `isWaitingStop`: it may be given another stop price.
 */
export function amendRefusal(command: MatchingCommand, isPriced = true, isWaitingStop = false): Reason {
  if (!Number.isSafeInteger(command.quantity) || command.quantity <= 0) return InvalidQuantity;
  if (isPriced && !Number.isSafeInteger(command.price)) return InvalidPrice;
  if (command.conditional === 0 || Number.isNaN(command.stopPrice)) return None;
  return isWaitingStop && Number.isSafeInteger(command.stopPrice) ? None : InvalidConditions;
}

/**
 * Most peaks that an iceberg may have. A command that trades through one has an event for each, so this bounds what one
 * command can set off.
 */
export const MAXIMUM_PEAKS = 10_000;

/** Would an iceberg that shows `displayedQuantity` (0: it is none) have too many peaks with this quantity? */
export function hasTooManyPeaks(displayedQuantity: number, quantity: number): boolean {
  return displayedQuantity > 0 && displayedQuantity * MAXIMUM_PEAKS < quantity;
}

/** Why the mass cancel in `command` is refused, or None. */
export function massCancelRefusal(command: MatchingCommand, instruments: number): Reason {
  if (command.instrument !== ALL_INSTRUMENTS && !hasInstrument(command, instruments))
    return UnknownInstrument;
  if (command.account >>> 0 !== command.account || (command.source & 0xffff) !== command.source)
    return Malformed;
  const side = command.side;
  return side === Side.None || side === Buy || side === Sell ? None : Malformed;
}

/** Why the phase change in `command` is refused, or None; the instrument must be known (see hasInstrument). */
export function phaseRefusal(command: MatchingCommand, phase: number): Reason {
  const next = command.phase;
  if (!(next >= PreOpen && next <= Closed) || Math.floor(next) !== next || next === phase)
    return InvalidPhase;
  const reference = command.referencePrice;
  return Number.isNaN(reference) || Number.isSafeInteger(reference) ? None : InvalidPrice;
}

/** Does the command name an instrument of this shard? */
export function hasInstrument(command: MatchingCommand, instruments: number): boolean {
  const { instrument } = command;
  return instrument >= 0 && instrument < instruments && Math.floor(instrument) === instrument;
}

/** Does the command name an order id, 1 .. 2^53 - 1? */
export function hasOrderId(command: MatchingCommand): boolean {
  return Number.isSafeInteger(command.orderId) && command.orderId > 0;
}

/** Does the phase take the well-formed new order in `command`? Amends: all phases but Halt and Closed. */
export function takesNewOrder(phase: number, command: MatchingCommand): boolean {
  const { orderType, timeInForce } = command;
  if (phase === Continuous) return timeInForce !== AtTheOpen;
  if (phase === Halt || phase === Closed) return false;
  if (timeInForce === AtTheOpen) return phase === PreOpen || phase === OpeningAuction;
  if (timeInForce === AtTheClose || orderType === Stop || orderType === StopLimit) return true;
  const minimum = command.conditional !== 0 && command.minimumQuantity !== 0;
  return orderType === Limit && isLasting(timeInForce) && command.flags === 0 && !minimum;
}

/** Good till cancel, for the day or till a date: what may rest in continuous trading. */
export function isLasting(timeInForce: number): boolean {
  return ((1 << timeInForce) & LASTING) !== 0;
}

/** The combinations of side, type, time in force, self-trade prevention and flags that exist. */
function isSupported(command: MatchingCommand): boolean {
  const { side, orderType, timeInForce, flags, selfTradePrevention } = command;
  if (side !== Buy && side !== Sell) return false;
  if (!(selfTradePrevention >= 0 && selfTradePrevention <= 4)) return false;
  if (Math.floor(selfTradePrevention) !== selfTradePrevention) return false;
  if (orderType !== Limit || timeInForce !== GoodTillCancel) {
    if ((timeInForce & 7) !== timeInForce) return false;
    if (((1 << timeInForce) & timesInForce(orderType)) === 0) return false;
  }
  if (flags === 0) return true;
  // An order that must not take has to be able to rest.
  const postOnly = flags === PostOnly || flags === (PostOnly | PostOnlySlide);
  return postOnly && orderType === Limit && isLasting(timeInForce);
}

/** The times in force that go with an order type, as bits; none for a type that does not exist. */
function timesInForce(orderType: number): number {
  if (orderType === Limit) return LASTING | IMMEDIATE | AUCTION;
  if (orderType === Market) return WITH_MARKET;
  return orderType === Stop || orderType === StopLimit || orderType === MarketToLimit ? LASTING : 0;
}

/** Why the conditions of the new order, which is well formed without them, are refused, or None. */
function conditionsRefusal(command: MatchingCommand): Reason {
  const { orderType, timeInForce } = command;
  const isStop = orderType === Stop || orderType === StopLimit;
  const noStopPrice = Number.isNaN(command.stopPrice) || command.stopPrice === 0;
  if (isStop ? !Number.isSafeInteger(command.stopPrice) : !noStopPrice) return InvalidConditions;
  if (!isDisplayValid(command) || !isMinimumValid(command)) return InvalidConditions;
  if (!isLinkValid(command) || !isBracketValid(command)) return InvalidConditions;
  if (timeInForce !== GoodTillDate) return command.expireTime === 0 ? None : InvalidConditions;
  if (!Number.isSafeInteger(command.expireTime) || command.expireTime <= 0) return InvalidConditions;
  return command.expireTime <= command.timestamp ? Expired : None;
}

function isDisplayValid(command: MatchingCommand): boolean {
  const { displayedQuantity, orderType } = command;
  if (displayedQuantity === 0) return true;
  if (!Number.isSafeInteger(displayedQuantity)) return false;
  if (displayedQuantity < 0 || displayedQuantity > command.quantity) return false;
  if (hasTooManyPeaks(displayedQuantity, command.quantity)) return false;
  return orderType !== Market && orderType !== Stop && isLasting(command.timeInForce);
}

function isMinimumValid(command: MatchingCommand): boolean {
  const { minimumQuantity, orderType, timeInForce } = command;
  if (minimumQuantity === 0) return true;
  if (!Number.isSafeInteger(minimumQuantity)) return false;
  if (minimumQuantity < 0 || minimumQuantity > command.quantity) return false;
  if (orderType !== Limit && orderType !== Market) return false;
  if (timeInForce !== ImmediateOrCancel && !isLasting(timeInForce)) return false;
  return command.flags === 0 && command.linkedOrderId === 0;
}

function isLinkValid(command: MatchingCommand): boolean {
  const { contingency, orderType, linkedOrderId } = command;
  if (contingency === Contingency.None) return linkedOrderId === 0;
  if (contingency !== Contingency.OneCancelsOther && contingency !== Contingency.OneUpdatesOther)
    return false;
  if (!Number.isSafeInteger(linkedOrderId) || linkedOrderId <= 0) return false;
  if (orderType === Market || orderType === MarketToLimit || !isLasting(command.timeInForce)) return false;
  return Number.isNaN(command.takeProfitPrice) && Number.isNaN(command.stopLossPrice);
}

function isBracketValid(command: MatchingCommand): boolean {
  const { takeProfitPrice, stopLossPrice, stopLossLimitPrice } = command;
  const hasProfit = !Number.isNaN(takeProfitPrice);
  const hasLoss = !Number.isNaN(stopLossPrice);
  const hasLimit = !Number.isNaN(stopLossLimitPrice);
  if (!hasProfit && !hasLoss) return !hasLimit;
  if (hasProfit && !Number.isSafeInteger(takeProfitPrice)) return false;
  if (hasLoss && !Number.isSafeInteger(stopLossPrice)) return false;
  if (hasLimit && (!hasLoss || !Number.isSafeInteger(stopLossLimitPrice))) return false;
  if (hasProfit && hasLoss) {
    const apart = command.side === Buy ? takeProfitPrice > stopLossPrice : takeProfitPrice < stopLossPrice;
    if (!apart) return false;
  }
  return Number.isSafeInteger(command.orderId + 2);
}
