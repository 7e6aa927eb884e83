/** Phases by operators, by the schedule and by price bands, from REST to the book and back. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/audit/record.js';
import { GatewayRig, type Reply, until } from '../support/gateway-rig.js';
import { PLAIN_INSTRUMENT } from '../support/pipeline.js';

const INSTRUMENTS = [
  { ...PLAIN_INSTRUMENT, symbol: 'OPEN' },
  { ...PLAIN_INSTRUMENT, symbol: 'SHUT', session: 'shut' },
  { ...PLAIN_INSTRUMENT, symbol: 'BAND', static_band_percent: 5 },
];
const SESSIONS = [
  {
    name: 'shut',
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    phases: [{ at: '00:00:00', phase: 'closed' }],
  },
];

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start([
    `--instruments=${JSON.stringify(INSTRUMENTS)}`,
    `--sessions=${JSON.stringify(SESSIONS)}`,
    '--interruptions.volatility_auction_seconds=1',
  ]);
});
afterAll(() => rig.stop());

const setPhase = (body: object): Promise<Reply> =>
  rig.request('POST', '/api/phase', body, { 'x-operator': 'olga' });
const order = (symbol: string, side: string, price: string, more: object = {}): Promise<Reply> =>
  rig.order({ symbol, side, price, quantity: '5', ...more });
const phaseOf = async (symbol: string): Promise<unknown> =>
  ((await rig.get(`/api/instruments/${symbol}`)).body.status as { phase: string } | undefined)?.phase;

function records(symbol: string): AuditRecord[] {
  const lines = readFileSync(rig.auditFile, 'utf8').trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as AuditRecord)
    .filter(({ action, target }) => action === 'phase' && target.symbol === symbol);
}

describe('an operator', () => {
  it('changes phases, with a record before and one of a refusal after', async () => {
    const halt = await setPhase({ symbol: 'OPEN', phase: 'halt', reason: 'news' });
    expect([halt.status, halt.body]).toEqual([200, { symbol: 'OPEN', phase: 'HALT', reason: null }]);
    expect((await order('OPEN', 'BUY', '100')).body.reason).toBe('NOT_IN_THIS_PHASE');
    const again = await setPhase({ symbol: 'OPEN', phase: 'HALT' });
    expect([again.status, again.body]).toMatchObject([422, { reason: 'INVALID_PHASE' }]);
    expect((await setPhase({ symbol: 'OPEN', phase: 'CONTINUOUS', reference_price: '101' })).status).toBe(
      200,
    );
    expect((await order('OPEN', 'BUY', '100')).status).toBe(200);
    await until(() => records('OPEN').length === 4);
    expect(records('OPEN')).toMatchObject([
      { operator: 'olga', before: 'CONTINUOUS', after: { phase: 'HALT' }, reason: 'news' },
      { before: 'HALT', after: { phase: 'HALT' } },
      { before: 'HALT', after: 'HALT', reason: 'refused: INVALID_PHASE' },
      { before: 'HALT', after: { phase: 'CONTINUOUS', reference_price: '101' } },
    ]);
  });

  it('is told what is none', async () => {
    for (const [body, key] of [
      [{ symbol: 'OPEN' }, 'phase'],
      [{ symbol: 'OPEN', phase: 'NONE' }, 'phase'],
      [{ symbol: 'NOPE', phase: 'HALT' }, 'symbol'],
      [{ symbol: 'OPEN', phase: 'HALT', reference_price: '1.5' }, 'reference_price'],
    ] as const) {
      const { status, body: reply } = await setPhase(body);
      expect([status, reply.error]).toMatchObject([400, { key }]);
    }
  });
});

describe('the schedule', () => {
  it('has closed what its session closes before the first order, and an operator may open it', async () => {
    expect((await order('SHUT', 'BUY', '100')).body.reason).toBe('NOT_IN_THIS_PHASE');
    expect((await setPhase({ symbol: 'SHUT', phase: 'CONTINUOUS' })).status).toBe(200);
    expect((await order('SHUT', 'BUY', '100')).status).toBe(200);
    await until(() => records('SHUT').length === 2);
    expect(records('SHUT')).toMatchObject([
      { operator: 'system', before: 'CONTINUOUS', after: 'CLOSED', reason: 'schedule' },
      { operator: 'olga', before: 'CLOSED', after: { phase: 'CONTINUOUS' } },
    ]);
  });

  it('ends a volatility auction that a price band began', async () => {
    await order('BAND', 'SELL', '108');
    await order('BAND', 'BUY', '108');
    await until(async () => (await phaseOf('BAND')) === 'VOLATILITY_AUCTION');
    await until(async () => (await phaseOf('BAND')) === 'CONTINUOUS');
    await until(() => records('BAND').length === 2);
    expect(records('BAND')).toMatchObject([
      { operator: 'system', before: 'CONTINUOUS', after: 'VOLATILITY_AUCTION', reason: 'STATIC_PRICE_BAND' },
      { operator: 'system', before: 'VOLATILITY_AUCTION', after: 'CONTINUOUS', reason: 'schedule' },
    ]);
  });

  it('lets an order end at its time though nothing else happens', async () => {
    const expire = (BigInt(Date.now()) + 400n) * 1_000_000n;
    const resting = await order('OPEN', 'BUY', '99', { time_in_force: 'GTD', expire_ns: String(expire) });
    expect(resting.status).toBe(200);
    const path = `/api/orders/${resting.body.order_id}`;
    await until(async () => (await rig.get(path)).body.status === 'CANCELED');
    expect((await rig.get(path)).body.reason).toBe('EXPIRED');
  });
});
