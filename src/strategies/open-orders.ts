import type { OpenOrdersView } from './strategy.js';

/** An answer is awaited: of the order itself, of an amend, of a cancel. */
export const PENDING_NEW = 1;
export const PENDING_AMEND = 2;
export const PENDING_CANCEL = 4;

/**
 * Open orders in parallel typed arrays, dense from row 0: the last row moves into the place of one that ends. A hash of
 * order counters with linear probing finds rows; counters rise, so their low bits spread them evenly.
 * Fixed capacity; no method allocates.
 */
export class OpenOrders implements OpenOrdersView {
  count = 0;
  readonly capacity: number;
  readonly #ids: Float64Array;
  readonly #prices: Float64Array;
  readonly #stopPrices: Float64Array;
  readonly #leaves: Float64Array;
  readonly #filled: Float64Array;
  readonly #sentAt: Float64Array;
  readonly #instruments: Int32Array;
  readonly #sides: Uint8Array;
  readonly #types: Uint8Array;
  readonly #pending: Uint8Array;
  /** Row + 1 by hash place, 0: empty. */
  readonly #places: Int32Array;
  readonly #mask: number;

  /** `capacity` in orders, a power of two. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ids = new Float64Array(capacity);
    this.#prices = new Float64Array(capacity);
    this.#stopPrices = new Float64Array(capacity);
    this.#leaves = new Float64Array(capacity);
    this.#filled = new Float64Array(capacity);
    this.#sentAt = new Float64Array(capacity);
    this.#instruments = new Int32Array(capacity);
    this.#sides = new Uint8Array(capacity);
    this.#types = new Uint8Array(capacity);
    this.#pending = new Uint8Array(capacity);
    this.#places = new Int32Array(capacity * 2);
    this.#mask = capacity * 2 - 1;
  }

  /** Adds an order that is on its way; returns its row. There must be room, and the id must be new. */
  add(
    orderId: number,
    instrument: number,
    side: number,
    orderType: number,
    price: number,
    quantity: number,
    now: number,
  ): number {
    const row = this.count++;
    this.#ids[row] = orderId;
    this.#instruments[row] = instrument;
    this.#sides[row] = side;
    this.#types[row] = orderType;
    this.#prices[row] = price;
    this.#stopPrices[row] = 0;
    this.#leaves[row] = quantity;
    this.#filled[row] = 0;
    this.#sentAt[row] = now;
    this.#pending[row] = PENDING_NEW;
    let place = this.#home(orderId);
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = row + 1;
    return row;
  }

  rowOf(orderId: number): number {
    const place = this.#placeOf(orderId);
    return place < 0 ? -1 : this.#places[place] - 1;
  }

  /** Ends an order. */
  remove(row: number): void {
    this.#vacate(this.#placeOf(this.#ids[row]));
    const last = --this.count;
    if (row === last) return;
    this.#places[this.#placeOf(this.#ids[last])] = row + 1;
    this.#ids[row] = this.#ids[last];
    this.#instruments[row] = this.#instruments[last];
    this.#sides[row] = this.#sides[last];
    this.#types[row] = this.#types[last];
    this.#prices[row] = this.#prices[last];
    this.#stopPrices[row] = this.#stopPrices[last];
    this.#leaves[row] = this.#leaves[last];
    this.#filled[row] = this.#filled[last];
    this.#sentAt[row] = this.#sentAt[last];
    this.#pending[row] = this.#pending[last];
  }

  /** The order traded. */
  fill(row: number, quantity: number, leaves: number): void {
    this.#filled[row] += quantity;
    this.#leaves[row] = leaves;
  }

  /** The order stands at this price with this open quantity. */
  confirm(row: number, price: number, leaves: number): void {
    this.#prices[row] = price;
    this.#leaves[row] = leaves;
  }

  setStopPrice(row: number, stopPrice: number): void {
    this.#stopPrices[row] = stopPrice;
  }

  expect(row: number, pending: number): void {
    this.#pending[row] |= pending;
  }

  answered(row: number, pending: number): void {
    this.#pending[row] &= ~pending;
  }

  /** Is one of these answers awaited? */
  awaits(row: number, pending: number): boolean {
    return (this.#pending[row] & pending) !== 0;
  }

  orderId(row: number): number {
    return this.#ids[row];
  }

  instrument(row: number): number {
    return this.#instruments[row];
  }

  side(row: number): number {
    return this.#sides[row];
  }

  orderType(row: number): number {
    return this.#types[row];
  }

  stopPrice(row: number): number {
    return this.#stopPrices[row];
  }

  price(row: number): number {
    return this.#prices[row];
  }

  leaves(row: number): number {
    return this.#leaves[row];
  }

  filled(row: number): number {
    return this.#filled[row];
  }

  sentAt(row: number): number {
    return this.#sentAt[row];
  }

  pending(row: number): boolean {
    return this.#pending[row] !== 0;
  }

  /** The low 32 bits of the id: sources differ above them. */
  #home(orderId: number): number {
    return (orderId | 0) & this.#mask;
  }

  #placeOf(orderId: number): number {
    let place = this.#home(orderId);
    for (;;) {
      const row = this.#places[place] - 1;
      if (row < 0) return -1;
      if (this.#ids[row] === orderId) return place;
      place = (place + 1) & this.#mask;
    }
  }

  /** Empties a place and moves later entries of the same run up, so that no search stops too early (Knuth 6.4, R). */
  #vacate(place: number): void {
    let hole = place;
    let next = (hole + 1) & this.#mask;
    while (this.#places[next] !== 0) {
      const home = this.#home(this.#ids[this.#places[next] - 1]);
      if (((next - home) & this.#mask) >= ((next - hole) & this.#mask)) {
        this.#places[hole] = this.#places[next];
        hole = next;
      }
      next = (next + 1) & this.#mask;
    }
    this.#places[hole] = 0;
  }
}
