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
  'fat_finger_last_percent',
  'fat_finger_touch_percent',
  'mode',
  'initial_margin_percent',
  'maintenance_margin_percent',
  'fee_percent',
  'trading',
  'messages_per_second',
  'message_burst',
  'cancel_to_trade_ratio',
  'cancel_to_trade_minimum',
  'cancel_to_trade_window_s',
  'loss_action',
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
