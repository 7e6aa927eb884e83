/** What the tape of an exchange says between the lines, one scenario each. */
import { describe, expect, it } from 'vitest';
import { matchScript } from './tape-script.js';

const TICK = { tick: 1_000_000_000 };

describe('tapes through the engine', () => {
  it('an aggressor through two prices, its remainder rests', () => {
    const report = matchScript(
      `A A 1 100 2
       A A 2 101 3
       T B 9 100 2, F A 1 100 2, T B 9 101 3, F A 2 101 3, A B 9 102 4, C A 1 100 2, C A 2 101 3`,
      TICK,
    );
    expect(report).toMatchObject({ fills_recorded: 2, fills_matched: 2, differences: [], open_orders: 1 });
    expect(report.deductions).toMatchObject({ aggressive_orders: 1, rested_remainders: 1 });
  });

  it('an order on the book that moves to where it trades is listed among the fills', () => {
    const report = matchScript(
      `A B 1 99 5
       A A 2 101 3
       T B 1 101 3, F B 1 101 3, F A 2 101 3, C A 2 101 3, M B 1 101 2`,
      TICK,
    );
    expect(report).toMatchObject({ fills_recorded: 2, fills_matched: 2, differences: [], open_orders: 1 });
    expect(report.deductions.resting_aggressors).toBe(1);
  });

  it('a smaller quantity keeps the place, a larger one or another price loses it', () => {
    const report = matchScript(
      `A A 1 100 5
       A A 2 100 5
       A A 3 100 5
       A A 4 101 5
       M A 1 100 4
       M A 2 100 6
       M A 4 100 5
       T B 9 100 20, F A 1 100 4, F A 3 100 5, F A 2 100 6, F A 4 100 5, C A 1 100 4, C A 3 100 5, C A 2 100 6, C A 4 100 5`,
      TICK,
    );
    expect(report).toMatchObject({ fills_recorded: 4, fills_matched: 4, open_orders: 0 });
  });

  it('a cancel of a part keeps the place', () => {
    const report = matchScript(
      `A A 1 100 5
       A A 2 100 5
       C A 1 100 3
       T B 9 100 3, F A 1 100 2, F A 2 100 1, C A 1 100 2, M A 2 100 4`,
      TICK,
    );
    expect(report).toMatchObject({ fills_matched: 2, differences: [], open_orders: 1 });
  });

  it('an iceberg goes to the end of the queue when its shown part is used up', () => {
    const report = matchScript(
      `A A 1 100 2
       A A 2 100 3
       T B 8 100 9, F A 2 100 3, F A 1 100 6, C A 2 100 3, M A 1 100 2
       A A 3 100 1
       T B 9 100 5, F A 3 100 1, F A 1 100 4, C A 3 100 1, C A 1 100 2`,
      TICK,
    );
    expect(report).toMatchObject({ fills_recorded: 4, fills_matched: 4, differences: [], open_orders: 0 });
    expect(report.deductions).toMatchObject({ iceberg_orders: 1, iceberg_refills: 2 });
  });

  it('a known iceberg is listed last with its last part too; one that nothing gives away is a difference', () => {
    const lastPart = `A A 2 100 1
                      T B 9 100 3, F A 2 100 1, F A 1 100 2, C A 2 100 1, C A 1 100 2`;
    const known = matchScript(`A A 1 100 2\nT B 8 100 2, F A 1 100 2, M A 1 100 2\n${lastPart}`, TICK);
    expect(known).toMatchObject({ fills_matched: 3, differences: [], open_orders: 0 });
    const unknown = matchScript(`A A 1 100 2\n${lastPart}`, TICK);
    expect(unknown).toMatchObject({ fills_recorded: 2, fills_matched: 1, open_orders: 0 });
    expect(unknown.differences).toMatchObject([{ kind: 'listed-last', explained: true, order_id: '1' }]);
  });

  it('two icebergs take turns', () => {
    const report = matchScript(
      `A A 1 100 2
       A A 2 100 1
       T B 8 100 5, F A 2 100 2, F A 1 100 3, M A 2 100 1, M A 1 100 1`,
      TICK,
    );
    // First 2 and 1, then the refilled 1 again: it must have 4 before 2 can have another.
    expect(report.differences).toMatchObject([{ kind: 'quantity' }, { kind: 'quantity' }]);
    expect(report.passed).toBe(false);
    const fair = matchScript(
      `A A 1 100 2
       A A 2 100 1
       T B 8 100 6, F A 1 100 4, F A 2 100 2, M A 1 100 2, M A 2 100 1`,
      TICK,
    );
    expect(fair).toMatchObject({ fills_matched: 2, differences: [], open_orders: 2 });
  });

  it('self-match prevention cancels what the aggressor reaches, with and without a trade', () => {
    const report = matchScript(
      `A A 1 100 2
       A A 2 100 3
       T B 8 100 1, F A 2 100 1, C A 1 100 2, M A 2 100 2
       A B 9 100 4, C A 2 100 2`,
      TICK,
    );
    expect(report).toMatchObject({ fills_recorded: 1, fills_matched: 1, differences: [], open_orders: 1 });
    expect(report.deductions.self_match_cancels).toBe(2);
  });

  it('an order that a trade triggered is an aggressor of its own', () => {
    const report = matchScript(
      `A A 1 100 1
       A A 2 101 1
       T B 8 100 1, F A 1 100 1, T B 5 101 1, F A 2 101 1, C A 1 100 1, C A 2 101 1`,
      TICK,
    );
    expect(report).toMatchObject({
      fills_matched: 2,
      deductions: { aggressive_orders: 2, triggered_orders: 1 },
    });
  });

  it('a clear empties the book', () => {
    const report = matchScript(
      `A A 1 100 1
       R N
       A B 2 101 1
       A A 1 102 1`,
      TICK,
    );
    expect(report).toMatchObject({ open_orders: 2, differences: [] });
  });

  it('a trade without aggressor comes from the other side of the orders that it fills', () => {
    const report = matchScript(
      `A A 1 100 1
       A A 2 101 1
       T B 8 100 1, F A 1 100 1, C A 1 100 1
       T N 0 101 1, F A 2 101 1, C A 2 101 1`,
      TICK,
    );
    expect(report).toMatchObject({ fills_recorded: 2, fills_matched: 2, open_orders: 0 });
    expect(report.deductions.implied_aggressors).toBe(1);
  });

  it('a trade without aggressor that fills both sides and is no uncross is a difference that is explained', () => {
    const report = matchScript(
      `A A 1 101 2
       A B 2 100 2
       T N 0 100 5, F A 1 100 1, F B 2 100 2, M A 1 101 1, C B 2 100 2`,
      TICK,
    );
    expect(report.differences).toMatchObject([
      { kind: 'no-aggressor', explained: true, order_id: '1' },
      { kind: 'no-aggressor', explained: true, order_id: '2' },
    ]);
    expect(report.open_orders).toBe(1);
  });
});

