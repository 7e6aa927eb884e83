/**
 * Records of live orders, preallocated: one 64-byte record per order, so that touching an order touches one
 * cache line. Seen through two views of the same bytes; slot 0 is never used and means "no order".
 *
 *     byte   0  4    8         16      24        32    36        40     44       48         56           60
 *          [ id   | quantity | leaves | arrival | next | previous | level | account | (8 free) | attributes | instrument ]
 *
 * next/previous: the queue of the price level.
 */

/**
 * A record is 16 words or 8 doubles: the index of a field is `(slot << SHIFT) | FIELD`. Shifts and ors spare the overflow
 * checks that V8 puts after every multiplication and addition of indices.
 */
export const ORDER_SHIFT = 4;
export const ORDER_NUMBER_SHIFT = 3;

// Fields in `words`.
export const ID_LOW = 0;
export const ID_HIGH = 1;
/** Next order in the queue of the level (0: last); of a free record the next free one. */
export const NEXT = 8;
export const PREVIOUS = 9;
export const LEVEL = 10;
export const ACCOUNT = 11;
/** Source, side, type, time in force and flags, see {@link packAttributes}. */
export const ATTRIBUTES = 14;
export const INSTRUMENT = 15;

// Fields in `numbers`.
export const QUANTITY = 1;
export const LEAVES = 2;
export const ARRIVAL = 3;

/**
 * One word: source in bits 0-15, side 16-17, type 18-20, time in force 21-23, flags 24-25; 26-29 are of cold-layout.ts.
 */
export function packAttributes(
  source: number,
  side: number,
  orderType: number,
  timeInForce: number,
  flags: number,
): number {
  return source | (side << 16) | (orderType << 18) | (timeInForce << 21) | (flags << 24);
}

export function sourceOf(attributes: number): number {
  return attributes & 0xffff;
}

export function sideOf(attributes: number): number {
  return (attributes >>> 16) & 3;
}

export function orderTypeOf(attributes: number): number {
  return (attributes >>> 18) & 7;
}

export function timeInForceOf(attributes: number): number {
  return (attributes >>> 21) & 7;
}

export function flagsOf(attributes: number): number {
  return (attributes >>> 24) & 3;
}

const HIGH_SCALE = 1 / 4_294_967_296;

/**
 * Value of a high word. Hot code writes `high * TWO_32 + (low >>> 0)` itself: what {@link joinWords} returns is boxed wherever V8 does
 * not inline it.
 */
export const TWO_32 = 4_294_967_296;

/** A 53-bit id from its two words. */
export function joinWords(low: number, high: number): number {
  return high * TWO_32 + (low >>> 0);
}

/** Bits 32 and up of a safe integer, rounded down; the low word is `value | 0`. */
export function highWord(value: number): number {
  return Math.floor(value * HIGH_SCALE) | 0;
}
