import { setTimeout as pause } from 'node:timers/promises';
import type { Agent } from '../agent/agent.js';
import type { DepthBook } from '../book/depth-book.js';
import { ExecutionType } from '../lib/enums.js';
import * as BookSnapshot from '../messages/views/book-snapshot.js';
import * as BookUpdate from '../messages/views/book-update.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as Features from '../messages/views/features.js';
import * as FeedStatus from '../messages/views/feed-status.js';
import * as InstrumentStatus from '../messages/views/instrument-status.js';
import * as MarketStatus from '../messages/views/market-status.js';
import * as MarketTrade from '../messages/views/market-trade.js';
import * as PositionUpdate from '../messages/views/position-update.js';
import * as Trade from '../messages/views/trade.js';
import { EMPTY, LAPPED, type LossyConsumer } from '../ring/lossy-consumer.js';
import type { HistogramWriter } from '../telemetry/histogram.js';
import { counterIds } from '../telemetry/registry.js';
import type { AgentContext } from './context.js';
import { openLossyEvents } from './event-rings.js';
import { BinaryStream } from './publisher/binary-stream.js';
import { BookStream } from './publisher/book-stream.js';
import { Inlet } from './publisher/inlet.js';
import type { MarketBook } from './publisher/market-book.js';
import { MarketMessages } from './publisher/market-messages.js';
import { OrderMessages } from './publisher/order-messages.js';
import { PubSocket } from './publisher/pub-socket.js';

const COUNTERS = counterIds('publisher');

/** Endpoints of the publisher, by their configuration keys. */
export const ENDPOINTS = ['trades', 'books', 'orders', 'positions', 'binary'] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

/** Records taken from one ring in one duty cycle: some 0.3 ms of sending. */
const BURST = 128;
/** A topic without an instrument. */
const NO_INSTRUMENT = 0xffffffff;
/** A restarted publisher waits this long for the endpoints of the one that died, ms. */
const PATIENCE_MS = 2000;
/** At the end: for the I/O thread of zeromq to send what it was given, ms. Sockets do not linger. */
const FAREWELL_MS = 20;

/** One market ring: its records and the books that they make up. */
interface Market {
  readonly inlet: Inlet;
  readonly books: BookStream;
}

/**
 * Sends everything that the core says to ZeroMQ subscribers: JSON on four endpoints, the records themselves on the fifth.
 * A lossy reader of every ring, so that nothing outside the process can hold up the core. Each JSON message carries
 * `seq`, which counts the messages of its endpoint from 1. A ring that laps this reader takes messages along that never were
 * made: their endpoint leaves one number out, so that subscribers see a gap there as everywhere. Books have no
 * need of it: the next one is whole.
 */
