import { assert, fail } from '../lib/assert.js';

const INITIAL_CAPACITY = 1024;
/** Up to this many levels are moved by a plain loop; above, the call into memmove pays. */
const SHORT_MOVE = 32;

/**
 * One side of a market-data book: price levels in two parallel typed arrays, sorted so that the best level is the
 * **last** one. Updates cluster at the top of a book, so an insert or removal there moves next to nothing, and the best
 * is one load away. A level d places from the best costs O(log d) to find and O(d) to insert or remove.
 *
 * Keys are prices for bids and negated prices for asks, so that both sides sort the same way.
 * Capacity doubles when a book grows past it and never shrinks; apart from that nothing allocates.
 */
export class DepthSide {
  /** Levels present. */
  count = 0;
  /** `count` signed prices, ascending: the best is `keys[count - 1]`. */
  keys = new Float64Array(INITIAL_CAPACITY);
  /** Lots at each level, all above 0. */
  quantities = new Float64Array(INITIAL_CAPACITY);
  /** 1 for bids, -1 for asks. */
  readonly sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Best price in ticks, 0 when the side is empty. */
  bestPrice(): number {
    return this.count === 0 ? 0 : this.keys[this.count - 1] * this.sign;
  }

  /** Lots at the best price, 0 when the side is empty. */
  bestQuantity(): number {
    return this.count === 0 ? 0 : this.quantities[this.count - 1];
  }

  /** Price of the level `depth` places from the best (0: the best itself); `depth` below `count`. */
  price(depth: number): number {
    return this.keys[this.count - 1 - depth] * this.sign;
  }

  /** Lots at the level `depth` places from the best; `depth` below `count`. */
  quantity(depth: number): number {
    return this.quantities[this.count - 1 - depth];
  }

  /** Lots in the best `levels` levels, or in all of them when there are fewer. */
  depth(levels: number): number {
    const quantities = this.quantities;
    const end = this.count;
    let sum = 0;
    for (let i = end > levels ? end - levels : 0; i < end; i++) sum += quantities[i];
    return sum;
  }

  /** Sets the absolute quantity at `price`; 0 removes the level, and is ignored where there is none. */
  set(price: number, quantity: number): void {
    const key = price * this.sign;
    const index = this.#lowerBound(key);
    if (index < this.count && this.keys[index] === key) {
      if (quantity === 0) this.#remove(index);
      else this.quantities[index] = quantity;
    } else if (quantity !== 0) this.#insert(index, key, quantity);
  }

  clear(): void {
    this.count = 0;
  }

  /** First index whose key is at least `key`: gallops down from the best, then halves. */
  #lowerBound(key: number): number {
    const keys = this.keys;
    let high = this.count; // keys[high..] >= key
    let step = 1;
    let low = high - step;
    while (low >= 0 && keys[low] >= key) {
      high = low;
      step <<= 1;
      low -= step;
    }
    // keys[low] < key, or low is before the start.
    low = low < 0 ? 0 : low + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(index: number, key: number, quantity: number): void {
    const count = this.count;
    if (count === this.keys.length) this.#grow();
    const { keys, quantities } = this;
    if (count - index <= SHORT_MOVE) {
      for (let i = count; i > index; i--) {
        keys[i] = keys[i - 1];
        quantities[i] = quantities[i - 1];
      }
    } else {
      keys.copyWithin(index + 1, index, count);
      quantities.copyWithin(index + 1, index, count);
    }
    keys[index] = key;
    quantities[index] = quantity;
    this.count = count + 1;
  }

  #remove(index: number): void {
    const count = this.count - 1;
    const { keys, quantities } = this;
    if (count - index <= SHORT_MOVE) {
      for (let i = index; i < count; i++) {
        keys[i] = keys[i + 1];
        quantities[i] = quantities[i + 1];
      }
    } else {
      keys.copyWithin(index, index + 1, count + 1);
      quantities.copyWithin(index, index + 1, count + 1);
    }
    this.count = count;
  }

  #grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    const quantities = new Float64Array(keys.length);
    keys.set(this.keys);
    quantities.set(this.quantities);
    this.keys = keys;
    this.quantities = quantities;
  }

  /** Walks all invariants; throws InvariantError with the offending level. For tests. */
  validate(): void {
    assert(this.count >= 0 && this.count <= this.keys.length, 'depth side: count within capacity');
    for (let i = 0; i < this.count; i++) {
      if (i > 0 && !(this.keys[i] > this.keys[i - 1])) {
        fail(`depth side: keys ${this.keys[i - 1]} and ${this.keys[i]} at ${i}, rule: strictly ascending`);
      }
      if (!(Number.isSafeInteger(this.quantities[i]) && this.quantities[i] > 0)) {
        fail(`depth side: quantity ${this.quantities[i]} at ${i}, rule: a whole number above 0`);
      }
    }
  }
}
