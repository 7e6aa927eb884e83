import type { DepthBook } from '../../book/depth-book.js';
import * as BookSnapshot from '../../messages/views/book-snapshot.js';
import * as BookUpdate from '../../messages/views/book-update.js';
import * as FeedStatus from '../../messages/views/feed-status.js';
import * as MarketTrade from '../../messages/views/market-trade.js';
import { LAPPED, type LossyConsumer, RECORD } from '../../ring/lossy-consumer.js';
import { BookReplicas } from '../book-replica.js';

/** What the intake tells the rest of the gateway. */
export interface MarketSink {
  /** The book of an instrument changed, or whether it may be read did. */
  onBook(instrument: number): void;
  /** A public trade; `words` and `at` hold its MarketTrade until the next call. */
  onTrade(words: Int32Array, at: number): void;
}

interface Source {
  readonly consumer: LossyConsumer;
  readonly books: BookReplicas;
}

/**
 * Follows market data: the books matched here (`market` ring) and those of venues (`feed` ring). Lapped, it has no book until
 * the next snapshots.
 */
export class MarketIntake {
  readonly #sources: readonly Source[];
  readonly #sink: MarketSink;
  readonly #instruments: number;
  readonly #onLap: () => void;

  constructor(consumers: readonly LossyConsumer[], instruments: number, sink: MarketSink, onLap: () => void) {
    this.#sources = consumers.map((consumer) => ({ consumer, books: new BookReplicas() }));
    this.#instruments = instruments;
    this.#sink = sink;
    this.#onLap = onLap;
  }

  /** Takes in up to `limit` records of each ring; returns how many. */
  drain(limit: number): number {
    let count = 0;
    for (let i = 0; i < this.#sources.length; i++) count += this.#drainOne(this.#sources[i], limit);
    return count;
  }

  hasWork(): boolean {
    for (let i = 0; i < this.#sources.length; i++) if (this.#sources[i].consumer.hasNext()) return true;
    return false;
  }

  /** The book where it may be read, else undefined. */
  book(instrument: number): DepthBook | undefined {
    for (const { books } of this.#sources) {
      const book = books.readable(instrument);
      if (book !== undefined) return book;
    }
    return undefined;
  }

  /** The venue's update id that the book stands at; 0 for none. */
  venueSequence(instrument: number): number {
    let sequence = 0;
    for (const { books } of this.#sources) sequence = Math.max(sequence, books.venueSequence(instrument));
    return sequence;
  }

  #drainOne(source: Source, limit: number): number {
    const { consumer, books } = source;
    for (let count = 0; count < limit; count++) {
      const outcome = consumer.poll();
      if (outcome === RECORD) this.#record(books, consumer);
      else if (outcome === LAPPED) this.#lapped(books);
      else return count;
    }
    return limit;
  }

  #record(books: BookReplicas, consumer: LossyConsumer): void {
    const { type, words, at } = consumer;
    if (type === MarketTrade.TYPE) {
      this.#sink.onTrade(words, at);
      return;
    }
    if (!books.onRecord(type, words, at)) return;
    if (type === BookUpdate.TYPE || type === BookSnapshot.TYPE)
      this.#sink.onBook(BookUpdate.instrument(words, at));
    else this.#sink.onBook(FeedStatus.instrument(words, at));
  }

  #lapped(books: BookReplicas): void {
    books.onLapped();
    this.#onLap();
    for (let instrument = 0; instrument < this.#instruments; instrument++) this.#sink.onBook(instrument);
  }
}
