/**
 * Latency of the exchange-core mix through risk and matching, the real agents on two threads, open loop: commands are due at a
 * fixed rate, and a latency counts from when its command was due, so a stall delays all that was due meanwhile (no coordinated
 * omission). One symbol, about 1,000 live orders, 1,000 accounts. A rate that the pipeline does not sustain is called so: its
 * latencies are those of a queue that grows. Every refusal and every difference from the generator's own books throws.
 */
import { raiseInliningBudget } from '../src/lib/inlining.js';
import { HISTOGRAM_CELLS, HistogramReader } from '../src/telemetry/histogram.js';
import { measureCacheLine } from './support/cache-line.js';
import { generateMix } from './support/exchange-mix.js';
import { LATENCY_THREADS, type LatencyPart } from './support/latency-parts.js';
import type { MixOptions } from './support/mix-commands.js';
import { benchSystem } from './support/pipeline-parts.js';
import type { BenchResult } from './support/rounds.js';
import { median, type Round, Team } from './support/threads.js';

const ENTRY = new URL('./support/latency-parts.js', import.meta.url);
/** The generator's price of a single symbol, 10^4.8 ticks of 0.01. */
const REFERENCE_PRICE = '630.95';
const PERCENTILES = [50, 90, 99, 99.9, 99.99];
/** A paced round that takes this much longer than planned is not sustained. */
const TOLERANCE = 1.01;

interface Sizes {
  readonly live: number;
  readonly accounts: number;
  /** Commands of rounds as fast as they go, and rates of paced ones: both ways have to be compiled. */
  readonly warmUp: readonly number[];
  readonly pacedWarmUp: readonly number[];
  readonly rounds: number;
  readonly count: number;
  readonly rates: readonly number[];
  readonly seconds: number;
}

const FULL: Sizes = {
  live: 1000,
  accounts: 1000,
  warmUp: [200_000, 800_000, 1_000_000],
  pacedWarmUp: [250_000, 250_000, 1_000_000],
  rounds: 3,
  count: 1_000_000,
  rates: [125_000, 250_000, 500_000, 1_000_000, 2_000_000, 4_000_000],
  seconds: 1,
};
const SMOKE: Sizes = {
  live: 100,
  accounts: 20,
  warmUp: [1000],
  pacedWarmUp: [50_000],
  rounds: 1,
  count: 2000,
  rates: [50_000],
  seconds: 0.02,
};

/** Commands to generate after those that fill the book. */
function commandsOf({ live, warmUp, pacedWarmUp, rounds, count, rates, seconds }: Sizes): number {
  const paced = [...pacedWarmUp, ...rates].map((rate) => rate * seconds);
  const all = [...warmUp, ...paced].reduce((sum, one) => sum + one, rounds * count);
  return all - 2 * Math.floor(live / 2);
}

class LatencyRun {
  readonly #options: MixOptions;
  readonly #control = new Int32Array(new SharedArrayBuffer(8));
  readonly #cells = new Float64Array(new SharedArrayBuffer(HISTOGRAM_CELLS * 8));
  readonly #outcome = new Float64Array(new SharedArrayBuffer(24));
  #team: Team<LatencyPart> | undefined;

  constructor(options: MixOptions) {
    this.#options = options;
  }

  async start(): Promise<boolean> {
    const [epoch] = process.hrtime();
    const system = benchSystem(LATENCY_THREADS, {
      accounts: this.#options.accounts,
      referencePrice: REFERENCE_PRICE,
    });
    const common = { system, options: this.#options, epoch, control: this.#control };
    const shared = { outcome: this.#outcome, cells: this.#cells };
    this.#team = await Team.start<LatencyPart>(ENTRY, [
      { ...common, ...shared, role: 'driver' },
      { ...common, ...shared, role: 'matching' },
    ]);
    return this.#team.pinned;
  }

