import { assert, isPowerOfTwo } from '../lib/assert.js';

const BLOCK_BITS = 3;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
/** 2^32 / golden ratio, odd. */
const SCATTER_BLOCK = 0x9e3779b1 | 0;

/**
 * 32-bit key to place (1 to 2^31 - 1), open addressing with linear probing over one Int32Array, at most half full. Several
 * places may have one key: who searches compares the rest of its key at the place.
 *
 *     for (let entry = index.home(key); ; entry = (entry + 1) & index.mask) {
 *       const place = index.table[entry * 2 + 1];
 *       if (place === 0) break;                       // not there
 *       if (index.table[entry * 2] === key && ...) return place;
 *     }
 *
 * Ids are mostly counted upwards, so keys that come together are neighbours: the low three bits choose the entry within a
 * block of eight (one cache line), and only the number of the block is scattered (Fibonacci hashing). Removal shifts
 * back what follows, so there are no tombstones and no slow decay.
 */
export class KeyIndex {
  /** Entries of two words: key, place. Place 0: empty. */
  readonly table: Int32Array;
  readonly mask: number;
  readonly #shift: number;

  /** `capacity` is a power of two from 8 on: the places that it holds at most. */
  constructor(capacity: number) {
    assert(
      isPowerOfTwo(capacity) && capacity > BLOCK_MASK,
      'key index: capacity must be a power of two from 8 on',
    );
    const entries = capacity * 2;
    this.table = new Int32Array(entries * 2);
    this.mask = entries - 1;
    this.#shift = 32 - (31 - Math.clz32(entries) - BLOCK_BITS);
  }

  /** The entry at which the search for a key starts. */
  home(key: number): number {
    const block = Math.imul(key >>> BLOCK_BITS, SCATTER_BLOCK) >>> this.#shift;
    return (block << BLOCK_BITS) | (key & BLOCK_MASK);
  }

  insert(key: number, place: number): void {
    const { table, mask } = this;
    let entry = this.home(key);
    while (table[entry * 2 + 1] !== 0) entry = (entry + 1) & mask;
    table[entry * 2] = key;
    table[entry * 2 + 1] = place;
  }

  /** Removes a place that is in the index under this key. */
  remove(key: number, place: number): void {
    const { table, mask } = this;
    let hole = this.home(key);
    while (table[hole * 2 + 1] !== place) hole = (hole + 1) & mask;
    for (let entry = (hole + 1) & mask; table[entry * 2 + 1] !== 0; entry = (entry + 1) & mask) {
      // An entry may move back into the hole unless that would put it before its home.
      if (((entry - this.home(table[entry * 2])) & mask) >= ((entry - hole) & mask)) {
        table[hole * 2] = table[entry * 2];
        table[hole * 2 + 1] = table[entry * 2 + 1];
        hole = entry;
      }
    }
    table[hole * 2 + 1] = 0;
  }
}
