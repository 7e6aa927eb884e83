import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  bucketTop,
  HISTOGRAM_CELLS,
  HISTOGRAM_LIMIT,
  HistogramReader,
  HistogramWriter,
} from '../../src/telemetry/histogram.js';
import { SEED } from '../support/seed.js';

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

function recorded(values: readonly number[]): { cells: Float64Array; reader: HistogramReader } {
  const cells = new Float64Array(HISTOGRAM_CELLS);
  const writer = new HistogramWriter(cells);
  for (const value of values) writer.record(value);
  return { cells, reader: new HistogramReader(cells) };
}

/** Values of all magnitudes, not mostly huge ones. */
const latency = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bits, part]) => Math.min(HISTOGRAM_LIMIT, Math.floor(part * 2 ** bits)));

describe('buckets', () => {
  it('every bucket ends where the next begins, from 0 to the limit', () => {
    let next = 0;
    let bucket = 0;
    for (; next <= HISTOGRAM_LIMIT; bucket++) {
      expect(bucketOf(next)).toBe(bucket);
      expect(bucketOf(bucketTop(bucket))).toBe(bucket);
      next = bucketTop(bucket) + 1;
    }
    expect(next).toBe(HISTOGRAM_LIMIT + 1);
    expect(bucket).toBeLessThanOrEqual(HISTOGRAM_CELLS);
  });

  it('the top of a bucket is at most 0.8 % above any value in it', () => {
    fc.assert(
      fc.property(latency, (value) => {
        const top = bucketTop(bucketOf(value));
        return top >= value && top - value <= value / 128;
      }),
      { seed: SEED },
    );
  });
});

describe('figures', () => {
  it('agree with sorting the values, to the width of a bucket', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (values) => {
        const { reader } = recorded(values);
        const sorted = values.toSorted((a, b) => a - b);
        expect(reader.count).toBe(values.length);
        expect(reader.sum).toBe(values.reduce((sum, value) => sum + value, 0));
        expect(reader.maximum).toBe(sorted.at(-1));
        for (const quantile of QUANTILES) {
          const exact = sorted[Math.max(0, Math.ceil(quantile * values.length) - 1)];
          const top = Math.min(bucketTop(bucketOf(exact)), sorted[sorted.length - 1]);
          expect(reader.quantile(quantile)).toBe(top);
        }
      }),
      { seed: SEED },
    );
  });

  it('agree with hdr-histogram-js on the same values', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (values) => {
        const { reader } = recorded(values);
        const standard = build({
          highestTrackableValue: HISTOGRAM_LIMIT + 1,
          numberOfSignificantValueDigits: 3,
        });
        for (const value of values) standard.recordValue(value);
        const converted = reader.toHdr();
        expect(converted.totalCount).toBe(standard.totalCount);
        for (const percent of [50, 90, 99, 100]) {
          const theirs = standard.getValueAtPercentile(percent);
          for (const ours of [reader.quantile(percent / 100), converted.getValueAtPercentile(percent)]) {
            expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1 + theirs * 0.01);
          }
        }
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it('of an empty histogram are 0', () => {
    const { reader } = recorded([]);
    expect([reader.count, reader.sum, reader.maximum, reader.quantile(0.5), reader.quantile(1)]).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(reader.toHdr().totalCount).toBe(0);
  });

  it('fractions count as the whole number below; negative values and NaN as 0 and spoil nothing', () => {
    const { reader } = recorded([1.9, -5, Number.NaN, 3]);
    expect([reader.count, reader.quantile(0.5), reader.maximum, reader.sum]).toEqual([4, 0, 3, 4.9]);
  });

  it('beyond the limit the maximum stays exact', () => {
    const { reader } = recorded([10, 6e9]);
    expect([reader.count, reader.quantile(1), reader.maximum]).toEqual([2, HISTOGRAM_LIMIT, 6e9]);
  });
});

describe('intervals', () => {
  it('are what was recorded since, whatever was before', () => {
    fc.assert(
      fc.property(
        fc.array(latency, { maxLength: 100 }),
        fc.array(latency, { maxLength: 100 }),
        (one, two) => {
          const { cells, reader: before } = recorded(one);
          const writer = new HistogramWriter(cells);
          for (const value of two) writer.record(value);
          const interval = new HistogramReader(cells).since(before);
          const alone = recorded(two).reader;
          expect([interval.count, interval.sum]).toEqual([alone.count, alone.sum]);
          for (const figure of [...QUANTILES.map((q) => (r: HistogramReader) => r.quantile(q)), maximumOf]) {
            expect(bucketOf(figure(interval))).toBe(bucketOf(figure(alone)));
          }
        },
      ),
      { seed: SEED },
    );
  });

  it('a reading does not change with what is recorded after it', () => {
    const { cells, reader } = recorded([5, 7]);
    new HistogramWriter(cells).record(1000);
    expect([reader.count, reader.maximum]).toEqual([2, 7]);
  });
});

function maximumOf(reader: HistogramReader): number {
  return reader.maximum;
}
