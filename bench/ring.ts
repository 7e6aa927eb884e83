/**
 * What it costs to hand records from thread to thread.
 *
 *     throughput    producer ──ring──► consumer          published one by one, and in batches of 16
 *                   producer ──ring──► 2, 4 consumers    where there are cores for them
 *     round trip    ping ──ring──► pong ──ring──► ping   one record under way, no clock inside the loop
 *     references    the bare cache line, MessagePort polled
 *
 * Each thread spins on a core of its own. Figures count only beside the raw round trip of a cache line of the same run:
 * the machine moves by a factor of ten. A run that ends with a wrong digest throws.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { createRing } from '../src/ring/layout.js';
import { CacheLineMeter, type RawRoundTrip } from './support/cache-line.js';
import { expectedDigest, type RingPart } from './support/ring-parts.js';
import { median, type Round, Team } from './support/threads.js';

export interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

const ENTRY = new URL('./support/ring-parts.js', import.meta.url);
const CAPACITY_BYTES = 128 * 1024;
const HEADER_BYTES = 8;

interface Measured {
  /** Nanoseconds a message, by round. */
  readonly times: readonly number[];
  readonly heapBytes: number;
  readonly collections: number;
  readonly pinned: boolean;
}

interface Plan {
  readonly parts: readonly RingPart[];
  readonly warmUp: number;
  readonly count: number;
  readonly rounds: number;
  readonly afterRound?: () => Promise<void>;
  /** Digests by part; undefined: not looked at. */
  readonly digests: (count: number) => readonly (number | undefined)[];
}

async function measure(plan: Plan): Promise<Measured> {
  const team = await Team.start<RingPart>(ENTRY, plan.parts);
  const check = (rounds: readonly Round[], count: number) => {
    for (const [index, digest] of plan.digests(count).entries()) {
      if (digest !== undefined && rounds[index].digest !== digest) {
        throw new Error(`ring bench: part ${index} has digest ${rounds[index].digest}, expected ${digest}`);
      }
    }
  };
  // Short rounds first: a loop that never ended before is compiled with too little knowledge.
  for (const count of [plan.warmUp >> 4, plan.warmUp >> 2, plan.warmUp])
    check(await team.round(count), count);
  const times: number[] = [];
  let heapBytes = 0;
  let collections = 0;
  for (let round = 0; round < plan.rounds; round++) {
    const results = await team.round(plan.count);
    check(results, plan.count);
    times.push(Math.max(...results.map((one) => one.nanoseconds)) / plan.count);
    for (const one of results) {
      heapBytes += one.heapBytes;
      collections += one.collections;
    }
    await plan.afterRound?.();
  }
  await team.end();
  return {
    times,
    heapBytes,
    collections,
    pinned: team.pinned,
  };
}

function throughput(
  recordBytes: number,
  batch: number,
  consumers: number,
  smoke: boolean,
): Promise<Measured> {
  const out = createRing({ name: 'bench', capacityBytes: CAPACITY_BYTES, gating: consumers });
  const payloadBytes = recordBytes - HEADER_BYTES;
  const indices = Array.from({ length: consumers }, (_, index) => index);
  return measure({
    parts: [
      { part: 'produce', out, payloadBytes, batch },
      ...indices.map((index) => ({ part: 'consume', in: out, index }) as const),
    ],
    warmUp: smoke ? 4000 : 32_000_000,
    count: smoke ? 4000 : 1_000_000,
    rounds: smoke ? 1 : 31,
    digests: (count) => {
      const digest = expectedDigest(count, payloadBytes);
      return [undefined, ...indices.map(() => digest)];
    },
  });
}

function roundTrip(recordBytes: number, smoke: boolean, afterRound: () => Promise<void>): Promise<Measured> {
  const there = createRing({ name: 'there', capacityBytes: 4096, gating: 1 });
  const back = createRing({ name: 'back', capacityBytes: 4096, gating: 1 });
  const payloadBytes = recordBytes - HEADER_BYTES;
  return measure({
    parts: [
      { part: 'ping', out: there, in: back, payloadBytes },
      { part: 'pong', out: back, in: there, payloadBytes },
    ],
    warmUp: smoke ? 2000 : 2_000_000,
    // Many short rounds: most of them fit between two disturbances of a shared machine.
    count: smoke ? 2000 : 10_000,
    rounds: smoke ? 1 : 151,
    afterRound,
    digests: (count) => {
      const digest = expectedDigest(count, payloadBytes);
      return [digest, digest];
    },
  });
}

