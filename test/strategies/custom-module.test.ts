import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { buildStrategy } from '../../src/workers/strategy-setup.js';
import { quietConfig, Simulation } from './simulation.js';

const MODULES = join(import.meta.dirname, 'modules');
const EXAMPLE = join(import.meta.dirname, '../../examples/strategies/imbalance-taker.js');

function configWith(module: string, parameters: Record<string, unknown> = {}) {
  const mine = { name: 'mine', kind: 'custom', account: 1, module, parameters };
  return quietConfig(`--strategies=${JSON.stringify([mine])}`);
}

function build(module: string, parameters?: Record<string, unknown>) {
  const config = configWith(module, parameters);
  return buildStrategy(config, config.strategies[0]);
}

describe("a user's strategy module", () => {
  it.each([
    ['missing.js', {}, /strategy mine: module .*missing\.js cannot be loaded: Cannot find module/],
    ['empty.js', {}, /strategy mine: module .*empty\.js exports no function create/],
    ['wrong.js', {}, /strategy mine: module .*wrong\.js creates something without a method onStart/],
    [
      'wrong.js',
      { fault: 'throws' },
      /strategy mine: module .*wrong\.js cannot create the strategy: fault is "throws"/,
    ],
  ])('%s %o is refused by name', async (file, parameters, message) => {
    await expect(build(join(MODULES, file), parameters)).rejects.toThrow(message);
  });

  it('must be named in the configuration', () => {
    const flags = [`--strategies=${JSON.stringify([{ name: 'mine', kind: 'custom', account: 1 }])}`];
    expect(() => loadConfig({ env: {}, flags })).toThrow(/strategies\[0\]\.module/);
  });
});

describe('the example strategy', () => {
  it('trades in the simulated market without being refused or switched off', async () => {
    const list = [
      { name: 'maker', kind: 'market-maker', account: 2 },
      { name: 'taker', kind: 'taker', account: 3 },
      { name: 'noise', kind: 'noise', account: 4 },
      { name: 'mine', kind: 'custom', account: 1, module: EXAMPLE, parameters: { hold_ms: 100, lots: 10 } },
    ];
    const simulation = await Simulation.start(
      quietConfig('--seed=3', `--strategies=${JSON.stringify(list)}`),
    );
    simulation.run(30);
    expect(simulation.counter('strategies', 'disabled')).toBe(0);
    // In and out again, ten times a second at the most, on each of three instruments.
    expect(simulation.orders[3]).toBeGreaterThan(100);
    expect(simulation.orders[3]).toBeLessThan(30 * 10 * 3);
    expect(simulation.counter('strategies', 'rejects_total') / simulation.commands).toBeLessThan(0.01);
    await simulation.stop();
    expect(simulation.counter('matching', 'resting_orders')).toBe(0);
  });

  it.each([
    [{ threshold: 2 }, /threshold is 2, allowed/],
    [{ lots: 0.5 }, /lots is 0\.5, allowed/],
    [{ hold_ms: '1' }, /hold_ms is 1, allowed/],
  ])('says what is wrong with %o', async (parameters, message) => {
    await expect(build(EXAMPLE, parameters)).rejects.toThrow(message);
  });
});
