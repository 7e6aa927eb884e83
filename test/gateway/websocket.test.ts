/** The WebSocket endpoint over live sockets: order entry, subscriptions, sequence numbers, and slow clients. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';
import { Client, type Message } from '../support/websocket-client.js';

let rig: GatewayRig;
const clients: Client[] = [];
async function open(): Promise<Client> {
  const client = await Client.open(rig);
  clients.push(client);
  return client;
}
beforeAll(async () => {
  rig = await GatewayRig.start(['--gateway.max_backpressure_bytes=65536']);
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await rig.stop();
});

describe('order entry', () => {
  it('orders, amends, cancels; answers carry the id and the shape of the REST replies', async () => {
    const client = await open();
    const entered = await client.ask({ op: 'order', ...LIMIT_ORDER, client_order_id: 'ws-1' });
    expect(entered).toMatchObject({ type: 'order', client_order_id: 'ws-1', status: 'NEW', fills: [] });
    const { order_id } = entered;
    expect(await client.ask({ op: 'amend', order_id, quantity: '0.02' })).toMatchObject({
      type: 'amend',
      quantity: '0.02',
    });
    expect(await client.ask({ op: 'cancel', order_id })).toMatchObject({
      type: 'cancel',
      status: 'CANCELED',
    });
    expect(await client.ask({ op: 'cancel', order_id: Number(order_id) })).toMatchObject({
      type: 'error',
      error: { code: 'ORDER_CLOSED' },
    });
    expect(await client.ask({ op: 'order', ...LIMIT_ORDER, price: '90000' })).toMatchObject({
      type: 'order',
      status: 'REJECTED',
      reason: 'PRICE_COLLAR',
    });
    await client.ask({ op: 'order', ...LIMIT_ORDER });
    expect(await client.ask({ op: 'mass_cancel', symbol: 'BTC-USD' })).toMatchObject({
      type: 'mass_cancel',
      canceled: 1,
    });
    expect(await client.ask({ op: 'ping' })).toMatchObject({ type: 'ping' });
  });

  it('what is wrong with a message is said, and the connection goes on', async () => {
    const client = await open();
    for (const [message, code, key] of [
      ['{', 'MALFORMED_JSON', null],
      ['[]', 'MALFORMED_JSON', null],
      ['{"op":"ping","op":"ping"}', 'DUPLICATE_KEY', 'op'],
      ['{}', 'MISSING_KEY', 'op'],
      ['{"op":"fly"}', 'INVALID_VALUE', 'op'],
      ['{"op":"ping","id":{}}', 'WRONG_TYPE', 'id'],
      ['{"op":"cancel"}', 'MISSING_KEY', 'order_id'],
      ['{"op":"cancel","order_id":"5"}', 'NOT_FOUND', 'order_id'],
      ['{"op":"subscribe"}', 'MISSING_KEY', 'channel'],
      ['{"op":"subscribe","channel":"news"}', 'INVALID_VALUE', 'channel'],
      ['{"op":"subscribe","channel":"book","symbol":"X"}', 'UNKNOWN_SYMBOL', 'symbol'],
      ['{"op":"subscribe","channel":"book","depth":0}', 'INVALID_VALUE', 'depth'],
      ['{"op":"subscribe","channel":"trades","depth":1}', 'UNKNOWN_KEY', 'depth'],
      ['{"op":"order","symbol":"BTC-USD"}', 'MISSING_KEY', 'side'],
    ] as const) {
      const seen = client.messages.length;
      client.send(message);
      await until(() => client.messages.length > seen);
      expect([message, client.messages[seen]]).toMatchObject([
        message,
        { type: 'error', error: { code, key } },
      ]);
    }
    client.socket.send(Buffer.from([1, 2, 3]));
    await client.wait((message) => (message.error as Message | undefined)?.code === 'MALFORMED_RECORD');
    expect(await client.ask({ op: 'ping' })).toMatchObject({ type: 'ping' });
  });
});

describe('subscriptions', () => {
  it('books, trades, own orders and positions', async () => {
    const client = await open();
    const trader = await open();
    for (const message of [
      { channel: 'book', symbol: 'ETH-USD', depth: 2 },
      { channel: 'trades', symbol: 'ETH-USD' },
      { channel: 'orders', account: 2 },
      { channel: 'positions', account: 2 },
    ])
      expect(await client.ask({ op: 'subscribe', ...message })).toMatchObject({
        type: 'subscribe',
        channel: message.channel,
      });
    const eth = { op: 'order', ...LIMIT_ORDER, symbol: 'ETH-USD', quantity: '1' };
    const sell = await trader.ask({
      ...eth,
      side: 'SELL',
      price: '3001',
      account: 2,
      client_order_id: 'seller',
    });
    await client.wait(({ type, asks }) => type === 'book' && JSON.stringify(asks) === '[["3001","1"]]');
    await trader.ask({ ...eth, price: '3001', quantity: '0.25', account: 3 });
    await client.wait(({ type, asks }) => type === 'book' && JSON.stringify(asks) === '[["3001","0.75"]]');
    expect(await client.wait(({ type }) => type === 'trade')).toMatchObject({
      symbol: 'ETH-USD',
      price: '3001',
      quantity: '0.25',
      taker_side: 'BUY',
    });
    const executions = () => client.messages.filter(({ type }) => type === 'execution');
    await until(() => executions().length === 2);
    expect(executions()).toMatchObject([
      { execution_type: 'NEW', order_id: sell.order_id, status: 'NEW', fill: null },
      {
        execution_type: 'TRADE',
        client_order_id: 'seller',
        status: 'PARTIALLY_FILLED',
        fill: { quantity: '0.25', liquidity: 'MAKER' },
      },
    ]);
    await client.wait(({ type, quantity }) => type === 'position' && quantity === '-0.25');
    expect(await client.ask({ op: 'unsubscribe', channel: 'orders' })).toMatchObject({ type: 'unsubscribe' });
    await trader.ask({ op: 'cancel', order_id: sell.order_id });
    await client.wait(({ type, asks }) => type === 'book' && JSON.stringify(asks) === '[]');
    expect(executions().length).toBe(2);
  });

  it('a client that went away is forgotten', async () => {
    const before = rig.counter('gateway', 'websocket_clients');
    const client = await open();
    await client.ask({ op: 'subscribe', channel: 'orders' });
    expect(rig.counter('gateway', 'websocket_clients')).toBe(before + 1);
    await client.close();
    await until(() => rig.counter('gateway', 'websocket_clients') === before);
    expect((await rig.order()).status).toBe(200);
    await rig.request('DELETE', '/api/orders');
  });
});

/** A WebSocket client that never reads. */
async function deafClient(): Promise<{ closed: () => boolean; send: (text: string) => void }> {
  const socket = connect({ host: '127.0.0.1', port: rig.gateway.port });
  let closed = false;
  socket.on('close', () => {
    closed = true;
  });
  socket.on('error', () => {});
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(socket, 'readable');
  const send = (text: string): void => {
    const payload = Buffer.from(text);
    // Masked with zeros: a text frame of at most 125 bytes.
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  };
  return { closed: () => closed, send };
}

