/** The REST contract over live sockets: what each request gets, in what shape, with what status. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWER_TIMEOUT } from '../../src/workers/gateway-agent.js';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());

const errorOf = (body: Record<string, unknown>) => body.error as Record<string, string | null>;

/** Cancels whatever is open, so that each test starts with empty books. */
async function clear(): Promise<void> {
  await rig.request('DELETE', '/api/orders');
}

describe('order entry', () => {
  it('a limit order rests, is seen in the book, and is filled by a market order', async () => {
    const maker = await rig.order({ client_order_id: 'maker-1', side: 'SELL', price: '60010.5' });
    expect(maker.status).toBe(200);
    expect(maker.body).toMatchObject({
      client_order_id: 'maker-1',
      symbol: 'BTC-USD',
      status: 'NEW',
      price: '60010.5',
      quantity: '0.01',
      filled_quantity: '0',
      average_price: null,
      reason: null,
      fills: [],
    });
    await until(async () => (await rig.get('/api/book/BTC-USD')).status === 200);
    const book = await rig.get('/api/book/BTC-USD?depth=5');
    expect(book.body).toMatchObject({ symbol: 'BTC-USD', synced: true, asks: [['60010.5', '0.01']] });

    const taker = await rig.order({
      quantity: 0.004,
      order_type: 'MARKET',
      time_in_force: 'IOC',
      price: null,
    });
    expect(taker.body).toMatchObject({
      status: 'FILLED',
      price: null,
      filled_quantity: '0.004',
      average_price: '60010.5',
      fills: [{ price: '60010.5', quantity: '0.004', liquidity: 'TAKER' }],
    });
    const seen = await rig.get(`/api/orders/${maker.body.order_id}`);
    expect(seen.body).toMatchObject({
      status: 'PARTIALLY_FILLED',
      filled_quantity: '0.004',
      leaves_quantity: '0.006',
      fills: [{ liquidity: 'MAKER' }],
    });
    const executions = await rig.get('/api/executions?symbol=BTC-USD&limit=2');
    expect(executions.body.executions).toMatchObject([
      { order_id: taker.body.order_id, liquidity: 'TAKER' },
      { order_id: maker.body.order_id, liquidity: 'MAKER' },
    ]);
    await clear();
  });

  it('the average price of several fills is exact, rounded half to even once', async () => {
    for (const [quantity, price] of [
      ['0.0001', '60001'],
      ['0.0002', '60002.01'],
    ])
      await rig.order({ side: 'SELL', quantity, price });
    const taker = await rig.order({ quantity: '0.0003', price: '60003' });
    // (60001 + 2 * 60002.01) / 3 = 60001.67333...
    expect(taker.body).toMatchObject({ status: 'FILLED', average_price: '60001.6733333333' });
  });

  it('words are taken in any letter case; defaults fill what is left out', async () => {
    const { time_in_force: _left, ...order } = LIMIT_ORDER;
    const reply = await rig.request('POST', '/api/order', { ...order, side: 'buy', order_type: 'Limit' });
    expect(reply.body).toMatchObject({ side: 'BUY', order_type: 'LIMIT', time_in_force: 'GTC', account: 1 });
    await clear();
  });

  it('numbers are read from their digits, never through a binary fraction', async () => {
    const send = (price: string) =>
      rig.request(
        'POST',
        '/api/order',
        JSON.stringify({ ...LIMIT_ORDER, price: 0 }).replace('"price":0', `"price":${price}`),
      );
    for (const price of ['60000.10', '6.00001e4', '600001E-1']) {
      const reply = await send(price);
      expect([price, reply.status, reply.body.price]).toEqual([price, 200, '60000.1']);
    }
    // A double cannot tell this from 60000.1.
    const close = await send('60000.1000000000000001');
    expect(close.status).toBe(400);
    expect(errorOf(close.body)).toMatchObject({
      code: 'OFF_STEP',
      key: 'price',
      value: '60000.1000000000000001',
    });
    await clear();
  });

  it('a refusal of risk or matching is 422 with the reason', async () => {
    const collar = await rig.order({ price: '90000' });
    expect([collar.status, collar.body.status, collar.body.reason]).toEqual([
      422,
      'REJECTED',
      'PRICE_COLLAR',
    ]);
    const account = await rig.order({ account: 99 });
    expect([account.status, account.body.reason]).toEqual([422, 'UNKNOWN_ACCOUNT']);
    await rig.order({ client_order_id: 'twice' });
    const duplicate = await rig.order({ client_order_id: 'twice' });
    expect([duplicate.status, duplicate.body.reason]).toEqual([422, 'DUPLICATE_CLIENT_ORDER_ID']);
    const postOnly = await rig.order({ side: 'SELL', price: '60000', post_only: true });
    expect([postOnly.status, postOnly.body.reason]).toEqual([422, 'WOULD_CROSS']);
    await clear();
  });

  it('an order that could not be filled at once is taken and canceled: 200 with its reason', async () => {
    const kill = await rig.order({ time_in_force: 'FOK' });
    expect([kill.status, kill.body.status, kill.body.reason]).toEqual([
      200,
      'CANCELED',
      'FILL_OR_KILL_UNFILLED',
    ]);
    const market = await rig.order({ order_type: 'MARKET', time_in_force: 'IOC', price: undefined });
    expect([market.status, market.body.status]).toEqual([200, 'CANCELED']);
  });

  it('amend and cancel', async () => {
    const { body } = await rig.order({ quantity: '0.02' });
    const path = `/api/order/${body.order_id}`;
    const amended = await rig.request('PATCH', path, { price: 59_999, quantity: '0.01' });
    expect(amended.body).toMatchObject({
      status: 'NEW',
      price: '59999',
      quantity: '0.01',
      leaves_quantity: '0.01',
    });
    const half = await rig.request('PATCH', path, { quantity: '0.005' });
    expect(half.body).toMatchObject({ price: '59999', quantity: '0.005' });
    expect((await rig.request('PATCH', path, {})).status).toBe(400);
    const canceled = await rig.request('DELETE', path);
    expect([canceled.status, canceled.body.status, canceled.body.reason]).toEqual([
      200,
      'CANCELED',
      'USER_REQUESTED',
    ]);
    const again = await rig.request('DELETE', path);
    expect([again.status, errorOf(again.body).code]).toEqual([409, 'ORDER_CLOSED']);
    for (const id of ['1', '0', '-1', 'abc', '99999999999999999999', '1099511627776'])
      expect((await rig.request('DELETE', `/api/order/${id}`)).status).toBe(404);
  });

  it('mass cancel counts what it canceled, by symbol and side', async () => {
    await rig.order({ side: 'BUY' });
    await rig.order({ side: 'SELL', price: '61000' });
    await rig.order({ symbol: 'ETH-USD', price: '3000', quantity: '1' });
    expect((await rig.request('DELETE', '/api/orders?symbol=BTC-USD&side=SELL')).body).toEqual({
      canceled: 1,
      reason: null,
    });
    expect((await rig.request('DELETE', '/api/orders')).body).toEqual({ canceled: 2, reason: null });
    expect((await rig.get('/api/orders?status=open')).body.orders).toEqual([]);
  });

  it('the kill switch refuses new orders in its scope and lets cancels pass', async () => {
    const resting = await rig.order();
    const engage = (body: object) => rig.request('POST', '/api/kill-switch', body);
    expect((await engage({ engage: true, scope: 'instrument', symbol: 'BTC-USD' })).body).toEqual({
      engaged: true,
      scope: 'instrument',
      symbol: 'BTC-USD',
    });
    expect((await rig.order()).body.reason).toBe('KILL_SWITCH');
    expect((await rig.order({ symbol: 'ETH-USD', price: '3000', quantity: '1' })).status).toBe(200);
    expect((await rig.request('DELETE', `/api/order/${resting.body.order_id}`)).status).toBe(200);
    await engage({ engage: false, scope: 'instrument', symbol: 'BTC-USD' });
    expect((await rig.order()).status).toBe(200);
    for (const [body, key] of [
      [{ scope: 'global' }, 'engage'],
      [{ engage: 1, scope: 'global' }, 'engage'],
      [{ engage: true, scope: 'all' }, 'scope'],
      [{ engage: true, scope: 'account' }, 'account'],
      [{ engage: true, scope: 'account', account: 77 }, 'account'],
      [{ engage: true, scope: 'global', symbol: 'BTC-USD' }, 'symbol'],
    ] as const) {
      const reply = await engage(body);
      expect([reply.status, errorOf(reply.body).key]).toEqual([400, key]);
    }
    await clear();
  });
});

