/** Orders of every kind over live sockets through risk and matching: the examples of the README, and what becomes of groups of orders. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { epochText } from '../../src/lib/clock.js';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';
import { Client, type Message } from '../support/websocket-client.js';

const FEES = { maker_fee_bps: -0.5, taker_fee_bps: 1 };
const INSTRUMENT = {
  ...{ symbol: 'BTC-USD', tick_size: '0.01', lot_size: '0.0001', reference_price: '60000' },
  ...{ base_currency: 'BTC', quote_currency: 'USD' },
};
const FLAGS = [`--instruments=${JSON.stringify([{ ...INSTRUMENT, ...FEES }])}`];

let rig: GatewayRig;
let client: Client;
beforeEach(async () => {
  rig = await GatewayRig.start(FLAGS);
  client = await Client.open(rig);
  await client.ask({ op: 'subscribe', channel: 'orders' });
});
afterEach(async () => {
  await client.close();
  await rig.stop();
});

async function enter(fields: Message, status = 200): Promise<Message> {
  const reply = await rig.order(fields);
  expect([reply.status, reply.body.error]).toEqual([status, undefined]);
  return reply.body;
}
const get = async (id: unknown): Promise<Message> => (await rig.get(`/api/orders/${id}`)).body;
const nextId = (order: Message, offset: number): string => String(Number(order.order_id) + offset);
const SELL = { side: 'SELL' };
const STOP = { order_type: 'STOP', price: null };

describe('the examples of the README', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('## 5. Enter orders'), readme.indexOf('## Configure it'));
  const examples = [...section.matchAll(/^\| ([^|]*) \| `(\{.*\})` \|$/gm)].map(([, kind, body]) => [
    kind,
    body,
  ]);

  it('are all there', () => expect(examples).toHaveLength(12));

  it.each(examples)('%s', async (_kind, text) => {
    const other = await enter({ ...SELL, price: '60001' });
    await enter({ price: '59999' });
    const body = JSON.parse(text) as Message;
    if ('expire_ns' in body) body.expire_ns = epochText(rig.system.session, rig.now + 60e9);
    if ('linked_order_id' in body) body.linked_order_id = other.order_id;
    const reply = await rig.request('POST', '/api/order', body);
    expect([reply.status, reply.body.error]).toEqual([200, undefined]);
    expect(['NEW', 'FILLED']).toContain(reply.body.status);
    for (const key of Object.keys(body)) expect(Object.keys(reply.body)).toContain(key);
  });
});

it('a bracket is filled, its stop loss triggers, and the take profit goes; fees are what the rates say', async () => {
  const entry = await enter({ take_profit_price: '62000', stop_loss_price: '59000' });
  expect((await rig.get(`/api/orders/${nextId(entry, 1)}`)).status).toBe(404);
  await enter({ ...SELL, quantity: '0.01' });
  expect(await get(entry.order_id)).toMatchObject({ status: 'FILLED', fees: '-0.03' });
  const [profit, loss] = [nextId(entry, 1), nextId(entry, 2)];
  expect(await get(profit)).toMatchObject({ status: 'NEW', linked_order_id: loss, contingency: 'OUO' });
  expect(await get(loss)).toMatchObject({ status: 'NEW', working: false, linked_order_id: profit });
  // A part of the position is closed by hand: the exits are amended.
  const amended = await rig.request('PATCH', `/api/order/${loss}`, {
    stop_price: '59100',
    quantity: '0.008',
  });
  expect(amended.body).toMatchObject({ stop_price: '59100', quantity: '0.008' });
  await enter({ price: '59050', quantity: '1' });
  await enter({ ...SELL, price: '59050', quantity: '0.0001' });
  expect(await get(loss)).toMatchObject({ status: 'FILLED', average_price: '59050', fees: '0.04724' });
  expect(await get(profit)).toMatchObject({
    status: 'NEW',
    quantity: '0.002',
    parent_order_id: entry.order_id,
  });
  const told = client.messages.filter(({ order_id }) => order_id === loss);
  expect(told.map(({ execution_type }) => execution_type)).toEqual(['NEW', 'REPLACED', 'TRADE', 'TRIGGERED']);
  expect((await rig.request('DELETE', `/api/order/${profit}`)).body.status).toBe('CANCELED');
});

it('one cancels the other, whichever trades first', async () => {
  const limit = await enter({ ...SELL, price: '61000' });
  const link = { linked_order_id: limit.order_id, contingency: 'OCO' };
  const stop = await enter({ ...SELL, ...STOP, stop_price: '59000', ...link });
  expect(await get(limit.order_id)).toMatchObject({ linked_order_id: stop.order_id, contingency: 'OCO' });
  await enter({ price: '61000', quantity: '0.001' });
  expect(await get(stop.order_id)).toMatchObject({ status: 'CANCELED', reason: 'LINKED_ORDER_FILLED' });
  expect(await get(limit.order_id)).toMatchObject({ status: 'PARTIALLY_FILLED', leaves_quantity: '0.009' });
  const late = await enter({ ...SELL, ...STOP, stop_price: '59000', ...link }, 422);
  expect(late).toMatchObject({ status: 'REJECTED', reason: 'LINKED_ORDER_UNAVAILABLE' });
});

it('an iceberg shows its peak, and an order of the same owner is canceled instead of traded with', async () => {
  await enter({ ...SELL, quantity: '0.1', displayed_quantity: '0.02' });
  await until(
    async () => JSON.stringify((await rig.get('/api/book/BTC-USD')).body.asks) === '[["60000","0.02"]]',
  );
  const taker = await enter({ quantity: '0.05', time_in_force: 'IOC' });
  expect(taker).toMatchObject({ status: 'FILLED', execution_count: 3 });
  await until(
    async () => JSON.stringify((await rig.get('/api/book/BTC-USD')).body.asks) === '[["60000","0.01"]]',
  );
  const own = await enter({ quantity: '0.01', self_trade_prevention: 'CANCEL_NEWEST' });
  expect(own).toMatchObject({ status: 'CANCELED', reason: 'SELF_TRADE_PREVENTED', filled_quantity: '0' });
});

it('a closing auction: orders wait for it, it uncrosses, day orders end with the session', async () => {
  const phase = async (name: string): Promise<void> => {
    const reply = await rig.request('POST', '/api/phase', { symbol: 'BTC-USD', phase: name });
    expect([reply.status, reply.body.phase]).toEqual([200, name]);
  };
  await client.ask({ op: 'subscribe', channel: 'status' });
  const close = { time_in_force: 'AT_THE_CLOSE' };
  const market = await enter({ ...close, order_type: 'MARKET', price: null });
  expect(market.working).toBe(false);
  const day = await enter({ price: '50000', time_in_force: 'DAY' }, 422);
  expect(day.reason).toBe('PRICE_COLLAR');
  const resting = await enter({ price: '59000', time_in_force: 'DAY' });
  await phase('CLOSING_AUCTION');
  expect((await get(market.order_id)).working).toBe(true);
  const sell = await enter({ ...SELL, ...close, price: '59900', quantity: '0.004' });
  expect(sell).toMatchObject({ status: 'NEW', working: true });
  const { status } = (await rig.get('/api/instruments/BTC-USD')).body;
  expect(status).toMatchObject({
    phase: 'CLOSING_AUCTION',
    indicative_price: '59900',
    indicative_quantity: '0.004',
  });
  const refused = await enter({ time_in_force: 'IOC' }, 422);
  expect(refused.reason).toBe('NOT_IN_THIS_PHASE');
  await phase('CLOSED');
  expect(await get(sell.order_id)).toMatchObject({ status: 'FILLED', fills: [{ liquidity: 'AUCTION' }] });
  expect(await get(market.order_id)).toMatchObject({ status: 'CANCELED', reason: 'AUCTION_REMAINDER' });
  expect(await get(resting.order_id)).toMatchObject({ status: 'CANCELED', reason: 'SESSION_ENDED' });
  const told = client.messages.filter(({ type }) => type === 'status').map((one) => one.phase);
  expect(told.filter((one, i) => one !== told[i - 1])).toEqual(['CONTINUOUS', 'CLOSING_AUCTION', 'CLOSED']);
});

it('the status of an instrument has the price of its last trade, that of an uncross as the reference price too', async () => {
  const prices = async (): Promise<unknown[]> => {
    const status = (await rig.get('/api/instruments/BTC-USD')).body.status as Message;
    return [status.last_price, status.reference_price];
  };
  expect(await prices()).toEqual([null, '60000']);
  await enter({ price: '60100' });
  await enter({ ...SELL, price: '60100' });
  expect(await prices()).toEqual(['60100', '60000']);
  await rig.request('POST', '/api/phase', { symbol: 'BTC-USD', phase: 'VOLATILITY_AUCTION' });
  await enter({ price: '59950' });
  await enter({ ...SELL, price: '59950' });
  expect(await prices()).toEqual(['60100', '60000']);
  await rig.request('POST', '/api/phase', { symbol: 'BTC-USD', phase: 'CONTINUOUS' });
  expect(await prices()).toEqual(['59950', '59950']);
});

it('an order ends at its time without another command', async () => {
  const soon = epochText(rig.system.session, rig.now + 150_000_000);
  const order = await enter({ time_in_force: 'GTD', expire_ns: soon });
  await until(async () => (await get(order.order_id)).status === 'CANCELED');
  expect(await get(order.order_id)).toMatchObject({ reason: 'EXPIRED', expire_ns: soon });
});

it('a session that ends takes its waiting stops and bracket exits along', async () => {
  const session = await Client.open(rig, '?cancel_on_disconnect=true');
  const order = { op: 'order', ...LIMIT_ORDER };
  await session.ask({ ...order, ...STOP, stop_price: '61000' });
  const entry = await session.ask({ ...order, take_profit_price: '62000', stop_loss_price: '59000' });
  const half = await session.ask({ ...order, price: '59500', quantity: '0.02', stop_loss_price: '59000' });
  await enter({ ...SELL, quantity: '0.01' });
  await enter({ ...SELL, price: '59500', quantity: '0.01' });
  const rest = await enter({ price: '59000' });
  session.socket.terminate();
  await until(async () => {
    const { orders } = (await rig.get('/api/orders?status=OPEN')).body;
    return (orders as Message[]).map(({ order_id }) => order_id).join() === rest.order_id;
  });
  for (const id of [nextId(entry, 1), nextId(entry, 2), half.order_id, nextId(half, 2)])
    expect([id, (await get(id)).status]).toEqual([id, 'CANCELED']);
});
