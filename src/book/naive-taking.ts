/** Continuous trading: an order takes what it can from the other side, and what becomes of the rest. */
import { EventFlags, type ExecutionType, OrderStatus, Reason, SelfTradePrevention } from '../lib/enums.js';
import { accepts, filled, mayRest, type Order, openStatus, opposite, shrinkTo } from './naive-order.js';
import { brokenBand } from './naive-prices.js';
import { areLinked, olderOf, reduce, tradeWithMaker } from './naive-trading.js';
import type { NaiveVenue } from './naive-venue.js';

/**
 * Trades the order, which is off the book, with the other side. Returns why it must stop: a band, SelfTradePrevented or
 * LinkedOrderFilled; None when it is filled or the other side has nothing more for it.
 */
export function take(venue: NaiveVenue, taker: Order): Reason {
  const instrument = venue.instrumentOf(taker);
  const lastPrice = instrument.lastPrice;
  instrument.taker = taker;
  let stop: Reason = Reason.None;
  while (stop === Reason.None && taker.leavesQuantity > 0) {
    const maker = instrument.best(opposite(taker.side));
    if (maker === undefined || !accepts(taker, maker.price)) break;
    stop = brokenBand(instrument, maker.price, lastPrice);
    if (stop === Reason.None) stop = meet(venue, maker, taker);
  }
  instrument.taker = undefined;
  return stop;
}

/** What a fill-or-kill or minimum quantity order would really trade: the same on a copy. */
export function wouldTrade(venue: NaiveVenue, order: Order): number {
  const taker = { ...order };
  take(venue.trial(order.instrument), taker);
  return filled(taker);
}

/** Taker and the first maker: they trade, unless they are linked or of one group. */
function meet(venue: NaiveVenue, maker: Order, taker: Order): Reason {
  if (areLinked(taker, maker)) {
    if (olderOf(maker, taker) === taker) return Reason.LinkedOrderFilled;
    venue.cancel(maker, Reason.LinkedOrderFilled);
    return Reason.None;
  }
  if (taker.selfTradePrevention !== SelfTradePrevention.None && venue.inOneGroup(maker, taker)) {
    return preventSelfTrade(venue, maker, taker);
  }
  tradeWithMaker(venue, maker, taker);
  return Reason.None;
}

function preventSelfTrade(venue: NaiveVenue, maker: Order, taker: Order): Reason {
  const { CancelNewest, CancelOldest, CancelBoth } = SelfTradePrevention;
  const mode = taker.selfTradePrevention;
  if (mode !== CancelOldest && venue.isTrial) return Reason.SelfTradePrevented;
  if (mode === CancelNewest) return Reason.SelfTradePrevented;
  if (mode === CancelOldest || mode === CancelBoth) {
    venue.cancel(maker, Reason.SelfTradePrevented);
    return mode === CancelBoth ? Reason.SelfTradePrevented : Reason.None;
  }
  const quantity = Math.min(maker.leavesQuantity, taker.leavesQuantity);
  reduce(venue, maker, quantity, Reason.SelfTradePrevented);
  if (quantity === taker.leavesQuantity) return Reason.SelfTradePrevented;
  shrinkTo(taker, taker.quantity - quantity, taker.leavesQuantity - quantity);
  return Reason.None;
}

/** Must what is left end, though it might rest? */
export function isPrevented(stop: Reason): boolean {
  return stop === Reason.SelfTradePrevented || stop === Reason.LinkedOrderFilled;
}

/** A broken band lets what is left rest, but changes the phase as soon as the order is reported. */
export function noteBand(venue: NaiveVenue, stop: Reason): void {
  if (stop !== Reason.None && !isPrevented(stop)) venue.brokenBand = stop;
}

/**
 * An order that just came in or triggered trades and then rests or ends, with one report: `executionType`, or Canceled. In
 * other phases than continuous trading it rests without trading.
 */
export function enter(venue: NaiveVenue, order: Order, executionType: ExecutionType, flags: number): void {
  const instrument = venue.instrumentOf(order);
  const stop = instrument.isContinuous ? take(venue, order) : Reason.None;
  noteBand(venue, stop);
  if (order.leavesQuantity === 0) {
    venue.reports.order(instrument, order, executionType, OrderStatus.Filled, { flags });
    venue.over(order);
  } else if (isPrevented(stop)) {
    venue.cancel(order, stop, flags);
  } else if (mayRest(order)) {
    if (order.arrival === 0) order.arrival = venue.nextArrival++;
    instrument.enterBook(order);
    const resting = instrument.isResting(order) ? EventFlags.Resting : 0;
    venue.reports.order(instrument, order, executionType, openStatus(order), { flags: flags | resting });
  } else {
    const remainder = filled(order) > 0 ? Reason.ImmediateRemainder : Reason.NoLiquidity;
    venue.cancel(order, stop === Reason.None ? remainder : stop, flags);
  }
}
