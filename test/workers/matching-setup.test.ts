import { describe, expect, it } from 'vitest';
import { PHASES } from '../../src/config/names.js';
import { TradingPhase } from '../../src/lib/enums.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { matchingOptions, PHASE_BY_NAME } from '../../src/workers/matching-setup.js';
import { type PipelineOptions, pipelineConfig } from '../support/pipeline.js';

function optionsOf(options: PipelineOptions) {
  const config = pipelineConfig(options);
  return matchingOptions(config, new InstrumentTable(config.instruments));
}

describe('what the configuration says about matching', () => {
  it('without a word: continuous trading from the reference price, no bands, no fees, no groups', () => {
    const rules = {
      phase: TradingPhase.Continuous,
      referencePrice: 100,
      staticBand: 0,
      dynamicBand: 0,
      bandPhase: TradingPhase.VolatilityAuction,
      makerFee: 0,
      takerFee: 0,
    };
    expect(optionsOf({})).toEqual({ rules: [rules, rules], groups: new Map() });
  });

  it('counts percents and hundredths of them in the units of the engine, exactly', () => {
    const { rules } = optionsOf({
      instruments: [
        {
          symbol: 'AAA',
          tick_size: '0.5',
          initial_phase: 'pre-open',
          static_band_percent: 5.55,
          dynamic_band_percent: '0.29',
          band_action: 'halt',
          maker_fee_bps: -0.1003,
          taker_fee_bps: 5,
        },
        { symbol: 'BTCUSDT', venue: 'binance-spot' },
      ],
    });
    expect(rules).toEqual([
      {
        phase: TradingPhase.PreOpen,
        referencePrice: 200,
        staticBand: 555,
        dynamicBand: 29,
        bandPhase: TradingPhase.Halt,
        makerFee: -1003,
        takerFee: 50_000,
      },
      undefined,
    ]);
  });

  it('numbers a self-trade group by its first account, and leaves out who has none', () => {
    const account = (id: number, group: string | null) => ({ id, name: `a${id}`, self_trade_group: group });
    const accounts = [account(7, 'desk'), account(3, null), account(1, 'other'), account(2, 'desk')];
    expect(optionsOf({ risk: { accounts } }).groups).toEqual(
      new Map([
        [7, 7],
        [1, 1],
        [2, 7],
      ]),
    );
  });

  it('has a phase for every name', () => {
    const phases = Object.values(TradingPhase).filter((phase) => phase !== TradingPhase.None);
    expect(PHASES.map((name) => PHASE_BY_NAME[name])).toEqual(phases);
  });
});
