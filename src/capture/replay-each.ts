import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { CaptureError } from './capture-error.js';
import type { ListedCapture } from './capture-list.js';
import type { ReplayJob, ReplayOutcome } from './replay-job.js';

const PROGRESS_INTERVAL_MILLISECONDS = 100;
const PROGRESS_FIELDS = 2;
/**
 * V8 compiles hot code on threads of its own. Node 20 aborts the process when that still goes on for a thread that ends
 * (node_platform.cc, "Assertion failed: (data.first) != nullptr"): one in some 20 pools that were closed at once.
 */
const COMPILER_MILLISECONDS = 100;

/** What came out for one capture: the object of a single replay, or why there is none. */
export type CaptureResult = { readonly file: string } & ReplayOutcome;

/** What `millrace replay --each --json` prints. */
export interface ReplayEachReport {
  /** In the order in which the captures were given, whichever ended first. */
  readonly files: readonly CaptureResult[];
  readonly wall_ms: number;
}

export interface ReplayEachOptions {
  readonly captures: readonly ListedCapture[];
  /** Worker threads at most, from 1. */
  readonly jobs: number;
  readonly speed?: number;
  /** Called from time to time, and at the end, with compressed bytes read and messages so far, over all captures. */
  readonly onProgress?: (bytesRead: number, messages: number) => void;
  /** Module that exports `runJob` ({@link ReplayJob}). */
  readonly entry?: URL;
}

/**
 * Replays every capture as a stream of its own, `jobs` at a time. What comes out for one depends on that capture alone, not
 * on the others nor on `jobs`. A capture that fails, or takes its worker thread down, has an error; the others go on.
 */
export async function replayEach(options: ReplayEachOptions): Promise<ReplayEachReport> {
  const { captures, speed = Number.POSITIVE_INFINITY } = options;
  const started = performance.now();
  const results: CaptureResult[] = captures.map(({ file, error = '' }) => ({ file, error }));
  const pending = captures.flatMap(({ error }, index) => (error === undefined ? [index] : []));
  // Largest first: one large capture left to the end would keep a single thread busy.
  pending.sort((a, b) => captures[b].bytes - captures[a].bytes);
  const progress = new ProgressBoard(captures.length);
  const stopReporting = progress.report(options.onProgress);
  const pool = new JobPool(Math.max(1, Math.min(options.jobs, pending.length)), options.entry);
  try {
    await Promise.all(
      pending.map(async (index) => {
        const { file, bytes } = captures[index];
        const cells = progress.cells(index);
        results[index] = { file, ...(await pool.run({ file, speed, progress: cells })) };
        cells[0] = bytes; // also where a job failed half way
      }),
    );
  } finally {
    stopReporting();
    await pool.close();
  }
  return { files: results, wall_ms: Math.round(performance.now() - started) };
}

/** How far the jobs have come, in shared memory: no messages, and a job never waits for a reader. */
class ProgressBoard {
  readonly #cells: Float64Array;

  constructor(jobs: number) {
    this.#cells = new Float64Array(
      new SharedArrayBuffer(jobs * PROGRESS_FIELDS * Float64Array.BYTES_PER_ELEMENT),
    );
  }

  cells(job: number): Float64Array {
    return this.#cells.subarray(job * PROGRESS_FIELDS, (job + 1) * PROGRESS_FIELDS);
  }

  /** Reports sums from time to time; returns how to end that, with a last report. */
  report(onProgress: ReplayEachOptions['onProgress']): () => void {
    if (onProgress === undefined) return () => {};
    const report = (): void => {
      const sums = [0, 0];
      this.#cells.forEach((value, at) => {
        sums[at % PROGRESS_FIELDS] += value;
      });
      onProgress(sums[0], sums[1]);
    };
    const timer = setInterval(report, PROGRESS_INTERVAL_MILLISECONDS);
    return () => {
      clearInterval(timer);
      report();
    };
  }
}

/** Worker threads for replays. A job always ends: with its outcome, or with why its thread did not get that far. */
class JobPool {
  readonly #pool: Piscina<ReplayJob, ReplayOutcome>;
  #lastFault = '';
  #closing = false;

  constructor(threads: number, entry = new URL('./replay-job.js', import.meta.url)) {
    this.#pool = new Piscina<ReplayJob, ReplayOutcome>({
      filename: fileURLToPath(entry),
      name: 'runJob',
      minThreads: threads,
      maxThreads: threads,
      // The default blocks a thread between jobs, and with it the closing of the files of the job before.
      atomics: 'disabled',
      recordTiming: false,
    });
    this.#pool.on('error', (error: unknown) => {
      this.#lastFault = messageOf(error);
    });
    // The pool replaces a thread that ends, but gives up on threads that fail to start: jobs would wait for ever.
    this.#pool.on('workerDestroy', () =>
      setImmediate(() => {
        if (this.#pool.threads.length === 0) void this.close();
      }),
    );
  }

  async run(job: ReplayJob): Promise<ReplayOutcome> {
    try {
      return await this.#pool.run(job);
    } catch (error) {
      const reason = this.#closing && this.#lastFault !== '' ? this.#lastFault : messageOf(error);
      return { error: new CaptureError(job.file, 0, `internal error: ${reason}`).message };
    }
  }

  /** Ends all threads; jobs that still wait fail. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await pause(COMPILER_MILLISECONDS);
    await this.#pool.destroy();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
