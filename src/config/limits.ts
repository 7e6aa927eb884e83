import { z } from 'zod';
import {
  choice,
  decimalFromZero,
  group,
  groupList,
  integer,
  name,
  number,
  positiveDecimal,
  section,
  timeOfDay,
  truth,
} from './fields.js';

/** Pre-trade limits: one set for all, and what instruments, currencies and accounts have instead. docs/RISK.md explains each. */

const percent = (of: string) => number(0, 1000, `percent of ${of}`);
const seconds = (note: string) => number(0, 1_000_000, `seconds${note}`);
const amount = (note: string) => positiveDecimal(`the currency; ${note}`);

/** Of an account in an instrument. */
const instrumentLimits = {
  max_order_quantity: positiveDecimal('units of the instrument'),
  max_order_notional: positiveDecimal('quote currency'),
  price_collar_percent: number(0.01, 1000, 'percent of the reference price'),
  max_position: positiveDecimal('units of the instrument, open orders included'),
  fat_finger_last_percent: percent('the last trade price; null: off').nullable(),
  fat_finger_touch_percent: percent("the other side's best price; null: off").nullable(),
  initial_margin_percent: number(0, 400, 'percent of the value'),
  maintenance_margin_percent: number(0, 400, 'percent of the value'),
  fee_percent: number(0, 8, 'percent of the value, the highest fee'),
  trading: choice(['open', 'close_only', 'restricted']),
};

/** Of an account. */
const limits = {
  ...instrumentLimits,
  max_open_orders: integer(1, 100_000_000),
  orders_per_second: integer(1, 100_000_000),
  order_burst: integer(1, 100_000_000, 'orders at once'),
  cancels_per_second: integer(1, 100_000_000),
  cancel_burst: integer(1, 100_000_000, 'cancels at once'),
  messages_per_second: integer(1, 100_000_000, 'null: off').nullable(),
  message_burst: integer(1, 100_000_000, 'messages at once; null: those of a second').nullable(),
  cancel_to_trade_ratio: number(0, 100_000_000, 'cancels for each fill; null: off').nullable(),
  cancel_to_trade_minimum: integer(0, 100_000_000, 'cancels'),
  cancel_to_trade_window_s: seconds(''),
  mode: choice(['none', 'cash', 'margin']),
  loss_action: choice(['reducing_only', 'halted']),
};

/** Of an instrument, for all accounts together. */
const marketLimits = {
  breaker_percent: number(0.01, 1000, 'percent; null: off').nullable(),
  breaker_window_s: number(0.001, 1_000_000, 'seconds'),
  breaker_halt_s: seconds('; 0: until released'),
};

/** Of an account in a currency. */
const currencyLimits = z
  .strictObject({
    opening_balance: decimalFromZero('the currency; deposits less withdrawals'),
    max_order_value: amount('null: off').nullable(),
    max_currency_notional: amount('null: off').nullable(),
    max_currency_position: amount('null: off').nullable(),
    max_daily_loss: amount('null: off').nullable(),
    max_drawdown: amount('null: off').nullable(),
  })
  .partial();

const CURRENCY_KEYS = `the keys ${Object.keys(currencyLimits.shape).join(', ')}`;
const currencies = z.record(
  z.string(),
  group(currencyLimits.shape),
  `a group of currencies, each with ${CURRENCY_KEYS}`,
);

const bySymbol = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.record(
    z.string(),
    group(shape),
    `a group of symbols, each with the keys ${Object.keys(shape).join(', ')}`,
  );

const account = group({
  id: integer(1, 65_535),
  name: name(),
  self_trade_group: name().nullable().default(null),
  ...z.object(limits).partial().shape,
  state: choice(['active', 'reducing_only', 'halted']).optional(),
  instruments: bySymbol(z.object(instrumentLimits).partial().shape).optional(),
  currencies: currencies.optional(),
});

const DEFAULT_ACCOUNTS = [
  { id: 1, name: 'gateway' },
  { id: 2, name: 'maker' },
  { id: 3, name: 'taker' },
  { id: 4, name: 'noise' },
  { id: 5, name: 'drill' },
];

export const riskSection = section({
  max_order_quantity: limits.max_order_quantity.default('10000'),
  max_order_notional: limits.max_order_notional.default('1000000'),
  price_collar_percent: limits.price_collar_percent.default(10),
  max_position: limits.max_position.default('100000'),
  max_open_orders: limits.max_open_orders.default(10_000),
  orders_per_second: limits.orders_per_second.default(100_000),
  order_burst: limits.order_burst.default(100_000),
  cancels_per_second: limits.cancels_per_second.default(100_000),
  cancel_burst: limits.cancel_burst.default(100_000),
  fat_finger_last_percent: limits.fat_finger_last_percent.default(null),
  fat_finger_touch_percent: limits.fat_finger_touch_percent.default(null),
  mode: limits.mode.default('none'),
  initial_margin_percent: limits.initial_margin_percent.default(100),
  maintenance_margin_percent: limits.maintenance_margin_percent.default(50),
  fee_percent: limits.fee_percent.default(0),
  trading: limits.trading.default('open'),
  messages_per_second: limits.messages_per_second.default(null),
  message_burst: limits.message_burst.default(null),
  cancel_to_trade_ratio: limits.cancel_to_trade_ratio.default(null),
  cancel_to_trade_minimum: limits.cancel_to_trade_minimum.default(100),
  cancel_to_trade_window_s: limits.cancel_to_trade_window_s.default(60),
  loss_action: limits.loss_action.default('reducing_only'),
  breaker_percent: marketLimits.breaker_percent.default(null),
  breaker_window_s: marketLimits.breaker_window_s.default(10),
  breaker_halt_s: marketLimits.breaker_halt_s.default(60),
  market_breaker_percent: marketLimits.breaker_percent.default(null),
  market_breaker_window_s: marketLimits.breaker_window_s.default(60),
  market_breaker_halt_s: marketLimits.breaker_halt_s.default(300),
  instruments: bySymbol(z.object({ ...instrumentLimits, ...marketLimits }).partial().shape).default({}),
  currencies: currencies.default({}),
  day_starts_at: timeOfDay('null: when an operator says so').nullable().default('00:00:00'),
  kill_switch: truth().default(false),
  accounts: groupList(
    account,
    'a list of one or more accounts ({id, name, self_trade_group, own limits})',
    1,
  ).prefault(DEFAULT_ACCOUNTS),
});
