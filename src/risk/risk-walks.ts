/** Walks over all risk state: the invariants, and the hash. Cold: they allocate and take time in proportion to the state. */
import { assert, fail } from '../lib/assert.js';
import { StateHash } from '../lib/state-hash.js';
import { LEDGER } from './controls-layout.js';
import { EXACT_CELLS } from './exact.js';
import { DAY_HIGH, DAY_START, SUM_CELLS } from './ledger-layout.js';
import { validateLedger } from './ledger-walk.js';
import {
  ACCOUNT,
  AMEND_SEQUENCE,
  EXIT,
  FILLED,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  LINKED,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PRICE,
  RESERVED,
  SIDE,
  SOURCE,
  TOTAL,
} from './open-orders.js';
import { BOUGHT, CASH, COST, OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY, SOLD } from './positions.js';
import type { RiskState } from './risk-state.js';

/** Throws InvariantError with the rule that is broken. */
export function validateRisk(state: RiskState): void {
  const { orders, positions } = state;
  const exposure = new Float64Array(positions.count * 2);
  const openOrders = new Int32Array(state.openOrders.length);
  let count = 0;
  orders.forEach((entry) => {
    validateOrder(state, entry);
    const words = orders.words.subarray(entry * ORDER_WORDS, (entry + 1) * ORDER_WORDS);
    const position = state.positionOf(words[ACCOUNT], words[INSTRUMENT]);
    exposure[position * 2 + words[SIDE] - 1] += countedOf(state, entry);
    if (orders.numbers[entry * ORDER_NUMBERS + RESERVED] > 0) openOrders[words[ACCOUNT]]++;
    count++;
  });
  assert(count === orders.count, 'risk: the count of open orders equals the orders in the table');
  assert(state.orphanFills === 0, 'risk: every fill is of an open order');
  openOrders.forEach((found, place) => {
    if (found !== state.openOrders[place]) {
      fail(`risk: account place ${place} counts ${state.openOrders[place]} open orders, has ${found}`);
    }
  });
  let active = 0;
  for (let position = 0; position < positions.count; position++) {
    validatePosition(state, position, exposure[position * 2], exposure[position * 2 + 1]);
    if (positions.cells[position * POSITION_CELLS + QUANTITY] !== 0) active++;
  }
  assert(active === positions.active, 'risk: the count of active positions equals those that are not flat');
  if ((state.features & LEDGER) !== 0) validateLedger(state);
}

/** Of two that count together, the larger in full and the other not at all, whichever of them is which. */
function countedOf(state: RiskState, entry: number): number {
  const { orders } = state;
  const own = orders.remaining(entry);
  if ((orders.flags(entry) & LINKED) === 0) return own;
  const partner = orders.partner[entry];
  if (orders.partner[partner] !== entry || (orders.flags(partner) & LINKED) === 0) {
    fail(`risk: order at ${entry} counts with ${partner}, which does not count with it`);
  }
  const other = orders.remaining(partner);
  const isLarger = own > other || (own === other && entry < partner);
  return isLarger ? own : 0;
}

function validateOrder(state: RiskState, entry: number): void {
  const { words, numbers } = state.orders;
  const order = entry * ORDER_NUMBERS;
  const found = state.orders.find(words[entry * ORDER_WORDS + ID_LOW], words[entry * ORDER_WORDS + ID_HIGH]);
  if (found !== entry) fail(`risk: the order at entry ${entry} is found at ${found}`);
  const [total, filled, reserved] = [
    numbers[order + TOTAL],
    numbers[order + FILLED],
    numbers[order + RESERVED],
  ];
  const isAsleep = (state.orders.flags(entry) & EXIT) !== 0 && reserved === 0;
  if (!(filled >= 0 && (filled < reserved || isAsleep) && total <= reserved)) {
    fail(`risk: order at ${entry} has total ${total}, filled ${filled}, reserved ${reserved}`);
  }
  if (numbers[order + AMEND_SEQUENCE] === 0 && total !== reserved) {
    fail(`risk: order at ${entry} reserves ${reserved} of ${total} without an amend in flight`);
  }
}

function validatePosition(state: RiskState, position: number, buys: number, sells: number): void {
  const { cells } = state.positions;
  const at = position * POSITION_CELLS;
  const [quantity, bought, sold] = [cells[at + QUANTITY], cells[at + BOUGHT], cells[at + SOLD]];
  if (quantity !== bought - sold)
    fail(`risk: position ${position} is ${quantity}, bought ${bought}, sold ${sold}`);
  if (cells[at + OPEN_BUY] !== buys || cells[at + OPEN_SELL] !== sells) {
    fail(
      `risk: position ${position} counts ${cells[at + OPEN_BUY]} and ${cells[at + OPEN_SELL]} open, orders have ${buys} and ${sells}`,
    );
  }
  for (let at2 = at + CASH; at2 < at + CASH + 3 * EXACT_CELLS; at2 += EXACT_CELLS) {
    const low = cells[at2 + 1];
    if (!(Number.isInteger(cells[at2]) && low >= 0 && low < 2 ** 50)) {
      fail(`risk: position ${position} holds a notional of ${cells[at2]} and ${low}`);
    }
  }
  const flat = cells[at + COST] === 0 && cells[at + COST + 1] === 0;
  if ((quantity === 0) !== flat)
    fail(`risk: position ${position} of ${quantity} lots has cost ${cells[at + COST + 1]}`);
}

/** The same for every implementation: orders by id, everything else in its own order. */
export function riskStateHash(state: RiskState): string {
  const hash = new StateHash();
  const { orders, positions } = state;
  const { words, numbers } = orders;
  const entries: number[] = [];
  orders.forEach((entry) => {
    entries.push(entry);
  });
  const idOf = (entry: number): number =>
    words[entry * ORDER_WORDS + ID_HIGH] * 2 ** 32 + (words[entry * ORDER_WORDS + ID_LOW] >>> 0);
  entries.sort((a, b) => idOf(a) - idOf(b));
  for (const entry of entries) {
    hash.add(idOf(entry));
    for (const word of [ACCOUNT, INSTRUMENT, SIDE, SOURCE]) hash.add(words[entry * ORDER_WORDS + word]);
    for (const number of [PRICE, TOTAL, FILLED, RESERVED, AMEND_SEQUENCE]) {
      hash.add(numbers[entry * ORDER_NUMBERS + number]);
    }
    hash.add(orders.worst[entry]);
    hash.add(orders.stops[entry]);
    if ((orders.flags(entry) & LINKED) !== 0) hash.add(idOf(orders.partner[entry]));
  }
  positions.cells.forEach((value) => {
    hash.add(value);
  });
  state.reference.forEach((value) => {
    hash.add(value);
  });
  state.rates.forEachCell((value) => {
    hash.add(value);
  });
  state.breaker.forEachCell((value) => {
    hash.add(value);
  });
  state.cancelToTrade.forEachCell((value) => {
    hash.add(value);
  });
  const { sums } = state.ledger;
  for (let at = 0; at < sums.length; at += SUM_CELLS) {
    for (const cell of [DAY_START, DAY_START + 1, DAY_HIGH, DAY_HIGH + 1]) hash.add(sums[at + cell]);
  }
  state.clientOrderIds.forEach((account, low, high) => {
    for (const word of [account, low, high]) hash.add(word);
  });
  for (const ids of [state.lastIdLow, state.lastIdHigh]) {
    for (const word of ids) hash.add(word);
  }
  return hash.hex();
}
