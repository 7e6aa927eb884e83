import type { AccountConfig, RiskConfig } from './schema.js';

const LIMIT_KEYS = [
  'max_order_quantity',
  'max_order_notional',
  'price_collar_percent',
  'max_position',
  'max_open_orders',
  'orders_per_second',
  'order_burst',
  'cancels_per_second',
  'cancel_burst',
] as const satisfies readonly (keyof RiskConfig)[];

/** One account's pre-trade limits, none missing. */
export type AccountLimits = Readonly<Pick<RiskConfig, (typeof LIMIT_KEYS)[number]>>;

/** The limits of `risk`, each replaced by the account's own where it has one. */
export function accountLimits(risk: RiskConfig, account: AccountConfig): AccountLimits {
  const own = Object.fromEntries(
    LIMIT_KEYS.filter((key) => account[key] !== undefined).map((key) => [key, account[key]]),
  );
  const shared = Object.fromEntries(LIMIT_KEYS.map((key) => [key, risk[key]])) as AccountLimits;
  return { ...shared, ...own };
}
