/** Cancel on disconnect, over live sockets: what a session that asked for it leaves open is canceled, and nothing else. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventFlags, ExecutionType, OrderStatus, OrderType, Reason, Side } from '../../src/lib/enums.js';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';
import { ScriptedCore } from '../support/scripted-core.js';
import { Client, type Message } from '../support/websocket-client.js';

let rig: GatewayRig;
const clients: Client[] = [];
const start = async (...flags: string[]): Promise<void> => {
  rig = await GatewayRig.start(flags);
};
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await rig.stop();
});

const ASKED = '?cancel_on_disconnect=true';
async function open(query = ''): Promise<Client> {
  const client = await Client.open(rig, query);
  clients.push(client);
  return client;
}

/** Enters so many orders at prices of their own; returns their ids. */
async function enter(client: Client, count: number, price = 59_000): Promise<string[]> {
  const replies = Array.from({ length: count }, (_, i) =>
    client.ask({ op: 'order', ...LIMIT_ORDER, price: price - i * 0.01 }),
  );
  return (await Promise.all(replies)).map(({ status, order_id }) => {
    expect(status).toBe('NEW');
    return String(order_id);
  });
}

/** Ids of what is open, sorted. */
async function openOrders(): Promise<string[]> {
  const { orders } = (await rig.get('/api/orders?status=OPEN&limit=1000')).body;
  return (orders as Message[]).map(({ order_id }) => String(order_id)).sort();
}
const untilOpen = async (ids: readonly string[]): Promise<void> => {
  await until(async () => (await openOrders()).join() === [...ids].sort().join(), 10_000);
};
const sent = (): number => rig.counter('gateway', 'disconnect_cancels_total');

describe('who asked', () => {
  beforeEach(() => start());

  it('orders of a session that asked are canceled when it ends; those of others and of REST stay', async () => {
    const rest = String((await rig.order()).body.order_id);
    const [asked, silent, refused] = [
      await open(ASKED),
      await open(),
      await open('?cancel_on_disconnect=false'),
    ];
    await enter(asked, 5);
    const stay = [...(await enter(silent, 3)), ...(await enter(refused, 2)), rest];
    for (const client of [asked, silent, refused]) client.socket.terminate();
    await untilOpen(stay);
    expect(sent()).toBe(5);
    const [canceled] = (await rig.get('/api/orders?status=CANCELED')).body.orders as Message[];
    expect(canceled).toMatchObject({ reason: 'USER_REQUESTED' });
  });

  it('a session can choose later, for its open orders too, and change its mind', async () => {
    const [first, second] = [await open(), await open(ASKED)];
    const told = { type: 'session', cancel_on_disconnect: true };
    await enter(first, 3);
    const stay = await enter(second, 3);
    expect(await first.ask({ op: 'session', cancel_on_disconnect: true })).toMatchObject(told);
    expect(await second.ask({ op: 'session' })).toMatchObject(told);
    expect(await second.ask({ op: 'session', cancel_on_disconnect: false })).toMatchObject({
      cancel_on_disconnect: false,
    });
    await enter(first, 2);
    stay.push(...(await enter(second, 1)));
    await first.close();
    await second.close();
    await untilOpen(stay);
    expect(sent()).toBe(5);
  });

  it('what is wrong with the choice is said', async () => {
    for (const [query, key] of [
      ['?cancel_on_disconnect=yes', 'cancel_on_disconnect'],
      ['?cancel=true', 'cancel'],
    ]) {
      const key64 = 'dGhlIHNhbXBsZSBub25jZQ==';
      const socket = connect({ host: '127.0.0.1', port: rig.gateway.port });
      socket.write(
        `GET /ws${query} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key64}\r\n\r\n`,
      );
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      expect(chunk.toString()).toMatch(/^HTTP\/1.1 400/);
      expect(chunk.toString()).toContain(`"key":"${key}"`);
      socket.destroy();
    }
    const client = await open();
    for (const [message, key] of [
      [{ cancel_on_disconnect: 'yes' }, 'cancel_on_disconnect'],
      [{ heartbeat: 5 }, 'heartbeat'],
    ] as const) {
      expect(await client.ask({ op: 'session', ...message })).toMatchObject({
        type: 'error',
        error: { key },
      });
    }
  });

  it('filled, canceled and amended orders, and one whose answer is still out', async () => {
    const client = await open(ASKED);
    const [filled, canceled, amended] = await enter(client, 3);
    await rig.order({ side: 'SELL', price: '59000' });
    await until(async () => (await rig.get(`/api/orders/${filled}`)).body.status === 'FILLED');
    await rig.request('DELETE', `/api/order/${canceled}`);
    await rig.request('PATCH', `/api/order/${amended}`, { quantity: '0.5', price: '58000' });
    rig.pauseCore();
    const orders = rig.counter('gateway', 'orders_total');
    client.send({ op: 'order', ...LIMIT_ORDER });
    await until(() => rig.counter('gateway', 'orders_total') === orders + 1);
    client.socket.terminate();
    await until(() => sent() === 2);
    rig.resumeCore();
    await untilOpen([]);
    expect(rig.counter('matching', 'resting_orders')).toBe(0);
    expect(sent()).toBe(2);
  });

  it('many sessions at once: exactly the orders of those that asked', async () => {
    const sessions = await Promise.all(Array.from({ length: 120 }, (_, i) => open(i % 2 === 0 ? ASKED : '')));
    const entered = await Promise.all(sessions.map((client, i) => enter(client, 4, 59_000 - i)));
    expect(await openOrders()).toHaveLength(480);
    for (const client of sessions) client.socket.terminate();
    await untilOpen(entered.filter((_ids, i) => i % 2 === 1).flat());
    expect(sent()).toBe(240);
  });
});

