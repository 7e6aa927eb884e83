/**
 * Orders that may still trade, by order id: a preallocated table with open addressing and linear probing, at most half
 * full, the record in the entry itself. A record is one cache line:
 *
 *     words 0..5     id low, id high, account place, instrument, side, source
 *     doubles 3..7   price, total, filled, reserved, amend sequence
 *
 * Sources count their ids upwards, so orders that come together are neighbours: the low three bits of the id choose the
 * place within a block of eight, and only the block number is scattered (Fibonacci hashing). Removal shifts back what
 * follows, so there are no tombstones; an entry number is valid only until the next insert or remove.
 */
import { assert, isPowerOfTwo } from '../lib/assert.js';

export const ORDER_WORDS = 16;
export const ID_LOW = 0;
/** Never 0 in an entry in use: ids start at 2^40. */
export const ID_HIGH = 1;
export const ACCOUNT = 2;
export const INSTRUMENT = 3;
export const SIDE = 4;
export const SOURCE = 5;

export const ORDER_NUMBERS = ORDER_WORDS / 2;
/** Limit price that matching last confirmed, or the first one. */
export const PRICE = 3;
/** Total quantity that matching last confirmed, or the first one. */
export const TOTAL = 4;
export const FILLED = 5;
/**
 * What the order counts with: its total or, from an amend until no amend is in flight any more, the largest of all
 * totals that it had or may come to in that time.
 */
export const RESERVED = 6;
/** Sequence number of the last amend in flight, 0 when there is none. */
export const AMEND_SEQUENCE = 7;

const BLOCK_BITS = 3;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
/** 2^32 / golden ratio, odd. */
const SCATTER_BLOCK = 0x9e3779b1 | 0;
const SCATTER_HIGH = 0x85ebca6b | 0;

export class OpenOrders {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly capacity: number;
  count = 0;
  readonly #mask: number;
  readonly #shift: number;

  /** `capacity` is a power of two from 8 on. */
  constructor(capacity: number) {
    assert(
      isPowerOfTwo(capacity) && capacity > BLOCK_MASK,
      'open orders: capacity must be a power of two from 8 on',
    );
    const entries = capacity * 2;
    const memory = new ArrayBuffer(entries * ORDER_WORDS * 4);
    this.capacity = capacity;
    this.words = new Int32Array(memory);
    this.numbers = new Float64Array(memory);
    this.#mask = entries - 1;
    this.#shift = 32 - (31 - Math.clz32(entries) - BLOCK_BITS);
  }

  /** Entry of the order, -1 when it is not open. */
  find(low: number, high: number): number {
    const words = this.words;
    for (let entry = this.#home(low, high); ; entry = (entry + 1) & this.#mask) {
      const at = entry * ORDER_WORDS;
      if (words[at + ID_HIGH] === 0) return -1;
      if (words[at + ID_LOW] === low && words[at + ID_HIGH] === high) return entry;
    }
  }

  /** Adds an order that is not open, with its id; returns its entry. The caller has made sure that there is room. */
  insert(low: number, high: number): number {
    const words = this.words;
    let entry = this.#home(low, high);
    while (words[entry * ORDER_WORDS + ID_HIGH] !== 0) entry = (entry + 1) & this.#mask;
    words[entry * ORDER_WORDS + ID_LOW] = low;
    words[entry * ORDER_WORDS + ID_HIGH] = high;
    this.count++;
    return entry;
  }

  remove(entry: number): void {
    const { words } = this;
    const mask = this.#mask;
    let hole = entry;
    for (let next = (entry + 1) & mask; ; next = (next + 1) & mask) {
      const at = next * ORDER_WORDS;
      if (words[at + ID_HIGH] === 0) break;
      // An entry may move back into the hole unless that would put it before its home.
      if (((next - this.#home(words[at + ID_LOW], words[at + ID_HIGH])) & mask) >= ((next - hole) & mask)) {
        for (let i = 0; i < ORDER_WORDS; i++) words[hole * ORDER_WORDS + i] = words[at + i];
        hole = next;
      }
    }
    words[hole * ORDER_WORDS + ID_HIGH] = 0;
    this.count--;
  }

  /** Visits the entries in use, in no particular order. */
  forEach(visit: (entry: number) => void): void {
    for (let entry = 0; entry <= this.#mask; entry++) {
      if (this.words[entry * ORDER_WORDS + ID_HIGH] !== 0) visit(entry);
    }
  }

  #home(low: number, high: number): number {
    const key = low ^ Math.imul(high, SCATTER_HIGH);
    const block = Math.imul(key >>> BLOCK_BITS, SCATTER_BLOCK) >>> this.#shift;
    return (block << BLOCK_BITS) | (key & BLOCK_MASK);
  }
}
