import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/audit/record.js';
import { verifyAudit } from '../../src/audit/verify.js';
import { RiskControls } from '../../src/risk/controls.js';
import { GatewayRig, until } from '../support/gateway-rig.js';
import { temporaryDirectory } from '../support/temporary.js';

const BREAKER = ['--risk.breaker_percent=1', '--risk.breaker_halt_s=0'];

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start(BREAKER);
});
afterAll(() => rig.stop());

const send = (method: string, path: string, body?: object) =>
  rig.request(method, path, body, { 'x-operator': 'Olga Ops' });
const patch = (body: object) => send('PATCH', '/api/risk/limits', body);

interface Limit {
  readonly key: string;
  readonly value: string | null;
}

async function limits(query: string): Promise<Limit[]> {
  return (await rig.get(`/api/risk/limits?${query}`)).body.limits as Limit[];
}

function records(action: string): AuditRecord[] {
  const lines = readFileSync(rig.auditFile, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as AuditRecord).filter((one) => one.action === action);
}

describe('limits', () => {
  const place = { account: 1, symbol: 'BTC-USD' };

  it('hold from the next order on, and back again, each change with its record', async () => {
    const order = { quantity: '0.02', time_in_force: 'IOC' };
    expect((await rig.order(order)).status).toBe(200);
    const changed = await patch({ ...place, key: 'max_order_quantity', value: '0.01', reason: 'smaller' });
    expect([changed.status, changed.body]).toEqual([
      200,
      {
        changes: [
          { ...place, key: 'max_order_quantity', scope: 'instrument', before: '10000', after: '0.01' },
        ],
      },
    ]);
    expect((await rig.order(order)).body.reason).toBe('ORDER_QUANTITY_LIMIT');
    expect((await rig.order({ ...order, account: 2 })).status).toBe(200);
    expect(await limits('account=1&symbol=BTC-USD&key=max_order_quantity')).toMatchObject([
      { value: '0.01' },
    ]);
    await patch({ ...place, key: 'max_order_quantity', value: '10000' });
    expect((await rig.order(order)).status).toBe(200);
    expect(records('limit')).toMatchObject([
      {
        operator: 'Olga Ops',
        address: expect.stringContaining('127.0.0.1'),
        target: { ...place, key: 'max_order_quantity' },
        before: '10000',
        after: '0.01',
        reason: 'smaller',
      },
      { before: '0.01', after: '10000' },
    ]);
  });

  it('change for all accounts at once, one record each', async () => {
    const before = records('limit').length;
    const reply = await patch({ key: 'max_open_orders', value: 7 });
    expect((reply.body.changes as object[]).length).toBe(5);
    expect((await limits('key=max_open_orders')).map(({ value }) => value)).toEqual([
      '7',
      '7',
      '7',
      '7',
      '7',
    ]);
    expect(records('limit').slice(before)).toHaveLength(5);
    await patch({ key: 'max_open_orders', value: 10_000 });
  });

  it('can be switched off where that is allowed', async () => {
    await patch({ ...place, key: 'fat_finger_last_percent', value: 3 });
    expect(await limits('account=1&symbol=BTC-USD&key=fat_finger_last_percent')).toMatchObject([
      { value: '3' },
    ]);
    await patch({ ...place, key: 'fat_finger_last_percent', value: null });
    expect(await limits('account=1&symbol=BTC-USD&key=fat_finger_last_percent')).toMatchObject([
      { value: null },
    ]);
  });

  it('are refused with the key, the value and what is allowed; nothing is changed or recorded', async () => {
    const before = records('limit').length;
    const cases: [object, string][] = [
      [{ ...place, key: 'max_position', value: null }, 'value'],
      [{ ...place, key: 'max_position', value: 'lots' }, 'value'],
      [{ ...place, key: 'max_pos', value: '1' }, 'key'],
      [{ ...place, value: '1' }, 'key'],
      [{ account: 99, key: 'max_open_orders', value: 1 }, 'account'],
      [{ symbol: 'NONE', key: 'max_position', value: 1 }, 'symbol'],
      [{ key: 'max_daily_loss', currency: 'NOPE', value: 1 }, 'value'],
      [{ key: 'max_open_orders', value: true }, 'value'],
    ];
    for (const [body, key] of cases) {
      const reply = await patch(body);
      expect([reply.status, reply.body.error]).toMatchObject([400, { key, allowed: expect.any(String) }]);
    }
    expect(records('limit')).toHaveLength(before);
    expect((await rig.get('/api/risk/limits?key=max_pos')).status).toBe(400);
    expect((await rig.get('/api/risk/limits?account=99')).status).toBe(400);
  });
});

