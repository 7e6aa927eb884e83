import type {
  Matching,
  MatchingCapacities,
  MatchingEvents,
  ReportEvent,
  TradeEvent,
} from '../../book/matching.js';
import { MatchingEngine } from '../../book/matching-engine.js';
import { ExecutionType, OrderType, REASON_NAMES, Reason, Side, TimeInForce } from '../../lib/enums.js';
import type { Fill } from './fill.js';
import type { OpeningBook } from './opening-book.js';

const ACCOUNT = 1;
const INSTRUMENT = 0;

/** Makes the engine under test; default {@link MatchingEngine}. */
export type EngineFactory = (capacities: MatchingCapacities, events: MatchingEvents) => Matching;

const fastEngine: EngineFactory = (capacities, events) => new MatchingEngine(capacities, events);

/** What an aggressive order is, apart from its side. */
export interface Aggressor {
  /** Own number in the tape; 0: unnamed. */
  readonly order: number;
  readonly side: number;
  readonly limit: number;
  readonly quantity: number;
  /** What is left rests on the book. */
  readonly rests: boolean;
}

/** One trade of the engine. */
export interface EngineFill extends Fill {
  /** It used up the resting order, or the part of it that was on display. */
  readonly usedUp: boolean;
}

interface EngineOrder {
  readonly tapeOrder: number;
  readonly side: number;
  price: number;
  leaves: number;
  total: number;
  /** When it took its place in the queue. */
  rank: number;
}

/**
 * The matching engine, addressed by the tape's orders. An order of the tape can have several orders in the engine, one behind the other:
 * the parts of an iceberg. Engine ids are given in the order of the commands.
 */
export class EngineBook implements MatchingEvents {
  readonly engine: Matching;
  /** Commands given so far. */
  commands = 0;
  /** Commands that the engine refused, by reason. */
  readonly refused = new Map<string, number>();
  /** Engine ids of an order of the tape that are on the book, first to trade first. */
  readonly #parts = new Map<number, number[]>();
  readonly #orders = new Map<number, EngineOrder>();
  #nextId = 1;
  #nextRank = 1;
  #fills: EngineFill[] = [];

  /** Room for so many orders and price levels at once. */
  constructor(orders: number, levels: number, createEngine: EngineFactory = fastEngine) {
    this.engine = createEngine({ instruments: 1, orders, levels, accounts: 1 }, this);
  }

