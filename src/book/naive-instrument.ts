/** One instrument of the naive twin: its state, and its orders in plain arrays. */
import { Side, TradingPhase } from '../lib/enums.js';
import type { ResolvedRules } from './instrument-rules.js';
import type { IndicativePrice } from './matching.js';
import { goesBefore, isIceberg, isStop, isUnpriced, type Order, shown } from './naive-order.js';

export const NO_PRICE: IndicativePrice = { price: Number.NaN, quantity: 0, surplus: 0 };

export class NaiveInstrument {
  readonly index: number;
  readonly rules: ResolvedRules;
  phase: number;
  referencePrice: number;
  lastPrice = Number.NaN;
  /** Indicative price as last published. */
  published = NO_PRICE;
  /** Highest and lowest trade price of this step; they start as the last price before it. */
  highest = Number.NaN;
  lowest = Number.NaN;
  /** The order that is trading just now: live, but neither on the book nor waiting. */
  taker: Order | undefined;
  /** The book: each side in priority order. */
  private buys: Order[] = [];
  private sells: Order[] = [];
  /** Waiting orders, each in the order in which it is their turn; see Stops. */
  private buyStops: Order[] = [];
  private sellStops: Order[] = [];
  private forTheClose: Order[] = [];
  /** All of them by id. */
  private byId = new Map<number, Order>();

  constructor(index: number, rules: ResolvedRules) {
    this.index = index;
    this.rules = rules;
    this.phase = rules.phase;
    this.referencePrice = rules.referencePrice;
  }

  get isContinuous(): boolean {
    return this.phase === TradingPhase.Continuous;
  }

  side(side: number): Order[] {
    return side === Side.Buy ? this.buys : this.sells;
  }

  stops(side: number): Order[] {
    return side === Side.Buy ? this.buyStops : this.sellStops;
  }

  book(): Order[] {
    return [...this.buys, ...this.sells];
  }

  waitingOrders(): Order[] {
    return [...this.buyStops, ...this.sellStops, ...this.forTheClose];
  }

  waitingForTheClose(): Order[] {
    return this.forTheClose;
  }

  /** All live orders, in no order that means anything. */
  orders(): Order[] {
    return [...this.byId.values()];
  }

  get orderCount(): number {
    return this.byId.size;
  }

  /** The order that expires next of those that are due at this time. */
  nextExpired(time: number): Order | undefined {
    let next: Order | undefined;
    for (const order of this.byId.values()) {
      if (order.expireTime === 0 || !(order.expireTime <= time)) continue;
      if (next === undefined || expiresBefore(order, next)) next = order;
    }
    return next;
  }

  find(orderId: number): Order | undefined {
    if (this.taker?.orderId === orderId) return this.taker;
    return this.byId.get(orderId);
  }

  /** Is it on the book at a price, so that market data shows it? */
  isResting(order: Order): boolean {
    return !isUnpriced(order) && this.side(order.side).includes(order);
  }

  /** What market data shows of it. */
  showing(order: Order): number {
    return this.isResting(order) ? shown(order) : 0;
  }

  /** The first order with a price. */
  best(side: number): Order | undefined {
    return this.side(side).find((order) => !isUnpriced(order));
  }

  /** At the end of the queue of its price; an iceberg shows a fresh peak. */
  enterBook(order: Order): void {
    order.waiting = false;
    if (isIceberg(order)) order.shownQuantity = Math.min(order.displayedQuantity, order.leavesQuantity);
    insert(this.side(order.side), order, goesBefore);
    this.byId.set(order.orderId, order);
  }

  /** At the end of its queue: of its stop price, or of the orders for the close, who are there by arrival. */
  startWaiting(order: Order): void {
    order.waiting = true;
    order.conditional = true;
    if (isStop(order)) insert(this.stops(order.side), order, triggersBefore);
    else this.forTheClose.push(order);
    this.byId.set(order.orderId, order);
  }

  /** Off the book, or off the waiting orders. */
  remove(order: Order): void {
    for (const list of this.lists()) {
      if (list.includes(order)) list.splice(list.indexOf(order), 1);
    }
    if (this.byId.get(order.orderId) === order) this.byId.delete(order.orderId);
    order.waiting = false;
    order.shownQuantity = 0;
  }

  startStep(): void {
    this.highest = this.lastPrice;
    this.lowest = this.lastPrice;
  }

  noteTrade(price: number): void {
    this.lastPrice = price;
    this.highest = Number.isNaN(this.highest) ? price : Math.max(this.highest, price);
    this.lowest = Number.isNaN(this.lowest) ? price : Math.min(this.lowest, price);
  }

  /** The same state in new records, to try something out on. */
  copy(): NaiveInstrument {
    const copy = Object.assign(new NaiveInstrument(this.index, this.rules), this);
    const copyAll = (orders: Order[]): Order[] => orders.map((order) => ({ ...order }));
    copy.buys = copyAll(this.buys);
    copy.sells = copyAll(this.sells);
    copy.buyStops = copyAll(this.buyStops);
    copy.sellStops = copyAll(this.sellStops);
    copy.forTheClose = copyAll(this.forTheClose);
    copy.byId = new Map([...copy.book(), ...copy.waitingOrders()].map((order) => [order.orderId, order]));
    return copy;
  }

  private lists(): Order[][] {
    return [this.buys, this.sells, this.buyStops, this.sellStops, this.forTheClose];
  }
}

/** Of two orders with an expire time. */
export function expiresBefore(one: Order, other: Order): boolean {
  if (one.expireTime !== other.expireTime) return one.expireTime < other.expireTime;
  return one.arrival < other.arrival;
}

/** Of two stops of one side: buys from the lowest stop price, sells from the highest. */
function triggersBefore(one: Order, other: Order): boolean {
  return one.side === Side.Buy ? one.stopPrice < other.stopPrice : one.stopPrice > other.stopPrice;
}

/** Puts the order before the first one that it precedes. */
function insert(orders: Order[], order: Order, precedes: (one: Order, other: Order) => boolean): void {
  const rank = orders.findIndex((other) => precedes(order, other));
  orders.splice(rank === -1 ? orders.length : rank, 0, order);
}
