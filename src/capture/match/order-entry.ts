import { TimeInForce } from '../../lib/enums.js';
import type { EngineBook, Outcome } from './engine-book.js';
import { hiddenQuantity, type Iceberg } from './icebergs.js';
import type { RecordedOrders } from './recorded-orders.js';
import type { OrderSurvey } from './survey.js';
import type { Tape } from './tape.js';
import type { TapeEvent } from './tape-event.js';

/** A limit order of the tape. */
export interface TapeOrder {
  /** Own number; 0: unnamed. */
  readonly order: number;
  readonly side: number;
  readonly price: number;
  /** What it trades as it comes; default 0. */
  readonly filled?: number;
  /** What is left of it afterwards: what shows, if it rests. */
  readonly left: number;
  /** The record with which it comes onto the book; undefined: it does not. */
  readonly entry: number | undefined;
  /** An order with the same owner, where it has no number of its own. */
  readonly ownerOf?: number | undefined;
}

/** Enters the tape's orders into the engine, icebergs with all that they hide. */
export class OrderEntry {
  /** Hidden quantities that were entered as orders of their own. */
  continuations = 0;
  readonly #tape: Tape;
  readonly #survey: OrderSurvey;
  readonly #recorded: RecordedOrders;
  readonly #engine: EngineBook;
  /** By order on the book: what is still to come out of hiding. */
  readonly #hidden = new Map<number, Iceberg>();

  constructor(tape: Tape, survey: OrderSurvey, recorded: RecordedOrders, engine: EngineBook) {
    this.#tape = tape;
    this.#survey = survey;
    this.#recorded = recorded;
    this.#engine = engine;
  }

  /** Enters an order. As an iceberg if it shows its peak; else what it hides follows as a continuation. */
  enter({ order, side, price, filled = 0, left, entry, ownerOf }: TapeOrder): Outcome {
    const iceberg = entry === undefined ? undefined : this.#follow(order, entry);
    const showsPeak = iceberg !== undefined && iceberg.peak === left;
    return this.#engine.enter({
      order,
      side,
      price,
      quantity: filled + left + (showsPeak ? iceberg.hidden : 0),
      peak: showsPeak ? iceberg.peak : 0,
      timeInForce: entry === undefined ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
      ownerOf,
    });
  }

  /** Amends an order by the record `at`; what it hides from now on follows as a continuation. */
  amend(order: number, price: number, quantity: number, at: number | undefined): Outcome {
    if (at !== undefined) this.#follow(order, at);
    return this.#engine.amend(order, price, quantity);
  }

  /**
   * Before the trades of an event: icebergs that are used up in it and whose hidden quantity the engine does not have get it as a
   * continuation, behind all that rests. No order joins the queue while an aggressor trades, so that is where the engine's refill would
   * put it. Needed where less than a peak shows: the exchange shows what is left of the peak of an
   * iceberg that traded as it came, and an amended one what the amend says; our engine would show a whole peak.
   */
  enterHidden(event: TapeEvent): void {
    const refilled: { order: number; quantity: number; peak: number }[] = [];
    for (const [order, filled] of event.filled) {
      const iceberg = this.#hidden.get(order);
      const out = hiddenQuantity(this.#tape, event, this.#recorded, order, filled);
      if (out === 0 || iceberg === undefined || !this.#engine.has(order)) continue;
      const { hidden, peak } = iceberg;
      refilled.push({ order, quantity: hidden, peak });
      this.#hidden.set(order, { hidden: hidden - out, peak });
    }
    if (refilled.every(({ order, quantity }) => quantity <= this.#engine.hidden(order))) return;
    if (refilled.length > 1) this.#takeTurns(refilled);
    const entering = refilled.filter(({ order, quantity }) => quantity > this.#engine.hidden(order));
    for (const { order, quantity, peak } of entering) {
      this.continuations++;
      this.#engine.enterContinuation({
        order,
        side: this.#recorded.side(order),
        price: this.#recorded.price(order),
        quantity,
        peak: Math.min(peak, quantity),
      });
    }
  }

  #follow(order: number, at: number): Iceberg | undefined {
    const iceberg = this.#survey.icebergs.byEntry.get(at);
    if (iceberg === undefined) this.#hidden.delete(order);
    else this.#hidden.set(order, iceberg);
    return iceberg;
  }

  /** Several icebergs: the one that is used up first is refilled first, so those that the engine would refill are entered likewise. */
  #takeTurns(refilled: { readonly order: number }[]): void {
    const ranks = new Map<number, number>();
    this.#engine.forEach((order) => {
      ranks.set(order, ranks.size);
    });
    refilled.sort((a, b) => (ranks.get(a.order) ?? 0) - (ranks.get(b.order) ?? 0));
    for (const { order } of refilled) {
      this.#engine.amend(order, this.#engine.price(order), this.#engine.shown(order));
    }
  }
}
