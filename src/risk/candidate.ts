import { OrderType } from '../lib/enums.js';

const WIDE = Number.NaN;

/**
 * The order that is being checked, new or as it would be after an amend. A record instead of arguments, because numbers
 * above 2^31 that pass through a call may be boxed (see records.ts).
 */
export class Candidate {
  place = 0;
  instrument = 0;
  /** Number of the position. */
  position = 0;
  side = 0;
  orderType = 0;
  isAmend = false;
  /** Entry of the order that an amend changes, or with which a new order counts together; -1: none. */
  entry = -1;
  /** Limit price, 0 without one; trigger of a stop order, 0 without one. Ticks. */
  price = WIDE;
  stopPrice = WIDE;
  /** Highest price that a buy may have to pay, lowest risk's estimate of a sell; ticks. */
  worst = WIDE;
  /** Total quantity in lots. */
  quantity = WIDE;
  /** Lots that its side may trade more than before. */
  added = WIDE;
  /** It cannot take the position further from flat, whatever of the open orders is filled. */
  isReducing = false;
  /** Lots of the position at worst without and with it (ledger.ts). */
  worstBefore = WIDE;
  worstAfter = WIDE;
}

/** Does an order of this type carry a limit price of its own? */
export function hasLimitPrice(orderType: number): boolean {
  return orderType === OrderType.Limit || orderType === OrderType.StopLimit;
}

export function isStop(orderType: number): boolean {
  return orderType === OrderType.Stop || orderType === OrderType.StopLimit;
}

/**
 * A collar of 0.29 % is not the double 0.29, and the product is rounded besides: with this much room a price exactly on the
 * collar passes, and as long as reference times percent is below 2^56 none beyond it does.
 */
export const COLLAR_ROOM = 1 + 4 * Number.EPSILON;

/** Highest price within the collar around a price: what an order without a limit is counted at. */
export function collarTop(centre: number, percent: number): number {
  return centre + Math.floor((centre * percent * COLLAR_ROOM) / 100);
}
