// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax under test
import { describe, expect, test } from 'vitest';
import { load, loadText, problemsOf, yamlProblems } from './support.js';

const INSTRUMENT = 'symbol: A, tick_size: 0.01, lot_size: 1, base_currency: A, quote_currency: USD';
/** Instruments A and B of Binance's spot market. */
const SPOT = ['A', 'B']
  .map(
    (one) =>
      `{${INSTRUMENT.replace('symbol: A', `symbol: ${one}`)}, reference_price: 1, venue: binance-spot}`,
  )
  .join(', ');
const ACCOUNTS = '{id: 1, name: a}, {id: 2, name: b}, {id: 3, name: c}, {id: 4, name: d}';

/** YAML; key; value; what the text about allowed values has to contain. */
const WRONG: [string, string, unknown, string][] = [
  ['profile: fast', 'profile', 'fast', 'dev, hft, bench'],
  ['seed: -1', 'seed', -1, 'from 0 to 4294967295'],
  ['seed: 4294967296', 'seed', 4294967296, 'from 0 to 4294967295'],
  ['seed: 1.5', 'seed', 1.5, 'an integer'],
  ['seed: .nan', 'seed', Number.NaN, 'an integer'],
  ['gateway: 5', 'gateway', 5, 'the keys enabled, host'],
  ['gateway: {port: eighty}', 'gateway.port', 'eighty', 'from 0 to 65535'],
  ['gateway: {port: null}', 'gateway.port', null, 'from 0 to 65535'],
  ['gateway: {enabled: yes}', 'gateway.enabled', 'yes', 'true or false'],
  ['gateway: {host: "1.2.3"}', 'gateway.host', '1.2.3', 'an IP address or a host name'],
  ['gateway: {idle_timeout_s: 5}', 'gateway.idle_timeout_s', 5, 'from 8 to 960 (seconds)'],
  ['gateway: {account: 9}', 'gateway.account', 9, '1, 2, 3, 4'],
  ['gateway: {prot: 9}', 'gateway.prot', 9, 'did you mean "port"?'],
  ['gatway: {port: 9}', 'gatway', { port: 9 }, 'did you mean "gateway"?'],
  ['port: 9', 'port', 9, 'did you mean "gateway.port"?'],
  ['publisher: {trades: "inproc://x"}', 'publisher.trades', 'inproc://x', 'tcp://HOST:PORT'],
  ['publisher: {trades: "tcp://127.0.0.1"}', 'publisher.trades', 'tcp://127.0.0.1', 'tcp://HOST:PORT'],
  [
    'publisher: {books: "tcp://127.0.0.1:8080"}',
    'publisher.books',
    'tcp://127.0.0.1:8080',
    'gateway.port does not use',
  ],
  [
    'publisher: {binary: "tcp://*:6003"}',
    'publisher.binary',
    'tcp://*:6003',
    'publisher.positions does not use',
  ],
  [
    'publisher: {trades: "ipc:///a", books: "ipc:///a"}',
    'publisher.books',
    'ipc:///a',
    'publisher.trades does not use',
  ],
  ['journal: {durability: fsync}', 'journal.durability', 'fsync', 'not implemented yet'],
  ['journal: {dir: ""}', 'journal.dir', '', 'the path of a directory'],
  ['log: {level: loud}', 'log.level', 'loud', 'trace, debug, info'],
  ['rings: {events: 100000}', 'rings.events', 100000, 'a power of two from 65536'],
  ['rings: {events: 1024}', 'rings.events', 1024, 'a power of two from 65536'],
  ['instruments: []', 'instruments', [], 'one or more instruments'],
  [`instruments: [{${INSTRUMENT}}]`, 'instruments[0].reference_price', undefined, 'a decimal above zero'],
  [`instruments: [{${INSTRUMENT}, reference_price: -1}]`, 'instruments[0].reference_price', -1, 'above zero'],
  [`instruments: [{${INSTRUMENT}, reference_price: 0}]`, 'instruments[0].reference_price', 0, 'above zero'],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1.005}]`,
    'instruments[0].reference_price',
    1.005,
    'multiple of tick_size (0.01)',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, min_quantity: 5, max_quantity: 4}]`,
    'instruments[0].max_quantity',
    4,
    'at least min_quantity (5)',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, initial_phase: lunch}]`,
    'instruments[0].initial_phase',
    'lunch',
    'pre-open, opening-auction, continuous',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, static_band_percent: 0.125}]`,
    'instruments[0].static_band_percent',
    0.125,
    'at most 2 decimals (percent of the reference price',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, taker_fee_bps: 0.00001}]`,
    'instruments[0].taker_fee_bps',
    0.00001,
    'at most 4 decimals (hundredths of a percent',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, band_action: closed}]`,
    'instruments[0].band_action',
    'closed',
    'one of volatility-auction, halt',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, venue: binance-spot, maker_fee_bps: 1}]`,
    'instruments[0].maker_fee_bps',
    1,
    '0, because venue binance-spot is not matched here',
  ],
  [
    'risk: {accounts: [{id: 1, name: a, self_trade_group: ""}]}',
    'risk.accounts[0].self_trade_group',
    '',
    'a name',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, max_quantity: 4.5}]`,
    'instruments[0].max_quantity',
    4.5,
    'multiple of lot_size (1)',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: "90071992547409.93"}]`,
    'instruments[0].reference_price',
    '90071992547409.93',
    '2^53',
  ],
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1}, {${INSTRUMENT}, reference_price: 1}]`,
    'instruments[1].symbol',
    'A',
    'instruments[0]',
  ],
  [
    'instruments: [{symbol: A, tick_size: 1e-19, lot_size: 1, base_currency: A, quote_currency: A, reference_price: 1}]',
    'instruments[0].tick_size',
    1e-19,
    'at most 18 decimals',
  ],
  [
    `instruments: [{symbol: A, tick_size: 1000, lot_size: 1, base_currency: A, quote_currency: A, reference_price: "9007199254740991000"}]`,
    'instruments[0].reference_price',
    '9007199254740991000',
    '2^53 - 1 times',
  ],
  ['venues: [{name: nyse, symbols: [A]}]', 'venues[0].name', 'nyse', 'binance-spot, binance-usdm'],
  ['venues: [{name: binance-spot, symbols: []}]', 'venues[0].symbols', [], 'one or more symbols'],
  [
    `instruments: [${SPOT}]\nvenues: [{name: binance-spot, symbols: [A, B, A]}]`,
    'venues[0].symbols[2]',
    'A',
    'not listed before',
  ],
  [
    'venues: [{name: binance-spot, symbols: [BTC-USD]}]',
    'venues[0].symbols[0]',
    'BTC-USD',
    "the venue's spelling",
  ],
  ['venues: [{name: binance-spot, symbols: [A]}]', 'venues[0].symbols[0]', 'A', 'there is none'],
  [
    `instruments: [${SPOT}]\nvenues: [{name: binance-spot, symbols: [B, C]}]`,
    'venues[0].symbols[1]',
    'C',
    'the symbol of an instrument with venue binance-spot: A, B',
  ],
  [
    `instruments: [${SPOT}]\nvenues: [{name: binance-usdm, symbols: [A]}]`,
    'venues[0].symbols[0]',
    'A',
    'binance-usdm: there is none',
  ],
  [
    `instruments: [${SPOT}]\nvenues: [{name: binance-spot, symbols: [A], stale_after_ms: 5}]`,
    'venues[0].stale_after_ms',
    5,
    'from 100 to 3600000 (milliseconds)',
  ],
  [
    'venues: [{name: binance-spot, symbols: [A], rest_url: "ftp://a"}]',
    'venues[0].rest_url',
    'ftp://a',
    'https:// or http://',
  ],
  [
    `instruments: [${SPOT}]\nvenues: [{name: binance-spot, symbols: [A]}, {name: binance-spot, symbols: [B]}]`,
    'venues[1].name',
    'binance-spot',
    'venues[0]',
  ],
  [
    'risk: {max_position: 1234567890.12345678}',
    'risk.max_position',
    Number('1234567890.12345678'),
    'in quotes when over 15 digits',
  ],
  ['risk: {max_order_notional: lots}', 'risk.max_order_notional', 'lots', 'quote currency'],
  ['risk: {price_collar_percent: 0}', 'risk.price_collar_percent', 0, 'from 0.01 to 1000'],
  [`risk: {accounts: [${ACCOUNTS}, {id: 2, name: e}]}`, 'risk.accounts[4].id', 2, 'risk.accounts[1]'],
  [`risk: {accounts: [${ACCOUNTS}, {id: 0, name: e}]}`, 'risk.accounts[4].id', 0, 'from 1 to 65535'],
  [
    `risk: {accounts: [${ACCOUNTS}, {id: 5, name: e, max_orders: 1}]}`,
    'risk.accounts[4].max_orders',
    1,
    'did you mean "max_open_orders"?',
  ],
  [
    'risk: {accounts: [{id: 1, name: a}, {id: 3, name: c}, {id: 4, name: d}]}',
    'strategies[0].account',
    2,
    '1, 3, 4',
  ],
  [
    'strategies: [{name: a, kind: magic, account: 1}]',
    'strategies[0].kind',
    'magic',
    'market-maker, taker, noise',
  ],
  [
    'strategies: [{name: a, kind: taker, account: 1, instruments: [X]}]',
    'strategies[0].instruments[0]',
    'X',
    'BTC-USD',
  ],
  [
    'strategies: [{name: a, kind: taker, account: 1, parameters: {flow_share: 2}}]',
    'strategies[0].parameters.flow_share',
    2,
    'from 0 to 1',
  ],
  [
    'strategies: [{name: a, kind: noise, account: 1, watch: [DOGE-USD]}]',
    'strategies[0].watch[0]',
    'DOGE-USD',
    'a symbol of instruments: BTC-USD, ETH-USD, SOL-USD',
  ],
  [
    'strategies: [{name: a, kind: noise, account: 1, parameters: {cancel_ratio: 0.95}}]',
    'strategies[0].parameters.market_ratio',
    0.06,
    'at most 1 together',
  ],
  [
    'strategies: [{name: a, kind: taker, account: 1}, {name: a, kind: taker, account: 1}]',
    'strategies[1].name',
    'a',
    'strategies[0]',
  ],
  ['simulation: {rate: 0}', 'simulation.rate', 0, 'orders per second'],
  ['threads: []', 'threads', [], 'a list of threads'],
  [
    'threads: [{name: a, agents: [risk, matching, market-data]}]',
    'threads',
    expect.anything(),
    'not placed: strategies, gateway, publisher',
  ],
  ['matching: {shards: 5}', 'matching.shards', 5, 'from 1 to 4'],
  [
    'matching: {shards: 2}\nthreads: [{name: a, agents: [risk, matching, market-data, strategies, gateway, publisher]}]',
    'threads',
    expect.anything(),
    'not placed: matching-2',
  ],
  ['threads: [{name: a, agents: [risk, matchnig]}]', 'threads[0].agents[1]', 'matchnig', 'matching'],
  ['threads: [{name: a, agents: [risk], priority: 100}]', 'threads[0].priority', 100, 'from 1 to 99'],
  ['housekeeping_cores: [x]', 'housekeeping_cores[0]', 'x', 'a core number'],
  [
    'drills: [{agent: risk, action: explode, after_ms: 1}]',
    'drills[0].action',
    'explode',
    'throw, stall, exit',
  ],
];

