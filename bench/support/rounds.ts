/** Rounds of a benchmark on one thread: time, heap growth and garbage collections around each. */
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { median } from './threads.js';

export interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

export interface Measured {
  /** Nanoseconds per operation. */
  readonly ns: number;
  /** Bytes that the heap grew by. */
  readonly bytes: number;
  /** Garbage collections during the round. */
  readonly collections: number;
}

/**
 * Runs `work`, which is `operations` operations, and measures around it. What measuring itself leaves on the heap, some
 * hundred bytes, is measured before and taken off.
 */
export async function measure(operations: number, work: () => void): Promise<Measured> {
  const collected: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) collected.push(entry.startTime);
  });
  observer.observe({ entryTypes: ['gc'] });
  const idle = timed(nothing).bytes;
  const { start, end, bytes } = timed(work);
  // Collections are told in later turns of the event loop.
  await setTimeout(5);
  observer.disconnect();
  const collections = collected.filter((time) => time >= start && time <= end).length;
  return { ns: ((end - start) * 1e6) / operations, bytes: bytes - idle, collections };
}

function nothing(): void {}

function timed(work: () => void): { start: number; end: number; bytes: number } {
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  work();
  const end = performance.now();
  return { start, end, bytes: process.memoryUsage().heapUsed - before };
}

/** Half of the rounds warm up; figures are over the other half. Adds a line and figures called `key` to the result. */
export function summarize(
  result: BenchResult,
  key: string,
  title: string,
  unit: string,
  rounds: readonly Measured[],
  digest: string,
): void {
  const measured = rounds.slice(rounds.length >> 1);
  const ns = median(measured.map((round) => round.ns));
  const best = Math.min(...measured.map((round) => round.ns));
  const bytes = Math.max(0, median(measured.map((round) => round.bytes)));
  const collections = measured.reduce((sum, round) => sum + round.collections, 0);
  const speed = `${(1e3 / ns).toFixed(2)} M ${unit}/s median (${ns.toFixed(1)} ns), best ${(1e3 / best).toFixed(2)}`;
  result.text.push(
    `${title}: ${speed}; heap +${bytes} B a round, ${collections} garbage collections; ${digest}`,
  );
  result.figures[`${key}_per_second`] = 1e9 / ns;
  result.figures[`${key}_best_per_second`] = 1e9 / best;
  result.figures[`${key}_heap_bytes`] = bytes;
  result.figures[`${key}_collections`] = collections;
}
