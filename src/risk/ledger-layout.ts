/** What the ledger is made of, and what it is made from. */
import type { RiskControls } from './controls.js';
import type { OpenOrders } from './open-orders.js';
import type { Positions } from './positions.js';

// Sums of an account in a currency, units of the currency, exact (two cells each).
/** Received for sales less paid for purchases and fees, of instruments quoted in it. */
export const QUOTE = 0;
/** Positions in instruments that have it as base; and what open buys and sells may add to and take from them. */
export const BASE = 2;
export const BASE_BUYS = 4;
export const BASE_SELLS = 6;
/** Positions in instruments quoted in it, at their last prices; negative when short. */
export const MARKED = 8;
/** The same as if all open orders of the worse side were filled; never negative. */
export const VALUE = 10;
export const INITIAL = 12;
export const MAINTENANCE = 14;
/** What open orders hold. */
export const HOLDS = 16;
/** Profit when the day began and the highest since; not sums. */
export const DAY_START = 18;
export const DAY_HIGH = 20;
export const SUM_CELLS = 24;

// What a position has in the sums.
export const OWN_QUANTITY = 0;
export const OWN_BUYS = 1;
export const OWN_SELLS = 2;
/** Price at which it is marked, ticks. */
export const OWN_MARK = 3;
export const OWN_MARKED = 4;
export const OWN_VALUE = 6;
export const OWN_INITIAL = 8;
export const OWN_MAINTENANCE = 10;
/** Lots that its value at worst counts. */
export const OWN_WORST = 12;
export const OWN_CELLS = 16;

/** What the ledger follows from. */
export interface LedgerParts {
  readonly controls: RiskControls;
  readonly orders: OpenOrders;
  readonly positions: Positions;
  /** Last price of each instrument. */
  readonly reference: Float64Array;
  /** Highest fee of each instrument, hundred-millionths. */
  readonly fees: Float64Array;
}
