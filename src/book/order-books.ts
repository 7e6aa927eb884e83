/**
 * All resting orders of a shard: records, price levels with their queues, the id index and the account chains,
 * kept consistent with each other. No rule of matching lives here.
 */
import { AccountOrders } from './account-orders.js';
import * as levelLayout from './level-layout.js';
import type { MatchingCommand, ResolvedCapacities, RestingOrder } from './matching.js';
import { OrderIndex } from './order-index.js';
import * as orderLayout from './order-layout.js';
import { OrderPool } from './order-pool.js';
import { PriceLevels } from './price-levels.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { COUNT, HEAD, HIDDEN, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TAIL, TOTAL } = levelLayout;
const {
  ACCOUNT,
  ARRIVAL,
  ATTRIBUTES,
  flagsOf,
  highWord,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  joinWords,
  LEAVES,
  LEVEL,
  NEXT,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  orderTypeOf,
  PREVIOUS,
  QUANTITY,
  sideOf,
  sourceOf,
  timeInForceOf,
  TWO_32,
} = orderLayout;

export class OrderBooks {
  /** Id for {@link findWanted}; as an argument it would be boxed wherever V8 does not inline the call. */
  wantedId = Number.NaN;
  declare readonly orders: OrderPool;
  declare readonly index: OrderIndex;
  declare readonly accounts: AccountOrders;
  declare readonly levels: PriceLevels;

  constructor(capacities: ResolvedCapacities) {
    this.orders = new OrderPool(capacities.orders);
    this.index = new OrderIndex(this.orders);
    this.accounts = new AccountOrders(capacities.accounts, this.orders);
    this.levels = new PriceLevels(capacities.instruments, capacities.levels);
  }

  /** Slot of the order with the id in `wantedId`, 0 when there is none. */
  findWanted(): number {
    return this.index.find(this.wantedId | 0, Math.floor(this.wantedId / TWO_32) | 0);
  }

  /** Slot of the live order with this id, 0 when there is none. Cold paths: a wide id is boxed on the way. */
  find(orderId: number): number {
    return this.index.find(orderId | 0, highWord(orderId));
  }

  /** Can the command's order rest at `level` (0: a new one)? Asked before it trades, as if it rested in full. */
  hasRoom(level: number, command: MatchingCommand): boolean {
    const { levels, accounts } = this;
    if (!accounts.hasRoom(command.account | 0)) return false;
    if (level === 0) return levels.used < levels.capacity;
    const base = level << LEVEL_NUMBER_SHIFT;
    const open = levels.numbers[base | TOTAL] + levels.numbers[base | HIDDEN];
    return open <= Number.MAX_SAFE_INTEGER - command.quantity;
  }

