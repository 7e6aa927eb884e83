/** One venue connection without its socket: what it makes of messages, and of losing the connection. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { epochText, type Session } from '../../src/lib/clock.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { collectLog } from '../../src/telemetry/agent-log.js';
import type { MarketSink } from '../../src/venues/market-sink.js';
import { VENUE_TERMS } from '../../src/workers/feed/binance-venues.js';
import { SnapshotClient } from '../../src/workers/feed/snapshot-client.js';
import { STREAM_LIMITS, VenueStream } from '../../src/workers/feed/venue-stream.js';
import { SEED } from '../support/seed.js';

const EPOCH_SECONDS = 1_732_124_000;

const SILENT: MarketSink = {
  bookUpdate: () => {},
  bookSnapshot: () => {},
  features: () => {},
  feedStatus: () => {},
  marketTrade: () => {},
};

function streamOf(session: Session, sink: MarketSink): VenueStream {
  const now = () => 0;
  const terms = VENUE_TERMS['binance-spot'];
  return new VenueStream({
    name: 'binance-spot',
    terms,
    websocketUrl: 'ws://127.0.0.1:1',
    instruments: new InstrumentTable(loadConfig({ env: {}, flags: [] }).config.instruments).all,
    staleAfter: 1e9,
    limits: STREAM_LIMITS,
    client: new SnapshotClient('http://127.0.0.1:1', terms, now),
    sink,
    session,
    seed: SEED,
    log: collectLog(),
    now,
    onArrival: () => {},
  });
}

/** The time that a trade of `milliseconds` has on the ring. */
function tradeTime(session: Session, milliseconds: number): number {
  let timestamp = Number.NaN;
  const marketTrade: MarketSink['marketTrade'] = (event) => {
    timestamp = event.timestamp;
  };
  const stream = streamOf(session, { ...SILENT, marketTrade });
  const trade = { e: 'trade', E: milliseconds, s: 'BTC-USD', t: 1, p: '60000', q: '1', T: milliseconds };
  stream.message(Buffer.from(JSON.stringify({ stream: 'x', data: { ...trade, m: true, M: true } })));
  stream.next();
  stream.handler.onFrame(stream);
  return timestamp;
}

it(`the time that the venue sent comes out to the nanosecond (seed ${SEED})`, () => {
  const nanoseconds = fc.integer({ min: 0, max: 999_999_999 });
  const away = fc.integer({ min: -86_400_000, max: 86_400_000 });
  fc.assert(
    fc.property(nanoseconds, away, (epochNanoseconds, milliseconds) => {
      const session = { startMs: 0, epochSeconds: EPOCH_SECONDS, epochNanoseconds };
      const sent = EPOCH_SECONDS * 1000 + milliseconds;
      const timestamp = tradeTime(session, sent);
      expect(Number.isSafeInteger(timestamp)).toBe(true);
      expect(epochText(session, timestamp)).toBe(`${sent}000000`);
    }),
    { seed: SEED, numRuns: 50 },
  );
});

it('an answer that was no snapshot is not asked for again once the connection is lost', () => {
  const stream = streamOf({ startMs: 0, epochSeconds: EPOCH_SECONDS, epochNanoseconds: 0 }, SILENT);
  stream.snapshot(0, Buffer.from('{"code":-1121}'));
  stream.next();
  stream.handler.onFrame(stream);
  stream.down('closed', true, 500);
  stream.message(Buffer.from('{}'));
  expect(stream.next()).toBe(true);
  expect(stream.requests.failures).toBe(0);
  expect(stream.handler.parser.snapshotInstrument).toBeUndefined();
});
