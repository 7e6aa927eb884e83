/**
 * Orders that may still trade, by order id: preallocated records and an index. A record is one cache line:
 *
 *     words 0..5     id low, id high, account place, instrument, side, source and flags
 *     doubles 3..7   price, total, filled, reserved, amend sequence
 *
 * An order keeps its record, and with it its entry number, until it is removed. The record freed last is used next, so those
 * in use stay in the processor's cache however large the capacity is. What few orders or only some controls need stands in
 * arrays beside the records.
 */
import { EXACT_CELLS } from './exact.js';
import { KeyIndex } from './key-index.js';

export const ORDER_WORDS = 16;
export const ID_LOW = 0;
/** Never 0 in an entry in use: ids start at 2^40. */
export const ID_HIGH = 1;
export const ACCOUNT = 2;
export const INSTRUMENT = 3;
export const SIDE = 4;
/** Source in the low half; order type and flags below in the high half. */
export const SOURCE = 5;

export const TYPE_SHIFT = 16;
export const TYPE_MASK = 7;
/** Entry of a bracket, with this exit. */
export const TAKE_PROFIT = 1 << 19;
export const STOP_LOSS = 1 << 20;
/** Counts together with the order in `partner`, and is the one of the two that counts with what it has more. */
export const LINKED = 1 << 21;
export const SECONDARY = 1 << 22;
/** Exit of a bracket. Its entry has not been filled as long as it reserves nothing. */
export const EXIT = 1 << 23;

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

const SCATTER_HIGH = 0x85ebca6b | 0;

export class OpenOrders {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** Highest price that a buy may have to pay, amends in flight included; ticks. */
  readonly worst: Float64Array;
  /** Trigger of a stop order, 0 of any other; ticks. */
  readonly stops: Float64Array;
  /** Only with LINKED: entry of the other order, and lots that this one counts with. */
  readonly partner: Int32Array;
  readonly counted: Float64Array;
  /** Exact values that the ledger holds for the orders. */
  readonly holds: Float64Array;
  readonly capacity: number;
  count = 0;
  /** An entry is at its place in the index less 1. */
  readonly #index: KeyIndex;
  /** Freed entries, last one on top; entries from `#fresh` on were never used. */
  readonly #free: Int32Array;
  #freeCount = 0;
  #fresh = 0;

  /** `capacity` is a power of two from 8 on. */
  constructor(capacity: number) {
    this.#index = new KeyIndex(capacity);
    const memory = new ArrayBuffer(capacity * ORDER_WORDS * 4);
    this.capacity = capacity;
    this.words = new Int32Array(memory);
    this.numbers = new Float64Array(memory);
    this.worst = new Float64Array(capacity);
    this.stops = new Float64Array(capacity);
    this.partner = new Int32Array(capacity);
    this.counted = new Float64Array(capacity);
    this.holds = new Float64Array(capacity * EXACT_CELLS);
    this.#free = new Int32Array(capacity);
  }

  /** Entry of the order, -1 when it is not open. */
  find(low: number, high: number): number {
    const { words } = this;
    const { table, mask } = this.#index;
    const key = low ^ Math.imul(high, SCATTER_HIGH);
    for (let entry = this.#index.home(key); ; entry = (entry + 1) & mask) {
      const place = table[entry * 2 + 1];
      if (place === 0) return -1;
      if (table[entry * 2] === key && words[(place - 1) * ORDER_WORDS + ID_HIGH] === high) return place - 1;
    }
  }

  /** Adds an order that is not open, with its id; returns its entry. The caller has made sure that there is room. */
  insert(low: number, high: number): number {
    const entry = this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.#fresh++;
    this.words[entry * ORDER_WORDS + ID_LOW] = low;
    this.words[entry * ORDER_WORDS + ID_HIGH] = high;
    this.#index.insert(low ^ Math.imul(high, SCATTER_HIGH), entry + 1);
    this.count++;
    return entry;
  }

  remove(entry: number): void {
    const at = entry * ORDER_WORDS;
    const high = this.words[at + ID_HIGH];
    this.#index.remove(this.words[at + ID_LOW] ^ Math.imul(high, SCATTER_HIGH), entry + 1);
    this.words[at + ID_HIGH] = 0;
    this.#free[this.#freeCount++] = entry;
    this.count--;
  }

  flags(entry: number): number {
    return this.words[entry * ORDER_WORDS + SOURCE];
  }

  orderType(entry: number): number {
    return (this.words[entry * ORDER_WORDS + SOURCE] >> TYPE_SHIFT) & TYPE_MASK;
  }

  /** Lots that the order may still trade. */
  remaining(entry: number): number {
    const at = entry * ORDER_NUMBERS;
    return this.numbers[at + RESERVED] - this.numbers[at + FILLED];
  }

  /** Visits the entries in use, in no particular order. */
  forEach(visit: (entry: number) => void): void {
    for (let entry = 0; entry < this.#fresh; entry++) {
      if (this.words[entry * ORDER_WORDS + ID_HIGH] !== 0) visit(entry);
    }
  }
}