describe('how it ends', () => {
  it('the process of the client is killed', async () => {
    await start();
    const entry = fileURLToPath(new URL('../support/disconnect-client.js', import.meta.url));
    const child = fork(entry, [rig.url, '20']);
    await once(child, 'message');
    expect(await openOrders()).toHaveLength(20);
    child.kill('SIGKILL');
    await untilOpen([]);
    expect(sent()).toBe(20);
  });

  it('the connection is half open: the idle timeout ends it', async () => {
    await start('--gateway.idle_timeout_s=8', '--gateway.cancel_on_disconnect=true');
    const socket: Socket = connect({ host: '127.0.0.1', port: rig.gateway.port });
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'readable');
    const payload = Buffer.from(JSON.stringify({ op: 'order', ...LIMIT_ORDER }));
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | 126, 0, payload.length, 0, 0, 0, 0]), payload]));
    await until(async () => (await openOrders()).length === 1);
    // From now on nobody reads: pings get no answer, and no reset tells the server that the peer is gone.
    socket.pause();
    const live = await open();
    await until(async () => (await openOrders()).length === 0, 20_000);
    // A client that answers pings is not idle.
    expect(live.closed).toBeUndefined();
    socket.destroy();
  }, 25_000);

  it('the gateway stops gracefully: the orders go before it does', async () => {
    await start('--gateway.cancel_on_disconnect=true');
    await rig.order();
    await enter(await open(), 50);
    await until(() => rig.counter('matching', 'resting_orders') === 51);
    rig.gateway.stopAccepting();
    await until(() => rig.counter('matching', 'resting_orders') === 1);
    expect(sent()).toBe(50);
  });

  it('the gateway dies: the one after it keeps the promise', async () => {
    await start();
    const rest = String((await rig.order()).body.order_id);
    await enter(await open(ASKED), 30);
    const stay = await enter(await open(), 3);
    await rig.replaceDeadGateway();
    await untilOpen([...stay, rest]);
    // Sessions of the new gateway have numbers that nobody had.
    const client = await open(ASKED);
    expect(await client.ask({ op: 'session' })).toMatchObject({ session_id: '3' });
    const more = await enter(client, 1);
    await untilOpen([...stay, rest, ...more]);
  });
});

describe('when it is hard', () => {
  it('the command ring is full: cancels wait for room, and all are sent', async () => {
    await start('--rings.commands=65536', '--rings.sequenced=65536', '--gateway.cancel_on_disconnect=true');
    const stay = String((await rig.order()).body.order_id);
    const client = await open();
    for (let i = 0; i < 5; i++) await enter(client, 400, 59_000 - i * 5);
    rig.pauseCore();
    client.socket.terminate();
    await until(() => rig.counter('gateway', 'disconnect_ring_full_total') > 3);
    expect(sent()).toBeLessThan(2000);
    rig.resumeCore();
    await untilOpen([stay]);
    expect(sent()).toBe(2000);
    expect(rig.counter('matching', 'resting_orders')).toBe(1);
  });

  it('risk refuses cancels that come too fast: they are sent again', async () => {
    await start('--risk.cancels_per_second=200', '--risk.cancel_burst=20');
    await enter(await open(ASKED), 100);
    clients[0].socket.terminate();
    await untilOpen([]);
    expect(rig.counter('gateway', 'disconnect_cancels_refused_total')).toBeGreaterThan(0);
  });

  it('a bracket that is half filled: its exits are canceled as they come to life', async () => {
    await start();
    const core = new ScriptedCore(rig);
    const client = await open(ASKED);
    const exits = { take_profit_price: '62000', stop_loss_price: '59000' };
    const answer = client.ask({ op: 'order', ...LIMIT_ORDER, ...exits });
    const entry = await core.command();
    const { Answer, Conditional, EndOfCommand, Resting } = EventFlags;
    const accepted = { executionType: ExecutionType.New, status: OrderStatus.New };
    core.answer(entry, { ...accepted, flags: Answer | EndOfCommand | Resting });
    await answer;
    const { orderId } = entry;
    core.trade({
      makerSource: 1,
      makerOrderId: orderId,
      makerLeaves: 60,
      price: 6_000_000,
      quantity: 40,
      tradeId: 1,
    });
    await until(async () => (await rig.get(`/api/orders/${orderId}`)).body.execution_count === 1);
    client.socket.terminate();
    const cancel = await core.command();
    expect(cancel).toMatchObject({ orderId });
    const canceled = { executionType: ExecutionType.Canceled, status: OrderStatus.Canceled };
    core.answer(cancel, { ...canceled, quantity: 100, filledQuantity: 40, leavesQuantity: 0, flags: Answer });
    const exit = { ...accepted, side: Side.Sell, quantity: 40, leavesQuantity: 40 };
    core.report({
      ...exit,
      orderId: orderId + 2,
      orderType: OrderType.Stop,
      stopPrice: 5_900_000,
      flags: Conditional,
    });
    core.report({
      ...{ ...exit, orderId: orderId + 1, orderType: OrderType.Limit, price: 6_200_000 },
      ...{ linkedOrderId: orderId + 2, flags: Conditional | Resting | EndOfCommand },
    });
    const [first, second] = [await core.command(), await core.command()];
    expect([first.orderId, second.orderId].sort()).toEqual([orderId + 1, orderId + 2]);
    for (const command of [first, second]) {
      core.answer(command, { ...canceled, leavesQuantity: 0, reason: Reason.UserRequested });
    }
    await untilOpen([]);
    expect(core.idle).toBe(true);
    expect(sent()).toBe(3);
  });
});
