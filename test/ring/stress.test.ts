import { describe, expect, it } from 'vitest';
import { TWO_31, TWO_32 } from '../support/ring-at.js';
import { FIRST, HANDLED, type Outcome, RELEASED } from '../support/stress/roles.js';
import { describeResult, runStress, type Scenario, STRESS, StressRun } from '../support/stress/run.js';

const KIB = 1024;

// Tiny rings wrap every few records; where threads outnumber cores each wrap costs a thread switch, hence fewer records.
const GATING: Scenario[] = [
  { name: '1 to 1', capacityBytes: 64 * KIB, longest: 200, records: 2_000_000, gating: 1 },
  { name: '1 to 1, tiny', capacityBytes: 256, records: 300_000, gating: 1 },
  {
    name: '1 to 1, through 2^32',
    capacityBytes: 4 * KIB,
    records: 300_000,
    gating: 1,
    start: TWO_32 - 1_000_000,
  },
  { name: '1 to 2', capacityBytes: 64 * KIB, longest: 200, records: 1_000_000, gating: 2 },
  { name: '1 to 2, tiny', capacityBytes: 512, records: 50_000, gating: 2, start: TWO_31 - 10_000 },
  { name: '1 to 4', capacityBytes: 64 * KIB, longest: 120, records: 500_000, gating: 4 },
  { name: '1 to 4, tiny', capacityBytes: 512, records: 20_000, gating: 4 },
];

const LOSSY: Scenario[] = [
  { name: '1 to lossy', capacityBytes: 16 * KIB, longest: 200, records: 2_000_000, gating: 0, lossy: [0] },
  { name: '1 to lossy, tiny', capacityBytes: 256, records: 2_000_000, gating: 0, lossy: [0] },
  { name: '1 to slow lossy', capacityBytes: 4 * KIB, records: 1_000_000, gating: 0, lossy: [100] },
  {
    name: '1 to lossy, through 2^32',
    capacityBytes: 1 * KIB,
    records: 1_000_000,
    gating: 0,
    lossy: [0],
    start: 3 * TWO_32 - 2_000_000,
  },
  {
    name: '1 to gating, lossy, slow lossy',
    capacityBytes: 4 * KIB,
    longest: 200,
    records: 300_000,
    gating: 1,
    lossy: [0, 50],
  },
];

function expectAll(consumer: Outcome, producer: Outcome): void {
  expect([consumer.first, consumer.last, consumer.records]).toEqual([1, producer.last, producer.records]);
}

describe('stress, gating', () => {
  for (const scenario of GATING) {
    it(
      `${scenario.name}: nothing lost, repeated, reordered or torn`,
      async () => {
        const records = scenario.records * STRESS;
        const result = await runStress({ ...scenario, records });
        console.log(describeResult(scenario.name, result));
        expect(result.defects).toEqual([]);
        expect(result.producer.records).toBe(records);
        for (const consumer of result.consumers) expectAll(consumer, result.producer);
      },
      60_000 * STRESS,
    );
  }
});

describe('stress, lossy', () => {
  for (const scenario of LOSSY) {
    it(
      `${scenario.name}: no torn or recycled record, no loss without LAPPED`,
      async () => {
        const records = scenario.records * STRESS;
        const result = await runStress({ ...scenario, records });
        console.log(describeResult(scenario.name, result));
        expect(result.defects).toEqual([]);
        for (const consumer of result.consumers) expectAll(consumer, result.producer);
        for (const [index, pauseEvery] of (scenario.lossy ?? []).entries()) {
          expect(result.lossy[index].records).toBeGreaterThan(0);
          if (pauseEvery > 0) expect(result.lossy[index].resumed).toBeGreaterThan(0);
        }
      },
      60_000 * STRESS,
    );
  }
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('stress, takeover', () => {
  it(
    'consumers killed mid-stream lose nothing and repeat only what was not released',
    async () => {
      const kills = 5;
      const records = 400_000 * STRESS;
      const run = new StressRun({ name: 'takeover', capacityBytes: 2 * KIB, records, gating: 1 });
      const consume = (takeover: boolean) =>
        run.start({ role: 'consume', index: 0, takeover, reports: true });
      const producer = run.start({ role: 'produce' });
      let consumer = consume(false);
      await run.ready();
      run.go();
      let repeated = 0;
      for (let kill = 1; kill <= kills; kill++) {
        while (Atomics.load(run.board, HANDLED) < (records * kill) / (kills + 1)) await pause();
        await consumer.worker.terminate();
        const handled = run.board[HANDLED];
        const released = run.board[RELEASED];
        Atomics.store(run.board, FIRST, 0);
        consumer = consume(true);
        while (Atomics.load(run.board, FIRST) === 0) await pause();
        const first = run.board[FIRST];
        expect(first).toBeGreaterThan(released);
        expect(first).toBeLessThanOrEqual(handled + 1);
        repeated += handled + 1 - first;
      }
      const received = await consumer.outcome;
      const sent = await producer.outcome;
      console.log(
        `takeover: sent ${sent?.records}, ${kills} kills, ${repeated} unreleased records seen again`,
      );
      expect([sent?.defects, received?.defects]).toEqual([[], []]);
      expect(received?.last).toBe(records);
      expect(run.brokenCanaries()).toEqual([]);
    },
    60_000 * STRESS,
  );
});
