/**
 * Second records of special orders: those that have, or have had, a stop price, a peak, an expire time, a link or a
 * bracket, that have waited, or that are unpriced. Reports about them are Conditional. Same slot as the order's record (order-layout.ts), 128 bytes, touched for special orders only; brackets
 * alone use the second cache line.
 *
 *     byte   0            8           16      24            32      40     44            48     52
 *          [ stop price | displayed | shown | expire time | price | link | contingency | heap | waiting |
 *     byte  56        60        64            72          80
 *            counted | bracket | take profit | stop loss | stop loss limit | (40 free) ]
 */

export const COLD_SHIFT = 5;
export const COLD_NUMBER_SHIFT = 4;

// Fields in `numbers`.
/** 0: none. */
export const STOP_PRICE = 0;
/** Peak of an iceberg, 0: it is none. */
export const DISPLAYED = 1;
/** Of an order on a book: what shows, all of it unless it is an iceberg. */
export const SHOWN = 2;
/** 0: none. */
export const EXPIRE_TIME = 3;
/** Limit of an order that is not on a book, 0 when it has none. On a book the level knows. */
export const PRICE_OFF_BOOK = 4;
/** Exits of a bracket; valid with BRACKET only. NaN: none. */
export const TAKE_PROFIT = 8;
export const STOP_LOSS = 9;
export const STOP_LOSS_LIMIT = 10;

// Fields in `words`.
/** Slot of the linked order, 0: none. */
export const LINK = 10;
/** Contingency, 0 without a link. */
export const CONTINGENCY = 11;
/** Position in the heap of expiries, 0: it is not there. */
export const HEAP = 12;
/** One of the WAITING kinds. */
export const WAITING = 13;
/** Number of the count that has seen this order, see LiquidityCount. */
export const COUNTED = 14;
/** 1: has exits. */
export const BRACKET = 15;

/** On a book, or in hand. */
export const NOT_WAITING = 0;
/** In the stop book. */
export const WAITING_STOP = 1;
/** In the list of orders for the closing auction. */
export const WAITING_CLOSE = 2;

/** Flag in an order's attributes: it has a second record. */
export const SPECIAL = 1 << 29;

const PREVENTION_SHIFT = 26;

/** SelfTradePrevention in an order's attributes. */
export function preventionOf(attributes: number): number {
  return (attributes >>> PREVENTION_SHIFT) & 7;
}

/** The attribute bits of a SelfTradePrevention. */
export function preventionBits(selfTradePrevention: number): number {
  return selfTradePrevention << PREVENTION_SHIFT;
}
