import { describe, expect, it } from 'vitest';
import { Random, seededRandom } from '../../src/lib/random.js';

const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

/** Mean and variance of a sample. */
function moments(sample: readonly number[]): { mean: number; variance: number } {
  const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
  return { mean, variance: sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length };
}

describe('random numbers', () => {
  it('are those of the reference implementation', () => {
    // xoshiro128starstar.c 1.1 (prng.di.unimi.it) with state {1, 2, 3, 4}, compiled and run.
    const random = new Random(1, 2, 3, 4);
    expect(take(10, () => random.bits())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('refuse the state that never leaves 0', () => {
    expect(() => new Random(0, 0, 0, 0)).toThrow(RangeError);
  });

  it('depend on seed and name, and on nothing else', () => {
    const first = (seed: number, name: string): number[] => {
      const random = seededRandom(seed, name);
      return take(8, () => random.bits());
    };
    expect(first(1, 'noise')).toEqual(first(1, 'noise'));
    const streams = [
      first(1, 'noise'),
      first(2, 'noise'),
      first(1, 'taker'),
      first(0, ''),
      first(4294967295, ''),
    ];
    expect(new Set(streams.map(String)).size).toBe(streams.length);
  });

  it('stay inside the open interval at both ends', () => {
    const random = seededRandom(3, 'uniform');
    const sample = take(100_000, () => random.uniform());
    expect(Math.min(...sample)).toBeGreaterThan(0);
    expect(Math.max(...sample)).toBeLessThan(1);
    const { mean, variance } = moments(sample);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('hit every number below a count, evenly', () => {
    const random = seededRandom(4, 'below');
    const hits = new Array<number>(7).fill(0);
    for (const hit of take(70_000, () => random.below(7))) hits[hit]++;
    for (const count of hits) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('have the moments of their distributions', () => {
    const random = seededRandom(5, 'moments');
    const normal = moments(take(100_000, () => random.normal()));
    expect(normal.mean).toBeCloseTo(0, 1);
    expect(normal.variance).toBeCloseTo(1, 1);
    const exponential = moments(take(100_000, () => random.exponential(3)));
    expect(Math.abs(exponential.mean - 3)).toBeLessThan(0.1);
    expect(Math.abs(exponential.variance - 9)).toBeLessThan(0.6);
    // Pareto with exponent 3 from 2 on: median 2 * 2^(1/3).
    const pareto = take(100_000, () => random.pareto(2, 3)).sort((a, b) => a - b);
    expect(pareto[0]).toBeGreaterThanOrEqual(2);
    expect(pareto[50_000]).toBeCloseTo(2 * 2 ** (1 / 3), 1);
    expect(take(100_000, () => random.chance(0.3)).filter(Boolean).length / 100_000).toBeCloseTo(0.3, 1);
  });
});
