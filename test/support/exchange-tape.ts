/** An exchange for tests: a matching engine (the naive twin) whose book is published as a market-by-order tape, as CME would. */
import type { LiveOrder, MatchingEvents, ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import {
  EventFlags,
  ExecutionType,
  OrderType,
  Reason,
  SelfTradePrevention,
  Side,
  TradingPhase,
} from '../../src/lib/enums.js';
import type { DbnWriter, WrittenRecord } from './dbn-writer.js';

/** Own ids start far above 2^53, so that a reader that rounds them shows. */
const FIRST_ID = 2n ** 60n;
export const TICK = 250_000_000n;
const INSTRUMENT = 0;

interface OrderFill {
  readonly orderId: number;
  readonly side: number;
  readonly price: number;
  quantity: number;
}

interface Own {
  readonly action: 'A' | 'M' | 'C';
  readonly price: number;
  readonly size: number;
}

/** How an order is entered. */
export interface ExchangeOrder {
  readonly side: number;
  readonly price: number;
  readonly quantity: number;
  readonly timeInForce: number;
  /** Of an iceberg; default 0: all of it shows. */
  readonly peak?: number;
  /** Its trades with orders of the same account are prevented; default 1, which has none. */
  readonly account?: number;
}

export class ExchangeTape implements MatchingEvents {
  readonly engine: NaiveMatching;
  /** Fills written, those of aggressors that were on the book included. */
  fills = 0;
  /** Orders that self-trade prevention canceled. */
  prevented = 0;
  /** Peaks after the first. */
  refills = 0;
  readonly #writer: DbnWriter;
  #nextId = 1;
  #time = 0n;
  #trades: OrderFill[] = [];
  /** Orders that were refilled. */
  readonly #icebergs = new Set<number>();
  #lastQuantity = 0;
  /** Orders that used up what they showed, the last one last. */
  #usedUp = new Set<number>();
  #canceled: { id: number; side: number; price: number; size: number }[] = [];
  #isOpening = false;

  constructor(writer: DbnWriter, phase: number = TradingPhase.Continuous) {
    this.#writer = writer;
    const capacities = { instruments: 1, orders: 10_000, levels: 10_000 };
    this.engine = new NaiveMatching(capacities, this, { rules: [{ phase }] });
    // No conditions but the peak.
    Object.assign(this.engine.command, { minimumQuantity: 0, expireTime: 0, linkedOrderId: 0 });
  }

  /** The orders on the book. */
  orders(): LiveOrder[] {
    const found: LiveOrder[] = [];
    for (const side of [Side.Buy, Side.Sell])
      this.engine.forEachOrder(INSTRUMENT, side, (one) => found.push(one));
    return found;
  }

  enter({ side, price, quantity, timeInForce, peak = 0, account = 1 }: ExchangeOrder): void {
    const { command } = this.engine;
    const id = this.#nextId++;
    this.#begin(id, account);
    const selfTradePrevention = account === 1 ? SelfTradePrevention.None : SelfTradePrevention.CancelOldest;
    Object.assign(command, { side, price, quantity, timeInForce, selfTradePrevention });
    Object.assign(command, {
      orderType: OrderType.Limit,
      conditional: peak > 0 ? 1 : 0,
      displayedQuantity: peak,
    });
    this.engine.newOrder();
    const shown = this.#shown(id);
    this.#publish(id, side, false, shown > 0 ? { action: 'A', price, size: shown } : undefined);
  }

  /** `quantity` is the new total. */
  amend(id: number, price: number, quantity: number): void {
    const order = this.#order(id);
    const before = shownOf(order);
    this.#begin(id, order.account);
    Object.assign(this.engine.command, { price, quantity });
    this.engine.amendOrder();
    const shown = this.#shown(id);
    const own: Own =
      shown > 0 ? { action: 'M', price, size: shown } : { action: 'C', price: order.price, size: before };
    this.#publish(id, order.side, true, own);
  }

  cancel(id: number): void {
    const order = this.#order(id);
    this.#begin(id, order.account);
    this.engine.cancelOrder();
    this.#publish(id, order.side, true, { action: 'C', price: order.price, size: shownOf(order) });
  }

  /** Continuous trading begins, with an uncross. */
  open(): void {
    this.#begin(0, 0);
    this.engine.command.phase = TradingPhase.Continuous;
    this.#isOpening = true;
    this.engine.setPhase();
    this.#isOpening = false;
    if (this.#trades.length > 0) this.#publish(0, Side.None, false, undefined);
  }

  trade({
    makerOrderId,
    takerOrderId,
    takerSide,
    price,
    quantity,
    makerLeaves,
    takerLeaves,
  }: TradeEvent): void {
    this.#lastQuantity = quantity;
    const makerSide = takerSide === Side.Buy ? Side.Sell : Side.Buy;
    this.#fill({ orderId: makerOrderId, side: makerSide, price, quantity });
    if (makerLeaves === 0) this.#useUp(makerOrderId);
    if (!this.#isOpening) return;
    this.#fill({ orderId: takerOrderId, side: takerSide, price, quantity });
    if (takerLeaves === 0) this.#useUp(takerOrderId);
  }

  report(event: ReportEvent): void {
    const { executionType, orderId: id, reason, side, price, previousDisplayed } = event;
    if (executionType === ExecutionType.Canceled && reason === Reason.SelfTradePrevented) {
      const size = (event.flags & EventFlags.Conditional) === 0 ? event.previousLeaves : previousDisplayed;
      this.#canceled.push({ id, side, price, size });
      this.prevented++;
    } else if (executionType === ExecutionType.Restated && event.leavesQuantity > 0) {
      if (previousDisplayed !== 0 && previousDisplayed !== this.#lastQuantity) return;
      this.#icebergs.add(id);
      this.#useUp(id);
      this.refills++;
    }
  }

  status(): void {
    // The phase is changed by open() alone.
  }

  #begin(id: number, account: number): void {
    Object.assign(this.engine.command, { orderId: id, account, instrument: INSTRUMENT, conditional: 0 });
    this.#trades = [];
    this.#usedUp.clear();
    this.#canceled = [];
    this.#time += 1n;
  }

  /** Trades by price with their fills, then what the event did to the book; the last record carries the flag. */
  #publish(id: number, side: number, wasOnBook: boolean, own: Own | undefined): void {
    const records: WrittenRecord[] = [];
    const put = (action: WrittenRecord['action'], of: number, sideOf: number, price: number, size: number) =>
      records.push({
        action,
        side: sideOf === Side.None ? 'N' : sideOf === Side.Buy ? 'B' : 'A',
        id: of === 0 ? 0n : FIRST_ID + BigInt(of),
        price: BigInt(price) * TICK,
        size,
        time: this.#time,
      });
    for (const price of new Set(this.#trades.map((trade) => trade.price))) {
      const fills = this.#listed(price);
      const total = fills.reduce((sum, { quantity }) => sum + quantity, 0);
      put('T', id, side, price, side === Side.None ? total / 2 : total);
      if (wasOnBook) put('F', id, side, price, total);
      for (const fill of fills)
        put('F', fill.orderId, side === Side.None ? side : fill.side, price, fill.quantity);
      this.fills += fills.length + (wasOnBook ? 1 : 0);
    }
    if (own !== undefined) put(own.action, id, side, own.price, own.size);
    for (const { orderId, side: of, price, quantity } of this.#trades) {
      const live = this.engine.order(orderId);
      if (live === undefined) put('C', orderId, of, price, quantity);
      else put('M', orderId, of, live.price, shownOf(live));
    }
    for (const one of this.#canceled) put('C', one.id, one.side, one.price, one.size);
    records.forEach((record, index) => {
      if (index < records.length - 1) this.#writer.add(record);
      else this.#writer.last(record);
    });
  }

  /** The fills at a price as CME lists them: icebergs whose shown part was used up last. */
  #listed(price: number): OrderFill[] {
    const fills = this.#trades.filter((trade) => trade.price === price);
    const last = [...this.#usedUp].filter((id) => this.#icebergs.has(id));
    const of = (id: number): OrderFill[] => fills.filter(({ orderId }) => orderId === id);
    return [...fills.filter(({ orderId }) => !last.includes(orderId)), ...last.flatMap(of)];
  }

  /** One fill an order and price. */
  #fill(fill: OrderFill): void {
    const same = this.#trades.find(({ orderId, price }) => orderId === fill.orderId && price === fill.price);
    if (same === undefined) this.#trades.push(fill);
    else same.quantity += fill.quantity;
  }

  #useUp(id: number): void {
    this.#usedUp.delete(id);
    this.#usedUp.add(id);
  }

  #order(id: number): LiveOrder {
    const order = this.engine.order(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order;
  }

  #shown(id: number): number {
    const order = this.engine.order(id);
    return order === undefined ? 0 : shownOf(order);
  }
}

function shownOf(order: LiveOrder): number {
  return order.displayedQuantity > 0 ? order.shownQuantity : order.leavesQuantity;
}
