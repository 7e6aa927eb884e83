/** What events do to orders of the store. */
import {
  ConditionFlags,
  Contingency,
  EventFlags,
  ExecutionType,
  OrderStatus,
  OrderType,
  TimeInForce,
  TradingPhase,
} from '../../lib/enums.js';
import * as ExecutionReport from '../../messages/views/execution-report.js';
import * as Trade from '../../messages/views/trade.js';
import { NONE } from './id-index.js';
import { exitOf, linkedOrderOf, makeConditional, presentOf } from './order-conditions.js';
import type { OrderStore } from './order-store.js';
import {
  clearConditions,
  emptyRequest,
  exitsOf,
  type OrderRequest,
  STOP_LOSS_OFFSET,
  TAKE_PROFIT_OFFSET,
} from './order-terms.js';
import type { StatusStore } from './status-store.js';
import { Liquidity, OrderState } from './store-layout.js';

const { Waiting } = OrderState;

/** Applies trades and reports to the orders that came through the gateway, and takes in the exits of their brackets. */
export class OrderEvents {
  readonly #store: OrderStore;
  readonly #statuses: StatusStore;
  readonly #found: OrderRequest = emptyRequest();

  constructor(store: OrderStore, statuses: StatusStore) {
    this.#store = store;
    this.#statuses = statuses;
  }

  /** The fill of one side of a trade; returns the number of the execution, 0 when the order is not held. */
  fill(orderId: number, leaves: number, taker: boolean, words: Int32Array, at: number): number {
    const store = this.#store;
    const timestamp = Trade.timestamp(words, at);
    const found = store.find(orderId);
    // The take profit of a bracket can trade before it is reported.
    const place = found === NONE ? this.#addExit(orderId, timestamp) : found;
    if (place === NONE) return 0;
    const isAuction = (Trade.flags(words, at) & EventFlags.Auction) !== 0;
    const liquidity = isAuction ? Liquidity.Auction : taker ? Liquidity.Taker : Liquidity.Maker;
    const number = store.addExecution(
      place,
      Trade.tradeId(words, at),
      Trade.price(words, at),
      Trade.quantity(words, at),
      leaves,
      liquidity,
      feeOf(taker, words, at),
      timestamp,
    );
    store.orders.state[place] &= ~Waiting;
    if (leaves === 0) this.#end(place, OrderStatus.Filled, 0);
    else store.setStatus(place, OrderStatus.PartiallyFilled, 0);
    return number;
  }

  /** A report about an order of this gateway; returns its place, NONE when it names none. */
  report(words: Int32Array, at: number): number {
    const store = this.#store;
    const orderId = ExecutionReport.orderId(words, at);
    const type = ExecutionReport.executionType(words, at);
    let place = store.find(orderId);
    if (place === NONE) {
      if (type !== ExecutionType.New && type !== ExecutionType.Rejected) return NONE;
      place = this.#addExit(orderId, ExecutionReport.timestamp(words, at));
      if (place === NONE) place = this.#addReported(orderId, words, at);
      if (place === NONE) return NONE;
    }
    // An order that was answered before was not the one that a later Rejected means.
    const stays =
      type === ExecutionType.CancelRejected ||
      (type === ExecutionType.Rejected && store.orders.status[place] !== OrderStatus.None);
    if (!stays) this.#apply(place, type, words, at);
    return place;
  }

  #apply(place: number, type: number, words: Int32Array, at: number): void {
    const { orders } = this.#store;
    if (type !== ExecutionType.Rejected) {
      orders.price[place] = ExecutionReport.price(words, at);
      orders.quantity[place] = ExecutionReport.quantity(words, at);
      if (ExecutionReport.isExtended(words, at)) this.#conditions(place, words, at);
      else if (linkedOrderOf(orders, place) !== 0) this.#unlink(place);
    }
    orders.leaves[place] = ExecutionReport.leavesQuantity(words, at);
    orders.updated[place] = ExecutionReport.timestamp(words, at);
    if (this.#waits(place, type, words, at)) orders.state[place] |= Waiting;
    else orders.state[place] &= ~Waiting;
    this.#end(place, ExecutionReport.status(words, at), ExecutionReport.reason(words, at));
  }

