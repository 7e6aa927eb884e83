/** A gateway that ends and starts again on the same memory loses nothing, and leaves its port free. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());

it('orders, executions, positions and ids go on', async () => {
  await rig.order({ client_order_id: 'resting', side: 'SELL', quantity: '0.02' });
  await rig.order({ client_order_id: 'taker', quantity: '0.005' });
  await until(async () => JSON.stringify((await rig.get('/api/positions')).body).includes('0.005'));
  const paths = ['/api/orders', '/api/executions', '/api/positions'];
  const before = await Promise.all(paths.map(async (path) => (await rig.get(path)).body));
  const oldPort = rig.gateway.port;

  await rig.restartGateway();
  expect(rig.lines.at(-1)).toMatchObject({ fields: { restarted: true, orders: 2 } });
  expect(rig.gateway.port).not.toBe(oldPort);
  await expect(fetch(`http://127.0.0.1:${oldPort}/health`)).rejects.toThrow();
  const after = await Promise.all(paths.map(async (path) => (await rig.get(path)).body));
  expect(after).toEqual(before);

  const orders = before[0].orders as { order_id: string }[];
  const next = await rig.order({ client_order_id: 'next', quantity: '0.005' });
  // Three numbers are left out: a bracket may have been on its way when the gateway before died.
  expect(Number(next.body.order_id)).toBe(Number(orders[0].order_id) + 4);
  expect(next.body.status).toBe('FILLED');
  const resting = await rig.get(`/api/orders/${orders[1].order_id}`);
  expect(resting.body).toMatchObject({
    client_order_id: 'resting',
    filled_quantity: '0.01',
    execution_count: 2,
  });
  expect((await rig.request('DELETE', `/api/order/${orders[1].order_id}`)).body.status).toBe('CANCELED');
});

it('what happened while it was away is caught up with', async () => {
  rig.pauseCore();
  const sent = rig.counter('gateway', 'orders_total') + 1;
  const asked = rig.order({ client_order_id: 'in-flight', side: 'SELL', price: '60001' });
  await until(() => rig.counter('gateway', 'orders_total') === sent);
  // The old gateway tells its client that it goes; the order is on its way.
  rig.gateway.close();
  expect((await asked).status).toBe(503);
  const commands = rig.counter('risk', 'commands_total');
  rig.resumeCoreAlone();
  await until(() => rig.counter('risk', 'commands_total') === commands + 1);
  await rig.startGatewayAgain();
  await until(async () => ((await rig.get('/api/orders?status=OPEN')).body.orders as unknown[]).length === 1);
  expect((await rig.get('/api/orders?status=OPEN')).body.orders).toMatchObject([
    { client_order_id: 'in-flight', status: 'NEW' },
  ]);
});

it('on shutdown new orders are refused, what is in flight is answered, and the port is free again', async () => {
  const { port } = rig.gateway;
  // A connection that was there before.
  expect((await rig.get('/health')).status).toBe(200);
  const live = rig.order({ time_in_force: 'IOC' });
  rig.gateway.stopAccepting();
  expect([200, 503]).toContain((await live.catch(() => ({ status: 503 }))).status);
  rig.gateway.close();
  await expect(
    fetch(`http://127.0.0.1:${port}/api/order`, { method: 'POST', body: JSON.stringify(LIMIT_ORDER) }),
  ).rejects.toThrow();
  await rig.restartGateway();
  expect((await rig.get('/health')).status).toBe(200);
});

it('a port that another process holds is refused, not shared', async () => {
  const second = new GatewayRig([`--gateway.port=${rig.gateway.port}`]);
  await expect(second.gateway.start()).rejects.toThrow(`cannot listen on 127.0.0.1:${rig.gateway.port}`);
  second.gateway.close();
  expect((await rig.get('/health')).status).toBe(200);
});