  /** Can a resting order move to `level` (0: a new one)? It leaves its own, which goes if it was alone there. */
  hasRoomToMove(slot: number, level: number, command: MatchingCommand): boolean {
    const { levels, orders } = this;
    const own = orders.words[(slot << ORDER_SHIFT) | LEVEL];
    if (level === 0) return levels.used < levels.capacity || levels.words[(own << LEVEL_SHIFT) | COUNT] === 1;
    const leaves = orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    const filled = orders.numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] - leaves;
    const base = level << LEVEL_NUMBER_SHIFT;
    const open = levels.numbers[base | TOTAL] + levels.numbers[base | HIDDEN];
    const others = level === own ? open - leaves : open;
    return others <= Number.MAX_SAFE_INTEGER - (command.quantity - filled);
  }

  /** Makes the order known by id and account. */
  register(slot: number): void {
    const base = slot << ORDER_SHIFT;
    this.index.insert(this.orders.words[base | ID_LOW], this.orders.words[base | ID_HIGH], slot);
    this.accounts.append(slot);
  }

  /** Ends the order: unknown by id and account, record free. It must be off its queue. */
  forget(slot: number): void {
    const base = slot << ORDER_SHIFT;
    this.index.remove(this.orders.words[base | ID_LOW], this.orders.words[base | ID_HIGH], slot);
    this.accounts.unlink(slot);
    this.orders.release(slot);
  }

  /** Puts the order at the end of the queue of `level` and its leaves into the total. */
  enqueue(slot: number, level: number): void {
    const words = this.orders.words;
    const levelWords = this.levels.words;
    const base = slot << ORDER_SHIFT;
    const levelBase = level << LEVEL_SHIFT;
    const tail = levelWords[levelBase | TAIL];
    if (levelWords[levelBase | COUNT] === 0) {
      levelWords[levelBase | HEAD] = slot;
      words[base | PREVIOUS] = 0;
    } else {
      words[(tail << ORDER_SHIFT) | NEXT] = slot;
      words[base | PREVIOUS] = tail;
    }
    levelWords[levelBase | TAIL] = slot;
    levelWords[levelBase | COUNT]++;
    words[base | NEXT] = 0;
    words[base | LEVEL] = level;
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] +=
      this.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
  }

  /** Takes the order off its queue and its leaves out of the total; an empty level goes. */
  dequeue(slot: number): void {
    const words = this.orders.words;
    const levelWords = this.levels.words;
    const base = slot << ORDER_SHIFT;
    const level = words[base | LEVEL];
    const levelBase = level << LEVEL_SHIFT;
    const count = levelWords[levelBase | COUNT] - 1;
    if (count === 0) {
      this.levels.remove(level);
      return;
    }
    levelWords[levelBase | COUNT] = count;
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -=
      this.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    const next = words[base | NEXT];
    const previous = words[base | PREVIOUS];
    if (previous === 0) levelWords[levelBase | HEAD] = next;
    else words[(previous << ORDER_SHIFT) | NEXT] = next;
    if (next === 0) levelWords[levelBase | TAIL] = previous;
    else words[(next << ORDER_SHIFT) | PREVIOUS] = previous;
  }

  /** Lowers the total quantity of a resting order to the command's; it keeps its place. */
  reduce(slot: number, command: MatchingCommand): void {
    const { words, numbers } = this.orders;
    const less = numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] - command.quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] = command.quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] -= less;
    this.levels.numbers[(words[(slot << ORDER_SHIFT) | LEVEL] << LEVEL_NUMBER_SHIFT) | TOTAL] -= less;
  }

  /** Limit price of a resting order. */
  priceOf(slot: number): number {
    return this.levels.numbers[
      (this.orders.words[(slot << ORDER_SHIFT) | LEVEL] << LEVEL_NUMBER_SHIFT) | PRICE
    ];
  }

  /** Calls `visit` with the slots of one book side in priority order. */
  forEachSlot(side: number, visit: (slot: number) => void): void {
    const { orders, levels } = this;
    for (let level = levels.best[side]; level !== 0; level = levels.worse(level)) {
      let slot = levels.words[(level << LEVEL_SHIFT) | HEAD];
      for (; slot !== 0; slot = orders.words[(slot << ORDER_SHIFT) | NEXT]) visit(slot);
    }
  }

  /** A copy of a resting order. */
  describe(slot: number): RestingOrder {
    const { words, numbers } = this.orders;
    const base = slot << ORDER_SHIFT;
    const attributes = words[base | ATTRIBUTES];
    return {
      orderId: joinWords(words[base | ID_LOW], words[base | ID_HIGH]),
      account: words[base | ACCOUNT] >>> 0,
      instrument: words[base | INSTRUMENT],
      source: sourceOf(attributes),
      side: sideOf(attributes),
      orderType: orderTypeOf(attributes),
      timeInForce: timeInForceOf(attributes),
      flags: flagsOf(attributes),
      price: this.priceOf(slot),
      quantity: numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY],
      leavesQuantity: numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES],
      arrival: numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL],
    };
  }
}
