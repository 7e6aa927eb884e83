/**
 * Books of unusual shape, on one core; every event is a whole message in a ring that is drained on the same core:
 *
 * - avalanche: a market order through 10,000 resting orders, on one price and on 10,000 prices;
 * - deep: 1,000,000 resting orders, then replacements at random places of it;
 * - sparse: neighbouring prices of a side lie 1 to 10^9 ticks apart;
 * - many: 10,000 instruments in one engine, what an empty book costs.
 *
 * Each ends with a check of what is left; one that fails throws.
 */
import { MatchingEngine } from '../src/book/matching-engine.js';
import { OrderType, Side, TimeInForce } from '../src/lib/enums.js';
import { raiseInliningBudget } from '../src/lib/inlining.js';
import { EventDrain, eventRing, RingEvents } from './support/event-ring.js';
import { type BenchResult, type Measured, measure, summarize } from './support/rounds.js';
import { ReferenceRandom } from './support/workloads.js';

const { Buy, Sell } = Side;

interface Sizes {
  readonly rounds: number;
  /** Orders that one market order goes through, and how often in a round. */
  readonly avalanche: number;
  readonly repeats: number;
  /** Market orders through {@link SMALL} orders before, or the few large ones would run code that is not compiled. */
  readonly small: number;
  readonly deep: number;
  readonly replacements: number;
  readonly instruments: number;
}

const FULL: Sizes = {
  rounds: 8,
  avalanche: 10_000,
  repeats: 50,
  small: 50_000,
  deep: 1_000_000,
  replacements: 500_000,
  instruments: 10_000,
};
const SMOKE: Sizes = {
  rounds: 2,
  avalanche: 100,
  repeats: 2,
  small: 10,
  deep: 2_000,
  replacements: 500,
  instruments: 100,
};

/** An engine with a ring behind it, and ids that count upwards. */
class Bench {
  readonly engine: MatchingEngine;
  readonly events: RingEvents;
  #lastId = 2 ** 40;

  constructor(instruments: number, orders: number, levels: number) {
    const ring = eventRing();
    this.events = new RingEvents(ring, new EventDrain(ring));
    this.engine = new MatchingEngine({ instruments, orders, levels }, this.events);
    Object.assign(this.engine.command, { account: 1, source: 1, flags: 0, orderType: OrderType.Limit });
    this.engine.command.timeInForce = TimeInForce.GoodTillCancel;
  }

  /** Rests `quantity` at a price; returns nothing: the id is the last one plus one. */
  limit(instrument: number, side: number, price: number, quantity: number): void {
    const { command } = this.engine;
    command.orderId = ++this.#lastId;
    command.instrument = instrument;
    command.side = side;
    command.price = price;
    command.quantity = quantity;
    this.engine.newOrder();
  }

  market(side: number, quantity: number): void {
    const { command } = this.engine;
    command.orderType = OrderType.Market;
    command.timeInForce = TimeInForce.ImmediateOrCancel;
    this.limit(0, side, 0, quantity);
    command.orderType = OrderType.Limit;
    command.timeInForce = TimeInForce.GoodTillCancel;
  }

  /** Cancels the order that came `back` orders ago. */
  cancel(instrument: number, back: number): void {
    const { command } = this.engine;
    command.orderId = this.#lastId - back;
    command.instrument = instrument;
    this.engine.cancelOrder();
  }

  expect(what: string, orders: number): void {
    this.events.flush();
    if (this.engine.orderCount !== orders) {
      throw new Error(`${what} left ${this.engine.orderCount} orders, right is ${orders}`);
    }
  }
}

const SMALL = 4;

/** Nanoseconds per fill of market orders that each go through `avalanche` orders, `step` ticks apart. */
async function avalanche(sizes: Sizes, step: number): Promise<Measured[]> {
  const { rounds, avalanche: depth, repeats, small } = sizes;
  const bench = new Bench(1, depth + 1, depth + 1);
  const rest = (orders: number): void => {
    for (let order = 0; order < orders; order++) bench.limit(0, Sell, 1000 + order * step, 10);
  };
  for (let i = 0; i < small; i++) {
    rest(SMALL);
    bench.market(Buy, SMALL * 10);
  }
  const measured: Measured[] = [];
  while (measured.length < rounds) {
    let [ns, bytes, collections] = [0, 0, 0];
    for (let i = 0; i < repeats; i++) {
      rest(depth);
      bench.events.trades = 0;
      const one = await measure(depth, () => {
        bench.market(Buy, depth * 10);
        bench.events.flush();
      });
      if (bench.events.trades !== depth)
        throw new Error(`avalanche of ${depth}: ${bench.events.trades} fills`);
      ns += one.ns / repeats;
      bytes += one.bytes;
      collections += one.collections;
    }
    bench.expect('avalanche', 0);
    measured.push({ ns, bytes, collections });
  }
  return measured;
}

