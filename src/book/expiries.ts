/**
 * Orders with an expire time, the next one to go first: a binary heap of slots ordered by expire time, then arrival.
 * Each order's second record knows its place in the heap, so one that ends otherwise leaves in O(log n).
 */
import { fail } from '../lib/assert.js';
import * as coldLayout from './cold-layout.js';
import type { ColdOrders } from './cold-orders.js';
import * as orderLayout from './order-layout.js';
import type { OrderPool } from './order-pool.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { COLD_NUMBER_SHIFT, COLD_SHIFT, EXPIRE_TIME, HEAP } = coldLayout;
const { ARRIVAL, ORDER_NUMBER_SHIFT } = orderLayout;

export class Expiries {
  /** Expire time of the first order, Infinity when there is none. */
  next = Number.NaN;
  /** Orders in the heap, at positions 1 .. used. */
  used = 0;
  declare private readonly heap: Int32Array;
  declare private readonly cold: ColdOrders;
  declare private readonly orders: OrderPool;

  constructor(orders: OrderPool, cold: ColdOrders) {
    this.heap = new Int32Array(orders.capacity + 1);
    this.orders = orders;
    this.cold = cold;
    this.next = Infinity;
  }

  /** Slot of the order that expires first; there is one. */
  first(): number {
    return this.heap[1];
  }

  /** Adds an order that has its expire time and arrival. */
  add(slot: number): void {
    this.used++;
    this.rise(this.used, slot);
    this.refresh();
  }

  /** Takes the order out, if it is here. */
  remove(slot: number): void {
    const { heap, cold } = this;
    const position = cold.words[(slot << COLD_SHIFT) | HEAP];
    if (position === 0) return;
    cold.words[(slot << COLD_SHIFT) | HEAP] = 0;
    const last = heap[this.used];
    this.used--;
    if (last !== slot) {
      if (position > 1 && this.isBefore(last, heap[position >> 1])) this.rise(position, last);
      else this.sink(position, last);
    }
    this.refresh();
  }

  /** Checks order and places; throws InvariantError. */
  validate(): void {
    for (let position = 1; position <= this.used; position++) {
      const slot = this.heap[position];
      if (this.cold.words[(slot << COLD_SHIFT) | HEAP] !== position)
        fail(`expiries: the order at ${position} has another place`);
      if (position > 1 && this.isBefore(slot, this.heap[position >> 1]))
        fail(`expiries: place ${position} is before the one above it`);
    }
    const first =
      this.used === 0 ? Infinity : this.cold.numbers[(this.heap[1] << COLD_NUMBER_SHIFT) | EXPIRE_TIME];
    if (this.next !== first) fail(`expiries: next is ${this.next}, not ${first}`);
  }

  private refresh(): void {
    if (this.used === 0) this.next = Infinity;
    else this.next = this.cold.numbers[(this.heap[1] << COLD_NUMBER_SHIFT) | EXPIRE_TIME];
  }

  private isBefore(one: number, other: number): boolean {
    const times = this.cold.numbers;
    const time = times[(one << COLD_NUMBER_SHIFT) | EXPIRE_TIME];
    const otherTime = times[(other << COLD_NUMBER_SHIFT) | EXPIRE_TIME];
    if (time !== otherTime) return time < otherTime;
    const { numbers } = this.orders;
    return numbers[(one << ORDER_NUMBER_SHIFT) | ARRIVAL] < numbers[(other << ORDER_NUMBER_SHIFT) | ARRIVAL];
  }

  /** Puts the slot at the position or above it. */
  private rise(from: number, slot: number): void {
    let position = from;
    while (position > 1 && this.isBefore(slot, this.heap[position >> 1])) {
      this.put(position, this.heap[position >> 1]);
      position >>= 1;
    }
    this.put(position, slot);
  }

  /** Puts the slot at the position or below it. */
  private sink(from: number, slot: number): void {
    const { heap } = this;
    let position = from;
    for (;;) {
      let child = position << 1;
      if (child > this.used) break;
      if (child < this.used && this.isBefore(heap[child + 1], heap[child])) child++;
      if (!this.isBefore(heap[child], slot)) break;
      this.put(position, heap[child]);
      position = child;
    }
    this.put(position, slot);
  }

  private put(position: number, slot: number): void {
    this.heap[position] = slot;
    this.cold.words[(slot << COLD_SHIFT) | HEAP] = position;
  }
}
