// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax under test
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { accountLimits } from '../../src/config/accounts.js';
import { LEAF_PATHS } from '../../src/config/keys.js';
import { variableName } from '../../src/config/overrides.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { load, loadText, problemsOf, withFile } from './support.js';

// dist/test/config -> the checkout.
const EXAMPLE = fileURLToPath(new URL('../../../millrace.example.yaml', import.meta.url));

describe('defaults', () => {
  const { config, source, warnings } = load();

  test('are valid and come from nowhere', () => {
    expect(source).toEqual({});
    expect(warnings).toEqual([]);
    expect(config.profile).toBe('dev');
    expect(config.instruments.map((one) => one.symbol)).toEqual(['BTC-USD', 'ETH-USD', 'SOL-USD']);
    expect(config.strategies.map((one) => one.kind)).toEqual(['market-maker', 'taker', 'noise']);
    expect(config.strategies[0].instruments).toEqual(['BTC-USD', 'ETH-USD', 'SOL-USD']);
  });

  test('are frozen to the bottom, and survive structuredClone', () => {
    expect(() => Object.assign(config.gateway, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.risk.accounts[0], { id: 9 })).toThrow(TypeError);
    expect(() => Object.assign(config.strategies[0].parameters, { levels: 9 })).toThrow(TypeError);
    expect(structuredClone(config)).toEqual(config);
  });

  test('are not shared between loads', () => {
    expect(load().config).toEqual(config);
    expect(load().config.instruments).not.toBe(config.instruments);
  });

  test('of the simulated market go with it', () => {
    expect(load({ flags: ['--simulation.enabled=false'] }).config.strategies).toEqual([]);
  });
});

