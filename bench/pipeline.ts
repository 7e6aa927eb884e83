/**
 * One order's way through the core, with as many threads as there are cores on a small machine:
 *
 *     driver ──commands.gateway──► risk ──sequenced──► matching ──events──► driver
 *                                    ▲                                │
 *                                    └────────────events──────────────┘
 *
 *     A   driver │ risk + matching          B   driver + risk │ matching          C   driver + matching │ risk
 *
 * Half of the commands are new limit orders on a book of some 700, half are cancels (order-flow.ts). Saturation is what
 * passes when the driver sends as fast as answers come; latency is measured open loop at a stated rate, from the time at
 * which a command was due to its answer. What remains of heap growth in a thread is the time that each duty cycle hands to its
 * agents, a boxed number of 16 bytes. A run whose events differ from those of a single-threaded run throws.
 */
import { fileURLToPath } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import type { Agent } from '../src/agent/agent.js';
import { TelemetryReader } from '../src/telemetry/board.js';
import type { HistogramName } from '../src/telemetry/registry.js';
import { measureCacheLine } from './support/cache-line.js';
import type { OrderFlow } from './support/order-flow.js';
import { benchSystem, buildStages, type PipelinePart, type StageName } from './support/pipeline-parts.js';
import { median, type Round, Team } from './support/threads.js';

export interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

const ENTRY = new URL('./support/pipeline-parts.js', import.meta.url);

const VARIANTS: Readonly<Record<string, readonly (readonly StageName[])[]>> = {
  A: [['driver'], ['risk', 'matching']],
  B: [['driver', 'risk'], ['matching']],
  C: [['driver', 'matching'], ['risk']],
};
const HOPS: readonly HistogramName[] = ['edge_to_risk', 'risk_to_matching', 'order'];

export interface Sizes {
  readonly warmUp: readonly number[];
  readonly rounds: number;
  readonly count: number;
  /** Commands a second of the paced rounds, and their length in seconds. */
  readonly rates: readonly number[];
  readonly seconds: number;
}

const FULL: Sizes = {
  warmUp: [100_000, 500_000, 2_000_000],
  rounds: 5,
  count: 1_000_000,
  rates: [250_000, 500_000, 1_000_000],
  seconds: 1,
};
const SMOKE: Sizes = { warmUp: [1000], rounds: 1, count: 3000, rates: [100_000], seconds: 0.01 };

const allRounds = ({ warmUp, rounds, count, rates, seconds }: Sizes): number[] => [
  ...warmUp,
  ...new Array<number>(rounds).fill(count),
  ...rates.map((rate) => rate * seconds),
];

interface Reference {
  /** After each round. */
  readonly digests: number[];
  readonly trades: number;
  readonly resting: number;
  /** Bytes that the heap grew by in a measured round, median: a collection of what was left from before may fall into one. */
  readonly heapBytes: number;
}

/** Everything in turn on this thread, at one constant time: no clock is read, so whatever is allocated, an order allocates. */
function reference(sizes: Sizes): Reference {
  const stages: readonly StageName[] = ['driver', 'risk', 'matching'];
  const system = benchSystem([stages]);
  const { agents, flow } = buildStages({ system, thread: 0, stages });
  if (flow === undefined) throw new Error('pipeline bench: no driver');
  const heapBytes: number[] = [];
  const digests = allRounds(sizes).map((count) => {
    const before = getHeapStatistics().used_heap_size;
    runInTurn(agents, flow, flow.answered + count);
    if (count === sizes.count) heapBytes.push(getHeapStatistics().used_heap_size - before);
    return flow.digest;
  });
  const matching = new TelemetryReader(system.telemetry).counters('matching');
  const resting = matching.find(({ name }) => name === 'resting_orders')?.value ?? 0;
  return { digests, trades: flow.trades, resting, heapBytes: median(heapBytes) };
}

const CONSTANT_TIME = 1e12;

function runInTurn(agents: readonly Agent[], flow: OrderFlow, target: number): void {
  while (flow.answered < target) {
    flow.send(CONSTANT_TIME, target);
    for (let i = 0; i < agents.length; i++) agents[i].doWork(CONSTANT_TIME);
    flow.read(CONSTANT_TIME);
  }
}

export interface Measured {
  readonly times: number[];
  /** Heap growth in bytes and collections of each thread over all measured rounds. */
  readonly heap: number[];
  readonly collections: number[];
  /** By rate: quantiles of each hop, ns. */
  readonly latency: { rate: number; hops: Record<string, { p50: number; p99: number }> }[];
  readonly pinned: boolean;
}

