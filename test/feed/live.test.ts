/** The live feed agent against a venue on loopback that speaks Binance's protocol. */
import { afterEach, describe, expect, it } from 'vitest';
import { replay } from '../../src/capture/replay.js';
import { CAPTURES_PRESENT, capture } from '../support/captures.js';
import { FeedRig, type RigOptions } from '../support/feed-rig.js';
import { until } from '../support/gateway-rig.js';
import { SEED } from '../support/seed.js';
import { VenueServer } from '../support/venue-server.js';
import { endBook, inventSession, recordedSession, type VenueSession } from '../support/venue-session.js';
import { linesOf } from './lines.js';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function connect(
  session: VenueSession,
  options?: RigOptions,
): Promise<{ server: VenueServer; rig: FeedRig }> {
  const server = await VenueServer.start(session);
  open.push({ stop: () => server.close() });
  const rig = new FeedRig(server, options);
  open.push(rig);
  await until(() => server.clients === 1);
  return { server, rig };
}

/** Connected, and its book synced. */
async function synced(session: VenueSession, options?: RigOptions) {
  const both = await connect(session, options);
  await both.server.play(40);
  await resync(both.server, both.rig, 1);
  return both;
}

/** The book is whole again after the `times`-th snapshot: plays depth updates until the last one has joined it. */
async function resync(server: VenueServer, rig: FeedRig, times: number): Promise<void> {
  await until(() => server.snapshots >= times);
  await until(async () => {
    if (rig.hash() === undefined) server.playDepth(true);
    return rig.hash() !== undefined;
  });
  await until(() => rig.lastId() === server.book.lastId);
}

/** Plays the rest; the reader's book must be the venue's, level by level. */
async function toTheEnd(server: VenueServer, rig: FeedRig): Promise<void> {
  await server.play();
  const expected = endBook(server.session);
  await until(() => rig.lastId() === expected.lastId);
  expect(rig.hash()).toBe(expected.hash());
}

const invented = (market: 'spot' | 'usdm'): VenueSession => inventSession(market, 'BTCUSDT', 3000, SEED);

describe.each(['spot', 'usdm'] as const)(`an invented %s session (seed ${SEED})`, (market) => {
  it('ends with the book of the venue', async () => {
    const { server, rig } = await synced(invented(market));
    const path = market === 'spot' ? 'btcusdt@depth@100ms' : 'btcusdt@depth@0ms';
    expect(server.requests[0]).toBe(`/stream?streams=${path}/btcusdt@bookTicker/btcusdt@trade`);
    await toTheEnd(server, rig);
    expect(rig.states).toEqual(['BUFFERING CONNECTED', 'SYNCED SNAPSHOT_APPLIED']);
    expect(server.snapshots).toBe(1);
    // One full parse to learn the name of each stream.
    const { frames } = server.session;
    await until(() => rig.counter('messages_total') === frames.length + 1);
    expect(rig.counter('fallback_total')).toBe(2);
    expect(rig.counter('malformed_total') + rig.counter('gaps_total') + rig.counter('reconnects_total')).toBe(
      0,
    );
    expect(rig.latencies).toBe(frames.filter((frame) => frame.includes('depthUpdate')).length);
    await until(() => rig.counter('connections') === 1);
  });

  it('survives a lost update: withdrawn, a new snapshot, and the same end', async () => {
    const { server, rig } = await synced(invented(market));
    await server.play(500);
    server.playDepth(false);
    server.playDepth(true);
    await resync(server, rig, 2);
    await toTheEnd(server, rig);
    expect(rig.states.slice(2)).toEqual(['RESYNC SEQUENCE_GAP', 'SYNCED SNAPSHOT_APPLIED']);
    expect(rig.counter('gaps_total')).toBe(1);
    expect(rig.counter('resyncs_total')).toBe(1);
    expect(rig.logged(/book withdrawn.*SEQUENCE_GAP/)).toHaveLength(1);
  });

  it.each(['close', 'cut'] as const)('survives a connection lost (%s)', async (kind) => {
    const { server, rig } = await synced(invented(market));
    server.disconnect(kind);
    await until(() => rig.hash() === undefined);
    server.playDepth(false); // nobody listens
    await until(() => server.connections === 2);
    await server.play(20);
    await resync(server, rig, 2);
    await toTheEnd(server, rig);
    expect(rig.states.slice(2)).toEqual([
      'DISCONNECTED DISCONNECTED',
      'BUFFERING CONNECTED',
      'SYNCED SNAPSHOT_APPLIED',
    ]);
    await until(() => rig.counter('reconnects_total') === 1);
    expect(server.connections).toBe(2);
  });
});

