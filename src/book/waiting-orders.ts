/**
 * Orders that wait off the book: stops, queued by stop price, and orders for the closing auction, a list for each
 * instrument by arrival. Both use the queue fields of the order's record, which is on no book meanwhile.
 */
import { fail } from '../lib/assert.js';
import * as coldLayout from './cold-layout.js';
import type { ColdOrders } from './cold-orders.js';
import * as levelLayout from './level-layout.js';
import type { ResolvedCapacities } from './matching.js';
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';
import { PriceLevels } from './price-levels.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { COLD_NUMBER_SHIFT, COLD_SHIFT, NOT_WAITING, STOP_PRICE, WAITING, WAITING_CLOSE, WAITING_STOP } =
  coldLayout;
const { bookSide, COUNT, HEAD, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TAIL } = levelLayout;
const { ARRIVAL, ATTRIBUTES, INSTRUMENT, LEVEL, NEXT, ORDER_NUMBER_SHIFT, ORDER_SHIFT, PREVIOUS, sideOf } =
  orderLayout;

/** Highest and lowest trade price of a step, NaN before the first trade of all. */
export interface StepPrices {
  readonly stepHigh: number;
  readonly stepLow: number;
}

export class WaitingOrders {
  /** Orders that wait. */
  used = 0;
  /** Stop price for {@link hasStopRoom}; as an argument it would be boxed wherever V8 does not inline the call. */
  wantedPrice = Number.NaN;
  declare private readonly orders: OrderPool;
  declare private readonly cold: ColdOrders;
  /**
   * Levels by stop price. The best of a book side is its highest buy or its lowest sell; of stops the lowest buy and the highest
   * sell are next, so each side's stops are kept as the other side's levels.
   */
  declare private stops: PriceLevels;
  private closeFirst = new Int32Array();
  private closeLast = new Int32Array();
  declare private readonly capacities: ResolvedCapacities;

  constructor(capacities: ResolvedCapacities, orders: OrderPool, cold: ColdOrders) {
    this.orders = orders;
    this.cold = cold;
    this.capacities = capacities;
    this.stops = new PriceLevels(0, 0);
  }

  /** Has an order ever waited? Before that there is no memory for it, as most venues never need it. */
  get isReserved(): boolean {
    return this.closeFirst.length > 0;
  }

  /** Called before the first order waits: room for stop levels, some 200 bytes each, and 24 bytes an instrument. */
  private reserve(): void {
    if (this.isReserved) return;
    const { instruments, levels } = this.capacities;
    this.stops = new PriceLevels(instruments, levels);
    this.closeFirst = new Int32Array(instruments);
    this.closeLast = new Int32Array(instruments);
  }

  /** Is there room for one more stop of a book side (see bookSide) at `wantedPrice`? */
  hasStopRoom(side: number): boolean {
    this.reserve();
    const { stops } = this;
    if (stops.used < stops.capacity) return true;
    stops.wantedPrice = this.wantedPrice;
    return stops.findWanted(side ^ 1) !== 0;
  }

  /** Do stops of the instrument wait? */
  hasStops(instrument: number): boolean {
    if (!this.isReserved) return false;
    return (this.stops.best[instrument * 2] | this.stops.best[instrument * 2 + 1]) !== 0;
  }

  /** Is the order alone at its stop price? */
  isAlone(slot: number): boolean {
    return this.stops.words[(this.orders.words[(slot << ORDER_SHIFT) | LEVEL] << LEVEL_SHIFT) | COUNT] === 1;
  }

  /** Puts an order in hand at the end of the queue of its stop price; there must be room, which has been asked for. */
  addStop(slot: number): void {
    const { stops, orders, cold } = this;
    const words = orders.words;
    const base = slot << ORDER_SHIFT;
    const side = bookSide(words[base | INSTRUMENT], sideOf(words[base | ATTRIBUTES])) ^ 1;
    stops.wantedPrice = cold.numbers[(slot << COLD_NUMBER_SHIFT) | STOP_PRICE];
    let level = stops.findWanted(side);
    if (level === 0) level = stops.insertWanted(side);
    const levelBase = level << LEVEL_SHIFT;
    const tail = stops.words[levelBase | COUNT] === 0 ? 0 : stops.words[levelBase | TAIL];
    if (tail === 0) stops.words[levelBase | HEAD] = slot;
    else words[(tail << ORDER_SHIFT) | NEXT] = slot;
    stops.words[levelBase | TAIL] = slot;
    stops.words[levelBase | COUNT]++;
    words[base | PREVIOUS] = tail;
    words[base | NEXT] = 0;
    words[base | LEVEL] = level;
    cold.words[(slot << COLD_SHIFT) | WAITING] = WAITING_STOP;
    this.used++;
  }

  /** Puts an order in hand at the end of the list for the closing auction; it is the youngest there. */
  addClose(slot: number): void {
    this.reserve();
    const words = this.orders.words;
    const base = slot << ORDER_SHIFT;
    const instrument = words[base | INSTRUMENT];
    const last = this.closeLast[instrument];
    if (last === 0) this.closeFirst[instrument] = slot;
    else words[(last << ORDER_SHIFT) | NEXT] = slot;
    this.closeLast[instrument] = slot;
    words[base | PREVIOUS] = last;
    words[base | NEXT] = 0;
    words[base | LEVEL] = 0;
    this.cold.words[(slot << COLD_SHIFT) | WAITING] = WAITING_CLOSE;
    this.used++;
  }

