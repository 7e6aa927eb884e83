/** The operator's commands against the real process, as they are given in a shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTRY, MillraceProcess } from '../support/process.js';
import { temporaryDirectory } from '../support/temporary.js';

const folder = temporaryDirectory();
const auditFile = join(folder.path, 'audit.jsonl');
let millrace: MillraceProcess;
beforeAll(async () => {
  const flags = ['--simulation.enabled=false', '--matching.shards=2', `--audit.file=${auditFile}`];
  millrace = await MillraceProcess.start(flags);
});
afterAll(async () => {
  await millrace.stop();
  folder.remove();
});

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...words: string[]): Promise<Result> {
  const child = spawn(process.execPath, [ENTRY, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

/** A command to the process of this test. */
const ask = (...words: string[]): Promise<Result> =>
  run(...words, '--url', millrace.url, '--operator', 'olga');

const order = (fields: object = {}) =>
  millrace.order<{ reason: string | null }>({
    symbol: 'BTC-USD',
    side: 'BUY',
    quantity: '0.02',
    price: '59000',
    order_type: 'LIMIT',
    time_in_force: 'IOC',
    ...fields,
  });

it('limits are shown and changed', async () => {
  const place = ['--account', '1', '--symbol', 'BTC-USD'];
  expect(await ask('limits', 'get', 'max_order_quantity', ...place)).toMatchObject({
    code: 0,
    out: 'account 1 BTC-USD  max_order_quantity  10000\n',
  });
  expect(
    await ask('limits', 'set', 'max_order_quantity', '0.01', ...place, '--reason', 'fat fingers'),
  ).toEqual({
    code: 0,
    out: 'account 1 BTC-USD  max_order_quantity  10000 -> 0.01\n',
    err: '',
  });
  expect((await order()).body.reason).toBe('ORDER_QUANTITY_LIMIT');
  const json = await ask('limits', 'set', 'max_order_quantity', '10000', ...place, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ changes: [{ before: '0.01', after: '10000' }] });
  expect((await order()).status).toBe(200);
  const wrong = await ask('limits', 'set', 'max_order_quantity', 'off', ...place);
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toMatch(/^value: .*max_order_quantity.*allowed: a plain decimal/);
});

it('accounts and kill switches are changed and shown', async () => {
  expect((await ask('account', '3', 'state', 'reducing_only')).out).toBe(
    'account 3: active -> reducing_only\n',
  );
  expect((await order({ account: 3 })).body.reason).toBe('REDUCING_ONLY');
  await order({ time_in_force: 'GTC' });
  await order({ time_in_force: 'GTC', symbol: 'ETH-USD', price: '2900' });
  const engaged = await ask('kill', 'engage', '--account', '1', '--cancel', '--reason', 'test');
  expect(engaged.out).toBe('kill switch of account 1 engaged, 2 orders canceled\n');
  expect((await order()).body.reason).toBe('KILL_SWITCH');
  const shown = (await ask('risk')).out;
  expect(shown).toContain('kill switches: account 1\n');
  expect(shown).toContain('account 3 taker: reducing_only\n');
  expect((await ask('kill', 'release', '--account', '1')).out).toBe('kill switch of account 1 released\n');
  expect((await order()).status).toBe(200);
  expect((await ask('account', '3', 'state', 'active')).code).toBe(0);
  expect((await ask('breaker', 'release')).out).toBe(
    'circuit breaker of all instruments together was not open\n',
  );
});

it('phases are changed', async () => {
  expect(await ask('phase', 'SOL-USD', 'halt', '--reason', 'news')).toEqual({
    code: 0,
    out: 'SOL-USD: HALT\n',
    err: '',
  });
  expect((await order({ symbol: 'SOL-USD', price: '149' })).body.reason).toBe('NOT_IN_THIS_PHASE');
  expect((await ask('phase', 'SOL-USD', 'halt')).err).toBe('refused (422): INVALID_PHASE\n');
  const open = await ask('phase', 'SOL-USD', 'continuous', '--reference', '151', '--json');
  expect(JSON.parse(open.out)).toEqual({ symbol: 'SOL-USD', phase: 'CONTINUOUS', reason: null });
  expect((await order({ symbol: 'SOL-USD', price: '149' })).status).toBe(200);
  expect((await ask('phase', 'SOL-USD', 'open')).err).toMatch(/^phase = open: .*allowed: PRE_OPEN/);
});

