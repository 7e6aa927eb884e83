import type { Session } from '../../lib/clock.js';
import { SYNC_REASON_NAMES, SyncReason, SyncState } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import { type Random, seededRandom } from '../../lib/random.js';
import type { AgentLog } from '../../telemetry/agent-log.js';
import { BinanceFeedHandler } from '../../venues/binance/feed-handler.js';
import { MessageKind } from '../../venues/binance/message.js';
import type { FrameSource } from '../../venues/frame.js';
import type { MarketSink } from '../../venues/market-sink.js';
import { Backoff, type BackoffTerms } from './backoff.js';
import { streamUrl, type VenueTerms } from './binance-venues.js';
import { FrameQueue, type QueueLimits } from './frame-queue.js';
import type { SnapshotClient } from './snapshot-client.js';
import { type SnapshotListener, SnapshotRequests } from './snapshot-requests.js';
import { type SocketListener, StreamSocket } from './stream-socket.js';

/** Label of messages from the socket; those with an index from 0 on are that symbol's snapshot. */
const STREAM = -1;
/** No snapshot is in hand. */
const NONE = -1;

/** Bounds and delays of one connection. */
export interface StreamLimits {
  readonly queue: QueueLimits;
  readonly reconnect: BackoffTerms;
  readonly snapshot: BackoffTerms;
}

export const STREAM_LIMITS: StreamLimits = {
  queue: { bytes: 4 * 1024 * 1024, frames: 16384 },
  reconnect: { first: 500, cap: 30_000, healthy: 60_000 },
  snapshot: { first: 250, cap: 30_000, healthy: 10_000 },
};

export interface StreamOptions {
  /** For log lines and the random stream: "binance-spot", "binance-spot#2". */
  readonly name: string;
  readonly terms: VenueTerms;
  readonly websocketUrl: string;
  readonly instruments: readonly Instrument[];
  /** A depth stream that is silent for this long is stale, ns; so is a connection. */
  readonly staleAfter: number;
  readonly limits: StreamLimits;
  readonly client: SnapshotClient;
  readonly sink: MarketSink;
  readonly session: Session;
  readonly seed: number;
  readonly log: AgentLog;
  readonly now: () => number;
  /** Something has been queued. */
  readonly onArrival: () => void;
}

/**
 * One connection to a venue: its socket, the queue of what came in, the books of its symbols, and the snapshots that they ask
 * for. Books are withdrawn the moment the connection is lost.
 */
export class VenueStream implements FrameSource, SocketListener, SnapshotListener {
  readonly handler: BinanceFeedHandler;
  readonly socket: StreamSocket;
  readonly requests: SnapshotRequests;
  bytes: Uint8Array;
  start = 0;
  end = 0;
  receiveTime = 0;
  /** Connections made after the first. */
  reconnects = 0;
  /** Connections given up because the queue was full. */
  overflows = 0;

  readonly #options: StreamOptions;
  readonly #queue: FrameQueue;
  /** By symbol: book tickers that had come when its book last went stale. */
  readonly #tickers: number[];
  #connected = false;
  /** Symbol of the snapshot in hand, and how many its book had taken before. */
  #snapshotOf = NONE;
  #snapshotsBefore = 0;

  constructor(options: StreamOptions) {
    const { name, terms, instruments, limits, now, sink, session } = options;
    const symbols = instruments.map(({ symbol }) => symbol);
    const random: Random = seededRandom(options.seed, `feed ${name}`);
    this.#options = options;
    this.#queue = new FrameQueue(limits.queue);
    this.bytes = this.#queue.bytes;
    const { epochSeconds, epochNanoseconds } = session;
    this.handler = new BinanceFeedHandler({
      market: terms.market,
      sink,
      sessionStart: epochSeconds * 1000 + Math.floor(epochNanoseconds / 1e6),
      sessionStartNanoseconds: epochNanoseconds % 1e6,
    });
    for (const { index, symbol, tick, lot } of instruments) {
      this.handler.addInstrument({ instrument: index, symbol, priceScale: tick, quantityScale: lot });
    }
    this.#tickers = symbols.map(() => 0);
    this.requests = new SnapshotRequests(symbols, options.client, this, limits.snapshot, random, now);
    this.socket = new StreamSocket(
      streamUrl(options.websocketUrl, terms, symbols),
      { staleAfter: options.staleAfter, maximumMessage: limits.queue.bytes },
      new Backoff(limits.reconnect, random),
      this,
      now,
    );
  }

  hasNext(): boolean {
    return this.#queue.count > 0;
  }

