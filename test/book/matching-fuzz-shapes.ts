/** Engine against twin over the shapes of matching-shapes.ts. */
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { type Counts, runDifferential } from './matching-differential.js';
import type { Create } from './matching-recorder.js';
import { FULL_SHAPES, type FuzzShape, PLAIN_SHAPES } from './matching-shapes.js';

/** Share of the commands that go to the shapes without conditions and phases. */
const PLAIN_SHARE = 0.15;
const createEngine: Create = (...parameters) => new MatchingEngine(...parameters);
const createTwin: Create = (...parameters) => new NaiveMatching(...parameters);

export interface ShapeRun {
  readonly name: string;
  readonly fuzz: FuzzShape;
  readonly commands: number;
}

/** What each shape runs of `commands` in all. */
export function planShapes(commands: number): ShapeRun[] {
  return [
    ...planOf(PLAIN_SHAPES, commands * PLAIN_SHARE),
    ...planOf(FULL_SHAPES, commands * (1 - PLAIN_SHARE)),
  ];
}

function planOf(shapes: Readonly<Record<string, FuzzShape>>, commands: number): ShapeRun[] {
  const weights = Object.values(shapes).reduce((sum, fuzz) => sum + (fuzz.weight ?? 1), 0);
  return Object.entries(shapes).map(([name, fuzz]) => {
    return { name, fuzz, commands: Math.ceil((commands * (fuzz.weight ?? 1)) / weights) };
  });
}

/** Throws with the seed and the fewest commands that show a difference. */
export function runShape({ name, fuzz, commands }: ShapeRun, seed: number): Counts {
  return runDifferential([createEngine, createTwin], name, fuzz, seed, commands);
}

/** All shapes with one seed. */
export function runShapes(seed: number, commands: number): Counts & { commands: number } {
  const sum = { commands: 0, trades: 0, reports: 0, statuses: 0 };
  for (const run of planShapes(commands)) {
    const { trades, reports, statuses } = runShape(run, seed);
    sum.commands += run.commands;
    sum.trades += trades;
    sum.reports += reports;
    sum.statuses += statuses;
  }
  return sum;
}