describe('readers', () => {
  it('that come late are told the whole book', async () => {
    const { rig } = await synced(invented('spot'));
    const late = rig.lateReader();
    expect(late.whole()).toBe(false);
    await until(late.whole);
  });

  it('hear of a restarted feed: books withdrawn, sequence numbers go on, counters too', async () => {
    const { server, rig } = await synced(invented('usdm'));
    await server.play(300);
    await until(() => rig.lastId() === server.book.lastId);
    const before = rig.counter('messages_total');
    await rig.restart();
    await until(() => rig.hash() === undefined && server.connections === 2);
    await server.play(20);
    await resync(server, rig, 2);
    await toTheEnd(server, rig);
    expect(rig.states.slice(2)).toEqual([
      'DISCONNECTED DISCONNECTED',
      'BUFFERING CONNECTED',
      'SYNCED SNAPSHOT_APPLIED',
    ]);
    expect(rig.counter('messages_total')).toBeGreaterThan(before);
  });
});

describe('a venue that makes trouble', () => {
  it('answers 429: nothing is asked until the time it names, then the book comes', async () => {
    const { server, rig } = await connect(invented('spot'));
    server.answers.push({ status: 429, headers: { 'retry-after': '1' } });
    await server.play(40);
    await resync(server, rig, 1);
    expect(server.requests.filter((url) => url.includes('depth?'))).toHaveLength(2);
    expect(rig.logged(/no depth snapshot.*status 429, no request for 1 s/)).toHaveLength(1);
    await toTheEnd(server, rig);
    await until(() => rig.counter('snapshot_failures_total') === 1);
  });

  it('answers with errors and nonsense: it is asked again until a snapshot comes', async () => {
    const { server, rig } = await connect(invented('usdm'));
    server.answers.push(
      { status: 500 },
      { status: 200, body: '{"code":-1121,"msg":"Invalid symbol."}' },
      { status: 200, body: '<html>' },
      { status: 302, headers: { location: '/elsewhere' } },
      { status: 200, body: ' '.repeat(3 * 1024 * 1024) },
    );
    await server.play(40);
    await resync(server, rig, 1);
    await toTheEnd(server, rig);
    await until(() => rig.counter('snapshot_failures_total') === 5);
    expect(rig.counter('snapshot_requests_total')).toBe(6);
  });

  it('answers with a snapshot that is too old: a newer one is asked for', async () => {
    const session = invented('usdm');
    const { server, rig } = await synced(session);
    server.answers.push({ status: 200, body: session.snapshot });
    await server.play(500);
    server.playDepth(false);
    server.playDepth(true);
    await resync(server, rig, 2);
    expect(rig.states.slice(2)).toEqual([
      'RESYNC SEQUENCE_GAP',
      'RESYNC SNAPSHOT_TOO_OLD',
      'SYNCED SNAPSHOT_APPLIED',
    ]);
    await toTheEnd(server, rig);
  });

  it('falls silent: the book goes stale, the connection is made again', async () => {
    const { server, rig } = await synced(invented('spot'), { staleAfterMs: 1000 });
    await until(() => rig.hash() === undefined && server.connections === 2);
    rig.read();
    expect(rig.states.slice(2)).toEqual(['STALE STALE_DATA', 'DISCONNECTED DISCONNECTED']);
    expect(rig.logged(/venue connection lost.*no data for \d+ ms, the line is up/)).toHaveLength(1);
    await server.play(20);
    await resync(server, rig, 2);
    await toTheEnd(server, rig);
  });

  it('goes on with best prices while depth updates cease: the connection is made again', async () => {
    const { server, rig } = await synced(invented('spot'), { staleAfterMs: 500 });
    const levels = '"b":"59999.00","B":"1","a":"60001.00","A":"1"';
    let id = server.book.lastId;
    await until(() => {
      server.send(`{"stream":"btcusdt@bookTicker","data":{"u":${++id},"s":"BTCUSDT",${levels}}}`);
      return server.connections === 2;
    });
    expect(rig.logged(/venue connection lost.*no depth updates of BTCUSDT/)).toHaveLength(1);
    rig.read();
    expect(rig.states.slice(2)).toEqual(['STALE STALE_DATA', 'DISCONNECTED DISCONNECTED']);
  });

  it('sends garbage: it is counted, and costs a book only when it was an update', async () => {
    const { server, rig } = await synced(invented('usdm'));
    const damaged = '{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","s":"BTCUSDT","U":1}}';
    const harmless = [
      '',
      '{',
      'null',
      '[]',
      '\u0000\uffff',
      '{"result":null,"id":1}',
      server.session.snapshot,
    ];
    for (const text of harmless) server.send(text);
    server.send(Buffer.from([0xff, 0xfe, 0x00, 0x7b]));
    server.playDepth(true);
    await until(() => rig.lastId() === server.book.lastId);
    expect(rig.states).toHaveLength(2);
    server.send(damaged);
    await until(() => rig.hash() === undefined);
    await resync(server, rig, 2);
    await toTheEnd(server, rig);
    expect(rig.states.slice(2)).toEqual(['RESYNC BAD_MESSAGE', 'SYNCED SNAPSHOT_APPLIED']);
    expect(rig.counter('malformed_total')).toBeGreaterThanOrEqual(5);
    expect(rig.counter('reconnects_total')).toBe(0);
  });

  it('sends more than the queue holds: the connection is given up, memory does not grow', async () => {
    const limits = { queue: { bytes: 65536, frames: 64 } };
    const { server, rig } = await synced(invented('usdm'), { limits });
    for (let n = 0; n < 1000; n++) server.playDepth(true);
    await until(() => server.connections === 2);
    await server.play(20);
    await resync(server, rig, 2);
    expect(rig.logged(/venue connection lost.*there is no room for more/).length).toBeGreaterThan(0);
    await until(() => rig.counter('overflows_total') > 0);
  });

  it('is not there: it is tried again and again, further and further apart', async () => {
    const { server, rig } = await connect(invented('spot'));
    await server.close();
    open.splice(0, 1);
    await until(() => rig.logged(/venue cannot be reached/).length >= 4);
    expect(rig.logged(/venue connection lost/)).toHaveLength(1);
    const delays = rig.logged(/venue cannot be reached/).map(({ fields }) => Number(fields?.retry_ms));
    for (const [n, delay] of delays.entries()) {
      const most = Math.min(200, 20 * 2 ** n);
      expect(delay).toBeGreaterThanOrEqual(most / 2 - 1);
      expect(delay).toBeLessThanOrEqual(most);
    }
  });
});

describe.skipIf(!CAPTURES_PRESENT)('recorded sessions', () => {
  it.each([
    ['usdm', 'usdm_btcusdt_20230404.dat.gz'],
    ['spot', 'spot_btcusdt_20240808.gz'],
  ] as const)('%s: a disturbed connection ends as the undisturbed replay', async (market, file) => {
    const lines = linesOf(file).map((line) => Buffer.from(line).toString());
    const { server, rig } = await synced(recordedSession(market, 'BTCUSDT', lines));
    await server.play(2000);
    server.playDepth(false);
    server.playDepth(true);
    await resync(server, rig, 2);
    await server.play(2000);
    server.disconnect('cut');
    await until(() => server.connections === 2);
    await server.play(200);
    await resync(server, rig, 3);
    await toTheEnd(server, rig);
    const report = (await replay({ files: [capture(`binance/${file}`)] })).symbols.BTCUSDT;
    expect([rig.hash(), rig.lastId()]).toEqual([report.book_sha256, report.last_u]);
  });
});