  next(): boolean {
    if (this.#snapshotOf !== NONE) this.#snapshotTaken();
    const queue = this.#queue;
    if (!queue.next()) return false;
    this.start = queue.start;
    this.end = queue.end;
    this.receiveTime = queue.receiveTime;
    if (queue.label !== STREAM) this.#snapshotInHand(queue.label);
    return true;
  }

  tick(now: number): void {
    if (this.socket.isOpen) {
      this.handler.withdrawStale(now, this.#options.staleAfter);
      this.#dropWithDeadChannel(now);
    }
    this.socket.tick(now);
    this.requests.tick(now);
  }

  /** The state of the book of an instrument changed. */
  bookChanged(symbol: string, state: SyncState, reason: SyncReason): void {
    const { name, log, now } = this.#options;
    const index = this.handler.feeds.findIndex(({ instrument }) => instrument.symbol === symbol);
    const fields = { venue: name, symbol, reason: SYNC_REASON_NAMES[reason] ?? '' };
    if (state === SyncState.Synced) {
      this.requests.synced(index, now());
      log.info('book synced', fields);
    } else if (state === SyncState.Stale) {
      this.#tickers[index] = this.handler.feeds[index].messages[MessageKind.BookTicker];
      log.warn('book stale', fields);
    } else if (state === SyncState.Buffering || state === SyncState.Resync) {
      this.requests.need(index, now());
      if (state === SyncState.Resync) log.warn('book withdrawn', fields);
    }
  }

  /** Ends the connection; the books are withdrawn. */
  stop(): void {
    this.socket.stop();
    this.#forget();
  }

  opened(): void {
    const { name, log, instruments } = this.#options;
    if (this.#connected) this.reconnects++;
    this.#connected = true;
    log.info('venue connected', { venue: name, symbols: instruments.length });
  }

  message(data: Uint8Array): void {
    this.#push(data, STREAM);
  }

  down(reason: string, wasOpen: boolean, retryMs: number): void {
    const { name, log } = this.#options;
    const text = wasOpen ? 'venue connection lost' : 'venue cannot be reached';
    log.warn(text, { venue: name, reason, retry_ms: retryMs });
    this.#forget();
  }

  snapshot(index: number, bytes: Uint8Array): boolean {
    return this.#push(bytes, index);
  }

  snapshotFailed(symbol: string, text: string): void {
    const { name, log } = this.#options;
    log.warn('no depth snapshot', { venue: name, symbol, reason: text });
  }

  /** Memory is bounded: whoever sends more than is taken loses the connection, and the books start again. */
  #push(data: Uint8Array, label: number): boolean {
    const { now, onArrival } = this.#options;
    const kept = this.#queue.push(data, now(), label);
    if (!kept) {
      this.overflows++;
      this.socket.drop(`${this.#queue.count} messages wait, there is no room for more`);
    }
    onArrival();
    return kept;
  }

  /**
   * A symbol may be quiet; but best prices that change without depth updates mean that its depth stream is dead, while the others
   * keep the connection busy.
   */
  #dropWithDeadChannel(now: number): void {
    const { feeds } = this.handler;
    for (let i = 0; i < feeds.length; i++) {
      const { sync, lastDepthTime, messages, instrument } = feeds[i];
      if (sync.state !== SyncState.Stale || now - lastDepthTime < 2 * this.#options.staleAfter) continue;
      if (messages[MessageKind.BookTicker] === this.#tickers[i]) continue;
      this.socket.drop(`no depth updates of ${instrument.symbol}, though its best prices change`);
      return;
    }
  }

  #forget(): void {
    this.#queue.clear();
    this.#snapshotOf = NONE;
    this.handler.parser.snapshotInstrument = undefined;
    this.requests.reset();
    this.handler.disconnect(SyncReason.Disconnected);
    this.#options.onArrival();
  }

  #snapshotInHand(index: number): void {
    const { instrument, messages } = this.handler.feeds[index];
    this.handler.expectSnapshotOf(instrument.symbol);
    this.requests.handOver(index);
    this.#snapshotOf = index;
    this.#snapshotsBefore = messages[MessageKind.Snapshot];
  }

  /** From the stream no snapshot is taken: it names no symbol. */
  #snapshotTaken(): void {
    const index = this.#snapshotOf;
    this.#snapshotOf = NONE;
    this.handler.parser.snapshotInstrument = undefined;
    if (this.handler.feeds[index].messages[MessageKind.Snapshot] === this.#snapshotsBefore)
      this.requests.refuse(index, this.#options.now());
  }
}
