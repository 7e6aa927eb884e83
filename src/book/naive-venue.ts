/** All state of the naive twin, and the ways in which an order can end. */
import { EventFlags, ExecutionType, OrderStatus, Reason } from '../lib/enums.js';
import { resolveRules } from './instrument-rules.js';
import type { MatchingOptions, ResolvedCapacities } from './matching.js';
import { expiresBefore, NaiveInstrument } from './naive-instrument.js';
import { filled, hasBracket, type Order } from './naive-order.js';
import { NaiveReports } from './naive-reports.js';

export class NaiveVenue {
  readonly capacities: ResolvedCapacities;
  readonly groups: ReadonlyMap<number, number>;
  readonly reports = new NaiveReports();
  readonly instruments: NaiveInstrument[];
  nextTradeId = 1;
  nextArrival = 1;
  /** The price band that the last block broke, until the phase has changed for it. */
  brokenBand: Reason = Reason.None;
  /** Bracket entries that are over with a fill and whose exits are not active yet, first ended first. */
  readonly endedEntries: Order[] = [];
  /** A trial run: nobody hears of it, and own orders end it; see takes in naive-taking.ts. */
  readonly isTrial: boolean;

  constructor(capacities: ResolvedCapacities, options: MatchingOptions, isTrial = false) {
    this.capacities = capacities;
    this.groups = options.groups ?? new Map();
    this.isTrial = isTrial;
    this.instruments = Array.from(
      { length: isTrial ? 0 : capacities.instruments },
      (_, index) => new NaiveInstrument(index, resolveRules(options.rules?.[index], index)),
    );
  }

  /** A venue of which only this instrument exists, in the same state. */
  trial(instrument: number): NaiveVenue {
    const venue = new NaiveVenue(this.capacities, { groups: this.groups }, true);
    venue.instruments[instrument] = this.instruments[instrument].copy();
    return venue;
  }

  instrumentOf(order: Order): NaiveInstrument {
    return this.instruments[order.instrument];
  }

  orders(): Order[] {
    return this.instruments.flatMap((instrument) => instrument.orders());
  }

  get orderCount(): number {
    return this.instruments.reduce((sum, instrument) => sum + instrument.orderCount, 0);
  }

  /** Of all instruments: the order that expires next of those that are due at this time. */
  nextExpired(time: number): Order | undefined {
    let next: Order | undefined;
    for (const instrument of this.instruments) {
      const order = instrument.nextExpired(time);
      if (order !== undefined && (next === undefined || expiresBefore(order, next))) next = order;
    }
    return next;
  }

  find(orderId: number): Order | undefined {
    for (const instrument of this.instruments) {
      const order = instrument.find(orderId);
      if (order !== undefined) return order;
    }
    return undefined;
  }

  inOneGroup(one: Order, other: Order): boolean {
    const group = this.groups.get(one.account);
    return one.account === other.account || (group !== undefined && group === this.groups.get(other.account));
  }

  /** A live order, wherever it is, ends with what it has open. */
  cancel(order: Order, reason: Reason, flags = 0, startsExits = true): void {
    const instrument = this.instrumentOf(order);
    const previousDisplayed = instrument.showing(order);
    const resting = instrument.isResting(order) ? EventFlags.Resting : 0;
    instrument.remove(order);
    this.reports.order(instrument, order, ExecutionType.Canceled, OrderStatus.Canceled, {
      reason,
      flags: flags | resting,
      leavesQuantity: 0,
      previousLeaves: order.leavesQuantity,
      previousDisplayed,
    });
    this.over(order, startsExits);
  }

  /** The order is neither on the book nor waiting any more: its link is gone, and its exits follow if it was filled. */
  over(order: Order, startsExits = true): void {
    this.unlink(order);
    if (startsExits && hasBracket(order) && filled(order) > 0) this.endedEntries.push(order);
  }

  link(one: Order, other: Order, contingency: number): void {
    Object.assign(one, { linkedOrderId: other.orderId, contingency, conditional: true });
    Object.assign(other, { linkedOrderId: one.orderId, contingency, conditional: true });
  }

  unlink(order: Order): void {
    const other = this.linkedTo(order);
    for (const end of [order, other]) {
      if (end !== undefined) Object.assign(end, { linkedOrderId: 0, contingency: 0 });
    }
  }

  linkedTo(order: Order): Order | undefined {
    return order.linkedOrderId === 0 ? undefined : this.instrumentOf(order).find(order.linkedOrderId);
  }
}
