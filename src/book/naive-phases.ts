/** Trading phases: what a phase change does. */
import { EventFlags, ExecutionType, Reason, TimeInForce, TradingPhase } from '../lib/enums.js';
import type { MatchingCommand } from './matching.js';
import { auctionPrice, uncross } from './naive-auction.js';
import { followUp } from './naive-follow-ups.js';
import { type NaiveInstrument, NO_PRICE } from './naive-instrument.js';
import { byArrival, type Order, openStatus } from './naive-order.js';
import { hasRoom } from './naive-room.js';
import type { NaiveVenue } from './naive-venue.js';

const { PreOpen, OpeningAuction, Continuous, VolatilityAuction, ClosingAuction, Closed } = TradingPhase;

/** The phase change that the command asks for; it is allowed. */
export function changePhase(venue: NaiveVenue, instrument: NaiveInstrument, command: MatchingCommand): void {
  const from = instrument.phase;
  const to = command.phase;
  const uncrosses = to === Continuous || (from === ClosingAuction && to === Closed);
  instrument.startStep();
  if (!Number.isNaN(command.referencePrice)) instrument.referencePrice = command.referencePrice;
  instrument.phase = to;
  venue.reports.status(instrument, from, Reason.None, uncrosses ? auctionPrice(instrument) : NO_PRICE);
  if (uncrosses) uncross(venue, instrument);
  if (isBeforeOpen(from) && !isBeforeOpen(to)) endAuction(venue, instrument, TimeInForce.AtTheOpen);
  if (from === ClosingAuction) endAuction(venue, instrument, TimeInForce.AtTheClose);
  if (to === Closed) endSession(venue, instrument);
  if (to === ClosingAuction) releaseForTheClose(venue, instrument);
  followUp(venue, instrument);
  // Exits of entries that the uncross has filled.
  if (to === Closed) endSession(venue, instrument);
}

function isBeforeOpen(phase: number): boolean {
  return phase === PreOpen || phase === OpeningAuction;
}

/** Orders that were for this auction only. */
function endAuction(venue: NaiveVenue, instrument: NaiveInstrument, timeInForce: TimeInForce): void {
  const orders = instrument.book().filter((order) => order.timeInForce === timeInForce);
  for (const order of orders.sort(byArrival)) venue.cancel(order, Reason.AuctionRemainder);
}

function endSession(venue: NaiveVenue, instrument: NaiveInstrument): void {
  const { Day, AtTheClose } = TimeInForce;
  const ends = (order: Order): boolean => order.timeInForce === Day || order.timeInForce === AtTheClose;
  for (const order of instrument.orders().filter(ends).sort(byArrival)) {
    venue.cancel(order, Reason.SessionEnded, 0, false);
  }
}

/** Orders that waited for the closing auction go onto the book. */
function releaseForTheClose(venue: NaiveVenue, instrument: NaiveInstrument): void {
  for (const order of [...instrument.waitingForTheClose()]) {
    const others = venue.orders().filter((other) => other !== order);
    if (!hasRoom(order, false, others, venue.capacities)) {
      venue.cancel(order, Reason.BookCapacity);
      continue;
    }
    instrument.remove(order);
    instrument.enterBook(order);
    const flags = instrument.isResting(order) ? EventFlags.Resting : 0;
    venue.reports.order(instrument, order, ExecutionType.Triggered, openStatus(order), { flags });
  }
}

/** In an auction that publishes its indicative price: a status event if it is not what was published last. */
export function publishIndicativePrices(venue: NaiveVenue): void {
  const phases: number[] = [OpeningAuction, VolatilityAuction, ClosingAuction];
  for (const instrument of venue.instruments) {
    if (!phases.includes(instrument.phase)) continue;
    const { price, quantity, surplus } = auctionPrice(instrument);
    const { published } = instrument;
    const isPublished =
      Object.is(price, published.price) && quantity === published.quantity && surplus === published.surplus;
    if (isPublished) continue;
    venue.reports.status(instrument, instrument.phase, Reason.None, { price, quantity, surplus });
  }
}
