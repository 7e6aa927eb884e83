import {
  EventFlags,
  ExecutionType,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
} from '../lib/enums.js';
import type { Instrument } from '../lib/instruments.js';
import { orderIdOf } from '../lib/order-ids.js';
import { OpenOrders, PENDING_AMEND, PENDING_CANCEL, PENDING_NEW } from './open-orders.js';
import { OutgoingCommand } from './outgoing-command.js';
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

/** Ids after its own that a bracket reserves for its exits. */
const BRACKET_EXITS = 2;

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
  /** With room for the two exits that each open order may bring when it ends. */
  readonly orders = new OpenOrders(2 * MAXIMUM_OPEN_ORDERS);
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
    this.#command.conditional = false;
    return this.#send(
      instrument,
      Side.Buy,
      OrderType.Limit,
      TimeInForce.GoodTillCancel,
      price,
      quantity,
      0,
      0,
    );
  }

  sellLimit(instrument: number, price: number, quantity: number): number {
    this.#command.conditional = false;
    return this.#send(
      instrument,
      Side.Sell,
      OrderType.Limit,
      TimeInForce.GoodTillCancel,
      price,
      quantity,
      0,
      0,
    );
  }

  buyMarket(instrument: number, quantity: number): number {
    this.#command.conditional = false;
    return this.#send(
      instrument,
      Side.Buy,
      OrderType.Market,
      TimeInForce.ImmediateOrCancel,
      0,
      quantity,
      0,
      0,
    );
  }

  sellMarket(instrument: number, quantity: number): number {
    this.#command.conditional = false;
    return this.#send(
      instrument,
      Side.Sell,
      OrderType.Market,
      TimeInForce.ImmediateOrCancel,
      0,
      quantity,
      0,
      0,
    );
  }

  submit(order: OrderRequest): number {
    const { instrument, side, orderType, timeInForce, price, quantity, flags, conditions } = order;
    const command = this.#command;
    command.conditional = conditions !== undefined;
    if (conditions !== undefined && !command.conditions.take(conditions)) return INVALID_ORDER;
    const prevention = order.selfTradePrevention ?? 0;
    return this.#send(instrument, side, orderType, timeInForce, price, quantity, flags, prevention);
  }

  cancel(orderId: number): number {
    const { orders } = this;
    const row = orders.rowOf(orderId);
    if (row < 0) return UNKNOWN_ORDER;
    if (orders.awaits(row, PENDING_CANCEL)) return ORDER_PENDING;
    return this.#cancelRow(row) ? 0 : COMMANDS_FULL;
  }

  amend(orderId: number, price: number, quantity: number, stopPrice?: number): number {
    if (this.closed) return STRATEGY_STOPPED;
    const { orders } = this;
    const row = orders.rowOf(orderId);
    if (row < 0) return UNKNOWN_ORDER;
    if (orders.awaits(row, PENDING_AMEND | PENDING_CANCEL)) return ORDER_PENDING;
    const instrument = orders.instrument(row);
    // Once it is on the book a market-to-limit order is a limit order.
    const type = orders.orderType(row) === OrderType.MarketToLimit ? OrderType.Limit : orders.orderType(row);
    if (!this.#allowed(instrument, type, price, quantity)) return INVALID_ORDER;
    const command = this.#command;
    command.conditional = stopPrice !== undefined;
    if (stopPrice !== undefined && !command.conditions.takeStopPrice(stopPrice)) return INVALID_ORDER;
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

  /** An answer to a command, or news of an order. */
  onReport(report: ReportView): void {
    const { orders } = this;
    const row = orders.rowOf(report.orderId);
    if (report.executionType === ExecutionType.CancelRejected) {
      if (row >= 0) this.#onRefusal(row, report.reason);
      return;
    }
    const { status } = report;
    if (status === OrderStatus.Filled || status === OrderStatus.Canceled || status === OrderStatus.Rejected) {
      if (row >= 0) orders.remove(row);
    } else if (row >= 0) this.#onNews(row, report);
    else if (report.executionType === ExecutionType.New) this.#onExit(report);
  }

  /** A cancel or amend of this order was refused. */
  #onRefusal(row: number, reason: number): void {
    if (this.closed && reason === Reason.RateLimit) this.rateLimited = true;
    if (reason === Reason.UnknownOrder) this.orders.remove(row);
    else this.orders.answered(row, PENDING_AMEND | PENDING_CANCEL);
  }

  /** Nothing but New and Replaced answers a command here: an order triggers or is reduced without being asked. */
  #onNews(row: number, report: ReportView): void {
    const { orders } = this;
    if (report.executionType === ExecutionType.New) orders.answered(row, PENDING_NEW);
    else if (report.executionType === ExecutionType.Replaced) orders.answered(row, PENDING_AMEND);
    orders.confirm(row, report.price, report.leaves);
    if ((report.flags & EventFlags.Conditional) !== 0) orders.setStopPrice(row, report.stopPrice);
  }

  /** An order that nobody has sent: the exit of a bracket is active now. */
  #onExit(report: ReportView): void {
    const { orders } = this;
    const { orderId, instrument, side, orderType, price, quantity } = report;
    const row = orders.add(orderId, instrument, side, orderType, price, quantity, this.now);
    orders.fill(row, report.filled, report.leaves);
    this.#onNews(row, report);
  }

  #send(
    instrument: number,
    side: number,
    orderType: number,
    timeInForce: number,
    price: number,
    quantity: number,
    flags: number,
    selfTradePrevention: number,
  ): number {
    if (this.closed) return STRATEGY_STOPPED;
    if (!this.#allowed(instrument, orderType, price, quantity)) return INVALID_ORDER;
    const { orders } = this;
    if (orders.count >= MAXIMUM_OPEN_ORDERS) return TOO_MANY_ORDERS;
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
    command.selfTradePrevention = selfTradePrevention;
    if (!this.#sink.newOrder(command)) return COMMANDS_FULL;
    const { conditional, conditions } = command;
    this.#counter += conditional && conditions.isBracket ? 1 + BRACKET_EXITS : 1;
    const row = orders.add(id, instrument, side, orderType, price, quantity, this.now);
    if (conditional) orders.setStopPrice(row, conditions.stopPrice);
    return id;
  }

  #allowed(instrument: number, orderType: number, price: number, quantity: number): boolean {
    const terms = this.#terms[instrument];
    if (terms === undefined) return false;
    if (!(Number.isSafeInteger(quantity) && quantity >= terms.minimumLots && quantity <= terms.maximumLots)) {
      return false;
    }
    const hasPrice = orderType === OrderType.Limit || orderType === OrderType.StopLimit;
    return hasPrice ? Number.isSafeInteger(price) && price > 0 : price === 0;
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
