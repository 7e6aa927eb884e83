/** Requests and frames as no sound client sends them, by seed, and a socket that sends them. */
import { connect } from 'node:net';
import { LIMIT_ORDER } from '../support/gateway-rig.js';

/** Mulberry32: small, seeded, good enough to choose among cases. */
export function randomSource(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

type Random = (below: number) => number;

/** One connection's worth of bytes, sent in pieces. */
export interface Attack {
  readonly kind: string;
  readonly pieces: readonly Buffer[];
  /** Hang up right after the last piece, without waiting for an answer. */
  readonly abort: boolean;
}

const pick = <T>(random: Random, values: readonly T[]): T => values[random(values.length)];
const bytes = (random: Random, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => random(256)));

const BODIES: readonly string[] = [
  JSON.stringify(LIMIT_ORDER),
  JSON.stringify({ ...LIMIT_ORDER, time_in_force: 'IOC' }),
  JSON.stringify({ ...LIMIT_ORDER, quantity: 1e308 }),
  JSON.stringify({ ...LIMIT_ORDER, quantity: -1, price: 'NaN' }),
  '{"quantity":NaN}',
  '{"quantity":1e999999,"symbol":"BTC-USD","side":"BUY","order_type":"MARKET"}',
  `{"symbol":"BTC-USD","side":"BUY","order_type":"LIMIT","price":"1.${'0'.repeat(20_000)}1","quantity":"1"}`,
  '{"__proto__":{"side":"BUY"},"constructor":1}',
  '{"side":"BUY","side":"SELL"}',
  '[['.repeat(5000),
  '{"a":'.repeat(3000),
  '"',
  '',
  'null',
  '{"client_order_id":"\\ud800","symbol":"\\u0000"}',
  '{}{}',
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'FOO', 'get'];
const PATHS = [
  '/api/order',
  '/api/orders?limit=1',
  '/api/orders?limit=%00&status=%ff',
  '/api/order/1099511627777',
  '/api/order/%2e%2e%2f',
  '/api/book/%zz',
  '/api/book/BTC-USD',
  '/health',
  '/metrics',
  '//',
  '/nothing',
  '/api/orders/1',
  '/api/positions/1',
  '/ws',
  `/${'a'.repeat(3000)}`,
];

function mutated(random: Random, text: string): Buffer {
  const copy = Buffer.from(text);
  for (let i = random(4); i >= 0 && copy.length > 0; i--) copy[random(copy.length)] = random(256);
  return copy;
}

function post(
  body: Buffer,
  length: string | number = body.length,
  path = '/api/order',
  method = 'POST',
): Buffer {
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`),
    body,
  ]);
}

function chunked(random: Random, body: Buffer): Buffer {
  const size = pick(random, [body.length.toString(16), 'ffffffff', '-1', 'zz', '0']);
  const head = 'POST /api/order HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  return Buffer.concat([Buffer.from(`${head}${size}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
}

const HANDSHAKE =
  'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** A frame; most are masked and well formed outside, some are not. */
function frame(random: Random, payload: Buffer): Buffer {
  const first = pick(random, [0x81, 0x81, 0x81, 0x82, 0x01, 0x00, 0x80, 0x88, 0x89, 0x8a, 0x83, 0xf1]);
  const mask = random(10) === 0 ? 0 : 0x80;
  const claimed = random(12) === 0 ? payload.length + random(70_000) : payload.length;
  const head =
    claimed < 126
      ? Buffer.from([first, mask | claimed])
      : Buffer.from([first, mask | 126, (claimed >> 8) & 0xff, claimed & 0xff]);
  return Buffer.concat([head, Buffer.alloc(mask === 0 ? 0 : 4), payload]);
}