describe('a wrong value', () => {
  test.each(WRONG)('%s', (yaml, key, value, allowed) => {
    const problems = yamlProblems(yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ key, value });
    expect(problems[0].allowed).toContain(allowed);
    expect(problems[0].source).toMatch(/test\.yaml$|^default$/);
  });

  test('in a thread layout: agents twice, names twice, two spinning on a core', () => {
    const threads =
      'threads: [{name: a, agents: [risk, matching, market-data, strategies], core: 1, idle: spin},' +
      ' {name: a, agents: [gateway, risk], core: 1, idle: spin}, {name: c, agents: [publisher]}]';
    expect(yamlProblems(threads).map((one) => one.key)).toEqual([
      'threads[1].name',
      'threads[1].core',
      'threads[1].agents[1]',
    ]);
  });

  test('is named with the variable or flag that it came from', () => {
    const problems = problemsOf(() =>
      load({ env: { MILLRACE_GATEWAY_PORT: 'x' }, flags: ['--log.level=y'] }),
    );
    expect(problems.map(({ key, value, source }) => [key, value, source])).toEqual([
      ['gateway.port', 'x', 'environment MILLRACE_GATEWAY_PORT'],
      ['log.level', 'y', 'flag --log.level'],
    ]);
  });

  test('does not hide others: all are reported at once, with rules over several keys', () => {
    const problems = yamlProblems(
      'seed: x\nlog: {level: 1, dir: "${NO}"}\npublisher: {trades: "tcp://127.0.0.1:8080"}\nfoo: 1',
      { env: { MILLRACE_LOGLEVEL: '1' }, flags: ['--seeds=1'] },
    );
    expect(problems.map((one) => one.key).sort()).toEqual(
      ['--seeds', 'MILLRACE_LOGLEVEL', 'foo', 'log.dir', 'log.level', 'publisher.trades', 'seed'].sort(),
    );
  });
});

