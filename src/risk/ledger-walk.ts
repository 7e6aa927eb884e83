/** The ledger against what it follows from, in obvious arithmetic: fills, open orders, last prices. Cold. */
import { fail } from '../lib/assert.js';
import { Side } from '../lib/enums.js';
import { ACCOUNT_STRIDE, FEE, INITIAL_MARGIN, MAINTENANCE_MARGIN, MODE } from './controls-layout.js';
import { EXACT_CELLS, toBigInt } from './exact.js';
import {
  BASE,
  BASE_BUYS,
  BASE_SELLS,
  HOLDS,
  INITIAL,
  MAINTENANCE,
  MARKED,
  OWN_CELLS,
  OWN_MARK,
  QUOTE,
  VALUE,
} from './ledger-layout.js';
import { FEE_DENOMINATOR, MARGIN_DENOMINATOR, MODE_MARGIN } from './limits.js';
import { ACCOUNT, INSTRUMENT, LINKED, ORDER_WORDS, SECONDARY, SIDE } from './open-orders.js';
import { CASH, FEES, OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } from './positions.js';
import type { RiskState } from './risk-state.js';

const SUM_NAMES: Readonly<Record<number, string>> = {
  [QUOTE]: 'cash',
  [BASE]: 'base currency',
  [BASE_BUYS]: 'open buys',
  [BASE_SELLS]: 'open sells',
  [MARKED]: 'positions at last prices',
  [VALUE]: 'worst values',
  [INITIAL]: 'initial margin',
  [MAINTENANCE]: 'maintenance margin',
  [HOLDS]: 'holds',
};

/** Throws InvariantError with the account, the currency and the sum that is wrong. */
export function validateLedger(state: RiskState): void {
  const { ledger, controls } = state;
  const expected = new Map<number, bigint>();
  const add = (place: number, currency: number, sum: number, value: bigint): void => {
    const at = ledger.sumsOf(place, currency) + sum;
    expected.set(at, (expected.get(at) ?? 0n) + value);
  };
  for (let position = 0; position < state.positions.count; position++) addPosition(state, position, add);
  state.orders.forEach((entry) => {
    addHold(state, entry, add);
  });
  for (let place = 0; place < controls.layout.accounts; place++) {
    for (const [currency, name] of ledger.currencies.names.entries()) {
      for (const [sum, label] of Object.entries(SUM_NAMES)) {
        const at = ledger.sumsOf(place, currency) + Number(sum);
        const wanted = expected.get(at) ?? 0n;
        const found = toBigInt(ledger.sums, at);
        if (found !== wanted) {
          fail(
            `risk: ${label} of account ${controls.accountIds[place]} in ${name} is ${found}, should be ${wanted}`,
          );
        }
      }
      if (toBigInt(ledger.sums, ledger.sumsOf(place, currency) + HOLDS) < 0n)
        fail(`risk: holds in ${name} below 0`);
    }
  }
}

type Add = (place: number, currency: number, sum: number, value: bigint) => void;

function addPosition(state: RiskState, position: number, add: Add): void {
  const { controls, ledger, instruments } = state;
  const { cells } = state.positions;
  const place = Math.floor(position / instruments);
  const instrument = position % instruments;
  const { quote, base, quoteUnits, baseUnits } = ledger.currencies;
  const at = position * POSITION_CELLS;
  const unit = BigInt(quoteUnits[instrument]);
  const mark = ledger.own[position * OWN_CELLS + OWN_MARK];
  if (state.losses.isWatched(place) && isOpen(cells, at) && mark !== state.reference[instrument]) {
    fail(`risk: position ${position} is marked at ${mark}, last price ${state.reference[instrument]}`);
  }
  const cash = toBigInt(cells, at + CASH) - toBigInt(cells, at + FEES);
  add(place, quote[instrument], QUOTE, cash * unit);
  const [quantity, buys, sells] = [cells[at + QUANTITY], cells[at + OPEN_BUY], cells[at + OPEN_SELL]].map(
    BigInt,
  );
  const baseUnit = BigInt(baseUnits[instrument]);
  add(place, base[instrument], BASE, quantity * baseUnit);
  add(place, base[instrument], BASE_BUYS, buys * baseUnit);
  add(place, base[instrument], BASE_SELLS, sells * baseUnit);
  const price = BigInt(mark) * unit;
  const worst = quantity + buys > sells - quantity ? quantity + buys : sells - quantity;
  add(place, quote[instrument], MARKED, price * quantity);
  add(place, quote[instrument], VALUE, price * worst);
  if (controls.cells[controls.layout.accountLimits + place * ACCOUNT_STRIDE + MODE] !== MODE_MARGIN) return;
  const limits = state.limitsOf(place, instrument);
  const size = quantity < 0n ? -quantity : quantity;
  add(
    place,
    quote[instrument],
    INITIAL,
    shareUp(price * worst, controls.cells[limits + INITIAL_MARGIN], MARGIN_DENOMINATOR),
  );
  add(
    place,
    quote[instrument],
    MAINTENANCE,
    shareUp(price * size, controls.cells[limits + MAINTENANCE_MARGIN], MARGIN_DENOMINATOR),
  );
}

function addHold(state: RiskState, entry: number, add: Add): void {
  const { orders } = state;
  const at = entry * ORDER_WORDS;
  let hold = fullHold(state, entry);
  if ((orders.flags(entry) & LINKED) !== 0 && (orders.flags(entry) & SECONDARY) !== 0) {
    const other = fullHold(state, orders.partner[entry]);
    hold = hold > other ? hold - other : 0n;
  }
  const kept = toBigInt(orders.holds, entry * EXACT_CELLS);
  if (kept !== hold) fail(`risk: order at ${entry} holds ${kept}, should hold ${hold}`);
  const { quote, base } = state.ledger.currencies;
  const instrument = orders.words[at + INSTRUMENT];
  const currency = orders.words[at + SIDE] === Side.Buy ? quote[instrument] : base[instrument];
  add(orders.words[at + ACCOUNT], currency, HOLDS, hold);
}

function fullHold(state: RiskState, entry: number): bigint {
  const { orders, controls } = state;
  const { quoteUnits, baseUnits } = state.ledger.currencies;
  const at = entry * ORDER_WORDS;
  const instrument = orders.words[at + INSTRUMENT];
  const lots = BigInt(orders.remaining(entry));
  if (orders.words[at + SIDE] === Side.Sell) return lots * BigInt(baseUnits[instrument]);
  const value = BigInt(orders.worst[entry]) * BigInt(quoteUnits[instrument]) * lots;
  const limits = state.limitsOf(orders.words[at + ACCOUNT], instrument);
  const fee = Math.max(controls.cells[limits + FEE], state.fees[instrument]);
  return value + shareUp(value, fee, FEE_DENOMINATOR);
}

function isOpen(cells: Float64Array, at: number): boolean {
  return cells[at + QUANTITY] !== 0 || cells[at + OPEN_BUY] !== 0 || cells[at + OPEN_SELL] !== 0;
}

function shareUp(value: bigint, rate: number, denominator: number): bigint {
  return (value * BigInt(rate) + BigInt(denominator) - 1n) / BigInt(denominator);
}
