/** Thousands of malformed, cut off and abandoned requests against a live server. The seed is printed: MILLRACE_SEED repeats it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ERROR_STATUS } from '../../src/workers/gateway/api-error.js';
import { ANSWER_TIMEOUT } from '../../src/workers/gateway-agent.js';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';
import { SEED } from '../support/seed.js';
import { attack, perform, randomSource } from './hostile-client.js';

const ATTACKS = 4000;
const AT_ONCE = 64;
/** Silence after which a client hangs up, ms. */
const PATIENCE = 10;
/** Connections that fetch may keep open. */
const FETCH_CONNECTIONS = 4;
/** What the gateway itself answers, besides the bare refusals of uWebSockets.js for what is no HTTP at all. */
const STATUSES = new Set<number>([200, 422, 101, 431, 505, ...Object.values(ERROR_STATUS)]);

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());

async function metric(name: string): Promise<number> {
  const text = String((await rig.get('/metrics')).body.content);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

it(`survives ${ATTACKS} hostile connections (seed ${SEED})`, async () => {
  const random = randomSource(SEED);
  const kinds = new Map<string, number>();
  const statuses = new Map<number, number>();
  let started = 0;
  const client = async (): Promise<void> => {
    while (started++ < ATTACKS) {
      // Now and then the core is busy, so that clients go away while their orders wait.
      if (started % 500 === 250) rig.pauseCore();
      if (started % 500 === 300) rig.resumeCore();
      const one = attack(random);
      kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + 1);
      const received = await perform(rig.gateway.port, one, PATIENCE);
      for (const [, status] of received.matchAll(/HTTP\/1\.1 (\d{3})/g)) {
        statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  rig.resumeCore();

  expect(kinds.size).toBe(12);
  expect([...statuses.keys()].filter((status) => !STATUSES.has(status) || status === 500)).toEqual([]);
  for (const status of [200, 101, 400, 404, 405, 413])
    expect([status, statuses.get(status) ?? 0]).not.toEqual([status, 0]);

  // No handler failed, nothing is left waiting, every connection is gone but those of fetch, which asks.
  expect(rig.lines.filter(({ message }) => message.includes('failed'))).toEqual([]);
  expect(rig.counter('gateway', 'errors_total')).toBe(0);
  await until(
    () => rig.counter('gateway', 'orders_total') === rig.counter('gateway', 'orders_processed_total'),
  );
  expect(rig.counter('gateway', 'orders_total')).toBe(rig.counter('risk', 'commands_total'));
  expect(rig.counter('gateway', 'http_aborted_total')).toBeGreaterThan(0);
  await until(() => rig.counter('gateway', 'websocket_clients') === 0);
  expect(await metric('millrace_gateway_pending_commands')).toBe(0);
  await until(async () => (await metric('millrace_gateway_connections')) <= FETCH_CONNECTIONS);

  // Everything still works, and what the attackers entered is all accounted for.
  expect((await rig.get('/api/orders?status=PENDING_NEW')).body.orders).toEqual([]);
  await rig.request('DELETE', '/api/orders');
  expect(await metric('millrace_gateway_stored_open_orders')).toBe(0);
  expect(rig.counter('matching', 'resting_orders')).toBe(0);
  expect((await rig.order()).body.status).toBe('NEW');
  expect((await rig.get('/health')).status).toBe(200);
});

it('a full command ring refuses with 429 and Retry-After, and counts; nothing taken is lost', async () => {
  rig.pauseCore();
  const body = JSON.stringify({ ...LIMIT_ORDER, time_in_force: 'IOC' });
  const before = rig.counter('gateway', 'orders_total');
  const post = async () => {
    const reply = await fetch(`${rig.url}/api/order`, { method: 'POST', body });
    await reply.arrayBuffer();
    return { status: reply.status, retry: reply.headers.get('retry-after') };
  };
  // A ring of a mebibyte holds some 10,900 orders.
  const { ws, closed } = await floodOrders(12_000);
  await until(() => rig.counter('gateway', 'shed_total') > 0);
  expect(await post()).toEqual({ status: 429, retry: '1' });
  expect(rig.counter('gateway', 'ring_full_total')).toBeGreaterThan(0);
  rig.resumeCore();
  await until(
    () => rig.counter('gateway', 'orders_total') === rig.counter('gateway', 'orders_processed_total'),
  );
  expect(rig.counter('gateway', 'orders_total') - before).toBeGreaterThan(8000);
  ws.close();
  await closed;
});

it('commands without an answer expire, also those whose client is gone', async () => {
  rig.pauseCore();
  const processed = rig.counter('gateway', 'execution_errors_total');
  const random = randomSource(1);
  const whole = { kind: 'abandoned', pieces: [Buffer.from('')], abort: true };
  const text = JSON.stringify(LIMIT_ORDER);
  const head = `POST /api/order HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n`;
  for (let i = 0; i < 20; i++) {
    await perform(
      rig.gateway.port,
      { ...whole, pieces: [Buffer.from(head + text)], abort: random(2) === 0 },
      20,
    );
  }
  rig.gateway.doWork(rig.now + 2 * ANSWER_TIMEOUT);
  expect(rig.counter('gateway', 'execution_errors_total') - processed).toBeGreaterThan(0);
  expect(await metric('millrace_gateway_pending_commands')).toBe(0);
  rig.resumeCore();
  await until(async () => ((await rig.get('/api/orders?status=PENDING_NEW')).body.orders as []).length === 0);
});

/** Sends orders over one WebSocket without waiting for answers. */
async function floodOrders(count: number): Promise<{ ws: WebSocket; closed: Promise<unknown> }> {
  const ws = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`);
  const closed = new Promise((resolve) => ws.addEventListener('close', resolve));
  await new Promise((resolve) => ws.addEventListener('open', resolve));
  const order = JSON.stringify({ op: 'order', ...LIMIT_ORDER, time_in_force: 'IOC' });
  for (let i = 0; i < count; i++) ws.send(order);
  return { ws, closed };
}
