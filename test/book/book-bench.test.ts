/** The benchmarks of matching run at smoke size: they check their results themselves and throw when one is wrong. */
import { expect, it } from 'vitest';
import { run as runMix } from '../../bench/mix.js';
import { run as runPeers } from '../../bench/peers.js';
import { run as runShapes } from '../../bench/shapes.js';
import { generateMix } from '../../bench/support/exchange-mix.js';

function expectFigures(figures: Record<string, number>): void {
  expect(Object.keys(figures).length).toBeGreaterThan(3);
  for (const [key, value] of Object.entries(figures)) {
    expect([key, Number.isFinite(value) && value >= 0]).toEqual([key, true]);
  }
}

it('exchange-core mix: the engine ends where the generator ended', async () => {
  const { figures } = await runMix({ smoke: true });
  expectFigures(figures);
});

it('exchange-core mix: 9 new, 3 immediate, 6 cancels and 82 moves in 100, some 1,000 orders in 750 slots', () => {
  const mix = generateMix({ symbols: 1, live: 1000, accounts: 1000, commands: 200_000 });
  const [rests, immediate, cancels, moves] = mix.counts.map((count) => Math.round(count / 2000));
  expect([rests, immediate, cancels, moves]).toEqual([9, 3, 6, 83]);
  expect(mix.resting).toBeGreaterThan(900);
  expect(mix.resting).toBeLessThan(1100);
  expect(mix.levels).toBeGreaterThan(600);
  expect(mix.levels).toBeLessThan(900);
});

it('books of unusual shape', async () => {
  const { figures } = await runShapes({ smoke: true });
  expectFigures(figures);
  expect(figures.empty_book_bytes).toBeLessThan(32);
});

it('two published JavaScript books end in the same state on the same commands', async () => {
  const { figures } = await runPeers({ smoke: true });
  expectFigures(figures);
});
