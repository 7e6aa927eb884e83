import { describe, expect, it, vi } from 'vitest';
import { scaleOfStep } from '../../src/lib/decimal.js';
import { RiskControls } from '../../src/risk/controls.js';
import { ENGAGED_WORD } from '../../src/risk/controls-layout.js';
import { limitValue } from '../../src/risk/limit-values.js';
import { ACCOUNTS, createRig, WIDE_TERMS } from './rig.js';

const steps = (tick: string, lot: string) => ({ tick: scaleOfStep(tick), lot: scaleOfStep(lot) });

describe('risk controls', () => {
  it('are filled from the configuration, in units of the instrument, with the accounts own limits', () => {
    const accounts = [
      { id: 7, name: 'own', max_position: '2', order_burst: 3 },
      { id: 8, name: 'common' },
    ];
    const instruments = [{ symbol: 'AAA', tick_size: '0.01', lot_size: '0.001' }];
    const { controls } = createRig({ terms: { accounts, max_position: '5' }, instruments });
    expect(controls.limit(7, 0, 'max_position')).toBe(2000);
    expect(controls.limit(8, 0, 'max_position')).toBe(5000);
    expect(controls.limit(7, 0, 'max_order_notional')).toBe(1e9 * 1e5);
    expect(controls.limit(7, 0, 'order_burst')).toBe(3);
    expect(controls.limit(8, 0, 'order_burst')).toBe(WIDE_TERMS.order_burst);
  });

  it('are one memory for all who open it, and the first to open it fills it', () => {
    const { memory, controls, instruments } = createRig();
    controls.setLimit(ACCOUNTS[0], 1, 'max_position', 77);
    controls.engageKillSwitch({ account: 2 });
    const other = new RiskControls(memory, WIDE_TERMS, instruments);
    expect(other.limit(ACCOUNTS[0], 1, 'max_position')).toBe(77);
    expect(other.limit(ACCOUNTS[0], 0, 'max_position')).toBe(1_000_000);
    expect(other.isEngaged({ account: 2 })).toBe(true);
    expect(other.isEngaged({})).toBe(false);
  });

  it('count a kill switch from before it is set until after it is cleared, so that no other is overlooked', () => {
    const { controls } = createRig();
    const { words, layout } = controls;
    const switches = words.subarray(layout.killGlobal, layout.killInstruments + layout.instruments);
    let looks = 0;
    for (const operation of ['add', 'sub', 'exchange'] as const) {
      type Operation = (array: Int32Array, index: number, value: number) => number;
      const plain = Atomics[operation] as Operation;
      const watched: Operation = (array, index, value) => {
        const result = plain(array, index, value);
        looks++;
        expect(words[ENGAGED_WORD]).toBeGreaterThanOrEqual(switches.reduce((sum, one) => sum + one, 0));
        return result;
      };
      vi.spyOn(Atomics, operation).mockImplementation(watched as typeof Atomics.add);
    }
    try {
      for (const scope of [{}, { account: 2 }, {}]) controls.engageKillSwitch(scope);
      for (const scope of [{ account: 2 }, { account: 2 }, {}]) controls.releaseKillSwitch(scope);
    } finally {
      vi.restoreAllMocks();
    }
    expect(looks).toBeGreaterThan(0);
    expect(words[ENGAGED_WORD]).toBe(0);
  });

  it('refuse what they do not know, with the value', () => {
    const { controls, instruments } = createRig();
    expect(() => controls.setLimit(9, 0, 'max_position', 1)).toThrow('account 9 is unknown');
    expect(() => controls.setLimit(1, 5, 'max_position', 1)).toThrow('instrument 5 is unknown');
    expect(() => controls.setLimit(1, 0, 'max_position', -1)).toThrow('max_position is -1');
    expect(() => controls.setLimit(1, 0, 'max_position', 2 ** 51)).toThrow('max_position');
    expect(() => controls.setLimit(1, 0, 'order_burst', Number.NaN)).toThrow('order_burst is NaN');
    for (const key of ['order_burst', 'price_collar_percent', 'fee_percent'] as const) {
      expect(() => controls.setLimit(1, 0, key, Number.POSITIVE_INFINITY)).toThrow(`${key} is Infinity`);
    }
    expect(() => controls.engageKillSwitch({ account: 1, instrument: 1 })).toThrow('combination');
    expect(() => controls.engageKillSwitch({ instrument: 2 })).toThrow('instrument 2');
    expect(() => new RiskControls(new SharedArrayBuffer(256), WIDE_TERMS, instruments)).toThrow(
      'allowed: 256',
    );
    const twice = { ...WIDE_TERMS, accounts: [1, 1].map((id) => ({ id, name: 'x' })) };
    expect(() => new RiskControls(new SharedArrayBuffer(4096), twice, instruments)).toThrow('id 1');
  });

  it.each([
    ['max_order_quantity', '10', '1', '0.001', 10_000],
    ['max_order_quantity', '0.0019', '1', '0.001', 1],
    ['max_order_notional', '1000000', '0.01', '0.0001', 1e12],
    ['max_order_notional', '1', '0.5', '3', 0],
    ['max_order_notional', '0.99999999', '0.1', '0.1', 99],
    ['max_position', '99999999999999999999', '1', '1', 2 ** 50 - 1],
    // Above 2^53: the largest double not above the limit, 9007199254740993 and 2^60 - 1.
    ['max_order_notional', '9007199254740993', '1', '1', 9007199254740992],
    ['max_order_notional', '1152921504606846975', '1', '1', 2 ** 60 - 128],
  ] as const)('%s %s at tick %s and lot %s is %d', (key, text, tick, lot, value) => {
    expect(limitValue(key, text, steps(tick, lot))).toBe(value);
  });
});