  /** Is the order off the book after this report, though it is live? Reports do not say so of all: docs/matching.md, Words. */
  #waits(place: number, type: number, words: Int32Array, at: number): boolean {
    const { orders } = this.#store;
    if (ExecutionReport.leavesQuantity(words, at) === 0 || type === ExecutionType.Triggered) return false;
    if ((ExecutionReport.flags(words, at) & EventFlags.Resting) !== 0) return false;
    if (type !== ExecutionType.New) return (orders.state[place] & Waiting) !== 0;
    const orderType = orders.orderType[place];
    if (orderType === OrderType.Stop || orderType === OrderType.StopLimit) return true;
    const forClose = orders.timeInForce[place] === TimeInForce.AtTheClose;
    return forClose && this.#statuses.phase(orders.instrument[place]) !== TradingPhase.ClosingAuction;
  }

  #conditions(place: number, words: Int32Array, at: number): void {
    const { orders } = this.#store;
    makeConditional(orders, place);
    const type = orders.orderType[place];
    if (type === OrderType.Stop || type === OrderType.StopLimit) {
      orders.stopPrice[place] = ExecutionReport.stopPrice(words, at);
      orders.present[place] |= ConditionFlags.StopPrice;
    }
    orders.expireTime[place] = ExecutionReport.expireTime(words, at);
    const linked = ExecutionReport.linkedOrderId(words, at);
    if (linked === 0) this.#unlink(place);
    else this.#link(place, linked);
  }

  /** The link is mutual, but only one of the two is reported when it comes about. */
  #link(place: number, linked: number): void {
    const store = this.#store;
    const { orders } = store;
    const other = store.find(linked);
    // The fill that ended the other one is what reduced this one.
    if (other !== NONE && !store.isOpen(other)) {
      this.#unlink(place);
      return;
    }
    // Nobody chooses how the exits of a bracket depend on each other.
    if (orders.contingency[place] === Contingency.None)
      orders.contingency[place] = Contingency.OneUpdatesOther;
    orders.linkedOrderId[place] = linked;
    if (other === NONE) return;
    makeConditional(orders, other);
    orders.linkedOrderId[other] = orders.orderId[place];
    orders.contingency[other] = orders.contingency[place];
  }

  /** The order at `place` is linked no more; the other one, where it points here, is not either. */
  #unlink(place: number): void {
    const store = this.#store;
    const { orders } = store;
    const other = store.find(linkedOrderOf(orders, place));
    if (other !== NONE && linkedOrderOf(orders, other) === orders.orderId[place]) {
      orders.linkedOrderId[other] = 0;
      orders.contingency[other] = Contingency.None;
    }
    orders.linkedOrderId[place] = 0;
    orders.contingency[place] = Contingency.None;
  }

  /** The order is in `status` now; one that ends leaves the order that it was linked with alone. */
  #end(place: number, status: number, reason: number): void {
    const store = this.#store;
    store.setStatus(place, status, reason);
    if (!store.isOpen(place) && linkedOrderOf(store.orders, place) !== 0) this.#unlink(place);
  }

  /** Takes in the exit of a bracket whose entry is here; NONE when `orderId` is none that an entry reserved. */
  #addExit(orderId: number, timestamp: number): number {
    const store = this.#store;
    const { orders } = store;
    for (const offset of [TAKE_PROFIT_OFFSET, STOP_LOSS_OFFSET]) {
      const entry = store.find(orderId - offset);
      if (entry === NONE || exitsOf(presentOf(orders, entry)) === 0) continue;
      const owner = orders.owner[entry];
      const armed = orders.state[entry] & OrderState.CancelOnDisconnect;
      const parent = orders.orderId[entry];
      exitOf(orders, entry, offset, this.#found);
      const place = store.addExit(orderId, this.#found, timestamp, owner);
      orders.parentOrderId[place] = parent;
      orders.state[place] |= armed;
      return place;
    }
    return NONE;
  }

  /** Takes in an order that the gateway sent and lost: it died between the ring and its store. */
  #addReported(orderId: number, words: Int32Array, at: number): number {
    const store = this.#store;
    if (!store.hasRoom()) return NONE;
    const found = this.#found;
    clearConditions(found.conditions);
    found.clientOrderId = '';
    found.account = ExecutionReport.account(words, at);
    found.instrument = ExecutionReport.instrument(words, at);
    found.price = ExecutionReport.price(words, at);
    found.quantity = ExecutionReport.quantity(words, at);
    found.side = ExecutionReport.side(words, at);
    found.orderType = ExecutionReport.orderType(words, at);
    found.timeInForce = ExecutionReport.timeInForce(words, at);
    found.flags = 0;
    found.selfTradePrevention = 0;
    found.conditional = ExecutionReport.isExtended(words, at);
    return store.add(orderId, found, ExecutionReport.received(words, at), 0);
  }
}

/** What the side of a trade pays, ticks times lots. After an auction both pay as takers; the record says so. */
function feeOf(taker: boolean, words: Int32Array, at: number): number {
  if (!Trade.isExtended(words, at)) return 0;
  return taker ? Trade.takerFee(words, at) : Trade.makerFee(words, at);
}
