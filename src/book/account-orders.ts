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
const { ACCOUNT, CHAIN_NEXT, CHAIN_PREVIOUS, ORDER_WORDS } = orderLayout;

const STRIDE = 4;
const NUMBER = 0;
const HEAD = 1;
const TAIL = 2;
const NEXT_FREE = 3;

export class AccountOrders {
  readonly capacity: number;
  /** Accounts that have orders. */
  used = 0;
  private readonly records: Int32Array;
  private readonly table: Int32Array;
  private readonly mask: number;
  private readonly shift: number;
  private readonly words: Int32Array;
  private free = 0;
  private fresh = 0;

  constructor(capacity: number, orders: OrderPool) {
    this.capacity = capacity;
    const bits = Math.max(4, 33 - Math.clz32(capacity));
    this.records = new Int32Array((capacity + 1) * STRIDE);
    this.table = new Int32Array(1 << bits);
    this.mask = (1 << bits) - 1;
    this.shift = 32 - bits;
    this.words = orders.words;
  }

  /** Can an order of `account` (as a signed word) be appended? */
  hasRoom(account: number): boolean {
    return this.used < this.capacity || this.find(account) !== 0;
  }

  /** Oldest order of `account`, 0 when it has none. */
  first(account: number): number {
    const record = this.find(account);
    return record === 0 ? 0 : this.records[record * STRIDE + HEAD];
  }

  /** The next younger order of the same account, 0 at the end. */
  next(slot: number): number {
    const next = this.words[slot * ORDER_WORDS + CHAIN_NEXT];
    return Math.max(next, 0);
  }

  /** Puts the order at the end of its account's chain; there must be room. */
  append(slot: number): void {
    const words = this.words;
    const account = words[slot * ORDER_WORDS + ACCOUNT];
    let record = this.find(account);
    if (record === 0) record = this.insert(account);
    const records = this.records;
    const tail = records[record * STRIDE + TAIL];
    words[slot * ORDER_WORDS + CHAIN_NEXT] = ~record;
    if (tail === 0) {
      words[slot * ORDER_WORDS + CHAIN_PREVIOUS] = ~record;
      records[record * STRIDE + HEAD] = slot;
    } else {
      words[slot * ORDER_WORDS + CHAIN_PREVIOUS] = tail;
      words[tail * ORDER_WORDS + CHAIN_NEXT] = slot;
    }
    records[record * STRIDE + TAIL] = slot;
  }

  /** Takes the order out of its account's chain. */
  unlink(slot: number): void {
    const words = this.words;
    const next = words[slot * ORDER_WORDS + CHAIN_NEXT];
    const previous = words[slot * ORDER_WORDS + CHAIN_PREVIOUS];
    if (next > 0) {
      words[next * ORDER_WORDS + CHAIN_PREVIOUS] = previous;
    } else if (previous > 0) {
      this.records[~next * STRIDE + TAIL] = previous;
    } else {
      this.remove(~next);
      return;
    }
    if (previous > 0) words[previous * ORDER_WORDS + CHAIN_NEXT] = next;
    else this.records[~previous * STRIDE + HEAD] = next;
  }

  private home(account: number): number {
    return Math.imul(account, 0x9e3779b1) >>> this.shift;
  }

  private find(account: number): number {
    let entry = this.home(account);
    for (;;) {
      const record = this.table[entry];
      if (record === 0 || this.records[record * STRIDE + NUMBER] === account) return record;
      entry = (entry + 1) & this.mask;
    }
  }

  private insert(account: number): number {
    let record = this.free;
    if (record !== 0) this.free = this.records[record * STRIDE + NEXT_FREE];
    else record = ++this.fresh;
    this.used++;
    this.records[record * STRIDE + NUMBER] = account;
    this.records[record * STRIDE + HEAD] = 0;
    this.records[record * STRIDE + TAIL] = 0;
    let entry = this.home(account);
    while (this.table[entry] !== 0) entry = (entry + 1) & this.mask;
    this.table[entry] = record;
    return record;
  }

  private remove(record: number): void {
    const { table, records, mask } = this;
    let hole = this.home(records[record * STRIDE + NUMBER]);
    while (table[hole] !== record) hole = (hole + 1) & mask;
    let entry = hole;
    for (;;) {
      entry = (entry + 1) & mask;
      const moved = table[entry];
      if (moved === 0) break;
      const home = this.home(records[moved * STRIDE + NUMBER]);
      if (((entry - home) & mask) >= ((entry - hole) & mask)) {
        table[hole] = moved;
        hole = entry;
      }
    }
    table[hole] = 0;
    records[record * STRIDE + NEXT_FREE] = this.free;
    this.free = record;
    this.used--;
  }
}
