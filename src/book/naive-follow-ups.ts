/** What a step leads to: a phase change for a broken band, exits of brackets, stops. */
import {
  Contingency,
  ExecutionType,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
} from '../lib/enums.js';
import { type NaiveInstrument, NO_PRICE } from './naive-instrument.js';
import { filled, mayRest, NO_ORDER, type Order, opposite } from './naive-order.js';
import { hasRoom } from './naive-room.js';
import { enter } from './naive-taking.js';
import type { NaiveVenue } from './naive-venue.js';

/** Runs follow-ups of a step on this instrument until none is left. */
export function followUp(venue: NaiveVenue, instrument: NaiveInstrument): void {
  for (;;) {
    const entry = venue.endedEntries[0];
    const stop = dueStop(instrument);
    if (venue.brokenBand !== Reason.None) {
      breakOff(venue, instrument);
    } else if (entry !== undefined) {
      venue.endedEntries.shift();
      startExits(venue, entry);
    } else if (stop !== undefined) {
      trigger(venue, stop);
    } else {
      return;
    }
  }
}

function breakOff(venue: NaiveVenue, instrument: NaiveInstrument): void {
  const previousPhase = instrument.phase;
  instrument.phase = instrument.rules.bandPhase;
  venue.reports.status(instrument, previousPhase, venue.brokenBand, NO_PRICE);
  venue.brokenBand = Reason.None;
}

/** The stop that triggers next, if any. */
export function dueStop(instrument: NaiveInstrument): Order | undefined {
  if (!instrument.isContinuous) return undefined;
  const buy: Order | undefined = instrument.stops(Side.Buy)[0];
  const sell: Order | undefined = instrument.stops(Side.Sell)[0];
  const due = [
    ...(buy !== undefined && instrument.highest >= buy.stopPrice ? [buy] : []),
    ...(sell !== undefined && instrument.lowest <= sell.stopPrice ? [sell] : []),
  ];
  return due.sort((one, other) => one.arrival - other.arrival)[0];
}

function trigger(venue: NaiveVenue, stop: Order): void {
  const others = venue.orders().filter((order) => order !== stop);
  if (mayRest(stop) && !hasRoom(stop, false, others, venue.capacities)) {
    venue.cancel(stop, Reason.BookCapacity);
    return;
  }
  venue.instrumentOf(stop).remove(stop);
  enter(venue, stop, ExecutionType.Triggered, 0);
}

/** The exits of a bracket whose entry is over with a fill. */
function startExits(venue: NaiveVenue, entry: Order): void {
  const instrument = venue.instrumentOf(entry);
  const { takeProfitPrice, stopLossPrice } = entry;
  let stopLoss: Order | undefined;
  if (!Number.isNaN(stopLossPrice)) {
    stopLoss = stopLossOf(entry);
    if (admit(venue, stopLoss, true)) {
      stopLoss.arrival = venue.nextArrival++;
      instrument.startWaiting(stopLoss);
      venue.reports.order(instrument, stopLoss, ExecutionType.New, OrderStatus.New);
    } else {
      stopLoss = undefined;
    }
  }
  if (Number.isNaN(takeProfitPrice)) return;
  const takeProfit = { ...exitOf(entry, 1), orderType: OrderType.Limit, price: takeProfitPrice };
  if (!admit(venue, takeProfit, false)) return;
  if (stopLoss !== undefined) venue.link(takeProfit, stopLoss, Contingency.OneUpdatesOther);
  enter(venue, takeProfit, ExecutionType.New, 0);
}

function stopLossOf(entry: Order): Order {
  const hasLimit = !Number.isNaN(entry.stopLossLimitPrice);
  return {
    ...exitOf(entry, 2),
    orderType: hasLimit ? OrderType.StopLimit : OrderType.Stop,
    price: hasLimit ? entry.stopLossLimitPrice : 0,
    stopPrice: entry.stopLossPrice,
    conditional: true,
  };
}

function exitOf(entry: Order, rank: number): Order {
  const { Day, GoodTillDate, GoodTillCancel } = TimeInForce;
  const keeps = entry.timeInForce === Day || entry.timeInForce === GoodTillDate;
  return {
    ...NO_ORDER,
    orderId: entry.orderId + rank,
    account: entry.account,
    instrument: entry.instrument,
    source: entry.source,
    side: opposite(entry.side),
    timeInForce: keeps ? entry.timeInForce : GoodTillCancel,
    expireTime: entry.expireTime,
    conditional: entry.expireTime !== 0,
    selfTradePrevention: entry.selfTradePrevention,
    quantity: filled(entry),
    leavesQuantity: filled(entry),
  };
}

/** Can the exit go in? If not it is reported Rejected. */
function admit(venue: NaiveVenue, exit: Order, waits: boolean): boolean {
  const others = venue.orders();
  const isTaken = venue.find(exit.orderId) !== undefined;
  const isRoom = others.length < venue.capacities.orders && hasRoom(exit, waits, others, venue.capacities);
  if (!isTaken && isRoom) return true;
  venue.reports.reject(exit, isTaken ? Reason.DuplicateOrderId : Reason.BookCapacity, 0);
  return false;
}
