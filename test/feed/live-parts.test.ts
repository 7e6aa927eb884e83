/** The parts of the live connection that need no socket, or only one request. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/lib/random.js';
import { Backoff } from '../../src/workers/feed/backoff.js';
import { snapshotUrl, streamUrl, VENUE_TERMS } from '../../src/workers/feed/binance-venues.js';
import { FrameQueue } from '../../src/workers/feed/frame-queue.js';
import { SnapshotClient } from '../../src/workers/feed/snapshot-client.js';
import { SEED } from '../support/seed.js';

const SECOND = 1e9;

describe('frame queue', () => {
  it('gives back what it took, in order, whatever the sizes; refuses only what cannot fit', () => {
    const step = fc.oneof(
      fc.record({ push: fc.nat({ max: 40 }) }),
      fc.constant({ next: true }),
      fc.constant({ next: true }),
      fc.constant({ clear: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new FrameQueue({ bytes: 64, frames: 5 });
        const twin: { data: number[]; time: number; label: number }[] = [];
        for (const [n, one] of steps.entries()) {
          if ('push' in one) {
            const data = Array.from({ length: one.push }, (_, i) => (n + i) & 255);
            const kept = queue.push(Uint8Array.from(data), n, n % 7);
            const waiting = twin.reduce((sum, { data }) => sum + Math.max(1, data.length), 0);
            // One piece always fits into what is free on one side, which is at least half of all that is free.
            if (twin.length < 5 && (64 - waiting) / 2 >= Math.max(1, one.push)) expect(kept).toBe(true);
            if (twin.length === 5 || waiting + one.push > 64) expect(kept).toBe(false);
            if (kept) twin.push({ data, time: n, label: n % 7 });
          } else if ('clear' in one) {
            queue.clear();
            twin.length = 0;
          } else {
            const expected = twin.shift();
            expect(queue.hasNext()).toBe(expected !== undefined);
            expect(queue.next()).toBe(expected !== undefined);
            if (expected === undefined) continue;
            const data = [...queue.bytes.subarray(queue.start, queue.end)];
            expect({ data, time: queue.receiveTime, label: queue.label }).toEqual(expected);
          }
          expect(queue.count).toBe(twin.length);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('backoff', () => {
  const terms = { first: 100, cap: 1000, healthy: 5000 };
  const delays = (backoff: Backoff, count: number): number[] =>
    Array.from({ length: count }, () => backoff.retryAt(0) / 1e6);

  it('grows to its cap, with some randomness, the same for the same seed', () => {
    const random = (): Random => new Random(SEED, 1, 2, 3);
    const list = delays(new Backoff(terms, random()), 10);
    const bounds = [100, 100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000];
    for (const [n, most] of bounds.entries()) {
      expect(list[n]).toBeLessThanOrEqual(most);
      expect(list[n]).toBeGreaterThan(n === 0 ? 0 : most / 2);
    }
    expect(delays(new Backoff(terms, random()), 10)).toEqual(list);
  });

  it('starts again only after it has worked for a while', () => {
    const backoff = new Backoff(terms, new Random(SEED, 1, 2, 3));
    delays(backoff, 5);
    backoff.works(10 * SECOND);
    expect(backoff.retryAt(14.9 * SECOND) - 14.9 * SECOND).toBeGreaterThan(499e6);
    backoff.works(20 * SECOND);
    backoff.works(24 * SECOND);
    expect(backoff.retryAt(25 * SECOND) - 25 * SECOND).toBeLessThanOrEqual(100e6);
  });
});

describe('snapshot client', () => {
  const terms = VENUE_TERMS['binance-spot'];

  it('asks as often as its weight allows', () => {
    const client = new SnapshotClient('http://127.0.0.1', terms, () => 0);
    const asked = (now: number): number => {
      let count = 0;
      while (client.mayAsk(now)) count++;
      return count;
    };
    expect(asked(0)).toBe(20);
    expect(asked(0.9 * SECOND)).toBe(0);
    expect(asked(1 * SECOND)).toBe(1);
    expect(asked(3.5 * SECOND)).toBe(2);
    expect(asked(1000 * SECOND)).toBe(20);
  });

  it.each([
    [429, '7', 7],
    [429, undefined, 10],
    [418, undefined, 120],
    [418, '3600', 3600],
    [429, 'soon', 10],
    [429, 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
    [503, '7', 0],
  ])('status %i with Retry-After %s: silent for %i s', async (status, retryAfter, seconds) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end('no');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new SnapshotClient(base, terms, () => 5 * SECOND);
    const answer = await client.ask('BTCUSDT', new AbortController().signal);
    expect(answer.bytes).toBeUndefined();
    expect(answer.text).toContain(`status ${status}`);
    expect(client.blockedUntil).toBe(seconds === 0 && status === 503 ? 0 : (5 + seconds) * SECOND);
    if (seconds > 0) expect(client.mayAsk((5 + seconds) * SECOND - 1)).toBe(false);
    expect(client.mayAsk((5 + seconds) * SECOND)).toBe(true);
    server.closeAllConnections();
    server.close();
  });
});

describe('addresses', () => {
  it('are those of the venue, whatever the base ends with', () => {
    const spot = VENUE_TERMS['binance-spot'];
    const usdm = VENUE_TERMS['binance-usdm'];
    expect(streamUrl('wss://a:9443', spot, ['BTCUSDT', 'ETHUSDT'])).toBe(
      'wss://a:9443/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade/ethusdt@depth@100ms/ethusdt@bookTicker/ethusdt@trade',
    );
    expect(streamUrl('wss://a/x/', usdm, ['BTCUSDT'])).toMatch(
      /^wss:\/\/a\/x\/stream\?streams=btcusdt@depth@0ms\//,
    );
    expect(snapshotUrl('https://a/', spot, 'BTCUSDT')).toBe(
      'https://a/api/v3/depth?symbol=BTCUSDT&limit=1000',
    );
    expect(snapshotUrl('https://a', usdm, 'BTCUSDT')).toBe(
      'https://a/fapi/v1/depth?symbol=BTCUSDT&limit=1000',
    );
  });
});
