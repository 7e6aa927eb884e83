/** From configured or requested terms to cells and back. Not for the hot path. */
import { type DecimalScale, formatDecimal } from '../lib/decimal.js';
import type { Instrument } from '../lib/instruments.js';
import type { CurrencyTable } from './currencies.js';
import type { Term } from './limit-terms.js';
import {
  definitionOf,
  FEE_DENOMINATOR,
  type LimitKey,
  type LimitUnit,
  MARGIN_DENOMINATOR,
  MAXIMUM_FEE,
  MAXIMUM_MARGIN,
  MAXIMUM_UNITS,
  WORDS,
} from './limits.js';

type Steps = Pick<Instrument, 'tick' | 'lot'>;

/** What a term is to be counted in: the instrument or the currency of the limit, as far as its unit needs one. */
export interface LimitSubject {
  readonly instrument?: Steps;
  readonly currencies?: CurrencyTable;
  readonly currency?: number;
}

const NANOSECONDS = 1e9;
const UNIT_STEPS: Steps = { tick: { decimals: 0, units: 1 }, lot: { decimals: 0, units: 1 } };

/**
 * A configured limit as its cell holds it. Rounded down to what a cell can hold, so it is never looser than
 * configured. Throws RangeError for a term that the limit cannot have, naming key, value and what is allowed.
 */
export function limitValue(key: LimitKey, term: Term, subject: LimitSubject | Steps): number {
  const { unit, default: fallback } = definitionOf(key);
  const where: LimitSubject = 'tick' in subject ? { instrument: subject } : subject;
  if (term === null) {
    if (fallback === null) return Number.POSITIVE_INFINITY;
    throw new RangeError(`risk.${key} is null, allowed: ${allowedTerm(key)}`);
  }
  const words = WORDS[unit];
  if (words !== undefined) {
    const place = words.indexOf(String(term));
    if (place < 0)
      throw new RangeError(`risk.${key} is ${JSON.stringify(term)}, allowed: ${allowedTerm(key)}`);
    return place;
  }
  if (unit === 'quantity' || unit === 'notional') {
    if (typeof term === 'number') return term;
    const { tick, lot } = where.instrument ?? UNIT_STEPS;
    if (unit === 'notional') return floorSteps(key, term, [tick, lot]);
    return Math.min(floorSteps(key, term, [lot]), MAXIMUM_UNITS - 1);
  }
  if (unit === 'amount') {
    if (where.currencies === undefined) throw new RangeError(`risk.${key} needs a currency`);
    if (!/^\d+(\.\d+)?$/.test(String(term))) {
      throw new RangeError(`risk.${key} is ${JSON.stringify(term)}, allowed: ${allowedTerm(key)}`);
    }
    return where.currencies.units(where.currency ?? 0, String(term));
  }
  const value = scaled(unit, Number(term));
  if (!(value >= 0 && value <= highest(unit))) {
    throw new RangeError(`risk.${key} is ${JSON.stringify(term)}, allowed: ${allowedTerm(key)}`);
  }
  return value;
}

/** A cell as a text that {@link limitValue} takes; null: off. */
export function limitText(key: LimitKey, value: number, subject: LimitSubject): string | null {
  const { unit } = definitionOf(key);
  if (value === Number.POSITIVE_INFINITY) return null;
  const words = WORDS[unit];
  if (words !== undefined) return words[value];
  const { tick, lot } = subject.instrument ?? UNIT_STEPS;
  switch (unit) {
    case 'quantity':
      return formatDecimal(value, lot);
    case 'notional':
      return formatDecimal(value, {
        decimals: tick.decimals + lot.decimals,
        units: tick.units * lot.units,
      });
    case 'amount':
      return subject.currencies?.format(subject.currency ?? 0, value) ?? String(value);
    case 'margin':
      return String((value * 100) / MARGIN_DENOMINATOR);
    case 'fee':
      return String((value * 100) / FEE_DENOMINATOR);
    case 'seconds':
      return String(value / NANOSECONDS);
    default:
      return String(value);
  }
}

/** What a limit may be set to, as a phrase. */
export function allowedTerm(key: LimitKey): string {
  const { unit, default: fallback } = definitionOf(key);
  const words = WORDS[unit];
  if (words !== undefined) return words.join(', ');
  const off = fallback === null ? ', or null (off)' : '';
  switch (unit) {
    case 'quantity':
      return `a plain decimal (units of the instrument)${off}`;
    case 'notional':
      return `a plain decimal (quote currency)${off}`;
    case 'amount':
      return `a plain decimal (currency)${off}`;
    case 'percent':
      return `a number from 0 (percent)${off}`;
    case 'margin':
      return `a number from 0 to ${(MAXIMUM_MARGIN * 100) / MARGIN_DENOMINATOR} (percent)${off}`;
    case 'fee':
      return `a number from 0 to ${(MAXIMUM_FEE * 100) / FEE_DENOMINATOR} (percent)${off}`;
    case 'seconds':
      return `a number from 0 to 1000000 (seconds)${off}`;
    default:
      return `a number from 0${off}`;
  }
}

function scaled(unit: LimitUnit, value: number): number {
  if (unit === 'margin') return Math.ceil((value * MARGIN_DENOMINATOR) / 100 - 1e-6);
  if (unit === 'fee') return Math.ceil((value * FEE_DENOMINATOR) / 100 - 1e-6);
  return unit === 'seconds' ? Math.round(value * NANOSECONDS) : value;
}

function highest(unit: LimitUnit): number {
  if (unit === 'margin') return MAXIMUM_MARGIN;
  if (unit === 'fee') return MAXIMUM_FEE;
  return unit === 'seconds' ? 1_000_000 * NANOSECONDS : Number.MAX_SAFE_INTEGER;
}

/** Largest double not above `text` divided by the product of the steps. */
function floorSteps(key: string, text: string, steps: readonly DecimalScale[]): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`risk.${key} is "${text}", allowed: a plain decimal`);
  const [whole, fraction = ''] = text.split('.');
  let numerator = BigInt(whole + fraction);
  let denominator = 10n ** BigInt(fraction.length);
  for (const step of steps) {
    numerator *= 10n ** BigInt(step.decimals);
    denominator *= BigInt(step.units);
  }
  const value = numerator / denominator;
  const excess = BigInt(Math.max(0, value.toString(2).length - 53));
  return Number((value >> excess) << excess);
}
