/** Walks over all resting orders of the engine: the state hash and the invariants. Cold paths. */
import { fail } from '../lib/assert.js';
import { StateHash } from '../lib/state-hash.js';
import * as levelLayout from './level-layout.js';
import type { OrderBooks } from './order-books.js';
import * as orderLayout from './order-layout.js';
import { addPlainOrder } from './state-hash.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { COUNT, HEAD, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TAIL, TOTAL } = levelLayout;
const {
  ACCOUNT,
  ARRIVAL,
  ATTRIBUTES,
  INSTRUMENT,
  LEAVES,
  LEVEL,
  NEXT,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  PREVIOUS,
  QUANTITY,
  sideOf,
} = orderLayout;

/** The contract's state hash; see Matching.stateHash. */
export function hashBooks(books: OrderBooks, nextTradeId: number, nextArrival: number): string {
  const hash = new StateHash();
  hash.add(nextTradeId);
  hash.add(nextArrival);
  for (let side = 0; side < books.levels.best.length; side++) {
    books.forEachSlot(side, (slot) => addPlainOrder(hash, books.describe(slot)));
  }
  return hash.hex();
}

/** Throws InvariantError with the rule that is broken and where. */
export function validateBooks(books: OrderBooks, nextArrival: number): void {
  const { orders, index, accounts, levels } = books;
  const seenAccounts = new Set<number>();
  let orderCount = 0;
  let levelCount = 0;
  for (let side = 0; side < levels.best.length; side++) {
    levelCount += levels.validate(side);
    for (let level = levels.best[side]; level !== 0; level = levels.worse(level)) {
      orderCount += validateQueue(books, side, level, nextArrival, seenAccounts);
    }
    if ((side & 1) === 0 && levels.bestPrice(side) >= levels.bestPrice(side + 1)) {
      fail(`instrument ${side >> 1} is crossed: ${levels.bestPrice(side)} >= ${levels.bestPrice(side + 1)}`);
    }
  }
  if (levelCount !== levels.used) fail(`${levelCount} levels are on the books, ${levels.used} in use`);
  if (orderCount !== orders.used) fail(`${orderCount} orders are on the books, ${orders.used} in use`);
  if (orders.countFree() !== orders.capacity - orders.used)
    fail('order pool: a record is lost or free twice');
  if (index.count() !== orderCount) fail(`id index holds ${index.count()} ids of ${orderCount} orders`);
  if (accounts.used !== seenAccounts.size)
    fail(`${accounts.used} account chains for ${seenAccounts.size} accounts`);
  let chained = 0;
  for (const account of seenAccounts) chained += validateChain(books, account);
  if (chained !== orderCount) fail(`account chains hold ${chained} of ${orderCount} orders`);
}

function validateQueue(
  books: OrderBooks,
  side: number,
  level: number,
  nextArrival: number,
  accounts: Set<number>,
): number {
  const { words, numbers } = books.orders;
  const price = books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
  const levelBase = level << LEVEL_SHIFT;
  let count = 0;
  let total = 0;
  let previous = 0;
  for (
    let slot = books.levels.words[levelBase | HEAD];
    slot !== 0;
    slot = words[(slot << ORDER_SHIFT) | NEXT]
  ) {
    const base = slot << ORDER_SHIFT;
    const { orderId } = books.describe(slot);
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (words[base | LEVEL] !== level) fail(`order ${orderId} is queued at ${price} but points elsewhere`);
    if (words[base | PREVIOUS] !== previous) fail(`order ${orderId}: link to the order before it is wrong`);
    if (words[base | INSTRUMENT] !== side >> 1) fail(`order ${orderId} is on the book of another instrument`);
    if (sideOf(words[base | ATTRIBUTES]) !== (side & 1) + 1) fail(`order ${orderId} is on the wrong side`);
    if (!(leaves > 0 && leaves <= numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY]))
      fail(`order ${orderId}: leaves ${leaves}`);
    if (!(numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] < nextArrival))
      fail(`order ${orderId}: arrival not yet given out`);
    if (books.find(orderId) !== slot) fail(`order ${orderId} is not found by its id`);
    accounts.add(words[base | ACCOUNT]);
    total += leaves;
    previous = slot;
    if (++count > books.orders.used) fail(`queue at ${price} is a circle`);
  }
  if (books.levels.words[levelBase | TAIL] !== previous) fail(`queue at ${price}: last order is wrong`);
  if (books.levels.words[levelBase | COUNT] !== count || count === 0)
    fail(`queue at ${price}: ${count} orders`);
  if (books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] !== total)
    fail(`queue at ${price}: total is not ${total}`);
  return count;
}

function validateChain(books: OrderBooks, account: number): number {
  const { words, numbers } = books.orders;
  let count = 0;
  let arrival = 0;
  for (let slot = books.accounts.first(account); slot !== 0; slot = books.accounts.next(slot)) {
    if (words[(slot << ORDER_SHIFT) | ACCOUNT] !== account)
      fail(`chain of account ${account} holds a foreign order`);
    if (numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] <= arrival)
      fail(`chain of account ${account} is out of order`);
    arrival = numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL];
    if (++count > books.orders.used) fail(`chain of account ${account} is a circle`);
  }
  return count;
}
