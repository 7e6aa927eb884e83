/** Matching in several shards as one process: a thread each, orders over HTTP, what happens over ZeroMQ. */
import { afterEach, describe, expect, it } from 'vitest';
import { shardOfNumber } from '../../src/lib/shards.js';
import { MillraceProcess } from '../support/process.js';
import { RemoteSubscriber } from '../support/publisher-rig.js';

/** A thread for each shard, on any machine. */
const threads = (shards: number): string => {
  const matching = ['matching', 'matching-2', 'matching-3', 'matching-4'].slice(0, shards);
  const plans = [
    ...['risk', ...matching, 'gateway', 'publisher', 'strategies'].map((name) => ({ name, agents: [name] })),
    { name: 'market-data', agents: ['market-data'] },
  ];
  return `--threads=${JSON.stringify(plans)}`;
};
const QUIET = '--simulation.enabled=false';
const PRICES = { 'BTC-USD': '60000', 'ETH-USD': '3000', 'SOL-USD': '150' };
const SYMBOLS = Object.keys(PRICES) as (keyof typeof PRICES)[];

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(shards: number, ...flags: string[]): Promise<MillraceProcess> {
  const millrace = await MillraceProcess.start([`--matching.shards=${shards}`, threads(shards), ...flags]);
  cleanups.push(() => millrace.stop('SIGKILL'));
  return millrace;
}

interface OrderMessage {
  readonly seq: number;
  readonly symbol: string | null;
  readonly event_sequence: number;
}

async function metric(millrace: MillraceProcess, name: string): Promise<number> {
  const text = await (await fetch(`${millrace.url}/metrics`)).text();
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

it('two shards: orders in all instruments, their events in order over ZeroMQ, one answer to a mass cancel', async () => {
  const millrace = await start(2, QUIET);
  const endpoint = `tcp://127.0.0.1:${millrace.ports.orders}`;
  const subscriber = new RemoteSubscriber([endpoint]);
  cleanups.push(() => subscriber.stop());
  const messages = (): OrderMessage[] =>
    subscriber
      .from(endpoint)
      .map(({ frames }) => JSON.parse(Buffer.from(frames[frames.length - 1]).toString()));
  const trade = async (symbol: keyof typeof PRICES): Promise<void> => {
    const order = { symbol, price: PRICES[symbol], quantity: '1', order_type: 'LIMIT', time_in_force: 'GTC' };
    expect((await millrace.order({ ...order, side: 'BUY' })).body).toMatchObject({ status: 'NEW' });
    const taker = { ...order, side: 'SELL', quantity: '0.5', account: 2 };
    expect((await millrace.order(taker)).body).toMatchObject({ status: 'FILLED', filled_quantity: '0.5' });
  };
  // A subscription takes a while to reach the publisher.
  while (messages().length === 0) await trade('BTC-USD');
  for (const symbol of SYMBOLS) await trade(symbol);
  const open = (
    (await millrace.get<{ orders: unknown[] }>('/api/orders?status=OPEN&limit=1000')).orders ?? []
  ).length;
  const reply = await fetch(`${millrace.url}/api/orders`, { method: 'DELETE' });
  expect(await reply.json()).toEqual({ canceled: open, reason: null });
  // Counters follow the answer at the end of the duty cycle.
  while ((await metric(millrace, 'millrace_matching_resting_orders')) > 0);
  while ((await metric(millrace, 'millrace_risk_open_orders')) > 0);

  await subscriber.until(() => messages().filter(({ symbol }) => symbol === 'SOL-USD').length >= 5);
  for (const symbol of SYMBOLS) expect(messages().some((message) => message.symbol === symbol)).toBe(true);
  const last = new Map<number, number>();
  for (const { symbol, event_sequence: sequence } of messages()) {
    const shard = shardOfNumber(sequence);
    // Both shards report the end of a mass cancel over all instruments, which names none.
    if (symbol !== null) expect(shard).toBe(symbol === 'ETH-USD' ? 1 : 0);
    expect(sequence).toBeGreaterThanOrEqual(last.get(shard) ?? 0);
    last.set(shard, sequence);
  }
  expect(await millrace.stop()).toEqual({ code: 0, signal: null });
});

describe('the simulated market at full speed', () => {
  it.each([2, 4])('over %i shards ends in order, all orders canceled', async (shards) => {
    const millrace = await start(
      shards,
      '--simulation.rate=20000',
      `--instruments=${JSON.stringify(instruments(shards * 2))}`,
    );
    const matched = async (): Promise<number> => metric(millrace, 'millrace_matching_trades_total');
    while ((await matched()) < 3000) await new Promise((done) => setTimeout(done, 50));
    const text = await (await fetch(`${millrace.url}/metrics`)).text();
    for (const agent of ['matching', 'matching-2', 'matching-3', 'matching-4'].slice(0, shards)) {
      expect(text).toMatch(new RegExp(`^millrace_matching_trades_total\\{agent="${agent}"\\} [1-9]`, 'm'));
    }
    expect(await metric(millrace, 'millrace_errors_total')).toBe(0);
    expect(await millrace.stop(), millrace.stderr).toEqual({ code: 0, signal: null });
    expect(millrace.stderr).not.toMatch(/were still open at the end/);
  });
});

function instruments(count: number): object[] {
  return Array.from({ length: count }, (_, n) => {
    const base_currency = `C${n}`;
    const terms = {
      tick_size: '0.01',
      lot_size: '0.001',
      quote_currency: 'USD',
      reference_price: String(100 + n),
    };
    return { symbol: `${base_currency}-USD`, base_currency, ...terms };
  });
}

it('one shard that is lost ends the process with 1, as matching does', async () => {
  const drills = JSON.stringify([{ agent: 'matching-2', action: 'exit', after_ms: 300 }]);
  const millrace = await start(2, `--drills=${drills}`);
  expect(await millrace.exited()).toEqual({ code: 1, signal: null });
  expect(millrace.stderr).toMatch(
    /stage matching-2 died(.|\n)*stage matching-2 is lost, trading cannot go on/,
  );
});
