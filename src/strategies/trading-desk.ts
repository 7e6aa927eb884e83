import { ExecutionType, OrderStatus, OrderType, Reason, Side, TimeInForce } from '../lib/enums.js';
import type { Instrument } from '../lib/instruments.js';
import { orderIdOf } from '../lib/order-ids.js';
import { OpenOrders, PENDING_AMEND, PENDING_CANCEL, PENDING_NEW } from './open-orders.js';
import {
  COMMANDS_FULL,
  INVALID_ORDER,
  MAXIMUM_OPEN_ORDERS,
  ORDER_PENDING,
  type OrderRequest,
  type ReportView,
  STRATEGY_STOPPED,
  TOO_MANY_ORDERS,
  type Trading,
  UNKNOWN_ORDER,
} from './strategy.js';

/** Fields that may exceed 31 bits start as NaN: V8 keeps them as doubles in place, so that writing them allocates nothing. */
const WIDE = Number.NaN;

/** A command on its way out; reused. Amends and cancels leave the last four fields alone. */
export class OutgoingCommand {
  /** When the strategy sent it. */
  received = WIDE;
  orderId = WIDE;
  price = WIDE;
  quantity = WIDE;
  readonly account: number;
  readonly source: number;
  instrument = 0;
  side = 0;
  orderType = 0;
  timeInForce = 0;
  flags = 0;

  constructor(account: number, source: number) {
    this.account = account;
    this.source = source;
  }
}

/** Where commands go: the command ring, in the running system. Each returns false when there is no room. */
export interface CommandSink {
  newOrder(command: OutgoingCommand): boolean;
  amend(command: OutgoingCommand): boolean;
  cancel(command: OutgoingCommand): boolean;
}

/** Who trades. */
export interface Trader {
  readonly source: number;
  readonly account: number;
  readonly instruments: readonly Instrument[];
}

/** Order entry of one strategy: numbers its orders, checks them against the instrument's terms, remembers what is open. */
export class TradingDesk implements Trading {
  readonly orders = new OpenOrders(MAXIMUM_OPEN_ORDERS);
  /** Time of the call in progress; set by the host. */
  now = 0;
  /** No new orders or amends any more. */
  closed = false;
  /** Since it was closed, risk has refused a command for its rate; whoever acts on it clears it. */
  rateLimited = false;
  readonly #sink: CommandSink;
  readonly #source: number;
  readonly #command: OutgoingCommand;
  /** By instrument number; undefined where this strategy has no business. */
  readonly #terms: readonly (Instrument | undefined)[];
  readonly #positions: Float64Array;
  #counter = 0;

  constructor(trader: Trader, sink: CommandSink) {
    this.#sink = sink;
    this.#source = trader.source;
    this.#command = new OutgoingCommand(trader.account, trader.source);
    const size = Math.max(0, ...trader.instruments.map((one) => one.index + 1));
    const terms: (Instrument | undefined)[] = new Array(size).fill(undefined);
    for (const one of trader.instruments) terms[one.index] = one;
    this.#terms = terms;
    this.#positions = new Float64Array(size);
  }

  buyLimit(instrument: number, price: number, quantity: number): number {
    return this.#send(instrument, Side.Buy, OrderType.Limit, TimeInForce.GoodTillCancel, price, quantity, 0);
  }

  sellLimit(instrument: number, price: number, quantity: number): number {
    return this.#send(instrument, Side.Sell, OrderType.Limit, TimeInForce.GoodTillCancel, price, quantity, 0);
  }

  buyMarket(instrument: number, quantity: number): number {
    return this.#send(instrument, Side.Buy, OrderType.Market, TimeInForce.ImmediateOrCancel, 0, quantity, 0);
  }

  sellMarket(instrument: number, quantity: number): number {
    return this.#send(instrument, Side.Sell, OrderType.Market, TimeInForce.ImmediateOrCancel, 0, quantity, 0);
  }

  submit(order: OrderRequest): number {
    const { instrument, side, orderType, timeInForce, price, quantity, flags } = order;
    return this.#send(instrument, side, orderType, timeInForce, price, quantity, flags);
  }

  cancel(orderId: number): number {
    const { orders } = this;
    const row = orders.rowOf(orderId);
    if (row < 0) return UNKNOWN_ORDER;
    if (orders.awaits(row, PENDING_CANCEL)) return ORDER_PENDING;
    return this.#cancelRow(row) ? 0 : COMMANDS_FULL;
  }

