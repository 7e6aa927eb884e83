import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../src/book/depth-book.js';
import type { DepthSide } from '../../src/book/depth-side.js';
import { BookFeatures } from '../../src/book/features.js';
import { LevelList } from '../../src/book/level-list.js';
import { MessageType, Side, SyncReason, SyncState } from '../../src/lib/enums.js';
import * as BookUpdate from '../../src/messages/views/book-update.js';
import * as Features from '../../src/messages/views/features.js';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing } from '../../src/ring/layout.js';
import { RingProducer } from '../../src/ring/producer.js';
import { MarketEvent } from '../../src/venues/market-sink.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import { MarketRingSink } from '../../src/workers/market-ring-sink.js';

/** A ring of 1 KiB: records of at most 248 bytes, eleven levels, so that everything longer travels in chunks. */
function pipe(capacityBytes = 1024) {
  const ring = createRing({ name: 'test', capacityBytes, gating: 1 });
  const consumer = new RingConsumer(ring, 0);
  const replicas = new BookReplicas();
  const records: number[] = [];
  const sequences: number[] = [];
  const drain = (): boolean => {
    let some = false;
    while (consumer.next()) {
      some = true;
      records.push(consumer.type);
      sequences.push(BookUpdate.sequence(consumer.words, consumer.at)); // first field of every market message
      replicas.onRecord(consumer.type, consumer.words, consumer.at);
    }
    consumer.release();
    return some;
  };
  const sink = new MarketRingSink(new RingProducer(ring), drain);
  return { sink, consumer, replicas, records, sequences, drain };
}

function levels(bids: number, asks: number, quantity: number): LevelList {
  const list = new LevelList();
  list.bidCount = bids;
  list.askCount = asks;
  for (let i = 0; i < bids + asks; i++) list.set(i, i < bids ? 1e12 - i : 1e12 + 1 + i, quantity);
  return list;
}

function listed(side: DepthSide | undefined): number[][] {
  if (side === undefined) return [];
  return Array.from({ length: side.count }, (_, depth) => [side.price(depth), side.quantity(depth)]);
}

describe('market ring sink and book replicas', () => {
  it.each([
    [0, 0],
    [1, 0],
    [0, 30],
    [11, 11],
    [40, 7],
  ])('carry a book of %d bids and %d asks through a ring that is far too small', (bids, asks) => {
    const { sink, replicas, records, sequences, drain } = pipe();
    const event = new MarketEvent();
    event.venueSequence = 77;
    const book = new DepthBook();
    book.apply(levels(bids, asks, 5));
    sink.bookSnapshot(event, book);
    const update = levels(Math.min(bids, 20), Math.min(asks, 20), 9);
    book.apply(update);
    event.venueSequence = 78;
    sink.bookUpdate(event, update);
    sink.producer.publish();
    drain();
    expect(listed(replicas.readable(0)?.bids)).toEqual(listed(book.bids));
    expect(listed(replicas.readable(0)?.asks)).toEqual(listed(book.asks));
    expect(replicas.venueSequence(0)).toBe(78);
    expect(sequences).toEqual(records.map((_, i) => i + 1));
    expect(sink.lost).toBe(0);
  });

  it('replicas read nothing between chunks, after a withdrawal, or when lapped', () => {
    const { sink, consumer, replicas, drain } = pipe(65536);
    const event = new MarketEvent();
    const book = new DepthBook();
    book.apply(levels(600, 600, 5)); // three chunks
    sink.bookSnapshot(event, book);
    sink.producer.publish();
    for (let chunk = 1; chunk <= 3; chunk++) {
      consumer.next();
      replicas.onRecord(consumer.type, consumer.words, consumer.at);
      expect(replicas.readable(0) !== undefined, `after chunk ${chunk}`).toBe(chunk === 3);
    }
    consumer.release();
    sink.feedStatus(event, SyncState.Synced, SyncState.Resync, SyncReason.SequenceGap);
    sink.bookUpdate(event, levels(1, 1, 1)); // no snapshot yet: not to be trusted
    sink.producer.publish();
    drain();
    expect(replicas.readable(0)).toBeUndefined();
    sink.bookSnapshot(event, book);
    sink.producer.publish();
    drain();
    expect(replicas.readable(0)?.bids.count).toBe(600);
    replicas.onLapped();
    expect(replicas.readable(0)).toBeUndefined();
  });

  it('a reader that comes in the middle of a snapshot waits for the next one', () => {
    const { sink, consumer, replicas, drain } = pipe(65536);
    const event = new MarketEvent();
    const book = new DepthBook();
    book.apply(levels(600, 600, 5));
    sink.bookSnapshot(event, book);
    sink.bookUpdate(event, levels(1, 1, 1));
    sink.producer.publish();
    consumer.next(); // the first chunk, which the reader does not see
    drain();
    expect(replicas.readable(0)).toBeUndefined();
    sink.bookSnapshot(event, book);
    sink.producer.publish();
    drain();
    expect(listed(replicas.readable(0)?.bids)).toEqual(listed(book.bids));
  });

  it('write trades and features with every field', () => {
    const { sink, consumer } = pipe(4096);
    const event = new MarketEvent();
    Object.assign(event, {
      instrument: 3,
      venueSequence: 5e12,
      timestamp: -4,
      receiveTimestamp: 6e15,
      tradeId: 9e9,
      price: 7e12,
      quantity: 8,
      takerSide: Side.Sell,
    });
    const book = new DepthBook();
    book.apply(levels(12, 12, 5));
    const features = new BookFeatures();
    features.onTrade({ timestamp: 0, price: 100, quantity: 8 });
    features.onBook({ timestamp: 0 }, book);
    sink.marketTrade(event);
    sink.features(event, features);
    sink.producer.publish();
    expect(consumer.next() && consumer.type).toBe(MessageType.MarketTrade);
    const { words, at } = consumer;
    expect([
      MarketTrade.tradeId(words, at),
      MarketTrade.price(words, at),
      MarketTrade.quantity(words, at),
    ]).toEqual([9e9, 7e12, 8]);
    expect([MarketTrade.timestamp(words, at), MarketTrade.receiveTimestamp(words, at)]).toEqual([-4, 6e15]);
    expect([MarketTrade.instrument(words, at), MarketTrade.takerSide(words, at)]).toEqual([3, Side.Sell]);
    expect(consumer.next() && consumer.type).toBe(MessageType.Features);
    const found = [
      Features.midpoint,
      Features.breadth,
      Features.bidDepth,
      Features.tradedVolume,
      Features.depthLevels,
    ];
    expect(found.map((field) => field(words, consumer.at))).toEqual([1e12 + 6.5, 1, 50, 8, 10]);
    expect(Features.venueSequence(words, consumer.at)).toBe(5e12);
  });

  it('give up a record, counted, when waiting is pointless', () => {
    const ring = createRing({ name: 'test', capacityBytes: 512, gating: 1 });
    const sink = new MarketRingSink(new RingProducer(ring), () => false);
    const event = new MarketEvent();
    for (let i = 0; i < 20; i++)
      sink.feedStatus(event, SyncState.Buffering, SyncState.Synced, SyncReason.SnapshotApplied);
    expect(sink.lost).toBeGreaterThan(0);
    expect(sink.sequence + sink.lost).toBe(20);
  });
});