describe('unknown variables and flags', () => {
  test.each([
    [{ MILLRACE_GATEWY_PORT: '1' }, [], 'did you mean MILLRACE_GATEWAY_PORT?'],
    [{ MILLRACE_PORT: '1' }, [], 'did you mean MILLRACE_GATEWAY_PORT?'],
    [{ MILLRACE_CAPTURE: '1' }, [], 'did you mean MILLRACE_CAPTURES?'],
    [{ MILLRACE_: '1' }, [], 'MILLRACE_SECTION_KEY'],
    [{}, ['--gateway.prt=1'], 'did you mean --gateway.port?'],
    [{}, ['--port=1'], 'did you mean --gateway.port?'],
    [{}, ['--risk.max-open-orders=1'], 'did you mean --risk.max_open_orders?'],
    [{}, ['--seed'], '--seed=VALUE'],
    [{}, ['seed=1'], '--section.key=value'],
    [{}, [''], '--section.key=value'],
  ])('%j %j', (env, flags, allowed) => {
    const [problem, ...others] = problemsOf(() => load({ env, flags }));
    expect(others).toEqual([]);
    expect(problem.key).toBe((Object.keys(env)[0] ?? flags[0]?.split('=')[0]) || '(empty flag)');
    expect(problem.allowed).toContain(allowed);
  });
});

describe('warnings', () => {
  test.each([
    ['gateway: {host: 0.0.0.0}', 'gateway.host = 0.0.0.0: reachable from other machines'],
    ['publisher: {books: "tcp://*:5557"}', 'publisher.books = *: reachable'],
    ['risk: {kill_switch: true}', 'risk.kill_switch'],
  ])('%s', (yaml, warning) => {
    const { warnings } = loadText('w.yaml', yaml);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(warning);
  });

  test.each([
    'gateway: {host: localhost}',
    'gateway: {host: "::1", port: 0}',
    'publisher: {books: "ipc:///tmp/b"}',
  ])('none for %s', (yaml) => expect(loadText('w.yaml', yaml).warnings).toEqual([]));

  test('none for what is switched off', () => {
    const yaml = 'gateway: {enabled: false, host: 0.0.0.0, port: 5556, account: 77}';
    expect(loadText('w.yaml', yaml).warnings).toEqual([]);
  });
});
