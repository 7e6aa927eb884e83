import type { DepthBook } from '../book/depth-book.js';
import type { BookFeatures } from '../book/features.js';
import type { LevelList } from '../book/level-list.js';
import type { Side, SyncReason, SyncState } from '../lib/enums.js';

/**
 * What every market-data message says, in one object that its feed handler overwrites: numbers that pass through fields
 * need no box, numbers that pass through calls may. A sink reads it during the call and keeps no reference.
 */
export class MarketEvent {
  instrument = 0;
  /** The venue's own update id. */
  venueSequence = 0;
  /** Venue time, nanoseconds since session start; negative before it. */
  timestamp = 0;
  /** When we received it, nanoseconds since session start. */
  receiveTimestamp = 0;
  /** Public trade: id, ticks, lots, side of the taker. */
  tradeId = 0;
  price = 0;
  quantity = 0;
  takerSide: Side = 0;
}

/** Where a feed handler sends market data: the messages of schemas/market.fbs, as numbers. */
export interface MarketSink {
  /** `levels` were applied to a synced book. */
  bookUpdate(event: MarketEvent, levels: LevelList): void;
  /** The whole book, each time it becomes synced; precedes that feedStatus. */
  bookSnapshot(event: MarketEvent, book: DepthBook): void;
  marketTrade(event: MarketEvent): void;
  /** After each bookUpdate and each bookSnapshot. */
  features(event: MarketEvent, features: BookFeatures): void;
  /** A book's synchronisation changed. */
  feedStatus(event: MarketEvent, previous: SyncState, state: SyncState, reason: SyncReason): void;
}
