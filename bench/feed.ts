/**
 * Venue bytes in memory to book and features updated, one thread: the hot parser against a handler over JSON.parse, on the same
 * bytes in the same run. Rounds alternate, so that a disturbance hits both; the digest says that both ended
 * with the same book and the same features.
 */
import type { BookFeatures } from '../src/book/features.js';
import { hashBook } from '../src/capture/replay-report.js';
import { BinanceFeedHandler, defaultScales } from '../src/venues/binance/feed-handler.js';
import type { MarketSink } from '../src/venues/market-sink.js';
import { type FeedStream, loadStream } from './support/feed-stream.js';
import { JsonFeed } from './support/json-feed.js';

export interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

const { priceScale: PRICE, quantityScale: QUANTITY } = defaultScales('usdm');
const SESSION_START = 1_723_161_255_030;
const ROUNDS = 9;
const WARM_UP_ROUNDS = 4;
const INVENTED_MESSAGES = 60_000;
const SMOKE_MESSAGES = 3_000;

/** Takes everything and does nothing: what a ring costs is the ring benchmark's business. */
const NOWHERE: MarketSink = {
  bookUpdate: () => undefined,
  bookSnapshot: () => undefined,
  marketTrade: () => undefined,
  features: () => undefined,
  feedStatus: () => undefined,
};

interface Pass {
  readonly milliseconds: number;
  /** Heap growth over the second half of the stream; below 0 when a collection came in between. */
  readonly heapBytes: number;
  readonly digest: string;
}

export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  const stream = loadStream(smoke ? SMOKE_MESSAGES : INVENTED_MESSAGES, !smoke);
  const rounds = smoke ? 1 : ROUNDS;
  const hot: Pass[] = [];
  const json: Pass[] = [];
  for (let round = smoke ? 0 : -WARM_UP_ROUNDS; round < rounds; round++) {
    const passes = [passHot(stream), passJson(stream)] as const;
    if (passes[0].digest !== passes[1].digest) {
      throw new Error(
        `feed: the hot path ended with ${passes[0].digest}, JSON.parse with ${passes[1].digest}`,
      );
    }
    if (round < 0) continue;
    hot.push(passes[0]);
    json.push(passes[1]);
  }
  const rates = [hot, json].map(
    (passes) => stream.messages / (median(passes.map((pass) => pass.milliseconds)) / 1000),
  );
  const heap = [hot, json].map((passes) => bytesPerMessage(passes, stream.messages));
  const ratio = median(hot.map((pass, i) => json[i].milliseconds / pass.milliseconds));
  return {
    name: 'feed',
    text: [
      `${stream.source}: ${stream.messages} messages, ${stream.bytes.length} bytes; median of ${rounds} rounds, one thread`,
      line('hot parser, book, features', rates[0], heap[0]),
      line('JSON.parse, same book and features', rates[1], heap[1]),
      `ratio ${ratio.toFixed(2)} (paired rounds); digest ${hot[0].digest.slice(0, 16)}`,
    ],
    figures: {
      'messages/s': Math.round(rates[0]),
      'JSON.parse messages/s': Math.round(rates[1]),
      'ratio to JSON.parse': ratio,
      'bytes allocated per message': heap[0],
      'JSON.parse bytes allocated per message': heap[1],
    },
  };
}

function passHot(stream: FeedStream): Pass {
  const handler = new BinanceFeedHandler({ market: 'usdm', sink: NOWHERE, sessionStart: SESSION_START });
  handler.addInstrument({ instrument: 0, symbol: 'BTCUSDT', priceScale: PRICE, quantityScale: QUANTITY });
  handler.expectSnapshotOf('BTCUSDT');
  return play(stream, handler, () => {
    const { sync, features } = handler.feeds[0];
    const book = sync.readable();
    return book === undefined ? 'no book' : hashBook(book, PRICE, QUANTITY) + featureText(features);
  });
}

function passJson(stream: FeedStream): Pass {
  const feed = new JsonFeed(PRICE, QUANTITY, SESSION_START);
  return play(stream, feed, () => hashBook(feed.book, PRICE, QUANTITY) + featureText(feed.features));
}

function play(stream: FeedStream, handler: { onFrame(frame: FeedStream): void }, digest: () => string): Pass {
  const half = stream.messages >> 1;
  stream.rewind();
  const started = performance.now();
  for (let i = 0; i < half && stream.next(); i++) handler.onFrame(stream);
  const heap = process.memoryUsage().heapUsed;
  while (stream.next()) handler.onFrame(stream);
  const milliseconds = performance.now() - started;
  return { milliseconds, heapBytes: process.memoryUsage().heapUsed - heap, digest: digest() };
}

function featureText(features: BookFeatures): string {
  const { midpoint, relativeSpread, breadth, orderFlowImbalance, volatilityMid, volatilityTrades } = features;
  return [midpoint, relativeSpread, breadth, orderFlowImbalance, volatilityMid, volatilityTrades].join(' ');
}

/** Heap growth a message, median of the passes that no collection disturbed; NaN when it disturbed all. */
function bytesPerMessage(passes: readonly Pass[], messages: number): number {
  const grown = passes.map((pass) => pass.heapBytes).filter((bytes) => bytes >= 0);
  return grown.length === 0 ? Number.NaN : median(grown) / (messages - (messages >> 1));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function line(name: string, rate: number, bytes: number): string {
  const heap = Number.isNaN(bytes) ? 'collected meanwhile' : `${bytes.toFixed(2)} bytes allocated a message`;
  return `${name.padEnd(36)} ${Math.round(rate).toLocaleString('en-US').padStart(10)} messages/s  ${heap}`;
}
