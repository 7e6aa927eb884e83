/**
 * Order id to slot, open addressing with linear probing over one Int32Array, at most half full.
 *
 * Sources count their ids upwards, so ids that come together are neighbours. The hash keeps that: an id's low
 * three bits are its place within a block of eight entries (64 bytes, a cache line) and only the block number is
 * scattered, by Fibonacci hashing. Eight orders in a row cost one cache miss, and consecutive blocks land evenly
 * spread. Removal shifts back the entries behind it, so there are no tombstones and no slow decay.
 *
 * An entry is [key, slot]; slot 0 is an empty entry. The key is 32 bits of the id; the rest is compared in the
 * order record, which is needed next anyway.
 */
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { ID_HIGH, ORDER_WORDS } = orderLayout;

const BLOCK_BITS = 3;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
/** 2^32 / golden ratio, odd. */
const SCATTER_BLOCK = 0x9e3779b1 | 0;
const SCATTER_HIGH = 0x85ebca6b | 0;

export class OrderIndex {
  private readonly table: Int32Array;
  private readonly mask: number;
  private readonly shift: number;
  private readonly words: Int32Array;

  /** `orders` holds the records that the index points into; the table is sized for its capacity. */
  constructor(orders: OrderPool) {
    const bits = Math.max(BLOCK_BITS + 1, 33 - Math.clz32(orders.capacity));
    this.table = new Int32Array(2 << bits);
    this.mask = (1 << bits) - 1;
    this.shift = 32 - (bits - BLOCK_BITS);
    this.words = orders.words;
  }

  /** Slot of the order with this id, 0 when there is none. The id as words: see highWord. */
  find(low: number, high: number): number {
    const table = this.table;
    const mask = this.mask;
    const key = low ^ Math.imul(high, SCATTER_HIGH);
    let entry = this.home(key);
    for (;;) {
      const slot = table[entry * 2 + 1];
      if (slot === 0) return 0;
      if (table[entry * 2] === key && this.words[slot * ORDER_WORDS + ID_HIGH] === high) return slot;
      entry = (entry + 1) & mask;
    }
  }

  /** Adds an id that is not in the index. */
  insert(low: number, high: number, slot: number): void {
    const table = this.table;
    const mask = this.mask;
    const key = low ^ Math.imul(high, SCATTER_HIGH);
    let entry = this.home(key);
    while (table[entry * 2 + 1] !== 0) entry = (entry + 1) & mask;
    table[entry * 2] = key;
    table[entry * 2 + 1] = slot;
  }

  /** Removes an id that is in the index and points to `slot`. */
  remove(low: number, high: number, slot: number): void {
    const table = this.table;
    const mask = this.mask;
    let hole = this.home(low ^ Math.imul(high, SCATTER_HIGH));
    while (table[hole * 2 + 1] !== slot) hole = (hole + 1) & mask;
    let entry = hole;
    for (;;) {
      entry = (entry + 1) & mask;
      const moved = table[entry * 2 + 1];
      if (moved === 0) break;
      const key = table[entry * 2];
      // An entry may move back into the hole unless that would put it before its home.
      if (((entry - this.home(key)) & mask) >= ((entry - hole) & mask)) {
        table[hole * 2] = key;
        table[hole * 2 + 1] = moved;
        hole = entry;
      }
    }
    table[hole * 2 + 1] = 0;
  }

  /** Entries in use; for validate. */
  count(): number {
    let count = 0;
    for (let entry = 0; entry <= this.mask; entry++) if (this.table[entry * 2 + 1] !== 0) count++;
    return count;
  }

  private home(key: number): number {
    const block = Math.imul(key >>> BLOCK_BITS, SCATTER_BLOCK) >>> this.shift;
    return (block << BLOCK_BITS) | (key & BLOCK_MASK);
  }
}
