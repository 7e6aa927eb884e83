/**
 * The twin of the matching engine: the same contract in obvious code, slow and allocating. It defines what is true where
 * docs/matching.md is read in two ways, and tests hold the engine against it. Here: the commands, the reads. The rest:
 *
 *     naive-order        one order and what it can be asked
 *     naive-instrument   one instrument: book, waiting orders, phase, prices
 *     naive-venue        all instruments; how an order ends; links
 *     naive-reports      the events of one command
 *     naive-room         capacities
 *     naive-taking       continuous trading of one order: self-trade prevention, bands, what becomes of the rest
 *     naive-trading      one trade and what it does at once: icebergs, linked orders
 *     naive-follow-ups   broken bands, exits of brackets, stops
 *     naive-auction      auction price and uncross
 *     naive-phases       phase changes
 *     naive-prices       bands and fees
 *     naive-checks       invariants and the state hash
 */
import { EventFlags, ExecutionType, OrderStatus, Reason, Side } from '../lib/enums.js';
import {
  ALL_INSTRUMENTS,
  type IndicativePrice,
  type LiveOrder,
  type Matching,
  type MatchingCapacities,
  MatchingCommand,
  type MatchingEvents,
  type MatchingOptions,
  type ResolvedCapacities,
  resolveCapacities,
} from './matching.js';
import { hasInstrument, hasOrderId, massCancelRefusal, phaseRefusal } from './matching-rules.js';
import { NaiveAmend } from './naive-amend.js';
import { checkInvariants, hashState } from './naive-checks.js';
import { newOrder } from './naive-entry.js';
import { followUp } from './naive-follow-ups.js';
import { byArrival, isUnpriced, type Order, openStatus, shown } from './naive-order.js';
import { changePhase, publishIndicativePrices } from './naive-phases.js';
import { NaiveVenue } from './naive-venue.js';

export class NaiveMatching implements Matching {
  readonly command = new MatchingCommand();
  private readonly events: MatchingEvents;
  private readonly capacities: ResolvedCapacities;
  private readonly venue: NaiveVenue;

  constructor(capacities: MatchingCapacities, events: MatchingEvents, options: MatchingOptions = {}) {
    this.capacities = resolveCapacities(capacities);
    this.events = events;
    this.venue = new NaiveVenue(this.capacities, options);
  }

  newOrder(): void {
    this.run(() => newOrder(this.venue, this.command));
  }

  amendOrder(): void {
    this.run(() => {
      const order = this.findOwn();
      if (order === undefined) return;
      this.venue.instrumentOf(order).startStep();
      new NaiveAmend(this.venue, this.command, order).run();
      followUp(this.venue, this.venue.instrumentOf(order));
    });
  }

  cancelOrder(): void {
    this.run(() => {
      const order = this.findOwn();
      if (order === undefined) return;
      this.venue.instrumentOf(order).startStep();
      this.venue.cancel(order, Reason.UserRequested, EventFlags.Answer);
      followUp(this.venue, this.venue.instrumentOf(order));
    });
  }

  massCancel(): void {
    this.run(() => {
      const { account, instrument, side } = this.command;
      const refusal = massCancelRefusal(this.command, this.capacities.instruments);
      if (refusal !== Reason.None) {
        this.refuse(ExecutionType.CancelRejected, refusal);
        return;
      }
      const canceled = this.venue
        .orders()
        .filter((order) => order.account === account)
        .filter((order) => instrument === ALL_INSTRUMENTS || order.instrument === instrument)
        .filter((order) => side === Side.None || order.side === side)
        .sort(byArrival);
      for (const order of canceled) this.venue.cancel(order, Reason.MassCancelRequested, 0, false);
      this.venue.reports.request(this.command, ExecutionType.MassCanceled, OrderStatus.None, {
        side,
        quantity: canceled.length,
        flags: EventFlags.Answer,
      });
    });
  }

