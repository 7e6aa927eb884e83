import { DepthBook } from '../../book/depth-book.js';
import type { LevelList } from '../../book/level-list.js';
import { SyncReason, SyncState } from '../../lib/enums.js';
import { type BufferedEvent, EventBuffer } from './event-buffer.js';
import { type BinanceMessage, NO_ID } from './message.js';

/** Binance's markets differ in how update ids connect. */
export type Market = 'spot' | 'usdm';

/** What a book's owner hears. The book is complete when `transition` reports Synced, and gone after any other state. */
export interface SyncListener {
  /** `levels` were applied to a book that is, and stays, synced. */
  updateApplied(levels: LevelList): void;
  transition(previous: SyncState, state: SyncState, reason: SyncReason): void;
}

export interface SyncOptions {
  readonly market: Market;
  /** Levels a side that a snapshot may have; one with fewer shows the whole side. */
  readonly snapshotDepth?: number;
  /** Withdraw the book when a best price leaves the range that the snapshot covered. Off: such updates are only counted. */
  readonly resyncBeyondHorizon?: boolean;
  /** Bounds of the buffer of events that wait for a snapshot. */
  readonly maximumBufferedEvents?: number;
  readonly maximumBufferedLevels?: number;
}

/** What happened to one book so far. */
export class SyncCounters {
  updatesApplied = 0;
  snapshotsApplied = 0;
  /** Snapshots that came while the book was synced. */
  snapshotsIgnored = 0;
  /** Snapshots older than the first event that was at hand. */
  snapshotsTooOld = 0;
  /** Events wholly covered by the snapshot. */
  eventsDroppedBeforeSnapshot = 0;
  /** Update ids that did not continue the last: loss, repetition or wrong order. */
  sequenceGaps = 0;
  /** Updates that left the best bid at or above the best ask. */
  crossedUpdates = 0;
  badMessages = 0;
  /** Times the buffer of waiting events was full and was emptied. */
  bufferOverflows = 0;
  /** Updates after which a best price was outside the range that the snapshot covered. */
  updatesBeyondHorizon = 0;
}

/**
 * Keeps one book in step with the venue, or withdrawn. The rules are Binance's ("How to manage a local order book
 * correctly"), strictly:
 *
 *     Disconnected --first event--> Buffering --snapshot, then the event that joins it--> Synced
 *     Synced --event that does not continue | crossed or locked book | bad message--> Resync --as Buffering--> Synced
 *     Synced --no data for too long--> Stale --event that continues--> Synced, else --> Resync
 *
 * Spot: events with u <= lastUpdateId are dropped; the first kept has U <= lastUpdateId + 1 <= u; then U = last u + 1.
 * USD-M: events with u < lastUpdateId are dropped; the first kept has U <= lastUpdateId <= u; then pu = last u. An event
 * whose pu is lastUpdateId joins too: nothing lies between them. Anything else, a repeated event included, is a
 * gap. Events that arrive before the snapshot are kept and examined, because the one that joins usually is among
 * them. A snapshot alone is not enough: until an event joins it, it may be too old.
 */
export class BinanceBookSync {
  readonly counters = new SyncCounters();
  /** Update id of the last event applied; 0 before. */
  lastId = 0;
  /** Venue time of the last event applied, Unix milliseconds. */
  lastVenueTime = 0;

  readonly #spot: boolean;
  readonly #listener: SyncListener;
  readonly #book = new DepthBook();
  readonly #buffer: EventBuffer;
  readonly #snapshotDepth: number;
  readonly #resyncBeyondHorizon: boolean;
  #state: SyncState = SyncState.Disconnected;
  #reason: SyncReason = SyncReason.None;
  /** lastUpdateId of a snapshot that no event has joined yet. */
  #pendingSnapshot = NO_ID;
  #horizonBid = 0;
  #horizonAsk = Number.POSITIVE_INFINITY;