  /** Open quantity of an order of the tape, all parts together. */
  leaves(order: number): number {
    let leaves = 0;
    for (const id of this.#parts.get(order) ?? []) leaves += this.#orders.get(id)?.leaves ?? 0;
    return leaves;
  }

  has(order: number): boolean {
    return this.#parts.has(order);
  }

  price(order: number): number {
    const first = this.#parts.get(order)?.[0];
    return first === undefined ? Number.NaN : (this.#orders.get(first)?.price ?? Number.NaN);
  }

  side(order: number): number {
    const first = this.#parts.get(order)?.[0];
    return first === undefined ? Side.None : (this.#orders.get(first)?.side ?? Side.None);
  }

  /** When an order took its place in the queue: the lower, the earlier. */
  rank(order: number): number {
    const first = this.#parts.get(order)?.[0];
    return first === undefined ? 0 : (this.#orders.get(first)?.rank ?? 0);
  }

  /** Puts a limit order on the book, or a further part of an order behind the others. Returns what traded at once: nothing unless the book was crossed. */
  add(order: number, side: number, price: number, quantity: number): readonly EngineFill[] {
    return this.#newOrder(order, side, price, quantity, TimeInForce.GoodTillCancel);
  }

  /** Sends the aggressive order; returns its fills, makers in the order in which they traded. */
  aggress(aggressor: Aggressor): readonly EngineFill[] {
    const { order, side, limit, quantity, rests } = aggressor;
    const timeInForce = rests ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel;
    return this.#newOrder(order, side, limit, quantity, timeInForce);
  }

  /** Gives an order another price and open quantity; returns what traded at once. An order with several parts is canceled and entered anew. */
  amend(order: number, price: number, leaves: number): readonly EngineFill[] {
    const parts = this.#parts.get(order);
    if (parts === undefined) return [];
    const record = this.#orders.get(parts[0]);
    if (record === undefined) return [];
    if (parts.length > 1) {
      this.cancel(order);
      return this.add(order, record.side, price, leaves);
    }
    const { command } = this.engine;
    this.#begin(parts[0]);
    if (price !== record.price || leaves > record.leaves) record.rank = this.#nextRank++;
    command.price = price;
    command.quantity = record.total - record.leaves + leaves;
    record.total = command.quantity;
    record.price = price;
    record.leaves = leaves;
    this.engine.amendOrder();
    return this.#takeFills();
  }

  cancel(order: number): void {
    for (const id of [...(this.#parts.get(order) ?? [])]) {
      this.#begin(id);
      this.engine.cancelOrder();
    }
  }

  /** Cancels everything. */
  clear(): void {
    const { command } = this.engine;
    this.#begin(0);
    command.side = Side.None;
    this.engine.massCancel();
    this.#parts.clear();
    this.#orders.clear();
  }

  /** Takes all orders off the engine's book and adds them to `book`, in priority order. Returns it. */
  moveTo(book: OpeningBook): OpeningBook {
    for (const side of [Side.Buy, Side.Sell]) {
      this.engine.forEachOrder(INSTRUMENT, side, ({ orderId, price, leavesQuantity }) => {
        const order = this.#orders.get(orderId);
        if (order !== undefined) book.add(order.tapeOrder, side, price, leavesQuantity);
      });
    }
    this.clear();
    return book;
  }

  /** Visits the orders of the tape that are on the book, with their open quantity. */
  forEach(visit: (order: number, side: number, price: number, leaves: number) => void): void {
    for (const order of this.#parts.keys()) {
      visit(order, this.side(order), this.price(order), this.leaves(order));
    }
  }

  trade(event: TradeEvent): void {
    const maker = this.#orders.get(event.makerOrderId);
    if (maker === undefined) throw new Error(`engine order ${event.makerOrderId} traded and is not known`);
    maker.leaves = event.makerLeaves;
    const usedUp = event.makerLeaves === 0;
    if (usedUp) this.#remove(event.makerOrderId, maker.tapeOrder);
    this.#fills.push({ order: maker.tapeOrder, price: event.price, quantity: event.quantity, usedUp });
    const taker = this.#orders.get(event.takerOrderId);
    if (taker !== undefined) taker.leaves = event.takerLeaves;
  }

  report(event: ReportEvent): void {
    const { executionType, orderId, leavesQuantity } = event;
    if (executionType === ExecutionType.Rejected || executionType === ExecutionType.CancelRejected) {
      const reason = REASON_NAMES[event.reason] ?? String(event.reason);
      this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
    }
    const over =
      executionType === ExecutionType.Rejected ||
      (executionType === ExecutionType.Canceled && event.reason !== Reason.UserRequested) ||
      leavesQuantity === 0;
    const record = this.#orders.get(orderId);
    if (over && record !== undefined && executionType !== ExecutionType.CancelRejected) {
      this.#remove(orderId, record.tapeOrder);
    }
  }

  status(): void {
    // Phases play no part here.
  }

  #newOrder(
    order: number,
    side: number,
    price: number,
    quantity: number,
    timeInForce: number,
  ): readonly EngineFill[] {
    const id = this.#nextId++;
    const rank = this.#nextRank++;
    this.#orders.set(id, { tapeOrder: order, side, price, leaves: quantity, total: quantity, rank });
    const parts = this.#parts.get(order);
    if (parts === undefined) this.#parts.set(order, [id]);
    else parts.push(id);
    const { command } = this.engine;
    this.#begin(id);
    command.side = side;
    command.price = price;
    command.quantity = quantity;
    command.orderType = OrderType.Limit;
    command.timeInForce = timeInForce;
    this.engine.newOrder();
    return this.#takeFills();
  }

  #begin(id: number): void {
    const { command } = this.engine;
    command.orderId = id;
    command.account = ACCOUNT;
    command.instrument = INSTRUMENT;
    command.flags = 0;
    this.commands++;
  }

  #remove(id: number, tapeOrder: number): void {
    this.#orders.delete(id);
    const parts = this.#parts.get(tapeOrder);
    if (parts === undefined) return;
    const index = parts.indexOf(id);
    if (index >= 0) parts.splice(index, 1);
    if (parts.length === 0) this.#parts.delete(tapeOrder);
  }

  #takeFills(): readonly EngineFill[] {
    const fills = this.#fills;
    this.#fills = [];
    return fills;
  }
}
