import { describe, expect, test } from 'vitest';
import { loadText, yamlProblems } from './support.js';

/** YAML; key; value; what the text about allowed values has to contain. */
const WRONG: [string, string, unknown, string][] = [
  ['{mode: free}', 'risk.mode', 'free', 'none, cash, margin'],
  ['{breaker_window_s: 0}', 'risk.breaker_window_s', 0, 'from 0.001 to 1000000 (seconds)'],
  ['{fat_finger_last_percent: -1}', 'risk.fat_finger_last_percent', -1, 'null: off'],
  [
    '{currencies: {EUR: {max_drawdown: 5}}}',
    'risk.currencies.EUR',
    { max_drawdown: '5' },
    'USD, BTC, ETH, SOL',
  ],
  ['{currencies: {USD: {opening_balance: -2}}}', 'risk.currencies.USD.opening_balance', -2, 'from zero'],
  ['{currencies: {USD: {max_drawdwn: 5}}}', 'risk.currencies.USD.max_drawdwn', 5, 'the keys opening_balance'],
  ['{instruments: {X: {trading: open}}}', 'risk.instruments.X', { trading: 'open' }, 'BTC-USD, ETH-USD'],
  ['{instruments: {BTC-USD: {trading: shut}}}', 'risk.instruments.BTC-USD.trading', 'shut', 'close_only'],
];

describe('the section risk', () => {
  test.each(WRONG)('%s', (yaml, key, value, allowed) => {
    const [problem, ...others] = yamlProblems(`risk: ${yaml}`);
    expect(others).toEqual([]);
    expect(problem.key).toBe(key);
    if (typeof value !== 'object') expect(problem.value).toEqual(value);
    expect(problem.allowed).toContain(allowed);
  });

  test('takes what accounts, instruments and currencies have of their own', () => {
    const { risk } = loadText(
      'a.yaml',
      `risk:
  mode: margin
  instruments: {BTC-USD: {initial_margin_percent: 10, breaker_percent: 5}}
  currencies: {USD: {opening_balance: 0, max_daily_loss: 1e3, max_drawdown: null}}
  accounts:
    - {id: 1, name: a, state: halted, instruments: {ETH-USD: {trading: restricted}}}
    - {id: 2, name: b, currencies: {BTC: {max_currency_position: "0.5"}}}
    - {id: 3, name: c}
    - {id: 4, name: d}`,
    ).config;
    expect(risk.instruments['BTC-USD']).toEqual({ initial_margin_percent: 10, breaker_percent: 5 });
    expect(risk.currencies.USD).toEqual({ opening_balance: '0', max_daily_loss: '1000', max_drawdown: null });
    expect(risk.accounts[0].state).toBe('halted');
    expect(risk.accounts[1].currencies?.BTC).toEqual({ max_currency_position: '0.5' });
  });
});
