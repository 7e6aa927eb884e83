/** A gateway before several shards of matching: one answer to what all of them execute, and nothing lost or doubled by a restart. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayRig, until } from '../support/gateway-rig.js';

const MARKETS = [
  { symbol: 'BTC-USD', price: '60000', quantity: '0.01' },
  { symbol: 'ETH-USD', price: '3000', quantity: '0.1' },
  { symbol: 'SOL-USD', price: '150', quantity: '1' },
];
const MATCHING = ['matching', 'matching-2'] as const;

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start(['--matching.shards=2']);
});
afterAll(() => rig.stop());

const both = (counter: 'trades_total' | 'resting_orders' | 'commands_total'): number[] =>
  MATCHING.map((agent) => rig.counter(agent, counter));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

it('a mass cancel over all instruments has one answer: the sum over the shards', async () => {
  for (const market of MARKETS) expect((await rig.order(market)).body).toMatchObject({ status: 'NEW' });
  expect(both('resting_orders')).toEqual([2, 1]);
  const commands = both('commands_total');
  expect((await rig.request('DELETE', '/api/orders')).body).toEqual({ canceled: 3, reason: null });
  expect((await rig.request('DELETE', '/api/orders')).body).toEqual({ canceled: 0, reason: null });
  expect(both('commands_total')).toEqual(commands.map((count) => count + 2));
  expect(both('resting_orders')).toEqual([0, 0]);
});

it('one in a single instrument is answered by its shard alone, one that risk refuses by risk alone', async () => {
  for (const market of MARKETS) await rig.order(market);
  const [, ether] = MARKETS;
  const one = await rig.request('DELETE', `/api/orders?symbol=${ether.symbol}`);
  expect(one.body).toEqual({ canceled: 1, reason: null });
  const refused = await rig.request('DELETE', '/api/orders?account=99');
  expect(refused).toMatchObject({ status: 422, body: { canceled: 0, reason: 'UNKNOWN_ACCOUNT' } });
  expect((await rig.request('DELETE', '/api/orders')).body).toEqual({ canceled: 2, reason: null });
  const metrics = String((await rig.get('/metrics')).body.content);
  expect(metrics).toMatch(/^millrace_gateway_pending_commands 0$/m);
});

it('metrics tell the shards apart, and say nothing of those that there are not', async () => {
  const metrics = String((await rig.get('/metrics')).body.content);
  for (const agent of MATCHING) {
    expect(metrics).toMatch(new RegExp(`^millrace_matching_commands_total\\{agent="${agent}"\\} [1-9]`, 'm'));
  }
  expect(metrics).not.toMatch(/matching[-_]3/);
  expect(metrics).toMatch(/hop="risk_to_matching_2",quantile/);
});

it('half an answer is none: a gateway that takes over does not wait for the other half', async () => {
  rig.pauseCore();
  const sent = rig.counter('gateway', 'orders_total') + 1;
  const asked = rig.request('DELETE', '/api/orders');
  await until(() => rig.counter('gateway', 'orders_total') === sent);
  rig.gateway.close();
  expect((await asked).status).toBe(503);
  const commands = both('commands_total');
  rig.resumeCoreAlone();
  await until(() => both('commands_total').every((count, shard) => count === commands[shard] + 1));
  await rig.startGatewayAgain();
  await rig.order(MARKETS[1]);
  expect((await rig.request('DELETE', '/api/orders')).body).toEqual({ canceled: 1, reason: null });
});

interface Listed {
  readonly status: string;
  readonly execution_count: number;
}

it('a gateway that is replaced under load has every event of both shards once', async () => {
  const before = sum(both('trades_total'));
  const listedBefore = (await rig.get('/api/orders?limit=1000')).body.orders as Listed[];
  for (let round = 0; round < 4; round++) {
    const sent = Array.from({ length: 60 }, (_, n) => {
      const isBuy = n % 2 === 0;
      return rig
        .order({ ...MARKETS[n % 3], side: isBuy ? 'BUY' : 'SELL', account: isBuy ? 1 : 2 })
        .catch(() => null);
    });
    await Promise.race(sent);
    await rig.restartGateway();
    await Promise.all(sent);
  }
  const trades = (): number => sum(both('trades_total')) - before;
  await until(() => rig.counter('risk', 'commands_total') === rig.counter('gateway', 'orders_total'));
  await until(() => rig.gateway.hasWork() === false);
  const listed = (await rig.get('/api/orders?limit=1000')).body.orders as Listed[];
  const fresh = listed.slice(0, listed.length - listedBefore.length);
  expect(fresh.length).toBeGreaterThan(100);
  expect(trades()).toBeGreaterThan(20);
  expect(both('trades_total').every((count) => count > 0)).toBe(true);
  expect(sum(fresh.map((order) => order.execution_count))).toBe(2 * trades());
  const open = listed.filter(({ status }) => status === 'NEW' || status === 'PARTIALLY_FILLED');
  expect(open).toHaveLength(sum(both('resting_orders')));
});
