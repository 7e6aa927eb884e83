import { describe, expect, it } from 'vitest';
import { BookFlags, SyncReason, SyncState } from '../../src/lib/enums.js';
import * as Features from '../../src/messages/views/features.js';
import * as FeedStatus from '../../src/messages/views/feed-status.js';
import { createRing } from '../../src/ring/layout.js';
import { LossyConsumer } from '../../src/ring/lossy-consumer.js';
import { RingProducer } from '../../src/ring/producer.js';
import { MarketBook } from '../../src/strategies/market-book.js';
import { MarketDataReader } from '../../src/workers/strategy-market-data.js';
import { type Level, writeBook } from '../support/market-records.js';

/** A reader over a small market ring; what it tells is noted as text. Two instruments, only number 0 is of interest. */
function rig() {
  const ring = createRing({ name: 'market', capacityBytes: 4096, gating: 0, lossy: 1 });
  const producer = new RingProducer(ring);
  const book = new MarketBook(0);
  const told: string[] = [];
  const reader = new MarketDataReader(new LossyConsumer(ring, 0), [book, undefined], {
    onTrade: () => told.push('trade'),
    onBook: (one) => told.push(`book ${one.bestBid}/${one.bestAsk}`),
    onLapped: () => told.push('lapped'),
  });
  let sequence = 0;
  let continued = 0;
  const write = (
    snapshot: boolean,
    bids: readonly Level[],
    asks: readonly Level[],
    last = true,
    instrument = 0,
  ) => {
    const flags = BookFlags.Synced | (last ? BookFlags.LastChunk : 0) | continued;
    continued = last ? 0 : BookFlags.Continued;
    const times = { timestamp: 1, receiveTimestamp: 1, venueSequence: 1 };
    writeBook(producer, snapshot, { ...times, sequence: ++sequence, instrument, flags, bids, asks });
  };
  const status = (state: SyncState) => {
    const at = producer.claim(FeedStatus.TYPE, FeedStatus.BYTES);
    FeedStatus.encode(
      producer.words,
      at,
      ++sequence,
      1,
      1,
      1,
      0,
      SyncState.Synced,
      state,
      SyncReason.SequenceGap,
    );
    producer.commitAndPublish();
  };
  const features = (volume: number) => {
    const at = producer.claim(Features.TYPE, Features.BYTES);
    Features.encode(
      producer.words,
      at,
      ++sequence,
      1,
      1,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      6,
      0,
      0,
      0,
      2,
      3,
      4,
      volume,
      0,
      10,
    );
    producer.commitAndPublish();
  };
  const read = (limit = 1000): string[] => {
    reader.read(limit);
    return told.splice(0);
  };
  return { book, write, status, features, read };
}

describe('books of strategies', () => {
  it('are told of only from the first whole snapshot on', () => {
    const { book, write, read } = rig();
    write(false, [[99, 1]], [[101, 1]]);
    expect(read()).toEqual([]);
    expect(book).toMatchObject({ synced: false, bestBid: 0, bestAsk: 0, midpoint: 0, bidLevels: 0 });
    write(true, [[100, 5]], [], false);
    expect(read()).toEqual([]);
    expect(book.synced).toBe(false);
    write(true, [], [[103, 2]]);
    expect(read()).toEqual(['book 100/103']);
    expect(book).toMatchObject({ midpoint: 101.5, imbalance: 3 / 7, bidLevels: 1, askLevels: 1 });
    expect(book.relativeSpread).toBeCloseTo(3 / 101.5);
  });

  it('are told of once per burst, with their newest state', () => {
    const { book, write, read } = rig();
    write(true, [[100, 5]], [[103, 2]]);
    write(false, [[101, 1]], []);
    write(
      false,
      [[102, 4]],
      [
        [103, 0],
        [104, 6],
      ],
    );
    write(true, [[1, 1]], [[2, 1]], true, 1);
    expect(read()).toEqual(['book 102/104']);
    expect([book.bidPrice(0), book.bidQuantity(0), book.bidPrice(2), book.bidPrice(3)]).toEqual([
      102, 4, 100, 0,
    ]);
    expect([book.askPrice(0), book.askQuantity(0), book.askQuantity(1)]).toEqual([104, 6, 0]);
    expect([book.bidDepth(2), book.bidDepth(9), book.askDepth(9)]).toEqual([5, 10, 6]);
    expect(read()).toEqual([]);
  });

  it('become unreadable when records are lost, until the next snapshot', () => {
    const { book, write, read } = rig();
    write(true, [[100, 5]], [[103, 2]]);
    read();
    for (let i = 0; i < 100; i++) write(false, [[100, 6 + i]], []);
    expect(read()).toEqual(['lapped']);
    expect(book).toMatchObject({ synced: false, bestBid: 0, bestAskQuantity: 0 });
    write(false, [[100, 7]], []);
    expect(read()).toEqual([]);
    write(true, [[98, 1]], [[99, 1]]);
    expect(read()).toEqual(['book 98/99']);
  });

  it('become unreadable when their feed is no longer synchronised', () => {
    const { book, write, status, read } = rig();
    write(true, [[100, 5]], [[103, 2]]);
    status(SyncState.Synced);
    expect(read()).toEqual(['book 100/103']);
    status(SyncState.Resync);
    expect(read()).toEqual([]);
    expect(book.synced).toBe(false);
  });

  it('have features only while they can be read', () => {
    const { book, write, status, features, read } = rig();
    const shown = () => {
      const { orderFlowImbalance, volatilityMid, volatilityTrades, tradedVolume, breadth } = book;
      return [orderFlowImbalance, volatilityMid, volatilityTrades, tradedVolume, breadth];
    };
    features(5);
    read();
    expect(shown()).toEqual([0, 0, 0, 0, 0]);
    write(true, [[100, 5]], [[103, 2]]);
    features(5);
    read();
    expect(shown()).toEqual([2, 3, 4, 5, 6]);
    status(SyncState.Resync);
    read();
    features(7);
    read();
    expect(book.synced).toBe(false);
    expect(shown()).toEqual([0, 0, 0, 0, 0]);
  });

  it('are read in bounded bursts', () => {
    const { write, read } = rig();
    write(true, [[100, 5]], [[103, 2]]);
    write(false, [[101, 1]], []);
    expect(read(1)).toEqual(['book 100/103']);
    expect(read(1)).toEqual(['book 101/103']);
  });
});
