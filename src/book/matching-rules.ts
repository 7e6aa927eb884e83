/** Which commands are well formed: rules of the contract that need no book, shared by both implementations. */
import { OrderFlags, OrderType, Reason, Side, TimeInForce } from '../lib/enums.js';
import { ALL_INSTRUMENTS, type MatchingCommand } from './matching.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Buy, Sell } = Side;
const { Limit, Market } = OrderType;
const { GoodTillCancel, ImmediateOrCancel, FillOrKill } = TimeInForce;
const { PostOnly } = OrderFlags;
const { None, UnknownInstrument, Malformed, UnsupportedOrder, InvalidQuantity, InvalidPrice } = Reason;

/** Why the new order in `command` is refused whatever the book holds, or None. */
export function newOrderRefusal(command: MatchingCommand, instruments: number): Reason {
  if (!isIndex(command.instrument, instruments)) return UnknownInstrument;
  if (!isOrderId(command.orderId) || !isUint32(command.account)) return Malformed;
  if (!isUint16(command.source)) return Malformed;
  if (!isSupported(command)) return UnsupportedOrder;
  if (!isQuantity(command.quantity)) return InvalidQuantity;
  if (command.orderType === Limit && !Number.isSafeInteger(command.price)) return InvalidPrice;
  return None;
}

/** Why the amend in `command` is refused whatever the book holds, or None. */
export function amendRefusal(command: MatchingCommand): Reason {
  if (!isQuantity(command.quantity)) return InvalidQuantity;
  if (!Number.isSafeInteger(command.price)) return InvalidPrice;
  return None;
}

/** Why the mass cancel in `command` is refused, or None. */
export function massCancelRefusal(command: MatchingCommand, instruments: number): Reason {
  if (command.instrument !== ALL_INSTRUMENTS && !isIndex(command.instrument, instruments)) {
    return UnknownInstrument;
  }
  if (!isUint32(command.account) || !isUint16(command.source)) return Malformed;
  const side = command.side;
  return side === Side.None || side === Buy || side === Sell ? None : Malformed;
}

/** The combinations of side, type, time in force and flags that exist. */
function isSupported(command: MatchingCommand): boolean {
  const { side, orderType, timeInForce, flags } = command;
  if (side !== Buy && side !== Sell) return false;
  if (orderType !== Limit && orderType !== Market) return false;
  const goodTillCancel = timeInForce === GoodTillCancel;
  if (!goodTillCancel && timeInForce !== ImmediateOrCancel && timeInForce !== FillOrKill) {
    return false;
  }
  if (flags === 0) return true;
  // An order that must not take has to be able to rest.
  return flags === PostOnly && orderType === Limit && goodTillCancel;
}

/** Order ids are 1 .. 2^53 - 1. */
export function isOrderId(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isQuantity(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isIndex(value: number, count: number): boolean {
  return value >= 0 && value < count && Math.floor(value) === value;
}

function isUint32(value: number): boolean {
  return value >>> 0 === value;
}

function isUint16(value: number): boolean {
  return (value & 0xffff) === value;
}
