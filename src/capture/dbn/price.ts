/** Prices of DBN: whole numbers of 1e-9, 64-bit signed, here as two words. */

const TWO_TO_32 = 2 ** 32;
/** |high| below this: the price is an exact double. Prices up to about 9 million are. */
const EXACT_HIGH = 2 ** 20;
const DECIMALS = 9;
const UNDEFINED_LOW = 0xffff_ffff;
const UNDEFINED_HIGH = 0x7fff_ffff;

/** The value that stands for "no price". */
export function isUndefinedPrice(low: number, high: number): boolean {
  return low === UNDEFINED_LOW && high === UNDEFINED_HIGH;
}

/** Ticks of `tick` times 1e-9, exact; NaN when the price is no whole number of ticks (or of so many that 2^53 is passed). */
export function toTicks(low: number, high: number, tick: number): number {
  if (high >= -EXACT_HIGH && high < EXACT_HIGH) {
    const price = high * TWO_TO_32 + low;
    const ticks = price / tick;
    return price % tick === 0 ? ticks : Number.NaN;
  }
  const price = BigInt(high) * BigInt(TWO_TO_32) + BigInt(low);
  const ticks = Number(price / BigInt(tick));
  return price % BigInt(tick) === 0n && Number.isSafeInteger(ticks) ? ticks : Number.NaN;
}

/** Collects the greatest common divisor of prices: the largest tick that all of them are multiples of. */
export class TickFinder {
  #divisor = 0n;
  /** The divisor again as a number while it is small: nearly every price is a multiple of it and changes nothing. */
  #known = 0;

  add(low: number, high: number): void {
    if (this.#known > 0 && !Number.isNaN(toTicks(low, high, this.#known))) return;
    let a = this.#divisor;
    let b = BigInt(high) * BigInt(TWO_TO_32) + BigInt(low);
    if (b < 0n) b = -b;
    while (b !== 0n) [a, b] = [b, a % b];
    this.#divisor = a;
    this.#known = a <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(a) : 0;
  }

  /** In 1e-9; 0 as long as no price but 0 was added. */
  get tick(): number {
    return Number(this.#divisor);
  }
}

/** A decimal text ("0.25") as a whole number of 1e-9, NaN when it is none above 0 with up to nine decimals. */
export function parseTick(text: string): number {
  const match = /^(\d{1,6})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return Number.NaN;
  const tick = Number(match[1]) * 10 ** DECIMALS + Number((match[2] ?? '').padEnd(DECIMALS, '0'));
  return tick > 0 ? tick : Number.NaN;
}