describe('lists', () => {
  it('orders by symbol, status, account and limit, newest first', async () => {
    const first = await rig.order({ client_order_id: 'list-1' });
    const second = await rig.order({ symbol: 'ETH-USD', price: '3000', quantity: '1', account: 2 });
    const open = (await rig.get('/api/orders?status=OPEN')).body.orders as { order_id: string }[];
    expect(open.map(({ order_id }) => order_id)).toEqual([second.body.order_id, first.body.order_id]);
    const ids = async (query: string) =>
      ((await rig.get(`/api/orders?${query}`)).body.orders as { order_id: string }[]).map(
        (one) => one.order_id,
      );
    expect(await ids('account=2&status=NEW')).toEqual([second.body.order_id]);
    expect(await ids('symbol=BTC-USD&limit=1')).toEqual([first.body.order_id]);
    await rig.request('DELETE', '/api/orders?account=2');
    await clear();
  });

  it('positions follow the fills', async () => {
    await rig.order({ symbol: 'SOL-USD', side: 'SELL', price: '150', quantity: '3', account: 3 });
    await rig.order({ symbol: 'SOL-USD', price: '150', quantity: '2', account: 4 });
    await until(async () => JSON.stringify((await rig.get('/api/positions?account=4')).body).includes('"2"'));
    const positions = async (account: number) =>
      (await rig.get(`/api/positions?symbol=SOL-USD&account=${account}`)).body.positions;
    expect(await positions(4)).toMatchObject([{ account: 4, quantity: '2', average_price: '150' }]);
    expect(await positions(3)).toMatchObject([
      { quantity: '-2', open_sell_quantity: '1', last_price: '150', unrealized_profit: '0' },
    ]);
    await rig.request('DELETE', '/api/orders?account=3');
    // The price that others make later counts for it.
    await rig.order({ symbol: 'SOL-USD', side: 'SELL', price: '149.5', quantity: '1', account: 2 });
    await rig.order({ symbol: 'SOL-USD', price: '149.5', quantity: '1', account: 1 });
    expect(await positions(3)).toMatchObject([
      { realized_profit: '0', unrealized_profit: '1', last_price: '149.5' },
    ]);
    expect(await positions(4)).toMatchObject([{ unrealized_profit: '-1' }]);
  });

  it('queries are checked', async () => {
    for (const [query, key] of [
      ['limit=0', 'limit'],
      ['limit=1001', 'limit'],
      ['limit=x', 'limit'],
      ['limit=5&limit=5', 'limit'],
      ['status=DONE', 'status'],
      ['symbol=NOPE', 'symbol'],
      ['account=-1', 'account'],
      ['__proto__=1', '__proto__'],
    ]) {
      const reply = await rig.get(`/api/orders?${query}`);
      expect([query, reply.status, errorOf(reply.body).key]).toEqual([query, 400, key]);
    }
    expect((await rig.get('/api/book/NOPE')).status).toBe(404);
    expect((await rig.get('/api/book/BTC-USD?depth=0')).status).toBe(400);
    expect((await rig.get('/api/book/%zz')).status).toBe(404);
  });
});

