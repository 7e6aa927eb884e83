import { DepthBook } from '../../book/depth-book.js';
import { BookFlags } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import * as BookUpdate from '../../messages/views/book-update.js';
import * as Features from '../../messages/views/features.js';

/**
 * One instrument as the market records of one ring describe it: its depth, its latest features, and whether they
 * may be shown. Starts unsynchronised; so it is again after a loss of records, until the next whole snapshot.
 */
export class MarketBook {
  readonly instrument: Instrument;
  readonly depth = new DepthBook();
  /** Payload of the latest Features record; read with the hot view at 0. */
  readonly features = new Int32Array(Features.BYTES / 4);
  hasFeatures = false;
  /** Lots traded since those features were taken. */
  volumeSinceFeatures = 0;
  /** Of the latest record applied, session time. */
  timestamp = 0;
  receiveTimestamp = 0;
  /** Changed since it was last published. */
  dirty = false;
  /** Session time before which the next change is held back. */
  due = Number.NEGATIVE_INFINITY;
  /** Session time at which it is published even without a change. */
  republishAt = 0;

  #synced = false;
  #inSnapshot = false; // between the chunks of a snapshot
  #inUpdate = false; // between the chunks of an update
  #snapshotSequence = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  /** The depth is that of the venue at one moment. */
  get readable(): boolean {
    return this.#synced && !this.#inUpdate;
  }

  /** Records were lost, or the venue's book is not to be trusted: nothing is shown until the next whole snapshot. */
  withdraw(): void {
    this.#synced = false;
    this.#inSnapshot = false;
    this.#inUpdate = false;
    this.dirty = false;
  }

  /** A chunk of a snapshot. */
  onSnapshot(words: Int32Array, at: number): void {
    const sequence = BookUpdate.venueSequence(words, at);
    if (!this.#inSnapshot || sequence !== this.#snapshotSequence) {
      this.withdraw();
      this.depth.clear();
      this.#snapshotSequence = sequence;
    }
    const flags = BookUpdate.flags(words, at);
    this.#apply(words, at);
    this.#inSnapshot = (flags & BookFlags.LastChunk) === 0;
    if (this.#inSnapshot) return;
    this.#synced = (flags & BookFlags.Synced) !== 0;
    this.dirty = this.#synced;
  }

  /** A chunk of an update; ignored until a snapshot came. */
  onUpdate(words: Int32Array, at: number): void {
    if (!this.#synced) return;
    const flags = BookUpdate.flags(words, at);
    if ((flags & BookFlags.Synced) === 0) {
      this.withdraw();
      return;
    }
    this.#apply(words, at);
    this.#inUpdate = (flags & BookFlags.LastChunk) === 0;
    this.dirty = true;
  }

  onFeatures(words: Int32Array, at: number): void {
    const features = this.features;
    for (let i = 0; i < features.length; i++) features[i] = words[at + i];
    this.hasFeatures = true;
    this.volumeSinceFeatures = 0;
  }

  #apply(words: Int32Array, at: number): void {
    const { bids, asks } = this.depth;
    const middle = BookUpdate.bidCount(words, at);
    const end = middle + BookUpdate.askCount(words, at);
    for (let i = 0; i < end; i++) {
      const side = i < middle ? bids : asks;
      side.set(BookUpdate.levelPrice(words, at, i), BookUpdate.levelQuantity(words, at, i));
    }
    this.timestamp = BookUpdate.timestamp(words, at);
    this.receiveTimestamp = BookUpdate.receiveTimestamp(words, at);
  }
}
