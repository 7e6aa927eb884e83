/**
 * Matching in shards: the stream of the pipeline benchmark over four instruments, matched in 1, 2 and 4 shards.
 *
 * In turn on one thread it is seen what each stage costs by itself: a shard's own commands, and passing over those of the
 * others. With a core for each shard matching would keep up with what its busiest shard can; that bound is printed, and it is arithmetic, not
 * a measurement. What was measured with threads is what two cores can show: driver and risk on one, matching on the other
 * (whole or in two shards: what dividing costs where it cannot gain), and one of two shards beside driver and risk. A run with
 * threads whose events are not, shard by shard, those of the run in turn throws.
 */
import { fileURLToPath } from 'node:url';
import { MATCHING_AGENTS } from '../src/lib/shards.js';
import { type BenchResult, measure, type Sizes } from './pipeline.js';
import { benchSystem, buildStages, type StageName } from './support/pipeline-parts.js';
import { median } from './support/threads.js';

const INSTRUMENTS = 4;
const SHARDS = [1, 2, 4] as const;

const FULL: Sizes = {
  warmUp: [100_000, 500_000, 1_000_000],
  rounds: 5,
  count: 500_000,
  rates: [],
  seconds: 0,
};
const SMOKE: Sizes = { warmUp: [1000], rounds: 1, count: 3000, rates: [], seconds: 0 };

/** What two cores can show. */
const THREADS: readonly { readonly shards: number; readonly threads: readonly (readonly StageName[])[] }[] = [
  { shards: 1, threads: [['driver', 'risk'], ['matching']] },
  {
    shards: 2,
    threads: [
      ['driver', 'risk'],
      ['matching', 'matching-2'],
    ],
  },
  { shards: 2, threads: [['driver', 'risk', 'matching'], ['matching-2']] },
];

interface InTurn {
  readonly digests: readonly number[];
  readonly trades: number;
  /** Nanoseconds a command: risk, then each shard. */
  readonly risk: number;
  readonly matching: readonly number[];
}

const CONSTANT_TIME = 1e12;
/** Commands that are timed together: so few that most slices are not interrupted on a machine that is busy with other things. */
const SLICE = 2000;

function systemOf(shards: number, threads: readonly (readonly StageName[])[]) {
  return benchSystem(threads, { instruments: INSTRUMENTS, shards });
}

/** Everything in turn on this thread, each stage timed. */
function runInTurn(shards: number, sizes: Sizes): InTurn {
  const stages: readonly StageName[] = ['driver', 'risk', ...MATCHING_AGENTS.slice(0, shards)];
  const { agents, flow } = buildStages({ system: systemOf(shards, [stages]), thread: 0, stages });
  if (flow === undefined) throw new Error('shards bench: no driver');
  const slices = agents.map((): number[] => []);
  const times = new Float64Array(agents.length);
  const slice = (target: number): void => {
    const before = flow.answered;
    times.fill(0);
    while (flow.answered < target) {
      flow.send(CONSTANT_TIME, target);
      let start = process.hrtime();
      for (let i = 0; i < agents.length; i++) {
        agents[i].doWork(CONSTANT_TIME);
        const end = process.hrtime();
        times[i] += (end[0] - start[0]) * 1e9 + (end[1] - start[1]);
        start = end;
      }
      flow.read(CONSTANT_TIME);
    }
    for (const [agent, spent] of slices.entries()) spent.push(times[agent] / (target - before));
  };
  const digests = [...sizes.warmUp, ...new Array<number>(sizes.rounds).fill(sizes.count)].map(
    (count, round) => {
      if (round === sizes.warmUp.length) for (const spent of slices) spent.length = 0;
      const target = flow.answered + count;
      while (flow.answered < target) slice(Math.min(target, flow.answered + SLICE));
      return flow.digest;
    },
  );
  const [risk, ...matching] = slices.map(median);
  return { digests, trades: flow.trades, risk, matching };
}

const perSecond = (nanoseconds: number): string => `${(1e3 / nanoseconds).toFixed(2)} M/s`;

/** Runs the benchmark. Smoke sizes check results, not times. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  const result: BenchResult = { name: 'shards', text: [], figures: {} };
  const { text, figures } = result;
  const sizes = smoke ? SMOKE : FULL;
  const inTurn = new Map<number, InTurn>();
  text.push(`in turn on one thread, ${INSTRUMENTS} instruments, ns a command of the whole stream:`);
  for (const shards of SHARDS) {
    const seen = runInTurn(shards, sizes);
    inTurn.set(shards, seen);
    if (seen.trades !== inTurn.get(1)?.trades)
      throw new Error(`shards bench: ${seen.trades} trades with ${shards} shards`);
    const busiest = Math.max(...seen.matching);
    figures[`shards_${shards}_risk_ns`] = seen.risk;
    figures[`shards_${shards}_busiest_ns`] = busiest;
    text.push(
      `  ${shards} ${shards === 1 ? 'shard: ' : 'shards:'}  risk ${seen.risk.toFixed(0)}   matching ` +
        `${seen.matching.map((time) => time.toFixed(0)).join(' + ')}   with a core each: up to ${perSecond(busiest)} in matching`,
    );
  }
  text.push('with two threads on two cores:');
  for (const { shards, threads } of THREADS) {
    const digests = inTurn.get(shards)?.digests ?? [];
    const measured = await measure(threads, sizes, digests, systemOf(shards, threads));
    const time = median(measured.times);
    const title = threads.map((stages) => stages.join(' + ')).join(' │ ');
    figures[`${title.replaceAll(/[^a-z0-9]+/g, '_')}_commands_per_second`] = 1e9 / time;
    text.push(
      `  ${title.padEnd(40)} ${perSecond(time)}, ${time.toFixed(0)} ns each${measured.pinned ? '' : '   NOT PINNED'}`,
    );
  }
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await run({ smoke: process.argv.includes('--smoke') });
  process.stdout.write(`${result.text.join('\n')}\n`);
}