  amend(orderId: number, price: number, quantity: number): number {
    if (this.closed) return STRATEGY_STOPPED;
    const { orders } = this;
    const row = orders.rowOf(orderId);
    if (row < 0) return UNKNOWN_ORDER;
    if (orders.awaits(row, PENDING_AMEND | PENDING_CANCEL)) return ORDER_PENDING;
    const instrument = orders.instrument(row);
    if (!this.#allowed(instrument, OrderType.Limit, price, quantity)) return INVALID_ORDER;
    const command = this.#command;
    command.received = this.now;
    command.orderId = orderId;
    command.price = price;
    command.quantity = quantity;
    command.instrument = instrument;
    if (!this.#sink.amend(command)) return COMMANDS_FULL;
    orders.expect(row, PENDING_AMEND);
    return 0;
  }

  cancelAll(instrument = -1): number {
    return this.cancelSome(Number.POSITIVE_INFINITY, instrument);
  }

  /** Cancels up to `limit` open orders, of one instrument or (-1) of all; returns how many cancels were sent. */
  cancelSome(limit: number, instrument = -1): number {
    const { orders } = this;
    let sent = 0;
    for (let row = 0; row < orders.count && sent < limit; row++) {
      if (instrument >= 0 && orders.instrument(row) !== instrument) continue;
      if (orders.awaits(row, PENDING_CANCEL)) continue;
      if (!this.#cancelRow(row)) break;
      sent++;
    }
    return sent;
  }

  position(instrument: number): number {
    return this.#positions[instrument] ?? 0;
  }

  /** One of the orders traded. A maker without leaves is gone; a taker's own report ends it. */
  onFill(
    orderId: number,
    instrument: number,
    side: number,
    quantity: number,
    leaves: number,
    maker: boolean,
  ): void {
    this.#positions[instrument] += side === Side.Buy ? quantity : -quantity;
    const row = this.orders.rowOf(orderId);
    if (row < 0) return;
    this.orders.fill(row, quantity, leaves);
    if (maker && leaves === 0) this.orders.remove(row);
  }

  /** An answer to a command, or the end of an order. */
  onReport(report: ReportView): void {
    const row = this.orders.rowOf(report.orderId);
    if (row < 0) return;
    const { orders } = this;
    if (report.executionType === ExecutionType.CancelRejected) {
      if (this.closed && report.reason === Reason.RateLimit) this.rateLimited = true;
      if (report.reason === Reason.UnknownOrder) orders.remove(row);
      else orders.answered(row, PENDING_AMEND | PENDING_CANCEL);
      return;
    }
    const { status } = report;
    if (status === OrderStatus.Filled || status === OrderStatus.Canceled || status === OrderStatus.Rejected) {
      orders.remove(row);
      return;
    }
    // The first report answers the order itself, a later one an amend.
    orders.answered(row, orders.awaits(row, PENDING_NEW) ? PENDING_NEW : PENDING_AMEND);
    orders.confirm(row, report.price, report.leaves);
  }

  #send(
    instrument: number,
    side: number,
    orderType: number,
    timeInForce: number,
    price: number,
    quantity: number,
    flags: number,
  ): number {
    if (this.closed) return STRATEGY_STOPPED;
    if (!this.#allowed(instrument, orderType, price, quantity)) return INVALID_ORDER;
    const { orders } = this;
    if (orders.count === orders.capacity) return TOO_MANY_ORDERS;
    const id = orderIdOf(this.#source, this.#counter + 1);
    const command = this.#command;
    command.received = this.now;
    command.orderId = id;
    command.price = price;
    command.quantity = quantity;
    command.instrument = instrument;
    command.side = side;
    command.orderType = orderType;
    command.timeInForce = timeInForce;
    command.flags = flags;
    if (!this.#sink.newOrder(command)) return COMMANDS_FULL;
    this.#counter++;
    orders.add(id, instrument, side, price, quantity, this.now);
    return id;
  }

  #allowed(instrument: number, orderType: number, price: number, quantity: number): boolean {
    const terms = this.#terms[instrument];
    if (terms === undefined) return false;
    if (!(Number.isSafeInteger(quantity) && quantity >= terms.minimumLots && quantity <= terms.maximumLots)) {
      return false;
    }
    return orderType === OrderType.Market ? price === 0 : Number.isSafeInteger(price) && price > 0;
  }

  #cancelRow(row: number): boolean {
    const { orders } = this;
    const command = this.#command;
    command.received = this.now;
    command.orderId = orders.orderId(row);
    command.instrument = orders.instrument(row);
    if (!this.#sink.cancel(command)) return false;
    orders.expect(row, PENDING_CANCEL);
    return true;
  }
}
