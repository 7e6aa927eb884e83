/**
 * The shared memory of kill switches and limits, and nothing else. No other file knows an offset.
 *
 *     byte 0     STATE, ENGAGED                                 initialised by whoever opens it first
 *     byte 128   KILL: global | accounts | instruments          int32 each, 1: engaged
 *     ...        ACCOUNT LIMITS      accounts x 5               float64, written by the control side
 *     ...        INSTRUMENT LIMITS   accounts x instruments x 4 float64
 *
 * Accounts are numbered by their order in the configuration. ENGAGED counts the switches that are on, so that
 * risk reads one word for an order while nothing is engaged.
 *
 * Ordering: ENGAGED is raised before a switch is set and lowered after it is cleared, both with Atomics, so it is never below
 * the number of switches that are on, whichever threads change them at once. So once `engageKillSwitch` has returned, every
 * later check sees it.
 * Limits are single aligned 64-bit cells, which processors that Node.js runs on neither tear nor hold back: a check sees the
 * value before or after a change, and after it from the next order on.
 */
import { fail } from '../lib/assert.js';
import { ACCOUNT_LIMITS, INSTRUMENT_LIMITS } from './limits.js';

export const STATE_WORD = 0;
export const ENGAGED_WORD = 1;

/** Values of STATE. Memory starts as zeros. */
export const UNINITIALISED = 0;
export const INITIALISING = 1;
export const READY = 0x4d52534b; // 'MRSK'

const LINE_BYTES = 128;

/** Where things are, for so many accounts and instruments. */
export interface ControlsLayout {
  readonly accounts: number;
  readonly instruments: number;
  /** Words of the kill switches. */
  readonly killGlobal: number;
  readonly killAccounts: number;
  readonly killInstruments: number;
  /** Float64 index of the first limit of account 0, and of account 0 in instrument 0. */
  readonly accountLimits: number;
  readonly instrumentLimits: number;
  readonly bytes: number;
}

export const ACCOUNT_STRIDE = ACCOUNT_LIMITS.length;
export const INSTRUMENT_STRIDE = INSTRUMENT_LIMITS.length;

// Cells within an account's block.
export const MAX_OPEN_ORDERS = ACCOUNT_LIMITS.indexOf('max_open_orders');
export const ORDERS_PER_SECOND = ACCOUNT_LIMITS.indexOf('orders_per_second');
export const ORDER_BURST = ACCOUNT_LIMITS.indexOf('order_burst');
export const CANCELS_PER_SECOND = ACCOUNT_LIMITS.indexOf('cancels_per_second');
export const CANCEL_BURST = ACCOUNT_LIMITS.indexOf('cancel_burst');

// Cells within the block of an account in an instrument.
export const MAX_ORDER_QUANTITY = INSTRUMENT_LIMITS.indexOf('max_order_quantity');
export const MAX_ORDER_NOTIONAL = INSTRUMENT_LIMITS.indexOf('max_order_notional');
export const PRICE_COLLAR_PERCENT = INSTRUMENT_LIMITS.indexOf('price_collar_percent');
export const MAX_POSITION = INSTRUMENT_LIMITS.indexOf('max_position');

/** Computes the layout; throws RangeError when it does not fit `available` bytes. */
export function controlsLayout(accounts: number, instruments: number, available: number): ControlsLayout {
  const killGlobal = LINE_BYTES / 4;
  const killAccounts = killGlobal + 1;
  const killInstruments = killAccounts + accounts;
  const killEnd = (killInstruments + instruments) * 4;
  const accountLimits = (Math.ceil(killEnd / LINE_BYTES) * LINE_BYTES) / 8;
  const instrumentLimits = accountLimits + accounts * ACCOUNT_STRIDE;
  const bytes = (instrumentLimits + accounts * instruments * INSTRUMENT_STRIDE) * 8;
  if (bytes > available) {
    throw new RangeError(
      `risk: ${accounts} accounts and ${instruments} instruments need ${bytes} bytes of limits, allowed: ${available}`,
    );
  }
  if (ENGAGED_WORD * 4 >= LINE_BYTES) fail('risk controls layout: the state words must fit their line');
  return {
    accounts,
    instruments,
    killGlobal,
    killAccounts,
    killInstruments,
    accountLimits,
    instrumentLimits,
    bytes,
  };
}
