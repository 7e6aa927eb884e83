import { StatusFlags } from '../lib/enums.js';
import * as BookSnapshot from '../messages/views/book-snapshot.js';
import * as BookUpdate from '../messages/views/book-update.js';
import * as Features from '../messages/views/features.js';
import * as FeedStatus from '../messages/views/feed-status.js';
import * as StatusRecord from '../messages/views/market-status.js';
import * as MarketTrade from '../messages/views/market-trade.js';
import { EMPTY, LAPPED, type LossyConsumer } from '../ring/lossy-consumer.js';
import type { MarketBook } from '../strategies/market-book.js';
import type { MarketStatus } from '../strategies/market-status.js';
import type { TradeView } from '../strategies/strategy.js';
import { BookReplicas } from './book-replica.js';

const { Indicative, LastPrice, ReferencePrice } = StatusFlags;

/** Receives public trades, and each changed book once per burst. */
export interface MarketDataListener {
  onTrade(trade: TradeView): void;
  onBook(book: MarketBook): void;
  /** `changed`: the phase is another one; otherwise where the auction would execute. */
  onStatus(status: MarketStatus, changed: boolean): void;
  /** Records were lost: the books of this ring are unreadable until their next snapshots. */
  onLapped(): void;
}

/** A public trade as it was read; reused. Wide fields start as NaN so that V8 keeps them unboxed. */
class PublicTrade implements TradeView {
  instrument = 0;
  takerSide = 0;
  tradeId = Number.NaN;
  timestamp = Number.NaN;
  price = Number.NaN;
  quantity = Number.NaN;
}

/**
 * Reads one market ring into the books that strategies see. A book is told of once per burst, with its newest state, so
 * that strategies never work through a backlog of outdated books.
 */
export class MarketDataReader {
  readonly #consumer: LossyConsumer;
  readonly #replicas = new BookReplicas();
  readonly #books: readonly (MarketBook | undefined)[];
  readonly #statuses: readonly (MarketStatus | undefined)[];
  readonly #listener: MarketDataListener;
  readonly #trade = new PublicTrade();
  /** Instruments whose book changed in this burst: a list, and a flag for each. */
  readonly #changed: Int32Array;
  readonly #isChanged: Uint8Array;
  #changes = 0;

  /** `books` and `statuses` by instrument number; undefined where no strategy is interested. */
  constructor(
    consumer: LossyConsumer,
    books: readonly (MarketBook | undefined)[],
    statuses: readonly (MarketStatus | undefined)[],
    listener: MarketDataListener,
  ) {
    this.#consumer = consumer;
    this.#books = books;
    this.#statuses = statuses;
    this.#listener = listener;
    this.#changed = new Int32Array(books.length);
    this.#isChanged = new Uint8Array(books.length);
  }

  hasNext(): boolean {
    return this.#consumer.hasNext();
  }

  /** Takes up to `limit` records; returns how many. */
  read(limit: number): number {
    const consumer = this.#consumer;
    let taken = 0;
    for (; taken < limit; taken++) {
      const outcome = consumer.poll();
      if (outcome === EMPTY) break;
      if (outcome === LAPPED) this.#onLapped();
      else this.#onRecord(consumer.type, consumer.words, consumer.at);
    }
    this.#tellChanges();
    return taken;
  }

