/**
 * The JavaScript order books that people use, nodejs-order-book and hft-limit-order-book, beside this engine on the same
 * commands: the match and the add/cancel workload of support/workloads.ts, at sizes that they finish. Their answers are objects
 * that they return; ours are messages in a ring that is drained on the same core. The number of trades, the
 * quantity filled and the orders left must be the same for all three, else it throws.
 */
import { OrderBook as HftLimitOrderBook } from 'hft-limit-order-book';
import { OrderBook as NodejsOrderBook } from 'nodejs-order-book';
import { MatchingEngine } from '../src/book/matching-engine.js';
import { raiseInliningBudget } from '../src/lib/inlining.js';
import { ADD_CANCEL_CAPACITIES, MATCH_CAPACITIES } from './support/book-parts.js';
import { EventDrain, eventRing, RingEvents } from './support/event-ring.js';
import { type BenchResult, type Measured, measure } from './support/rounds.js';
import { median } from './support/threads.js';
import {
  addCancelOrders,
  LIVE,
  matchOrders,
  type Orders,
  replaceOrders,
  submitOrders,
} from './support/workloads.js';

/** What the peers have in common; side is 'buy' or 'sell'. */
interface PeerBook {
  limit(options: { id: string; side: never; size: number; price: number }): PeerAnswer;
  cancel(id: string): unknown;
  snapshot(): { bids: { orders: unknown[] }[]; asks: { orders: unknown[] }[] };
}

interface PeerAnswer {
  readonly done: readonly { readonly id?: string }[];
  readonly partial: { readonly id?: string } | null;
  readonly quantityLeft: number;
  readonly err: unknown;
}

const PEERS: Readonly<Record<string, () => PeerBook>> = {
  'nodejs-order-book': () => new NodejsOrderBook() as unknown as PeerBook,
  'hft-limit-order-book': () => new HftLimitOrderBook() as unknown as PeerBook,
};

interface Sizes {
  readonly orders: number;
  readonly replacements: number;
  readonly rounds: number;
}
const FULL: Sizes = { orders: 100_000, replacements: 50_000, rounds: 4 };
const SMOKE: Sizes = { orders: 2000, replacements: 500, rounds: 2 };

interface Outcome {
  trades: number;
  filled: number;
  resting: number;
}

interface Played {
  readonly measured: Measured[];
  readonly outcome: Outcome;
}

/** One limit order, even ones buy; adds its fills to the outcome. */
function peerLimit(book: PeerBook, orders: Orders, index: number, outcome: Outcome): void {
  const id = String(index);
  const size = orders.quantities[index];
  const side = ((index & 1) === 0 ? 'buy' : 'sell') as never;
  const { done, partial, quantityLeft, err } = book.limit({ id, side, size, price: orders.prices[index] });
  if (err !== null) throw new Error(`order ${id}: ${String(err)}`);
  outcome.filled += size - quantityLeft;
  for (const one of done) if (one.id !== id) outcome.trades++;
  if (partial !== null && partial.id !== id) outcome.trades++;
}

function countResting(book: PeerBook): number {
  const { bids, asks } = book.snapshot();
  return [...bids, ...asks].reduce((sum, { orders }) => sum + orders.length, 0);
}

async function peerMatch(make: () => PeerBook, { orders: count, rounds }: Sizes): Promise<Played> {
  const orders = matchOrders(count);
  const measured: Measured[] = [];
  let outcome: Outcome = { trades: 0, filled: 0, resting: 0 };
  while (measured.length < rounds) {
    const book = make();
    const seen: Outcome = { trades: 0, filled: 0, resting: 0 };
    const round = await measure(count, () => {
      for (let i = 0; i < count; i++) peerLimit(book, orders, i, seen);
    });
    measured.push(round);
    outcome = { ...seen, resting: countResting(book) };
  }
  return { measured, outcome };
}

