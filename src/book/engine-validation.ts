/** Walks over all state of the engine and checks its invariants. Cold paths. */
import { fail } from '../lib/assert.js';
import { TradingPhase } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { STOPS } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import * as orderLayout from './order-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Continuous } = TradingPhase;
const { COLD_NUMBER_SHIFT, EXPIRE_TIME, SHOWN } = coldLayout;
const { COUNT, HEAD, HIDDEN, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TAIL, TOTAL } = levelLayout;
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

/** What the walk has seen so far. */
interface Seen {
  readonly accounts: Set<number>;
  orders: number;
  links: number;
  expiries: number;
}

/** Throws InvariantError with the rule that is broken and where. */
export function validateEngine(state: EngineState): void {
  const { books, waiting, expiries, cold } = state;
  const { orders, index, accounts, levels } = books;
  const seen: Seen = { accounts: new Set(), orders: 0, links: 0, expiries: 0 };
  let levelCount = 0;
  for (let side = 0; side < levels.best.length; side++) {
    levelCount += levels.validate(side);
    for (let level = levels.best[side]; level !== 0; level = levels.worse(level))
      validateQueue(state, side, level, seen);
  }
  for (let instrument = 0; instrument < state.instruments.count; instrument++)
    validateInstrument(state, instrument, seen);
  waiting.validate();
  expiries.validate();
  if (levelCount !== levels.used) fail(`${levelCount} levels are on the books, ${levels.used} in use`);
  if (seen.orders !== orders.used)
    fail(`${seen.orders} orders are on the books or wait, ${orders.used} in use`);
  if (orders.countFree() !== orders.capacity - orders.used)
    fail('order pool: a record is lost or free twice');
  if (index.count() !== seen.orders) fail(`id index holds ${index.count()} ids of ${seen.orders} orders`);
  if (accounts.used !== seen.accounts.size)
    fail(`${accounts.used} account chains for ${seen.accounts.size} accounts`);
  if (cold.links * 2 !== seen.links) fail(`${seen.links} orders have a link, ${cold.links} pairs are linked`);
  if (expiries.used !== seen.expiries)
    fail(`${seen.expiries} orders expire, ${expiries.used} are in the heap`);
  let chained = 0;
  for (const account of seen.accounts) chained += validateChain(state, account);
  if (chained !== seen.orders) fail(`account chains hold ${chained} of ${seen.orders} orders`);
}

function validateInstrument(state: EngineState, instrument: number, seen: Seen): void {
  const { levels, orders } = state.books;
  const { instruments, waiting } = state;
  const buy = levels.bestPrice(instrument * 2);
  const sell = levels.bestPrice(instrument * 2 + 1);
  if (instruments.phase[instrument] === Continuous && buy >= sell)
    fail(`instrument ${instrument} is crossed: ${buy} >= ${sell}`);
  if (waiting.hasStops(instrument) !== ((instruments.flags[instrument] & STOPS) !== 0))
    fail(`instrument ${instrument}: the flag of its stops is wrong`);
  waiting.forEachSlot(instrument, (slot) => {
    if (orders.words[(slot << ORDER_SHIFT) | INSTRUMENT] !== instrument)
      fail(`an order of another instrument waits for ${instrument}`);
    validateOrder(state, slot, seen);
  });
}

/** What holds for every live order, on a book or not. */
function validateOrder(state: EngineState, slot: number, seen: Seen): void {
  const { books, cold, nextArrival } = state;
  const { words, numbers } = books.orders;
  const base = slot << ORDER_SHIFT;
  const { orderId } = books.describe(slot);
  const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
  if (!(leaves > 0 && leaves <= numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY]))
    fail(`order ${orderId}: leaves ${leaves}`);
  if (!(numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] < nextArrival))
    fail(`order ${orderId}: arrival not yet given out`);
  if (books.find(orderId) !== slot) fail(`order ${orderId} is not found by its id`);
  seen.accounts.add(words[base | ACCOUNT]);
  if (++seen.orders > books.orders.used) fail('more orders than are in use: a queue is a circle');
  const expires = cold.isSpecial(slot) && cold.numbers[(slot << COLD_NUMBER_SHIFT) | EXPIRE_TIME] !== 0;
  if (expires) seen.expiries++;
  const link = cold.linkOf(slot);
  if (link === 0) return;
  seen.links++;
  if (cold.linkOf(link) !== slot) fail(`order ${orderId}: its link is not mutual`);
  if (words[(link << ORDER_SHIFT) | INSTRUMENT] !== words[base | INSTRUMENT])
    fail(`order ${orderId} is linked to an order of another instrument`);
}

function validateQueue(state: EngineState, side: number, level: number, seen: Seen): void {
  const { books, cold } = state;
  const { words, numbers } = books.orders;
  const price = books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
  const levelBase = level << LEVEL_SHIFT;
  const before = seen.orders;
  let total = 0;
  let hidden = 0;
  let previous = 0;
  let slot = books.levels.words[levelBase | HEAD];
  for (; slot !== 0; slot = words[(slot << ORDER_SHIFT) | NEXT]) {
    const base = slot << ORDER_SHIFT;
    validateOrder(state, slot, seen);
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    const shown = cold.isSpecial(slot) ? cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN] : leaves;
    if (words[base | LEVEL] !== level) fail(`queue at ${price}: an order points elsewhere`);
    if (words[base | PREVIOUS] !== previous) fail(`queue at ${price}: a link back is wrong`);
    if (words[base | INSTRUMENT] !== side >> 1) fail(`queue at ${price}: an order of another instrument`);
    if (sideOf(words[base | ATTRIBUTES]) !== (side & 1) + 1) fail(`queue at ${price}: a side is wrong`);
    if (cold.waiting(slot) !== 0) fail(`queue at ${price}: an order waits`);
    if (!(shown > 0 && shown <= leaves)) fail(`queue at ${price}: ${shown} of ${leaves} shows`);
    total += shown;
    hidden += leaves - shown;
    previous = slot;
  }
  const count = seen.orders - before;
  if (books.levels.words[levelBase | TAIL] !== previous) fail(`queue at ${price}: last order is wrong`);
  if (books.levels.words[levelBase | COUNT] !== count || count === 0)
    fail(`queue at ${price}: ${count} orders`);
  if (books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] !== total)
    fail(`queue at ${price}: total is not ${total}`);
  if (books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | HIDDEN] !== hidden)
    fail(`queue at ${price}: ${hidden} is hidden`);
}

function validateChain({ books }: EngineState, account: number): number {
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
