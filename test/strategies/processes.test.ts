import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/lib/random.js';
import { FairValue } from '../../src/strategies/fair-value.js';
import { HawkesProcess } from '../../src/strategies/hawkes.js';

/** Events in each of `windows` windows of `windowNs`. */
function counts(process: HawkesProcess, windows: number, windowNs: number): number[] {
  const found = new Array<number>(windows).fill(0);
  while (process.next < windows * windowNs) {
    found[Math.floor(process.next / windowNs)]++;
    process.advance();
  }
  return found;
}

/** Variance over mean of counts: 1 for a Poisson process, above it for clustered events (U. Fano 1947). */
function fano(sample: readonly number[]): { mean: number; factor: number } {
  const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
  const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length;
  return { mean, factor: variance / mean };
}

describe('Hawkes process', () => {
  // Over windows much longer than its memory the Fano factor tends to 1 / (1 - excitation)^2.
  it.each([
    [0, 1],
    [0.3, 1 / 0.49],
    [0.6, 1 / 0.16],
  ])('with excitation %f keeps its mean rate and has Fano factor %f', (excitation, expected) => {
    const process = new HawkesProcess(seededRandom(1, `hawkes ${excitation}`), 100, excitation, 20, 0);
    const { mean, factor } = fano(counts(process, 4000, 2e9));
    expect(Math.abs(mean - 200)).toBeLessThan(4);
    expect(Math.abs(factor / expected - 1)).toBeLessThan(0.15);
  });

  it('never steps back, and starts afresh where it is told to', () => {
    const process = new HawkesProcess(seededRandom(2, 'restart'), 50, 0.9, 100, 0);
    for (let last = 0, i = 0; i < 10_000; i++, last = process.next) {
      expect(process.next).toBeGreaterThanOrEqual(last);
      process.advance();
    }
    process.restart(1e15);
    expect(process.next).toBeGreaterThan(1e15);
  });
});

describe('fair value', () => {
  it('has the standard deviation of its process in the long run, whatever the step', () => {
    // volatility² / (2 reversion): a year's 1.0 over 10 minutes is 0.0030840 of the price.
    const expected = 1 / Math.sqrt(365 * 24 * 3600) / Math.sqrt(2 / 600);
    for (const stepNs of [20e9, 300e9]) {
      const fair = new FairValue(seededRandom(1, `fair ${stepNs}`), 1, 10, 1, 0);
      let squares = 0;
      const steps = 40_000;
      for (let i = 1; i <= steps; i++) squares += fair.advance(i * stepNs) ** 2;
      expect(Math.abs(Math.sqrt(squares / steps) / expected - 1)).toBeLessThan(0.1);
    }
  });

  it('never leaves its bounds', () => {
    const fair = new FairValue(seededRandom(2, 'bounds'), 10, 1000, 0.001, 0);
    for (let i = 1; i < 20_000; i++) expect(Math.abs(fair.advance(i * 1e9))).toBeLessThanOrEqual(0.001);
  });
});
