/**
 * Exact decimal text to integers, and back. A price text becomes a whole number of ticks, a quantity text a whole
 * number of lots; nothing is ever rounded. A text that does not fit is an error value (a negative number),
 * so hot code needs no exception. Accepted text: digits, or digits '.' digits. No sign, no exponent, no spaces.
 */

/** Error value: the text is not a plain non-negative decimal. */
export const DECIMAL_MALFORMED = -1;
/** Error value: the text is a decimal, but not a whole multiple of the step (tick or lot). */
export const DECIMAL_OFF_STEP = -2;
/** Error value: the number of steps is above 2^53 - 1. */
export const DECIMAL_TOO_LARGE = -3;

/**
 * One step of a price or quantity: `units` times 10^-`decimals`. A tick of 0.5 is {decimals: 1, units: 5}, one of 0.01
 * {decimals: 2, units: 1}.
 */
export interface DecimalScale {
  /** 0 to 18. */
  readonly decimals: number;
  /** 1 to 2^53 - 1. */
  readonly units: number;
}

const MAXIMUM_DECIMALS = 18;
/** Powers of ten that a double holds exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** A scale of steps of 10^-`decimals`. Throws RangeError outside 0 to 18. */
export function scaleOfDecimals(decimals: number): DecimalScale {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > MAXIMUM_DECIMALS) {
    throw new RangeError(`decimals is ${decimals}, allowed: a whole number from 0 to ${MAXIMUM_DECIMALS}`);
  }
  return { decimals, units: 1 };
}

/** The scale of a tick or lot size as venues print it ("0.10", "0.5", "1"). Throws RangeError when it is not one. */
export function scaleOfStep(step: string): DecimalScale {
  const text = trimZeros(step);
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  const units = decimals > MAXIMUM_DECIMALS ? DECIMAL_MALFORMED : parseDecimal(text, { decimals, units: 1 });
  if (units <= 0) {
    throw new RangeError(
      `step is "${step}", allowed: a positive plain decimal with up to ${MAXIMUM_DECIMALS} decimals`,
    );
  }
  return { decimals, units };
}

/**
 * The last step of every parser: `mantissa` digits of which `fraction` stand after the point, in steps of `scale`; or an
 * error value. A mantissa above 2^53 may have been rounded by the caller: it is only ever refused.
 */
export function scaleMantissa(mantissa: number, fraction: number, scale: DecimalScale): number {
  const shift = scale.decimals - fraction;
  let value = mantissa;
  if (shift > 0) value = mantissa * POWERS_OF_TEN[shift];
  else if (shift < 0 && mantissa !== 0) {
    if (mantissa > Number.MAX_SAFE_INTEGER) return DECIMAL_TOO_LARGE;
    if (-shift >= POWERS_OF_TEN.length || mantissa % POWERS_OF_TEN[-shift] !== 0) return DECIMAL_OFF_STEP;
    value = mantissa / POWERS_OF_TEN[-shift];
  }
  if (value > Number.MAX_SAFE_INTEGER) return DECIMAL_TOO_LARGE;
  if (scale.units !== 1) {
    if (value % scale.units !== 0) return DECIMAL_OFF_STEP;
    value /= scale.units;
  }
  return value;
}

/** Steps in `text`, exact, or an error value. Allocates nothing. */
export function parseDecimal(text: string, scale: DecimalScale): number {
  let mantissa = 0;
  let point = -1;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && point < 0) point = i;
    else if (code >= 48 && code <= 57) mantissa = mantissa * 10 + (code - 48);
    else return DECIMAL_MALFORMED;
  }
  if (length === 0 || point === 0 || point === length - 1) return DECIMAL_MALFORMED;
  return scaleMantissa(mantissa, point < 0 ? 0 : length - point - 1, scale);
}

/**
 * Plain decimal of `value` steps: no exponent, no trailing zeros, no trailing point. Exact for every safe integer,
 * negative ones included (positions are signed). Allocates: for the edge, not the hot path.
 */
export function formatDecimal(value: number, scale: DecimalScale): string {
  const sign = value < 0 ? '-' : '';
  const magnitude = Math.abs(value);
  const product = magnitude * scale.units;
  // Ticks times a composite step may pass 2^53: only then is BigInt needed.
  const digits =
    product <= Number.MAX_SAFE_INTEGER
      ? String(product)
      : (BigInt(magnitude) * BigInt(scale.units)).toString();
  if (scale.decimals === 0) return sign + digits;
  const padded = digits.padStart(scale.decimals + 1, '0');
  const split = padded.length - scale.decimals;
  return sign + trimZeros(`${padded.slice(0, split)}.${padded.slice(split)}`);
}

function trimZeros(text: string): string {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 48) end--;
  if (text.charCodeAt(end - 1) === 46) end--;
  return text.slice(0, end);
}
