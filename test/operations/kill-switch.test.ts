import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/audit/record.js';
import { verifyAudit } from '../../src/audit/verify.js';
import { GatewayRig } from '../support/gateway-rig.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());

const post = (path: string, body: object, operator = 'olga') =>
  rig.request('POST', path, body, operator === '' ? {} : { 'x-operator': operator });

/** The records of an action. */
function records(action: string): AuditRecord[] {
  const lines = readFileSync(rig.auditFile, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as AuditRecord).filter((one) => one.action === action);
}

/** Rests buy orders of an account, each at a price of its own. */
async function rest(account: number, count: number, symbol = 'BTC-USD', base = 59_000): Promise<void> {
  for (let i = 0; i < count; i++) {
    const reply = await rig.order({ account, symbol, price: String(base - i) });
    expect(reply.status).toBe(200);
  }
}

async function openOrders(account: number): Promise<number> {
  return ((await rig.get(`/api/orders?status=OPEN&account=${account}`)).body.orders as unknown[]).length;
}

describe('the kill switch with cancel', () => {
  it('cancels the orders of an account and answers when the last one has left', async () => {
    await rest(1, 20);
    await rest(2, 3);
    const reply = await post('/api/kill-switch', {
      engage: true,
      scope: 'account',
      account: 1,
      cancel: true,
      reason: 'runaway',
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ engaged: true, scope: 'account', account: 1, canceled: 20 });
    const sweep = reply.body.sweep as Record<string, string>;
    expect(sweep).toMatchObject({ accounts: 1, failed: 0, problem: null });
    const times = ['received_ns', 'engaged_ns', 'sequenced_ns', 'finished_ns'].map((key) =>
      BigInt(sweep[key]),
    );
    for (let i = 1; i < times.length; i++) expect(times[i] >= times[i - 1]).toBe(true);
    expect(await openOrders(1)).toBe(0);
    expect(await openOrders(2)).toBe(3);
    expect((await rig.order({ account: 1 })).body.reason).toBe('KILL_SWITCH');
    expect((await post('/api/kill-switch', { engage: false, scope: 'account', account: 1 })).body).toEqual({
      engaged: false,
      scope: 'account',
      account: 1,
    });
    expect((await rig.order({ account: 1, time_in_force: 'IOC' })).status).toBe(200);
    expect(records('kill_switch').slice(-2)).toMatchObject([
      {
        operator: 'olga',
        address: expect.stringContaining('127.0.0.1'),
        target: { scope: 'account', account: 1 },
        before: { engaged: false },
        after: { engaged: true, cancel: true },
        reason: 'runaway',
      },
      { before: { engaged: true }, after: { engaged: false }, reason: '' },
    ]);
  });

  it('cancels in one instrument, and everywhere', async () => {
    await rest(1, 2, 'BTC-USD');
    await rest(3, 2, 'ETH-USD', 2900);
    const instrument = { engage: true, scope: 'instrument', symbol: 'ETH-USD', cancel: true };
    expect((await post('/api/kill-switch', instrument)).body).toMatchObject({
      canceled: 2,
      sweep: { accounts: 5 },
    });
    expect((await post('/api/kill-switch', { ...instrument, engage: false, cancel: false })).status).toBe(
      200,
    );
    const everything = await post('/api/kill-switch', { engage: true, scope: 'global', cancel: true });
    expect(everything.body).toMatchObject({ engaged: true, scope: 'global', canceled: 5 });
    for (const account of [1, 2, 3, 4]) expect(await openOrders(account)).toBe(0);
    await post('/api/kill-switch', { engage: false, scope: 'global' });
  });

  it('waits for its turn where cancels are limited', async () => {
    const slow = await GatewayRig.start(['--risk.cancels_per_second=50', '--risk.cancel_burst=1']);
    const reply = await slow.request('POST', '/api/kill-switch', {
      engage: true,
      scope: 'account',
      account: 1,
      cancel: true,
    });
    expect(reply.body).toMatchObject({ canceled: 0, sweep: { failed: 0 } });
    const again = { engage: true, scope: 'global', cancel: true };
    expect((await slow.request('POST', '/api/kill-switch', again)).body).toMatchObject({
      sweep: { failed: 0 },
    });
    await slow.stop();
  });

  it('refuses what contradicts itself, and names that are none', async () => {
    const engage = { engage: true, scope: 'global' };
    const cases: [object, string, string][] = [
      [{ engage: false, scope: 'global', cancel: true }, 'cancel', 'INVALID_VALUE'],
      [{ ...engage, cancel: 'yes' }, 'cancel', 'WRONG_TYPE'],
      [{ ...engage, why: 'x' }, 'why', 'UNKNOWN_KEY'],
      [{ ...engage, reason: 'x'.repeat(501) }, 'reason', 'INVALID_VALUE'],
    ];
    for (const [body, key, code] of cases) {
      const { status, body: reply } = await post('/api/kill-switch', body);
      expect([status, reply.error]).toMatchObject([400, { key, code }]);
    }
    const named = await post('/api/kill-switch', engage, '<script>');
    expect([named.status, named.body.error]).toMatchObject([400, { key: 'X-Operator' }]);
    expect((await rig.order({ time_in_force: 'IOC' })).status).toBe(200);
  });

  it('records who did not say a name as unnamed, with the address', async () => {
    await post('/api/kill-switch', { engage: false, scope: 'global' }, '');
    expect(records('kill_switch').at(-1)).toMatchObject({ operator: 'unnamed', before: { engaged: false } });
  });
});

it('the audit file is whole', async () => {
  expect(await verifyAudit(rig.auditFile)).toMatchObject({ fault: undefined });
});