  #onRecord(type: number, words: Int32Array, at: number): void {
    switch (type) {
      case BookUpdate.TYPE:
      case BookSnapshot.TYPE:
        this.#replicas.onRecord(type, words, at);
        this.#markChanged(BookUpdate.instrument(words, at));
        break;
      case FeedStatus.TYPE:
        this.#replicas.onRecord(type, words, at);
        this.#markChanged(FeedStatus.instrument(words, at));
        break;
      case Features.TYPE:
        this.#onFeatures(words, at);
        break;
      case StatusRecord.TYPE:
        this.#onStatus(words, at);
        break;
      case MarketTrade.TYPE:
        this.#onTrade(words, at);
        break;
      default: // Nothing else concerns strategies.
    }
  }

  #onFeatures(words: Int32Array, at: number): void {
    const instrument = Features.instrument(words, at);
    const book = this.#books[instrument];
    // A book that may not be read shows zeros. `book.synced` is that of the burst before.
    if (book === undefined || this.#replicas.readable(instrument) === undefined) return;
    book.setFeatures(
      Features.orderFlowImbalance(words, at),
      Features.volatilityMid(words, at),
      Features.volatilityTrades(words, at),
      Features.tradedVolume(words, at),
      Features.breadth(words, at),
    );
  }

  /** It also comes without news, at an interval. */
  #onStatus(words: Int32Array, at: number): void {
    const instrument = StatusRecord.instrument(words, at);
    const status = this.#statuses[instrument];
    this.#replicas.onRecord(StatusRecord.TYPE, words, at);
    // While orders are collected the book is no market: the strategy must not see it from here on.
    this.#books[instrument]?.show(this.#replicas.readable(instrument));
    this.#markChanged(instrument);
    if (status === undefined) return;
    const { phase, indicativePrice, indicativeQuantity, surplus } = status;
    readStatus(status, words, at);
    const changed = phase !== status.phase;
    const isNews =
      !Object.is(indicativePrice, status.indicativePrice) ||
      indicativeQuantity !== status.indicativeQuantity ||
      surplus !== status.surplus;
    if (changed || isNews) this.#listener.onStatus(status, changed);
  }

  #onTrade(words: Int32Array, at: number): void {
    const trade = this.#trade;
    trade.instrument = MarketTrade.instrument(words, at);
    if (this.#books[trade.instrument] === undefined) return;
    trade.takerSide = MarketTrade.takerSide(words, at);
    trade.tradeId = MarketTrade.tradeId(words, at);
    trade.timestamp = MarketTrade.timestamp(words, at);
    trade.price = MarketTrade.price(words, at);
    trade.quantity = MarketTrade.quantity(words, at);
    this.#listener.onTrade(trade);
  }

  #onLapped(): void {
    this.#replicas.onLapped();
    for (let i = 0; i < this.#books.length; i++) this.#markChanged(i);
    this.#listener.onLapped();
  }

  #markChanged(instrument: number): void {
    if (this.#books[instrument] === undefined || this.#isChanged[instrument] === 1) return;
    this.#isChanged[instrument] = 1;
    this.#changed[this.#changes++] = instrument;
  }

  #tellChanges(): void {
    const changes = this.#changes;
    this.#changes = 0;
    // First every book, so that a strategy that compares two of them sees both as they are now.
    for (let i = 0; i < changes; i++) {
      const instrument = this.#changed[i];
      this.#isChanged[instrument] = 0;
      this.#books[instrument]?.show(this.#replicas.readable(instrument));
    }
    for (let i = 0; i < changes; i++) {
      const book = this.#books[this.#changed[i]];
      if (book?.synced === true) this.#listener.onBook(book);
    }
  }
}

function readStatus(status: MarketStatus, words: Int32Array, at: number): void {
  const flags = StatusRecord.flags(words, at);
  const phase = StatusRecord.phase(words, at);
  // A new indicative price has neither: what the strategy sees stays that of the last change.
  if (phase !== status.phase) {
    status.previousPhase = status.phase;
    status.phase = phase;
    status.reason = StatusRecord.reason(words, at);
  }
  status.timestamp = StatusRecord.timestamp(words, at);
  status.indicativePrice = (flags & Indicative) !== 0 ? StatusRecord.indicativePrice(words, at) : Number.NaN;
  status.indicativeQuantity = StatusRecord.indicativeQuantity(words, at);
  status.surplus = StatusRecord.surplus(words, at);
  status.lastPrice = (flags & LastPrice) !== 0 ? StatusRecord.lastPrice(words, at) : Number.NaN;
  status.referencePrice =
    (flags & ReferencePrice) !== 0 ? StatusRecord.referencePrice(words, at) : Number.NaN;
}
