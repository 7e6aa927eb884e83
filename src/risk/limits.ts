/** The limits by name, with their scope, unit and default. How configured texts become cells: limit-values.ts. */

/** What cells hold, and how texts name it. `null` as a text or term switches a limit off: its cell holds Infinity. */
export type LimitUnit =
  /** Units of the instrument as text; cell: lots. */
  | 'quantity'
  /** Quote currency of the instrument as text; cell: ticks times lots. */
  | 'notional'
  /** Currency as text; cell: units of the currency (currencies.ts). */
  | 'amount'
  /** Percent; cell: the same. */
  | 'percent'
  /** Percent; cell: millionths. */
  | 'margin'
  /** Percent; cell: hundred-millionths. */
  | 'fee'
  /** Seconds; cell: nanoseconds. */
  | 'seconds'
  | 'count'
  /** A word; cell: its place in the list. */
  | 'mode'
  | 'loss_action'
  | 'trading';

export interface LimitDefinition {
  readonly unit: LimitUnit;
  /** What holds where the configuration says nothing. Without one, it has to say something. */
  readonly default?: string | number | null;
}

/** Limits of one account in one instrument, in cell order. */
export const INSTRUMENT_LIMIT_DEFINITIONS = {
  /** Of one order. */
  max_order_quantity: { unit: 'quantity' },
  max_order_notional: { unit: 'notional' },
  /** Distance of a limit price from the reference price. */
  price_collar_percent: { unit: 'percent' },
  /** Long or short, as if all open orders were filled. */
  max_position: { unit: 'quantity' },
  /** How far a price may go through the last trade, and through the best price of the other side. */
  fat_finger_last_percent: { unit: 'percent', default: null },
  fat_finger_touch_percent: { unit: 'percent', default: null },
  /** Of the value of a position: what opening it and what keeping it takes, in margin mode. */
  initial_margin_percent: { unit: 'margin', default: 100 },
  maintenance_margin_percent: { unit: 'margin', default: 50 },
  /** Highest fee of a fill, held with buy orders. */
  fee_percent: { unit: 'fee', default: 0 },
  /** May the account trade the instrument? */
  trading: { unit: 'trading', default: 'open' },
} as const satisfies Record<string, LimitDefinition>;

/** Limits of one account over all instruments, in cell order. */
export const ACCOUNT_LIMIT_DEFINITIONS = {
  max_open_orders: { unit: 'count' },
  /** Tokens that the bucket for new orders and amends gains a second, and holds. */
  orders_per_second: { unit: 'count' },
  order_burst: { unit: 'count' },
  /** The same for cancels. */
  cancels_per_second: { unit: 'count' },
  cancel_burst: { unit: 'count' },
  /** The same for all messages together. */
  messages_per_second: { unit: 'count', default: null },
  message_burst: { unit: 'count', default: null },
  /** Cancels for each fill that an account may send in a window, once it has sent so many cancels in it. */
  cancel_to_trade_ratio: { unit: 'count', default: null },
  cancel_to_trade_minimum: { unit: 'count', default: 100 },
  cancel_to_trade_window_s: { unit: 'seconds', default: 60 },
  mode: { unit: 'mode', default: 'none' },
  /** State of the account after a breach of its loss limits. */
  loss_action: { unit: 'loss_action', default: 'reducing_only' },
} as const satisfies Record<string, LimitDefinition>;

/** Limits of one account in one currency, in cell order. */
export const CURRENCY_LIMIT_DEFINITIONS = {
  /** Deposits of the account less withdrawals. */
  opening_balance: { unit: 'amount', default: '0' },
  /** Value of one order in its quote currency. */
  max_order_value: { unit: 'amount', default: null },
  /** Sum of the values of all positions with this quote currency, each as if all open orders of its worse side were filled. */
  max_currency_notional: { unit: 'amount', default: null },
  /** Net quantity over all instruments with this base currency, likewise. */
  max_currency_position: { unit: 'amount', default: null },
  /** Loss since the day began, and since the day's highest profit; quote currency. */
  max_daily_loss: { unit: 'amount', default: null },
  max_drawdown: { unit: 'amount', default: null },
} as const satisfies Record<string, LimitDefinition>;

/** The circuit breaker of an instrument, in cell order. */
export const MARKET_LIMIT_DEFINITIONS = {
  breaker_percent: { unit: 'percent', default: null },
  breaker_window_s: { unit: 'seconds', default: 10 },
  /** 0: until it is released. */
  breaker_halt_s: { unit: 'seconds', default: 60 },
} as const satisfies Record<string, LimitDefinition>;

