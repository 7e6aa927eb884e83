/** What risk needs of the configuration, and which of its terms holds for an account, instrument or currency. Start-up only. */
import {
  type AccountLimit,
  type CurrencyLimit,
  definitionOf,
  type GlobalLimit,
  type InstrumentLimit,
  type LimitKey,
  type MarketLimit,
} from './limits.js';

/** A limit as the configuration has it: plain decimals as text, counts and percents as numbers, null: off. */
export type Term = string | number | null;

type Terms<Key extends string> = { readonly [One in Key]?: Term | undefined };

/** One account: its id (1 to 65535), its name, and the limits in which it differs from the common ones. */
export type AccountTerms = Terms<InstrumentLimit | AccountLimit> & {
  readonly id: number;
  readonly name: string;
  /** State at start. */
  readonly state?: 'active' | 'reducing_only' | 'halted' | undefined;
  /** By symbol, by currency. */
  readonly instruments?: { readonly [symbol: string]: Terms<InstrumentLimit> } | undefined;
  readonly currencies?: { readonly [currency: string]: Terms<CurrencyLimit> } | undefined;
};

/** `Config['risk']` is one. */
export type RiskTerms = Terms<InstrumentLimit | AccountLimit | MarketLimit | GlobalLimit> & {
  readonly kill_switch: boolean;
  readonly accounts: readonly AccountTerms[];
  readonly instruments?: { readonly [symbol: string]: Terms<InstrumentLimit | MarketLimit> } | undefined;
  readonly currencies?: { readonly [currency: string]: Terms<CurrencyLimit> } | undefined;
};

/** The first that says something, else the default. Throws RangeError where there is none. */
function firstOf(key: LimitKey, ...terms: readonly (Term | undefined)[]): Term {
  const found = [...terms, definitionOf(key).default].find((term) => term !== undefined);
  if (found === undefined) throw new RangeError(`risk.${key} is missing`);
  return found;
}

/** An account's own term for the instrument goes before its own, the common one for the instrument, the common one. */
export function instrumentTerm(terms: RiskTerms, account: AccountTerms, symbol: string, key: InstrumentLimit): Term {
  return firstOf(
    key,
    account.instruments?.[symbol]?.[key],
    account[key],
    terms.instruments?.[symbol]?.[key],
    terms[key],
  );
}

export function accountTerm(terms: RiskTerms, account: AccountTerms, key: AccountLimit): Term {
  return firstOf(key, account[key], terms[key]);
}

export function currencyTerm(terms: RiskTerms, account: AccountTerms, currency: string, key: CurrencyLimit): Term {
  return firstOf(key, account.currencies?.[currency]?.[key], terms.currencies?.[currency]?.[key]);
}

export function marketTerm(terms: RiskTerms, symbol: string, key: MarketLimit): Term {
  return firstOf(key, terms.instruments?.[symbol]?.[key], terms[key]);
}

export function globalTerm(terms: RiskTerms, key: GlobalLimit): Term {
  return firstOf(key, terms[key]);
}
