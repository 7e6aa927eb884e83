/**
 * Engine and naive twin run the same random commands of every kind: every event and status, and the state hash, equal at each
 * command. MILLRACE_FUZZ_COMMANDS sets the number of commands over all shapes, MILLRACE_SEED repeats a run; many seeds over
 * all cores: npm run test:fuzz.
 */
import { describe, expect, it } from 'vitest';
import { planShapes, runShape } from './matching-fuzz-shapes.js';
import { SEED } from './matching-stream.js';

const COMMANDS = Number(process.env.MILLRACE_FUZZ_COMMANDS ?? 1_000_000);

describe(`matching fuzz, MILLRACE_SEED=${SEED}`, () => {
  const runs = planShapes(COMMANDS).map((run) => [run.name, run] as const);
  it.each(runs)('engine and twin agree: %s', { timeout: 36_000_000 }, (_, run) => {
    expect(runShape(run, SEED).trades).toBeGreaterThan(0);
  });
});
