/**
 * The twin alone under random commands of every kind: its invariants hold and the levels that LevelBuilder makes of its
 * events are its own, after every command. MILLRACE_SEED repeats a run.
 */
import { expect, describe as group, it } from 'vitest';
import { LevelBuilder, type LevelChange } from '../../src/book/level-builder.js';
import type { ReportEvent, StatusEvent, TradeEvent } from '../../src/book/matching.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { EventFlags, EXECUTION_TYPE_NAMES, REASON_NAMES } from '../../src/lib/enums.js';
import { describe } from './matching-script.js';
import { FULL_SHAPES, type FuzzShape } from './matching-shapes.js';
import { apply, CommandStream, SEED } from './matching-stream.js';

const COMMANDS = 3_000;

/** Hands on every event, and counts what every command must have: one end, one answer, trade ids without a gap. */
class Watch {
  readonly replica = new Map<string, string>();
  readonly counts = { ends: 0, answers: 0, afterEnd: 0, trades: 0 };
  readonly builder: LevelBuilder;

  constructor(fuzz: FuzzShape) {
    this.builder = new LevelBuilder(fuzz.capacities, {
      levelChanged: (change: LevelChange) => {
        const key = `${change.instrument} ${change.side} ${change.price}`;
        if (change.orders === 0) this.replica.delete(key);
        else this.replica.set(key, `${change.quantity} ${change.orders}`);
      },
    });
  }

  trade(event: TradeEvent): void {
    this.counts.trades++;
    expect(event.tradeId).toBe(this.counts.trades);
    this.note(event.flags);
    this.builder.trade(event);
  }

  report(event: ReportEvent): void {
    this.note(event.flags);
    this.builder.report(event);
  }

  status(_event: StatusEvent): void {
    this.note(0);
    this.builder.status();
  }

  private note(flags: number): void {
    if (this.counts.ends > 0) this.counts.afterEnd++;
    if ((flags & EventFlags.EndOfCommand) !== 0) this.counts.ends++;
    if ((flags & EventFlags.Answer) !== 0) this.counts.answers++;
  }
}

group(`twin fuzz, MILLRACE_SEED=${SEED}`, () => {
  it.each(Object.entries(FULL_SHAPES))('holds its invariants: %s', (name, fuzz) => {
    const watch = new Watch(fuzz);
    const twin = new NaiveMatching(fuzz.capacities, watch, fuzz.options);
    const stream = new CommandStream(SEED, fuzz.shape);
    const levels = [new Float64Array(3 * 512), new Float64Array(3 * 512)];
    for (let step = 0; step < COMMANDS; step++) {
      const action = stream.next();
      const context = `MILLRACE_SEED=${SEED}, ${name}, step ${step}: ${describe(action, stream.command)}`;
      Object.assign(watch.counts, { ends: 0, answers: 0, afterEnd: 0 });
      try {
        apply(twin, action, stream.command);
        twin.validate();
      } catch (error) {
        throw new Error(context, { cause: error });
      }
      expect(watch.counts, context).toMatchObject({ ends: 1, answers: 1, afterEnd: 0 });
      let held = 0;
      for (let book = 0; book < 2 * fuzz.capacities.instruments; book++) {
        const [instrument, side] = [book >> 1, (book & 1) + 1];
        const count = twin.levels(instrument, side, 512, levels[0]);
        expect(watch.builder.copyLevels(instrument, side, 512, levels[1]), context).toBe(count);
        for (let index = 0; index < count * 3; index += 3) {
          const [price, quantity, orders] = levels[0].subarray(index, index + 3);
          if (quantity !== levels[1][index + 1])
            expect(levels[1].slice(0, count * 3), context).toEqual(levels[0].slice(0, count * 3));
          const wanted = `${quantity} ${orders}`;
          if (watch.replica.get(`${instrument} ${side} ${price}`) !== wanted)
            expect.fail(`changes, ${context}`);
        }
        held += count;
      }
      expect(watch.replica.size, context).toBe(held);
    }
    expect(watch.counts.trades).toBeGreaterThan(COMMANDS / 150);
  });

  it('reaches every kind of event for every reason that matching has', () => {
    const seen = new Set<string>();
    for (const { shape, capacities, options } of Object.values(FULL_SHAPES)) {
      const stream = new CommandStream(FIXED_SEED, shape);
      const report = ({ executionType, reason }: ReportEvent): void => {
        seen.add(`${EXECUTION_TYPE_NAMES[executionType]} ${REASON_NAMES[reason]}`);
      };
      const status = ({ reason }: StatusEvent): void => {
        seen.add(`STATUS ${REASON_NAMES[reason]}`);
      };
      const twin = new NaiveMatching(capacities, { trade: () => undefined, report, status }, options);
      for (let step = 0; step < 12_000; step++) apply(twin, stream.next(), stream.command);
    }
    expect(EXPECTED.filter((kind) => !seen.has(kind))).toEqual([]);
  });
});

/** What rare events happen is up to the seed; this one shows them all. */
const FIXED_SEED = 5;
const EXPECTED = [
  ...['NEW NONE', 'REPLACED NONE', 'TRIGGERED NONE', 'RESTATED NONE', 'MASS_CANCELED NONE', 'COMPLETED NONE'],
  ...[
    ...['AUCTION_REMAINDER', 'BOOK_CAPACITY', 'DYNAMIC_PRICE_BAND', 'EXPIRED', 'FILL_OR_KILL_UNFILLED'],
    ...['IMMEDIATE_REMAINDER', 'LINKED_ORDER_FILLED', 'MASS_CANCEL_REQUESTED', 'MINIMUM_QUANTITY_UNFILLED'],
    ...['NO_LIQUIDITY', 'SELF_TRADE_PREVENTED', 'SESSION_ENDED', 'STATIC_PRICE_BAND', 'USER_REQUESTED'],
  ].map((reason) => `CANCELED ${reason}`),
  ...[
    ...['AMEND_BELOW_FILLED', 'BOOK_CAPACITY', 'INVALID_CONDITIONS', 'NOT_IN_THIS_PHASE', 'NOT_ORDER_OWNER'],
    ...['UNKNOWN_INSTRUMENT', 'UNKNOWN_ORDER', 'WOULD_CROSS'],
  ].map((reason) => `CANCEL_REJECTED ${reason}`),
  ...[
    ...[
      'BOOK_CAPACITY',
      'DUPLICATE_ORDER_ID',
      'EXPIRED',
      'INVALID_CONDITIONS',
      'INVALID_PHASE',
      'INVALID_PRICE',
    ],
    ...[
      'INVALID_QUANTITY',
      'LINKED_ORDER_UNAVAILABLE',
      'MALFORMED',
      'NOT_IN_THIS_PHASE',
      'UNKNOWN_INSTRUMENT',
    ],
    ...['UNSUPPORTED_ORDER', 'WOULD_CROSS'],
  ].map((reason) => `REJECTED ${reason}`),
  ...['NONE', 'STATIC_PRICE_BAND', 'DYNAMIC_PRICE_BAND'].map((reason) => `STATUS ${reason}`),
];
