/** Values of single keys of a request: amounts, words, ids. */
import {
  DECIMAL_MALFORMED,
  DECIMAL_OFF_STEP,
  DECIMAL_TOO_LARGE,
  type DecimalScale,
  formatDecimal,
} from '../../lib/decimal.js';
import { type ApiError, apiError } from './api-error.js';
import { parseAmount, parseJsonNumber } from './decimal-text.js';
import { type FlatObject, JsonKind } from './flat-object.js';
import { invalid, wrongType } from './request-errors.js';
import { listOf, type Words } from './vocabulary.js';

/** Whole steps above 0 that the value at `i` is, exact. */
export function steps(
  body: FlatObject,
  i: number,
  scale: DecimalScale,
  step: 'tick' | 'lot',
): number | ApiError {
  const kind = body.kinds[i];
  const raw = body.values[i];
  if (kind !== JsonKind.Text && kind !== JsonKind.Number) {
    return wrongType(body, i, 'a decimal above 0, as text or as a number');
  }
  const value = kind === JsonKind.Text ? parseAmount(raw, scale) : parseJsonNumber(raw, scale);
  if (value > 0) return value;
  const key = body.keys[i];
  const size = formatDecimal(1, scale);
  if (value === DECIMAL_OFF_STEP) {
    return apiError(
      'OFF_STEP',
      `${key} is not a whole number of ${step}s`,
      key,
      raw,
      `a multiple of ${size}`,
    );
  }
  if (value === DECIMAL_TOO_LARGE) {
    return apiError('INVALID_VALUE', `${key} is too large`, key, raw, `at most 2^53 - 1 ${step}s of ${size}`);
  }
  const why = value === DECIMAL_MALFORMED ? 'is not a plain decimal above 0' : 'is 0';
  return apiError('INVALID_VALUE', `${key} ${why}`, key, raw, `a decimal above 0, a multiple of ${size}`);
}

/** No price: absent, null or 0. */
export function isNothing(body: FlatObject, i: number): boolean {
  const kind = body.kinds[i];
  if (kind === JsonKind.Null) return true;
  return (kind === JsonKind.Text || kind === JsonKind.Number) && /^0+(\.0+)?$/.test(body.values[i]);
}

/** The value of a word in any letter case. */
export function wordValue(body: FlatObject, i: number, words: Words): number | ApiError {
  if (body.kinds[i] !== JsonKind.Text) return wrongType(body, i, `a text: ${listOf(words)}`);
  const text = body.values[i];
  return own(words, text) ?? own(words, text.toUpperCase()) ?? invalid(body, i, listOf(words));
}

function own(words: Words, text: string): number | undefined {
  return Object.hasOwn(words, text) ? words[text] : undefined;
}

export function truthValue(body: FlatObject, i: number): boolean | ApiError {
  const kind = body.kinds[i];
  if (kind === JsonKind.True || kind === JsonKind.False) return kind === JsonKind.True;
  return wrongType(body, i, 'true or false');
}

/** A whole number of at most 2^53 - 1, given as text or number; 0 is none. */
export function idValue(body: FlatObject, i: number, allowed: string): number | ApiError {
  const kind = body.kinds[i];
  if (kind !== JsonKind.Text && kind !== JsonKind.Number) return wrongType(body, i, allowed);
  const id = /^[1-9]\d{0,15}$/.test(body.values[i]) ? Number(body.values[i]) : 0;
  return Number.isSafeInteger(id) && id > 0 ? id : invalid(body, i, allowed);
}
