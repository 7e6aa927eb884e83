/**
 * Benchmarks with threads: each part of a topology is a function in a worker of its own, pinned to a core of its own. The
 * main thread starts rounds by message and sleeps meanwhile. Workers meet at a spinning barrier, so that a
 * round starts at once on all cores; the clock is read before and after a round and never inside.
 */
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { allowedCores, pinThisThread } from './pin.js';

export interface Part {
  /** One round: handles `count` messages and returns a digest of what it saw. */
  (count: number): number;
  /** What a round needs and its time does not contain; called before each. */
  readonly prepare?: () => void;
}

export interface Round {
  readonly nanoseconds: number;
  readonly digest: number;
  /** Bytes that the heap of this thread grew by. */
  readonly heapBytes: number;
  /** Garbage collections in this thread during the round. */
  readonly collections: number;
}

interface Start<Input> {
  readonly entry: string;
  readonly core: number | undefined;
  readonly barrier: Int32Array;
  readonly parts: number;
  readonly input: Input;
}

/**
 * In a worker that a Team started from the module `entry`: serves rounds of the part that `make` returns for its input.
 * Anywhere else it does nothing, so one module can hold both sides.
 */
export function serve<Input>(entry: string, make: (input: Input) => Part): void {
  const port = parentPort;
  if (port === null || (workerData as Start<Input> | null)?.entry !== entry) return;
  const { core, barrier, parts, input } = workerData as Start<Input>;
  const pinned = core !== undefined && pinThisThread(core);
  const collected: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) collected.push(entry.startTime);
  }).observe({ entryTypes: ['gc'] });
  const part = make(input);
  port.on('message', (count: number) => {
    part.prepare?.();
    const ticket = Atomics.add(barrier, 0, 1);
    const all = ticket - (ticket % parts) + parts;
    while (Atomics.load(barrier, 0) < all);
    // Asking leaves something on the heap itself: asked twice, that is known and taken off.
    const first = getHeapStatistics().used_heap_size;
    const before = getHeapStatistics().used_heap_size;
    const start = performance.now();
    const digest = part(count);
    const end = performance.now();
    const nanoseconds = (end - start) * 1e6;
    const heapBytes = getHeapStatistics().used_heap_size - before - (before - first);
    // The observer hears of collections when the event loop turns.
    setTimeout(() => {
      const collections = collected.filter((time) => time >= start && time <= end).length;
      collected.length = 0;
      port.postMessage({ nanoseconds, digest, heapBytes, collections } satisfies Round);
    }, 2);
  });
  port.postMessage({ pinned });
}

/** On the main thread: one worker a part. */
export class Team<Input> {
  readonly #workers: Worker[];
  /** Is each part on a core of its own? */
  pinned = true;

  private constructor(entry: URL, inputs: readonly Input[]) {
    const cores = allowedCores();
    const barrier = new Int32Array(new SharedArrayBuffer(4));
    this.#workers = inputs.map((input, index) => {
      const core = cores.length >= inputs.length ? cores[index] : undefined;
      const transferList = Object.values(input as object).filter((one) => one instanceof MessagePort);
      return new Worker(entry, {
        transferList,
        workerData: { entry: entry.href, core, barrier, parts: inputs.length, input } satisfies Start<Input>,
      });
    });
  }

  static async start<Input>(entry: URL, inputs: readonly Input[]): Promise<Team<Input>> {
    const team = new Team(entry, inputs);
    const answers = await Promise.all(team.#workers.map((worker) => answer<{ pinned: boolean }>(worker)));
    team.pinned = answers.every((one) => one.pinned);
    return team;
  }

  /** One round; the results stand in the order of the parts. */
  async round(count: number): Promise<Round[]> {
    const rounds = Promise.all(this.#workers.map((worker) => answer<Round>(worker)));
    for (const worker of this.#workers) worker.postMessage(count);
    return rounds;
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function answer<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: T) => {
      worker.removeListener('error', reject);
      resolve(message);
    });
    worker.once('error', reject);
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