async function peerAddCancel(make: () => PeerBook, { replacements, rounds }: Sizes): Promise<Played> {
  const orders = addCancelOrders(LIVE + replacements * rounds);
  const book = make();
  const seen: Outcome = { trades: 0, filled: 0, resting: 0 };
  for (let i = 0; i < LIVE; i++) peerLimit(book, orders, i, seen);
  const measured: Measured[] = [];
  let next = LIVE;
  while (measured.length < rounds) {
    const round = await measure(2 * replacements, () => {
      for (const end = next + replacements; next < end; next++) {
        book.cancel(String(next - LIVE));
        peerLimit(book, orders, next, seen);
      }
    });
    measured.push(round);
  }
  return { measured, outcome: { ...seen, resting: countResting(book) } };
}

function ringEvents(): RingEvents {
  const ring = eventRing();
  return new RingEvents(ring, new EventDrain(ring));
}

function outcomeOf(events: RingEvents, engine: MatchingEngine): Outcome {
  return { trades: events.trades, filled: events.filled, resting: engine.orderCount };
}

async function ownMatch({ orders: count, rounds }: Sizes): Promise<Played> {
  const orders = matchOrders(count);
  const measured: Measured[] = [];
  const events = ringEvents();
  let outcome: Outcome = { trades: 0, filled: 0, resting: 0 };
  // The peers are slow enough to be compiled within a round; this takes more of them.
  for (let i = 0; i < 8 * rounds; i++) {
    const engine = new MatchingEngine(MATCH_CAPACITIES, events);
    events.trades = 0;
    events.filled = 0;
    measured.push(
      await measure(count, () => {
        submitOrders(engine, orders, 0, count);
        events.flush();
      }),
    );
    outcome = outcomeOf(events, engine);
  }
  return { measured, outcome };
}

async function ownAddCancel({ replacements, rounds }: Sizes): Promise<Played> {
  const more = 8 * rounds;
  const orders = addCancelOrders(LIVE + replacements * more);
  const events = ringEvents();
  const engine = new MatchingEngine(ADD_CANCEL_CAPACITIES, events);
  submitOrders(engine, orders, 0, LIVE);
  const measured: Measured[] = [];
  for (let from = LIVE; measured.length < more; from += replacements) {
    measured.push(
      await measure(2 * replacements, () => {
        replaceOrders(engine, orders, from, from + replacements);
        events.flush();
      }),
    );
  }
  return { measured, outcome: outcomeOf(events, engine) };
}

function nanoseconds({ measured }: Played): number {
  return median(measured.slice(measured.length >> 1).map(({ ns }) => ns));
}

function compare(
  result: BenchResult,
  workload: string,
  own: Played,
  peers: readonly (readonly [string, Played])[],
): void {
  const digest = ({ outcome: { trades, filled, resting } }: Played): string =>
    `${trades} trades, filled ${filled}, resting ${resting}`;
  const ns = nanoseconds(own);
  result.text.push(`${workload}: ${digest(own)}`);
  result.text.push(`  ${'this engine'.padEnd(22)}${(1e3 / ns).toFixed(3).padStart(8)} M/s`);
  result.figures[`${workload}_own_per_second`] = 1e9 / ns;
  for (const [name, played] of peers) {
    if (digest(played) !== digest(own)) {
      throw new Error(`${workload}: ${name} ended with ${digest(played)}, this engine with ${digest(own)}`);
    }
    const theirs = nanoseconds(played);
    result.figures[`${workload}_${name}_per_second`] = 1e9 / theirs;
    result.figures[`${workload}_${name}_ratio`] = theirs / ns;
    result.text.push(
      `  ${name.padEnd(22)}${(1e3 / theirs).toFixed(3).padStart(8)} M/s   1 : ${(theirs / ns).toFixed(0)}`,
    );
  }
}

/** Runs all three on both workloads; throws when they do not end in the same state. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  raiseInliningBudget();
  const sizes = smoke ? SMOKE : FULL;
  const result: BenchResult = { name: 'peers', text: [], figures: {} };
  const matched: [string, Played][] = [];
  const replaced: [string, Played][] = [];
  for (const [name, make] of Object.entries(PEERS)) {
    matched.push([name, await peerMatch(make, sizes)]);
    replaced.push([name, await peerAddCancel(make, sizes)]);
  }
  compare(result, `match_${sizes.orders}`, await ownMatch(sizes), matched);
  compare(result, 'add_cancel', await ownAddCancel(sizes), replaced);
  return result;
}
