import { BookFeatures, DEFAULT_FEATURES, type FeatureOptions } from '../../book/features.js';
import type { LevelList } from '../../book/level-list.js';
import { type DecimalScale, scaleOfDecimals } from '../../lib/decimal.js';
import { Side, type SyncReason, SyncState } from '../../lib/enums.js';
import type { Frame } from '../frame.js';
import { MarketEvent, type MarketSink } from '../market-sink.js';
import {
  type BinanceInstrument,
  type BinanceMessage,
  KIND_NAMES,
  MessageKind,
  NO_INSTRUMENT,
  type ParseError,
} from './message.js';
import { BinanceParser } from './parse.js';
import { BinanceBookSync, type Market, type SyncListener, type SyncOptions } from './sync.js';
import { TickerCheck } from './ticker-check.js';

const DEFAULT_DECIMALS: Readonly<Record<Market, { readonly price: number; readonly quantity: number }>> = {
  spot: { price: 8, quantity: 8 },
  usdm: { price: 8, quantity: 3 },
};

/**
 * Steps that fit every text of a market where no instrument list is at hand. Spot prints 8 decimals everywhere; USD-M
 * prices have up to 8 and quantities at most 3 (the finest lot is 0.001). Prices up to 90 million, spot quantities up to
 * 90 million and USD-M quantities up to 9e12 stay below 2^53 steps; a text beyond that is refused, not rounded.
 */
export function defaultScales(market: Market): {
  readonly priceScale: DecimalScale;
  readonly quantityScale: DecimalScale;
} {
  const { price, quantity } = DEFAULT_DECIMALS[market];
  return { priceScale: scaleOfDecimals(price), quantityScale: scaleOfDecimals(quantity) };
}

export interface FeedHandlerOptions {
  readonly market: Market;
  readonly sink: MarketSink;
  /**
   * Session start in whole Unix milliseconds, and the nanoseconds beyond (default 0): times on messages count from it. In two parts,
   * because one double is a quarter of a microsecond coarse there, and venue times would come out off their millisecond.
   */
  readonly sessionStart: number;
  readonly sessionStartNanoseconds?: number;
  /** Which of the two trade channels is published, so that nothing counts twice; the other is only counted. */
  readonly tradeChannel?: 'trade' | 'aggTrade';
  readonly features?: FeatureOptions;
  readonly sync?: Omit<SyncOptions, 'market'>;
}

const NANOSECONDS_PER_MILLISECOND = 1e6;

/** One instrument's book, features and counts. */
export class InstrumentFeed implements SyncListener {
  readonly instrument: BinanceInstrument;
  readonly sync: BinanceBookSync;
  readonly features: BookFeatures;
  /** Messages understood, by MessageKind. */
  readonly messages: number[] = KIND_NAMES.map(() => 0);
  readonly tickers = new TickerCheck();
  /** When its last depth update arrived, session time. */
  lastDepthTime = 0;

  readonly #handler: BinanceFeedHandler;

  constructor(handler: BinanceFeedHandler, instrument: BinanceInstrument, options: FeedHandlerOptions) {
    this.#handler = handler;
    this.instrument = instrument;
    this.features = new BookFeatures(options.features ?? DEFAULT_FEATURES);
    this.sync = new BinanceBookSync({ ...options.sync, market: options.market }, this);
  }

  updateApplied(levels: LevelList): void {
    const book = this.sync.readable();
    if (book === undefined) return;
    const event = this.#handler.bookEvent(this);
    this.tickers.onApplied(this.sync);
    this.features.onBook(event, book);
    this.#handler.sink.bookUpdate(event, levels);
    this.#handler.sink.features(event, this.features);
  }

  transition(previous: SyncState, state: SyncState, reason: SyncReason): void {
    const { sink } = this.#handler;
    const event = this.#handler.bookEvent(this);
    const book = this.sync.readable();
    if (book === undefined) {
      if (previous === SyncState.Synced) this.features.onWithdrawn();
      sink.feedStatus(event, previous, state, reason);
      return;
    }
    this.tickers.onApplied(this.sync);
    this.features.onBook(event, book);
    sink.bookSnapshot(event, book);
    sink.features(event, this.features);
    sink.feedStatus(event, previous, state, reason);
  }
}

/**
 * From bytes of Binance's combined streams to market data: parse, synchronise, book, features. Pure code over the injected
 * sink: no sockets, no clock, no exceptions, and in steady state no allocation.
 */
export class BinanceFeedHandler {
  readonly sink: MarketSink;
  /** In the order they were added. */
  readonly feeds: InstrumentFeed[] = [];
  readonly parser: BinanceParser;
  /** All messages taken, understood or not. */
  messages = 0;
  /** Messages that are none of ours: acknowledgements, other channels. */
  others = 0;
  /** Refused messages, by -ParseError. */
  readonly errors: number[] = [0, 0, 0, 0, 0];

