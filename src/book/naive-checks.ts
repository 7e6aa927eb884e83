/** What must always hold of the twin's state, and its hash. */
import { assert } from '../lib/assert.js';
import { Reason, Side } from '../lib/enums.js';
import { StateHash } from '../lib/state-hash.js';
import { dueStop } from './naive-follow-ups.js';
import type { NaiveInstrument } from './naive-instrument.js';
import { accepts, goesBefore, isIceberg, isUnpriced, type Order, shown } from './naive-order.js';
import type { NaiveVenue } from './naive-venue.js';
import { addInstrument, addOrder } from './state-hash.js';

export function hashState(venue: NaiveVenue): string {
  const hash = new StateHash();
  hash.add(venue.nextTradeId);
  hash.add(venue.nextArrival);
  for (const instrument of venue.instruments) {
    const { index, phase, lastPrice, referencePrice, published, rules } = instrument;
    const indicative = { indicativePrice: published.price, indicativeQuantity: published.quantity };
    const state = { phase, lastPrice, referencePrice, ...indicative, surplus: published.surplus };
    addInstrument(hash, index, state, rules.phase, rules.referencePrice);
  }
  for (const instrument of venue.instruments) {
    for (const order of instrument.book()) addOrder(hash, order);
  }
  for (const instrument of venue.instruments) {
    for (const order of instrument.waitingOrders()) addOrder(hash, order);
  }
  return hash.hex();
}

/** Throws InvariantError with the rule that is broken. */
export function checkInvariants(venue: NaiveVenue): void {
  const ids = new Set<number>();
  for (const order of venue.orders()) {
    assert(!ids.has(order.orderId), `order ${order.orderId} is live twice`);
    ids.add(order.orderId);
    checkOrder(venue, order);
  }
  assert(venue.brokenBand === Reason.None, 'a broken band had no consequence');
  assert(venue.endedEntries.length === 0, 'the exits of a bracket did not become active');
  for (const instrument of venue.instruments) checkInstrument(instrument);
}

function checkOrder(venue: NaiveVenue, order: Order): void {
  const { orderId, leavesQuantity, quantity } = order;
  assert(leavesQuantity > 0 && leavesQuantity <= quantity, `order ${orderId} has ${leavesQuantity} open`);
  assert(order.arrival > 0 && order.arrival < venue.nextArrival, `order ${orderId} has no arrival`);
  if (isIceberg(order) && !order.waiting) {
    assert(shown(order) > 0 && shown(order) <= leavesQuantity, `order ${orderId} shows ${shown(order)}`);
  }
  if (order.linkedOrderId === 0) return;
  const other = venue.linkedTo(order);
  assert(other?.linkedOrderId === orderId, `order ${orderId} is linked to one that is not linked to it`);
  assert(other?.account === order.account, `order ${orderId} is linked to another account's`);
}

function checkInstrument(instrument: NaiveInstrument): void {
  for (const side of [Side.Buy, Side.Sell]) {
    instrument.side(side).forEach((order, rank, orders) => {
      assert(order.side === side && !order.waiting, `order ${order.orderId} is on a wrong side`);
      const ahead: Order | undefined = orders[rank - 1];
      assert(
        ahead === undefined || !goesBefore(order, ahead),
        `order ${order.orderId} is behind a worse one`,
      );
    });
  }
  for (const order of instrument.waitingOrders())
    assert(order.waiting, `order ${order.orderId} does not wait`);
  if (!instrument.isContinuous) return;
  assert(!instrument.book().some(isUnpriced), 'an unpriced order is on the book in continuous trading');
  const bid = instrument.best(Side.Buy);
  const ask = instrument.best(Side.Sell);
  assert(bid === undefined || ask === undefined || !accepts(bid, ask.price), 'book is crossed');
  instrument.startStep();
  assert(dueStop(instrument) === undefined, 'a stop whose trigger is reached still waits');
}
