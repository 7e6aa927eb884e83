/**
 * The shared memory of kill switches, states, limits and readings, and nothing else. No other file knows an offset.
 *
 *     byte 0     STATE, ENGAGED, FEATURES, CHANGES, DAYS        int32, initialised by whoever opens it first
 *     byte 128   KILL: global | accounts | instruments          int32 each, 1: engaged
 *                ACCOUNT STATES | CAUSES                        int32 each, accounts
 *     ...        ACCOUNT LIMITS      accounts x n               float64, written by the control side
 *                INSTRUMENT LIMITS   accounts x instruments x n
 *                CURRENCY LIMITS     accounts x currencies x n
 *                MARKET LIMITS       (instruments + 1) x n      the last ones: of all instruments together
 *                BREAKERS            (instruments + 1) x 1      when it ends; written by both sides
 *                READINGS            accounts x currencies x n  written by risk
 *
 * Accounts are numbered by their order in the configuration. ENGAGED counts the switches that are on, so that
 * risk reads one word for an order while nothing is engaged. FEATURES has a bit for each group of controls that anybody uses or
 * has used; CHANGES counts whatever risk has to take note of before the next command.
 *
 * Ordering: ENGAGED is raised before a switch is set and lowered after it is cleared, both with Atomics, so it is never below
 * the number of switches that are on, whichever threads change them at once. So once `engageKillSwitch` has returned, every
 * later check sees it.
 * Limits are single aligned 64-bit cells, which processors that Node.js runs on neither tear nor hold back: a check sees the
 * value before or after a change, and after it from the next order on. FEATURES and CHANGES follow the cells that they tell of.
 */
import { fail } from '../lib/assert.js';
import {
  ACCOUNT_LIMITS,
  CURRENCY_LIMITS,
  GLOBAL_LIMITS,
  INSTRUMENT_LIMITS,
  MARKET_LIMITS,
} from './limits.js';

export const STATE_WORD = 0;
export const ENGAGED_WORD = 1;
export const FEATURES_WORD = 2;
export const CHANGES_WORD = 3;
export const DAYS_WORD = 4;

// Bits of FEATURES.
/** Sums over currencies: modes, loss and currency limits. */
export const LEDGER = 1;
export const FAT_FINGER = 2;
export const MESSAGE_RATE = 4;
export const CANCEL_TO_TRADE = 8;
export const BREAKER = 16;
/** Account states, close-only and restricted instruments. */
export const STATES = 32;

// States of an account.
export const ACTIVE = 0;
export const REDUCING_ONLY = 1;
export const HALTED = 2;

/** Values of STATE. Memory starts as zeros. */
export const UNINITIALISED = 0;
export const INITIALISING = 1;
export const READY = 0x4d52534b; // 'MRSK'

const LINE_BYTES = 128;

/** Where things are, for so many accounts, instruments and currencies. */
export interface ControlsLayout {
  readonly accounts: number;
  readonly instruments: number;
  readonly currencies: number;
  /** Words of the kill switches. */
  readonly killGlobal: number;
  readonly killAccounts: number;
  readonly killInstruments: number;
  /** Words of account states, and of the reasons for them. */
  readonly states: number;
  readonly causes: number;
  /** Float64 index of the first limit of account 0, of account 0 in instrument 0, in currency 0, of instrument 0. */
  readonly accountLimits: number;
  readonly instrumentLimits: number;
  readonly currencyLimits: number;
  readonly marketLimits: number;
  readonly breakers: number;
  readonly readings: number;
  readonly bytes: number;
}

export const ACCOUNT_STRIDE = ACCOUNT_LIMITS.length;
export const INSTRUMENT_STRIDE = INSTRUMENT_LIMITS.length;
export const CURRENCY_STRIDE = CURRENCY_LIMITS.length;
export const MARKET_STRIDE = MARKET_LIMITS.length;

// Cells within an account's block.
export const MAX_OPEN_ORDERS = ACCOUNT_LIMITS.indexOf('max_open_orders');
export const ORDERS_PER_SECOND = ACCOUNT_LIMITS.indexOf('orders_per_second');
export const ORDER_BURST = ACCOUNT_LIMITS.indexOf('order_burst');
export const CANCELS_PER_SECOND = ACCOUNT_LIMITS.indexOf('cancels_per_second');
export const CANCEL_BURST = ACCOUNT_LIMITS.indexOf('cancel_burst');
export const MESSAGES_PER_SECOND = ACCOUNT_LIMITS.indexOf('messages_per_second');
export const MESSAGE_BURST = ACCOUNT_LIMITS.indexOf('message_burst');
export const CANCEL_TO_TRADE_RATIO = ACCOUNT_LIMITS.indexOf('cancel_to_trade_ratio');
export const CANCEL_TO_TRADE_MINIMUM = ACCOUNT_LIMITS.indexOf('cancel_to_trade_minimum');
export const CANCEL_TO_TRADE_WINDOW = ACCOUNT_LIMITS.indexOf('cancel_to_trade_window_s');
export const MODE = ACCOUNT_LIMITS.indexOf('mode');
export const LOSS_ACTION = ACCOUNT_LIMITS.indexOf('loss_action');

