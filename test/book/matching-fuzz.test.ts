/**
 * Engine and naive twin run the same random commands: every event equal, levels equal at intervals. (Not
 * the state hash: the engine does not know the last price yet.)
 * MILLRACE_FUZZ_COMMANDS sets the number of commands over all shapes, MILLRACE_SEED repeats a run.
 */
import { describe, expect, it } from 'vitest';
import { type Matching, type ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { EventFlags } from '../../src/lib/enums.js';
import { Recorder } from './matching-script.js';
import { apply, CommandStream, SEED, SHAPES } from './matching-stream.js';

const COMMANDS = Number(process.env.MILLRACE_FUZZ_COMMANDS ?? 100_000);
const LEVELS_INTERVAL = 50;
/** Of a report, valid with EventFlags.Conditional only. */
const CONDITIONAL_FIELDS = new Set([
  'displayedQuantity',
  'previousDisplayed',
  'stopPrice',
  'linkedOrderId',
  'expireTime',
]);
const VALIDATE_INTERVAL = 1000;

describe(`matching fuzz, MILLRACE_SEED=${SEED}`, () => {
  const names = Object.keys(SHAPES);
  it.each(names)('engine and twin agree: %s', { timeout: 3_600_000 }, (name) => {
    const { shape, capacities } = SHAPES[name];
    const engineEvents = new Recorder();
    const twinEvents = new Recorder();
    const engine = new MatchingEngine(capacities, engineEvents);
    const twin = new NaiveMatching(capacities, twinEvents);
    const stream = new CommandStream(SEED, shape);
    const counts = { trades: 0, reports: 0 };
    for (let step = 0; step < COMMANDS / names.length; step++) {
      const action = stream.next();
      const before = `seed ${SEED}, ${name}, step ${step}: ${action} ${JSON.stringify(stream.command)}`;
      apply(engine, action, stream.command);
      apply(twin, action, stream.command);
      count(counts, compareEvents(engineEvents, twinEvents, before));
      if (step % LEVELS_INTERVAL === 0) {
        compareLevels(engine, twin, step % capacities.instruments, before);
      }
      if (step % VALIDATE_INTERVAL === 0) engine.validate();
    }
    engine.validate();
    twin.validate();
    expect(counts.trades).toBeGreaterThan(COMMANDS / names.length / 50);
  });
});

/** Fails unless both recorders hold the same events; returns them. */
function compareEvents(engine: Recorder, twin: Recorder, context: string): (TradeEvent | ReportEvent)[] {
  const actual = engine.take();
  const wanted = twin.take();
  const same =
    actual.length === wanted.length &&
    actual.every((event, index) => {
      const other = wanted[index];
      if (event.constructor !== other.constructor) return false;
      for (const field in event) {
        if (CONDITIONAL_FIELDS.has(field) && (event.flags & EventFlags.Conditional) === 0) continue;
        if (!Object.is(event[field as keyof typeof event], other[field as keyof typeof other])) return false;
      }
      return true;
    });
  if (!same) expect(actual, context).toEqual(wanted);
  return actual;
}

const engineLevels = new Float64Array(300);
const twinLevels = new Float64Array(300);

function compareLevels(engine: Matching, twin: Matching, instrument: number, context: string): void {
  for (const side of [1, 2]) {
    engineLevels.fill(0);
    twinLevels.fill(0);
    engine.levels(instrument, side, 100, engineLevels);
    twin.levels(instrument, side, 100, twinLevels);
    for (let index = 0; index < engineLevels.length; index++) {
      if (engineLevels[index] !== twinLevels[index])
        expect.fail(`levels of side ${side} differ after ${context}`);
    }
    if (!Object.is(engine.bestPrice(instrument, side), twin.bestPrice(instrument, side))) {
      expect.fail(`best prices of side ${side} differ after ${context}`);
    }
  }
}

function count(counts: { trades: number; reports: number }, events: (TradeEvent | ReportEvent)[]): void {
  for (const event of events) {
    if (event instanceof TradeEvent) counts.trades++;
    else counts.reports++;
  }
}
