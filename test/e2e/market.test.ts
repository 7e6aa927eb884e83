/** The product as a stranger meets it: one process, the default market, clients over real sockets. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MillraceProcess } from '../support/process.js';
import { ON_CI, pythonWith } from '../support/python.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const python = pythonWith('zmq');
let millrace: MillraceProcess;

beforeAll(async () => {
  millrace = await MillraceProcess.start();
});

afterAll(async () => {
  expect(await millrace.stop()).toEqual({ code: 0, signal: null });
});

interface OrderReply {
  readonly order_id: string;
  readonly status: string;
  readonly filled_quantity: string;
  readonly average_price: string | null;
  readonly fills: readonly { readonly price: string; readonly quantity: string }[];
}

/** A market order needs someone to trade with: the makers quote as soon as they have seen their books. */
async function marketOrder(id: string): Promise<OrderReply> {
  for (;;) {
    const body = {
      symbol: 'BTC-USD',
      side: 'BUY',
      quantity: '0.001',
      order_type: 'MARKET',
      time_in_force: 'IOC',
    };
    const { body: reply } = await millrace.order<OrderReply>({
      client_order_id: `${id}-${performance.now()}`,
      ...body,
    });
    if (reply.status === 'FILLED') return reply;
    await new Promise((done) => setTimeout(done, 50));
  }
}

it('an order over HTTP fills against the simulated market, and is seen over WebSocket', async () => {
  const socket = new WebSocket(`${millrace.url.replace('http', 'ws')}/ws`);
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Record<string, unknown>));
  await once(socket, 'open');
  socket.send(JSON.stringify({ op: 'subscribe', channel: 'orders' }));
  socket.send(JSON.stringify({ op: 'subscribe', channel: 'book', symbol: 'BTC-USD' }));
  while (!messages.some(({ type }) => type === 'book')) await once(socket, 'message');

  const reply = await marketOrder('http');
  expect(reply.filled_quantity).toBe('0.001');
  expect(reply.fills.length).toBeGreaterThan(0);
  expect(Number(reply.average_price)).toBeGreaterThan(0);
  while (!messages.some((message) => message.order_id === reply.order_id)) await once(socket, 'message');
  socket.close();
  expect(await millrace.get(`/api/orders/${reply.order_id}`)).toMatchObject({ status: 'FILLED' });
});

it.skipIf(python === undefined && !ON_CI)(
  'a Python subscriber reads trades and books of the documented shape',
  async () => {
    if (python === undefined) throw new Error('no Python with zmq: apt-get install python3-zmq');
    const read = async (port: number): Promise<Record<string, unknown>[]> => {
      const args = [
        'examples/python/subscribe.py',
        '--json',
        '--count',
        '5',
        '--timeout',
        '30',
        `tcp://127.0.0.1:${port}`,
      ];
      const child = spawn(python, args, { cwd: ROOT });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      const [code] = await once(child, 'close');
      expect(code, text).toBe(0);
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const [trades, books] = await Promise.all([read(millrace.ports.trades), read(millrace.ports.books)]);
    const common = ['exchange', 'symbol', 'timestamp_ns', 'receipt_timestamp_ns', 'seq'];
    for (const trade of trades) {
      const own = ['price', 'amount', 'side', 'transaction_price', 'trading_volume', 'volatility'];
      expect(Object.keys(trade)).toEqual(expect.arrayContaining([...common, ...own]));
    }
    for (const book of books) {
      const features = [
        'midpoint',
        'relative_spread',
        'breadth',
        'imbalance_lvl1',
        'bid_depth_n',
        'ask_depth_n',
      ];
      const keys = [...common, 'bids', 'asks', ...features, 'volatility_mid', 'ofi_rolling'];
      expect(Object.keys(book)).toEqual(expect.arrayContaining(keys));
    }
    const numbers = books.map(({ seq }) => seq as number);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0] + i));
  },
);

it('positions of all accounts sum to zero, and metrics name what happened', async () => {
  await marketOrder('positions');
  const metrics = await (await fetch(`${millrace.url}/metrics`)).text();
  for (const name of [
    'orders_processed_total',
    'order_latency_microseconds',
    'active_positions',
    'execution_errors_total',
  ]) {
    expect(metrics).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  }
  expect(Number(/^orders_processed_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(2);
});