/** Runs the rounds of `sizes` on threads of these stages; throws when a round has not the digest that it should have. */
export async function measure(
  threads: readonly (readonly StageName[])[],
  sizes: Sizes,
  digests: readonly number[],
  system = benchSystem(threads),
): Promise<Measured> {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const [epoch] = process.hrtime();
  const driver = threads.findIndex((stages) => stages.includes('driver'));
  const parts = threads.map(
    (stages, thread) => ({ system, thread, stages, control, epoch }) satisfies PipelinePart,
  );
  const team = await Team.start<PipelinePart>(ENTRY, parts);
  const telemetry = new TelemetryReader(system.telemetry);
  let done = 0;
  const round = async (count: number, interval: number): Promise<Round[]> => {
    control[1] = interval;
    const results = await team.round(count);
    if (results[driver].digest !== digests[done++]) {
      throw new Error(
        `pipeline bench: round ${done} has digest ${results[driver].digest}, expected ${digests[done - 1]}`,
      );
    }
    return results;
  };
  for (const count of sizes.warmUp) await round(count, 0);
  const times: number[] = [];
  const heap = threads.map(() => 0);
  const collections = threads.map(() => 0);
  for (let i = 0; i < sizes.rounds; i++) {
    const results = await round(sizes.count, 0);
    times.push(results[driver].nanoseconds / sizes.count);
    results.forEach((one, thread) => {
      heap[thread] += one.heapBytes;
      collections[thread] += one.collections;
    });
  }
  const latency: Measured['latency'] = [];
  for (const rate of sizes.rates) {
    const before = HOPS.map((hop) => telemetry.histogram(hop));
    await round(rate * sizes.seconds, 1e9 / rate);
    const hops = HOPS.map((hop, i) => {
      const seen = telemetry.histogram(hop).since(before[i]);
      return [hop, { p50: seen.quantile(0.5), p99: seen.quantile(0.99) }] as const;
    });
    latency.push({ rate, hops: Object.fromEntries(hops) });
  }
  await team.end();
  return { times, heap, collections, latency, pinned: team.pinned };
}

function report(result: BenchResult, key: string, measured: Measured): void {
  const threads = VARIANTS[key];
  const title = threads.map((stages) => stages.join(' + ')).join(' │ ');
  const time = median(measured.times);
  result.figures[`${key}_commands_per_second`] = 1e9 / time;
  result.text.push(
    `${key}  ${title.padEnd(28)}${(1e3 / time).toFixed(2).padStart(7)} M commands/s, ${time.toFixed(0)} ns each` +
      ` (best ${Math.min(...measured.times).toFixed(0)})${measured.pinned ? '' : '   NOT PINNED'}`,
  );
  threads.forEach((stages, thread) => {
    result.figures[`${key}_${stages.join('_')}_heap_bytes`] = measured.heap[thread];
    result.figures[`${key}_${stages.join('_')}_collections`] = measured.collections[thread];
    result.text.push(
      `     ${stages.join(' + ').padEnd(26)} heap +${measured.heap[thread]} B, ${measured.collections[thread]} collections`,
    );
  });
  for (const { rate, hops } of measured.latency) {
    const shown = Object.entries(hops).map(([hop, { p50, p99 }]) => {
      result.figures[`${key}_${rate}_${hop}_p50_ns`] = p50;
      result.figures[`${key}_${rate}_${hop}_p99_ns`] = p99;
      return `${hop === 'order' ? 'end to end' : hop} ${p50} / ${p99}`;
    });
    result.text.push(`     open loop ${rate / 1e3} k/s, p50 / p99 ns:  ${shown.join('   ')}`);
  }
}

/** Runs the benchmark. Smoke sizes check results, not times. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  const result: BenchResult = { name: 'pipeline', text: [], figures: {} };
  const sizes = smoke ? SMOKE : FULL;
  const { digests, trades, resting, heapBytes } = reference(sizes);
  const commands = allRounds(sizes).reduce((sum, count) => sum + count, 0);
  result.text.push(
    `${commands} commands, ${trades} trades, ${resting} orders resting, digest ${digests.at(-1)}`,
  );
  result.text.push(
    `allocated in ${sizes.count} commands by driver, risk and matching in turn on one thread: ${heapBytes} B, ` +
      `${(heapBytes / sizes.count).toFixed(4)} B a command`,
  );
  result.figures.digest = digests.at(-1) ?? 0;
  result.figures.heap_bytes_per_command = heapBytes / sizes.count;
  const raw = await measureCacheLine({ smoke });
  for (const [key, threads] of Object.entries(VARIANTS)) {
    report(result, key, await measure(threads, sizes, digests));
  }
  const after = await measureCacheLine({ smoke });
  result.text.push(
    `raw round trip of one cache line: ${raw.plain.toFixed(0)} ns before, ${after.plain.toFixed(0)} ns after`,
  );
  result.figures.raw_round_trip_before_ns = raw.plain;
  result.figures.raw_round_trip_after_ns = after.plain;
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await run({ smoke: process.argv.includes('--smoke') });
  process.stdout.write(`${result.text.join('\n')}\n`);
}
