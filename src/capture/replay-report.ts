import { createHash } from 'node:crypto';
import type { DepthBook } from '../book/depth-book.js';
import type { DepthSide } from '../book/depth-side.js';
import { type DecimalScale, formatDecimal } from '../lib/decimal.js';
import { SYNC_REASON_NAMES, SYNC_STATE_NAMES, SyncState } from '../lib/enums.js';
import type { BinanceFeedHandler, InstrumentFeed } from '../venues/binance/feed-handler.js';
import { KIND_NAMES, ParseError, parseErrorText } from '../venues/binance/message.js';
import type { BookReplicas } from '../workers/book-replica.js';
import type { CaptureReader } from './binance-lines.js';

/** Price and quantity, plain decimals. */
export type Level = readonly [price: string, quantity: string];

/** What a replay found for one symbol. The book is the one that a reader of the ring rebuilt. */
export interface SymbolReport {
  readonly messages: Readonly<Record<string, number>>;
  readonly state: string;
  readonly state_reason: string;
  /** Why no book was published, where none was. */
  readonly note?: string;
  readonly updates_applied: number;
  readonly gaps: number;
  readonly sequence_gaps: number;
  readonly resyncs: number;
  readonly crossed_updates: number;
  readonly crossed_or_locked_after_update: number;
  readonly events_dropped_before_snapshot: number;
  readonly updates_beyond_snapshot_depth: number;
  /** Values that found a feature window full. */
  readonly window_overflows: number;
  readonly best_bid: Level | null;
  readonly best_ask: Level | null;
  readonly bid_levels: number;
  readonly ask_levels: number;
  readonly bookticker_with_same_u: number;
  readonly bookticker_equal_to_book: number;
  readonly last_u: number;
  readonly book_sha256: string | null;
}

/** What `millrace replay --json` prints. */
export interface ReplayReport {
  readonly files: readonly string[];
  readonly symbols: Readonly<Record<string, SymbolReport>>;
  readonly events_sha256: string;
  readonly wall_ms: number;
  readonly messages: number;
  /** Messages of other kinds, messages that took the full JSON parse, and those refused, by reason. */
  readonly other_messages: number;
  readonly full_parses: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Where the first refused message stands, and why it was refused. */
  readonly first_refused: string | null;
  readonly bad_lines: number;
  readonly first_bad_line: string | null;
}

export interface ReportSources {
  readonly files: readonly string[];
  readonly handler: BinanceFeedHandler;
  readonly replicas: BookReplicas;
  readonly reader: CaptureReader;
  readonly eventsHash: string;
  readonly firstRefused: string | null;
  readonly wallMilliseconds: number;
}

export function buildReport(sources: ReportSources): ReplayReport {
  const { handler, reader, replicas } = sources;
  const symbols: Record<string, SymbolReport> = {};
  for (const feed of handler.feeds) {
    symbols[feed.instrument.symbol] = reportSymbol(feed, replicas.readable(feed.instrument.instrument));
  }
  const refused: Record<string, number> = {};
  for (const error of Object.values(ParseError)) {
    if (handler.errors[-error] > 0) refused[parseErrorText(error)] = handler.errors[-error];
  }
  return {
    files: sources.files,
    symbols,
    events_sha256: sources.eventsHash,
    wall_ms: Math.round(sources.wallMilliseconds),
    messages: handler.messages,
    other_messages: handler.others,
    full_parses: handler.parser.slowParses,
    refused,
    first_refused: sources.firstRefused,
    bad_lines: reader.badLines,
    first_bad_line: reader.badLines > 0 ? reader.firstBadLine : null,
  };
}

function reportSymbol(feed: InstrumentFeed, book: DepthBook | undefined): SymbolReport {
  const { instrument, sync } = feed;
  const { counters } = sync;
  const messages: Record<string, number> = {};
  feed.messages.forEach((count, kind) => {
    if (count > 0) messages[KIND_NAMES[kind]] = count;
  });
  const note = book === undefined ? { note: whyNoBook(feed) } : {};
  return {
    messages,
    state: SYNC_STATE_NAMES[sync.state] ?? '',
    state_reason: SYNC_REASON_NAMES[sync.reason] ?? '',
    ...note,
    updates_applied: counters.updatesApplied,
    gaps: counters.sequenceGaps,
    sequence_gaps: counters.sequenceGaps,
    resyncs: Math.max(0, counters.snapshotsApplied - 1),
    crossed_updates: counters.crossedUpdates,
    crossed_or_locked_after_update: counters.crossedUpdates,
    events_dropped_before_snapshot: counters.eventsDroppedBeforeSnapshot,
    updates_beyond_snapshot_depth: counters.updatesBeyondHorizon,
    window_overflows: feed.features.merged,
    best_bid: book === undefined ? null : best(book.bids, instrument.priceScale, instrument.quantityScale),
    best_ask: book === undefined ? null : best(book.asks, instrument.priceScale, instrument.quantityScale),
    bid_levels: book?.bids.count ?? 0,
    ask_levels: book?.asks.count ?? 0,
    bookticker_with_same_u: feed.tickers.comparable,
    bookticker_equal_to_book: feed.tickers.equal,
    last_u: sync.lastId,
    book_sha256: book === undefined ? null : hashBook(book, instrument.priceScale, instrument.quantityScale),
  };
}

/**
 * SHA-256 over lines `b <price> <quantity>` from the best bid outwards, then `a <price> <quantity>` from the best ask
 * outwards, each ended by a newline, plain decimals, full depth.
 */
export function hashBook(book: DepthBook, priceScale: DecimalScale, quantityScale: DecimalScale): string {
  const hash = createHash('sha256');
  for (const [letter, side] of [
    ['b', book.bids],
    ['a', book.asks],
  ] as const) {
    const lines: string[] = [];
    for (let i = 0; i < side.count; i++) {
      lines.push(
        `${letter} ${formatDecimal(side.price(i), priceScale)} ${formatDecimal(side.quantity(i), quantityScale)}\n`,
      );
    }
    hash.update(lines.join(''));
  }
  return hash.digest('hex');
}

function best(side: DepthSide, priceScale: DecimalScale, quantityScale: DecimalScale): Level | null {
  if (side.count === 0) return null;
  return [formatDecimal(side.bestPrice(), priceScale), formatDecimal(side.bestQuantity(), quantityScale)];
}

function whyNoBook(feed: InstrumentFeed): string {
  const { sync } = feed;
  const { counters } = sync;
  if (counters.snapshotsApplied + counters.snapshotsTooOld > 0 || sync.state === SyncState.Resync) {
    const reason = (SYNC_REASON_NAMES[sync.reason] ?? '').toLowerCase().replaceAll('_', ' ');
    return `book withdrawn (${reason}) and no later snapshot joined the stream`;
  }
  if (sync.state === SyncState.Disconnected) return 'no depth updates in the stream';
  if (feed.messages[KIND_NAMES.indexOf('snapshot')] > 0) return 'no depth update joined the snapshot';
  return `no depth snapshot in the stream: ${sync.buffered} depth updates waited for one; give the file that begins the stream first`;
}
