import { assert, isPowerOfTwo } from '../lib/assert.js';

const KEY_WORDS = 3;
const EMPTY = 0;

/**
 * The last `capacity` keys (account place, low word, high word), to recognise client order ids that come again. A new key
 * evicts the oldest, so the memory is bounded and an id is recognised for at least `capacity` further ids of all accounts
 * together. Open addressing with linear probing over Int32Arrays, at most half full; removal shifts back what
 * follows, so there are no tombstones.
 */
export class RecentKeys {
  readonly #keys: Int32Array;
  /** Place of a key in the queue plus 1. */
  readonly #table: Int32Array;
  readonly #capacity: number;
  readonly #mask: number;
  #oldest = 0;
  #count = 0;

  /** `capacity` is a power of two. */
  constructor(capacity: number) {
    assert(isPowerOfTwo(capacity), 'recent keys: capacity must be a power of two');
    this.#capacity = capacity;
    this.#keys = new Int32Array(capacity * KEY_WORDS);
    this.#mask = capacity * 2 - 1;
    this.#table = new Int32Array(capacity * 2);
  }

  get count(): number {
    return this.#count;
  }

  has(account: number, low: number, high: number): boolean {
    const keys = this.#keys;
    for (let entry = this.#home(account, low, high); ; entry = (entry + 1) & this.#mask) {
      const place = this.#table[entry];
      if (place === EMPTY) return false;
      const at = (place - 1) * KEY_WORDS;
      if (keys[at + 1] === low && keys[at + 2] === high && keys[at] === account) return true;
    }
  }

  /** Adds a key that is not among the recent ones. */
  add(account: number, low: number, high: number): void {
    const place = (this.#oldest + this.#count) & (this.#capacity - 1);
    if (this.#count === this.#capacity) {
      this.#forget(place);
      this.#oldest = (place + 1) & (this.#capacity - 1);
    } else this.#count++;
    const at = place * KEY_WORDS;
    this.#keys[at] = account;
    this.#keys[at + 1] = low;
    this.#keys[at + 2] = high;
    let entry = this.#home(account, low, high);
    while (this.#table[entry] !== EMPTY) entry = (entry + 1) & this.#mask;
    this.#table[entry] = place + 1;
  }

  /** Visits the keys, oldest first. */
  forEach(visit: (account: number, low: number, high: number) => void): void {
    for (let i = 0; i < this.#count; i++) {
      const at = ((this.#oldest + i) & (this.#capacity - 1)) * KEY_WORDS;
      visit(this.#keys[at], this.#keys[at + 1], this.#keys[at + 2]);
    }
  }

  #forget(place: number): void {
    const table = this.#table;
    const mask = this.#mask;
    let hole = this.#homeOf(place + 1);
    while (table[hole] !== place + 1) hole = (hole + 1) & mask;
    for (let entry = (hole + 1) & mask; table[entry] !== EMPTY; entry = (entry + 1) & mask) {
      // An entry may move back into the hole unless that would put it before its home.
      if (((entry - this.#homeOf(table[entry])) & mask) >= ((entry - hole) & mask)) {
        table[hole] = table[entry];
        hole = entry;
      }
    }
    table[hole] = EMPTY;
  }

  #homeOf(placePlusOne: number): number {
    const at = (placePlusOne - 1) * KEY_WORDS;
    return this.#home(this.#keys[at], this.#keys[at + 1], this.#keys[at + 2]);
  }

  #home(account: number, low: number, high: number): number {
    // Murmur3's mixing of two words and a seed: client ids may be counters, hashes or text.
    let hash = Math.imul(low ^ Math.imul(account, 0x27d4eb2f), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ high, 0xc2b2ae35);
    hash ^= hash >>> 16;
    return hash & this.#mask;
  }
}
