/**
 * The twin of the matching engine: the same contract in obvious code, slow and allocating. One array of orders
 * a book side, sorted by priority; everything else is searched for. Tests hold the engine against it.
 */
import { assert } from '../lib/assert.js';
import {
  EventFlags,
  ExecutionType,
  OrderFlags,
  OrderStatus,
  OrderType,
  Reason,
  Side,
  TimeInForce,
} from '../lib/enums.js';
import { StateHash } from '../lib/state-hash.js';
import {
  ALL_INSTRUMENTS,
  type Matching,
  type MatchingCapacities,
  MatchingCommand,
  type MatchingEvents,
  ReportEvent,
  type ResolvedCapacities,
  type RestingOrder,
  resolveCapacities,
} from './matching.js';
import { amendRefusal, hasOrderId, massCancelRefusal, newOrderRefusal } from './matching-rules.js';
import {
  accepts,
  better,
  hasRoom,
  isPostOnly,
  mayRest,
  NO_ORDER,
  type Order,
  openStatus,
  sumOfLeaves,
  tradeBetween,
} from './naive-order.js';
import { addPlainOrder } from './state-hash.js';

/** A command's own report, and nothing after it. */
const OWN = EventFlags.EndOfCommand | EventFlags.Answer;

export class NaiveMatching implements Matching {
  readonly command = new MatchingCommand();
  private readonly events: MatchingEvents;
  private readonly capacities: ResolvedCapacities;
  /** Resting orders of each book side in priority order; index as bookSide. */
  private readonly sides: Order[][];
  private nextTradeId = 1;
  private nextArrival = 1;

  constructor(capacities: MatchingCapacities, events: MatchingEvents) {
    this.capacities = resolveCapacities(capacities);
    this.events = events;
    this.sides = Array.from({ length: this.capacities.instruments * 2 }, () => []);
  }

  newOrder(): void {
    const order = this.orderFromCommand();
    const refusal = this.refuseNew(order);
    if (refusal !== Reason.None) {
      this.report(order, ExecutionType.Rejected, OrderStatus.Rejected, refusal, OWN, {
        leavesQuantity: 0,
        filledQuantity: 0,
      });
      return;
    }
    if (order.timeInForce === TimeInForce.FillOrKill && this.available(order) < order.quantity) {
      this.end(order, Reason.FillOrKillUnfilled, OWN);
      return;
    }
    this.match(order);
    if (order.leavesQuantity === 0) {
      this.report(order, ExecutionType.New, OrderStatus.Filled, Reason.None, OWN);
    } else if (mayRest(order)) {
      order.arrival = this.nextArrival++;
      this.rest(order);
      this.report(order, ExecutionType.New, openStatus(order), Reason.None, OWN | EventFlags.Resting);
    } else {
      const traded = order.leavesQuantity < order.quantity;
      this.end(order, traded ? Reason.ImmediateRemainder : Reason.NoLiquidity, OWN);
    }
  }

  amendOrder(): void {
    const order = this.findOwn();
    if (order === undefined) return;
    const { price, quantity } = this.command;
    const before = { ...order };
    const filled = order.quantity - order.leavesQuantity;
    const keepsPriority = price === order.price && quantity <= order.quantity;
    const amended = { ...order, price, quantity, leavesQuantity: quantity - filled };
    const refusal = this.refuseAmend(order, amended, keepsPriority);
    if (refusal !== Reason.None) {
      this.report(order, ExecutionType.CancelRejected, openStatus(order), refusal, OWN);
      return;
    }
    if (keepsPriority) {
      Object.assign(order, amended);
    } else {
      this.remove(order);
      Object.assign(order, amended);
      this.match(order);
      if (order.leavesQuantity > 0) this.rest(order);
    }
    const open = order.leavesQuantity > 0;
    const status = open ? openStatus(order) : OrderStatus.Filled;
    const flags = OWN | (open ? EventFlags.Resting : 0);
    this.report(order, ExecutionType.Replaced, status, Reason.None, flags, {
      previousPrice: before.price,
      previousLeaves: before.leavesQuantity,
    });
  }

