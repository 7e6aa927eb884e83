import { assert, fail } from '../lib/assert.js';

const INITIAL_CAPACITY = 1024;
/** Up to this many numbers are moved by a plain loop; above, the call into memmove pays. */
const SHORT_MOVE = 128;

/**
 * One side of a market-data book: price levels in one typed array of (key, quantity) pairs, sorted so that the best level is
 * the **last** one. Updates cluster at the top of a book, so an insert or removal there moves next to nothing, and the best
 * is one load away. A level d places from the best costs O(d) to insert or remove, and O(log n) to find, n being the distance
 * to the level touched before: venues send the levels of an update in order of price, so n is small.
 *
 * Keys are prices for bids and negated prices for asks, so that both sides sort the same way.
 * Capacity doubles when a book grows past it and never shrinks; apart from that nothing allocates.
 */
export class DepthSide {
  /** Levels present. */
  count = 0;
  /** 1 for bids, -1 for asks. */
  readonly sign: 1 | -1;

  /** Pairs of signed price in ticks, strictly ascending, and lots, above 0. */
  #cells = new Float64Array(INITIAL_CAPACITY * 2);
  readonly #onePrice = new Float64Array(1);
  readonly #oneQuantity = new Float64Array(1);
  /** Index of the level touched last, 0 to count. */
  #finger = 0;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Best price in ticks, 0 when the side is empty. */
  bestPrice(): number {
    return this.count === 0 ? 0 : this.#cells[this.count * 2 - 2] * this.sign;
  }

  /** Lots at the best price, 0 when the side is empty. */
  bestQuantity(): number {
    return this.count === 0 ? 0 : this.#cells[this.count * 2 - 1];
  }

  /** Price of the level `depth` places from the best (0: the best itself); `depth` below `count`. */
  price(depth: number): number {
    return this.#cells[(this.count - 1 - depth) * 2] * this.sign;
  }

  /** Lots at the level `depth` places from the best; `depth` below `count`. */
  quantity(depth: number): number {
    return this.#cells[(this.count - 1 - depth) * 2 + 1];
  }

  /** Lots in the best `levels` levels, or in all of them when there are fewer. */
  depth(levels: number): number {
    const cells = this.#cells;
    const end = this.count;
    let sum = 0;
    for (let i = end > levels ? end - levels : 0; i < end; i++) sum += cells[i * 2 + 1];
    return sum;
  }

  /**
   * Sets the absolute quantities at prices [from, to); 0 removes a level, and is ignored where there is none. One loop over
   * typed arrays with everything but moving in it: numbers handed to a call may need a box on the heap.
   */
  apply(prices: Float64Array, quantities: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const key = prices[i] * this.sign;
      const quantity = quantities[i];
      const index = this.#find(prices, i);
      this.#finger = index;
      const at = index * 2;
      if (index < this.count && this.#cells[at] === key) {
        if (quantity === 0) this.#remove(index);
        else this.#cells[at + 1] = quantity;
      } else if (quantity !== 0) {
        this.#open(index);
        this.#cells[at] = key;
        this.#cells[at + 1] = quantity;
      }
    }
  }

  /** Sets the absolute quantity at one price; 0 removes the level. */
  set(price: number, quantity: number): void {
    this.#onePrice[0] = price;
    this.#oneQuantity[0] = quantity;
    this.apply(this.#onePrice, this.#oneQuantity, 0, 1);
  }

  clear(): void {
    this.count = 0;
    this.#finger = 0;
  }

  /** First index whose key is at least that of `prices[i]`: gallops away from the level touched last, then halves. */
  #find(prices: Float64Array, i: number): number {
    const key = prices[i] * this.sign;
    const cells = this.#cells;
    const count = this.count;
    let low = this.#finger; // all keys before `low` are below `key`
    let high = low; // all keys from `high` on are at least `key`
    let step = 1;
    if (low < count && cells[low * 2] < key) {
      do {
        low = high + 1;
        high += step;
        step <<= 1;
      } while (high < count && cells[high * 2] < key);
      if (high > count) high = count;
    } else {
      do {
        high = low;
        low -= step;
        step <<= 1;
      } while (low >= 0 && cells[low * 2] >= key);
      low = low < 0 ? 0 : low + 1;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cells[middle * 2] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room for a level at `index`. */
  #open(index: number): void {
    const end = this.count * 2;
    if (end === this.#cells.length) this.#grow();
    const cells = this.#cells;
    const at = index * 2;
    if (end - at <= SHORT_MOVE) for (let i = end - 1; i >= at; i--) cells[i + 2] = cells[i];
    else cells.copyWithin(at + 2, at, end);
    this.count++;
  }

  #remove(index: number): void {
    const end = this.count * 2;
    const cells = this.#cells;
    const at = index * 2;
    if (end - at <= SHORT_MOVE) for (let i = at + 2; i < end; i++) cells[i - 2] = cells[i];
    else cells.copyWithin(at, at + 2, end);
    this.count--;
  }

  #grow(): void {
    const cells = new Float64Array(this.#cells.length * 2);
    cells.set(this.#cells);
    this.#cells = cells;
  }

  /** Walks all invariants; throws InvariantError with the offending level. For tests. */
  validate(): void {
    const cells = this.#cells;
    assert(this.count >= 0 && this.count * 2 <= cells.length, 'depth side: count within capacity');
    assert(this.#finger >= 0 && this.#finger <= this.count, 'depth side: finger within count');
    for (let i = 0; i < this.count; i++) {
      if (i > 0 && !(cells[i * 2] > cells[i * 2 - 2])) {
        fail(`depth side: keys ${cells[i * 2 - 2]} and ${cells[i * 2]} at ${i}, rule: strictly ascending`);
      }
      if (!(Number.isSafeInteger(cells[i * 2 + 1]) && cells[i * 2 + 1] > 0)) {
        fail(`depth side: quantity ${cells[i * 2 + 1]} at ${i}, rule: a whole number above 0`);
      }
    }
  }
}
