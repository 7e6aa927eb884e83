import { OrderStatus } from '../../lib/enums.js';
import { GATEWAY_SOURCE, sourceOf } from '../../lib/order-ids.js';
import { MAXIMUM_SHARDS, shardOfNumber } from '../../lib/shards.js';
import { addProduct, addToSum } from './exact-sum.js';
import { IdIndex, NONE } from './id-index.js';
import { presentOf, writeConditions } from './order-conditions.js';
import { exitsOf, MAXIMUM_IDS, type OrderRequest } from './order-terms.js';
import { OwnerLists } from './owner-lists.js';
import {
  CLIENT_TEXT_BYTES,
  EXECUTION_CAPACITY,
  type ExecutionColumns,
  HEADER_COMMANDS,
  HEADER_EVENTS,
  HEADER_EXECUTIONS,
  HEADER_ORDERS,
  HEADER_SESSIONS,
  type Liquidity,
  ORDER_CAPACITY,
  type OrderColumns,
  OrderState,
  type StoreMemory,
} from './store-layout.js';

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

  // Derived, private: index by order id, open orders by session, free places, closed orders by age, all orders by age.
  readonly #index: IdIndex;
  /** Open orders of sessions, without those whose cancel the session's end has already sent. */
  readonly owners: OwnerLists;
  readonly #free = new Int32Array(ORDER_CAPACITY);
  #freeCount = 0;
  readonly #closed = new Int32Array(ORDER_CAPACITY);
  #closedStart = 0;
  #closedCount = 0;
  readonly #older = new Int32Array(ORDER_CAPACITY).fill(NONE);
  readonly #newer = new Int32Array(ORDER_CAPACITY).fill(NONE);
  #newest: number = NONE;
  /** Exits that open bracket entries have announced, and by shard those that the entries which ended in its command still have. */
  #announcedExits = 0;
  readonly #dueExits = new Int32Array(MAXIMUM_SHARDS);
  /** Shard of the event in hand. */
  #shard = 0;

  constructor(memory: StoreMemory) {
    this.orders = memory.orders;
    this.#index = new IdIndex(memory.orders.orderId);
    this.owners = new OwnerLists(memory.orders.owner);
    this.executions = memory.executions;
    this.#header = memory.header;
    const { clientText } = memory.orders;
    this.#text = Buffer.from(
      clientText.buffer as unknown as ArrayBuffer,
      clientText.byteOffset,
      clientText.length,
    );
    if (!memory.used) {
      for (let i = 0; i < ORDER_CAPACITY; i++) this.#free[i] = ORDER_CAPACITY - 1 - i;
      this.#freeCount = ORDER_CAPACITY;
      return;
    }
    this.#rebuild();
    // The gateway before this one may have died between the ring and this store: its last numbers are not given out again.
    this.takeCommand(MAXIMUM_IDS);
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

  /** Takes the next numbers: one for a command, three for a bracket. */
  takeCommand(count = 1): void {
    this.#header[HEADER_COMMANDS] += count;
  }

  /** A number for a new session, of this gateway or one before it never given out. */
  nextSession(): number {
    return ++this.#header[HEADER_SESSIONS];
  }

  /** An event comes in. False: its effect is in the store already. Until the next one, what changes is its shard's doing. */
  beginEvent(sequence: number): boolean {
    this.#shard = shardOfNumber(sequence);
    return sequence > this.#header[HEADER_EVENTS + this.#shard];
  }

  /** The effect of the event in hand is in the store. */
  endEvent(sequence: number): void {
    this.#header[HEADER_EVENTS + this.#shard] = sequence;
  }

  /** Sequence of the last event of a shard whose effect is in the store; 0: none. */
  lastEvent(shard: number): number {
    return this.#header[HEADER_EVENTS + shard];
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

  /** Is there room for an order that brings so many exits, beside those announced? */
  hasRoom(exits = 0): boolean {
    let taken = this.#announcedExits + exits;
    for (let shard = 0; shard < MAXIMUM_SHARDS; shard++) taken += this.#dueExits[shard];
    return this.#freeCount + this.#closedCount > taken;
  }

  /**
   * Keeps an order not yet answered; returns its place. Only after {@link hasRoom}; exits have had their room since their
   * entry was taken. `owner`: the session to which it belongs, 0 for none.
   */
  add(orderId: number, request: OrderRequest, received: number, owner = 0): number {
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
    orders.feesHigh[place] = 0;
    orders.feesLow[place] = 0;
    orders.rank[place] = ++this.#header[HEADER_ORDERS];
    orders.account[place] = request.account;
    orders.instrument[place] = request.instrument;
    orders.owner[place] = owner;
    orders.side[place] = request.side;
    orders.orderType[place] = request.orderType;
    orders.timeInForce[place] = request.timeInForce;
    orders.flags[place] = request.flags;
    orders.status[place] = OrderStatus.None;
    orders.reason[place] = 0;
    orders.selfTradePrevention[place] = request.selfTradePrevention;
    orders.state[place] = request.conditional ? OrderState.Conditional : 0;
    if (request.conditional) writeConditions(orders, place, request.conditions);
    const at = place * CLIENT_TEXT_BYTES;
    this.#text[at] = request.clientOrderId.length;
    this.#text.write(request.clientOrderId, at + 1, 'latin1');
    orders.orderId[place] = orderId;
    this.#link(place);
    return place;
  }

  /** Keeps an exit of a bracket, which takes one of the places announced for it. */
  addExit(orderId: number, request: OrderRequest, received: number, owner: number): number {
    if (this.#dueExits[this.#shard] > 0) this.#dueExits[this.#shard]--;
    return this.add(orderId, request, received, owner);
  }

  /** The event in hand ends its command: exits of entries that ended with it will not come any more. */
  endCommand(): void {
    this.#dueExits[this.#shard] = 0;
  }

  /** Place of an order, {@link NONE} when it is not (or no longer) held. */
  find(orderId: number): number {
    return sourceOf(orderId) === GATEWAY_SOURCE ? this.#index.find(orderId) : NONE;
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
    if (!wasOpen || this.isOpen(place)) return;
    this.#close(place);
    this.owners.unlink(place);
    const exits = exitsOf(presentOf(this.orders, place));
    this.#announcedExits -= exits;
    this.#dueExits[this.#shard] += exits;
  }

  /** Writes an execution of the order at `place` and what it changes there; returns its number. */
  addExecution(
    place: number,
    tradeId: number,
    price: number,
    quantity: number,
    leaves: number,
    liquidity: Liquidity,
    fee: number,
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
    executions.fee[at] = fee;
    executions.account[at] = orders.account[place];
    executions.instrument[at] = orders.instrument[place];
    executions.side[at] = orders.side[place];
    executions.liquidity[at] = liquidity;
    orders.lastExecution[place] = number;
    orders.executions[place]++;
    orders.filled[place] += quantity;
    orders.leaves[place] = leaves;
    orders.updated[place] = timestamp;
    addProduct(orders.notionalHigh, orders.notionalLow, place, price, quantity);
    if (fee !== 0) addToSum(orders.feesHigh, orders.feesLow, place, fee);
    this.#header[HEADER_EXECUTIONS] = number;
    return number;
  }

  #link(place: number): void {
    const { orders } = this;
    this.#index.add(place);
    this.#older[place] = this.#newest;
    this.#newer[place] = NONE;
    if (this.#newest !== NONE) this.#newer[this.#newest] = place;
    this.#newest = place;
    if (!this.isOpen(place)) return;
    this.owners.link(place);
    this.#announcedExits += exitsOf(presentOf(orders, place));
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
    this.#index.remove(place);
    const newer = this.#newer[place];
    const older = this.#older[place];
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    if (older !== NONE) this.#newer[older] = newer;
    this.orders.orderId[place] = 0;
    this.#free[this.#freeCount++] = place;
  }

  /** Derives index and lists from the columns of a used store. */
  #rebuild(): void {
    const { orderId, updated, rank } = this.orders;
    const places: number[] = [];
    for (let place = ORDER_CAPACITY - 1; place >= 0; place--) {
      if (orderId[place] === 0) this.#free[this.#freeCount++] = place;
      else places.push(place);
    }
    places.sort((a, b) => rank[a] - rank[b]);
    for (const place of places) this.#link(place);
    const closed = places.filter((place) => !this.isOpen(place));
    closed.sort((a, b) => updated[a] - updated[b] || rank[a] - rank[b]);
    for (const place of closed) this.#close(place);
  }
}