// Cells within the block of an account in an instrument.
export const MAX_ORDER_QUANTITY = INSTRUMENT_LIMITS.indexOf('max_order_quantity');
export const MAX_ORDER_NOTIONAL = INSTRUMENT_LIMITS.indexOf('max_order_notional');
export const PRICE_COLLAR_PERCENT = INSTRUMENT_LIMITS.indexOf('price_collar_percent');
export const MAX_POSITION = INSTRUMENT_LIMITS.indexOf('max_position');
export const FAT_FINGER_LAST = INSTRUMENT_LIMITS.indexOf('fat_finger_last_percent');
export const FAT_FINGER_TOUCH = INSTRUMENT_LIMITS.indexOf('fat_finger_touch_percent');
export const INITIAL_MARGIN = INSTRUMENT_LIMITS.indexOf('initial_margin_percent');
export const MAINTENANCE_MARGIN = INSTRUMENT_LIMITS.indexOf('maintenance_margin_percent');
export const FEE = INSTRUMENT_LIMITS.indexOf('fee_percent');
export const TRADING = INSTRUMENT_LIMITS.indexOf('trading');

// Cells within the block of an account in a currency.
export const OPENING_BALANCE = CURRENCY_LIMITS.indexOf('opening_balance');
export const MAX_ORDER_VALUE = CURRENCY_LIMITS.indexOf('max_order_value');
export const MAX_CURRENCY_NOTIONAL = CURRENCY_LIMITS.indexOf('max_currency_notional');
export const MAX_CURRENCY_POSITION = CURRENCY_LIMITS.indexOf('max_currency_position');
export const MAX_DAILY_LOSS = CURRENCY_LIMITS.indexOf('max_daily_loss');
export const MAX_DRAWDOWN = CURRENCY_LIMITS.indexOf('max_drawdown');

// Cells within the block of an instrument's breaker, and of the one of all.
export const BREAKER_PERCENT = MARKET_LIMITS.indexOf('breaker_percent');
export const BREAKER_WINDOW = MARKET_LIMITS.indexOf('breaker_window_s');
export const BREAKER_HALT = MARKET_LIMITS.indexOf('breaker_halt_s');

/** Readings of an account in a currency, in units of the currency, rounded to a double; in cell order. */
export const READINGS = [
  /** Deposits and all that fills have brought and cost, fees included. */
  'balance',
  /** What open orders hold of it. */
  'holds',
  /** Realised and unrealised profit of the instruments quoted in it, fees included, at the last prices. */
  'profit',
  /** Deposits and profit. */
  'equity',
  /** Profit when the day began, and the highest since then. */
  'day_start_profit',
  'day_high_profit',
  /** Worst-case value of the positions quoted in it. */
  'notional',
  'initial_margin',
  'maintenance_margin',
] as const;
export type ReadingName = (typeof READINGS)[number];
export const READING_STRIDE = READINGS.length;

/** Computes the layout; throws RangeError when it does not fit `available` bytes. */
export function controlsLayout(
  accounts: number,
  instruments: number,
  currencies: number,
  available: number,
): ControlsLayout {
  if ((DAYS_WORD + 1) * 4 > LINE_BYTES) fail('risk controls layout: the state words must fit their line');
  if (GLOBAL_LIMITS.length !== MARKET_LIMITS.length)
    fail('risk controls layout: breakers differ in their limits');
  const killGlobal = LINE_BYTES / 4;
  const killAccounts = killGlobal + 1;
  const killInstruments = killAccounts + accounts;
  const states = killInstruments + instruments;
  const causes = states + accounts;
  const accountLimits = (Math.ceil(((causes + accounts) * 4) / LINE_BYTES) * LINE_BYTES) / 8;
  const instrumentLimits = accountLimits + accounts * ACCOUNT_STRIDE;
  const currencyLimits = instrumentLimits + accounts * instruments * INSTRUMENT_STRIDE;
  const marketLimits = currencyLimits + accounts * currencies * CURRENCY_STRIDE;
  const breakers = marketLimits + (instruments + 1) * MARKET_STRIDE;
  const readings = breakers + instruments + 1;
  const bytes = (readings + accounts * currencies * READING_STRIDE) * 8;
  if (bytes > available) {
    throw new RangeError(
      `risk: ${accounts} accounts and ${instruments} instruments need ${bytes} bytes of limits, allowed: ${available}`,
    );
  }
  return {
    accounts,
    instruments,
    currencies,
    killGlobal,
    killAccounts,
    killInstruments,
    states,
    causes,
    accountLimits,
    instrumentLimits,
    currencyLimits,
    marketLimits,
    breakers,
    readings,
    bytes,
  };
}
