import type { DepthBook } from '../book/depth-book.js';
import type { DepthSide } from '../book/depth-side.js';
import type { BookFeatures } from '../book/features.js';
import type { LevelList } from '../book/level-list.js';
import type { StatusEvent } from '../book/matching.js';
import { BookFlags, type SyncReason, type SyncState } from '../lib/enums.js';
import * as BookSnapshot from '../messages/views/book-snapshot.js';
import * as BookUpdate from '../messages/views/book-update.js';
import * as Features from '../messages/views/features.js';
import * as FeedStatus from '../messages/views/feed-status.js';
import * as MarketStatus from '../messages/views/market-status.js';
import * as MarketTrade from '../messages/views/market-trade.js';
import { FULL, type RingProducer } from '../ring/producer.js';
import type { MarketEvent, MarketSink } from '../venues/market-sink.js';
import { statusFlags } from './event-messages.js';

/** Levels of one record at most: longer books and updates travel in chunks. */
const CHUNK_LEVELS = 512;

/**
 * Writes market data to a ring. Each record gets the next sequence number; nothing is dropped: on a full ring
 * `awaitRoom` runs until there is room, or until it says that waiting is pointless. Records become visible with
 * `producer.publish()`, which is the owner's to call.
 */
export class MarketRingSink implements MarketSink {
  readonly producer: RingProducer;
  /** Sequence number of the last record. */
  sequence: number;
  /** Times the ring had no room. */
  full = 0;
  /** Records given up because `awaitRoom` said so. */
  lost = 0;

  readonly #awaitRoom: () => boolean;
  readonly #chunkLevels: number;

  /** `sequence` is that of the last record before, for a restarted stage. */
  constructor(producer: RingProducer, awaitRoom: () => boolean, sequence = 0) {
    this.producer = producer;
    this.#awaitRoom = awaitRoom;
    this.sequence = sequence;
    const fitting = Math.floor(
      (producer.maximumLength - BookUpdate.bytes(0)) / (BookUpdate.bytes(1) - BookUpdate.bytes(0)),
    );
    if (fitting < 1)
      throw new RangeError(`ring ${producer.name}: records of ${producer.maximumLength} bytes hold no level`);
    this.#chunkLevels = Math.min(CHUNK_LEVELS, fitting);
  }

  /** `synced`: the book may be read. */
  bookUpdate(event: MarketEvent, levels: LevelList, synced = true): void {
    const { prices, quantities, bidCount } = levels;
    const total = bidCount + levels.askCount;
    let from = 0;
    do {
      const count = Math.min(total - from, this.#chunkLevels);
      const bids = Math.min(Math.max(bidCount - from, 0), count);
      const at = this.#claimLevels(
        BookUpdate.TYPE,
        event,
        bids,
        count - bids,
        chunkFlags(from, count, total, synced),
      );
      if (at === FULL) return;
      const { words } = this.producer;
      for (let i = 0; i < count; i++)
        BookUpdate.setLevel(words, at, i, prices[from + i], quantities[from + i]);
      this.producer.commit();
      from += count;
    } while (from < total);
  }

  bookSnapshot(event: MarketEvent, book: DepthBook, synced = true): void {
    const { bids, asks } = book;
    const total = bids.count + asks.count;
    let from = 0;
    do {
      const count = Math.min(total - from, this.#chunkLevels);
      const bidCount = Math.min(Math.max(bids.count - from, 0), count);
      const at = this.#claimLevels(
        BookSnapshot.TYPE,
        event,
        bidCount,
        count - bidCount,
        chunkFlags(from, count, total, synced),
      );
      if (at === FULL) return;
      this.#setLevels(at, 0, bids, from, bidCount);
      this.#setLevels(at, bidCount, asks, from + bidCount - bids.count, count - bidCount);
      this.producer.commit();
      from += count;
    } while (from < total);
  }

  marketTrade(event: MarketEvent): void {
    const at = this.#claim(MarketTrade.TYPE, MarketTrade.BYTES);
    if (at === FULL) return;
    MarketTrade.encode(
      this.producer.words,
      at,
      this.sequence,
      event.tradeId,
      event.timestamp,
      event.receiveTimestamp,
      event.price,
      event.quantity,
      event.instrument,
      event.takerSide,
    );
    this.producer.commit();
  }

  features(event: MarketEvent, features: BookFeatures): void {
    const at = this.#claim(Features.TYPE, Features.BYTES);
    if (at === FULL) return;
    Features.encode(
      this.producer.words,
      at,
      this.sequence,
      event.venueSequence,
      event.timestamp,
      event.receiveTimestamp,
      features.bestBidPrice,
      features.bestBidQuantity,
      features.bestAskPrice,
      features.bestAskQuantity,
      features.midpoint,
      features.relativeSpread,
      features.breadth,
      features.imbalanceLevel1,
      features.bidDepth,
      features.askDepth,
      features.orderFlowImbalance,
      features.volatilityMid,
      features.volatilityTrades,
      features.tradedVolume,
      event.instrument,
      features.depthLevels,
    );
    this.producer.commit();
  }

  feedStatus(event: MarketEvent, previous: SyncState, state: SyncState, reason: SyncReason): void {
    const at = this.#claim(FeedStatus.TYPE, FeedStatus.BYTES);
    if (at === FULL) return;
    FeedStatus.encode(
      this.producer.words,
      at,
      this.sequence,
      event.venueSequence,
      event.timestamp,
      event.receiveTimestamp,
      event.instrument,
      previous,
      state,
      reason,
    );
    this.producer.commit();
  }

  /** Phase and indicative price of an instrument; the times are those of `event`. */
  marketStatus(event: MarketEvent, status: StatusEvent): void {
    const at = this.#claim(MarketStatus.TYPE, MarketStatus.BYTES);
    if (at === FULL) return;
    MarketStatus.encode(
      this.producer.words,
      at,
      this.sequence,
      event.venueSequence,
      event.timestamp,
      event.receiveTimestamp,
      status.indicativePrice,
      status.indicativeQuantity,
      status.surplus,
      status.lastPrice,
      status.referencePrice,
      status.instrument,
      status.phase,
      status.previousPhase,
      status.reason,
      statusFlags(status),
    );
    this.producer.commit();
  }

  #setLevels(at: number, index: number, side: DepthSide, depth: number, count: number): void {
    const { words } = this.producer;
    for (let i = 0; i < count; i++) {
      BookSnapshot.setLevel(words, at, index + i, side.price(depth + i), side.quantity(depth + i));
    }
  }

  #claimLevels(type: number, event: MarketEvent, bids: number, asks: number, flags: number): number {
    const at = this.#claim(type, BookUpdate.bytes(bids + asks));
    if (at === FULL) return FULL;
    BookUpdate.encodeHead(
      this.producer.words,
      at,
      this.sequence,
      event.venueSequence,
      event.timestamp,
      event.receiveTimestamp,
      event.instrument,
      bids,
      asks,
      flags,
    );
    return at;
  }

  #claim(type: number, length: number): number {
    for (;;) {
      const at = this.producer.claim(type, length);
      if (at !== FULL) {
        this.sequence++;
        return at;
      }
      this.full++;
      this.producer.publish();
      if (!this.#awaitRoom()) {
        this.lost++;
        return FULL;
      }
    }
  }
}

function chunkFlags(from: number, count: number, total: number, synced: boolean): number {
  const last = from + count === total ? BookFlags.LastChunk : 0;
  return (synced ? BookFlags.Synced : 0) | last | (from > 0 ? BookFlags.Continued : 0);
}