describe('states', () => {
  it('of an account change what it may do', async () => {
    const state = (account: number, value: string) =>
      send('POST', '/api/risk/account', { account, state: value, reason: 'review' });
    expect((await state(3, 'halted')).body).toEqual({ account: 3, before: 'active', state: 'halted' });
    expect((await rig.order({ account: 3 })).body.reason).toBe('ACCOUNT_HALTED');
    expect((await rig.get('/api/risk')).body.accounts).toMatchObject([
      { state: 'active' },
      { state: 'active' },
      { account: 3, name: 'taker', state: 'halted', cause: null },
      {},
      {},
    ]);
    const one = (await rig.get('/api/risk?account=3')).body.accounts;
    expect(one).toEqual([expect.objectContaining({ account: 3, state: 'halted' })]);
    expect((await rig.get('/api/risk?account=33')).status).toBe(400);
    expect((await state(3, 'active')).status).toBe(200);
    expect((await rig.order({ account: 3, time_in_force: 'IOC' })).status).toBe(200);
    expect(records('account_state')).toMatchObject([
      { target: { account: 3 }, before: 'active', after: 'halted', reason: 'review', operator: 'Olga Ops' },
      { before: 'halted', after: 'active' },
    ]);
    expect((await state(3, 'asleep')).status).toBe(400);
  });

  it('that risk changes by itself are recorded, and a breaker is released by an operator', async () => {
    const trade = async (price: string): Promise<void> => {
      await rig.order({ symbol: 'ETH-USD', account: 1, price, quantity: '0.1' });
      await rig.order({ symbol: 'ETH-USD', account: 2, side: 'SELL', price, quantity: '0.1' });
    };
    await trade('3000');
    await trade('3040');
    const refused = await rig.order({ symbol: 'ETH-USD', price: '3000', quantity: '0.1' });
    expect(refused.body.reason).toBe('CIRCUIT_BREAKER');
    await until(() => records('breaker').length === 1);
    expect((await rig.get('/api/risk')).body.breakers).toEqual([{ symbol: 'ETH-USD', until_ns: null }]);
    const release = await send('POST', '/api/risk/breaker', { symbol: 'ETH-USD', reason: 'fine' });
    expect(release.body).toEqual({ symbol: 'ETH-USD', released: true });
    expect((await rig.order({ symbol: 'ETH-USD', price: '3000', quantity: '0.1' })).status).toBe(200);
    expect(records('breaker')).toMatchObject([
      {
        operator: 'system',
        address: '',
        target: { symbol: 'ETH-USD' },
        before: { open: false },
        after: { open: true, until_ns: null },
        reason: 'CIRCUIT_BREAKER',
      },
      { operator: 'Olga Ops', before: { open: true }, after: { open: false }, reason: 'fine' },
    ]);
  });

  it('that a loss brings about are recorded with their cause', async () => {
    const account = { account: 4, symbol: 'SOL-USD' };
    await patch({ account: 4, currency: 'USD', key: 'max_daily_loss', value: '1' });
    await rig.order({ symbol: 'SOL-USD', account: 2, side: 'SELL', price: '150', quantity: '10' });
    await rig.order({ ...account, price: '150', quantity: '10' });
    await rig.order({ symbol: 'SOL-USD', account: 2, price: '149', quantity: '10' });
    await rig.order({ ...account, side: 'SELL', price: '149', quantity: '5' });
    await until(() => records('account_state').some(({ target }) => target.account === 4));
    expect(records('account_state').at(-1)).toMatchObject({
      operator: 'system',
      before: 'active',
      after: 'reducing_only',
      reason: 'DAILY_LOSS',
    });
    expect((await send('POST', '/api/risk/day', {})).body).toEqual({ started: true });
  });

  it('a trading day that begins by itself is recorded, one that an operator begins just once', async () => {
    const { sharedState, instruments, config } = rig.contextOf('risk');
    const before = records('day').length;
    await send('POST', '/api/risk/day', { reason: 'early' });
    new RiskControls(sharedState('risk.controls'), config.risk, instruments).startDay();
    await until(() => records('day').some(({ operator }) => operator === 'system'));
    const who = records('day').slice(before);
    expect(who.map(({ operator, after, reason }) => [operator, after, reason])).toEqual([
      ['Olga Ops', 'started', 'early'],
      ['system', 'started', 'schedule'],
    ]);
  });
});

describe('without a disk that takes records', () => {
  it('nothing changes, but engaging the kill switch', async () => {
    const folder = temporaryDirectory();
    const file = join(folder.path, 'audit.jsonl');
    symlinkSync('/dev/full', file);
    const full = await GatewayRig.start([`--audit.file=${file}`]);
    const change = { key: 'max_open_orders', value: 1 };
    const refused = await full.request('PATCH', '/api/risk/limits', change);
    expect([refused.status, refused.body.error]).toMatchObject([503, { code: 'NOT_AUDITED' }]);
    expect((await full.get('/api/risk/limits?key=max_open_orders&account=1')).body).toMatchObject({
      limits: [{ value: '10000' }],
    });
    const engaged = await full.request('POST', '/api/kill-switch', { engage: true, scope: 'global' });
    expect([engaged.status, engaged.body.error]).toMatchObject([503, { message: /engaged all the same/ }]);
    expect((await full.order()).body.reason).toBe('KILL_SWITCH');
    const released = await full.request('POST', '/api/kill-switch', { engage: false, scope: 'global' });
    expect(released.status).toBe(503);
    expect((await full.order()).body.reason).toBe('KILL_SWITCH');
    await full.stop();
    folder.remove();
  });
});

it('the records survive a restart of the gateway, in one whole chain', async () => {
  const before = (await verifyAudit(rig.auditFile)).records;
  await send('POST', '/api/risk/account', { account: 2, state: 'halted' });
  await rig.restartGateway();
  await patch({ key: 'max_open_orders', value: 9 });
  expect(records('start').at(-1)?.after).toMatchObject({
    'account 2': 'halted',
    'account 4': 'reducing_only',
  });
  expect(await verifyAudit(rig.auditFile)).toMatchObject({ records: before + 7, fault: undefined });
});