  /** `interval`: nanoseconds between commands, 0: as fast as they are answered. */
  async round(count: number, interval: number): Promise<{ rounds: Round[]; latency: HistogramReader }> {
    if (this.#team === undefined) throw new Error('latency bench: not started');
    this.#control[1] = interval;
    this.#cells.fill(0);
    const rounds = await this.#team.round(count);
    return { rounds, latency: new HistogramReader(this.#cells) };
  }

  /** Throws unless all commands were accepted and ended as in the generator's books. */
  check(): string {
    const [trades, filled, refused] = this.#outcome;
    const mix = generateMix(this.#options);
    const digest = `${trades} trades, filled ${filled}, ${refused} refused`;
    const wanted = `${mix.trades} trades, filled ${mix.filled}, 0 refused`;
    if (digest !== wanted) throw new Error(`latency bench ended with ${digest}; right is ${wanted}`);
    return digest;
  }

  async end(): Promise<void> {
    await this.#team?.end();
  }
}

function reportRate(
  result: BenchResult,
  rate: number,
  count: number,
  run: Awaited<ReturnType<LatencyRun['round']>>,
): void {
  const [driver] = run.rounds;
  const planned = (count / rate) * 1e9;
  const sustained = driver.nanoseconds <= planned * TOLERANCE + 1e6;
  const histogram = run.latency.toHdr();
  const shown = PERCENTILES.map((percentile) => {
    const value = histogram.getValueAtPercentile(percentile);
    result.figures[`latency_${rate}_p${percentile}_ns`] = value;
    return `p${percentile} ${value}`;
  });
  result.figures[`latency_${rate}_worst_ns`] = run.latency.maximum;
  result.figures[`latency_${rate}_sustained`] = sustained ? 1 : 0;
  const achieved = (count / driver.nanoseconds) * 1e9;
  const note = sustained ? '' : `   NOT SUSTAINED: ${(achieved / 1e6).toFixed(2)} M/s`;
  result.text.push(
    `${`${rate / 1e3} k/s`.padStart(8)}, ns: ${shown.join('  ')}  worst ${run.latency.maximum}${note}; ` +
      `heap +${run.rounds.map(({ heapBytes }) => heapBytes).join(' / ')} B, ` +
      `${run.rounds.map(({ collections }) => collections).join(' / ')} collections`,
  );
}

/** Runs the benchmark. Smoke sizes check results, not times. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  raiseInliningBudget();
  const sizes = smoke ? SMOKE : FULL;
  const result: BenchResult = { name: 'latency', text: [], figures: {} };
  const { live, accounts, warmUp, pacedWarmUp, rounds, count, rates, seconds } = sizes;
  const latency = new LatencyRun({ symbols: 1, live, accounts, commands: commandsOf(sizes) });
  const raw = await measureCacheLine({ smoke });
  const pinned = await latency.start();
  for (const size of warmUp) await latency.round(size, 0);
  for (const rate of pacedWarmUp) await latency.round(rate * seconds, 1e9 / rate);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    times.push((await latency.round(count, 0)).rounds[0].nanoseconds / count);
  }
  const ns = median(times);
  result.figures.pipeline_mix_commands_per_second = 1e9 / ns;
  result.text.push(
    `driver + risk │ matching${pinned ? '' : ' (NOT PINNED)'}: ${(1e3 / ns).toFixed(2)} M commands/s as fast as they are answered ` +
      `(${ns.toFixed(0)} ns each, best ${Math.min(...times).toFixed(0)})`,
  );
  for (const rate of rates) {
    reportRate(result, rate, rate * seconds, await latency.round(rate * seconds, 1e9 / rate));
  }
  await latency.end();
  const after = await measureCacheLine({ smoke });
  result.text.push(
    `${latency.check()}; heap and collections of driver + risk / matching; ` +
      `raw round trip of one cache line: ${raw.plain.toFixed(0)} ns before, ${after.plain.toFixed(0)} ns after`,
  );
  return result;
}
