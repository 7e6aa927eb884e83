/** What is bounded: connections, and market data that the gateway does not read in time. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { GatewayRig, LIMIT_ORDER, until } from '../support/gateway-rig.js';

/** Few enough for a snapshot to fit the ring, changed often enough to go round it. */
const LEVELS = 500;

let rig: GatewayRig;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await rig.stop();
});

async function open(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: rig.gateway.port });
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function statusOf(socket: Socket): Promise<string> {
  socket.write('GET /api/instruments HTTP/1.1\r\nHost: x\r\n\r\n');
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString('latin1').slice(9, 12);
}

it('connections over the limit are refused, and taken again when others are gone', async () => {
  rig = await GatewayRig.start(['--gateway.max_connections=3']);
  const held = [await open(), await open()];
  const ws = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`);
  await once(ws, 'open');
  for (const socket of held) expect(await statusOf(socket)).toBe('200');
  expect(await statusOf(await open())).toBe('503');
  ws.close();
  await once(ws, 'close');
  held[0].destroy();
  await until(async () => (await statusOf(await open())) === '200');
});

it('lapped by the market ring, it withdraws its books until the next snapshots, and counts', async () => {
  rig = await GatewayRig.start(['--rings.market=65536']);
  const ws = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`);
  await once(ws, 'open');
  await until(async () => (await rig.get('/api/book/BTC-USD')).status === 200);
  const sequences: number[] = [];
  const watcher = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`);
  watcher.on('message', (data) => sequences.push((JSON.parse(String(data)) as { seq: number }).seq));
  await once(watcher, 'open');
  watcher.send('{"op":"subscribe","channel":"trades"}');
  await until(() => sequences.length === 1);
  // The gateway takes orders in but reads nothing.
  rig.resumeCoreAlone();
  const orders = 18 * LEVELS;
  for (let i = 0; i < orders; i++) {
    const price = (60_000 - (i % LEVELS) * 0.01).toFixed(2);
    ws.send(JSON.stringify({ op: 'order', ...LIMIT_ORDER, quantity: '0.0001', price }));
  }
  await until(() => rig.counter('market-data', 'events_total') === orders);
  // Until the duty cycle of market data that has published them is over.
  rig.gateway.doWork(rig.now);
  const laps = rig.counter('gateway', 'laps_total');
  expect(laps).toBeGreaterThan(0);
  rig.resumeCore();
  // There may have been trades among what was lost: their subscriber sees numbers missing.
  watcher.send('{"op":"ping"}');
  await until(() => sequences.length === 2);
  expect(sequences).toEqual([1, 2 + laps]);
  watcher.close();
  await once(watcher, 'close');
  await until(async () => (await rig.get('/api/book/BTC-USD')).status === 200);
  const { bids } = (await rig.get('/api/book/BTC-USD?depth=1000')).body as { bids: [string, string][] };
  expect([bids.length, bids[0], bids.at(-1)]).toEqual([LEVELS, ['60000', '0.0018'], ['59995.01', '0.0018']]);
  ws.close();
  await once(ws, 'close');
});
