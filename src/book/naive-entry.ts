/** New orders: everything that can refuse one, then entry. */
import {
  EventFlags,
  ExecutionType,
  OrderFlags,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
  TradingPhase,
} from '../lib/enums.js';
import type { MatchingCommand } from './matching.js';
import { newOrderRefusal, takesNewOrder } from './matching-rules.js';
import { followUp } from './naive-follow-ups.js';
import type { NaiveInstrument } from './naive-instrument.js';
import {
  accepts,
  filled,
  hasBracket,
  isPostOnly,
  isStop,
  mayRest,
  type Order,
  opposite,
  orderFromCommand,
} from './naive-order.js';
import { hasRoom } from './naive-room.js';
import { enter, wouldTrade } from './naive-taking.js';
import type { NaiveVenue } from './naive-venue.js';

const { Answer } = EventFlags;

export function newOrder(venue: NaiveVenue, command: MatchingCommand): void {
  const order = orderFromCommand(command);
  const malformed = newOrderRefusal(command, venue.capacities.instruments);
  if (malformed !== Reason.None) {
    venue.reports.reject({ ...order, linkedOrderId: 0 }, malformed, Answer);
    return;
  }
  const instrument = venue.instruments[order.instrument];
  instrument.startStep();
  const refusal = refusalByState(venue, instrument, order, command);
  if (refusal !== Reason.None) {
    order.linkedOrderId = 0;
    venue.reports.reject(order, refusal, Answer);
    return;
  }
  const cancellation = failure(venue, instrument, order, command);
  if (cancellation !== Reason.None) {
    venue.cancel(order, cancellation, Answer);
    return;
  }
  const other = venue.linkedTo(order);
  if (other !== undefined) venue.link(order, other, order.contingency);
  if (waits(instrument, order)) {
    order.arrival = venue.nextArrival++;
    instrument.startWaiting(order);
    venue.reports.order(instrument, order, ExecutionType.New, OrderStatus.New, { flags: Answer });
  } else {
    enter(venue, order, ExecutionType.New, Answer);
  }
  followUp(venue, instrument);
}

/** Off the book at first: stops, and orders for the close before the closing auction. */
function waits(instrument: NaiveInstrument, order: Order): boolean {
  const isForClose = order.timeInForce === TimeInForce.AtTheClose;
  return isStop(order) || (isForClose && instrument.phase !== TradingPhase.ClosingAuction);
}

/** Why the state of things refuses the order, or None; sets the price of orders that take it from the book. */
function refusalByState(
  venue: NaiveVenue,
  instrument: NaiveInstrument,
  order: Order,
  command: MatchingCommand,
): Reason {
  if (!takesNewOrder(instrument.phase, command)) return Reason.NotInThisPhase;
  const ids = hasBracket(order) ? [0, 1, 2] : [0];
  if (ids.some((rank) => venue.find(order.orderId + rank) !== undefined)) return Reason.DuplicateOrderId;
  if (order.linkedOrderId !== 0 && !canBeLinked(venue.find(order.linkedOrderId), order)) {
    return Reason.LinkedOrderUnavailable;
  }
  if (venue.orderCount === venue.capacities.orders) return Reason.BookCapacity;
  if (isPostOnly(order) && instrument.isContinuous && !staysPassive(instrument, order))
    return Reason.WouldCross;
  const isToLimit = order.orderType === OrderType.MarketToLimit;
  if (isToLimit) order.price = instrument.best(opposite(order.side))?.price ?? 0;
  if (isToLimit && instrument.best(opposite(order.side)) === undefined) return Reason.None;
  const needsRoom = mayRest(order) || isStop(order);
  const isRoom = !needsRoom || hasRoom(order, waits(instrument, order), venue.orders(), venue.capacities);
  return isRoom ? Reason.None : Reason.BookCapacity;
}

/** Why an order that is taken nevertheless ends without a trade, or None. */
function failure(
  venue: NaiveVenue,
  instrument: NaiveInstrument,
  order: Order,
  command: MatchingCommand,
): Reason {
  if (order.orderType === OrderType.MarketToLimit && instrument.best(opposite(order.side)) === undefined) {
    return Reason.NoLiquidity;
  }
  if (order.timeInForce === TimeInForce.FillOrKill && wouldTrade(venue, order) < order.quantity) {
    return Reason.FillOrKillUnfilled;
  }
  const minimum = command.conditional === 0 ? 0 : command.minimumQuantity;
  if (minimum > 0 && wouldTrade(venue, order) < minimum) return Reason.MinimumQuantityUnfilled;
  return Reason.None;
}

function canBeLinked(other: Order | undefined, order: Order): boolean {
  return (
    other !== undefined &&
    other.account === order.account &&
    other.instrument === order.instrument &&
    other.linkedOrderId === 0 &&
    filled(other) === 0 &&
    !hasBracket(other)
  );
}

/** Does the post-only order not cross, if need be after sliding to one tick short of the other side? */
export function staysPassive(instrument: NaiveInstrument, order: Order): boolean {
  const best = instrument.best(opposite(order.side));
  if (best === undefined || !accepts(order, best.price)) return true;
  if ((order.flags & OrderFlags.PostOnlySlide) === 0) return false;
  const price = order.side === Side.Buy ? best.price - 1 : best.price + 1;
  if (!Number.isSafeInteger(price)) return false;
  order.price = price;
  return true;
}
