// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax under test
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDecimal } from '../../src/config/decimal.js';
import { endpointsClash, isLoopback, parseEndpoint } from '../../src/config/endpoints.js';
import { ConfigError } from '../../src/config/errors.js';
import { knownKeys, LEAF_PATHS, nearest } from '../../src/config/keys.js';
import { AGENTS } from '../../src/config/names.js';
import { FORMATS, parseText } from '../../src/config/parse.js';
import { configSchema } from '../../src/config/schema.js';
import { AGENT_NAMES } from '../../src/telemetry/registry.js';
import { load, loadText } from './support.js';

const SEED = Number(process.env.MILLRACE_SEED ?? Date.now() % 4_294_967_296) >>> 0;
const RUNS = { seed: SEED, numRuns: 300 };

describe('decimals', () => {
  test.each([
    ['0.010', '0.01'],
    ['007', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['1.25e-8', '0.0000000125'],
    ['12.5e1', '125'],
    ['0.00', '0'],
    ['+1', '1'],
    [1e-8, '0.00000001'],
    [1e21, '1000000000000000000000'],
    [0.1, '0.1'],
  ])('%s is %s', (given, canonical) => expect(canonicalDecimal(given)).toBe(canonical));

  test.each([
    '',
    '.',
    '-1',
    '1,5',
    '1e',
    '0x10',
    '1e99',
    '1'.repeat(31),
    Number.NaN,
    Infinity,
    -1,
    0.1 + 0.2,
    null,
    {},
  ])('%s is none', (given) => expect(canonicalDecimal(given)).toBeUndefined());

  test('keep their value, and do not change a second time', () => {
    const part = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(part, part, fc.integer({ min: -9, max: 9 }), (whole, fraction, exponent) => {
        const canonical = canonicalDecimal(`${whole}.${fraction}e${exponent}`) as string;
        expect(canonicalDecimal(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
        // The same by integers: shift everything by 30 places.
        const places = String(fraction).length;
        const exact = (whole * 10n ** BigInt(places) + fraction) * 10n ** BigInt(30 - places + exponent);
        const [before, after = ''] = canonical.split('.');
        expect(BigInt(before + after.padEnd(30, '0'))).toBe(exact);
      }),
      RUNS,
    );
  });
});

describe('endpoints', () => {
  test.each([
    ['tcp://127.0.0.1:5556', { kind: 'tcp', host: '127.0.0.1', port: 5556 }],
    ['tcp://*:*', { kind: 'tcp', host: '*', port: 0 }],
    ['tcp://[::1]:1', { kind: 'tcp', host: '::1', port: 1 }],
    ['tcp://eth0:0', { kind: 'tcp', host: 'eth0', port: 0 }],
    ['ipc:///tmp/a b', { kind: 'ipc', path: '/tmp/a b' }],
  ])('%s', (text, endpoint) => expect(parseEndpoint(text)).toEqual(endpoint));

  test.each([
    'tcp://127.0.0.1',
    'tcp://127.0.0.1:65536',
    'tcp://:1',
    'tcp://[1.2.3.4]:1',
    'tcp://::1:1',
    'tcp://300.1.1.1:1',
    'tcp://a/b:1',
    'udp://1.1.1.1:1',
    'inproc://a',
    'ipc://',
    'ipc://*',
    `ipc://${'x'.repeat(108)}`,
    '',
  ])('%s is none', (text) => expect(parseEndpoint(text)).toBeUndefined());

  test('clash on the same port of the same or of any address', () => {
    const clash = (a: string, b: string) => {
      const [left, right] = [parseEndpoint(a), parseEndpoint(b)];
      return left !== undefined && right !== undefined && endpointsClash(left, right);
    };
    expect(clash('tcp://127.0.0.1:1', 'tcp://localhost:1')).toBe(true);
    expect(clash('tcp://127.0.0.1:1', 'tcp://0.0.0.0:1')).toBe(true);
    expect(clash('tcp://127.0.0.1:1', 'tcp://127.0.0.2:1')).toBe(false);
    expect(clash('tcp://127.0.0.1:1', 'tcp://127.0.0.1:2')).toBe(false);
    expect(clash('tcp://*:0', 'tcp://*:0')).toBe(false);
    expect(clash('ipc://a', 'tcp://a:1')).toBe(false);
    expect(['127.9.9.9', '::1', 'localhost', '10.0.0.1', '::', '127.evil.com'].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('key names', () => {
  test('are those of the schema', () => {
    const leaves = LEAF_PATHS.map((path) => path.join('.'));
    expect(leaves).toContain('gateway.port');
    expect(leaves).toContain('risk.accounts');
    expect(knownKeys([])).toEqual(
      Object.keys(configSchema.parse({})).sort((a, b) => knownKeys([]).indexOf(a) - knownKeys([]).indexOf(b)),
    );
    expect(knownKeys(['threads', 0])).toEqual(['name', 'agents', 'core', 'idle', 'priority']);
    expect(knownKeys(['strategies', 3, 'parameters'])).toContain('spread_bps');
    expect(knownKeys(['gateway', 'port', 'x'])).toEqual([]);
  });

  test('of agents are those that the system runs', () => {
    // The supervisor has counters, but no place in a thread layout.
    const placeable = AGENT_NAMES.filter((agent) => agent !== 'supervisor');
    expect([...AGENTS].sort()).toEqual([...placeable].sort());
  });

  test('are suggested when near', () => {
    expect(nearest('prot', ['host', 'port'])).toBe('port');
    expect(nearest('HOST', ['host', 'port'])).toBe('host');
    expect(nearest('zzzzzz', ['host', 'port'])).toBeUndefined();
  });
});

describe(`garbage (seed ${SEED})`, () => {
  const onlyConfigError = (run: () => unknown): void => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      for (const { key, allowed, source } of error.problems) {
        expect(key.length * allowed.length * source.length).toBeGreaterThan(0);
      }
      expect(error.message.split('\n').length).toBeGreaterThan(error.problems.length);
    }
  };
  const keys = fc.oneof(
    fc.constantFrom(
      ...LEAF_PATHS.flat(),
      'id',
      'name',
      'agents',
      'kind',
      '__proto__',
      'constructor',
      'toString',
      '0',
    ),
    fc.string(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        null,
        true,
        -0,
        1e308,
        'true',
        '1',
        '[',
        '{}',
        'null',
        '${',
        '${A}',
        'risk',
        'tcp://*:0',
        'MILLRACE',
      ),
      fc.jsonValue({ maxDepth: 2 }),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(keys, tie('tree')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));

  test('as a tree', () => {
    const sections = fc.constantFrom(...knownKeys([]));
    fc.assert(
      fc.property(fc.array(fc.tuple(sections, tree), { maxLength: 5 }), (entries) => {
        const text = JSON.stringify(Object.fromEntries(entries));
        onlyConfigError(() => loadText('g.json', text, { env: { A: '[1' } }));
      }),
      RUNS,
    );
  });

  test('as text, in every format', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        ': ',
        '= ',
        '\n',
        '"',
        "'",
        '&a ',
        '*a',
        '- ',
        '__proto__',
        'gateway',
        'port',
        '1',
        ',',
        '#',
        '!!',
        '<<',
        '|',
        '\\',
        '[[',
      ),
      fc.string(),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(...Object.values(FORMATS)), (content, format) => {
        expect(parseText(content, format, 'garbage', [])).toBeTypeOf('object');
      }),
      { ...RUNS, numRuns: 2000 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('in variables and flags', () => {
    const names = LEAF_PATHS.map((path) => path.join('.'));
    const value = fc.oneof(
      tree.map((one) => JSON.stringify(one)),
      fc.string(),
    );
    const flag = fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `--${name}=${text}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(flag, fc.string()), { maxLength: 4 }), value, (flags, text) => {
        onlyConfigError(() => load({ flags, env: { MILLRACE_RISK: text, MILLRACE_RISK_ACCOUNTS: text } }));
      }),
      RUNS,
    );
  });
});
