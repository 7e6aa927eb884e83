import { counterOf } from '../../lib/order-ids.js';

/** No place. */
export const NONE = -1;

/** Finds the place of an order by its id: linear probing, never more than half full. */
export class IdIndex {
  readonly #orderId: Float64Array;
  readonly #bits: number;
  readonly #mask: number;
  readonly #places: Int32Array;

  /** `orderId` is the column that the places point into; its length is a power of two. */
  constructor(orderId: Float64Array) {
    this.#orderId = orderId;
    this.#bits = Math.log2(orderId.length) + 1;
    this.#mask = 2 ** this.#bits - 1;
    this.#places = new Int32Array(this.#mask + 1).fill(NONE);
  }

  /** Place of the order, or {@link NONE}. */
  find(orderId: number): number {
    for (let at = this.#homeOf(orderId); ; at = (at + 1) & this.#mask) {
      const place = this.#places[at];
      if (place === NONE || this.#orderId[place] === orderId) return place;
    }
  }

  /** The order at `place` has its id now. */
  add(place: number): void {
    let at = this.#homeOf(this.#orderId[place]);
    while (this.#places[at] !== NONE) at = (at + 1) & this.#mask;
    this.#places[at] = place;
  }

  /** Takes `place`, which still has its id, out and closes the gap (Knuth 6.4, algorithm R). */
  remove(place: number): void {
    const places = this.#places;
    const mask = this.#mask;
    let hole = this.#homeOf(this.#orderId[place]);
    while (places[hole] !== place) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; places[at] !== NONE; at = (at + 1) & mask) {
      const distance = (at - this.#homeOf(this.#orderId[places[at]])) & mask;
      if (distance >= ((at - hole) & mask)) {
        places[hole] = places[at];
        hole = at;
      }
    }
    places[hole] = NONE;
  }

  /**
   * Where a search starts (Knuth 6.4, multiplicative hashing). Order ids are consecutive: taken as they are they would stand in one
   * long run, which every search for an absent order and every removal would walk.
   */
  #homeOf(orderId: number): number {
    return Math.imul(counterOf(orderId), 0x9e3779b1) >>> (32 - this.#bits);
  }
}
