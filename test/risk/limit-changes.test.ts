import { describe, expect, it } from 'vitest';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { RiskControls } from '../../src/risk/controls.js';
import { marketPricesBytes } from '../../src/risk/market-prices.js';
import { sharedStateBytes } from '../../src/topology.js';
import { pipelineConfig } from '../support/pipeline.js';
import { Desk, OWN } from './desk.js';
import { createRig } from './rig.js';

describe('changes of limits', () => {
  it('say what was and what is, for each cell, as texts that can be set again', () => {
    const { controls } = createRig({ instruments: [{ symbol: 'AAA', lot_size: '0.5', tick_size: '0.01' }] });
    const change = { key: 'max_position', account: 2, instrument: 0 } as const;
    expect(controls.changeLimit({ ...change, value: '12.7' })).toEqual([
      {
        key: 'max_position',
        scope: 'instrument',
        account: 2,
        symbol: 'AAA',
        before: '1000000',
        after: '12.5',
      },
    ]);
    expect(
      controls.changeLimit({ key: 'max_daily_loss', account: 2, currency: 'XXB', value: '10.009' }),
    ).toEqual([
      {
        key: 'max_daily_loss',
        scope: 'currency',
        account: 2,
        currency: 'XXB',
        before: null,
        after: '10.005',
      },
    ]);
    expect(controls.changeLimit({ key: 'breaker_halt_s', value: 2.5 })).toEqual([
      { key: 'breaker_halt_s', scope: 'market', symbol: 'AAA', before: '60', after: '2.5' },
    ]);
    expect(controls.changeLimit({ key: 'market_breaker_percent', value: 7 })).toEqual([
      { key: 'market_breaker_percent', scope: 'global', before: null, after: '7' },
    ]);
    expect(controls.changeLimit({ key: 'mode', account: 1, value: 'margin' })).toEqual([
      { key: 'mode', scope: 'account', account: 1, before: 'none', after: 'margin' },
    ]);
    expect(controls.changeLimit({ key: 'initial_margin_percent', account: 1, value: 12.5 })[0].after).toBe(
      '12.5',
    );
    expect(controls.changeLimit({ key: 'fee_percent', account: 1, value: 0.075 })[0].after).toBe('0.075');
  });

  it.each([
    [{ key: 'mode', value: 'free' }, 'risk.mode is "free", allowed: none, cash, margin'],
    [{ key: 'max_position', value: 'many' }, 'risk.max_position is "many"'],
    [{ key: 'max_position', value: null }, 'risk.max_position is null, allowed: a plain decimal'],
    [{ key: 'max_open_orders', value: -1 }, 'risk.max_open_orders is -1, allowed: a number from 0'],
    [{ key: 'initial_margin_percent', value: 500 }, 'allowed: a number from 0 to 400 (percent)'],
    [{ key: 'max_daily_loss', value: 'x' }, 'risk.max_daily_loss is "x"'],
    [{ key: 'max_daily_loss', value: '1', currency: 'EUR' }, 'currency EUR is unknown, allowed: XXB, XXA'],
    [{ key: 'max_daily_loss', value: '1', account: 77 }, 'account 77 is unknown'],
    [{ key: 'trading', value: 'open', instrument: 9 }, 'instrument 9 is unknown'],
    [{ key: 'speed', value: 1 }, 'there is no limit speed'],
  ])('%j are refused in words, and change nothing', (request, text) => {
    const { controls } = createRig();
    const before = controls.describe();
    expect(() => controls.changeLimit(request as Parameters<RiskControls['changeLimit']>[0])).toThrow(text);
    expect(controls.describe()).toEqual(before);
  });

  it('every limit that is described can be set to what it is', () => {
    const { controls } = createRig();
    const described = controls.describe();
    expect(new Set(described.map(({ key }) => key)).size).toBe(34);
    for (const { key, value, account, symbol, currency } of described) {
      const instrument = symbol === undefined ? undefined : controls.instruments.bySymbol(symbol)?.index;
      const [change] = controls.changeLimit({ key, value, account, instrument, currency });
      expect(change.after).toBe(value);
    }
    expect(controls.describe()).toEqual(described);
  });
});

describe('readings', () => {
  it('show balance, holds, equity, loss and drawdown as decimals', () => {
    const desk = new Desk({
      mode: 'cash',
      currencies: { XXB: { opening_balance: '2000', max_drawdown: '1000' } },
    });
    desk.buy(10);
    desk.fill(desk.last, 10, 100, 2);
    desk.print(110);
    desk.print(95);
    desk.buy(2, 90);
    desk.engine.publishReadings();
    const reading = desk.controls.readings().find((one) => one.account === OWN && one.currency === 'XXB');
    expect(reading).toEqual({
      account: OWN,
      state: 'active',
      currency: 'XXB',
      values: {
        balance: '998',
        holds: '180',
        profit: '-52',
        equity: '1948',
        day_start_profit: '0',
        day_high_profit: '98',
        notional: '1140',
        initial_margin: '0',
        maintenance_margin: '0',
      },
      daily_loss: '52',
      drawdown: '150',
    });
  });
});

describe('the memory of risk', () => {
  it.each([
    [1, 1],
    [4, 300],
    [200, 20],
  ])('has room for %d accounts and %d instruments', (accounts, instruments) => {
    const config = pipelineConfig({
      risk: { accounts: Array.from({ length: accounts }, (_, i) => ({ id: i + 1, name: `a${i}` })) },
      // The most currencies that so many instruments can have.
      instruments: Array.from({ length: instruments }, (_, i) => ({
        symbol: `S${i}`,
        base_currency: `B${i}`,
        quote_currency: `Q${i}`,
      })),
    });
    const bytes = sharedStateBytes(config);
    const table = new InstrumentTable(config.instruments);
    const memory = new SharedArrayBuffer(bytes['risk.controls']);
    expect(() => new RiskControls(memory, config.risk, table)).not.toThrow();
    expect(bytes['market.prices']).toBeGreaterThanOrEqual(marketPricesBytes(instruments));
  });
});
