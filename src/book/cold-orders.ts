/** The second records of special orders (see cold-layout.ts), and the links between orders that they hold. */
import * as layout from './cold-layout.js';
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';
import { recordMemory } from './record-memory.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const {
  BRACKET,
  COLD_NUMBER_SHIFT,
  COLD_SHIFT,
  CONTINGENCY,
  COUNTED,
  DISPLAYED,
  EXPIRE_TIME,
  HEAP,
  LINK,
  NOT_WAITING,
  PRICE_OFF_BOOK,
  SHOWN,
  SPECIAL,
  STOP_PRICE,
  WAITING,
} = layout;
const { ATTRIBUTES, LEAVES, ORDER_NUMBER_SHIFT, ORDER_SHIFT } = orderLayout;

export class ColdOrders {
  declare readonly words: Int32Array;
  declare readonly numbers: Float64Array;
  /** Linked pairs that live. */
  links = 0;
  declare private readonly orders: OrderPool;

  constructor(orders: OrderPool) {
    // Twice 64 bytes a record.
    const { words, numbers } = recordMemory((orders.capacity + 1) * 2);
    this.words = words;
    this.numbers = numbers;
    this.orders = orders;
  }

  /** Gives the order an empty second record, unless it has one. */
  create(slot: number): void {
    const { words, numbers } = this;
    const orderWords = this.orders.words;
    if ((orderWords[(slot << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) !== 0) return;
    orderWords[(slot << ORDER_SHIFT) | ATTRIBUTES] |= SPECIAL;
    const base = slot << COLD_SHIFT;
    const numberBase = slot << COLD_NUMBER_SHIFT;
    numbers[numberBase | STOP_PRICE] = 0;
    numbers[numberBase | DISPLAYED] = 0;
    numbers[numberBase | SHOWN] = this.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    numbers[numberBase | EXPIRE_TIME] = 0;
    numbers[numberBase | PRICE_OFF_BOOK] = 0;
    words[base | LINK] = 0;
    words[base | CONTINGENCY] = 0;
    words[base | HEAP] = 0;
    words[base | WAITING] = NOT_WAITING;
    words[base | COUNTED] = 0;
    words[base | BRACKET] = 0;
  }

  isSpecial(slot: number): boolean {
    return (this.orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) !== 0;
  }

  /** The WAITING kind of any order. */
  waiting(slot: number): number {
    return this.isSpecial(slot) ? this.words[(slot << COLD_SHIFT) | WAITING] : NOT_WAITING;
  }

  /** Slot of the order that is linked to this one, 0: none. */
  linkOf(slot: number): number {
    return this.isSpecial(slot) ? this.words[(slot << COLD_SHIFT) | LINK] : 0;
  }

  hasBracket(slot: number): boolean {
    return this.isSpecial(slot) && this.words[(slot << COLD_SHIFT) | BRACKET] !== 0;
  }

  /** Links two orders that have second records and no link. */
  link(one: number, other: number, contingency: number): void {
    const words = this.words;
    words[(one << COLD_SHIFT) | LINK] = other;
    words[(other << COLD_SHIFT) | LINK] = one;
    words[(one << COLD_SHIFT) | CONTINGENCY] = contingency;
    words[(other << COLD_SHIFT) | CONTINGENCY] = contingency;
    this.links++;
  }

  /** Dissolves the link of a special order, if it has one. */
  unlink(slot: number): void {
    const words = this.words;
    const other = words[(slot << COLD_SHIFT) | LINK];
    if (other === 0) return;
    words[(slot << COLD_SHIFT) | LINK] = 0;
    words[(other << COLD_SHIFT) | LINK] = 0;
    words[(slot << COLD_SHIFT) | CONTINGENCY] = 0;
    words[(other << COLD_SHIFT) | CONTINGENCY] = 0;
    this.links--;
  }
}
