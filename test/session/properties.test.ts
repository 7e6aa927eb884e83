import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCHEDULED_PHASES } from '../../src/config/names.js';
import { secondsOf } from '../../src/config/session-checks.js';
import { Reason, TradingPhase } from '../../src/lib/enums.js';
import { PHASE_BY_NAME } from '../../src/workers/matching-setup.js';
import { ExpiryCalendar, markOf } from '../../src/workers/session/expiry-calendar.js';
import { SEED } from '../support/seed.js';
import { type NaiveChange, NaiveSchedule } from './naive-schedule.js';
import { ScheduleRig, SECOND } from './rig.js';

const START = '2026-11-18T00:00:00Z';
const DAY = 86_400;
const WEEK = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const clockText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 19);

const sessions = fc.record({
  offset: fc.integer({ min: -14, max: 14 }),
  days: fc.subarray(WEEK, { minLength: 1 }),
  times: fc.uniqueArray(fc.integer({ min: 0, max: DAY - 1 }), { minLength: 1, maxLength: 6 }),
  phases: fc.array(fc.constantFrom(...SCHEDULED_PHASES), { minLength: 6, maxLength: 6 }),
});
type Drawn = typeof sessions extends fc.Arbitrary<infer T> ? T : never;

function termsOf({ offset, days, times, phases }: Drawn) {
  const sign = offset < 0 ? '-' : '+';
  return {
    name: 'cash',
    utc_offset: `${sign}${String(Math.abs(offset)).padStart(2, '0')}:00`,
    days,
    phases: [...times].sort((a, b) => a - b).map((at, i) => ({ at: clockText(at), phase: phases[i] })),
  };
}

/** The phase that holds at a moment, by looking back second by second of the wall clock. */
function naivePhase(terms: ReturnType<typeof termsOf>, epochSeconds: number, offset: number): string {
  const byTime = new Map(terms.phases.map(({ at, phase }) => [at, phase]));
  for (let second = epochSeconds; ; second--) {
    const local = new Date((second + offset * 3600) * 1000);
    const phase = byTime.get(local.toISOString().slice(11, 19));
    if (phase !== undefined && terms.days.includes(WEEK[local.getUTCDay()])) return phase;
    // Only whole days without a change are skipped at once.
    if (!terms.days.includes(WEEK[local.getUTCDay()])) {
      second -= local.getUTCHours() * 3600 + local.getUTCMinutes() * 60 + local.getUTCSeconds();
    } else if (phase === undefined) {
      const earlier = [...byTime.keys()].filter((at) => at < local.toISOString().slice(11, 19)).sort();
      const target = earlier.at(-1);
      const today = local.getUTCHours() * 3600 + local.getUTCMinutes() * 60 + local.getUTCSeconds();
      const [h, m, s] = (target ?? '00:00:00').split(':').map(Number);
      const back = today - (h * 3600 + m * 60 + s);
      second -= target === undefined ? back : back - 1;
    }
  }
}

/** The phase just before the start. */
function phaseBefore(terms: ReturnType<typeof termsOf>): keyof typeof PHASE_BY_NAME {
  return naivePhase(terms, Date.parse(START) / 1000 - 1, 0) as keyof typeof PHASE_BY_NAME;
}

/** All changes of some months. */
function changesOf(terms: ReturnType<typeof termsOf>): NaiveChange[] {
  return Array.from({ length: 130 }, (_, day) => day).flatMap((day) => {
    const weekday = WEEK[new Date(Date.parse(START) + day * DAY * 1000).getUTCDay()];
    if (!terms.days.includes(weekday)) return [];
    return terms.phases.map(({ at, phase }) => ({
      second: day * DAY + secondsOf(at),
      phase: PHASE_BY_NAME[phase],
    }));
  });
}