  setPhase(): void {
    this.run(() => {
      if (!hasInstrument(this.command, this.capacities.instruments)) {
        this.refuse(ExecutionType.Rejected, Reason.UnknownInstrument);
        return;
      }
      const instrument = this.venue.instruments[this.command.instrument];
      const refusal = phaseRefusal(this.command, instrument.phase);
      if (refusal !== Reason.None) this.refuse(ExecutionType.Rejected, refusal);
      else changePhase(this.venue, instrument, this.command);
    });
  }

  advanceTime(): void {
    this.run(() => undefined);
  }

  get orderCount(): number {
    return this.venue.orderCount;
  }

  phase(instrument: number): number {
    return this.venue.instruments[instrument].phase;
  }

  lastPrice(instrument: number): number {
    return this.venue.instruments[instrument].lastPrice;
  }

  referencePrice(instrument: number): number {
    return this.venue.instruments[instrument].referencePrice;
  }

  indicative(instrument: number): IndicativePrice {
    return { ...this.venue.instruments[instrument].published };
  }

  bestPrice(instrument: number, side: number): number {
    return this.venue.instruments[instrument].best(side)?.price ?? Number.NaN;
  }

  levels(instrument: number, side: number, depth: number, into: Float64Array): number {
    const orders = this.venue.instruments[instrument].side(side).filter((order) => !isUnpriced(order));
    const prices = [...new Set(orders.map((order) => order.price))].slice(0, depth);
    if (prices.length * 3 > into.length) {
      throw new RangeError(`levels: room for ${Math.floor(into.length / 3)} of ${depth} levels`);
    }
    prices.forEach((price, index) => {
      const level = orders.filter((order) => order.price === price);
      const quantity = level.reduce((sum, order) => sum + shown(order), 0);
      into.set([price, quantity, level.length], index * 3);
    });
    return prices.length;
  }

  order(orderId: number): LiveOrder | undefined {
    const order = this.venue.find(orderId);
    return order && { ...order };
  }

  forEachOrder(instrument: number, side: number, visit: (order: LiveOrder) => void): void {
    for (const order of this.venue.instruments[instrument].side(side)) visit({ ...order });
  }

  forEachWaitingOrder(instrument: number, visit: (order: LiveOrder) => void): void {
    for (const order of this.venue.instruments[instrument].waitingOrders()) visit({ ...order });
  }

  stateHash(): string {
    return hashState(this.venue);
  }

  validate(): void {
    checkInvariants(this.venue);
  }

  /** One command: what has expired by now, the command itself, indicative prices, the end. */
  private run(command: () => void): void {
    this.expire();
    command();
    publishIndicativePrices(this.venue);
    this.venue.reports.deliver(this.command, this.events);
  }

  private expire(): void {
    for (;;) {
      const order = this.venue.nextExpired(this.command.timestamp);
      if (order === undefined) return;
      const instrument = this.venue.instrumentOf(order);
      instrument.startStep();
      this.venue.cancel(order, Reason.Expired);
      followUp(this.venue, instrument);
    }
  }

  /** The live order that the command names and its account owns; undefined after refusing the request. */
  private findOwn(): Order | undefined {
    const { orderId, account } = this.command;
    const order = hasOrderId(this.command) ? this.venue.find(orderId) : undefined;
    if (order === undefined) {
      this.refuse(ExecutionType.CancelRejected, Reason.UnknownOrder, orderId);
      return undefined;
    }
    if (order.account === account) return order;
    const instrument = this.venue.instrumentOf(order);
    this.venue.reports.order(instrument, order, ExecutionType.CancelRejected, openStatus(order), {
      reason: Reason.NotOrderOwner,
      flags: EventFlags.Answer,
      previousDisplayed: instrument.showing(order),
    });
    return undefined;
  }

  private refuse(executionType: ExecutionType, reason: Reason, orderId = 0): void {
    const changes = { reason, orderId, flags: EventFlags.Answer };
    this.venue.reports.request(this.command, executionType, OrderStatus.Rejected, changes);
  }
}