/** Replacements in a book that holds `deep` orders on 2,000 prices: the oldest goes, a new one comes anywhere. */
async function deep({ rounds, deep: live, replacements }: Sizes): Promise<Measured[]> {
  const bench = new Bench(1, live + 1, 4096);
  const random = new ReferenceRandom();
  const add = (index: number): void => {
    const distance = 1 + random.byte() * 4 + (random.byte() & 3);
    bench.limit(0, (index & 1) === 0 ? Buy : Sell, 100_000 + ((index & 1) === 0 ? -distance : distance), 10);
  };
  for (let i = 0; i < live; i++) add(i);
  const measured: Measured[] = [];
  while (measured.length < rounds) {
    const round = await measure(2 * replacements, () => {
      for (let i = 0; i < replacements; i++) {
        bench.cancel(0, live - 1);
        add(i);
      }
      bench.events.flush();
    });
    bench.expect('deep book', live);
    measured.push(round);
  }
  bench.engine.validate();
  return measured;
}

/** Distances of the sparse book from the touch, ticks: nine decimal orders of magnitude, and between them. */
const DISTANCES = Array.from({ length: 64 }, (_, i) => Math.round(10 ** ((i * 9) / 63)) + i);

async function sparse({ rounds, replacements }: Sizes): Promise<Measured[]> {
  const live = 2 * DISTANCES.length;
  const bench = new Bench(1, live + 1, live + 1);
  const add = (index: number): void => {
    const distance = DISTANCES[(index >> 1) % DISTANCES.length];
    const side = (index & 1) === 0 ? Buy : Sell;
    bench.limit(0, side, side === Buy ? 2e9 - distance : 2e9 + distance, 10);
  };
  for (let i = 0; i < live; i++) add(i);
  const measured: Measured[] = [];
  while (measured.length < rounds) {
    const round = await measure(2 * replacements, () => {
      for (let i = 0; i < replacements; i++) {
        bench.cancel(0, live - 1);
        add(i);
      }
      bench.events.flush();
    });
    bench.expect('sparse book', live);
    measured.push(round);
    // The stream goes on where it stopped only if a round is a multiple of the book.
    for (let i = 0; i < live; i++) bench.cancel(0, i);
    for (let i = 0; i < live; i++) add(i);
  }
  bench.engine.validate();
  return measured;
}

/** Engine with one instrument and with `instruments`: memory, and one order in each empty book and out again. */
async function many(result: BenchResult, { rounds, instruments }: Sizes): Promise<Measured[]> {
  const before = process.memoryUsage();
  const few = new Bench(1, 1024, 1024);
  const between = process.memoryUsage();
  const bench = new Bench(instruments, 1024, 1024);
  const after = process.memoryUsage();
  const bytes =
    (after.arrayBuffers - between.arrayBuffers - (between.arrayBuffers - before.arrayBuffers)) /
    (instruments - 1);
  result.figures.empty_book_bytes = bytes;
  result.text.push(`an empty book of ${instruments}: ${bytes.toFixed(1)} bytes`);
  few.expect('engine with one instrument', 0);
  const measured: Measured[] = [];
  while (measured.length < rounds) {
    const round = await measure(2 * instruments, () => {
      for (let instrument = 0; instrument < instruments; instrument++) {
        bench.limit(instrument, Buy, 1000 + (instrument & 7), 10);
        bench.cancel(instrument, 0);
      }
      bench.events.flush();
    });
    bench.expect('empty books', 0);
    measured.push(round);
  }
  return measured;
}

/** Runs all shapes; throws when one ends in a wrong state. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  raiseInliningBudget();
  const result: BenchResult = { name: 'shapes', text: [], figures: {} };
  const sizes = smoke ? SMOKE : FULL;
  const add = (key: string, title: string, unit: string, rounds: Measured[], end: string): void =>
    summarize(result, key, title, unit, rounds, end);
  const fills = `${sizes.avalanche} fills each`;
  add('avalanche_one_price', 'avalanche, one price', 'fills', await avalanche(sizes, 0), fills);
  add('avalanche_prices', 'avalanche, a price an order', 'fills', await avalanche(sizes, 1), fills);
  add('deep', 'deep book', 'operations', await deep(sizes), `${sizes.deep} orders resting`);
  add(
    'sparse',
    'sparse book',
    'operations',
    await sparse(sizes),
    `${2 * DISTANCES.length} prices over 10^9 ticks`,
  );
  const end = `${sizes.instruments} instruments, one order in and out`;
  add('many', 'empty books', 'operations', await many(result, sizes), end);
  return result;
}