describe('a drill', () => {
  it('cancels, is verified, and releases', async () => {
    const done = await ask('drill', '--orders', '60', '--repeat', '3', '--json');
    expect(done.err).toBe('');
    const report = JSON.parse(done.out) as {
      runs: Record<string, number>[];
      percentiles: Record<string, object>;
    };
    expect(report).toMatchObject({ scope: 'account', account: 5, symbol: 'BTC-USD', orders: 60 });
    expect(report.runs).toHaveLength(3);
    for (const { canceled, client_ms, engaged_ms, sequenced_ms, last_order_ms } of report.runs) {
      expect(canceled).toBe(60);
      expect(engaged_ms).toBeGreaterThan(0);
      expect(sequenced_ms).toBeGreaterThanOrEqual(engaged_ms);
      expect(last_order_ms).toBeGreaterThanOrEqual(sequenced_ms);
      expect(client_ms).toBeGreaterThanOrEqual(last_order_ms);
    }
    expect(Object.keys(report.percentiles)).toEqual([
      'client_ms',
      'engaged_ms',
      'sequenced_ms',
      'last_order_ms',
    ]);
    expect((await order({ account: 5 })).status).toBe(200);
  });

  it('does not touch what is not its own, unless it is told to', async () => {
    await order({ account: 2, time_in_force: 'GTC' });
    const refused = await ask('drill', '--account', '2');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('account 2 has open orders');
    expect((await ask('drill', '--account', '2', '--yes', '--orders', '2')).code).toBe(0);
    expect((await run('drill', '--global', '--url', millrace.url)).err).toContain('add --yes');
    expect((await ask('drill', '--account', '77')).err).toContain('--account is 77, allowed: 1, 2');
  });

  it('does not release what somebody has stopped', async () => {
    await ask('kill', 'engage', '--account', '5');
    expect((await ask('drill')).err).toContain('engaged already');
    expect((await order({ account: 5 })).body.reason).toBe('KILL_SWITCH');
    await ask('kill', 'release', '--account', '5');
  });

  it('leaves the switch released when it is interrupted', async () => {
    const words = ['drill', '--url', millrace.url, '--orders', '20', '--repeat', '1000'];
    const child = spawn(process.execPath, [ENTRY, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(err).toBe('interrupted; the kill switch is released\n');
    expect(await millrace.get('/api/orders?status=OPEN&account=5')).toEqual({ orders: [] });
    expect((await order({ account: 5 })).status).toBe(200);
  });

  it('can have a system of its own', async () => {
    const done = await run('drill', '--self', '--orders', '200', '--global');
    expect(done.err).toBe('');
    expect(done.out).toMatch(/kill switch of everything .* 1 drills with 200 orders .* released\n/);
  });
});

it('all of it is in the audit file', async () => {
  const verified = await run('audit', 'verify', auditFile);
  expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/whole, \d+ records/) });
  const { out } = await run('audit', 'show', auditFile);
  expect(out).toMatch(/olga@\S+ {2}limit .*max_order_quantity.* 10000 -> 0.01 {2}\("fat fingers"\)/);
  expect(out).toMatch(/kill_switch scope=account account=5 .*\("drill 2\/3"\)/);
  expect(out).toMatch(/engaged=true -> engaged=false {2}\("drill 2\/3: 60 orders in [\d.]+ ms"\)/);
  const lines = (await run('audit', 'show', auditFile, '--json', '--last', '2')).out.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { action: 'kill_switch' },
    { action: 'kill_switch' },
  ]);
});

it('a process that is not there is named', async () => {
  expect(await run('risk', '--url', 'http://127.0.0.1:9')).toMatchObject({ code: 1 });
  const missing = await run('kill', 'engage', '--url', millrace.url);
  expect(missing).toMatchObject({
    code: 1,
    err: expect.stringContaining('--global, --account ID or --symbol SYMBOL'),
  });
});