class PublisherAgent implements Agent {
  readonly name = 'publisher';
  readonly #context: AgentContext;
  /** By shard. */
  readonly #events: readonly Inlet[];
  readonly #positions: Inlet;
  readonly #markets: readonly Market[];
  readonly #marketMessages: MarketMessages;
  readonly #orderMessages: OrderMessages;
  readonly #latency: HistogramWriter;
  /** Receive times of the trades sent in this burst. */
  readonly #received = new Float64Array(BURST);
  readonly #seq: Record<'trades' | 'books' | 'orders' | 'positions', number> = {
    trades: 0,
    books: 0,
    orders: 0,
    positions: 0,
  };
  readonly #open: PubSocket[] = [];
  #sockets!: Record<EndpointName, PubSocket>;
  #binary!: BinaryStream;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(context: AgentContext) {
    const { session, instruments, config, counters } = context;
    const { book_depth, book_interval_ms, snapshot_interval_ms } = config.publisher;
    const inlet = (records: LossyConsumer): Inlet => new Inlet(records, counters);
    this.#context = context;
    this.#events = openLossyEvents(context).map(inlet);
    this.#positions = inlet(context.lossy('positions'));
    const timing = { interval: book_interval_ms * 1e6, snapshotInterval: snapshot_interval_ms * 1e6 };
    this.#markets = (['market', 'feed'] as const)
      .filter((ring) => context.hasRing(ring))
      .map((ring) => ({
        inlet: inlet(context.lossy(ring)),
        books: new BookStream(instruments, timing, (...book) => this.#publishBook(...book)),
      }));
    this.#marketMessages = new MarketMessages(session, instruments, book_depth);
    this.#orderMessages = new OrderMessages(session, instruments);
    this.#latency = context.histogram('market_to_publisher');
  }

  /** Binds all endpoints. Rejects with the key and the endpoint that could not be bound; then none is. */
  async start(): Promise<void> {
    const { config, counters, log, restarted, instruments } = this.#context;
    const onError = (): void => counters.add(COUNTERS.send_errors_total, 1);
    const sockets: Partial<Record<EndpointName, PubSocket>> = {};
    try {
      for (const key of ENDPOINTS) {
        const socket = await PubSocket.bind({
          key,
          endpoint: config.publisher[key],
          highWaterMark: config.publisher.high_water_mark,
          patienceMs: restarted ? PATIENCE_MS : 0,
          onError,
        });
        this.#open.push(socket);
        sockets[key] = socket;
      }
    } catch (error) {
      await this.#closeSockets();
      throw error;
    }
    this.#sockets = sockets as Record<EndpointName, PubSocket>;
    this.#binary = new BinaryStream(instruments, this.#sockets.binary);
    const bound = ENDPOINTS.map((key) => [key, this.#sockets[key].endpoint]);
    log.info('publisher bound', Object.fromEntries(bound));
  }

  doWork(now: number): number {
    let work = this.#drainPositions();
    for (let i = 0; i < this.#events.length; i++) work += this.#drainEvents(this.#events[i]);
    for (let i = 0; i < this.#markets.length; i++) work += this.#drainMarket(this.#markets[i], now);
    return work + this.#publishDue(now);
  }

  hasWork(): boolean {
    if (this.#positions.records.hasNext()) return true;
    for (let i = 0; i < this.#events.length; i++) if (this.#events[i].records.hasNext()) return true;
    for (let i = 0; i < this.#markets.length; i++) if (this.#markets[i].inlet.records.hasNext()) return true;
    return false;
  }

  /** Sends what the rings still hold and frees the endpoints. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#open.length < ENDPOINTS.length) return;
    const now = this.#context.clock.now();
    while (this.doWork(now) > 0) if (this.#context.clock.now() - now > FAREWELL_MS * 1e6) break;
    for (const { books } of this.#markets) books.flush(Number.POSITIVE_INFINITY);
    clearTimeout(this.#timer);
    await pause(FAREWELL_MS);
    await this.#closeSockets();
  }

  #drainEvents(events: Inlet): number {
    const { records, bytes } = events;
    const { words } = records;
    let count = 0;
    for (; count < BURST; count++) {
      const outcome = events.poll();
      if (outcome === EMPTY) break;
      if (outcome === LAPPED) {
        this.#seq.orders++;
        continue;
      }
      let instrument = NO_INSTRUMENT;
      if (records.type === Trade.TYPE) {
        instrument = Trade.instrument(words, records.at);
        this.#sendOrder(this.#orderMessages.fill(words, records.at, true, ++this.#seq.orders));
        this.#sendOrder(this.#orderMessages.fill(words, records.at, false, ++this.#seq.orders));
      } else if (records.type === ExecutionReport.TYPE) {
        instrument = ExecutionReport.instrument(words, records.at);
        // Completed is the end of a command and about no order.
        if (ExecutionReport.executionType(words, records.at) !== ExecutionType.Completed)
          this.#sendOrder(this.#orderMessages.report(words, records.at, ++this.#seq.orders));
      } else if (records.type === InstrumentStatus.TYPE) {
        instrument = InstrumentStatus.instrument(words, records.at);
        if (InstrumentStatus.phase(words, records.at) !== InstrumentStatus.previousPhase(words, records.at))
          this.#sendOrder(this.#orderMessages.phase(words, records.at, ++this.#seq.orders));
      }
      this.#sendBinary(records, bytes, instrument);
    }
    return count;
  }

  #drainPositions(): number {
    const { records, bytes } = this.#positions;
    const { words } = records;
    let count = 0;
    for (; count < BURST; count++) {
      const outcome = this.#positions.poll();
      if (outcome === EMPTY) break;
      if (outcome === LAPPED) {
        this.#seq.positions++;
        continue;
      }
      let instrument = NO_INSTRUMENT;
      if (records.type === PositionUpdate.TYPE) {
        instrument = PositionUpdate.instrument(words, records.at);
        const message = this.#orderMessages.position(words, records.at, ++this.#seq.positions);
        this.#sockets.positions.send(message);
        this.#context.counters.add(COUNTERS.positions_total, 1);
      }
      this.#sendBinary(records, bytes, instrument);
    }
    return count;
  }

  #drainMarket(market: Market, now: number): number {
    const { records, bytes } = market.inlet;
    let count = 0;
    let trades = 0;
    for (; count < BURST; count++) {
      const outcome = market.inlet.poll();
      if (outcome === EMPTY) break;
      if (outcome === LAPPED) {
        market.books.onLapped();
        this.#seq.trades++;
        continue;
      }
      const book = this.#applyMarket(market.books, records, now);
      if (records.type === MarketTrade.TYPE && book !== undefined) {
        this.#received[trades++] = MarketTrade.receiveTimestamp(records.words, records.at);
        this.#publishTrade(records, book);
      }
      if (book === undefined) this.#context.counters.add(COUNTERS.errors_total, 1);
      this.#sendBinary(records, bytes, book === undefined ? NO_INSTRUMENT : book.instrument.index);
    }
    if (trades > 0) {
      const sent = this.#context.clock.now();
      for (let i = 0; i < trades; i++) this.#latency.record(sent - this.#received[i]);
    }
    return count;
  }

  /** Brings the book up to date with the record in hand; undefined when nobody knows its instrument. */
  #applyMarket(books: BookStream, records: LossyConsumer, now: number): MarketBook | undefined {
    const { words, at } = records;
    switch (records.type) {
      case BookUpdate.TYPE:
      case BookSnapshot.TYPE:
        return books.onLevels(records.type, words, at, now);
      case Features.TYPE:
        return books.onFeatures(words, at, now);
      case FeedStatus.TYPE:
        return books.onStatus(words, at);
      case MarketStatus.TYPE:
        return books.onMarketStatus(words, at);
      case MarketTrade.TYPE:
        return books.of(MarketTrade.instrument(words, at));
      default:
        return undefined;
    }
  }

  #publishTrade(records: LossyConsumer, book: MarketBook): void {
    book.volumeSinceFeatures += MarketTrade.quantity(records.words, records.at);
    this.#sockets.trades.send(
      this.#marketMessages.trade(records.words, records.at, book, ++this.#seq.trades),
    );
    this.#context.counters.add(COUNTERS.trades_total, 1);
  }

  #publishBook(book: MarketBook, levels: DepthBook): void {
    this.#sockets.books.send(this.#marketMessages.book(book, levels, ++this.#seq.books));
    this.#context.counters.add(COUNTERS.books_total, 1);
  }

  #sendOrder(message: string): void {
    this.#sockets.orders.send(message);
    this.#context.counters.add(COUNTERS.orders_total, 1);
  }

  #sendBinary(records: LossyConsumer, bytes: Buffer, instrument: number): void {
    this.#binary.send(records, bytes, instrument);
    this.#context.counters.add(COUNTERS.binary_total, 1);
  }

  /** Publishes the books that are due. For those held back a timer is set, because a quiet thread parks. */
  #publishDue(now: number): number {
    let published = 0;
    let nextDue = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#markets.length; i++) {
      const { books } = this.#markets[i];
      published += books.flush(now);
      if (books.nextDue < nextDue) nextDue = books.nextDue;
    }
    if (nextDue !== Number.POSITIVE_INFINITY && this.#timer === undefined) {
      this.#timer = setTimeout(this.#onTimer, Math.ceil((nextDue - now) / 1e6));
    }
    return published;
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#publishDue(this.#context.clock.now());
  };

  async #closeSockets(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((socket) => socket.close()));
  }
}

export function create(context: AgentContext): Agent {
  return new PublisherAgent(context);
}