/** The circuit breaker of all instruments together, in the same order: trips when any instrument moves that far. */
export const GLOBAL_LIMIT_DEFINITIONS = {
  market_breaker_percent: { unit: 'percent', default: null },
  market_breaker_window_s: { unit: 'seconds', default: 60 },
  market_breaker_halt_s: { unit: 'seconds', default: 300 },
} as const satisfies Record<string, LimitDefinition>;

export type InstrumentLimit = keyof typeof INSTRUMENT_LIMIT_DEFINITIONS;
export type AccountLimit = keyof typeof ACCOUNT_LIMIT_DEFINITIONS;
export type CurrencyLimit = keyof typeof CURRENCY_LIMIT_DEFINITIONS;
export type MarketLimit = keyof typeof MARKET_LIMIT_DEFINITIONS;
export type GlobalLimit = keyof typeof GLOBAL_LIMIT_DEFINITIONS;
export type LimitKey = InstrumentLimit | AccountLimit | CurrencyLimit | MarketLimit | GlobalLimit;

const keysOf = <T extends object>(definitions: T): (keyof T)[] => Object.keys(definitions) as (keyof T)[];
export const INSTRUMENT_LIMITS: readonly InstrumentLimit[] = keysOf(INSTRUMENT_LIMIT_DEFINITIONS);
export const ACCOUNT_LIMITS: readonly AccountLimit[] = keysOf(ACCOUNT_LIMIT_DEFINITIONS);
export const CURRENCY_LIMITS: readonly CurrencyLimit[] = keysOf(CURRENCY_LIMIT_DEFINITIONS);
export const MARKET_LIMITS: readonly MarketLimit[] = keysOf(MARKET_LIMIT_DEFINITIONS);
export const GLOBAL_LIMITS: readonly GlobalLimit[] = keysOf(GLOBAL_LIMIT_DEFINITIONS);

/** What a limit is of: an account in an instrument, an account, an account in a currency, an instrument, everything. */
export type LimitScope = 'instrument' | 'account' | 'currency' | 'market' | 'global';

const SCOPES: Readonly<Record<LimitScope, Readonly<Record<string, LimitDefinition>>>> = {
  instrument: INSTRUMENT_LIMIT_DEFINITIONS,
  account: ACCOUNT_LIMIT_DEFINITIONS,
  currency: CURRENCY_LIMIT_DEFINITIONS,
  market: MARKET_LIMIT_DEFINITIONS,
  global: GLOBAL_LIMIT_DEFINITIONS,
};
export const LIMIT_SCOPES = Object.keys(SCOPES) as LimitScope[];

const SCOPE_OF = new Map<string, LimitScope>(
  LIMIT_SCOPES.flatMap((scope) => Object.keys(SCOPES[scope]).map((key) => [key, scope] as const)),
);

/** Scope of a limit; undefined when there is none of this name. */
export function scopeOf(key: string): LimitScope | undefined {
  return SCOPE_OF.get(key);
}

export function definitionOf(key: LimitKey): LimitDefinition {
  return SCOPES[SCOPE_OF.get(key) ?? 'account'][key];
}

/** Words of a limit whose unit is a list of words; undefined for all others. */
export const WORDS: Partial<Record<LimitUnit, readonly string[]>> = {
  mode: ['none', 'cash', 'margin'],
  loss_action: ['reducing_only', 'halted'],
  trading: ['open', 'close_only', 'restricted'],
};

// Values of the cells of these limits.
export const MODE_CASH = 1;
export const MODE_MARGIN = 2;
export const LOSS_HALTS = 1;
export const CLOSE_ONLY = 1;
export const RESTRICTED = 2;

/**
 * Prices and quantities that risk accepts, and positions that it allows, are below this (2^50), whatever the
 * configured limits say: sums of some of them stay exact in a double.
 */
export const MAXIMUM_UNITS = 2 ** 50;
/** Denominators of the units 'margin' and 'fee'. */
export const MARGIN_DENOMINATOR = 1_000_000;
export const FEE_DENOMINATOR = 100_000_000;
/** Highest cells of these units: 400 percent, 8 percent. */
export const MAXIMUM_MARGIN = 4_000_000;
export const MAXIMUM_FEE = 8_000_000;