it('a client that does not read is cut off with bounded memory, and nobody else notices', async () => {
  const healthy = await open();
  await healthy.ask({ op: 'subscribe', channel: 'orders' });
  const clientsBefore = rig.counter('gateway', 'websocket_clients');
  const deaf = await deafClient();
  deaf.send('{"op":"session","cancel_on_disconnect":true}');
  deaf.send(
    '{"op":"order","symbol":"BTC-USD","side":"BUY","quantity":"0.01","price":"59000","order_type":"LIMIT"}',
  );
  deaf.send('{"op":"subscribe","channel":"orders"}');
  await until(() => rig.counter('gateway', 'websocket_clients') === clientsBefore + 1);
  let rounds = 0;
  // Each order is two messages of half a kilobyte; the kernel's buffers take a few megabytes before ours fill.
  while (rig.counter('gateway', 'websocket_clients') > clientsBefore && rounds++ < 400) {
    for (let i = 0; i < 32; i++)
      healthy.send({ op: 'order', ...LIMIT_ORDER, time_in_force: 'IOC', id: `r${rounds}` });
    await healthy.ask({ op: 'ping' });
  }
  expect(rig.counter('gateway', 'websocket_clients')).toBe(clientsBefore);
  expect(rig.counter('gateway', 'websocket_dropped_total')).toBeGreaterThanOrEqual(1);
  // Its order goes with it, in the middle of what it was told of the others'.
  await until(async () => ((await rig.get('/api/orders?status=OPEN')).body.orders as Message[]).length === 0);
  expect(rig.counter('gateway', 'disconnect_cancels_total')).toBe(1);
  expect(await healthy.ask({ op: 'ping' })).toMatchObject({ type: 'ping' });
}, 30_000);
