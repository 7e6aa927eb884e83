/** Auctions: the price of an uncross, and the uncross. */
import { Reason, Side } from '../lib/enums.js';
import type { IndicativePrice } from './matching.js';
import { type NaiveInstrument, NO_PRICE } from './naive-instrument.js';
import { accepts, isUnpriced, type Order } from './naive-order.js';
import { areLinked, olderOf, tradeInUncross } from './naive-trading.js';
import type { NaiveVenue } from './naive-venue.js';

/** Where the book would execute now, and how much; {@link NO_PRICE} when nothing can trade. */
export function auctionPrice(instrument: NaiveInstrument): IndicativePrice {
  const candidates = candidatePrices(instrument).map((price) => executionAt(instrument, price));
  const volume = Math.max(0, ...candidates.map((candidate) => candidate.quantity));
  if (volume === 0) return NO_PRICE;
  const fullest = candidates.filter((candidate) => candidate.quantity === volume);
  const surplus = Math.min(...fullest.map((candidate) => Math.abs(candidate.surplus)));
  const left = fullest.filter((candidate) => Math.abs(candidate.surplus) === surplus);
  const lowest = Math.min(...left.map((candidate) => candidate.price));
  const highest = Math.max(...left.map((candidate) => candidate.price));
  if (left.every((candidate) => candidate.surplus > 0)) return executionAt(instrument, highest);
  if (left.every((candidate) => candidate.surplus < 0)) return executionAt(instrument, lowest);
  const center = referenceOf(instrument);
  if (Number.isNaN(center)) return executionAt(instrument, middle(lowest, highest));
  return executionAt(instrument, Math.min(highest, Math.max(lowest, center)));
}

/** The limit prices on the book; if there is none, the reference price of the orders without a price. */
function candidatePrices(instrument: NaiveInstrument): number[] {
  const priced = instrument.book().filter((order) => !isUnpriced(order));
  if (priced.length > 0) return [...new Set(priced.map((order) => order.price))];
  const center = referenceOf(instrument);
  return Number.isNaN(center) ? [] : [center];
}

function referenceOf(instrument: NaiveInstrument): number {
  return Number.isNaN(instrument.referencePrice) ? instrument.lastPrice : instrument.referencePrice;
}

/** Half way, rounded down; exact for any two prices. */
function middle(lowest: number, highest: number): number {
  const sum = BigInt(lowest) + BigInt(highest);
  return Number((sum - (sum & 1n)) / 2n);
}

function executionAt(instrument: NaiveInstrument, price: number): IndicativePrice {
  const quantityAt = (side: number): number => {
    let sum = 0;
    for (const order of instrument.side(side)) {
      if (accepts(order, price)) sum = Math.min(Number.MAX_SAFE_INTEGER, sum + order.leavesQuantity);
    }
    return sum;
  };
  const buys = quantityAt(Side.Buy);
  const sells = quantityAt(Side.Sell);
  return { price, quantity: Math.min(buys, sells), surplus: buys - sells };
}

/** Executes the book at its auction price; again, should linked orders that ended have left more to execute. */
export function uncross(venue: NaiveVenue, instrument: NaiveInstrument): void {
  for (;;) {
    const { price, quantity } = auctionPrice(instrument);
    if (quantity === 0) return;
    uncrossAt(venue, instrument, price);
  }
}

function uncrossAt(venue: NaiveVenue, instrument: NaiveInstrument, price: number): void {
  let hasTraded = false;
  for (;;) {
    const buy: Order | undefined = instrument.side(Side.Buy)[0];
    const sell: Order | undefined = instrument.side(Side.Sell)[0];
    if (buy === undefined || sell === undefined || !accepts(buy, price) || !accepts(sell, price)) break;
    if (areLinked(buy, sell)) {
      venue.cancel(olderOf(buy, sell), Reason.LinkedOrderFilled);
    } else {
      tradeInUncross(venue, buy, sell, price);
      hasTraded = true;
    }
  }
  if (!hasTraded) return;
  instrument.lastPrice = price;
  instrument.referencePrice = price;
  instrument.startStep();
}
