/** The OpenAPI document against the live server: every route, every reply, and which bodies are taken. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openapiDocument } from '../../src/workers/gateway/openapi.js';
import { operationRoutes } from '../../src/workers/gateway/operations/operations.js';
import { RestApi, type RestParts } from '../../src/workers/gateway/rest-api.js';
import { GatewayRig, LIMIT_ORDER, type Reply, until } from '../support/gateway-rig.js';
import { SEED } from '../support/seed.js';

interface Operation {
  readonly responses: Record<string, { content: Record<string, { schema: Record<string, unknown> }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = JSON.parse(JSON.stringify(openapiDocument())) as Document;
const definitions = JSON.parse(
  JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
) as Record<string, object>;

/** Validates with the JSON Schema reader of zod. */
function validator(schema: Record<string, unknown>) {
  const text = JSON.stringify({ ...schema, $defs: definitions });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());

/** Statuses met so far, as `method path status`. */
const met = new Set<string>();

/** Sends a request and holds the reply against the document. */
async function checked(method: string, template: string, path = template, body?: unknown): Promise<Reply> {
  const reply = await rig.request(method, path, body);
  const operation = document.paths[template]?.[method.toLowerCase()];
  const response = operation?.responses[reply.status];
  const where = `${method} ${path} ${reply.status}`;
  expect(response, `${where} is documented`).toBeDefined();
  const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = response.content[type]?.schema;
  expect(schema, `${where} as ${type} is documented`).toBeDefined();
  if (type === 'application/json') {
    const outcome = validator(schema).safeParse(reply.body);
    expect(outcome.error?.message, `${where} ${JSON.stringify(reply.body)}`).toBeUndefined();
  }
  met.add(`${method.toLowerCase()} ${template} ${reply.status}`);
  return reply;
}

it('the document is served, and names exactly the routes that there are', async () => {
  const served = await checked('GET', '/openapi.json');
  expect(served.body).toEqual(document);
  expect(document.openapi).toBe('3.1.0');
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  // The routes are bound, not used, by the constructor.
  const operations = operationRoutes({} as Parameters<typeof operationRoutes>[0]);
  const routes = [...new RestApi({} as RestParts).routes, ...operations].map(
    ({ method, path }) => `${method} ${path}`,
  );
  expect(documented.sort()).toEqual(routes.sort());
});

it('real replies are as documented', async () => {
  const order = '/api/order/{order_id}';
  const { body } = await checked('POST', '/api/order', '/api/order', {
    ...LIMIT_ORDER,
    client_order_id: 'doc',
  });
  const path = `/api/order/${body.order_id}`;
  await checked('POST', '/api/order', '/api/order', { ...LIMIT_ORDER, side: 'SELL', quantity: '0.004' });
  await checked('POST', '/api/order', '/api/order', { ...LIMIT_ORDER, price: '1' });
  await checked('POST', '/api/order', '/api/order', '{');
  await checked('POST', '/api/order', '/api/order', { ...LIMIT_ORDER, price: 1e308 });
  await checked('GET', '/api/orders', '/api/orders?limit=5');
  await checked('GET', '/api/orders', '/api/orders?limit=no');
  await checked('GET', '/api/orders/{order_id}', `/api/orders/${body.order_id}`);
  await checked('GET', '/api/orders/{order_id}', '/api/orders/1');
  await checked('GET', '/api/executions');
  await until(async () => ((await rig.get('/api/positions')).body.positions as []).length > 0);
  await checked('GET', '/api/positions');
  await checked('GET', '/api/instruments');
  await checked('GET', '/api/instruments/{symbol}', '/api/instruments/BTC-USD');
  await checked('GET', '/api/instruments/{symbol}', '/api/instruments/none');
  await checked('GET', '/api/book/{symbol}', '/api/book/BTC-USD');
  await checked('GET', '/api/book/{symbol}', '/api/book/none');
  await checked('PATCH', order, path, { quantity: '0.02' });
  await checked('PATCH', order, path, { quantity: '0.004' });
  await checked('PATCH', order, '/api/order/1', { quantity: '0.02' });
  await checked('PATCH', order, path, {});
  await checked('DELETE', order, path);
  await checked('DELETE', order, path);
  await checked('DELETE', order, '/api/order/1');
  await checked('DELETE', '/api/orders', '/api/orders?symbol=BTC-USD&side=BUY');
  await checked('DELETE', '/api/orders', '/api/orders?account=99');
  await checked('POST', '/api/kill-switch', '/api/kill-switch', {
    engage: true,
    scope: 'account',
    account: 2,
  });
  await checked('POST', '/api/kill-switch', '/api/kill-switch', {
    engage: false,
    scope: 'account',
    account: 2,
  });
  await checked('POST', '/api/kill-switch', '/api/kill-switch', { engage: 'yes', scope: 'global' });
  await checked('GET', '/api/risk');
  await checked('GET', '/api/risk/limits', '/api/risk/limits?account=1&symbol=BTC-USD');
  await checked('GET', '/api/risk/limits', '/api/risk/limits?key=max_pos');
  const limit = { key: 'max_position', account: 1, symbol: 'BTC-USD', value: '5.5' };
  await checked('PATCH', '/api/risk/limits', '/api/risk/limits', limit);
  await checked('PATCH', '/api/risk/limits', '/api/risk/limits', { ...limit, value: null });
  await checked('POST', '/api/risk/account', '/api/risk/account', { account: 2, state: 'reducing_only' });
  await checked('POST', '/api/risk/breaker', '/api/risk/breaker', {});
  await checked('POST', '/api/phase', '/api/phase', { symbol: 'SOL-USD', phase: 'HALT' });
  await checked('POST', '/api/phase', '/api/phase', { symbol: 'SOL-USD', phase: 'HALT' });
  await checked('POST', '/api/risk/day', '/api/risk/day', { reason: 'new day' });
  await checked('GET', '/api/risk');
  await checked('POST', '/api/kill-switch', '/api/kill-switch', {
    engage: true,
    scope: 'global',
    cancel: true,
  });
  await checked('GET', '/metrics');
  await checked('GET', '/health');
  rig.failThread(0);
  await checked('GET', '/health');
  const successes = Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.keys(operations).map((method) => `${method} ${template} 200`),
  );
  expect(successes.filter((one) => !met.has(one))).toEqual([]);
  for (const one of [
    'get /health 503',
    'post /api/order 422',
    `delete ${order} 409`,
    'delete /api/orders 422',
  ])
    expect([...met]).toContain(one);
});