describe('differences', () => {
  const book = `A A 1 100 2
                A A 2 100 3
                A A 3 101 1`;

  it.each([
    ['priority', 'T B 9 100 2, F A 2 100 2, M A 2 100 1', [{ kind: 'missing' }, { kind: 'extra' }]],
    [
      'quantity',
      'T B 9 100 2, F A 1 100 1, F A 2 100 1, M A 1 100 1, M A 2 100 2',
      [{ kind: 'quantity' }, { kind: 'missing' }],
    ],
    ['price', 'T B 9 101 1, F A 3 101 1, C A 3 101 1', [{ kind: 'missing' }, { kind: 'extra' }]],
  ])('wrong %s is seen, and put right', (_, event, kinds) => {
    const report = matchScript(`${book}\n${event}`, TICK);
    expect(report.differences).toMatchObject(kinds);
    expect(report.deductions.repairs).toBeGreaterThan(0);
    expect(report.passed).toBe(false);
    // The book is the tape's again: the rest matches.
    const after = matchScript(`${book}\n${event}\nC A 1 100 9\nC A 2 100 9\nC A 3 101 9\nA A 7 99 1`, TICK);
    expect(after.open_orders).toBe(1);
  });

  it('a book that crosses without a trade is one', () => {
    const report = matchScript('A A 1 100 1\nA B 2 100 1', TICK);
    expect(report.differences).toMatchObject([
      { kind: 'extra', order_id: '1', ours: { price: '100', quantity: 1 } },
    ]);
    // The second order is filled; the first is put back, because the tape still shows it.
    expect(report.open_orders).toBe(1);
  });

  it('a book that stays crossed ends the run like any other', () => {
    const crossed = ['A A 1 100 10', 'A B 2 101 5', 'A A 3 99 10', 'A B 4 102 20', 'M A 1 98 30'].join('\n');
    const report = matchScript(`${crossed}\nC A 1 98 30\nC B 2 101 5\nC A 3 99 10\nC B 4 102 20`, TICK);
    expect(report.differences.length).toBeGreaterThan(0);
    expect(report.open_orders).toBe(0);
  });
});