describe('the server', () => {
  it('knows its paths and their methods', async () => {
    expect((await rig.get('/nothing')).status).toBe(404);
    expect((await rig.get('/ws')).status).toBe(426);
    const wrong = await rig.request('PUT', '/api/order');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await rig.get('/api/order/1')).headers.get('allow')).toBe('DELETE, PATCH');
  });

  it('refuses pages of other sites', async () => {
    const foreign = await rig.request('POST', '/api/order', LIMIT_ORDER, { origin: 'http://evil.example' });
    expect([foreign.status, errorOf(foreign.body).code]).toEqual([403, 'FORBIDDEN_ORIGIN']);
    const own = await rig.request('POST', '/api/order', LIMIT_ORDER, { origin: rig.url });
    expect(own.status).toBe(200);
    await clear();
  });

  it('refuses a body over the limit with 413', async () => {
    const reply = await rig
      .request('POST', '/api/order', 'x'.repeat(70_000))
      .catch((error: unknown) => error);
    // The connection is closed right after the reply; a client still sending may see only that.
    if (!(reply instanceof Error)) expect(reply).toMatchObject({ status: 413 });
    expect((await rig.get('/health')).status).toBe(200);
  });

  it('serves the counters that dashboards ask for', async () => {
    await rig.order({ price: '1' });
    const text = String((await rig.get('/metrics')).body.content);
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('orders_processed_total')).toBe(rig.counter('gateway', 'orders_processed_total'));
    expect(value('execution_errors_total')).toBeGreaterThan(0);
    expect(value('order_latency_microseconds_count')).toBe(value('orders_processed_total'));
    expect(value('order_latency_microseconds_sum')).toBeGreaterThan(0);
    expect(text).toMatch(/^order_latency_microseconds\{quantile="0\.99"\} \d/m);
    expect(value('active_positions')).toBe(rig.counter('risk', 'active_positions'));
    expect(text).toMatch(/^millrace_hop_latency_microseconds\{hop="edge_to_risk",quantile="0\.5"\} \d/m);
    expect(text).toMatch(/^millrace_ring_bytes\{ring="events"\} \d/m);
    // Every metric is explained once, before its first sample.
    const names = [...text.matchAll(/^# TYPE (\S+) (?:counter|gauge|summary)$/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    for (const [, name] of text.matchAll(/^([a-z_]+)(?:\{| )/gm))
      expect(names).toContain(name.replace(/(?<=microseconds)_(sum|count)$/, ''));
  });

  it('a command without an answer gets 504, its order stays tracked, and a full ring 429', async () => {
    rig.pauseCore();
    const late = rig.order({ client_order_id: 'late' });
    await until(
      () => rig.counter('gateway', 'orders_total') === rig.counter('gateway', 'orders_processed_total') + 1,
    );
    rig.gateway.doWork(rig.now + 2 * ANSWER_TIMEOUT);
    const reply = await late;
    expect([reply.status, errorOf(reply.body).code]).toEqual([504, 'TIMEOUT']);
    const pending = (await rig.get('/api/orders?status=PENDING_NEW')).body.orders;
    expect(pending).toMatchObject([{ client_order_id: 'late', status: 'PENDING_NEW' }]);
    rig.resumeCore();
    await until(
      async () => ((await rig.get('/api/orders?status=PENDING_NEW')).body.orders as []).length === 0,
    );
    expect((await rig.get('/api/orders?limit=1')).body.orders).toMatchObject([
      { client_order_id: 'late', status: 'NEW' },
    ]);
    await clear();
  });

  it('an amend does not put back what the one before it, not yet answered, changes', async () => {
    const { order_id: id } = (await rig.order()).body;
    const path = `/api/order/${id}`;
    const taken = rig.counter('gateway', 'orders_total');
    rig.pauseCore();
    const first = rig.request('PATCH', path, { quantity: '0.02' });
    await until(() => rig.counter('gateway', 'orders_total') === taken + 1);
    const second = await rig.request('PATCH', path, { price: '59999' });
    expect([second.status, errorOf(second.body).code]).toEqual([409, 'AMEND_PENDING']);
    // One that leaves nothing open depends on no other.
    const third = rig.request('PATCH', path, { price: '59998', quantity: '0.03' });
    await until(() => rig.counter('gateway', 'orders_total') === taken + 2);
    rig.resumeCore();
    expect((await first).body).toMatchObject({ price: '60000', quantity: '0.02' });
    expect((await third).body).toMatchObject({ price: '59998', quantity: '0.03' });
    const last = await rig.request('PATCH', path, { price: '59997' });
    expect(last.body).toMatchObject({ status: 'NEW', price: '59997', quantity: '0.03' });
    await clear();
  });
});