describe('trading schedule, at random', () => {
  it('has the phase of the calendar after any jump, and wakes in time for every change', () => {
    fc.assert(
      fc.property(
        sessions,
        fc.array(fc.integer({ min: 1, max: 3 * DAY }), { maxLength: 8 }),
        (drawn, steps) => {
          const terms = termsOf(drawn);
          const rig = new ScheduleRig(START, { sessions: [terms] });
          const start = Date.parse(START) / 1000;
          let time = 0;
          for (const step of [0, ...steps]) {
            const due = rig.schedule.nextDue();
            const before = Math.min(due - 1, (time + step) * SECOND);
            if (before > time * SECOND) expect(rig.run(before)).toEqual([]);
            time += step;
            rig.run(time * SECOND);
            const phase = naivePhase(terms, start + time, drawn.offset) as keyof typeof PHASE_BY_NAME;
            expect(rig.phases[0]).toBe(PHASE_BY_NAME[phase]);
          }
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('follows the naive twin through price bands, operators, pauses and the days', () => {
    const { Halt, VolatilityAuction, Continuous, PreOpen } = TradingPhase;
    const step = fc.oneof(
      fc.record({ wait: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ wait: fc.integer({ min: 1, max: 2 * DAY }) }),
      fc.record({ band: fc.constantFrom(Halt, VolatilityAuction) }),
      fc.record({ operator: fc.constantFrom(Halt, VolatilityAuction, Continuous, PreOpen) }),
    );
    const duration = fc.constantFrom(0, 60, 300);
    fc.assert(
      fc.property(
        sessions,
        duration,
        duration,
        fc.array(step, { maxLength: 60 }),
        (drawn, auction, halt, steps) => {
          const terms = termsOf({ ...drawn, offset: 0 });
          const rig = new ScheduleRig(START, {
            sessions: [terms],
            interruptions: { volatility_auction_seconds: auction, halt_seconds: halt },
          });
          const naive = new NaiveSchedule(changesOf(terms), PHASE_BY_NAME[phaseBefore(terms)], auction, halt);
          let now = 0;
          const look = () => {
            const phases = rig.run(now * SECOND).map((text) => TradingPhase[text.slice(2) as 'Halt']);
            expect(phases).toEqual(naive.run(now));
            expect(rig.phases[0]).toBe(naive.phase);
            expect(rig.schedule.nextDue()).toBeGreaterThan(now * SECOND);
          };
          look();
          for (const one of steps) {
            if ('wait' in one) now += one.wait;
            const [phase, byBand] =
              'band' in one ? [one.band, true] : 'operator' in one ? [one.operator, false] : [];
            if (phase !== undefined && byBand !== undefined && phase !== rig.phases[0]) {
              rig.happen(0, phase, now * SECOND, byBand ? Reason.StaticPriceBand : Reason.None);
              naive.happen(phase, now, byBand);
            }
            look();
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('DAY orders never see two days: Closed lies between any two phases with a Closed between them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * DAY }),
        fc.integer({ min: 1, max: 5 * DAY }),
        (first, pause) => {
          const terms = {
            name: 'cash',
            days: WEEK,
            phases: [
              { at: '08:00:00', phase: 'continuous' },
              { at: '18:00:00', phase: 'closed' },
            ],
          };
          const rig = new ScheduleRig(START, { sessions: [terms] });
          rig.run(0);
          rig.run(first * SECOND);
          const seen = rig.run((first + pause) * SECOND);
          const tradingDay = (second: number) => Math.floor((second - 18 * 3600) / DAY);
          const wasOpen = naivePhase(
            { ...terms, utc_offset: 'UTC' } as never,
            Date.parse(START) / 1000 + first,
            0,
          );
          if (wasOpen === 'continuous' && tradingDay(first) !== tradingDay(first + pause)) {
            expect(seen[0]).toBe('0:Closed');
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('random ends lie in their window, differ by day, and are the same on every run', () => {
    const terms = {
      name: 'cash',
      days: WEEK,
      phases: [
        { at: '09:00:00', phase: 'continuous', random_seconds: 30 },
        { at: '17:00:00', phase: 'closed' },
      ],
    };
    const openings = (seed: number): number[] => {
      const rig = new ScheduleRig(START, { sessions: [terms], seed });
      const found: number[] = [];
      for (let due = rig.schedule.nextDue(); found.length < 20; due = rig.schedule.nextDue()) {
        if (rig.run(due).includes('0:Continuous')) found.push(due / SECOND - found.length * DAY - 9 * 3600);
      }
      return found;
    };
    const once = openings(7);
    expect(openings(7)).toEqual(once);
    expect(openings(8)).not.toEqual(once);
    expect(once.every((second) => second >= 0 && second < 30)).toBe(true);
    expect(new Set(once).size).toBeGreaterThan(15);
  });
});

describe('expiry calendar, at random', () => {
  it('finds what a sorted list finds', () => {
    const operation = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 2 ** 53 - 1 }) }),
      fc.record({ add: fc.integer({ min: 1, max: 1e11 }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 2e10 }) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const calendar = new ExpiryCalendar();
        let list: number[] = [];
        let now = 0;
        for (const one of operations) {
          if ('add' in one) {
            calendar.add(markOf(one.add));
            list.push(Math.ceil(one.add / 1e8) * 1e8);
          } else {
            now += one.pass;
            calendar.pass(now);
            list = list.filter((due) => due > now);
          }
          expect(calendar.nextDue).toBe(Math.min(Number.POSITIVE_INFINITY, ...list));
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('marks are at or after the time, less than 100 ms', () => {
    expect(markOf(1)).toBe(1);
    expect(markOf(1e8)).toBe(1);
    expect(markOf(1e8 + 1)).toBe(2);
    const calendar = new ExpiryCalendar();
    calendar.add(markOf(Number.MAX_SAFE_INTEGER));
    expect(calendar.nextDue).toBeGreaterThan(9e15);
  });
});
