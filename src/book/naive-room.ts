/** Is there room for an order? Asked before it trades, as if it went in whole. */
import type { ResolvedCapacities } from './matching.js';
import { isStop, isUnpriced, type Order } from './naive-order.js';

/** Room beside `others`, all live orders but this one; an order that `waits` goes to the waiting orders. */
export function hasRoom(
  order: Order,
  waits: boolean,
  others: Order[],
  capacities: ResolvedCapacities,
): boolean {
  const accounts = new Set(others.map((other) => other.account)).add(order.account);
  if (accounts.size > capacities.accounts) return false;
  if (waits) {
    if (!isStop(order)) return true;
    const levels = new Set(others.filter((other) => other.waiting && isStop(other)).map(stopLevelOf));
    return levels.add(stopLevelOf(order)).size <= capacities.levels;
  }
  const onBooks = others.filter((other) => !other.waiting);
  const level = onBooks.filter((other) => levelOf(other) === levelOf(order));
  const total = level.reduce((sum, other) => sum + other.leavesQuantity, 0);
  const levels = new Set(onBooks.map(levelOf)).add(levelOf(order));
  return levels.size <= capacities.levels && total <= Number.MAX_SAFE_INTEGER - order.leavesQuantity;
}

function levelOf(order: Order): string {
  return `${order.instrument} ${order.side} ${isUnpriced(order) ? 'unpriced' : order.price}`;
}

function stopLevelOf(order: Order): string {
  return `${order.instrument} ${order.side} ${order.stopPrice}`;
}