async function messagePort(back: boolean, smoke: boolean): Promise<Measured> {
  const { port1, port2 } = new MessageChannel();
  const names = back ? (['port-ping', 'port-pong'] as const) : (['port-produce', 'port-consume'] as const);
  return measure({
    parts: [
      { part: names[0], port: port1 },
      { part: names[1], port: port2 },
    ],
    warmUp: smoke ? 500 : 40_000,
    count: smoke ? 500 : 40_000,
    rounds: smoke ? 1 : 5,
    digests: (count) => {
      const sum = expectedDigest(count, 4);
      return [back ? sum : undefined, sum];
    },
  });
}

/** One line and its figures: rate, time each, and what it cost the heap. */
function report(result: BenchResult, key: string, title: string, measured: Measured): void {
  const time = median(measured.times);
  const rate = 1e9 / time;
  result.figures[`${key}_per_second`] = rate;
  result.figures[`${key}_ns`] = time;
  result.figures[`${key}_heap_bytes`] = measured.heapBytes;
  result.figures[`${key}_collections`] = measured.collections;
  result.text.push(
    `${title.padEnd(46)}${(rate / 1e6).toFixed(2).padStart(8)} M/s ${time.toFixed(1).padStart(9)} ns` +
      ` (best ${Math.min(...measured.times).toFixed(1)})   heap +${measured.heapBytes} B, ${measured.collections} collections` +
      `${measured.pinned ? '' : '   NOT PINNED'}`,
  );
}

/** Rounds of the raw cache line and of the ring take turns, because the distance of the cores changes while we look. */
async function roundTrips(result: BenchResult, smoke: boolean): Promise<void> {
  const meter = await CacheLineMeter.start({ smoke });
  const raws: RawRoundTrip[] = [];
  const nextRaw = async () => {
    raws.push(await meter.round(smoke ? 1000 : 10_000));
  };
  await nextRaw();
  const trip = await roundTrip(64, smoke, nextRaw);
  await meter.end();
  const plain = median(raws.map((raw) => raw.plain));
  const atomic = median(raws.map((raw) => raw.atomic));
  // Each round of the ring against the mean of the raw rounds before and after it.
  const ratioTo = (kind: 'plain' | 'atomic') =>
    median(trip.times.map((time, round) => (2 * time) / (raws[round][kind] + raws[round + 1][kind])));
  const ratios = { plain: ratioTo('plain'), atomic: ratioTo('atomic') };
  report(result, 'round_trip', 'round trip, 64 bytes', trip);
  result.text.push(
    `raw round trip of one cache line: ${plain.toFixed(1)} ns plain, ${atomic.toFixed(1)} ns with Atomics; the ring takes ` +
      `${ratios.plain.toFixed(2)} and ${ratios.atomic.toFixed(2)} times as long (medians of ${raws.length - 1} pairs)`,
  );
  result.figures.raw_round_trip_ns = plain;
  result.figures.raw_round_trip_atomic_ns = atomic;
  result.figures.round_trip_ratio = ratios.plain;
  result.figures.round_trip_ratio_atomic = ratios.atomic;
}

/** Runs the benchmark. Smoke sizes check results, not times, in less than two seconds. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  const result: BenchResult = { name: 'ring', text: [], figures: {} };
  report(result, 'one_by_one', '1 to 1, 64 bytes, published one by one', await throughput(64, 1, 1, smoke));
  report(result, 'batch_16', '1 to 1, 64 bytes, batches of 16', await throughput(64, 16, 1, smoke));
  await roundTrips(result, smoke);
  for (const bytes of smoke ? [256] : [32, 128, 256]) {
    const measured = await throughput(bytes, 16, 1, smoke);
    report(result, `batch_16_${bytes}_bytes`, `1 to 1, ${bytes} bytes, batches of 16`, measured);
  }
  for (const consumers of [2, 4]) {
    if (availableParallelism() < consumers + 1) {
      result.text.push(
        `1 to ${consumers}: needs ${consumers + 1} cores, this machine has ${availableParallelism()}`,
      );
      continue;
    }
    const measured = await throughput(64, 16, consumers, smoke);
    report(result, `batch_16_${consumers}_consumers`, `1 to ${consumers}, 64 bytes, batches of 16`, measured);
  }
  report(result, 'message_port', 'MessagePort polled, 56 bytes', await messagePort(false, smoke));
  report(result, 'message_port_round_trip', 'MessagePort polled, round trip', await messagePort(true, smoke));
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await run({ smoke: process.argv.includes('--smoke') });
  process.stdout.write(`${result.text.join('\n')}\n`);
}
