import { z } from 'zod';
import { group, groupList, integer, name, number, positiveDecimal, section, truth } from './fields.js';

/** Pre-trade limits: one set for all, and what an account has instead. */

const limits = {
  max_order_quantity: positiveDecimal('units of the instrument'),
  max_order_notional: positiveDecimal('quote currency'),
  price_collar_percent: number(0.01, 1000, 'percent of the reference price'),
  max_position: positiveDecimal('units of the instrument, open orders included'),
  max_open_orders: integer(1, 100_000_000),
  orders_per_second: integer(1, 100_000_000),
  order_burst: integer(1, 100_000_000, 'orders at once'),
  cancels_per_second: integer(1, 100_000_000),
  cancel_burst: integer(1, 100_000_000, 'cancels at once'),
};

const account = group({
  id: integer(1, 65_535),
  name: name(),
  self_trade_group: name().nullable().default(null),
  ...z.object(limits).partial().shape,
});

const DEFAULT_ACCOUNTS = [
  { id: 1, name: 'gateway' },
  { id: 2, name: 'maker' },
  { id: 3, name: 'taker' },
  { id: 4, name: 'noise' },
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
  kill_switch: truth().default(false),
  accounts: groupList(
    account,
    'a list of one or more accounts ({id, name, self_trade_group, own limits})',
    1,
  ).prefault(DEFAULT_ACCOUNTS),
});
