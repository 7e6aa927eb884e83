/**
 * The long differential fuzz of the matching engine against the naive twin: many seeds over all cores.
 *
 *     npm run test:fuzz                                      10,000,000 commands
 *     MILLRACE_FUZZ_COMMANDS=1e8 npm run test:fuzz           more of them
 *     MILLRACE_SEED=7 npm run test:fuzz                      seeds 7, 8, 9, ... instead of fresh ones
 *
 * Prints a line per seed, and stops at the first difference, with the fewest commands that show it and exit code 1. Each seed runs
 * {@link COMMANDS_PER_SEED} commands over all shapes; every event, status and state hash is compared at each command.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { runShapes } from './matching-fuzz-shapes.js';

const COMMANDS_PER_SEED = 500_000;

if (isMainThread) {
  const commands = Number(process.env.MILLRACE_FUZZ_COMMANDS ?? 10_000_000);
  const first = Number(process.env.MILLRACE_SEED ?? Date.now() & 0x7fffffff);
  await runSeeds(first, Math.max(1, Math.ceil(commands / COMMANDS_PER_SEED)));
} else {
  parentPort?.on('message', (seed: number) => parentPort?.postMessage(runSeed(seed)));
}

interface SeedResult {
  readonly text: string;
  readonly failed: boolean;
}

function runSeed(seed: number): SeedResult {
  try {
    const counts = runShapes(seed, COMMANDS_PER_SEED);
    const { commands, trades, reports, statuses } = counts;
    const text = `${commands} commands, ${trades} trades, ${reports} reports, ${statuses} statuses: equal`;
    return { text: `MILLRACE_SEED=${seed}: ${text}`, failed: false };
  } catch (error) {
    return { text: error instanceof Error ? error.message : `${error}`, failed: true };
  }
}

async function runSeeds(first: number, seeds: number): Promise<void> {
  const started = performance.now();
  let next = 0;
  let failed = false;
  const runWorker = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url));
      const give = (): void => {
        if (next < seeds && !failed) worker.postMessage(first + next++);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('message', (result: SeedResult) => {
        failed ||= result.failed;
        process.stdout.write(`${result.text}\n`);
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(seeds, availableParallelism()) }, runWorker));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${next} seeds from ${first}, ${seconds} s: ${failed ? 'DIFFERENT' : 'all equal'}\n`);
  process.exitCode = failed ? 1 : 0;
}
