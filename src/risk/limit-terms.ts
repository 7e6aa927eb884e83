/** What risk needs of the configuration, and which of its terms holds for an account, instrument or currency. Start-up only. */
import type { InstrumentTable } from '../lib/instruments.js';
import type { CurrencyTable } from './currencies.js';
import { limitValue } from './limit-values.js';
import {
  ACCOUNT_LIMITS,
  type AccountLimit,
  CURRENCY_LIMITS,
  type CurrencyLimit,
  definitionOf,
  GLOBAL_LIMITS,
  type GlobalLimit,
  INSTRUMENT_LIMITS,
  type InstrumentLimit,
  type LimitKey,
  MARKET_LIMITS,
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

/** One limit as the configuration has it, by its scope; the value as its cell holds it. */
export interface ConfiguredLimit {
  readonly key: LimitKey;
  readonly account?: number;
  readonly instrument?: number;
  readonly currency?: string;
  readonly value: number;
}

/**
 * All limits of all accounts. Which term holds: an account's own for the instrument or currency, its own, the common one for the
 * instrument or currency, the common one, the default.
 */
export function* configuredLimits(
  terms: RiskTerms,
  tables: { readonly instruments: InstrumentTable; readonly currencies: CurrencyTable },
): Generator<ConfiguredLimit> {
  for (const account of terms.accounts) yield* accountLimits(terms, account, tables);
  for (const instrument of tables.instruments.all) {
    for (const key of MARKET_LIMITS) {
      const term = firstOf(key, terms.instruments?.[instrument.symbol]?.[key], terms[key]);
      yield { key, instrument: instrument.index, value: limitValue(key, term, { instrument }) };
    }
  }
  for (const key of GLOBAL_LIMITS) yield { key, value: limitValue(key, firstOf(key, terms[key]), {}) };
}

function* accountLimits(
  terms: RiskTerms,
  account: AccountTerms,
  { instruments, currencies }: { readonly instruments: InstrumentTable; readonly currencies: CurrencyTable },
): Generator<ConfiguredLimit> {
  const { id } = account;
  for (const instrument of instruments.all) {
    const { symbol, index } = instrument;
    const [own, common] = [account.instruments?.[symbol], terms.instruments?.[symbol]];
    for (const key of INSTRUMENT_LIMITS) {
      const term = firstOf(key, own?.[key], account[key], common?.[key], terms[key]);
      yield { key, account: id, instrument: index, value: limitValue(key, term, { instrument }) };
    }
  }
  for (const key of ACCOUNT_LIMITS) {
    yield { key, account: id, value: limitValue(key, firstOf(key, account[key], terms[key]), {}) };
  }
  for (const [number, currency] of currencies.names.entries()) {
    for (const key of CURRENCY_LIMITS) {
      const term = firstOf(key, account.currencies?.[currency]?.[key], terms.currencies?.[currency]?.[key]);
      yield { key, account: id, currency, value: limitValue(key, term, { currencies, currency: number }) };
    }
  }
}
