import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import { ENDPOINTS } from '../../src/workers/publisher-agent.js';
import { encodeMarketTrade, writeFeatures, writeMarketTrade } from '../support/market-records.js';
import { PublisherRig } from '../support/publisher-rig.js';
import {
  FEATURES,
  marketTrade,
  parsed,
  startRig,
  subscribe,
  writeEvents,
  writeSnapshot,
  writeUpdate,
} from './publishing.js';

/** `seq` of messages in a row: rises by one. */
function expectGapFree(messages: readonly Record<string, unknown>[]): void {
  const first = messages[0].seq as number;
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => first + index));
}

it('sends every endpoint to another process, each with a gap-free seq, and records as they are', async () => {
  const rig = await startRig(['--publisher.book_interval_ms=0']);
  const { endpoints } = rig;
  const subscriber = subscribe(Object.values(endpoints));
  let sequence = 0;
  const step = (): void => {
    sequence++;
    writeSnapshot(rig, sequence);
    writeFeatures(rig.producer('market'), FEATURES);
    writeMarketTrade(rig.producer('market'), marketTrade(sequence));
    writeEvents(rig, sequence);
    rig.settle(sequence * 1e6);
  };
  await subscriber.until(() => ENDPOINTS.every((name) => subscriber.from(endpoints[name]).length > 0), step);
  const heardFrom = sequence;
  for (let i = 0; i < 2000; i++) step();
  const last = (name: 'trades' | 'books' | 'orders' | 'positions'): unknown =>
    parsed(subscriber, endpoints[name]).at(-1)?.seq;
  await subscriber.until(
    () =>
      last('trades') === sequence &&
      last('books') === sequence &&
      last('orders') === 3 * sequence &&
      last('positions') === sequence &&
      subscriber.from(endpoints.binary).length >= 6 * (sequence - heardFrom),
  );
  for (const name of ['trades', 'books', 'orders', 'positions'] as const) {
    const messages = subscriber.from(endpoints[name]);
    expect(messages.every(({ frames }) => frames.length === 1)).toBe(true);
    expectGapFree(parsed(subscriber, endpoints[name]));
  }
  expect(rig.counter('trades_total')).toBe(sequence);
  expect(rig.counter('orders_total')).toBe(3 * sequence);
  expect(rig.counter('binary_total')).toBe(6 * sequence);
  expect(rig.counter('send_errors_total')).toBe(0);

  const binary = subscriber.from(endpoints.binary).map(({ frames }) => frames);
  const topics = new Set(binary.map(([topic]) => topic));
  const types = ['BookSnapshot', 'Features', 'MarketTrade', 'Trade', 'ExecutionReport', 'PositionUpdate'];
  expect([...topics].sort()).toEqual(types.map((type) => `${type}.BTC-USD`).sort());
  const words = new Int32Array(MarketTrade.BYTES / 4);
  const trades = binary.filter(([topic]) => topic === 'MarketTrade.BTC-USD');
  const firstSequence = sequence - trades.length + 1;
  trades.forEach(([, payload], index) => {
    encodeMarketTrade(words, 0, marketTrade(firstSequence + index));
    expect(payload).toBe(Buffer.from(words.buffer).toString('latin1'));
  });
});

