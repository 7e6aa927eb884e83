import { expect, it } from 'vitest';
import { TradingDay } from '../../src/workers/session/trading-day.js';
import { SECOND, sessionAt } from './rig.js';

const HOUR = 3600 * SECOND;

it.each([
  ['00:00:00', 0, '2026-03-02T22:00:00Z', 2],
  ['22:00:00', 22 * 3600, '2026-03-02T21:30:00Z', 0.5],
  ['22:00:00, which is now', 22 * 3600, '2026-03-02T22:00:00Z', 24],
  ['22:00:00, which has been', 22 * 3600, '2026-03-02T23:00:00Z', 23],
])('a day begins at %s', (_name, startsAt, start, hours) => {
  const day = new TradingDay(startsAt, sessionAt(start));
  expect(day.nextStart).toBe(hours * HOUR);
  expect(day.begins(hours * HOUR - 1)).toBe(false);
  expect(day.begins(hours * HOUR)).toBe(true);
  expect(day.begins(hours * HOUR)).toBe(false);
  expect(day.nextStart).toBe((hours + 24) * HOUR);
});

it('counts the nanoseconds that the session starts behind a second', () => {
  const day = new TradingDay(0, { startMs: 0, epochSeconds: 86_400 * 20_000 + 86_399, epochNanoseconds: 4 });
  expect([day.begins(SECOND - 5), day.begins(SECOND - 4)]).toEqual([false, true]);
});

it('days that were missed begin once, those of null never', () => {
  const day = new TradingDay(0, sessionAt('2026-03-02T12:00:00Z'));
  expect([day.begins(100 * HOUR), day.begins(100 * HOUR)]).toEqual([true, false]);
  expect(day.nextStart).toBe(108 * HOUR);
  const never = new TradingDay(null, sessionAt('2026-03-02T12:00:00Z'));
  expect([never.nextStart, never.begins(1000 * HOUR)]).toEqual([Number.POSITIVE_INFINITY, false]);
});
