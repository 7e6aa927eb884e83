/**
 * The matching engine alone on one thread: ids mapped, every field of every event written to a buffer that wraps.
 *
 *     commands ──► MatchingEngine ──► events ──► buffer of 16,384 records
 *
 * - match: the reference workload. Buys and sells alternate around one price; 46 trades in 100 orders, the rest
 *   piles up to 985,592 resting orders. Its end state is known from three independent engines.
 * - add/cancel: 4,096 live orders spread over 512 prices; cancel the oldest, add a new one (two operations).
 *
 * A round that ends in a wrong state throws: a wrong engine has no figures.
 */

import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { MatchingCommand, MatchingEvents, ReportEvent, TradeEvent } from '../src/book/matching.js';
import { MatchingEngine } from '../src/book/matching-engine.js';
import { OrderType, Side, TimeInForce } from '../src/lib/enums.js';
import { raiseInliningBudget } from '../src/lib/inlining.js';

const { Buy, Sell } = Side;
const { Limit } = OrderType;
const { GoodTillCancel } = TimeInForce;

export interface BenchResult {
  name: string;
  text: string[];
  figures: Record<string, number>;
}

interface MatchSize {
  readonly orders: number;
  readonly trades: number;
  readonly filled: number;
  readonly resting: number;
}

const FULL: MatchSize = { orders: 2_000_000, trades: 919_076, filled: 278_857_200, resting: 985_592 };
/** Checked against the naive twin by a test. */
export const SMOKE: MatchSize = { orders: 2_000, trades: 884, filled: 263_400, resting: 1_026 };

/** Ids as the third source would choose them: beyond 2^32, so both words matter. */
const FIRST_ID = 3 * 2 ** 40;
const ACCOUNTS = 1024;
const LIVE = 4096;
const RECORD = 20;
const RECORDS = 1 << 14;

/** The reference generator: x <- (x * 1103515245 + 12345) mod 2^31, from 12345. */
export class ReferenceRandom {
  private x = 12345;

  /** 0 .. 9 */
  digit(): number {
    this.x = (Math.imul(this.x, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((10 * this.x) / 0x7fffffff);
  }

  /** 0 .. 255, from the better high bits. */
  byte(): number {
    this.x = (Math.imul(this.x, 1103515245) + 12345) & 0x7fffffff;
    return this.x >>> 23;
  }
}

/** Writes all fields, as the matching worker does into its ring, and keeps the sums that are checked. */
class BufferSink implements MatchingEvents {
  trades = 0;
  filled = Number.NaN;
  private readonly records = new Float64Array(RECORD * RECORDS);
  private position = 0;

  constructor() {
    this.filled = 0;
  }

  trade(event: TradeEvent): void {
    const at = this.next();
    const records = this.records;
    records[at] = event.instrument;
    records[at + 1] = event.price;
    records[at + 2] = event.quantity;
    records[at + 3] = event.tradeId;
    records[at + 4] = event.makerOrderId;
    records[at + 5] = event.takerOrderId;
    records[at + 6] = event.makerLeaves;
    records[at + 7] = event.takerLeaves;
    records[at + 8] = event.makerAccount;
    records[at + 9] = event.takerAccount;
    records[at + 10] = event.makerSource;
    records[at + 11] = event.takerSource;
    records[at + 12] = event.takerSide;
    records[at + 13] = event.flags;
    this.trades++;
    this.filled += event.quantity;
  }

  status(): void {}

  report(event: ReportEvent): void {
    const at = this.next();
    const records = this.records;
    records[at] = event.orderId;
    records[at + 1] = event.account;
    records[at + 2] = event.instrument;
    records[at + 3] = event.price;
    records[at + 4] = event.quantity;
    records[at + 5] = event.leavesQuantity;
    records[at + 6] = event.filledQuantity;
    records[at + 7] = event.previousPrice;
    records[at + 8] = event.previousLeaves;
    records[at + 9] = event.executionType;
    records[at + 10] = event.status;
    records[at + 11] = event.reason;
    records[at + 12] = event.source;
    records[at + 13] = event.side;
    records[at + 14] = event.orderType;
    records[at + 15] = event.timeInForce;
    records[at + 16] = event.flags;
  }

  private next(): number {
    const at = this.position;
    this.position = at + RECORD === RECORD * RECORDS ? 0 : at + RECORD;
    return at;
  }
}

interface Round {
  /** Nanoseconds per operation. */
  readonly ns: number;
  /** Heap bytes allocated per operation. */
  readonly bytes: number;
  /** Garbage collections during the round. */
  readonly collections: number;
  readonly digest: string;
}

/** Fills in a limit order of the reference shape. */
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

function submitAll(engine: MatchingEngine, prices: Int32Array, quantities: Int32Array): void {
  const command = engine.command;
  for (let index = 0; index < prices.length; index++) {
    limitOrder(command, index, prices[index], quantities[index]);
    engine.newOrder();
  }
}

function replaceAll(engine: MatchingEngine, first: number, prices: Int32Array): void {
  const command = engine.command;
  for (let index = 0; index < prices.length; index++) {
    command.orderId = FIRST_ID + first + index - LIVE;
    command.account = (first + index) % ACCOUNTS;
    command.instrument = 1;
    engine.cancelOrder();
    limitOrder(command, first + index, prices[index], 10);
    engine.newOrder();
  }
}

/** Runs `work` and measures time, heap growth and garbage collections around it. */
async function measure(operations: number, work: () => void): Promise<Omit<Round, 'digest'>> {
  const collected: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) collected.push(entry.startTime);
  });
  observer.observe({ entryTypes: ['gc'] });
  const heapBefore = process.memoryUsage().heapUsed;
  const start = performance.now();
  work();
  const end = performance.now();
  const bytes = (process.memoryUsage().heapUsed - heapBefore) / operations;
  // Collections are told in later turns of the event loop.
  await setTimeout(5);
  observer.disconnect();
  const collections = collected.filter((time) => time >= start && time <= end).length;
  return { ns: ((end - start) * 1e6) / operations, bytes, collections };
}

