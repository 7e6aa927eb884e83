import { DepthBook } from '../../book/depth-book.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import { collectsOrders } from '../../lib/phases.js';
import * as BookUpdate from '../../messages/views/book-update.js';
import * as Features from '../../messages/views/features.js';
import * as FeedStatus from '../../messages/views/feed-status.js';
import * as MarketStatus from '../../messages/views/market-status.js';
import { BookReplicas } from '../book-replica.js';
import { MarketBook } from './market-book.js';

/** When books are published, nanoseconds. */
export interface BookTiming {
  /** Least time between two messages of one book; 0: every change is one message. */
  readonly interval: number;
  /** Most time between two messages of a book that does not change. */
  readonly snapshotInterval: number;
}

/** Stands for a book whose levels are no market. Nobody writes to it. */
const NO_LEVELS = new DepthBook();

export type PublishBook = (book: MarketBook, levels: DepthBook) => void;

/**
 * The books of one market ring, and when each is to be published: at once after a quiet time, else conflated to one
 * message an interval. Never publishes the levels of a book that is not synchronised. While orders are collected for an auction
 * it publishes the book without levels, with each indicative price.
 */
export class BookStream {
  /** Earliest session time at which a change that is held back may go out; Infinity when none is. */
  nextDue = Number.POSITIVE_INFINITY;
  readonly #replicas = new BookReplicas();
  readonly #books: (MarketBook | undefined)[];
  readonly #active: MarketBook[] = [];
  readonly #instruments: InstrumentTable;
  readonly #timing: BookTiming;
  readonly #publish: PublishBook;

  constructor(instruments: InstrumentTable, timing: BookTiming, publish: PublishBook) {
    this.#instruments = instruments;
    this.#timing = timing;
    this.#publish = publish;
    this.#books = new Array(instruments.count).fill(undefined);
  }

  /** The book of an instrument; undefined when there is no such instrument. */
  of(instrument: number): MarketBook | undefined {
    return this.#books[instrument] ?? this.#open(instrument);
  }

  /** A BookSnapshot or BookUpdate. Like all that follow, returns the book, or undefined for an unknown instrument. */
  onLevels(type: number, words: Int32Array, at: number, now: number): MarketBook | undefined {
    const book = this.of(BookUpdate.instrument(words, at));
    if (book === undefined) return undefined;
    // With every change a message of its own, one that no features followed goes out before the next is applied.
    if (this.#timing.interval === 0) this.#publishChange(book, now);
    this.#replicas.onRecord(type, words, at);
    book.timestamp = BookUpdate.timestamp(words, at);
    book.receiveTimestamp = BookUpdate.receiveTimestamp(words, at);
    book.dirty = true;
    return book;
  }

  /** Features follow the change that they describe, so a book that waits for nothing else goes out now. */
  onFeatures(words: Int32Array, at: number, now: number): MarketBook | undefined {
    const book = this.of(Features.instrument(words, at));
    if (book === undefined) return undefined;
    book.onFeatures(words, at);
    if (this.#timing.interval === 0) this.#publishChange(book, now);
    return book;
  }

  onStatus(words: Int32Array, at: number): MarketBook | undefined {
    const book = this.of(FeedStatus.instrument(words, at));
    if (book !== undefined) this.#replicas.onRecord(FeedStatus.TYPE, words, at);
    return book;
  }

  /** A MarketStatus, which also comes without news at an interval. */
  onMarketStatus(words: Int32Array, at: number): MarketBook | undefined {
    const book = this.of(MarketStatus.instrument(words, at));
    if (book === undefined) return undefined;
    const { phase, indicativePrice, indicativeQuantity, surplus } = book;
    this.#replicas.onRecord(MarketStatus.TYPE, words, at);
    book.onStatus(words, at);
    const isNews =
      phase !== book.phase ||
      !Object.is(indicativePrice, book.indicativePrice) ||
      indicativeQuantity !== book.indicativeQuantity ||
      surplus !== book.surplus;
    if (!isNews) return book;
    book.timestamp = MarketStatus.timestamp(words, at);
    book.receiveTimestamp = MarketStatus.receiveTimestamp(words, at);
    book.dirty = true;
    return book;
  }

  /** Records of this ring were lost: no book is shown until its next snapshot. */
  onLapped(): void {
    this.#replicas.onLapped();
  }

  /** Publishes what is due at `now`; returns how many messages. */
  flush(now: number): number {
    let published = 0;
    let nextDue = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#active.length; i++) {
      const book = this.#active[i];
      const levels = this.#levelsOf(book);
      if (levels === undefined) continue;
      if (book.dirty ? now >= book.due : now >= book.republishAt) {
        this.#send(book, levels, now);
        published++;
      } else if (book.dirty && book.due < nextDue) nextDue = book.due;
    }
    this.nextDue = nextDue;
    return published;
  }

  #publishChange(book: MarketBook, now: number): void {
    const levels = this.#levelsOf(book);
    if (book.dirty && levels !== undefined) this.#send(book, levels, now);
  }

  /** What may be shown; undefined: nothing now. */
  #levelsOf(book: MarketBook): DepthBook | undefined {
    return collectsOrders(book.phase) ? NO_LEVELS : this.#replicas.readable(book.instrument.index);
  }

  #send(book: MarketBook, levels: DepthBook, now: number): void {
    book.dirty = false;
    book.due = now + this.#timing.interval;
    book.republishAt = now + this.#timing.snapshotInterval;
    this.#publish(book, levels);
  }

  #open(index: number): MarketBook | undefined {
    const instrument = this.#instruments.at(index);
    if (instrument === undefined) return undefined;
    const book = new MarketBook(instrument);
    this.#books[index] = book;
    this.#active.push(book);
    return book;
  }
}
