import { OrderStatus } from '../../lib/enums.js';
import { counterOf, GATEWAY_SOURCE, sourceOf } from '../../lib/order-ids.js';
import { NOTIONAL_BASE } from './decimal-text.js';
import {
  CLIENT_TEXT_BYTES,
  EXECUTION_CAPACITY,
  type ExecutionColumns,
  HEADER_COMMANDS,
  HEADER_EVENTS,
  HEADER_EXECUTIONS,
  ORDER_CAPACITY,
  type OrderColumns,
  type StoreMemory,
} from './store-layout.js';

/** No place. */
export const NONE = -1;

/** Places of the index: a power of two, so that it is never more than half full. */
const INDEX_BITS = Math.log2(ORDER_CAPACITY) + 1;
const INDEX_MASK = 2 ** INDEX_BITS - 1;

/** What a client asked for; the gateway fills one and uses it again. */
export interface OrderRequest {
  clientOrderId: string;
  account: number;
  instrument: number;
  price: number;
  quantity: number;
  side: number;
  orderType: number;
  timeInForce: number;
  flags: number;
}

/**
 * The orders that came through the gateway, and their executions. Fixed capacity: when all places are taken, the order that
 * has been closed for longest makes room; orders still open are never dropped. A gateway started anew on the
 * same memory finds everything again. Times are session nanoseconds, prices ticks, quantities lots.
 */
export class OrderStore {
  readonly orders: OrderColumns;
  readonly executions: ExecutionColumns;
  readonly #header: Float64Array;
  readonly #text: Buffer;

  // Derived, private: index by order id (linear probing), free places, closed orders by age, all orders by age.
  readonly #index = new Int32Array(INDEX_MASK + 1).fill(NONE);
  readonly #free = new Int32Array(ORDER_CAPACITY);
  #freeCount = 0;
  readonly #closed = new Int32Array(ORDER_CAPACITY);
  #closedStart = 0;
  #closedCount = 0;
  readonly #older = new Int32Array(ORDER_CAPACITY).fill(NONE);
  readonly #newer = new Int32Array(ORDER_CAPACITY).fill(NONE);
  #newest: number = NONE;

