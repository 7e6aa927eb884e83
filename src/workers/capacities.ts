import type { Config } from '../config/schema.js';

const SMALLEST = 1 << 12;
const LARGEST = 1 << 20;

/**
 * Orders that risk and matching hold at once: what the accounts may have open together, as a power of two between 2^12 and
 * 2^20. Where limits are raised beyond it at run time, orders are refused with RiskCapacity.
 */
export function openOrderCapacity(config: Config): number {
  const { risk } = config;
  const wanted = risk.accounts.reduce(
    (sum, account) => sum + (account.max_open_orders ?? risk.max_open_orders),
    0,
  );
  let capacity = SMALLEST;
  while (capacity < wanted && capacity < LARGEST) capacity *= 2;
  return capacity;
}