  constructor(options: SyncOptions, listener: SyncListener) {
    this.#spot = options.market === 'spot';
    this.#listener = listener;
    this.#buffer = new EventBuffer(
      options.maximumBufferedEvents ?? 65536,
      options.maximumBufferedLevels ?? 1_048_576,
    );
    this.#snapshotDepth = options.snapshotDepth ?? 1000;
    this.#resyncBeyondHorizon = options.resyncBeyondHorizon ?? false;
  }

  get state(): SyncState {
    return this.#state;
  }

  /** Why the book is in its state. */
  get reason(): SyncReason {
    return this.#reason;
  }

  /** Events that wait for a snapshot. */
  get buffered(): number {
    return this.#buffer.count;
  }

  /** The book while it is synced, else undefined: the only way to read it. */
  readable(): DepthBook | undefined {
    return this.#state === SyncState.Synced ? this.#book : undefined;
  }

  /** A depth update arrived. */
  depthUpdate(message: BinanceMessage): void {
    if (this.#state === SyncState.Synced || this.#state === SyncState.Stale) {
      if (this.#continues(message)) this.#advance(message);
      else this.#gap(message);
      return;
    }
    if (this.#state === SyncState.Disconnected) this.#enter(SyncState.Buffering, SyncReason.Connected);
    this.#keep(message);
    if (this.#pendingSnapshot !== NO_ID) this.#join();
  }

  /** A REST snapshot arrived. */
  snapshot(message: BinanceMessage): void {
    if (this.#state === SyncState.Synced || this.#state === SyncState.Stale) {
      this.counters.snapshotsIgnored++;
      return;
    }
    if (this.#state === SyncState.Disconnected) this.#enter(SyncState.Buffering, SyncReason.Connected);
    this.#book.clear();
    this.#book.apply(message.levels);
    this.#setHorizon();
    this.#pendingSnapshot = message.lastId;
    this.lastVenueTime = message.venueTime();
    this.#join();
  }

  /** A message of this book's depth stream could not be understood: what it said is lost. */
  badMessage(): void {
    this.counters.badMessages++;
    if (this.#state === SyncState.Synced || this.#state === SyncState.Stale)
      this.#withdraw(SyncReason.BadMessage);
  }

  /** No data for longer than the channel allows: the book is not to be read until an event continues it. */
  stale(): void {
    if (this.#state === SyncState.Synced) this.#enter(SyncState.Stale, SyncReason.StaleData);
  }

  /** The connection or the recording ended: nothing that was kept can be continued. */
  disconnect(reason: typeof SyncReason.Disconnected | typeof SyncReason.StreamEnd): void {
    if (this.#state === SyncState.Disconnected) return;
    this.#forget();
    this.#buffer.clear();
    this.#enter(SyncState.Disconnected, reason);
  }

  /** The event continues the book. */
  #advance(message: BinanceMessage): void {
    this.#apply(message, message.venueTime(), message.levels);
    const trouble = this.#inspect();
    if (trouble !== SyncReason.None) this.#withdraw(trouble);
    else if (this.#state === SyncState.Stale) this.#enter(SyncState.Synced, SyncReason.Connected);
    else this.#listener.updateApplied(message.levels);
  }

  /** Feeds what waits to the pending snapshot until an event joins, and on until all is applied or something breaks. */
  #join(): void {
    let trouble: SyncReason = SyncReason.None;
    let joined = false;
    this.#buffer.drain((event, levels) => {
      if (!joined) {
        if (this.#isCovered(event)) {
          this.counters.eventsDroppedBeforeSnapshot++;
          return true;
        }
        if (!this.#joins(event)) trouble = SyncReason.SnapshotTooOld;
      } else if (!this.#continues(event)) trouble = SyncReason.SequenceGap;
      if (trouble !== SyncReason.None) return false;
      joined = true;
      this.#apply(event, event.venueTime, levels);
      trouble = this.#inspect();
      return trouble === SyncReason.None;
    });
    if (trouble !== SyncReason.None) {
      if (trouble === SyncReason.SequenceGap) this.counters.sequenceGaps++;
      if (trouble === SyncReason.SnapshotTooOld) this.counters.snapshotsTooOld++;
      this.#withdraw(trouble);
    } else if (joined) {
      this.#pendingSnapshot = NO_ID;
      this.counters.snapshotsApplied++;
      this.#enter(SyncState.Synced, SyncReason.SnapshotApplied);
    }
  }

  #isCovered(event: BufferedEvent): boolean {
    return this.#spot ? event.lastId <= this.#pendingSnapshot : event.lastId < this.#pendingSnapshot;
  }

  #joins(event: BufferedEvent): boolean {
    const id = this.#pendingSnapshot;
    if (this.#spot) return event.firstId <= id + 1;
    return event.firstId <= id || event.previousId === id;
  }

  #continues(event: {
    readonly firstId: number;
    readonly lastId: number;
    readonly previousId: number;
  }): boolean {
    const follows = this.#spot ? event.firstId === this.lastId + 1 : event.previousId === this.lastId;
    return follows && event.lastId >= event.firstId;
  }

  #apply(event: { readonly lastId: number }, venueTime: number, levels: LevelList): void {
    this.#book.apply(levels);
    this.lastId = event.lastId;
    this.lastVenueTime = venueTime;
    this.counters.updatesApplied++;
  }

  /** What is wrong with the book after an update, None when it is sound. */
  #inspect(): SyncReason {
    if (this.#book.crossedOrLocked()) {
      this.counters.crossedUpdates++;
      return SyncReason.CrossedBook;
    }
    const { bids, asks } = this.#book;
    if (bids.bestPrice() >= this.#horizonBid && asks.bestPrice() <= this.#horizonAsk) return SyncReason.None;
    this.counters.updatesBeyondHorizon++;
    return this.#resyncBeyondHorizon ? SyncReason.DepthHorizon : SyncReason.None;
  }

  /** Below its worst bid and above its worst ask a full snapshot says nothing: levels there may be missing. */
  #setHorizon(): void {
    const { bids, asks } = this.#book;
    this.#horizonBid = bids.count < this.#snapshotDepth ? 0 : bids.price(bids.count - 1);
    this.#horizonAsk =
      asks.count < this.#snapshotDepth ? Number.POSITIVE_INFINITY : asks.price(asks.count - 1);
  }

  #gap(message: BinanceMessage): void {
    this.counters.sequenceGaps++;
    this.#withdraw(SyncReason.SequenceGap);
    this.#keep(message); // it may be the one that joins the next snapshot
  }

  #keep(message: BinanceMessage): void {
    if (this.#buffer.push(message)) return;
    this.counters.bufferOverflows++;
    this.#buffer.clear();
    this.#withdraw(SyncReason.Capacity);
    this.#buffer.push(message);
  }

  #withdraw(reason: SyncReason): void {
    this.#forget();
    this.#enter(SyncState.Resync, reason);
  }

  #forget(): void {
    this.#book.clear();
    this.#pendingSnapshot = NO_ID;
    this.lastId = 0;
  }

  #enter(state: SyncState, reason: SyncReason): void {
    const previous = this.#state;
    this.#state = state;
    this.#reason = reason;
    this.#listener.transition(previous, state, reason);
  }
}