  cancelOrder(): void {
    const order = this.findOwn();
    if (order === undefined) return;
    this.remove(order);
    this.end(order, Reason.UserRequested, OWN | EventFlags.Resting);
  }

  massCancel(): void {
    const { account, instrument, side, source } = this.command;
    const request = { ...NO_ORDER, account, instrument, source };
    const refusal = massCancelRefusal(this.command, this.capacities.instruments);
    if (refusal !== Reason.None) {
      this.report(request, ExecutionType.CancelRejected, OrderStatus.Rejected, refusal, OWN);
      return;
    }
    const canceled = this.allOrders()
      .filter((order) => order.account === account)
      .filter((order) => instrument === ALL_INSTRUMENTS || order.instrument === instrument)
      .filter((order) => side === Side.None || order.side === side)
      .sort((one, other) => one.arrival - other.arrival);
    for (const order of canceled) {
      this.remove(order);
      this.end(order, Reason.MassCancelRequested, EventFlags.Resting);
    }
    this.report({ ...request, side }, ExecutionType.MassCanceled, OrderStatus.None, Reason.None, OWN, {
      quantity: canceled.length,
      filledQuantity: 0,
    });
  }

  get orderCount(): number {
    return this.allOrders().length;
  }

  bestPrice(instrument: number, side: number): number {
    return this.side(instrument, side)[0]?.price ?? Number.NaN;
  }

  levels(instrument: number, side: number, depth: number, into: Float64Array): number {
    const orders = this.side(instrument, side);
    const prices = [...new Set(orders.map((order) => order.price))].slice(0, depth);
    if (prices.length * 3 > into.length) {
      throw new RangeError(`levels: room for ${Math.floor(into.length / 3)} of ${depth} levels`);
    }
    prices.forEach((price, index) => {
      const level = orders.filter((order) => order.price === price);
      into.set([price, sumOfLeaves(level), level.length], index * 3);
    });
    return prices.length;
  }

  order(orderId: number): RestingOrder | undefined {
    const order = this.find(orderId);
    return order && { ...order };
  }

  forEachOrder(instrument: number, side: number, visit: (order: RestingOrder) => void): void {
    for (const order of this.side(instrument, side)) visit({ ...order });
  }

  stateHash(): string {
    const hash = new StateHash();
    hash.add(this.nextTradeId);
    hash.add(this.nextArrival);
    for (const order of this.allOrders()) addPlainOrder(hash, order);
    return hash.hex();
  }

  validate(): void {
    const ids = new Set<number>();
    this.sides.forEach((orders, index) => {
      orders.forEach((order, rank) => {
        const ahead = orders[rank - 1];
        assert(!ids.has(order.orderId), `order ${order.orderId} rests twice`);
        assert(order.leavesQuantity > 0, `order ${order.orderId} rests with nothing open`);
        assert(index === order.instrument * 2 + order.side - 1, `order ${order.orderId} is on a wrong side`);
        assert(ahead === undefined || !better(order, ahead), `order ${order.orderId} is behind a worse one`);
        ids.add(order.orderId);
      });
      const other = this.sides[index ^ 1][0];
      assert(
        orders.length === 0 || other === undefined || !accepts(orders[0], other.price),
        'book is crossed',
      );
    });
  }

  private refuseNew(order: Order): Reason {
    const malformed = newOrderRefusal(this.command, this.capacities.instruments);
    if (malformed !== Reason.None) return malformed;
    if (this.find(order.orderId) !== undefined) return Reason.DuplicateOrderId;
    if (this.orderCount === this.capacities.orders) return Reason.BookCapacity;
    if (!mayRest(order)) return Reason.None;
    if (isPostOnly(order) && this.available(order) > 0) return Reason.WouldCross;
    return hasRoom(order, this.allOrders(), this.capacities) ? Reason.None : Reason.BookCapacity;
  }

