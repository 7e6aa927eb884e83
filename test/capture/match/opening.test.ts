/** Uncrosses of a tape, by the engine: price, volume and fills. */
import { describe, expect, it } from 'vitest';
import { matchScript } from './tape-script.js';

const TICK = { tick: 1_000_000_000 };

describe('the opening', () => {
  it('uncrosses, with orders that were never shown', () => {
    const report = matchScript(
      `A B 1 105 2
       A B 2 100 5
       A A 3 98 3
       A A 4 101 4
       T N 0 100 5, F N 1 100 2, F N 3 100 3, F N 9 100 3, F N 8 100 2, C B 1 105 2, C A 3 98 3`,
      TICK,
    );
    // Buy 2 at 105 and 3 unseen, sell 3 at 98 and 2 unseen.
    expect(report.opening).toMatchObject({
      volume: 5,
      recorded_price: '100',
      recorded_volume: 5,
      fills_recorded: 4,
      unseen_orders: 2,
      unseen_volume: 5,
    });
    expect(report.open_orders).toBe(2);
  });

  it('comes again: what is on the book when trading ends takes part in the next one', () => {
    const report = matchScript(
      `A A 1 100 3
       A B 2 99 1
       T B 9 100 1, F A 1 100 1, M A 1 100 2
       A B 3 101 4
       A A 4 100 1
       M B 2 100 2
       T N 0 101 3, F N 3 101 3, F N 1 101 2, F N 4 101 1, M B 3 101 1, C A 1 100 2, C A 4 100 1
       T A 8 101 1, F B 3 101 1, C B 3 101 1
       T A 8 100 2, F B 2 100 2, C B 2 100 2`,
      TICK,
    );
    expect(report.openings).toMatchObject([{ volume: 3, recorded_volume: 3, fills_matched: 3 }]);
    expect(report.after_opening).toMatchObject({ fills_recorded: 3, fills_matched: 3 });
    expect(report).toMatchObject({ differences: [], open_orders: 0, deductions: { repairs: 0 } });
  });

  it('another price or volume is no success', () => {
    const report = matchScript(
      `A B 1 105 2
       A A 3 98 3
       T N 0 104 1, F N 1 104 1, F N 3 104 1, M B 1 105 1, M A 3 98 2`,
      TICK,
    );
    expect(report.opening).toMatchObject({ volume: 2, recorded_volume: 1 });
    expect(report.passed).toBe(false);
  });

  it.each([
    ['the largest volume', ['B 1 12 5', 'B 2 11 5', 'A 3 10 4', 'A 4 11 6'], 11, [1, 3, 2, 4], [5, 4, 5, 6]],
    ['then the smallest surplus', ['B 1 12 5', 'B 2 10 3', 'A 3 10 5'], 12, [1, 3], [5, 5]],
    ['then the highest price if there is more to buy', ['B 1 12 9', 'A 2 10 5'], 12, [1, 2], [5, 5]],
    ['then the lowest price if there is more to sell', ['B 1 12 5', 'A 2 10 9'], 10, [1, 2], [5, 5]],
    ['else the middle', ['B 1 14 5', 'A 2 9 5'], 11, [1, 2], [5, 5]],
    [
      'within a price who came first',
      ['B 1 11 4', 'B 2 11 4', 'A 3 11 5', 'A 4 11 5'],
      11,
      [1, 3, 2, 4],
      [4, 5, 4, 3],
    ],
  ])('its price is that of %s', (_, orders, price, filled, quantities) => {
    const adds = orders.map((order) => `A ${order}`).join('\n');
    const fills = filled.map((order, index) => `F N ${order} ${price} ${quantities[index]}`);
    const volume = quantities.reduce((sum, quantity) => sum + quantity, 0) / 2;
    const after = filled.map((order, index) => {
      const [side, , , quantity] = orders[order - 1].split(' ');
      const left = Number(quantity) - quantities[index];
      return left === 0
        ? `C ${side} ${order} ${price} ${quantity}`
        : `M ${side} ${order} ${orders[order - 1].split(' ')[2]} ${left}`;
    });
    const report = matchScript(`${adds}\nT N 0 ${price} ${volume}, ${[...fills, ...after].join(', ')}`, TICK);
    expect(report.opening).toMatchObject({
      price: String(price),
      volume,
      recorded_volume: volume,
      fills_recorded: filled.length,
      fills_in_place: filled.length,
    });
    expect(report).toMatchObject({ passed: true, differences: [], deductions: { repairs: 0 } });
  });

  it('has icebergs, which the engine refills at the end of their price', () => {
    const report = matchScript(
      `A B 1 100 2
       A B 2 100 3
       A A 3 100 6
       T N 0 100 6, F N 2 100 3, F N 3 100 6, F N 1 100 3, C B 2 100 3, C A 3 100 6, M B 1 100 1
       T A 9 100 3, F B 1 100 3, M B 1 100 2`,
      TICK,
    );
    expect(report.opening).toMatchObject({ price: '100', volume: 6, fills_recorded: 3, fills_in_place: 3 });
    expect(report).toMatchObject({
      differences: [],
      open_orders: 1,
      deductions: { repairs: 0, engine_refills: 3, iceberg_continuations: 0 },
    });
  });

  it('takes a reference from the one before', () => {
    const report = matchScript(
      `A B 1 101 1
       A A 2 101 1
       T N 0 101 1, F N 1 101 1, F N 2 101 1, C B 1 101 1, C A 2 101 1
       A A 3 104 1
       T B 9 104 1, F A 3 104 1, C A 3 104 1
       A B 4 110 1
       A A 5 100 1
       T N 0 101 1, F N 4 101 1, F N 5 101 1, C B 4 110 1, C A 5 100 1`,
      TICK,
    );
    expect(report.openings).toMatchObject([{ price: '101' }, { price: '101' }]);
    expect(report).toMatchObject({ passed: true, open_orders: 0 });
  });
});
