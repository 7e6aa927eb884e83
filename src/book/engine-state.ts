/**
 * All state of a matching engine in one place, for the classes that work on it, and the numbers that a command's
 * steps share: fields, because wide numbers as arguments would be boxed.
 */
import { Reason } from '../lib/enums.js';
import { AccountGroups } from './account-groups.js';
import { ColdOrders } from './cold-orders.js';
import { Expiries } from './expiries.js';
import { InstrumentStates, STOPS } from './instrument-state.js';
import type { MatchingEvents, MatchingOptions, ResolvedCapacities } from './matching.js';
import { OrderBooks } from './order-books.js';
import { WaitingOrders } from './waiting-orders.js';

export class EngineState {
  declare readonly books: OrderBooks;
  declare readonly cold: ColdOrders;
  declare readonly waiting: WaitingOrders;
  declare readonly expiries: Expiries;
  declare readonly instruments: InstrumentStates;
  declare readonly groups: AccountGroups;
  declare readonly events: MatchingEvents;
  nextTradeId = Number.NaN;
  nextArrival = Number.NaN;
  /** Price of the order in hand: on no book and not waiting, because it is about to trade or to be queued. */
  handPrice = Number.NaN;
  /** Instrument of the step, its highest and lowest trade price, and the band that was broken (a Reason). */
  stepInstrument = 0;
  stepHigh = Number.NaN;
  stepLow = Number.NaN;
  brokenBand: Reason = Reason.None;

  constructor(capacities: ResolvedCapacities, events: MatchingEvents, options: MatchingOptions) {
    this.books = new OrderBooks(capacities);
    this.cold = new ColdOrders(this.books.orders);
    this.waiting = new WaitingOrders(capacities, this.books.orders, this.cold);
    this.expiries = new Expiries(this.books.orders, this.cold);
    this.instruments = new InstrumentStates(capacities.instruments, options.rules);
    this.groups = new AccountGroups(options.groups);
    this.events = events;
    this.nextTradeId = 1;
    this.nextArrival = 1;
  }

  /** Begins a step of an instrument: it has traded nothing yet. */
  beginStep(instrument: number): void {
    const lastPrice = this.instruments.lastPrice[instrument];
    this.stepInstrument = instrument;
    this.stepHigh = lastPrice;
    this.stepLow = lastPrice;
    this.brokenBand = Reason.None;
  }

  /** Takes the last price of the step's instrument, which it just traded at, into the step's extremes. */
  noteLastPrice(): void {
    const price = this.instruments.lastPrice[this.stepInstrument];
    // Not a number before the first trade of all.
    if (!(price <= this.stepHigh)) this.stepHigh = price;
    if (!(price >= this.stepLow)) this.stepLow = price;
  }

  /** Keeps the flag of instruments with stops right after one came or went. */
  stopsChanged(instrument: number): void {
    const { flags } = this.instruments;
    if (this.waiting.hasStops(instrument)) flags[instrument] |= STOPS;
    else flags[instrument] &= ~STOPS;
  }
}
