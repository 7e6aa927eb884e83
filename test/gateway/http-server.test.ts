/** The HTTP server by itself: replies that the client takes slowly, or not at all. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { collectLog } from '../../src/telemetry/agent-log.js';
import { CounterWriter } from '../../src/telemetry/board.js';
import { Guard } from '../../src/workers/gateway/guard.js';
import { HttpServer } from '../../src/workers/gateway/http-server.js';
import { type Route, RouteTable } from '../../src/workers/gateway/routes.js';
import { createSystem } from '../../src/workers/system.js';
import { until } from '../support/gateway-rig.js';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

/** A server that answers GET / with `body`, and a connection to it that reads nothing yet. */
async function serve(body: string, loopback = true): Promise<{ socket: Socket; served: () => number }> {
  let served = 0;
  const route: Route = {
    method: 'GET',
    path: '/',
    takesBody: false,
    handle: ({ exchange }) => {
      served++;
      exchange.reply(200, body);
    },
  };
  const { telemetry } = createSystem(loadConfig({ env: {}, flags: [] }).config, 1);
  const counters = new CounterWriter(telemetry, 'gateway');
  const server = new HttpServer<object>({
    routes: new RouteTable([route]),
    websocket: {},
    admit: () => ({}),
    counters,
    guard: new Guard(collectLog(), counters),
    maximumBodyBytes: 1000,
    maximumConnections: 10,
    loopback,
  });
  const port = await server.listen('127.0.0.1', 0);
  opened.push(() => server.close());
  const socket = connect({ host: '127.0.0.1', port }).pause();
  socket.on('error', () => {});
  opened.push(() => socket.destroy());
  await once(socket, 'connect');
  return { socket, served: () => served };
}

const request = (method: string, path = '/') => `${method} ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

it('a body far larger than what the system buffers arrives whole, however late it is read', async () => {
  const body = 'täglich '.repeat(4_000_000);
  const { socket, served } = await serve(body);
  socket.write(request('GET'));
  await until(() => served() === 1);
  const expected = Buffer.from(body);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
  const received = () => chunks.reduce((sum, { length }) => sum + length, 0);
  await until(() => received() > expected.length);
  const reply = Buffer.concat(chunks);
  const head = reply.subarray(0, reply.indexOf('\r\n\r\n') + 4);
  expect(head.toString()).toContain(`Content-Length: ${expected.length}\r\n`);
  await until(() => received() === head.length + expected.length);
  expect(Buffer.concat(chunks).subarray(head.length).equals(expected)).toBe(true);
  // The connection is good for another.
  chunks.length = 0;
  socket.write(request('GET'));
  await until(() => received() === head.length + expected.length);
});

it('a client that goes on asking and reads nothing is cut off before its replies fill the memory', async () => {
  const { socket, served } = await serve('x'.repeat(1 << 20));
  let open = true;
  socket.on('close', () => {
    open = false;
  });
  const batch = request('GET').repeat(100);
  for (let n = 0; n < 10 && open; n++) {
    socket.write(batch);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(() => !open);
  // What the sockets of both sides can hold, some 10 MB, and not the 1000 replies asked for.
  expect(served()).toBeLessThan(100);
});

it('the reply to HEAD has no body, so that the next reply is found where it begins', async () => {
  const { socket } = await serve('the body');
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.resume().write(request('HEAD', '/nowhere') + request('GET'));
  await until(() => text.endsWith('the body'));
  const [first, second] = text.split('\r\n\r\n');
  expect(first).toMatch(/^HTTP\/1.1 404 /);
  expect(second).toMatch(/^HTTP\/1.1 200 /);
});

it.each([
  [true, 'localhost:8080', 200],
  [true, '127.0.0.1:8080', 200],
  [true, '[::1]:8080', 200],
  // A name of somebody's that leads to 127.0.0.1: the browser takes his page for one of ours.
  [true, 'evil.example:8080', 403],
  [true, '127.0.0.1.evil.example', 403],
  [false, 'trading.example', 200],
])('a page of its own host: on loopback %s, host %s, status %d', async (loopback, host, status) => {
  const { socket } = await serve('ok', loopback);
  socket.resume().write(`GET / HTTP/1.1\r\nhost: ${host}\r\norigin: http://${host}\r\n\r\n`);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  expect(reply.toString('latin1')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});
