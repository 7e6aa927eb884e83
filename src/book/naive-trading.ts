/** Trades, and what they do at once: refills of icebergs, and what linked orders do to each other. */
import { Contingency, EventFlags, ExecutionType, Reason } from '../lib/enums.js';
import type { NaiveInstrument } from './naive-instrument.js';
import { isIceberg, type Order, openStatus, shown, shrinkTo } from './naive-order.js';
import { fee } from './naive-prices.js';
import type { NaiveVenue } from './naive-venue.js';

/** In continuous trading: taker meets maker, at the maker's price. */
export function tradeWithMaker(venue: NaiveVenue, maker: Order, taker: Order): void {
  const instrument = venue.instrumentOf(maker);
  const quantity = Math.min(taker.leavesQuantity, shown(maker));
  fill(maker, quantity);
  taker.leavesQuantity -= quantity;
  instrument.noteTrade(maker.price);
  reportTrade(venue, maker, taker, maker.price, quantity, 0);
  if (maker.leavesQuantity === 0) {
    instrument.remove(maker);
  } else if (shown(maker) === 0) {
    refill(instrument, maker);
    restated(venue, maker, maker.leavesQuantity, 0);
  }
  linkedReacts(venue, maker, quantity);
  linkedReacts(venue, taker, quantity);
  if (maker.leavesQuantity === 0) venue.over(maker);
}

/** In an uncross: two orders on the book, at the auction price. */
export function tradeInUncross(venue: NaiveVenue, buy: Order, sell: Order, price: number): void {
  const instrument = venue.instrumentOf(buy);
  const quantity = Math.min(shown(buy), shown(sell));
  const before = [buy, sell].map((order) => ({
    leaves: order.leavesQuantity,
    displayed: instrument.showing(order),
  }));
  fill(buy, quantity);
  fill(sell, quantity);
  const [maker, taker] = buy.arrival < sell.arrival ? [buy, sell] : [sell, buy];
  reportTrade(venue, maker, taker, price, quantity, EventFlags.Auction);
  [buy, sell].forEach((order, index) => {
    if (order.leavesQuantity === 0) instrument.remove(order);
    else if (shown(order) === 0) refill(instrument, order);
    restated(venue, order, before[index].leaves, before[index].displayed);
  });
  linkedReacts(venue, buy, quantity);
  linkedReacts(venue, sell, quantity);
  for (const order of [buy, sell]) {
    if (order.leavesQuantity === 0) venue.over(order);
  }
}

/** Takes `quantity` off an order: the report is Restated, or Canceled for `reason` when it has no more than that. */
export function reduce(venue: NaiveVenue, order: Order, quantity: number, reason: Reason): void {
  if (quantity >= order.leavesQuantity) {
    venue.cancel(order, reason);
    return;
  }
  const displayed = venue.instrumentOf(order).showing(order);
  const leaves = order.leavesQuantity;
  shrinkTo(order, order.quantity - quantity, leaves - quantity);
  restated(venue, order, leaves, displayed);
}

export function areLinked(one: Order, other: Order): boolean {
  return one.linkedOrderId === other.orderId;
}

/** Of a linked pair that would trade with each other: the older one, which ends. An order without arrival is new. */
export function olderOf(one: Order, other: Order): Order {
  const rank = (order: Order): number => (order.arrival === 0 ? Infinity : order.arrival);
  return rank(one) < rank(other) ? one : other;
}

/** The order was filled by `quantity`: what the one that it is linked to does about it. */
function linkedReacts(venue: NaiveVenue, order: Order, quantity: number): void {
  const other = venue.linkedTo(order);
  if (other === undefined) return;
  if (order.contingency === Contingency.OneCancelsOther) venue.cancel(other, Reason.LinkedOrderFilled);
  else reduce(venue, other, quantity, Reason.LinkedOrderFilled);
}

function fill(order: Order, quantity: number): void {
  order.leavesQuantity -= quantity;
  if (isIceberg(order)) order.shownQuantity -= quantity;
}

/** The next peak shows, at the end of the queue. */
function refill(instrument: NaiveInstrument, order: Order): void {
  instrument.remove(order);
  instrument.enterBook(order);
}

function restated(venue: NaiveVenue, order: Order, previousLeaves: number, previousDisplayed: number): void {
  const instrument = venue.instrumentOf(order);
  venue.reports.order(instrument, order, ExecutionType.Restated, openStatus(order), {
    flags: instrument.isResting(order) ? EventFlags.Resting : 0,
    previousLeaves,
    previousDisplayed,
  });
}

function reportTrade(
  venue: NaiveVenue,
  maker: Order,
  taker: Order,
  price: number,
  quantity: number,
  flags: number,
): void {
  const { makerFee, takerFee } = venue.instrumentOf(maker).rules;
  const isAuction = flags === EventFlags.Auction;
  venue.reports.trade({
    instrument: maker.instrument,
    price,
    quantity,
    tradeId: venue.nextTradeId++,
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerLeaves: maker.leavesQuantity,
    takerLeaves: taker.leavesQuantity,
    makerAccount: maker.account,
    takerAccount: taker.account,
    makerSource: maker.source,
    takerSource: taker.source,
    takerSide: taker.side,
    flags,
    makerFee: fee(price, quantity, isAuction ? takerFee : makerFee),
    takerFee: fee(price, quantity, takerFee),
  });
}