const AMOUNTS = [
  '0.01',
  '60000',
  60000,
  0.01,
  0,
  -1,
  '-1',
  '1e5',
  'x',
  '',
  '0.00001',
  null,
  true,
  [1],
  { a: 1 },
  '1.',
  1e308,
];
const VALUES: Record<string, readonly unknown[]> = {
  client_order_id: [null, 'ok_1', 5, -5, '', 'ä', 'x'.repeat(37), true, {}],
  symbol: ['BTC-USD', 'NOPE', 5, null],
  side: ['BUY', 'sell', 'BID', 1, null],
  quantity: AMOUNTS,
  price: AMOUNTS,
  order_type: ['LIMIT', 'market', 'STOP', 'stop_limit', 'MARKET_TO_LIMIT', 'PEGGED', 0],
  time_in_force: ['GTC', 'ioc', 'Fok', 'DAY', 'GTD', 'AT_THE_OPEN', 'at_the_close', 'GTX', null, 1],
  post_only: [true, false, 'true', 0, null],
  post_only_slide: [true, false, 'true', null],
  self_trade_prevention: ['NONE', 'cancel_newest', 'DECREMENT', 'X', null],
  stop_price: AMOUNTS,
  displayed_quantity: AMOUNTS,
  minimum_quantity: AMOUNTS,
  expire_ns: ['4102444800000000000', 5, 'x', -1, null],
  linked_order_id: ['1099511627777', 5, 0, 'x', null],
  contingency: ['OCO', 'ouo', 'OTO', null],
  take_profit_price: AMOUNTS,
  stop_loss_price: AMOUNTS,
  stop_loss_limit_price: AMOUNTS,
  account: [1, '2', 0, 70_000, 1.5, 'x', null],
  surprise: [1],
};
const field = (key: string) => fc.option(fc.constantFrom(...VALUES[key]), { nil: undefined, freq: 8 });

it('a body that the schema refuses is refused by the server too', async () => {
  const schema = validator({ $ref: '#/components/schemas/NewOrder' });
  const bodies = fc.record(Object.fromEntries(Object.keys(VALUES).map((key) => [key, field(key)])));
  // Most bodies are nearly right: a sound order with a few keys replaced.
  const nearly = fc.tuple(bodies, fc.subarray(Object.keys(VALUES), { maxLength: 3 })).map(([body, keys]) => ({
    ...LIMIT_ORDER,
    ...Object.fromEntries(keys.map((key) => [key, body[key]])),
  }));
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(nearly, async (body) => {
      const valid = schema.safeParse(JSON.parse(JSON.stringify(body))).success;
      const { status } = await rig.request('POST', '/api/order', body);
      expect([200, 400, 422]).toContain(status);
      if (!valid) expect(status).toBe(400);
      if (status !== 400) taken++;
    }),
    { seed: SEED, numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(20);
});

it.each([null, 0, '0', '0.00'])('a market order may say that it has no price: %j', async (price) => {
  const schema = validator({ $ref: '#/components/schemas/NewOrder' });
  const body = { ...LIMIT_ORDER, order_type: 'MARKET', time_in_force: 'IOC', price };
  expect(schema.safeParse(body).success).toBe(true);
  expect([200, 422]).toContain((await rig.request('POST', '/api/order', body)).status);
});