async function matchRounds(size: MatchSize, rounds: number): Promise<Round[]> {
  const random = new ReferenceRandom();
  const prices = new Int32Array(size.orders);
  const quantities = new Int32Array(size.orders);
  for (let index = 0; index < size.orders; index++) {
    prices[index] = ((index & 1) === 0 ? 1880 : 1884) + random.digit();
    quantities[index] = (random.digit() + 1) * 100;
  }
  const results: Round[] = [];
  while (results.length < rounds) {
    const sink = new BufferSink();
    const engine = new MatchingEngine({ instruments: 4, orders: 1 << 20, levels: 4096 }, sink);
    const measured = await measure(size.orders, () => submitAll(engine, prices, quantities));
    const digest = `${sink.trades} trades, filled ${sink.filled}, resting ${engine.orderCount}`;
    const wanted = `${size.trades} trades, filled ${size.filled}, resting ${size.resting}`;
    if (digest !== wanted) throw new Error(`match workload ended with ${digest}; right is ${wanted}`);
    results.push({ ...measured, digest });
  }
  return results;
}

async function addCancelRounds(steps: number, rounds: number): Promise<Round[]> {
  const engine = new MatchingEngine({ instruments: 4, orders: 2 * LIVE, levels: 4096 }, new BufferSink());
  const random = new ReferenceRandom();
  const fill = (prices: Int32Array): Int32Array => {
    for (let index = 0; index < prices.length; index++) {
      const distance = 1 + random.byte();
      prices[index] = (index & 1) === 0 ? 100_000 - distance : 100_000 + distance;
    }
    return prices;
  };
  submitAll(engine, fill(new Int32Array(LIVE)), new Int32Array(LIVE).fill(10));
  const prices = new Int32Array(steps);
  const results: Round[] = [];
  while (results.length < rounds) {
    fill(prices);
    const first = LIVE + results.length * steps;
    const measured = await measure(2 * steps, () => replaceAll(engine, first, prices));
    if (engine.orderCount !== LIVE)
      throw new Error(`add/cancel left ${engine.orderCount} orders, not ${LIVE}`);
    engine.validate();
    results.push({ ...measured, digest: `${engine.orderCount} live, state ${engine.stateHash()}` });
  }
  return results;
}

/** Half of the rounds warm up; the median is over the other half. */
function summarize(
  title: string,
  unit: string,
  rounds: Round[],
): { line: string; perSecond: number; bytes: number } {
  const measured = rounds.slice(rounds.length >> 1);
  const sorted = measured.map((round) => round.ns).sort((one, other) => one - other);
  const ns = sorted[sorted.length >> 1];
  const bytes = Math.max(0, ...measured.map((round) => round.bytes));
  const collections = measured.reduce((sum, round) => sum + round.collections, 0);
  const speed = `${(1e3 / ns).toFixed(1)} M ${unit}/s median (${ns.toFixed(1)} ns), best ${(1e3 / sorted[0]).toFixed(1)}`;
  const memory = `${bytes.toFixed(3)} bytes allocated each, ${collections} garbage collections`;
  return {
    line: `${title}: ${speed}; ${memory}; ${rounds[rounds.length - 1].digest}`,
    perSecond: 1e9 / ns,
    bytes,
  };
}

/** Runs both workloads; throws when one ends in a wrong state. */
export async function run(options: { smoke: boolean }): Promise<BenchResult> {
  raiseInliningBudget();
  const match = summarize(
    'match',
    'orders',
    await matchRounds(options.smoke ? SMOKE : FULL, options.smoke ? 2 : 8),
  );
  const churn = summarize(
    'add/cancel',
    'operations',
    await addCancelRounds(options.smoke ? 2_000 : 2_000_000, options.smoke ? 2 : 8),
  );
  return {
    name: 'book',
    text: [match.line, churn.line],
    figures: {
      match_orders_per_second: match.perSecond,
      match_bytes_per_order: match.bytes,
      add_cancel_operations_per_second: churn.perSecond,
      add_cancel_bytes_per_operation: churn.bytes,
    },
  };
}
