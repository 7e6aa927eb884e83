/** The limits by name, their units, and how configured texts become the integers that checks compare. Start-up only. */
import type { DecimalScale } from '../lib/decimal.js';
import type { Instrument } from '../lib/instruments.js';

/** Limits of one account in one instrument, in cell order. */
export const INSTRUMENT_LIMITS = [
  /** Lots of one order. */
  'max_order_quantity',
  /** Ticks times lots of one order. */
  'max_order_notional',
  /** Distance of a limit price from the reference price, percent of the reference. */
  'price_collar_percent',
  /** Lots, long or short, as if all open orders were filled. */
  'max_position',
] as const;

/** Limits of one account over all instruments, in cell order. */
export const ACCOUNT_LIMITS = [
  'max_open_orders',
  /** Tokens that the bucket for new orders and amends gains a second, and holds. */
  'orders_per_second',
  'order_burst',
  /** The same for cancels. */
  'cancels_per_second',
  'cancel_burst',
] as const;

export type InstrumentLimit = (typeof INSTRUMENT_LIMITS)[number];
export type AccountLimit = (typeof ACCOUNT_LIMITS)[number];
export type LimitKey = InstrumentLimit | AccountLimit;

/** Limits as the configuration has them: plain decimals as text, counts as numbers. */
export interface LimitTerms {
  readonly max_order_quantity: string;
  readonly max_order_notional: string;
  readonly price_collar_percent: number;
  readonly max_position: string;
  readonly max_open_orders: number;
  readonly orders_per_second: number;
  readonly order_burst: number;
  readonly cancels_per_second: number;
  readonly cancel_burst: number;
}

/** One account: its id (1 to 65535), its name, and the limits in which it differs from the common ones. */
export type AccountTerms = { readonly id: number; readonly name: string } & {
  readonly [Key in keyof LimitTerms]?: LimitTerms[Key] | undefined;
};

/** What risk needs of the configuration; `Config['risk']` is one. */
export interface RiskTerms extends LimitTerms {
  readonly kill_switch: boolean;
  readonly accounts: readonly AccountTerms[];
}

/**
 * Prices and quantities that risk accepts, and positions that it allows, are below this (2^50), whatever the
 * configured limits say: sums of some of them stay exact in a double.
 */
export const MAXIMUM_UNITS = 2 ** 50;

export function isInstrumentLimit(key: LimitKey): key is InstrumentLimit {
  return (INSTRUMENT_LIMITS as readonly string[]).includes(key);
}

/** The limit that holds for an account: its own, else the common one. */
export function limitTerm<Key extends LimitKey>(
  terms: RiskTerms,
  account: AccountTerms,
  key: Key,
): LimitTerms[Key] {
  return (account[key] as LimitTerms[Key] | undefined) ?? terms[key];
}

/**
 * A configured limit as its cell holds it: lots, ticks times lots, percent. Rounded down to what a cell can hold, so it is
 * never looser than configured. Throws RangeError for a text that is not a plain decimal.
 */
export function limitValue(
  key: LimitKey,
  term: string | number,
  instrument: Pick<Instrument, 'tick' | 'lot'>,
): number {
  if (typeof term === 'number') return term;
  const { tick, lot } = instrument;
  if (key === 'max_order_notional') return floorSteps(key, term, [tick, lot]);
  return Math.min(floorSteps(key, term, [lot]), MAXIMUM_UNITS - 1);
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
