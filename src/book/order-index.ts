/**
 * Order id to slot: open addressing over one Int32Array, at most half full, Robin Hood linear probing.
 *
 * Sources count their ids upwards, so ids that come together are neighbours. The hash keeps that: an id's low
 * bits are its place within a block of 64 entries (512 bytes) and only the block number is scattered, by
 * Fibonacci hashing. Orders in a row walk through memory that the processor prefetches, and consecutive blocks land
 * evenly spread; the source is added to the number and not mixed into it, because only consecutive numbers are spread
 * evenly. Where blocks of different sources overlap, entries are kept in the order of their homes (the one
 * farther from home takes the place), so a search ends at the first entry that is nearer to its home, and a removal
 * shifts back no further than the next entry that is at home: no tombstones, no slow decay.
 *
 * An entry is [key, slot]; slot 0 is an empty entry. The key is 32 bits of the id; the rest is compared in the
 * order record, which is needed next anyway.
 */
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { ID_HIGH, ORDER_SHIFT } = orderLayout;

const BLOCK_BITS = 6;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
/** 2^32 / golden ratio, odd. */
const SCATTER_BLOCK = 0x9e3779b1 | 0;
const SCATTER_HIGH = 0x85ebca6b | 0;

export class OrderIndex {
  declare private readonly table: Int32Array;
  declare private readonly mask: number;
  declare private readonly shift: number;
  declare private readonly words: Int32Array;

  /** `orders` holds the records that the index points into; the table is sized for its capacity. */
  constructor(orders: OrderPool) {
    const bits = Math.max(BLOCK_BITS + 1, 33 - Math.clz32(orders.capacity));
    this.table = new Int32Array(2 << bits).fill(0);
    this.mask = (1 << bits) - 1;
    this.shift = 32 - (bits - BLOCK_BITS);
    this.words = orders.words;
  }

  /** Slot of the order with this id, 0 when there is none. The id as words: see highWord. */
  find(low: number, high: number): number {
    const { table, words, mask, shift } = this;
    const key = (low + Math.imul(high, SCATTER_HIGH)) | 0;
    let entry = home(key, shift);
    for (let distance = 0; ; distance++) {
      const slot = table[(entry << 1) | 1];
      if (slot === 0) return 0;
      const other = table[entry << 1];
      if (other === key) {
        if (words[(slot << ORDER_SHIFT) | ID_HIGH] === high) return slot;
      } else if (((entry - home(other, shift)) & mask) < distance) {
        return 0;
      }
      entry = (entry + 1) & mask;
    }
  }

  /** Adds an id that is not in the index. */
  insert(low: number, high: number, slot: number): void {
    const { table, mask, shift } = this;
    let key = (low + Math.imul(high, SCATTER_HIGH)) | 0;
    let value = slot;
    let entry = home(key, shift);
    for (let distance = 0; ; distance++) {
      const otherValue = table[(entry << 1) | 1];
      if (otherValue === 0) break;
      const other = table[entry << 1];
      const otherDistance = (entry - home(other, shift)) & mask;
      if (otherDistance < distance) {
        // Whoever is nearer to its home gives way and moves on.
        table[entry << 1] = key;
        table[(entry << 1) | 1] = value;
        key = other;
        value = otherValue;
        distance = otherDistance;
      }
      entry = (entry + 1) & mask;
    }
    table[entry << 1] = key;
    table[(entry << 1) | 1] = value;
  }

  /** Removes an id that is in the index and points to `slot`. */
  remove(low: number, high: number, slot: number): void {
    const { table, mask, shift } = this;
    let hole = home((low + Math.imul(high, SCATTER_HIGH)) | 0, shift);
    while (table[(hole << 1) | 1] !== slot) hole = (hole + 1) & mask;
    for (;;) {
      const entry = (hole + 1) & mask;
      const moved = table[(entry << 1) | 1];
      const key = table[entry << 1];
      // An empty entry or one at its home ends the run: nothing behind it belongs before it.
      if (moved === 0 || home(key, shift) === entry) break;
      table[hole << 1] = key;
      table[(hole << 1) | 1] = moved;
      hole = entry;
    }
    table[(hole << 1) | 1] = 0;
  }

  /** Entries in use; for validate. */
  count(): number {
    let count = 0;
    for (let entry = 0; entry <= this.mask; entry++) if (this.table[(entry << 1) | 1] !== 0) count++;
    return count;
  }
}

function home(key: number, shift: number): number {
  const block = Math.imul(key >>> BLOCK_BITS, SCATTER_BLOCK) >>> shift;
  return (block << BLOCK_BITS) | (key & BLOCK_MASK);
}
