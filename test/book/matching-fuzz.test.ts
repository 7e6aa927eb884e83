/**
 * Engine and naive twin run the same random commands: every event equal at each step. MILLRACE_FUZZ_COMMANDS sets the number
 * of commands over all shapes, MILLRACE_SEED repeats a run.
 */
import { describe, expect, it } from 'vitest';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { runDifferential } from './matching-differential.js';
import type { Create } from './matching-recorder.js';
import { FULL_SHAPES, PLAIN_SHAPES } from './matching-shapes.js';
import { SEED } from './matching-stream.js';

const COMMANDS = Number(process.env.MILLRACE_FUZZ_COMMANDS ?? 100_000);
const createEngine: Create = (...parameters) => new MatchingEngine(...parameters);
const createTwin: Create = (...parameters) => new NaiveMatching(...parameters);

describe(`matching fuzz, MILLRACE_SEED=${SEED}`, () => {
  const shapes = Object.entries({ ...PLAIN_SHAPES, ...FULL_SHAPES });
  it.each(shapes)('engine and twin agree: %s', { timeout: 36_000_000 }, (name, fuzz) => {
    const commands = Math.ceil((COMMANDS / shapes.length) * (fuzz.weight ?? 1));
    const counts = runDifferential([createEngine, createTwin], name, fuzz, SEED, commands);
    expect(counts.trades).toBeGreaterThan(0);
  });
});
