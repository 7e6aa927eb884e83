/** Special orders allocate nothing in steady state, also where numbers do not fit small integers. */
import { describe, expect, it } from 'vitest';
import type { MatchingEvents } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { raiseInliningBudget } from '../../src/lib/inlining.js';
import { CAPACITIES, Flow, OPTIONS, STEPS, type Step } from './special-workloads.js';

// As main.ts does: whether wide numbers are boxed on their way depends on what V8 inlines.
raiseInliningBudget();

const REPEATS = 5_000;
const LIMIT = 100_000;

class Counts implements MatchingEvents {
  trades = 0;
  reports = 0;
  statuses = 0;
  trade(): void {
    this.trades++;
  }
  report(): void {
    this.reports++;
  }
  status(): void {
    this.statuses++;
  }
}

/** What one step brings: a flow that does nothing would allocate nothing either. */
const EVENTS: Readonly<Record<Step, readonly [trades: number, reports: number, statuses: number]>> = {
  iceberg: [10, 11, 0],
  stop: [3, 8, 0],
  prevention: [0, 5, 0],
  bracket: [3, 9, 0],
  link: [1, 4, 0],
  expiry: [0, 3, 0],
  fees: [1, 2, 0],
  auction: [0, 6, 2],
};

describe('allocation of special orders', () => {
  it.each(Object.keys(STEPS) as Step[])('%s', (step) => {
    const counts = new Counts();
    const flow = new Flow(new MatchingEngine(CAPACITIES, counts, OPTIONS));
    const hash = (): string =>
      `${flow.engine.orderCount} ${flow.engine.levels(0, 1, 9, new Float64Array(27))}`;
    const before = hash();
    const round = (): void => {
      for (let repeat = 0; repeat < REPEATS; repeat++) flow[step]();
    };
    Object.assign(counts, { trades: 0, reports: 0, statuses: 0 });
    flow[step]();
    expect([counts.trades, counts.reports, counts.statuses]).toEqual(EVENTS[step]);
    // A boxed number a step is 80 kB a round, and the flow itself may keep one. Every step has several commands and
    // events, so two show. V8 exchanges code in the background, and what is not yet compiled boxes every number: the smallest
    // growth counts, and there is time to settle.
    let least = Infinity;
    for (let repeat = 0; repeat < 60 && least >= LIMIT; repeat++) {
      const heap = process.memoryUsage().heapUsed;
      round();
      const growth = process.memoryUsage().heapUsed - heap;
      if (growth >= 0) least = Math.min(least, growth);
    }
    expect(least).toBeLessThan(LIMIT);
    expect(hash()).toBe(before);
    flow.engine.validate();
  });
});
