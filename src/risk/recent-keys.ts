import { KeyIndex } from './key-index.js';

const KEY_WORDS = 3;
const SCATTER_HIGH = 0x85ebca6b | 0;
const SCATTER_ACCOUNT = 0x27d4eb2f;

/**
 * The last `capacity` keys (account place, low word, high word), to recognise client order ids that come again. A new key
 * evicts the oldest, so the memory is bounded and an id is recognised for at least `capacity` further ids of all accounts
 * together.
 */
export class RecentKeys {
  /** A queue: the place of a key in it is its place in the index less 1. */
  readonly #keys: Int32Array;
  readonly #index: KeyIndex;
  readonly #capacity: number;
  #oldest = 0;
  #count = 0;

  /** `capacity` is a power of two from 8 on. */
  constructor(capacity: number) {
    this.#index = new KeyIndex(capacity);
    this.#capacity = capacity;
    this.#keys = new Int32Array(capacity * KEY_WORDS);
  }

  get count(): number {
    return this.#count;
  }

  has(account: number, low: number, high: number): boolean {
    const keys = this.#keys;
    const { table, mask } = this.#index;
    const key = mix(account, low, high);
    for (let entry = this.#index.home(key); ; entry = (entry + 1) & mask) {
      const place = table[entry * 2 + 1];
      if (place === 0) return false;
      if (table[entry * 2] !== key) continue;
      const at = (place - 1) * KEY_WORDS;
      if (keys[at + 1] === low && keys[at + 2] === high && keys[at] === account) return true;
    }
  }

  /** Adds a key that is not among the recent ones. */
  add(account: number, low: number, high: number): void {
    const keys = this.#keys;
    const place = (this.#oldest + this.#count) & (this.#capacity - 1);
    const at = place * KEY_WORDS;
    if (this.#count === this.#capacity) {
      this.#index.remove(mix(keys[at], keys[at + 1], keys[at + 2]), place + 1);
      this.#oldest = (place + 1) & (this.#capacity - 1);
    } else this.#count++;
    keys[at] = account;
    keys[at + 1] = low;
    keys[at + 2] = high;
    this.#index.insert(mix(account, low, high), place + 1);
  }

  /** Visits the keys, oldest first. */
  forEach(visit: (account: number, low: number, high: number) => void): void {
    for (let i = 0; i < this.#count; i++) {
      const at = ((this.#oldest + i) & (this.#capacity - 1)) * KEY_WORDS;
      visit(this.#keys[at], this.#keys[at + 1], this.#keys[at + 2]);
    }
  }
}

/** One word of a key that keeps ids which are counted upwards neighbours. */
function mix(account: number, low: number, high: number): number {
  return low ^ Math.imul(high, SCATTER_HIGH) ^ (Math.imul(account, SCATTER_ACCOUNT) & ~7);
}
