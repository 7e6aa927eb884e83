import { expect, it } from 'vitest';
import { BookFlags, SyncState } from '../../src/lib/enums.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import * as BookSnapshot from '../../src/messages/views/book-snapshot.js';
import * as BookUpdate from '../../src/messages/views/book-update.js';
import * as FeedStatus from '../../src/messages/views/feed-status.js';
import { BookStream } from '../../src/workers/publisher/book-stream.js';
import { type BookFields, bookBytes, encodeBook, type Level } from '../support/market-records.js';

const INSTRUMENTS = new InstrumentTable([
  {
    symbol: 'BTC-USD',
    venue: 'MILLRACE',
    tick_size: '0.01',
    lot_size: '0.0001',
    base_currency: 'BTC',
    quote_currency: 'USD',
    reference_price: '60000',
    min_quantity: '0.0001',
    max_quantity: null,
  },
]);

/** A stream whose publications are noted as `best bid quantity at time`. */
function open(interval: number, snapshotInterval: number) {
  const published: [now: number, quantity: number][] = [];
  let now = 0;
  const stream = new BookStream(INSTRUMENTS, { interval, snapshotInterval }, (_, levels) => {
    published.push([now, levels.bids.bestQuantity()]);
  });
  const levels = (type: number, bids: Level[], flags: number): void => {
    const book: BookFields = {
      sequence: 1,
      venueSequence: 1,
      timestamp: now,
      receiveTimestamp: now,
      instrument: 0,
      flags,
      bids,
      asks: [],
    };
    const words = new Int32Array(bookBytes(book) / 4);
    encodeBook(words, 0, book);
    stream.onLevels(type, words, 0, now);
  };
  const WHOLE = BookFlags.LastChunk | BookFlags.Synced;
  return {
    stream,
    published,
    snapshot: (quantity: number) => levels(BookSnapshot.TYPE, [[100, quantity]], WHOLE),
    update: (quantity: number, flags: number = WHOLE) => levels(BookUpdate.TYPE, [[100, quantity]], flags),
    status: (state: number) => {
      const words = new Int32Array(FeedStatus.BYTES / 4);
      FeedStatus.encode(words, 0, 1, 1, now, now, 0, SyncState.Synced, state, 0);
      stream.onStatus(words, 0);
    },
    flushAt: (time: number) => {
      now = time;
      stream.flush(time);
    },
  };
}

it('publishes the first change at once, holds the next back to its time, and sends only the latest', () => {
  const { stream, published, snapshot, update, flushAt } = open(100, 1000);
  snapshot(1);
  flushAt(10);
  update(2);
  flushAt(50);
  expect(stream.nextDue).toBe(110);
  update(3);
  flushAt(109);
  flushAt(110);
  expect(stream.nextDue).toBe(Number.POSITIVE_INFINITY);
  expect(published).toEqual([
    [10, 1],
    [110, 3],
  ]);
});

it('repeats a book that does not change at the snapshot interval', () => {
  const { published, snapshot, flushAt } = open(100, 1000);
  snapshot(1);
  for (const time of [10, 1009, 1010, 2009, 2010]) flushAt(time);
  expect(published).toEqual([
    [10, 1],
    [1010, 1],
    [2010, 1],
  ]);
});

it('with interval 0 every change is one message', () => {
  const { published, snapshot, update, flushAt } = open(0, 1000);
  snapshot(1);
  update(2);
  update(3);
  flushAt(0);
  expect(published.map(([, quantity]) => quantity)).toEqual([1, 2, 3]);
});

it('shows no book before its snapshot, within a message in chunks, or while its feed is not synchronised', () => {
  const { published, snapshot, update, status, flushAt } = open(0, 1000);
  update(1);
  flushAt(1);
  snapshot(2);
  flushAt(2);
  update(3, BookFlags.Synced);
  flushAt(3);
  update(4);
  flushAt(4);
  status(SyncState.Stale);
  flushAt(5000);
  update(5);
  flushAt(5001);
  snapshot(6);
  flushAt(5002);
  expect(published.map(([, quantity]) => quantity)).toEqual([2, 4, 6]);
});
