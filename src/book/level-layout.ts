/**
 * Records of price levels, preallocated: one 64-byte record (a cache line) per level, two views of the same bytes.
 * Record 0 is never used and means "no level".
 *
 *     byte   0       8          16     20     24      28     32      36       40        44         48
 *          [ price | quantity | head | tail | count | side | lower | higher | key low | key high | mark | (4 free) |
 *     byte  56
 *            hidden ]
 */

/**
 * A record is 16 words or 8 doubles: the index of a field is `(level << SHIFT) | FIELD`. Shifts and ors spare the overflow
 * checks that V8 puts after every multiplication and addition of indices.
 */
export const LEVEL_SHIFT = 4;
export const LEVEL_NUMBER_SHIFT = 3;

// Fields in `numbers`.
export const PRICE = 0;
/** Sum of what shows at the level. */
export const TOTAL = 1;
/** Sum of what icebergs at the level have open and do not show; 0 again when they leave. */
export const HIDDEN = 7;

// Fields in `words`.
/** First and last order of the queue. */
export const HEAD = 4;
export const TAIL = 5;
/** Number of orders. */
export const COUNT = 6;
/** Which book side, see {@link bookSide}. */
export const BOOK_SIDE = 7;
/** The levels next to it in price order, on the same side; of a free record LOWER is the next free one. */
export const LOWER = 8;
export const HIGHER = 9;
/** The price as an unsigned key, see {@link keyLow}. */
export const KEY_LOW = 10;
export const KEY_HIGH = 11;
/** Free for the user of the levels; 0 in a new one. */
export const MARK = 12;

const LOW_MASK = (1 << 30) - 1;
const HIGH_BIAS = 1 << 23;
const HIGH_SCALE = 1 / (1 << 30);

/** Index of one side of an instrument's book: even for buy, odd for sell. `side` as in Side. */
export function bookSide(instrument: number, side: number): number {
  return instrument * 2 + side - 1;
}

/** Lower 30 bits of a price's key. Keys order as prices do, negative ones too. */
export function keyLow(price: number): number {
  return price & LOW_MASK;
}

/** Upper 24 bits of a price's key. */
export function keyHigh(price: number): number {
  return (Math.floor(price * HIGH_SCALE) + HIGH_BIAS) | 0;
}