it('withdraws its books when it is lapped, says so, and shows them again from the next snapshot on', async () => {
  const rig = await startRig(['--rings.market=65536', '--publisher.book_interval_ms=0']);
  const subscriber = subscribe([rig.endpoints.books]);
  let now = 0;
  const step = (write: () => void): void => {
    write();
    now += 1e6;
    rig.settle(now);
  };
  await subscriber.until(
    () => subscriber.received.length > 0,
    () => step(() => writeSnapshot(rig, 1, 5)),
  );
  const before = rig.counter('books_total');
  for (let i = 0; i < 2000; i++) writeUpdate(rig, 2 + i, 1);
  step(() => {});
  expect(rig.counter('laps_total')).toBe(1);
  // Everything behind the one copy in hand is gone: 2000 records of 96 bytes.
  expect(rig.counter('lost_bytes_total')).toBeGreaterThanOrEqual(2000 * 96);
  step(() => writeUpdate(rig, 3000, 2));
  expect(rig.counter('books_total')).toBe(before);
  step(() => writeSnapshot(rig, 3001, 4));
  step(() => writeUpdate(rig, 3002, 3));
  expect(rig.counter('books_total')).toBe(before + 2);
  await subscriber.until(() => parsed(subscriber, rig.endpoints.books).at(-1)?.seq === before + 2);
  const books = parsed(subscriber, rig.endpoints.books).slice(-2) as { bids: number[][] }[];
  expect(books.map(({ bids }) => bids[0])).toEqual([
    [59999, 0.0004],
    [59999, 0.0003],
  ]);
});

it('is neither stalled nor fattened by a subscriber that stops reading', async () => {
  const rig = await startRig(['--publisher.high_water_mark=100', '--rings.market=65536']);
  const subscriber = subscribe([rig.endpoints.trades]);
  let sequence = 0;
  const burst = (records: number): void => {
    for (let i = 0; i < records; i++) writeMarketTrade(rig.producer('market'), marketTrade(++sequence));
    rig.settle(sequence * 1000);
  };
  await subscriber.until(
    () => subscriber.received.length > 0,
    () => burst(1),
  );
  subscriber.child.kill('SIGSTOP');
  const warm = 20_000;
  while (sequence < warm) {
    burst(100);
    await new Promise(setImmediate);
  }
  const memory = process.memoryUsage.rss();
  const total = 300_000;
  while (sequence < total) {
    burst(100);
    await new Promise(setImmediate);
  }
  // 280,000 messages of 260 bytes are 73 MB: kept, they would show.
  expect(process.memoryUsage.rss() - memory).toBeLessThan(40e6);
  expect(rig.counter('trades_total')).toBe(sequence);
  expect(rig.counter('laps_total')).toBe(0);
  expect(rig.counter('send_errors_total')).toBe(0);
  subscriber.child.kill('SIGCONT');
  // It reads on, and its gap in seq says what it missed.
  await subscriber.until(
    () => (parsed(subscriber, rig.endpoints.trades).at(-1)?.seq as number) > total,
    () => burst(1),
  );
  const seqs = parsed(subscriber, rig.endpoints.trades).map(({ seq }) => seq as number);
  expect(seqs.some((seq, index) => index > 0 && seq > seqs[index - 1] + 1)).toBe(true);
});

/** Resolves when the port can be bound. */
function bindable(endpoint: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(Number(endpoint.split(':').at(-1)), '127.0.0.1', () => server.close(() => resolve()));
  });
}

it('frees its ports when it is closed', async () => {
  const rig = await startRig();
  const endpoints = Object.values(rig.endpoints);
  for (const endpoint of endpoints) await expect(bindable(endpoint)).rejects.toThrow(/EADDRINUSE/);
  await rig.close();
  for (const endpoint of endpoints) await bindable(endpoint);
});

it('does not start when an endpoint is taken, names key and endpoint, and leaves none bound', async () => {
  const taken = (await startRig()).endpoints.positions;
  const free = `tcp://127.0.0.1:${await freePort()}`;
  const rig = new PublisherRig([`--publisher.trades=${free}`, `--publisher.positions=${taken}`]);
  await expect(rig.agent.start?.(0)).rejects.toThrow(
    `publisher.positions is "${taken}": another process or socket is bound there (EADDRINUSE), allowed: a free port`,
  );
  await bindable(free);
  await rig.close();
});

it('waits for the endpoints of the publisher that it replaces', async () => {
  const first = await startRig();
  const flags = ENDPOINTS.map((name) => `--publisher.${name}=${first.endpoints[name]}`);
  const second = new PublisherRig(flags, true);
  const started = second.agent.start?.(0);
  await first.close();
  await started;
  expect(second.endpoints).toEqual(first.endpoints);
  await second.close();
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