function webSocketMessage(random: Random): Buffer {
  const order = JSON.stringify({ op: 'order', ...LIMIT_ORDER, time_in_force: 'IOC', id: random(1000) });
  const texts = [
    order,
    '{"op":"subscribe","channel":"orders"}',
    '{"op":"subscribe","channel":"book","depth":1000}',
    '{"op":"cancel","order_id":1099511627777}',
    '{"op":"amend","order_id":"1099511627777","price":"1"}',
    '{"op":"mass_cancel"}',
    '{"op":"ping","id":"\\u2028"}',
    ...BODIES,
  ];
  const text = pick(random, texts);
  return random(3) === 0
    ? mutated(random, text)
    : random(8) === 0
      ? bytes(random, random(200))
      : Buffer.from(text);
}

const KINDS: readonly ((random: Random) => Omit<Attack, 'abort'>)[] = [
  (random) => ({ kind: 'body', pieces: [post(Buffer.from(pick(random, BODIES)))] }),
  (random) => ({ kind: 'mutated body', pieces: [post(mutated(random, pick(random, BODIES)))] }),
  (random) => {
    const whole = post(Buffer.from(BODIES[random(2)]));
    return { kind: 'half sent', pieces: [whole.subarray(0, random(whole.length))] };
  },
  (random) => {
    const whole = post(Buffer.from(BODIES[random(2)]));
    const cut = 1 + random(whole.length - 1);
    return { kind: 'in two pieces', pieces: [whole.subarray(0, cut), whole.subarray(cut)] };
  },
  (random) => {
    const length = pick(random, ['-1', '1e3', '99999999999999999999', '', '0', '7', '70000', '65536', 'abc']);
    return { kind: 'wrong length', pieces: [post(Buffer.from(BODIES[0]), length)] };
  },
  (random) => ({ kind: 'chunked', pieces: [chunked(random, Buffer.from(pick(random, BODIES)))] }),
  (random) => ({ kind: 'garbage', pieces: [bytes(random, 1 + random(2000))] }),
  (random) => {
    const request = `${pick(random, METHODS)} ${pick(random, PATHS)} HTTP/1.${pick(random, [1, 1, 1, 0, 2])}\r\nHost: x\r\n\r\n`;
    return {
      kind: 'request line',
      pieces: [random(3) === 0 ? mutated(random, request) : Buffer.from(request)],
    };
  },
  (random) => {
    const path = `/api/order/${1_099_511_627_777 + random(50)}`;
    const body = mutated(random, '{"quantity":"0.02","price":"59000"}');
    return { kind: 'change', pieces: [post(body, body.length, path, pick(random, ['PATCH', 'DELETE']))] };
  },
  (random) => {
    const one = post(Buffer.from(BODIES[random(4)]));
    return { kind: 'pipelined', pieces: [Buffer.concat(Array.from({ length: 1 + random(5) }, () => one))] };
  },
  (random) => {
    const header = `x-${random(9)}: ${'h'.repeat(random(9000))}\r\n`.repeat(1 + random(120));
    return { kind: 'headers', pieces: [Buffer.from(`GET /health HTTP/1.1\r\nHost: x\r\n${header}\r\n`)] };
  },
  (random) => {
    const frames = Array.from({ length: 1 + random(6) }, () => frame(random, webSocketMessage(random)));
    return { kind: 'frames', pieces: [Buffer.from(HANDSHAKE), ...frames] };
  },
];

export function attack(random: Random): Attack {
  return { ...pick(random, KINDS)(random), abort: random(3) === 0 };
}

/** Sends an attack and resolves to what came back, after the server's close or `patience` ms of silence. */
export function perform(port: number, { pieces, abort }: Attack, patience: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const received: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(received).toString('latin1'));
    };
    socket.on('error', () => {});
    socket.on('close', finish);
    socket.on('data', (data) => {
      received.push(data);
      timer?.refresh();
    });
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        await new Promise((sent) => socket.write(piece, sent));
        if (pieces.length > 1) await new Promise(setImmediate);
      }
      if (abort) socket.resetAndDestroy();
      // Client and server share this thread: what waits in the socket is read before the silence counts.
      else timer = setTimeout(() => setImmediate(() => setImmediate(finish)), patience);
    });
  });
}
