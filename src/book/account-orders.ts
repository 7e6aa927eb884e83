/**
 * The resting orders of each account as a doubly linked chain in order of acceptance, so that a mass cancel costs
 * in proportion to what it cancels and not to the books.
 *
 * An account has a record while it has orders; a small open-addressing table (linear probing, backward-shift
 * removal) finds it. The ends of a chain point to the record as its complement (~record, negative), so unlinking
 * an order never looks the account up.
 */
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { ACCOUNT, CHAIN_NEXT, CHAIN_PREVIOUS, ORDER_SHIFT } = orderLayout;

const SHIFT = 2;
const NUMBER = 0;
const HEAD = 1;
const TAIL = 2;
const NEXT_FREE = 3;

/** Accounts with neighbouring numbers share cache lines of the table; see OrderIndex. */
const BLOCK_BITS = 4;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
const SCATTER = 0x9e3779b1 | 0;

export class AccountOrders {
  declare readonly capacity: number;
  /** Accounts that have orders. */
  used = 0;
  declare private readonly records: Int32Array;
  declare private readonly table: Int32Array;
  declare private readonly mask: number;
  declare private readonly shift: number;
  declare private readonly words: Int32Array;
  private free = 0;
  private fresh = 0;

  constructor(capacity: number, orders: OrderPool) {
    this.capacity = capacity;
    const bits = Math.max(BLOCK_BITS + 1, 33 - Math.clz32(capacity));
    this.records = new Int32Array((capacity + 1) << SHIFT);
    this.table = new Int32Array(1 << bits);
    this.mask = (1 << bits) - 1;
    this.shift = 32 - (bits - BLOCK_BITS);
    this.words = orders.words;
  }

  /** Can an order of `account` (as a signed word) be appended? */
  hasRoom(account: number): boolean {
    return this.used < this.capacity || this.find(account) !== 0;
  }

  /** Oldest order of `account`, 0 when it has none. */
  first(account: number): number {
    const record = this.find(account);
    return record === 0 ? 0 : this.records[(record << SHIFT) | HEAD];
  }

  /** The next younger order of the same account, 0 at the end. */
  next(slot: number): number {
    const next = this.words[(slot << ORDER_SHIFT) | CHAIN_NEXT];
    return Math.max(next, 0);
  }

  /** Puts the order at the end of its account's chain; there must be room. */
  append(slot: number): void {
    const words = this.words;
    const account = words[(slot << ORDER_SHIFT) | ACCOUNT];
    let record = this.find(account);
    if (record === 0) record = this.insert(account);
    const records = this.records;
    const tail = records[(record << SHIFT) | TAIL];
    words[(slot << ORDER_SHIFT) | CHAIN_NEXT] = ~record;
    if (tail === 0) {
      words[(slot << ORDER_SHIFT) | CHAIN_PREVIOUS] = ~record;
      records[(record << SHIFT) | HEAD] = slot;
    } else {
      words[(slot << ORDER_SHIFT) | CHAIN_PREVIOUS] = tail;
      words[(tail << ORDER_SHIFT) | CHAIN_NEXT] = slot;
    }
    records[(record << SHIFT) | TAIL] = slot;
  }

  /** Takes the order out of its account's chain. */
  unlink(slot: number): void {
    const words = this.words;
    const next = words[(slot << ORDER_SHIFT) | CHAIN_NEXT];
    const previous = words[(slot << ORDER_SHIFT) | CHAIN_PREVIOUS];
    if (next > 0) {
      words[(next << ORDER_SHIFT) | CHAIN_PREVIOUS] = previous;
    } else if (previous > 0) {
      this.records[(~next << SHIFT) | TAIL] = previous;
    } else {
      this.remove(~next);
      return;
    }
    if (previous > 0) words[(previous << ORDER_SHIFT) | CHAIN_NEXT] = next;
    else this.records[(~previous << SHIFT) | HEAD] = next;
  }

  private home(account: number): number {
    const block = Math.imul(account >>> BLOCK_BITS, SCATTER) >>> this.shift;
    return (block << BLOCK_BITS) | (account & BLOCK_MASK);
  }

  private find(account: number): number {
    let entry = this.home(account);
    for (;;) {
      const record = this.table[entry];
      if (record === 0 || this.records[(record << SHIFT) | NUMBER] === account) return record;
      entry = (entry + 1) & this.mask;
    }
  }

  private insert(account: number): number {
    let record = this.free;
    if (record !== 0) this.free = this.records[(record << SHIFT) | NEXT_FREE];
    else record = ++this.fresh;
    this.used++;
    this.records[(record << SHIFT) | NUMBER] = account;
    this.records[(record << SHIFT) | HEAD] = 0;
    this.records[(record << SHIFT) | TAIL] = 0;
    let entry = this.home(account);
    while (this.table[entry] !== 0) entry = (entry + 1) & this.mask;
    this.table[entry] = record;
    return record;
  }

  private remove(record: number): void {
    const { table, records, mask } = this;
    let hole = this.home(records[(record << SHIFT) | NUMBER]);
    while (table[hole] !== record) hole = (hole + 1) & mask;
    let entry = hole;
    for (;;) {
      entry = (entry + 1) & mask;
      const moved = table[entry];
      if (moved === 0) break;
      const home = this.home(records[(moved << SHIFT) | NUMBER]);
      if (((entry - home) & mask) >= ((entry - hole) & mask)) {
        table[hole] = moved;
        hole = entry;
      }
    }
    table[hole] = 0;
    records[(record << SHIFT) | NEXT_FREE] = this.free;
    this.free = record;
    this.used--;
  }
}
