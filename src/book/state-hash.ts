import type { StateHash } from '../lib/state-hash.js';
import type { RestingOrder } from './matching.js';

/** Adds an order as the state hash of the matching contract has it; orders come in canonical order. */
export function addOrder(hash: StateHash, order: RestingOrder): void {
  hash.add(order.orderId);
  hash.add(order.account);
  hash.add(order.instrument);
  hash.add(order.source);
  hash.add(order.side);
  hash.add(order.orderType);
  hash.add(order.timeInForce);
  hash.add(order.flags);
  hash.add(order.price);
  hash.add(order.quantity);
  hash.add(order.leavesQuantity);
  hash.add(order.arrival);
}
