/**
 * Exact decimals as text. Start-up only: BigInt arithmetic, never called on a hot path.
 * Canonical form: digits, then optionally a point and digits; no sign, exponent, or superfluous zeros.
 */

const DECIMAL = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,2}))?$/;
const MAX_DIGITS = 30;
/** A double holds any decimal of this many significant digits, so what was written is what was read. */
const EXACT_NUMBER_DIGITS = 15;

/**
 * Canonical text of a non-negative decimal written as text or as a number.
 * Undefined when it is not one, has over 30 digits, or is a number with more digits than a double keeps exactly.
 */
export function canonicalDecimal(value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined;
    const text = canonicalDecimal(String(value));
    const significant = text?.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length ?? 0;
    return significant <= EXACT_NUMBER_DIGITS ? text : undefined;
  }
  const match = typeof value === 'string' ? DECIMAL.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [whole = '', fraction = ''] = match[1].split('.');
  const point = whole.length + Number(match[2] ?? 0);
  const digits = whole + fraction;
  if (Math.max(digits.length, point, digits.length - point) > MAX_DIGITS) return undefined;
  const padded = '0'.repeat(Math.max(0, -point)) + digits.padEnd(Math.max(point, digits.length), '0');
  const split = Math.max(0, point);
  const before = padded.slice(0, split).replace(/^0+/, '') || '0';
  const after = padded.slice(split).replace(/0+$/, '');
  return after === '' ? before : `${before}.${after}`;
}

function fractionDigits(canonical: string): number {
  const point = canonical.indexOf('.');
  return point < 0 ? 0 : canonical.length - point - 1;
}

function scaled(canonical: string, digits: number): bigint {
  const padding = '0'.repeat(digits - fractionDigits(canonical));
  return BigInt(canonical.replace('.', '') + padding);
}

/** -1, 0 or 1 for two canonical decimals. */
export function compareDecimals(left: string, right: string): number {
  const digits = Math.max(fractionDigits(left), fractionDigits(right));
  const a = scaled(left, digits);
  const b = scaled(right, digits);
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * How many steps of `step` make `value` (both canonical, step above zero).
 * Undefined when it is not a whole number of steps, or one above 2^53 - 1.
 */
export function countSteps(value: string, step: string): number | undefined {
  const digits = Math.max(fractionDigits(value), fractionDigits(step));
  const total = scaled(value, digits);
  const unit = scaled(step, digits);
  if (total % unit !== 0n) return undefined;
  const count = total / unit;
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(count);
}
