/**
 * Decimals as people and file formats write them, brought to the one plain form that src/lib/decimal.ts reads:
 * digits, then optionally a point and digits; no sign, exponent, or superfluous zeros.
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