  constructor(memory: StoreMemory) {
    this.orders = memory.orders;
    this.executions = memory.executions;
    this.#header = memory.header;
    const { clientText } = memory.orders;
    this.#text = Buffer.from(
      clientText.buffer as unknown as ArrayBuffer,
      clientText.byteOffset,
      clientText.length,
    );
    if (memory.used) this.#rebuild();
    else for (let i = 0; i < ORDER_CAPACITY; i++) this.#free[i] = ORDER_CAPACITY - 1 - i;
    if (!memory.used) this.#freeCount = ORDER_CAPACITY;
  }

  /** Orders held, open and closed. */
  get count(): number {
    return ORDER_CAPACITY - this.#freeCount;
  }

  get openCount(): number {
    return this.count - this.#closedCount;
  }

  /** Number of the next command; it becomes taken with {@link takeCommand}. */
  get nextCommand(): number {
    return this.#header[HEADER_COMMANDS] + 1;
  }

  takeCommand(): void {
    this.#header[HEADER_COMMANDS]++;
  }

  /** Last event sequence whose effect is in the store. */
  get eventSequence(): number {
    return this.#header[HEADER_EVENTS];
  }

  setEventSequence(sequence: number): void {
    this.#header[HEADER_EVENTS] = sequence;
  }

  /** Executions ever; the last of them has this number. */
  get executionCount(): number {
    return this.#header[HEADER_EXECUTIONS];
  }

  /** Number of the oldest execution still held, 1 when none was dropped yet. */
  get oldestExecution(): number {
    return Math.max(1, this.executionCount - EXECUTION_CAPACITY + 1);
  }

  /** Place of execution `number` in the columns. */
  executionPlace(number: number): number {
    return number % EXECUTION_CAPACITY;
  }

  /** Is there room for one more order? */
  hasRoom(): boolean {
    return this.#freeCount > 0 || this.#closedCount > 0;
  }

  /** Keeps an order not yet answered; returns its place. Only after {@link hasRoom}. */
  add(orderId: number, request: OrderRequest, received: number): number {
    if (this.#freeCount === 0) this.#evict();
    const place = this.#free[--this.#freeCount];
    const { orders } = this;
    orders.price[place] = request.price;
    orders.quantity[place] = request.quantity;
    orders.leaves[place] = request.quantity;
    orders.filled[place] = 0;
    orders.notionalHigh[place] = 0;
    orders.notionalLow[place] = 0;
    orders.received[place] = received;
    orders.updated[place] = received;
    orders.lastExecution[place] = 0;
    orders.executions[place] = 0;
    orders.account[place] = request.account;
    orders.instrument[place] = request.instrument;
    orders.side[place] = request.side;
    orders.orderType[place] = request.orderType;
    orders.timeInForce[place] = request.timeInForce;
    orders.flags[place] = request.flags;
    orders.status[place] = OrderStatus.None;
    orders.reason[place] = 0;
    const at = place * CLIENT_TEXT_BYTES;
    this.#text[at] = request.clientOrderId.length;
    this.#text.write(request.clientOrderId, at + 1, 'latin1');
    orders.orderId[place] = orderId;
    this.#link(place);
    return place;
  }

  /** Place of an order, {@link NONE} when it is not (or no longer) held. */
  find(orderId: number): number {
    if (sourceOf(orderId) !== GATEWAY_SOURCE) return NONE;
    for (let at = homeOf(orderId); ; at = (at + 1) & INDEX_MASK) {
      const place = this.#index[at];
      if (place === NONE || this.orders.orderId[place] === orderId) return place;
    }
  }

  /** Newest order, then each older one by {@link olderThan}; {@link NONE} at the end. */
  get newest(): number {
    return this.#newest;
  }

  olderThan(place: number): number {
    return this.#older[place];
  }

  clientOrderId(place: number): string {
    const at = place * CLIENT_TEXT_BYTES;
    return this.#text.toString('latin1', at + 1, at + 1 + this.#text[at]);
  }

  isOpen(place: number): boolean {
    return this.orders.status[place] < OrderStatus.Filled;
  }

  /** The order is in `status` now; closing it is final. */
  setStatus(place: number, status: number, reason: number): void {
    const wasOpen = this.isOpen(place);
    this.orders.status[place] = status;
    this.orders.reason[place] = reason;
    if (wasOpen && !this.isOpen(place)) this.#close(place);
  }

  /** Writes an execution of the order at `place` and what it changes there; returns its number. */
  addExecution(
    place: number,
    tradeId: number,
    price: number,
    quantity: number,
    leaves: number,
    taker: boolean,
    timestamp: number,
  ): number {
    const { orders, executions } = this;
    const number = this.executionCount + 1;
    const at = this.executionPlace(number);
    executions.orderId[at] = orders.orderId[place];
    executions.tradeId[at] = tradeId;
    executions.price[at] = price;
    executions.quantity[at] = quantity;
    executions.timestamp[at] = timestamp;
    executions.previous[at] = orders.lastExecution[place];
    executions.account[at] = orders.account[place];
    executions.instrument[at] = orders.instrument[place];
    executions.side[at] = orders.side[place];
    executions.taker[at] = taker ? 1 : 0;
    orders.lastExecution[place] = number;
    orders.executions[place]++;
    orders.filled[place] += quantity;
    orders.leaves[place] = leaves;
    orders.updated[place] = timestamp;
    this.#addNotional(place, price, quantity);
    this.#header[HEADER_EXECUTIONS] = number;
    return number;
  }

  #addNotional(place: number, price: number, quantity: number): void {
    const { notionalHigh, notionalLow } = this.orders;
    const product = price * quantity;
    let high: number;
    let low: number;
    if (product <= Number.MAX_SAFE_INTEGER) {
      high = Math.floor(product / NOTIONAL_BASE);
      low = product - high * NOTIONAL_BASE;
    } else {
      const exact = BigInt(price) * BigInt(quantity);
      high = Number(exact / BigInt(NOTIONAL_BASE));
      low = Number(exact % BigInt(NOTIONAL_BASE));
    }
    low += notionalLow[place];
    if (low >= NOTIONAL_BASE) {
      low -= NOTIONAL_BASE;
      high++;
    }
    notionalLow[place] = low;
    notionalHigh[place] += high;
  }

  #link(place: number): void {
    let at = this.#home(place);
    while (this.#index[at] !== NONE) at = (at + 1) & INDEX_MASK;
    this.#index[at] = place;
    this.#older[place] = this.#newest;
    this.#newer[place] = NONE;
    if (this.#newest !== NONE) this.#newer[this.#newest] = place;
    this.#newest = place;
  }

  #close(place: number): void {
    this.#closed[(this.#closedStart + this.#closedCount) % ORDER_CAPACITY] = place;
    this.#closedCount++;
  }

  /** Forgets the order that has been closed for longest. */
  #evict(): void {
    const place = this.#closed[this.#closedStart];
    this.#closedStart = (this.#closedStart + 1) % ORDER_CAPACITY;
    this.#closedCount--;
    this.#unindex(place);
    const newer = this.#newer[place];
    const older = this.#older[place];
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    if (older !== NONE) this.#newer[older] = newer;
    this.orders.orderId[place] = 0;
    this.#free[this.#freeCount++] = place;
  }

  /** Takes `place` out of the index and closes the gap (Knuth 6.4, algorithm R). */
  #unindex(place: number): void {
    const index = this.#index;
    let hole = this.#home(place);
    while (index[hole] !== place) hole = (hole + 1) & INDEX_MASK;
    for (let at = (hole + 1) & INDEX_MASK; index[at] !== NONE; at = (at + 1) & INDEX_MASK) {
      const distance = (at - this.#home(index[at])) & INDEX_MASK;
      if (distance >= ((at - hole) & INDEX_MASK)) {
        index[hole] = index[at];
        hole = at;
      }
    }
    index[hole] = NONE;
  }

  #home(place: number): number {
    return homeOf(this.orders.orderId[place]);
  }

  /** Derives index and lists from the columns of a used store. */
  #rebuild(): void {
    const { orderId, updated } = this.orders;
    const places: number[] = [];
    for (let place = ORDER_CAPACITY - 1; place >= 0; place--) {
      if (orderId[place] === 0) this.#free[this.#freeCount++] = place;
      else places.push(place);
    }
    places.sort((a, b) => orderId[a] - orderId[b]);
    for (const place of places) this.#link(place);
    const closed = places.filter((place) => !this.isOpen(place));
    closed.sort((a, b) => updated[a] - updated[b] || orderId[a] - orderId[b]);
    for (const place of closed) this.#close(place);
  }
}

/**
 * Where a search for the order starts (Knuth 6.4, multiplicative hashing). Order ids are consecutive: taken as they are they
 * would stand in one long run, which every search for an absent order and every removal would walk.
 */
function homeOf(orderId: number): number {
  return Math.imul(counterOf(orderId), 0x9e3779b1) >>> (32 - INDEX_BITS);
}
