/** What the candidate means for the account's money: limits by currency, cash, margin. Needs the ledger. */
import { Reason, Side } from '../../lib/enums.js';
import * as amounts from '../amounts.js';
import {
  addNumber,
  addValue,
  exceedsNumber,
  isNegative,
  setProduct,
  setValue,
  subtractValue,
} from '../amounts.js';
import type { Candidate } from '../candidate.js';
import * as controlCells from '../controls-layout.js';
import * as exact from '../exact.js';
import * as ledgerSums from '../ledger-layout.js';
import * as limitUnits from '../limits.js';
import * as records from '../open-orders.js';
import type { RiskState } from '../risk-state.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { FIRST, SECOND, scratch, THIRD } = amounts;
const { EXACT_CELLS, operands } = exact;
const {
  ACCOUNT_STRIDE,
  CURRENCY_STRIDE,
  MAX_CURRENCY_NOTIONAL,
  MAX_CURRENCY_POSITION,
  MAX_ORDER_VALUE,
  MODE,
  OPENING_BALANCE,
} = controlCells;
const { BASE, BASE_BUYS, BASE_SELLS, HOLDS, MAINTENANCE, QUOTE } = ledgerSums;
const { MODE_CASH, MODE_MARGIN } = limitUnits;
const { LINKED } = records;

/** Why the candidate must not pass, or None. */
export function checkMoney(state: RiskState, candidate: Candidate): Reason {
  const { cells, layout } = state.controls;
  const { instrument, place } = candidate;
  const { ledger } = state;
  const limits =
    layout.currencyLimits +
    (place * layout.currencies + ledger.currencies.quote[instrument]) * CURRENCY_STRIDE;
  operands[0] = candidate.worst * ledger.currencies.quoteUnits[instrument];
  operands[1] = candidate.quantity;
  setProduct(FIRST);
  operands[0] = cells[limits + MAX_ORDER_VALUE];
  if (exceedsNumber(FIRST)) return Reason.OrderNotionalLimit;
  const mode = cells[layout.accountLimits + place * ACCOUNT_STRIDE + MODE];
  if (mode === MODE_CASH && !isCovered(state, candidate)) return Reason.InsufficientBalance;
  if (candidate.isReducing) return Reason.None;
  if (candidate.worstAfter > candidate.worstBefore) {
    ledger.valueWith(candidate.position, place, instrument, candidate.worstAfter);
    operands[0] = cells[limits + MAX_CURRENCY_NOTIONAL];
    if (exceedsNumber(FIRST)) return Reason.CurrencyNotionalLimit;
  }
  if (exceedsCurrencyPosition(state, candidate)) return Reason.CurrencyPositionLimit;
  return mode === MODE_MARGIN ? checkMargin(state, candidate) : Reason.None;
}

/** Net quantity of the base currency, as if all open orders of the candidate's side were filled in every instrument of it. */
function exceedsCurrencyPosition(state: RiskState, candidate: Candidate): boolean {
  const { cells, layout } = state.controls;
  const { sums, currencies } = state.ledger;
  const base = currencies.base[candidate.instrument];
  const limits = layout.currencyLimits + (candidate.place * layout.currencies + base) * CURRENCY_STRIDE;
  const limit = cells[limits + MAX_CURRENCY_POSITION];
  if (limit === Number.POSITIVE_INFINITY) return false;
  const at = state.ledger.sumsOf(candidate.place, base);
  operands[0] = candidate.added;
  operands[1] = currencies.baseUnits[candidate.instrument];
  setProduct(FIRST);
  if (candidate.side === Side.Buy) {
    addValue(scratch, FIRST, sums, at + BASE);
    addValue(scratch, FIRST, sums, at + BASE_BUYS);
  } else {
    addValue(scratch, FIRST, sums, at + BASE_SELLS);
    subtractValue(scratch, FIRST, sums, at + BASE);
  }
  operands[0] = limit;
  return exceedsNumber(FIRST);
}

/** Is what the candidate holds more than before available: deposits and what fills have brought, less all holds? */
function isCovered(state: RiskState, candidate: Candidate): boolean {
  const { cells, layout } = state.controls;
  const { ledger, orders } = state;
  const { side, position, instrument, place, entry, isAmend } = candidate;
  operands[0] = candidate.worst;
  operands[1] = isAmend ? state.reservedWith(entry, candidate.quantity) : candidate.quantity;
  ledger.holds.of(FIRST, side, position, instrument);
  // What it holds already, with an order that counts beside it: only the larger of the two holds in full.
  if (entry >= 0) {
    subtractValue(scratch, FIRST, orders.holds, entry * EXACT_CELLS);
    if (isAmend && (orders.flags(entry) & LINKED) !== 0) {
      subtractValue(scratch, FIRST, orders.holds, orders.partner[entry] * EXACT_CELLS);
    }
  }
  if (isNegative(FIRST) || (scratch[FIRST] === 0 && scratch[FIRST + 1] === 0)) return true;
  const { quote, base } = ledger.currencies;
  const currency = side === Side.Buy ? quote[instrument] : base[instrument];
  const at = ledger.sumsOf(place, currency);
  setValue(SECOND, ledger.sums, at + QUOTE);
  addValue(scratch, SECOND, ledger.sums, at + BASE);
  subtractValue(scratch, SECOND, ledger.sums, at + HOLDS);
  operands[0] =
    cells[layout.currencyLimits + (place * layout.currencies + currency) * CURRENCY_STRIDE + OPENING_BALANCE];
  addNumber(SECOND);
  subtractValue(scratch, SECOND, scratch, FIRST);
  return !isNegative(SECOND);
}

/** Equity covers the maintenance margin of what there is, and the initial margin of what there may be with the candidate. */
function checkMargin(state: RiskState, candidate: Candidate): Reason {
  const { cells, layout } = state.controls;
  const { ledger } = state;
  const { place, position, instrument } = candidate;
  const currency = ledger.currencies.quote[instrument];
  ledger.profit(place, currency);
  operands[0] =
    cells[layout.currencyLimits + (place * layout.currencies + currency) * CURRENCY_STRIDE + OPENING_BALANCE];
  addNumber(THIRD);
  setValue(SECOND, scratch, THIRD);
  subtractValue(scratch, SECOND, ledger.sums, ledger.sumsOf(place, currency) + MAINTENANCE);
  if (isNegative(SECOND)) return Reason.MaintenanceMargin;
  if (candidate.worstAfter <= candidate.worstBefore) return Reason.None;
  operands[2] = candidate.price;
  ledger.initialMarginWith(position, place, instrument, candidate.worstAfter);
  subtractValue(scratch, THIRD, scratch, FIRST);
  return isNegative(THIRD) ? Reason.InitialMargin : Reason.None;
}