  readonly #options: FeedHandlerOptions;
  readonly #event = new MarketEvent();
  readonly #bySymbol = new Map<string, InstrumentFeed>();
  readonly #byInstrument: InstrumentFeed[] = [];
  readonly #tradeKind: MessageKind;
  readonly #sessionStart: number;
  readonly #sessionStartNanoseconds: number;
  #venueTime = 0; // Unix milliseconds

  constructor(options: FeedHandlerOptions) {
    this.#options = options;
    this.sink = options.sink;
    this.#sessionStart = options.sessionStart;
    this.#sessionStartNanoseconds = options.sessionStartNanoseconds ?? 0;
    this.#tradeKind = options.tradeChannel === 'aggTrade' ? MessageKind.AggTrade : MessageKind.Trade;
    this.parser = new BinanceParser((symbol) => this.#bySymbol.get(symbol)?.instrument);
  }

  /** From now on this instrument's messages are taken; those of others are UnknownSymbol. */
  addInstrument(instrument: BinanceInstrument): InstrumentFeed {
    const feed = new InstrumentFeed(this, instrument, this.#options);
    this.feeds.push(feed);
    this.#byInstrument[instrument.instrument] = feed;
    this.#bySymbol.set(instrument.symbol, feed);
    return feed;
  }

  /** The feed of a symbol as the venue spells it. */
  feed(symbol: string): InstrumentFeed | undefined {
    return this.#bySymbol.get(symbol);
  }

  /** From now on REST snapshots, which name no symbol, belong to `symbol`. False when it is not ours. */
  expectSnapshotOf(symbol: string): boolean {
    const feed = this.#bySymbol.get(symbol);
    this.parser.snapshotInstrument = feed?.instrument;
    return feed !== undefined;
  }

  /** Takes one message. The result says what it was, or why it was refused. */
  onFrame(frame: Frame): MessageKind | ParseError {
    this.messages++;
    this.#event.receiveTimestamp = frame.receiveTime;
    const outcome = this.parser.parse(frame.bytes, frame.start, frame.end);
    const { message } = this.parser;
    if (outcome < 0) {
      this.#refused(outcome as ParseError, message);
      return outcome;
    }
    if (outcome === MessageKind.Other) {
      this.others++;
      return outcome;
    }
    const feed = this.#byInstrument[message.instrument];
    feed.messages[outcome]++;
    if (outcome === MessageKind.DepthUpdate) {
      feed.lastDepthTime = frame.receiveTime;
      feed.sync.depthUpdate(message);
    } else if (outcome === MessageKind.BookTicker) {
      feed.tickers.onTicker(message, feed.sync);
    } else if (outcome === this.#tradeKind) this.#trade(feed, message);
    else if (outcome === MessageKind.Snapshot) feed.sync.snapshot(message);
    return outcome;
  }

  /** Withdraws the books whose depth stream has been silent for longer than `maximumAge` ns at session time `now`. */
  withdrawStale(now: number, maximumAge: number): void {
    this.#event.receiveTimestamp = now;
    for (const feed of this.feeds) if (now - feed.lastDepthTime > maximumAge) feed.sync.stale();
  }

  /** The connection ended: all books are withdrawn. */
  disconnect(reason: typeof SyncReason.Disconnected | typeof SyncReason.StreamEnd): void {
    for (const feed of this.feeds) feed.sync.disconnect(reason);
  }

  /** The event in hand, filled for a message about `feed`'s book. */
  bookEvent(feed: InstrumentFeed): MarketEvent {
    const event = this.#event;
    event.instrument = feed.instrument.instrument;
    event.venueSequence = feed.sync.lastId;
    this.#venueTime = feed.sync.lastVenueTime;
    this.#stamp();
    return event;
  }

  #trade(feed: InstrumentFeed, message: BinanceMessage): void {
    const event = this.#event;
    event.instrument = message.instrument;
    this.#venueTime = message.venueTime();
    this.#stamp();
    event.tradeId = message.tradeId;
    event.price = message.price;
    event.quantity = message.quantity;
    event.takerSide = message.buyerIsMaker ? Side.Sell : Side.Buy;
    feed.features.onTrade(event);
    this.sink.marketTrade(event);
  }

  #refused(error: ParseError, message: BinanceMessage): void {
    this.errors[-error]++;
    if (message.instrument === NO_INSTRUMENT || message.kind !== MessageKind.DepthUpdate) return;
    this.#byInstrument[message.instrument].sync.badMessage();
  }

  /** Venue time of the event in hand, from #venueTime; one that the venue left out (0) counts as the time of receipt. */
  #stamp(): void {
    const event = this.#event;
    if (this.#venueTime === 0) event.timestamp = event.receiveTimestamp;
    else {
      const milliseconds = this.#venueTime - this.#sessionStart;
      event.timestamp = milliseconds * NANOSECONDS_PER_MILLISECOND - this.#sessionStartNanoseconds;
    }
  }
}