describe('the example file', () => {
  const text = readFileSync(EXAMPLE, 'utf8');

  test('is valid and states the defaults', () => {
    const { config, warnings } = load({ file: EXAMPLE });
    expect(config).toEqual(load().config);
    expect(warnings).toEqual([]);
  });

  test('names every key', () => {
    const { source } = load({ file: EXAMPLE });
    // Groups whose keys are the user's own are there, but empty.
    const own = ['risk.currencies', 'risk.instruments'];
    const leaves = LEAF_PATHS.map((path) => path.join('.')).filter((key) => !own.includes(key));
    expect(Object.keys(source).sort()).toEqual(leaves.sort());
    // Within lists, every key of an instrument; accounts and strategies are free to leave keys out.
    const [instrument] = parse(text).instruments;
    expect(Object.keys(instrument).sort()).toEqual(Object.keys(load().config.instruments[0]).sort());
  });

  test('has settings to try that are valid, too', () => {
    const settings = text.split('\n').filter((line) => /^#(\S| {2})/.test(line));
    const { source, warnings } = loadText('tried.yaml', settings.map((line) => line.slice(1)).join('\n'));
    expect(Object.keys(source).sort()).toEqual([
      'drills',
      'housekeeping_cores',
      'instruments',
      'risk.accounts',
      'risk.breaker_percent',
      'risk.currencies.BTC.max_currency_position',
      'risk.currencies.USD.max_currency_notional',
      'risk.currencies.USD.max_order_value',
      'risk.fat_finger_last_percent',
      'risk.instruments.BTC-USD.breaker_percent',
      'risk.instruments.BTC-USD.initial_margin_percent',
      'risk.instruments.BTC-USD.maintenance_margin_percent',
      'sessions',
      'strategies',
      'threads',
      'venues',
    ]);
    expect(warnings).toEqual(['drills: publisher will fail on purpose (throw) 5000 ms after start']);
  });
});

const SAME: Record<string, string> = {
  'same.yaml': `
profile: hft
seed: 7
housekeeping_cores: [0, 1]
gateway: { port: 9000, enabled: true, host: 0.0.0.0 }
simulation: { rate: 12.5 }
risk: { max_order_quantity: 2.50, kill_switch: false }
threads: null
venues:
  - { name: binance-spot, symbols: [BTCUSDT] }
instruments:
  - { symbol: BTCUSDT, venue: binance-spot, tick_size: 0.01, lot_size: 1, base_currency: BTC, quote_currency: USDT, reference_price: 60000 }
`,
  'same.json': `{
  "profile": "hft", "seed": 7, "housekeeping_cores": [0, 1],
	"gateway": { "port": 9000, "enabled": true, "host": "0.0.0.0" },
  "simulation": { "rate": 12.5 },
  "risk": { "max_order_quantity": 2.5, "kill_switch": false },
  "threads": null,
  "venues": [{ "name": "binance-spot", "symbols": ["BTCUSDT"] }],
  "instruments": [{ "symbol": "BTCUSDT", "venue": "binance-spot", "tick_size": "0.010", "lot_size": 1, "base_currency": "BTC",
    "quote_currency": "USDT", "reference_price": "60000" }]
}`,
  'same.toml': `
profile = "hft"
seed = 7
housekeeping_cores = [0, 1]
[gateway]
port = 9_000
enabled = true
host = "0.0.0.0"
[simulation]
rate = 12.5
[risk]
max_order_quantity = 2.5
kill_switch = false
[[venues]]
name = "binance-spot"
symbols = ["BTCUSDT"]
[[instruments]]
symbol = "BTCUSDT"
venue = "binance-spot"
tick_size = 0.01
lot_size = 1
base_currency = "BTC"
quote_currency = "USDT"
reference_price = 60000
`,
  'same.ini': `
; a comment
profile = hft
seed = 7
housekeeping_cores[] = 0
housekeeping_cores[] = 1
threads = null
venues = [{"name": "binance-spot", "symbols": ["BTCUSDT"]}]
instruments = [{"symbol":"BTCUSDT","venue":"binance-spot","tick_size":"0.01","lot_size":"1","base_currency":"BTC","quote_currency":"USDT","reference_price":60000}]
[gateway]
port = 9000
enabled = true
host = 0.0.0.0
[simulation]
rate = 12.5
[risk]
max_order_quantity = 2.50
kill_switch = false
`,
};

describe('formats', () => {
  const expected = loadText('same.yaml', SAME['same.yaml']);

  test.each(Object.keys(SAME))('%s', (name) => {
    const { config, warnings } = loadText(name, SAME[name]);
    expect(config).toEqual(expected.config);
    expect(warnings).toEqual(expected.warnings);
    expect(config.gateway.port).toBe(9000);
    expect(config.risk.max_order_quantity).toBe('2.5');
    expect(config.venues[0].rest_url).toBe('https://api.binance.com');
  });

  test('.yml, upper case and a byte order mark are fine', () => {
    expect(loadText('A.YML', '\uFEFFseed: 3').config.seed).toBe(3);
  });

  test('an empty file and empty groups mean the defaults', () => {
    expect(loadText('empty.yaml', '').config).toEqual(load().config);
    expect(loadText('empty.yaml', 'gateway:\nlog:\n').config).toEqual(load().config);
  });
});

describe('precedence', () => {
  const env = { MILLRACE_GATEWAY_PORT: '2', MILLRACE_SEED: '2', OTHER: 'x', MILLRACE_CAPTURES: '/c' };

  test('flag over environment over file over default', () => {
    const { config, source } = loadText('p.yaml', 'gateway: {port: 1}\nseed: 1\nprofile: bench', {
      env,
      flags: ['--gateway.port=3', '--log.level=debug'],
    });
    expect([config.gateway.port, config.seed, config.profile, config.log.level]).toEqual([
      3,
      2,
      'bench',
      'debug',
    ]);
    expect(source['gateway.port']).toBe('flag --gateway.port');
    expect(source.seed).toBe('environment MILLRACE_SEED');
    expect(source.profile).toMatch(/p\.yaml$/);
    expect(source['log.dir']).toBeUndefined();
  });

  test('lists come as JSON, or as words with commas; the last of two flags counts', () => {
    const { config } = load({
      env: {
        MILLRACE_VENUES: '[{"name":"binance-usdm","symbols":["BTCUSDT"]}]',
        MILLRACE_INSTRUMENTS:
          '[{"symbol":"BTCUSDT","venue":"binance-usdm","tick_size":"0.1","lot_size":"0.001","base_currency":"BTC","quote_currency":"USDT","reference_price":"60000"}]',
        MILLRACE_THREADS: 'null',
        MILLRACE_HOUSEKEEPING_CORES: '0, 3',
      },
      flags: ['--seed=1', '--seed=5', '--drills=[]'],
    });
    expect(config.venues[0].symbols).toEqual(['BTCUSDT']);
    expect(config.housekeeping_cores).toEqual([0, 3]);
    expect(config.seed).toBe(5);
  });

  test('MILLRACE_CONFIG names the file unless one is given', () => {
    withFile('a.yaml', 'seed: 11', (file) => {
      expect(load({ env: { MILLRACE_CONFIG: file } }).config.seed).toBe(11);
      withFile('b.yaml', 'seed: 12', (other) => {
        expect(load({ file: other, env: { MILLRACE_CONFIG: file } }).config.seed).toBe(12);
      });
    });
  });

  test('no file is picked up from the working directory', () => {
    withFile('millrace.yaml', 'seed: 13', (file) => {
      const before = process.cwd();
      process.chdir(file.slice(0, -'/millrace.yaml'.length));
      try {
        expect(load().config.seed).toBe(1);
      } finally {
        process.chdir(before);
      }
    });
  });

  test('every key has its own variable', () => {
    const names = LEAF_PATHS.map(variableName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('MILLRACE_PUBLISHER_HIGH_WATER_MARK');
  });
});

describe('substitution', () => {
  const env = { PORT: '81', EMPTY: '', NAME: '${PORT}', CORES: '[4,5]' };

  test('replaces variables and defaults, once', () => {
    const { config } = loadText(
      's.yaml',
      'gateway: {port: "${PORT}", host: "${HOST:-127.0.0.2}"}\n' +
        'log: {dir: "a/${EMPTY:-b}/${NAME}/$${PORT}/${EMPTY}"}\nhousekeeping_cores: ${CORES}',
      { env },
    );
    expect(config.gateway.port).toBe(81);
    expect(config.gateway.host).toBe('127.0.0.2');
    expect(config.log.dir).toBe('a/b/${PORT}/${PORT}/');
    expect(config.housekeeping_cores).toEqual([4, 5]);
  });

  test('an undefined variable is an error that names key and variable', () => {
    const [problem, ...others] = problemsOf(() => loadText('s.yaml', 'gateway: {port: "${NOWHERE}"}'));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ key: 'gateway.port', value: '${NOWHERE}' });
    expect(problem.allowed).toContain('environment variable NOWHERE');
  });

  test.each(['${', '${1X}', '${A-B}', '${}', 'x${A'])('%s is malformed', (text) => {
    const [problem] = problemsOf(() => loadText('s.yaml', `log: {dir: "${text}"}`));
    expect(problem).toMatchObject({ key: 'log.dir', value: text });
    expect(problem.allowed).toContain('${VARIABLE:-default}');
  });

  test('names inherited by the environment object are not variables', () => {
    const [problem] = problemsOf(() => loadText('s.yaml', 'log: {dir: "${constructor}"}'));
    expect(problem.allowed).toContain('environment variable constructor');
  });
});

