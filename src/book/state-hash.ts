/** What the state hash of the matching contract is made of; see "State hash" in docs/matching.md. */
import type { StateHash } from '../lib/state-hash.js';
import type { LiveOrder, RestingOrder } from './matching.js';

/** Adds an order; orders come in canonical order. */
export function addOrder(hash: StateHash, order: LiveOrder): void {
  addPlainOrder(hash, order);
  if (order.conditional || order.selfTradePrevention !== 0) addConditions(hash, order);
}

/** Adds an order that has neither conditions nor self-trade prevention. */
export function addPlainOrder(hash: StateHash, order: RestingOrder): void {
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

function addConditions(hash: StateHash, order: LiveOrder): void {
  hash.add(order.selfTradePrevention);
  hash.add(order.conditional ? 1 : 0);
  hash.add(order.waiting ? 1 : 0);
  hash.add(order.stopPrice);
  hash.add(order.displayedQuantity);
  hash.add(order.shownQuantity);
  hash.add(order.expireTime);
  hash.add(order.linkedOrderId);
  hash.add(order.contingency);
  addOptional(hash, order.takeProfitPrice);
  addOptional(hash, order.stopLossPrice);
  addOptional(hash, order.stopLossLimitPrice);
}

/** What is hashed of an instrument besides its orders. Prices are NaN where there is none. */
export interface InstrumentState {
  readonly phase: number;
  readonly lastPrice: number;
  readonly referencePrice: number;
  /** As last published. */
  readonly indicativePrice: number;
  readonly indicativeQuantity: number;
  readonly surplus: number;
}

/** Adds an instrument unless all of it is as it was at the start: an instrument that nobody trades costs nothing. */
export function addInstrument(
  hash: StateHash,
  instrument: number,
  state: InstrumentState,
  phaseAtStart: number,
  referenceAtStart: number,
): void {
  if (
    state.phase === phaseAtStart &&
    Number.isNaN(state.lastPrice) &&
    Object.is(state.referencePrice, referenceAtStart) &&
    Number.isNaN(state.indicativePrice) &&
    state.indicativeQuantity === 0 &&
    state.surplus === 0
  ) {
    return;
  }
  hash.add(instrument);
  hash.add(state.phase);
  addOptional(hash, state.lastPrice);
  addOptional(hash, state.referencePrice);
  addOptional(hash, state.indicativePrice);
  hash.add(state.indicativeQuantity);
  hash.add(state.surplus);
}

/** A price, or NaN for none. */
function addOptional(hash: StateHash, value: number): void {
  const isGiven = !Number.isNaN(value);
  hash.add(isGiven ? 1 : 0);
  hash.add(isGiven ? value : 0);
}
