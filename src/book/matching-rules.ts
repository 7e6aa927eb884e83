/** Which commands are well formed: rules of the contract that need no book, shared by both implementations. */
import { OrderFlags, OrderType, Reason, Side, TimeInForce } from '../lib/enums.js';
import { ALL_INSTRUMENTS, type MatchingCommand } from './matching.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Buy, Sell } = Side;
const { Limit, Market } = OrderType;
const { GoodTillCancel, ImmediateOrCancel, FillOrKill } = TimeInForce;
const { PostOnly } = OrderFlags;
const { None, UnknownInstrument, Malformed, UnsupportedOrder, InvalidQuantity, InvalidPrice } = Reason;

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
  if (!isSupported(command)) return UnsupportedOrder;
  if (!Number.isSafeInteger(command.quantity) || command.quantity <= 0) return InvalidQuantity;
  if (command.orderType === Limit && !Number.isSafeInteger(command.price)) return InvalidPrice;
  return None;
}

/** Why the amend in `command` is refused whatever the book holds, or None. */
export function amendRefusal(command: MatchingCommand): Reason {
  if (!Number.isSafeInteger(command.quantity) || command.quantity <= 0) return InvalidQuantity;
  if (!Number.isSafeInteger(command.price)) return InvalidPrice;
  return None;
}

/** Why the mass cancel in `command` is refused, or None. */
export function massCancelRefusal(command: MatchingCommand, instruments: number): Reason {
  if (command.instrument !== ALL_INSTRUMENTS) {
    if (!(command.instrument >= 0 && command.instrument < instruments)) return UnknownInstrument;
    if (Math.floor(command.instrument) !== command.instrument) return UnknownInstrument;
  }
  if (command.account >>> 0 !== command.account || (command.source & 0xffff) !== command.source)
    return Malformed;
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

/** Does the command name an order id, 1 .. 2^53 - 1? */
export function hasOrderId(command: MatchingCommand): boolean {
  return Number.isSafeInteger(command.orderId) && command.orderId > 0;
}
