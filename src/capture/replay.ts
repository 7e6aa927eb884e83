import { setTimeout as sleep } from 'node:timers/promises';
import { Invoker } from '../agent/invoker.js';
import { RingConsumer } from '../ring/consumer.js';
import { createRing } from '../ring/layout.js';
import { RingProducer } from '../ring/producer.js';
import { BinanceFeedHandler, defaultScales } from '../venues/binance/feed-handler.js';
import { type ParseError, parseErrorText } from '../venues/binance/message.js';
import { FrameAgent } from '../workers/feed/frame-agent.js';
import { MarketRingSink } from '../workers/market-ring-sink.js';
import { CaptureReader } from './binance-lines.js';
import { BookAgent } from './book-agent.js';
import { CaptureError } from './capture-error.js';
import { describeStream } from './describe.js';
import { EventHasher } from './event-hasher.js';
import { PacedSource } from './paced-source.js';
import { buildReport, type ReplayReport } from './replay-report.js';

const RING_BYTES = 4 * 1024 * 1024;

export interface ReplayOptions {
  /** Captures of one stream, in order. */
  readonly files: readonly string[];
  /** Multiple of the recorded speed; Infinity: as fast as it goes. */
  readonly speed?: number;
  /** Called about once a block of input. `fileIndex` and `bytesRead` say how far reading has come. */
  readonly onProgress?: (fileIndex: number, bytesRead: number, messages: number) => void;
}

/**
 * Replays captures through the feed agent and the readers of its ring, on this thread. The records that it publishes
 * depend on the files alone. Throws {@link CaptureError} when a file cannot be used.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const started = performance.now();
  const reader = new CaptureReader(options.files);
  try {
    await reader.open();
    const session = new ReplaySession(reader, options);
    await session.run(options);
    return session.report(performance.now() - started);
  } finally {
    reader.close();
  }
}

/** One replay: the agents, the ring between them, and the loop that drives both. */
class ReplaySession {
  readonly #files: readonly string[];
  readonly #reader: CaptureReader;
  readonly #source: PacedSource;
  readonly #handler: BinanceFeedHandler;
  readonly #books: BookAgent;
  readonly #hasher: EventHasher;
  readonly #invoker: Invoker;
  #firstRefused: string | null = null;

  constructor(reader: CaptureReader, options: ReplayOptions) {
    this.#files = options.files;
    this.#reader = reader;
    this.#source = new PacedSource(reader, options.speed ?? Number.POSITIVE_INFINITY);
    const { market, symbol } = describeStream(options.files, reader.peek());
    const ring = createRing({ name: 'feed', capacityBytes: RING_BYTES, gating: 2 });
    this.#books = new BookAgent(new RingConsumer(ring, 0));
    this.#hasher = new EventHasher(new RingConsumer(ring, 1));
    const readers = new Invoker([this.#books, this.#hasher]);
    const sink = new MarketRingSink(new RingProducer(ring), () => readers.step(0) > 0);
    this.#handler = new BinanceFeedHandler({ market, sink, sessionStart: reader.sessionStart });
    this.#handler.addInstrument({ instrument: 0, symbol, ...defaultScales(market) });
    this.#handler.expectSnapshotOf(symbol);
    const onRefused = (error: ParseError): void => {
      this.#firstRefused ??= `${reader.file}:${reader.line}: ${parseErrorText(error)}`;
    };
    const feed = new FrameAgent([{ source: this.#source, handler: this.#handler, onRefused }], sink);
    this.#invoker = new Invoker([feed, this.#books, this.#hasher]);
  }

  async run(options: ReplayOptions): Promise<void> {
    let more = true;
    while (more) {
      this.#source.advance(performance.now());
      this.#invoker.settle(this.#reader.receiveTime);
      const wait = this.#source.millisecondsToNext();
      if (wait > 0) await sleep(wait);
      else {
        options.onProgress?.(this.#reader.fileIndex, this.#reader.bytesRead, this.#handler.messages);
        more = await this.#reader.fill();
      }
    }
    this.#checkUnderstood();
  }

  report(wallMilliseconds: number): ReplayReport {
    return buildReport({
      files: this.#files,
      handler: this.#handler,
      replicas: this.#books.replicas,
      reader: this.#reader,
      eventsHash: this.#hasher.digest(),
      firstRefused: this.#firstRefused,
      wallMilliseconds,
    });
  }

  /** A stream without a single message of ours was not a capture of this kind. */
  #checkUnderstood(): void {
    const { feeds } = this.#handler;
    const understood = feeds.some((feed) => feed.messages.some((count) => count > 0));
    if (understood) return;
    throw new CaptureError(
      this.#files.join(', '),
      0,
      `unknown format: none of ${this.#reader.lines} lines is a Binance spot or USD-M message`,
    );
  }
}