  private refuseAmend(order: Order, amended: Order, keepsPriority: boolean): Reason {
    const malformed = amendRefusal(this.command);
    if (malformed !== Reason.None) return malformed;
    if (amended.leavesQuantity <= 0) return Reason.AmendBelowFilled;
    if (keepsPriority) return Reason.None;
    if (isPostOnly(order) && this.available(amended) > 0) return Reason.WouldCross;
    const others = this.allOrders().filter((other) => other !== order);
    return hasRoom(amended, others, this.capacities) ? Reason.None : Reason.BookCapacity;
  }

  private match(taker: Order): void {
    const makers = this.side(taker.instrument, taker.side === Side.Buy ? Side.Sell : Side.Buy);
    while (taker.leavesQuantity > 0 && makers.length > 0 && accepts(taker, makers[0].price)) {
      const maker = makers[0];
      const quantity = Math.min(taker.leavesQuantity, maker.leavesQuantity);
      taker.leavesQuantity -= quantity;
      maker.leavesQuantity -= quantity;
      if (maker.leavesQuantity === 0) makers.shift();
      this.events.trade(tradeBetween(maker, taker, quantity, this.nextTradeId++));
    }
  }

  /** Open quantity on the other side within the order's limit, counted no further than it needs. */
  private available(order: Order): number {
    let sum = 0;
    for (const maker of this.side(order.instrument, order.side === Side.Buy ? Side.Sell : Side.Buy)) {
      if (!accepts(order, maker.price) || sum >= order.quantity) break;
      sum += maker.leavesQuantity;
    }
    return sum;
  }

  private rest(order: Order): void {
    const orders = this.side(order.instrument, order.side);
    const rank = orders.findIndex((other) => better(order, other));
    orders.splice(rank === -1 ? orders.length : rank, 0, order);
  }

  private remove(order: Order): void {
    const orders = this.side(order.instrument, order.side);
    orders.splice(orders.indexOf(order), 1);
  }

  private side(instrument: number, side: number): Order[] {
    return this.sides[instrument * 2 + side - 1];
  }

  private allOrders(): Order[] {
    return this.sides.flat();
  }

  private find(orderId: number): Order | undefined {
    return this.allOrders().find((order) => order.orderId === orderId);
  }

  /** The live order that the command names and its account owns; undefined after refusing the request. */
  private findOwn(): Order | undefined {
    const { orderId, account, instrument, source } = this.command;
    const order = hasOrderId(this.command) ? this.find(orderId) : undefined;
    if (order === undefined) {
      const request = { ...NO_ORDER, orderId, account, instrument, source };
      const type = ExecutionType.CancelRejected;
      this.report(request, type, OrderStatus.Rejected, Reason.UnknownOrder, OWN);
      return undefined;
    }
    if (order.account === account) return order;
    const status = openStatus(order);
    this.report(order, ExecutionType.CancelRejected, status, Reason.NotOrderOwner, OWN);
    return undefined;
  }

  /** The order is over with something left open. */
  private end(order: Order, reason: Reason, flags: number): void {
    const previousLeaves = order.leavesQuantity;
    this.report(order, ExecutionType.Canceled, OrderStatus.Canceled, reason, flags, {
      leavesQuantity: 0,
      previousLeaves,
    });
  }

  private report(
    order: Order,
    executionType: ExecutionType,
    status: OrderStatus,
    reason: Reason,
    flags: number,
    changes: Partial<ReportEvent> = {},
  ): void {
    const { arrival: _, flags: orderFlags, ...fields } = order;
    const report = Object.assign(new ReportEvent(), fields, {
      filledQuantity: order.quantity - order.leavesQuantity,
      previousPrice: 0,
      previousLeaves: 0,
      executionType,
      status,
      reason,
      flags: flags | ((orderFlags & OrderFlags.PostOnly) !== 0 ? EventFlags.PostOnly : 0),
      ...changes,
    });
    this.events.report(report);
  }

  private orderFromCommand(): Order {
    const { command } = this;
    const price = command.orderType === OrderType.Market ? 0 : command.price;
    return { ...command, price, leavesQuantity: command.quantity, arrival: 0 };
  }
}
