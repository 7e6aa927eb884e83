/** Bracket entries that have ended with a fill and whose exits are not active yet, first in first out. */
import * as coldLayout from './cold-layout.js';
import type { ColdOrders } from './cold-orders.js';
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { COLD_NUMBER_SHIFT, EXPIRE_TIME, STOP_LOSS, STOP_LOSS_LIMIT, TAKE_PROFIT } = coldLayout;
const {
  ACCOUNT,
  ATTRIBUTES,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  LEAVES,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  QUANTITY,
  TWO_32,
} = orderLayout;

// An entry's record is 16 numbers.
const SHIFT = 4;
export const ENTRY_ID = 0;
export const ENTRY_ACCOUNT = 1;
export const ENTRY_INSTRUMENT = 2;
export const ENTRY_ATTRIBUTES = 3;
export const ENTRY_FILLED = 4;
export const ENTRY_EXPIRE_TIME = 5;
export const ENTRY_TAKE_PROFIT = 6;
export const ENTRY_STOP_LOSS = 7;
export const ENTRY_STOP_LOSS_LIMIT = 8;

export class PendingExits {
  /** The records; grows when more brackets end in one step than ever before. */
  numbers = new Float64Array(16 << SHIFT);
  private first = 0;
  private end = 0;

  get isEmpty(): boolean {
    return this.first === this.end;
  }

  /** Keeps what an ending entry's exits are made of. */
  push(slot: number, orders: OrderPool, cold: ColdOrders): void {
    if (this.end << SHIFT === this.numbers.length) this.makeRoom();
    const base = this.end++ << SHIFT;
    const to = this.numbers;
    const { words, numbers } = orders;
    const order = slot << ORDER_SHIFT;
    const amounts = slot << ORDER_NUMBER_SHIFT;
    const conditions = slot << COLD_NUMBER_SHIFT;
    to[base | ENTRY_ID] = words[order | ID_HIGH] * TWO_32 + (words[order | ID_LOW] >>> 0);
    to[base | ENTRY_ACCOUNT] = words[order | ACCOUNT] >>> 0;
    to[base | ENTRY_INSTRUMENT] = words[order | INSTRUMENT];
    to[base | ENTRY_ATTRIBUTES] = words[order | ATTRIBUTES];
    to[base | ENTRY_FILLED] = numbers[amounts | QUANTITY] - numbers[amounts | LEAVES];
    to[base | ENTRY_EXPIRE_TIME] = cold.numbers[conditions | EXPIRE_TIME];
    to[base | ENTRY_TAKE_PROFIT] = cold.numbers[conditions | TAKE_PROFIT];
    to[base | ENTRY_STOP_LOSS] = cold.numbers[conditions | STOP_LOSS];
    to[base | ENTRY_STOP_LOSS_LIMIT] = cold.numbers[conditions | STOP_LOSS_LIMIT];
  }

  /** Index in `numbers` of the first entry, which is taken out; valid until the next push. */
  take(): number {
    const base = this.first++ << SHIFT;
    if (this.first === this.end) {
      this.first = 0;
      this.end = 0;
    }
    return base;
  }

  private makeRoom(): void {
    const left = this.numbers.subarray(this.first << SHIFT, this.end << SHIFT);
    const numbers = this.first > 0 ? this.numbers : new Float64Array(this.numbers.length * 2);
    numbers.set(left);
    this.numbers = numbers;
    this.end -= this.first;
    this.first = 0;
  }
}
