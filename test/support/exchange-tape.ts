/** An exchange for tests: a matching engine (the naive twin) whose book is published as a market-by-order tape, as CME would. */
import type { MatchingEvents, ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import type { DbnWriter } from './dbn-writer.js';

/** Own ids start far above 2^53, so that a reader that rounds them shows. */
const FIRST_ID = 2n ** 60n;
export const TICK = 250_000_000n;
const INSTRUMENT = 0;
const ACCOUNT = 1;

interface MakerFill {
  readonly orderId: number;
  readonly price: number;
  readonly quantity: number;
  readonly leaves: number;
}

export class ExchangeTape implements MatchingEvents {
  readonly engine: NaiveMatching;
  /** Fills written, those of aggressors that were on the book included. */
  fills = 0;
  readonly #writer: DbnWriter;
  #nextId = 1;
  #time = 0n;
  #trades: MakerFill[] = [];
  #leaves = 0;

  constructor(writer: DbnWriter) {
    this.#writer = writer;
    this.engine = new NaiveMatching({ instruments: 1, orders: 10_000, levels: 10_000 }, this);
  }

  /** Open orders: [id, price, open quantity, total quantity, side]. */
  orders(): { id: number; price: number; leaves: number; quantity: number; side: number }[] {
    const found: { id: number; price: number; leaves: number; quantity: number; side: number }[] = [];
    for (const side of [Side.Buy, Side.Sell]) {
      this.engine.forEachOrder(INSTRUMENT, side, ({ orderId, price, leavesQuantity, quantity }) =>
        found.push({ id: orderId, price, leaves: leavesQuantity, quantity, side }),
      );
    }
    return found;
  }

  enter(side: number, price: number, quantity: number, timeInForce: number): void {
    const { command } = this.engine;
    const id = this.#nextId++;
    this.#begin(id);
    Object.assign(command, { side, price, quantity, timeInForce, orderType: OrderType.Limit, flags: 0 });
    this.engine.newOrder();
    const rests = timeInForce === TimeInForce.GoodTillCancel && this.#leaves > 0;
    this.#publish(id, side, false, rests ? { action: 'A', price, size: this.#leaves } : undefined);
  }

  /** `quantity` is the new total. */
  amend(id: number, price: number, quantity: number): void {
    const order = this.engine.order(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    this.#begin(id);
    Object.assign(this.engine.command, { price, quantity });
    this.engine.amendOrder();
    this.#publish(
      id,
      order.side,
      true,
      this.#leaves > 0
        ? { action: 'M', price, size: this.#leaves }
        : { action: 'C', price: order.price, size: order.leavesQuantity },
    );
  }

  cancel(id: number): void {
    const order = this.engine.order(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    this.#begin(id);
    this.engine.cancelOrder();
    this.#publish(id, order.side, true, { action: 'C', price: order.price, size: order.leavesQuantity });
  }

  trade({ makerOrderId, price, quantity, makerLeaves }: TradeEvent): void {
    this.#trades.push({ orderId: makerOrderId, price, quantity, leaves: makerLeaves });
  }

  report(event: ReportEvent): void {
    this.#leaves = event.leavesQuantity;
  }

  status(): void {
    // No phases here.
  }

  #begin(id: number): void {
    Object.assign(this.engine.command, { orderId: id, account: ACCOUNT, instrument: INSTRUMENT, source: 0 });
    this.#trades = [];
    this.#leaves = 0;
    this.#time += 1n;
  }

  /** Trades by price with their fills, then what the event did to the book; the last record carries the flag. */
  #publish(
    id: number,
    side: number,
    wasOnBook: boolean,
    own: { action: 'A' | 'M' | 'C'; price: number; size: number } | undefined,
  ): void {
    const code = side === Side.Buy ? 'B' : 'A';
    const other = side === Side.Buy ? 'A' : 'B';
    const records: Parameters<DbnWriter['add']>[0][] = [];
    const put = (
      action: 'T' | 'F' | 'A' | 'M' | 'C',
      of: number,
      sideCode: 'A' | 'B',
      price: number,
      size: number,
    ) =>
      records.push({
        action,
        side: sideCode,
        id: FIRST_ID + BigInt(of),
        price: BigInt(price) * TICK,
        size,
        time: this.#time,
      });
    for (const price of new Set(this.#trades.map((trade) => trade.price))) {
      const fills = this.#trades.filter((trade) => trade.price === price);
      const total = fills.reduce((sum, { quantity }) => sum + quantity, 0);
      put('T', id, code, price, total);
      if (wasOnBook) put('F', id, code, price, total);
      for (const { orderId, quantity } of fills) put('F', orderId, other, price, quantity);
      this.fills += fills.length + (wasOnBook ? 1 : 0);
    }
    if (own !== undefined) put(own.action, id, code, own.price, own.size);
    for (const { orderId, price, quantity, leaves } of this.#trades) {
      put(leaves === 0 ? 'C' : 'M', orderId, other, price, leaves === 0 ? quantity : leaves);
    }
    records.forEach((record, index) => {
      if (index < records.length - 1) this.#writer.add(record);
      else this.#writer.last(record);
    });
  }
}
