import {
  DECIMAL_MALFORMED,
  DECIMAL_OFF_STEP,
  DECIMAL_TOO_LARGE,
  type DecimalScale,
  parseDecimal,
} from '../../lib/decimal.js';
import { SUM_BASE } from './exact-sum.js';

/** Exponents beyond this cannot give a value that any instrument takes. */
const MAXIMUM_EXPONENT = 40;

/** Steps of `scale` in a plain decimal, or an error value of decimal.ts. */
export function parseAmount(text: string, scale: DecimalScale): number {
  const value = parseDecimal(text, scale);
  const point = text.indexOf('.');
  if (value !== DECIMAL_TOO_LARGE || point < 0) return value;
  // Too many digits may only mean too many after the point: zeros there say nothing, others are off the step.
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (end - point - 1 > scale.decimals) return DECIMAL_OFF_STEP;
  return parseDecimal(text.slice(0, end === point + 1 ? point : end), scale);
}

/** Steps of `scale` in a JSON number as it was written, exponent included, exact; or an error value of decimal.ts. */
export function parseJsonNumber(raw: string, scale: DecimalScale): number {
  const mark = raw.search(/[eE]/);
  if (mark < 0) return parseAmount(raw, scale);
  const exponent = Number(raw.slice(mark + 1));
  const mantissa = raw.slice(0, mark);
  if (mantissa.startsWith('-')) return DECIMAL_MALFORMED;
  if (Math.abs(exponent) > MAXIMUM_EXPONENT) return /[1-9]/.test(mantissa) ? DECIMAL_TOO_LARGE : 0;
  return parseAmount(shifted(mantissa, exponent), scale);
}

/** Plain decimal of `mantissa` times ten to the `exponent`. */
function shifted(mantissa: string, exponent: number): string {
  const point = mantissa.indexOf('.');
  const digits = mantissa.replace('.', '');
  const place = (point < 0 ? mantissa.length : point) + exponent;
  if (place <= 0) return `0.${'0'.repeat(-place)}${digits}`;
  if (place >= digits.length) return digits + '0'.repeat(place - digits.length);
  return `${digits.slice(0, place)}.${digits.slice(place)}`;
}

/** Digits that an average price may have beyond those of the tick. */
const EXTRA_DECIMALS = 8;

/**
 * Average price as plain decimal text: `high * 2^50 + low` ticks times lots over `lots`, rounded half to even at eight digits
 * beyond the tick's. Exact before that one rounding.
 */
export function averagePriceText(high: number, low: number, lots: number, tick: DecimalScale): string {
  if (high === 0 && low % lots === 0)
    return decimalText(BigInt(low / lots) * BigInt(tick.units), tick.decimals);
  const notional = BigInt(high) * BigInt(SUM_BASE) + BigInt(low);
  const scaled = notional * BigInt(tick.units) * 10n ** BigInt(EXTRA_DECIMALS);
  const divisor = BigInt(lots);
  let quotient = scaled / divisor;
  const twice = (scaled % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient += 1n;
  return decimalText(quotient, tick.decimals + EXTRA_DECIMALS);
}

/** `value` times 10^-`decimals`, no trailing zeros. */
function decimalText(value: bigint, decimals: number): string {
  if (decimals === 0) return value.toString();
  const digits = value.toString().padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const fraction = digits.slice(split).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, split) : `${digits.slice(0, split)}.${fraction}`;
}

/** A value of `high * 2^50 + low` ticks times lots as exact plain decimal text, with its sign. */
export function valueText(high: number, low: number, tick: DecimalScale, lot: DecimalScale): string {
  if (high === 0 && low === 0) return '0';
  const units = (BigInt(high) * BigInt(SUM_BASE) + BigInt(low)) * BigInt(tick.units) * BigInt(lot.units);
  const decimals = tick.decimals + lot.decimals;
  return units < 0n ? `-${decimalText(-units, decimals)}` : decimalText(units, decimals);
}