  /** Takes a waiting order out of its queue or list. */
  remove(slot: number): void {
    const words = this.orders.words;
    const base = slot << ORDER_SHIFT;
    const next = words[base | NEXT];
    const previous = words[base | PREVIOUS];
    if (next !== 0) words[(next << ORDER_SHIFT) | PREVIOUS] = previous;
    if (previous !== 0) words[(previous << ORDER_SHIFT) | NEXT] = next;
    if (this.cold.words[(slot << COLD_SHIFT) | WAITING] === WAITING_CLOSE) {
      const instrument = words[base | INSTRUMENT];
      if (previous === 0) this.closeFirst[instrument] = next;
      if (next === 0) this.closeLast[instrument] = previous;
    } else {
      this.leaveLevel(words[base | LEVEL], next, previous);
    }
    this.cold.words[(slot << COLD_SHIFT) | WAITING] = NOT_WAITING;
    this.used--;
  }

  /** The stop that a step's trades trigger next, 0: none. Of a buy and a sell the one with the lower arrival. */
  due(instrument: number, step: StepPrices): number {
    const { stops } = this;
    const buyLevel = stops.best[instrument * 2 + 1];
    const sellLevel = stops.best[instrument * 2];
    let buy = 0;
    let sell = 0;
    if (buyLevel !== 0 && stops.numbers[(buyLevel << LEVEL_NUMBER_SHIFT) | PRICE] <= step.stepHigh)
      buy = stops.words[(buyLevel << LEVEL_SHIFT) | HEAD];
    if (sellLevel !== 0 && stops.numbers[(sellLevel << LEVEL_NUMBER_SHIFT) | PRICE] >= step.stepLow)
      sell = stops.words[(sellLevel << LEVEL_SHIFT) | HEAD];
    if (buy === 0) return sell;
    if (sell === 0) return buy;
    const { numbers } = this.orders;
    const older =
      numbers[(buy << ORDER_NUMBER_SHIFT) | ARRIVAL] < numbers[(sell << ORDER_NUMBER_SHIFT) | ARRIVAL];
    return older ? buy : sell;
  }

  /** Oldest order of the instrument that waits for the closing auction, 0: none. */
  firstClose(instrument: number): number {
    return this.isReserved ? this.closeFirst[instrument] : 0;
  }

  /** Waiting orders of an instrument: buy stops, sell stops, orders for the closing auction. */
  forEachSlot(instrument: number, visit: (slot: number) => void): void {
    const { stops } = this;
    const words = this.orders.words;
    if (!this.isReserved) return;
    for (const side of [instrument * 2 + 1, instrument * 2]) {
      for (let level = stops.best[side]; level !== 0; level = stops.worse(level)) {
        let slot = stops.words[(level << LEVEL_SHIFT) | HEAD];
        for (; slot !== 0; slot = words[(slot << ORDER_SHIFT) | NEXT]) visit(slot);
      }
    }
    for (let slot = this.closeFirst[instrument]; slot !== 0; slot = words[(slot << ORDER_SHIFT) | NEXT])
      visit(slot);
  }

  /** Checks queues and lists; throws InvariantError. */
  validate(): void {
    const { stops, orders, cold } = this;
    let levels = 0;
    let count = 0;
    for (let side = 0; side < stops.best.length; side++) {
      levels += stops.validate(side);
      for (let level = stops.best[side]; level !== 0; level = stops.worse(level)) {
        const price = stops.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
        const queued = this.validateList(stops.words[(level << LEVEL_SHIFT) | HEAD], (slot) => {
          if (cold.numbers[(slot << COLD_NUMBER_SHIFT) | STOP_PRICE] !== price)
            fail(`stop at ${price}: an order has another stop price`);
          if (orders.words[(slot << ORDER_SHIFT) | LEVEL] !== level) fail(`stop at ${price}: level is wrong`);
          if (cold.waiting(slot) !== WAITING_STOP) fail(`stop at ${price}: an order does not wait`);
        });
        if (queued !== stops.words[(level << LEVEL_SHIFT) | COUNT] || queued === 0)
          fail(`stop at ${price}: ${queued} orders`);
        count += queued;
      }
    }
    if (levels !== stops.used) fail(`${levels} stop levels on lists, ${stops.used} in use`);
    for (let instrument = 0; instrument < this.closeFirst.length; instrument++) {
      let arrival = 0;
      count += this.validateList(this.closeFirst[instrument], (slot) => {
        const own = orders.numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL];
        if (own <= arrival) fail(`closing auction of ${instrument}: list is out of order`);
        if (cold.waiting(slot) !== WAITING_CLOSE)
          fail(`closing auction of ${instrument}: order does not wait`);
        arrival = own;
      });
    }
    if (count !== this.used) fail(`${count} orders wait in lists, ${this.used} in all`);
  }

  private validateList(first: number, check: (slot: number) => void): number {
    const words = this.orders.words;
    let count = 0;
    let previous = 0;
    for (let slot = first; slot !== 0; slot = words[(slot << ORDER_SHIFT) | NEXT]) {
      if (words[(slot << ORDER_SHIFT) | PREVIOUS] !== previous) fail('waiting orders: a link back is wrong');
      check(slot);
      previous = slot;
      if (++count > this.used) fail('waiting orders: a list is a circle');
    }
    return count;
  }

  private leaveLevel(level: number, next: number, previous: number): void {
    const { stops } = this;
    const base = level << LEVEL_SHIFT;
    const count = stops.words[base | COUNT] - 1;
    if (count === 0) {
      stops.remove(level);
      return;
    }
    stops.words[base | COUNT] = count;
    if (previous === 0) stops.words[base | HEAD] = next;
    if (next === 0) stops.words[base | TAIL] = previous;
  }
}
