/**
 * The two reference workloads of matching, as commands made beforehand:
 *
 * - match: buys and sells alternate around one price; 46 trades in 100 orders, the rest piles up to 985,592 resting
 *   orders. Its end state is known from three independent engines.
 * - add/cancel: {@link LIVE} live orders spread over 512 prices; cancel the oldest, add a new one (two operations).
 */
import type { Matching, MatchingCommand } from '../../src/book/matching.js';
import { OrderType, Side, TimeInForce } from '../../src/lib/enums.js';

const { Buy, Sell } = Side;
const { Limit } = OrderType;
const { GoodTillCancel } = TimeInForce;

export interface MatchSize {
  readonly orders: number;
  readonly trades: number;
  readonly filled: number;
  readonly resting: number;
}

export const MATCH_FULL: MatchSize = {
  orders: 2_000_000,
  trades: 919_076,
  filled: 278_857_200,
  resting: 985_592,
};
/** Checked against the naive twin by a test. */
export const MATCH_SMOKE: MatchSize = { orders: 2_000, trades: 884, filled: 263_400, resting: 1_026 };

/** Ids as the third source would choose them: beyond 2^32, so both words matter. */
const FIRST_ID = 3 * 2 ** 40;
const ACCOUNTS = 1024;
export const LIVE = 4096;
const LOT = 10;

/** The reference generator: x <- (x * 1103515245 + 12345) mod 2^31, from 12345. */
export class ReferenceRandom {
  private x = 12345;

  /** 0 .. 9 */
  digit(): number {
    return Math.floor((10 * this.next()) / 0x7fffffff);
  }

  /** 0 .. 255, from the better high bits. */
  byte(): number {
    return this.next() >>> 23;
  }

  private next(): number {
    this.x = (Math.imul(this.x, 1103515245) + 12345) & 0x7fffffff;
    return this.x;
  }
}

/** Limit orders, the even ones buys: order i at `prices[i]`. */
export interface Orders {
  readonly prices: Int32Array;
  readonly quantities: Int32Array;
}

export function matchOrders(count: number): Orders {
  const random = new ReferenceRandom();
  const prices = new Int32Array(count);
  const quantities = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    prices[index] = ((index & 1) === 0 ? 1880 : 1884) + random.digit();
    quantities[index] = (random.digit() + 1) * 100;
  }
  return { prices, quantities };
}

/** The first {@link LIVE} of them fill the book. */
export function addCancelOrders(count: number): Orders {
  const random = new ReferenceRandom();
  const prices = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const distance = 1 + random.byte();
    prices[index] = (index & 1) === 0 ? 100_000 - distance : 100_000 + distance;
  }
  return { prices, quantities: new Int32Array(count).fill(LOT) };
}

function limitOrder(command: MatchingCommand, index: number, price: number, quantity: number): void {
  command.orderId = FIRST_ID + index;
  command.account = index % ACCOUNTS;
  command.instrument = 1;
  command.source = 3;
  command.side = (index & 1) === 0 ? Buy : Sell;
  command.orderType = Limit;
  command.timeInForce = GoodTillCancel;
  command.flags = 0;
  command.price = price;
  command.quantity = quantity;
}

/** Submits orders `from` .. `to` - 1. */
export function submitOrders(engine: Matching, orders: Orders, from: number, to: number): void {
  const { prices, quantities } = orders;
  const command = engine.command;
  for (let index = from; index < to; index++) {
    limitOrder(command, index, prices[index], quantities[index]);
    engine.newOrder();
  }
}

/** Cancels the oldest and adds order i, for i from `from` to `to` - 1: two operations each. */
export function replaceOrders(engine: Matching, orders: Orders, from: number, to: number): void {
  const { prices } = orders;
  const command = engine.command;
  for (let index = from; index < to; index++) {
    command.orderId = FIRST_ID + index - LIVE;
    command.account = index % ACCOUNTS;
    command.instrument = 1;
    engine.cancelOrder();
    limitOrder(command, index, prices[index], LOT);
    engine.newOrder();
  }
}
