import { DepthBook } from '../book/depth-book.js';
import { LevelList } from '../book/level-list.js';
import { BookFlags, SyncState } from '../lib/enums.js';
import { collectsOrders } from '../lib/phases.js';
import * as BookSnapshot from '../messages/views/book-snapshot.js';
import * as BookUpdate from '../messages/views/book-update.js';
import * as FeedStatus from '../messages/views/feed-status.js';
import * as MarketStatus from '../messages/views/market-status.js';

/** One instrument's book as a reader of a market ring has it. */
interface Replica {
  readonly book: DepthBook;
  /** A snapshot has been read to its end, and nothing withdrew the book since. */
  whole: boolean;
  /** Chunks of a message are still to come. */
  open: boolean;
  /** It is a market: its last record said so, and no auction has begun since. */
  synced: boolean;
  /** The venue's update id of the last record applied. */
  venueSequence: number;
}

/**
 * Rebuilds books from the records of a market or feed ring: snapshots replace, updates change, a feed status other than
 * Synced withdraws. A book whose records do not carry the flag Synced is kept but not shown. For every consumer that wants whole books; one per reader.
 */
export class BookReplicas {
  readonly #replicas: Replica[] = [];
  readonly #levels = new LevelList();

  /** Takes one record; true when it was about a book. Allocates only for an instrument's first record and to grow. */
  onRecord(type: number, words: Int32Array, at: number): boolean {
    switch (type) {
      case BookSnapshot.TYPE:
        this.#snapshot(words, at);
        return true;
      case BookUpdate.TYPE:
        this.#update(words, at);
        return true;
      case FeedStatus.TYPE:
        if (FeedStatus.state(words, at) !== SyncState.Synced)
          this.#withdraw(FeedStatus.instrument(words, at));
        return true;
      case MarketStatus.TYPE:
        this.#onPhase(words, at);
        return false;
      default:
        return false;
    }
  }

  /** The instrument's book where it may be read, else undefined: not while an auction collects orders, whose book may be crossed. */
  readable(instrument: number): DepthBook | undefined {
    const replica = this.#replicas[instrument];
    return replica?.whole === true && replica.synced && !replica.open ? replica.book : undefined;
  }

  /** The venue's update id that the book stands at; 0 for none. */
  venueSequence(instrument: number): number {
    return this.#replicas[instrument]?.venueSequence ?? 0;
  }

  /** Forgets all books until their next snapshots: this reader lost records. */
  onLapped(): void {
    for (let i = 0; i < this.#replicas.length; i++) this.#withdraw(i);
  }

  /** Books may cross from here on; the record that makes them a market again says so itself. */
  #onPhase(words: Int32Array, at: number): void {
    if (collectsOrders(MarketStatus.phase(words, at)))
      this.#replica(MarketStatus.instrument(words, at)).synced = false;
  }

  #snapshot(words: Int32Array, at: number): void {
    const replica = this.#replica(BookSnapshot.instrument(words, at));
    const flags = BookSnapshot.flags(words, at);
    if ((flags & BookFlags.Continued) === 0) replica.book.clear();
    else if (!replica.open || replica.whole) return; // its beginning was not seen
    replica.open = (flags & BookFlags.LastChunk) === 0;
    replica.whole = !replica.open;
    this.#apply(replica, words, at);
  }

  #update(words: Int32Array, at: number): void {
    const replica = this.#replica(BookUpdate.instrument(words, at));
    if (!replica.whole) return;
    replica.open = (BookUpdate.flags(words, at) & BookFlags.LastChunk) === 0;
    this.#apply(replica, words, at);
  }

  #apply(replica: Replica, words: Int32Array, at: number): void {
    const levels = this.#levels;
    replica.synced = (BookUpdate.flags(words, at) & BookFlags.Synced) !== 0;
    levels.bidCount = BookUpdate.bidCount(words, at);
    levels.askCount = BookUpdate.askCount(words, at);
    const count = levels.bidCount + levels.askCount;
    for (let i = 0; i < count; i++) {
      levels.set(i, BookUpdate.levelPrice(words, at, i), BookUpdate.levelQuantity(words, at, i));
    }
    replica.book.apply(levels);
    replica.venueSequence = BookUpdate.venueSequence(words, at);
  }

  #withdraw(instrument: number): void {
    const replica = this.#replica(instrument);
    replica.book.clear();
    replica.whole = false;
    replica.open = false;
    replica.synced = false;
    replica.venueSequence = 0;
  }

  #replica(instrument: number): Replica {
    while (this.#replicas.length <= instrument) {
      this.#replicas.push({
        book: new DepthBook(),
        whole: false,
        open: false,
        synced: false,
        venueSequence: 0,
      });
    }
    return this.#replicas[instrument];
  }
}
