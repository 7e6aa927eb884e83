/** Limits as texts, for those who show and change them: what holds, what a change was. Not for the hot path. */
import type { RiskControls } from './controls.js';
import {
  BREAKER,
  CANCEL_TO_TRADE,
  FAT_FINGER,
  LEDGER,
  MESSAGE_RATE,
  READING_STRIDE,
  READINGS,
  type ReadingName,
  STATES,
} from './controls-layout.js';
import { type LimitCell, type LimitTarget, limitCells } from './limit-cells.js';
import type { Term } from './limit-terms.js';
import { allowedTerm, limitText, limitValue } from './limit-values.js';
import {
  ACCOUNT_LIMITS,
  CURRENCY_LIMITS,
  GLOBAL_LIMITS,
  INSTRUMENT_LIMITS,
  type LimitKey,
  type LimitScope,
  MARKET_LIMITS,
  MAXIMUM_UNITS,
  scopeOf,
} from './limits.js';

/** Every limit by name. */
export const ALL_LIMITS: readonly LimitKey[] = [
  ...ACCOUNT_LIMITS,
  ...INSTRUMENT_LIMITS,
  ...CURRENCY_LIMITS,
  ...MARKET_LIMITS,
  ...GLOBAL_LIMITS,
];

/** A limit and what it is of, as far as its scope says: account id, symbol, currency. */
export interface LimitName {
  readonly key: LimitKey;
  readonly scope: LimitScope;
  readonly account?: number;
  readonly symbol?: string;
  readonly currency?: string;
}

/** A limit that holds: plain decimal, number or word as text; null: off. */
export interface LimitReading extends LimitName {
  readonly value: string | null;
  /** What it may be set to, as a phrase. */
  readonly allowed: string;
}

/** A wish to change a limit, of all accounts, instruments and currencies that it does not narrow down. */
export interface LimitRequest extends LimitTarget {
  readonly key: LimitKey;
  /** In the unit of the configuration; null: off. */
  readonly value: Term;
}

export interface LimitChange extends LimitName {
  readonly before: string | null;
  readonly after: string | null;
}

/** An account in a currency: plain decimals. */
export interface AccountReading {
  readonly account: number;
  readonly state: string;
  readonly currency: string;
  readonly values: Readonly<Record<ReadingName, string>>;
  /** Loss since the day began, and since its highest profit; not below 0. */
  readonly daily_loss: string;
  readonly drawdown: string;
}

/** A change that has been checked and has not happened. */
export interface LimitPlan {
  /** One for each cell, also where nothing changes. */
  readonly changes: readonly LimitChange[];
  apply(): void;
}

/** Which limits to describe; what is left out: all. */
export interface LimitFilter extends LimitTarget {
  readonly key?: LimitKey | undefined;
}

/** See RiskControls.planLimit. */
export function planLimit(controls: RiskControls, request: LimitRequest): LimitPlan {
  const { key, value } = request;
  if (scopeOf(key) === undefined) throw new RangeError(`risk: there is no limit ${key}`);
  const cells = limitCells(controls, key, request);
  const values = cells.map((cell) => {
    const next = limitValue(
      key,
      typeof value === 'number' ? plainText(value) : value,
      subjectOf(controls, cell),
    );
    return key === 'max_position' ? Math.min(next, MAXIMUM_UNITS - 1) : next;
  });
  return {
    changes: cells.map((cell, i) => ({
      ...nameOf(controls, key, cell),
      before: textOf(controls, key, cell),
      after: limitText(key, values[i], subjectOf(controls, cell)),
    })),
    apply: () => {
      for (const [i, { cell }] of cells.entries()) controls.cells[cell] = values[i];
      for (const one of new Set(values)) controls.announce(key, one);
    },
  };
}

/** See RiskControls.describe. */
export function describeLimits(
  controls: RiskControls,
  { key: wanted, ...target }: LimitFilter,
): LimitReading[] {
  return ALL_LIMITS.filter((key) => wanted === undefined || key === wanted).flatMap((key) =>
    limitCells(controls, key, target).map((cell) => ({
      ...nameOf(controls, key, cell),
      value: textOf(controls, key, cell),
      allowed: allowedTerm(key),
    })),
  );
}

/** See RiskControls.readings. */
export function readAccounts(controls: RiskControls, only?: number): AccountReading[] {
  const { layout, cells, currencies } = controls;
  const places = only === undefined ? controls.accountIds.keys() : [controls.knownAccount(only)];
  return Array.from(places, (place) => [controls.accountIds[place], place]).flatMap(([account, place]) =>
    currencies.names.map((currency, index) => {
      const at = layout.readings + (place * layout.currencies + index) * READING_STRIDE;
      const value = (name: ReadingName): number => cells[at + READINGS.indexOf(name)];
      const format = (amount: number): string => currencies.format(index, amount);
      const loss = value('day_start_profit') - value('profit');
      const drawdown = value('day_high_profit') - value('profit');
      return {
        account,
        state: controls.accountState(account),
        currency,
        values: Object.fromEntries(READINGS.map((name) => [name, format(value(name))])) as Record<
          ReadingName,
          string
        >,
        daily_loss: format(Math.max(0, loss)),
        drawdown: format(Math.max(0, drawdown)),
      };
    }),
  );
}

const FEATURES: Partial<Record<LimitKey, number>> = {
  fat_finger_last_percent: FAT_FINGER,
  fat_finger_touch_percent: FAT_FINGER,
  trading: STATES,
  messages_per_second: MESSAGE_RATE,
  message_burst: MESSAGE_RATE,
  cancel_to_trade_ratio: CANCEL_TO_TRADE,
  mode: LEDGER,
  max_order_value: LEDGER,
  max_currency_notional: LEDGER,
  max_currency_position: LEDGER,
  max_daily_loss: LEDGER,
  max_drawdown: LEDGER,
  breaker_percent: BREAKER,
  market_breaker_percent: BREAKER,
};

/** The group of controls that a limit needs when it has this value, 0: none. */
export function featureOf(key: LimitKey, value: number): number {
  const isOff = key === 'trading' || key === 'mode' ? value === 0 : value === Number.POSITIVE_INFINITY;
  return isOff ? 0 : (FEATURES[key] ?? 0);
}

/** Does the ledger have to be computed anew when this limit changes? */
export function isLedgerLimit(key: LimitKey): boolean {
  return (
    FEATURES[key] === LEDGER ||
    [
      'opening_balance',
      'initial_margin_percent',
      'maintenance_margin_percent',
      'fee_percent',
      'loss_action',
    ].includes(key)
  );
}

function nameOf(controls: RiskControls, key: LimitKey, cell: LimitCell): LimitName {
  const { account, instrument, currency } = cell;
  return {
    key,
    scope: scopeOf(key) ?? 'account',
    ...(account === undefined ? {} : { account }),
    ...(instrument === undefined ? {} : { symbol: controls.instruments.all[instrument].symbol }),
    ...(currency === undefined ? {} : { currency }),
  };
}

function subjectOf(controls: RiskControls, { instrument, currency }: LimitCell) {
  const { currencies, instruments } = controls;
  return {
    ...(instrument === undefined ? {} : { instrument: instruments.all[instrument] }),
    ...(currency === undefined ? {} : { currencies, currency: currencies.indexOf(currency) }),
  };
}

function textOf(controls: RiskControls, key: LimitKey, cell: LimitCell): string | null {
  return limitText(key, controls.cells[cell.cell], subjectOf(controls, cell));
}

/** A number as the configuration would have it in quotes. */
function plainText(value: number): Term {
  const text = String(value);
  return /^\d+(\.\d+)?$/.test(text) ? text : value;
}
