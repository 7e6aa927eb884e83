/** Icebergs and self-match prevention of a tape, by the rules of the engine. */
import { describe, expect, it } from 'vitest';
import { matchScript } from './tape-script.js';

const TICK = { tick: 1_000_000_000 };

describe('icebergs and owners in the engine', () => {
  it('an iceberg that traded as it came shows what is left of its peak', () => {
    // Peak 4: the exchange took 4 and 2 of the next, our engine would show 4 again.
    const report = matchScript(
      `A A 1 100 6
       T B 2 100 6, F A 1 100 6, A B 2 100 2, C A 1 100 6
       A B 3 100 1
       T A 9 100 5, F B 3 100 1, F B 2 100 4, C B 3 100 1, M B 2 100 2
       T A 8 100 3, F B 2 100 3, M B 2 100 3`,
      TICK,
    );
    expect(report).toMatchObject({
      fills_recorded: 4,
      fills_in_place: 4,
      differences: [],
      deductions: { repairs: 0, iceberg_continuations: 1, iceberg_refills: 2 },
    });
  });

  it('an amended iceberg keeps what it hides', () => {
    const report = matchScript(
      `A A 1 100 2
       A A 2 100 1
       M A 1 101 1
       M A 1 101 2
       A A 3 101 1
       C A 2 100 1
       T B 9 101 5, F A 3 101 1, F A 1 101 4, C A 3 101 1, M A 1 101 2`,
      TICK,
    );
    expect(report).toMatchObject({
      fills_recorded: 2,
      fills_in_place: 2,
      differences: [],
      deductions: { repairs: 0, iceberg_continuations: 1 },
    });
  });

  it.each([
    ['behind what it trades with', 'T B 8 100 1, F A 1 100 1, C A 1 100 1, C A 2 100 2'],
    ['ahead of what it trades with', 'T B 8 101 1, F A 3 101 1, C A 1 100 1, C A 2 100 2, C A 3 101 1'],
    ['without a trade, canceled first on the tape', 'C A 1 100 1, C A 2 100 2, A B 8 100 1'],
    ['of an aggressor without a name', 'T B 0 101 1, F A 3 101 1, C A 3 101 1, C A 1 100 1, C A 2 100 2'],
    [
      'of an order that moves',
      'T B 7 100 1, F B 7 100 1, F A 1 100 1, C A 1 100 1, C A 2 100 2, M B 7 100 3',
    ],
  ])('the engine prevents self-matches: %s', (_, event) => {
    const report = matchScript(
      `A B 7 99 4
       A A 1 100 1
       A A 2 100 2
       A A 3 101 1
       ${event}`,
      TICK,
    );
    const { self_match_cancels, self_match_prevented, repairs } = report.deductions;
    expect(self_match_cancels).toBeGreaterThan(0);
    expect([self_match_prevented, repairs]).toEqual([self_match_cancels, 0]);
    expect(report.fills_in_place).toBe(report.fills_recorded);
    expect(report.differences).toEqual([]);
  });

  it('an order that is canceled behind one that stays was not reached, and is canceled as the tape says', () => {
    const report = matchScript(
      `A A 1 100 2
       A A 2 100 2
       T B 8 100 1, F A 1 100 1, M A 1 100 1, C A 2 100 2`,
      TICK,
    );
    expect(report).toMatchObject({
      fills_in_place: 1,
      differences: [],
      open_orders: 1,
      deductions: { self_match_cancels: 1, self_match_prevented: 0, repairs: 0 },
    });
  });
});
