/** The real process, one venue of which is ours on loopback: its book comes out at every edge. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { venueFlags } from '../support/feed-rig.js';
import { until } from '../support/gateway-rig.js';
import { RemoteSubscriber } from '../support/publisher-rig.js';
import { temporaryDirectory } from '../support/temporary.js';
import { VenueServer } from '../support/venue-server.js';
import { endBook, inventSession, type TextLevels } from '../support/venue-session.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const numbers = (levels: TextLevels): number[][] => levels.map(([price, quantity]) => [+price, +quantity]);

it('a book of a live venue reaches REST and ZeroMQ, survives a lost connection, and the process ends by itself', async () => {
  const venue = await VenueServer.start(inventSession('usdm', 'BTCUSDT', 2000, 5));
  const directory = temporaryDirectory();
  const port = await freePort();
  const endpoint = (name: string): string => `ipc://${join(directory.path, name)}`;
  const file = join(directory.path, 'live.json');
  const keys = Object.fromEntries(
    venueFlags(venue)
      .filter((flag) => !flag.includes('simulation'))
      .map((flag) => [flag.slice(2, flag.indexOf('=')), JSON.parse(flag.slice(flag.indexOf('=') + 1))]),
  );
  const names = ['trades', 'books', 'orders', 'positions', 'binary'];
  const publisher = {
    ...Object.fromEntries(names.map((name) => [name, endpoint(name)])),
    book_depth: 1000,
    book_interval_ms: 0,
  };
  const log = { dir: join(directory.path, 'logs') };
  writeFileSync(
    file,
    JSON.stringify({ ...keys, publisher, log, gateway: { port }, simulation: { enabled: false } }),
  );
  const subscriber = new RemoteSubscriber([endpoint('books'), endpoint('trades')]);
  const child = spawn(process.execPath, [MAIN, 'start', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}/api/book/BTCUSDT?depth=1000`;
  const bookOf = async () => (await (await fetch(url)).json()) as Record<string, unknown>;
  try {
    await until(() => venue.clients === 1 || child.exitCode !== null, 20_000);
    expect(child.exitCode).toBeNull();
    await venue.play(100);
    await until(() => venue.snapshots === 1, 10_000);
    await venue.play(500);
    venue.disconnect('cut');
    await until(() => venue.connections === 2, 10_000);
    await venue.play(100);
    await until(() => venue.snapshots === 2, 10_000);
    await venue.play();
    const expected = endBook(venue.session);
    await until(async () => (await bookOf()).venue_sequence === String(expected.lastId), 10_000);
    const book = await bookOf();
    expect(numbers(book.bids as TextLevels)).toEqual(numbers(expected.bids()));
    expect(numbers(book.asks as TextLevels)).toEqual(numbers(expected.asks()));
    const lastBook = (): { bids: TextLevels; asks: TextLevels } =>
      JSON.parse(subscriber.from(endpoint('books')).at(-1)?.frames[0] ?? '{"bids":[],"asks":[]}');
    await subscriber.until(() => subscriber.from(endpoint('books')).length > 0);
    expect(lastBook()).toMatchObject({ exchange: 'binance-usdm', symbol: 'BTCUSDT' });
    await subscriber.until(() => {
      const { bids, asks } = lastBook();
      const equal = (one: TextLevels, other: TextLevels): boolean =>
        String(numbers(one)) === String(numbers(other));
      return equal(bids, expected.bids()) && equal(asks, expected.asks());
    });
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^millrace_hop_latency_microseconds_count\{hop="feed_to_book"\} [1-9]/m);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  } catch (error) {
    throw new Error(`${error}\n${output}`, { cause: error });
  } finally {
    child.kill('SIGKILL');
    await subscriber.stop();
    await venue.close();
    directory.remove();
  }
}, 60_000);
