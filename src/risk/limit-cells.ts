/** Which cells a limit stands in. Not for the hot path. */
import type { RiskControls } from './controls.js';
import { ACCOUNT_STRIDE, CURRENCY_STRIDE, INSTRUMENT_STRIDE, MARKET_STRIDE } from './controls-layout.js';
import {
  ACCOUNT_LIMITS,
  CURRENCY_LIMITS,
  GLOBAL_LIMITS,
  INSTRUMENT_LIMITS,
  type LimitKey,
  MARKET_LIMITS,
  scopeOf,
} from './limits.js';

/** Account of a limit that means every account. */
export const ALL_ACCOUNTS = 0;
/** Instrument of a limit that means every instrument. */
export const ALL_INSTRUMENTS = 0xffff_ffff;

/** Left out or one of the two above: all. */
export interface LimitTarget {
  readonly account?: number | undefined;
  readonly instrument?: number | undefined;
  readonly currency?: string | undefined;
}

/** One cell, and what it is of as far as its scope says. */
export interface LimitCell {
  readonly cell: number;
  readonly account?: number;
  readonly instrument?: number;
  readonly currency?: string;
}

/** The cells of a limit. Throws RangeError for an account, instrument or currency that does not exist, and for an unknown limit. */
export function limitCells(controls: RiskControls, key: LimitKey, target: LimitTarget): LimitCell[] {
  const { layout, currencies } = controls;
  const accounts = accountsOf(controls, target.account);
  switch (scopeOf(key)) {
    case 'account': {
      const offset = layout.accountLimits + ACCOUNT_LIMITS.indexOf(key as never);
      return accounts.map(([account, place]) => ({ cell: offset + place * ACCOUNT_STRIDE, account }));
    }
    case 'instrument': {
      const offset = layout.instrumentLimits + INSTRUMENT_LIMITS.indexOf(key as never);
      const instruments = instrumentsOf(controls, target.instrument);
      return accounts.flatMap(([account, place]) =>
        instruments.map((instrument) => ({
          cell: offset + (place * layout.instruments + instrument) * INSTRUMENT_STRIDE,
          account,
          instrument,
        })),
      );
    }
    case 'currency': {
      const offset = layout.currencyLimits + CURRENCY_LIMITS.indexOf(key as never);
      const names = currenciesOf(controls, target.currency);
      return accounts.flatMap(([account, place]) =>
        names.map((currency) => ({
          cell: offset + (place * layout.currencies + currencies.indexOf(currency)) * CURRENCY_STRIDE,
          account,
          currency,
        })),
      );
    }
    case 'market': {
      const offset = layout.marketLimits + MARKET_LIMITS.indexOf(key as never);
      return instrumentsOf(controls, target.instrument).map((instrument) => ({
        cell: offset + instrument * MARKET_STRIDE,
        instrument,
      }));
    }
    case 'global': {
      const offset = layout.marketLimits + GLOBAL_LIMITS.indexOf(key as never);
      return [{ cell: offset + layout.instruments * MARKET_STRIDE }];
    }
    default:
      throw new RangeError(`risk: there is no limit ${key}`);
  }
}

function accountsOf(
  controls: RiskControls,
  account: number | undefined,
): (readonly [id: number, place: number])[] {
  if (account === undefined || account === ALL_ACCOUNTS) {
    return controls.accountIds.map((id, place) => [id, place] as const);
  }
  return [[account, controls.knownAccount(account)]];
}

function instrumentsOf(controls: RiskControls, instrument: number | undefined): number[] {
  if (instrument === undefined || instrument === ALL_INSTRUMENTS) {
    return Array.from({ length: controls.layout.instruments }, (_, index) => index);
  }
  return [controls.knownInstrument(instrument)];
}

function currenciesOf(controls: RiskControls, currency: string | undefined): readonly string[] {
  const { names } = controls.currencies;
  if (currency === undefined) return names;
  if (names.includes(currency)) return [currency];
  throw new RangeError(`risk: currency ${currency} is unknown, allowed: ${names.join(', ')}`);
}
