/**
 * The matching engine with everything that it says: ids mapped, every execution report and every trade encoded as a whole
 * message in a real ring, which a consumer drains.
 *
 *     one core    commands ──► MatchingEngine ──► ring ──► drain              all on one thread, in turn
 *     two cores   commands ──► MatchingEngine ──► ring ──┼──► drain           matching has a core of its own
 *
 * The workloads are those of support/workloads.ts. A round that ends in a wrong state, or whose events differ between the
 * two forms, throws: a wrong engine has no figures. "Silent" is the engine alone, whose events nobody writes.
 */
import type { MatchingEvents, TradeEvent } from '../src/book/matching.js';
import { MatchingEngine } from '../src/book/matching-engine.js';
import { raiseInliningBudget } from '../src/lib/inlining.js';
import {
  ADD_CANCEL_CAPACITIES,
  type BookPart,
  MATCH_CAPACITIES,
  type Workload,
} from './support/book-parts.js';
import { measureCacheLine } from './support/cache-line.js';
import { EventDrain, eventRing, RingEvents } from './support/event-ring.js';
import { type BenchResult, type Measured, measure, summarize } from './support/rounds.js';
import { Team } from './support/threads.js';
import {
  addCancelOrders,
  LIVE,
  MATCH_FULL,
  MATCH_SMOKE,
  type MatchSize,
  matchOrders,
  replaceOrders,
  submitOrders,
} from './support/workloads.js';

export { ReferenceRandom } from './support/workloads.js';
export const SMOKE = MATCH_SMOKE;

const ENTRY = new URL('./support/book-parts.js', import.meta.url);

interface Sizes {
  readonly match: MatchSize;
  readonly replacements: number;
  readonly rounds: number;
}

const SIZES: Readonly<Record<'full' | 'smoke', Sizes>> = {
  full: { match: MATCH_FULL, replacements: 2_000_000, rounds: 10 },
  smoke: { match: MATCH_SMOKE, replacements: 2_000, rounds: 2 },
};

/** Counts and writes nothing. */
class SilentEvents implements MatchingEvents {
  trades = 0;
  filled = Number.NaN;
  constructor() {
    this.filled = 0;
  }
  trade(event: TradeEvent): void {
    this.trades++;
    this.filled += event.quantity;
  }
  report(): void {}
  status(): void {}
}

/** The sink of a form on one thread, and the sum over what was drained of it. */
interface Sink {
  readonly events: RingEvents | SilentEvents;
  digest(): number;
}

function ringSink(): Sink {
  const ring = eventRing();
  const drain = new EventDrain(ring);
  return { events: new RingEvents(ring, drain), digest: () => drain.digest };
}

function silentSink(): Sink {
  return { events: new SilentEvents(), digest: () => 0 };
}

const flush = ({ events }: Sink): void => {
  if (events instanceof RingEvents) events.flush();
};

interface Rounds {
  readonly measured: Measured[];
  /** Of the drained events after the last round. */
  readonly digest: number;
}

function checkMatch(trades: number, filled: number, resting: number, size: MatchSize): void {
  const digest = `${trades} trades, filled ${filled}, resting ${resting}`;
  const wanted = `${size.trades} trades, filled ${size.filled}, resting ${size.resting}`;
  if (digest !== wanted) throw new Error(`match workload ended with ${digest}; right is ${wanted}`);
}

function checkLive(orders: number): void {
  if (orders !== LIVE) throw new Error(`add/cancel left ${orders} orders, not ${LIVE}`);
}

async function matchRounds({ match: size, rounds }: Sizes, makeSink: () => Sink): Promise<Rounds> {
  const orders = matchOrders(size.orders);
  const measured: Measured[] = [];
  const sink = makeSink();
  const { events } = sink;
  while (measured.length < rounds) {
    events.trades = 0;
    events.filled = 0;
    const engine = new MatchingEngine(MATCH_CAPACITIES, events);
    const round = await measure(size.orders, () => {
      submitOrders(engine, orders, 0, size.orders);
      flush(sink);
    });
    checkMatch(events.trades, events.filled, engine.orderCount, size);
    measured.push(round);
  }
  return { measured, digest: sink.digest() };
}

async function addCancelRounds({ replacements, rounds }: Sizes, makeSink: () => Sink): Promise<Rounds> {
  const orders = addCancelOrders(LIVE + replacements * rounds);
  const sink = makeSink();
  const engine = new MatchingEngine(ADD_CANCEL_CAPACITIES, sink.events);
  submitOrders(engine, orders, 0, LIVE);
  const measured: Measured[] = [];
  while (measured.length < rounds) {
    const from = LIVE + measured.length * replacements;
    const round = await measure(2 * replacements, () => {
      replaceOrders(engine, orders, from, from + replacements);
      flush(sink);
    });
    checkLive(engine.orderCount);
    measured.push(round);
  }
  engine.validate();
  return { measured, digest: sink.digest() };
}

/** Matching on one core, the consumer on another. */
async function twoCores(workload: Workload, { match: size, replacements, rounds }: Sizes): Promise<Rounds> {
  const ring = eventRing();
  const control = new Int32Array(new SharedArrayBuffer(12));
  const isMatch = workload === 'match';
  const orders = isMatch ? size.orders : LIVE + replacements * rounds;
  const count = isMatch ? size.orders : replacements;
  const parts = (['matching', 'drain'] as const).map(
    (role) => ({ role, workload, ring, control, orders }) satisfies BookPart,
  );
  const team = await Team.start<BookPart>(ENTRY, parts);
  const measured: Measured[] = [];
  let digest = 0;
  while (measured.length < rounds) {
    const [matching, drain] = await team.round(count);
    if (isMatch) checkMatch(control[1], matching.digest, control[2], size);
    else checkLive(control[2]);
    digest = drain.digest;
    measured.push({
      ns: matching.nanoseconds / (isMatch ? count : 2 * count),
      bytes: matching.heapBytes,
      collections: matching.collections + drain.collections,
    });
  }
  await team.end();
  return { measured, digest };
}

async function workload(result: BenchResult, key: Workload, unit: string, sizes: Sizes): Promise<void> {
  const run = key === 'match' ? matchRounds : addCancelRounds;
  const one = await run(sizes, ringSink);
  const two = await twoCores(key, sizes);
  const silent = await run(sizes, silentSink);
  if (one.digest !== two.digest) {
    throw new Error(`${key}: events on one core sum up to ${one.digest}, on two to ${two.digest}`);
  }
  const name = key.replace('-', '_');
  const digest = `digest of events ${one.digest}`;
  summarize(result, `${name}_one_core`, `${key}, drained on the same core`, unit, one.measured, digest);
  summarize(result, `${name}_two_cores`, `${key}, drained on another core`, unit, two.measured, digest);
  summarize(result, `${name}_silent`, `${key}, silent`, unit, silent.measured, 'no events written');
}

/** Runs both workloads; throws when one ends in a wrong state. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  raiseInliningBudget();
  const result: BenchResult = { name: 'book', text: [], figures: {} };
  const sizes = smoke ? SIZES.smoke : SIZES.full;
  const raw = await measureCacheLine({ smoke });
  await workload(result, 'match', 'orders', sizes);
  await workload(result, 'add-cancel', 'operations', sizes);
  const after = await measureCacheLine({ smoke });
  result.text.push(
    `match ends with ${sizes.match.trades} trades, filled ${sizes.match.filled}, resting ${sizes.match.resting}; ` +
      `raw round trip of one cache line: ${raw.plain.toFixed(0)} ns before, ${after.plain.toFixed(0)} ns after`,
  );
  return result;
}
