/**
 * The resting orders of each account as a doubly linked ring in order of acceptance, so that a mass cancel costs
 * in proportion to what it cancels and not to the books.
 *
 * The links stand apart from the order records: eight bytes an order, so that unlinking an order touches its neighbours
 * in an array an eighth of the size, and they hold for one and the same account only. An account has a node of its
 * own while it has orders, and its ring goes through that node: no order is first or last, so linking and unlinking decide
 * nothing. A small open-addressing table (linear probing, backward-shift removal) finds the node of an account.
 */
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { ACCOUNT, ORDER_SHIFT } = orderLayout;

/** Accounts with neighbouring numbers share cache lines of the table; see OrderIndex. */
const BLOCK_BITS = 4;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
const SCATTER = 0x9e3779b1 | 0;

export class AccountOrders {
  declare readonly capacity: number;
  /** Accounts that have orders. */
  used = 0;
  /** Node n's next and previous node at 2n and 2n + 1. Nodes up to `lastOrder` are slots of orders, the rest accounts. */
  declare private readonly links: Int32Array;
  declare private readonly lastOrder: number;
  /** Account of node `lastOrder + n`; of a free one the next free node. */
  declare private readonly accounts: Int32Array;
  /** Entries [account, node]; node 0 is an empty entry. */
  declare private readonly table: Int32Array;
  declare private readonly mask: number;
  declare private readonly shift: number;
  declare private readonly words: Int32Array;
  private free = 0;
  private fresh = 0;

  constructor(capacity: number, orders: OrderPool) {
    this.capacity = capacity;
    const bits = Math.max(BLOCK_BITS + 1, 33 - Math.clz32(capacity));
    // Touched now like the order records: see OrderPool.
    this.links = new Int32Array((orders.capacity + capacity + 1) << 1).fill(0);
    this.lastOrder = orders.capacity;
    this.accounts = new Int32Array(capacity + 1);
    this.table = new Int32Array(2 << bits);
    this.mask = (1 << bits) - 1;
    this.shift = 32 - (bits - BLOCK_BITS);
    this.words = orders.words;
    this.fresh = orders.capacity;
  }

  /** Can an order of `account` (as a signed word) be appended? */
  hasRoom(account: number): boolean {
    return this.used < this.capacity || this.find(account) !== 0;
  }

  /** Oldest order of `account`, 0 when it has none. */
  first(account: number): number {
    const node = this.find(account);
    return node === 0 ? 0 : this.links[node << 1];
  }

  /** The next younger order of the same account, 0 at the end. */
  next(slot: number): number {
    const next = this.links[slot << 1];
    return next > this.lastOrder ? 0 : next;
  }

  /** Puts the order at the end of its account's chain; there must be room. */
  append(slot: number): void {
    const account = this.words[(slot << ORDER_SHIFT) | ACCOUNT];
    let node = this.find(account);
    if (node === 0) node = this.insert(account);
    const links = this.links;
    const youngest = links[(node << 1) | 1];
    links[slot << 1] = node;
    links[(slot << 1) | 1] = youngest;
    links[youngest << 1] = slot;
    links[(node << 1) | 1] = slot;
  }

  /** Takes the order out of its account's chain. */
  unlink(slot: number): void {
    const links = this.links;
    const next = links[slot << 1];
    const previous = links[(slot << 1) | 1];
    links[previous << 1] = next;
    links[(next << 1) | 1] = previous;
    // Both neighbours are the account's own node: it has no order left.
    if (next === previous) this.remove(next);
  }

  private home(account: number): number {
    const block = Math.imul(account >>> BLOCK_BITS, SCATTER) >>> this.shift;
    return (block << BLOCK_BITS) | (account & BLOCK_MASK);
  }

  private find(account: number): number {
    const { table, mask } = this;
    let entry = this.home(account);
    for (;;) {
      const node = table[(entry << 1) | 1];
      if (node === 0 || table[entry << 1] === account) return node;
      entry = (entry + 1) & mask;
    }
  }

  private insert(account: number): number {
    const { table, mask, lastOrder, links } = this;
    let node = this.free;
    if (node !== 0) this.free = this.accounts[node - lastOrder];
    else node = ++this.fresh;
    this.used++;
    this.accounts[node - lastOrder] = account;
    links[node << 1] = node;
    links[(node << 1) | 1] = node;
    let entry = this.home(account);
    while (table[(entry << 1) | 1] !== 0) entry = (entry + 1) & mask;
    table[entry << 1] = account;
    table[(entry << 1) | 1] = node;
    return node;
  }

  private remove(node: number): void {
    const { table, mask, accounts, lastOrder } = this;
    let hole = this.home(accounts[node - lastOrder]);
    while (table[(hole << 1) | 1] !== node) hole = (hole + 1) & mask;
    let entry = hole;
    for (;;) {
      entry = (entry + 1) & mask;
      const moved = table[(entry << 1) | 1];
      if (moved === 0) break;
      const account = table[entry << 1];
      if (((entry - this.home(account)) & mask) >= ((entry - hole) & mask)) {
        table[hole << 1] = account;
        table[(hole << 1) | 1] = moved;
        hole = entry;
      }
    }
    table[(hole << 1) | 1] = 0;
    accounts[node - lastOrder] = this.free;
    this.free = node;
    this.used--;
  }
}
