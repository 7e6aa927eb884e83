import { describe, expect, it } from 'vitest';
import { BookFlags, Reason, SyncReason, SyncState, TradingPhase } from '../../src/lib/enums.js';
import * as Features from '../../src/messages/views/features.js';
import * as FeedStatus from '../../src/messages/views/feed-status.js';
import * as Status from '../../src/messages/views/market-status.js';
import { createRing } from '../../src/ring/layout.js';
import { LossyConsumer } from '../../src/ring/lossy-consumer.js';
import { RingProducer } from '../../src/ring/producer.js';
import { MarketBook } from '../../src/strategies/market-book.js';
import { MarketStatus } from '../../src/strategies/market-status.js';
import { MarketDataReader } from '../../src/workers/strategy-market-data.js';
import { type Level, writeBook } from '../support/market-records.js';
import { writeStatus } from '../support/status-records.js';

/** A reader over a small market ring; what it tells is noted as text. Two instruments, only number 0 is of interest. */
function rig() {
  const ring = createRing({ name: 'market', capacityBytes: 4096, gating: 0, lossy: 1 });
  const producer = new RingProducer(ring);
  const book = new MarketBook(0);
  const market = new MarketStatus(0, TradingPhase.Continuous);
  const told: string[] = [];
  const views = [
    [book, undefined],
    [market, undefined],
  ] as const;
  const reader = new MarketDataReader(new LossyConsumer(ring, 0), ...views, {
    onTrade: () => told.push('trade'),
    onBook: (one) => told.push(`book ${one.bestBid}/${one.bestAsk}`),
    onStatus: ({ phase, indicativePrice }, changed) =>
      told.push(`${changed ? 'phase' : 'indicative'} ${phase} ${indicativePrice} ${book.synced}`),
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
    synced: number = BookFlags.Synced,
  ) => {
    const flags = synced | (last ? BookFlags.LastChunk : 0) | continued;
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
  const phase = (now: number, previousPhase: number, indicativePrice: number | null, instrument = 0) =>
    writeStatus(Status, producer, {
      ...{ eventSequence: ++sequence, sequence: 7, timestamp: 8, instrument, phase: now, previousPhase },
      ...{
        reason: Reason.DynamicPriceBand,
        indicativePrice,
        indicativeQuantity: indicativePrice === null ? 0 : 3,
      },
      ...{ surplus: 0, lastPrice: 101, referencePrice: null },
    });
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
  return { book, market, write, status, phase, features, read };
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

  it('are no market while orders are collected, and one again with their next snapshot', () => {
    const { book, market, write, phase, read } = rig();
    const { Continuous, VolatilityAuction } = TradingPhase;
    write(true, [[100, 5]], [[103, 2]]);
    phase(Continuous, Continuous, null); // as it comes at an interval, without news
    expect(read()).toEqual(['book 100/103']);
    phase(VolatilityAuction, Continuous, null);
    expect(read()).toEqual([`phase ${VolatilityAuction} NaN false`]);
    expect(market).toMatchObject({
      previousPhase: Continuous,
      reason: Reason.DynamicPriceBand,
      timestamp: 8,
    });
    expect(market).toMatchObject({ lastPrice: 101, referencePrice: Number.NaN, indicativeQuantity: 0 });
    write(false, [[105, 1]], [], true, 0, 0);
    phase(VolatilityAuction, VolatilityAuction, 104);
    phase(VolatilityAuction, VolatilityAuction, 104);
    phase(VolatilityAuction, VolatilityAuction, 104, 1);
    expect(read()).toEqual([`indicative ${VolatilityAuction} 104 false`]);
    write(true, [[105, 1]], [[103, 2]], true, 0, 0);
    expect(read()).toEqual([]);
    phase(Continuous, VolatilityAuction, 104);
    expect(read()).toEqual([`phase ${Continuous} 104 false`]);
    expect(book.bestBid).toBe(0);
    write(true, [[100, 5]], [[103, 1]]);
    expect(read()).toEqual(['book 100/103']);
  });

  it('are read in bounded bursts', () => {
    const { write, read } = rig();
    write(true, [[100, 5]], [[103, 2]]);
    write(false, [[101, 1]], []);
    expect(read(1)).toEqual(['book 100/103']);
    expect(read(1)).toEqual(['book 101/103']);
  });
});
