import { Worker } from 'node:worker_threads';
import { createGuardedRing } from './canary.js';
import { BOARD_WORDS, GO, type Outcome, READY, type Role, STOP, type WorkerInput } from './roles.js';

const REAL_RING = new URL('../../../src/ring/', import.meta.url).href;

/** How many times longer than in `npm test` (environment MILLRACE_STRESS). */
export const STRESS: number = Math.max(1, Number(process.env.MILLRACE_STRESS ?? 1));

export interface Scenario {
  readonly name: string;
  readonly capacityBytes: number;
  /** Longest payload, bytes; default: the longest that the ring takes. */
  readonly longest?: number;
  readonly records: number;
  readonly gating: number;
  /** Per lossy consumer: oversleep after so many records; 0: never. */
  readonly lossy?: readonly number[];
  /** Position at which the ring starts, units. */
  readonly start?: number;
  /** A thread that has not come back by then hangs, which is a defect; seconds. */
  readonly deadline?: number;
  /** Folder URL of the ring under test. */
  readonly folder?: string;
}

export interface Result {
  readonly producer: Outcome;
  readonly consumers: Outcome[];
  readonly lossy: Outcome[];
  /** All forbidden outcomes, canaries included. */
  readonly defects: string[];
}

/** The threads of one run, before GO. */
export class StressRun {
  readonly board = new Int32Array(new SharedArrayBuffer(BOARD_WORDS * 4));
  readonly #guarded: ReturnType<typeof createGuardedRing>;
  readonly #scenario: Scenario;
  readonly #workers: Worker[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    const { name, capacityBytes, gating, lossy = [], start = 0 } = scenario;
    this.#guarded = createGuardedRing({ name, capacityBytes, gating, lossy: lossy.length }, start);
  }

  /** Starts a thread; it waits for {@link go}. The promise is its outcome, or undefined when it was terminated. */
  start(as: Role): { worker: Worker; outcome: Promise<Outcome | undefined> } {
    const { capacityBytes, records, lossy = [] } = this.#scenario;
    const { longest = capacityBytes / 4 - 8, folder = REAL_RING } = this.#scenario;
    const workerData: WorkerInput = {
      handle: this.#guarded.handle,
      board: this.board,
      records,
      longest,
      watchers: lossy.length,
      folder,
      as,
    };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
    this.#workers.push(worker);
    const outcome = new Promise<Outcome | undefined>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => resolve(undefined));
    });
    return { worker, outcome };
  }

  /** Waits until all started threads are attached. */
  async ready(): Promise<void> {
    while (Atomics.load(this.board, READY) < this.#workers.length) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  go(): void {
    Atomics.store(this.board, GO, 1);
    Atomics.notify(this.board, GO);
  }

  /** Ends all threads: those that look are asked to leave, the others are terminated. */
  async stop(): Promise<void> {
    Atomics.store(this.board, STOP, 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  brokenCanaries(): string[] {
    return this.#guarded.broken().map((word) => `canary at byte ${word * 4} was overwritten`);
  }
}

/** Runs all threads of a scenario to their end. */
export async function runStress(scenario: Scenario): Promise<Result> {
  const run = new StressRun(scenario);
  const lossy = scenario.lossy ?? [];
  const producing = run.start({ role: 'produce' }).outcome;
  const consuming = Array.from(
    { length: scenario.gating },
    (_, index) => run.start({ role: 'consume', index, takeover: false, reports: false }).outcome,
  );
  const watching = lossy.map((pauseEvery, index) => run.start({ role: 'watch', index, pauseEvery }).outcome);
  await run.ready();
  run.go();
  const deadline = setTimeout(() => run.stop(), (scenario.deadline ?? 50 * STRESS) * 1000);
  const producer = (await producing) ?? hung('produce');
  const consumers = (await Promise.all(consuming)).map((one) => one ?? hung('consume'));
  const watchers = (await Promise.all(watching)).map((one) => one ?? hung('watch'));
  clearTimeout(deadline);
  const all = [producer, ...consumers, ...watchers];
  const defects = [...all.flatMap((one) => one.defects), ...run.brokenCanaries()];
  return { producer, consumers, lossy: watchers, defects };
}

function hung(role: Role['role']): Outcome {
  return { role, records: 0, first: 0, last: 0, full: 0, laps: 0, resumed: 0, defects: [`${role} hung`] };
}

/** One line of counts. */
export function describeResult(name: string, result: Result): string {
  const { producer, consumers, lossy, defects } = result;
  const parts = [`sent ${producer.records} (full ${producer.full})`];
  if (consumers.length > 0) parts.push(`received ${consumers.map((one) => one.records).join(', ')}`);
  for (const one of lossy) parts.push(`lossy ${one.records} (lapped ${one.laps}, resumed ${one.resumed})`);
  return `${name}: ${parts.join(', ')}, defects ${defects.length}`;
}