describe('instruments', () => {
  test('that are accepted make a table', () => {
    const table = new InstrumentTable(load().config.instruments);
    expect(table.all.map((one) => one.referenceTicks)).toEqual([6_000_000, 300_000, 150_000]);
    expect(table.all.map((one) => one.minimumLots)).toEqual([1, 1, 1]);
  });
});

describe('account limits', () => {
  test('are the shared ones, but for what the account has itself', () => {
    const { risk } = loadText(
      'a.yaml',
      'risk: {accounts: [{id: 1, name: a, max_open_orders: 5}, {id: 2, name: b}, {id: 3, name: c}, {id: 4, name: d}]}',
    ).config;
    expect(accountLimits(risk, risk.accounts[0])).toEqual({
      ...accountLimits(risk, risk.accounts[1]),
      max_open_orders: 5,
    });
    expect(accountLimits(risk, risk.accounts[1]).max_open_orders).toBe(10_000);
    expect(Object.keys(accountLimits(risk, risk.accounts[1])).sort()).toEqual(
      Object.keys(risk)
        .filter(
          (key) => !['accounts', 'day_starts_at', 'kill_switch', 'instruments', 'currencies'].includes(key),
        )
        .filter((key) => !key.includes('breaker'))
        .sort(),
    );
  });
});
