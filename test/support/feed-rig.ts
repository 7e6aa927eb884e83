import { runIo } from '../../src/agent/io-runner.js';
import { Phase } from '../../src/agent/thread-board.js';
import { hashBook } from '../../src/capture/replay-report.js';
import { loadConfig } from '../../src/config/load.js';
import { SYNC_REASON_NAMES, SYNC_STATE_NAMES } from '../../src/lib/enums.js';
import * as FeedStatus from '../../src/messages/views/feed-status.js';
import { EMPTY, RECORD } from '../../src/ring/lossy-consumer.js';
import { type CollectedLine, collectLog } from '../../src/telemetry/agent-log.js';
import { TelemetryReader } from '../../src/telemetry/board.js';
import { type CounterName, counterIds } from '../../src/telemetry/registry.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import type { AgentContext } from '../../src/workers/context.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { LiveFeedAgent } from '../../src/workers/feed/live-agent.js';
import { STREAM_LIMITS, type StreamLimits } from '../../src/workers/feed/venue-stream.js';
import { createSystem, type System } from '../../src/workers/system.js';
import type { VenueServer } from './venue-server.js';

const IDS = counterIds('feed');
/** Delays for tests: the same shape, shorter. */
const QUICK: StreamLimits = {
  ...STREAM_LIMITS,
  reconnect: { first: 20, cap: 200, healthy: 60_000 },
  snapshot: { first: 20, cap: 200, healthy: 10_000 },
};

export interface RigOptions {
  readonly staleAfterMs?: number;
  readonly limits?: Partial<StreamLimits>;
}

/** Flags of a configuration with one venue, whose symbol is instrument 1 of two. */
export function venueFlags(server: VenueServer, staleAfterMs = 10_000): string[] {
  const { market, symbol } = server.session;
  const terms = {
    base_currency: 'BTC',
    quote_currency: 'USDT',
    reference_price: '60000',
    lot_size: '0.00000001',
  };
  const instruments = [
    { ...terms, symbol: 'OWN', tick_size: '1', lot_size: '1' },
    { ...terms, symbol, venue: `binance-${market}`, tick_size: '0.01' },
  ];
  const venue = {
    name: `binance-${market}`,
    symbols: [symbol],
    websocket_url: `${server.websocketUrl}/`,
    rest_url: server.restUrl,
    stale_after_ms: staleAfterMs,
  };
  return [
    `--instruments=${JSON.stringify(instruments)}`,
    `--venues=${JSON.stringify([venue])}`,
    '--simulation.enabled=false',
  ];
}

/** The real feed agent on the calling thread, driven by the real I/O loop, and a reader of its ring. */
export class FeedRig {
  readonly system: System;
  readonly lines: CollectedLine[] = [];
  agent: LiveFeedAgent;
  /** What the reader was told: "SYNCED SNAPSHOT_APPLIED", in order. */
  readonly states: string[] = [];
  #thread: ThreadContext;
  readonly #telemetry: TelemetryReader;
  readonly #books = new BookReplicas();
  readonly #records: ReturnType<AgentContext['lossy']>;
  readonly #limits: StreamLimits;
  readonly #index: number;
  #halt = { requested: false };
  #running: Promise<void>;
  #sequence = 0;

  constructor(server: VenueServer, { staleAfterMs, limits }: RigOptions = {}) {
    const { config } = loadConfig({ env: {}, flags: venueFlags(server, staleAfterMs) });
    this.system = createSystem(config, 1);
    this.#index = this.system.threads.findIndex(({ agents }) => agents.includes('feed'));
    this.#limits = { ...QUICK, ...limits };
    this.#thread = new ThreadContext(this.system, this.#index);
    this.#records = this.#thread.contextOf('gateway').lossy('feed');
    this.#telemetry = new TelemetryReader(this.system.telemetry);
    this.agent = this.#build();
    this.#running = this.#run();
  }

  /** The agent's thread dies without a word; another one takes its place. */
  async restart(): Promise<void> {
    this.#halt.requested = true;
    await this.#running;
    for (const { socket } of this.agent.streams) socket.close();
    this.#halt = { requested: false };
    this.#thread = new ThreadContext(this.system, this.#index, { restarted: true });
    this.agent = this.#build();
    this.#running = this.#run();
  }

  /** Books as one sees them who starts to read now. */
  lateReader(): { readonly whole: () => boolean } {
    const records = this.#thread.contextOf('publisher').lossy('feed');
    const books = new BookReplicas();
    const whole = (): boolean => {
      while (records.poll() === RECORD) books.onRecord(records.type, records.words, records.at);
      return books.readable(1) !== undefined;
    };
    return { whole };
  }

  counter(name: CounterName<'feed'>): number {
    return this.#telemetry.value('feed', IDS[name]);
  }

  get latencies(): number {
    return this.#telemetry.histogram('feed_to_book').count;
  }

  /** The reader's book: its hash, undefined while there is none. */
  hash(): string | undefined {
    this.read();
    const book = this.#books.readable(1);
    const { tick, lot } = this.#thread.contextOf('feed').instruments.all[1];
    return book === undefined ? undefined : hashBook(book, tick, lot);
  }

  /** Venue's update id of the reader's book; 0 without one. */
  lastId(): number {
    this.read();
    return this.#books.venueSequence(1);
  }

  /** Takes in what is on the ring. */
  read(): void {
    const records = this.#records;
    for (let outcome = records.poll(); outcome !== EMPTY; outcome = records.poll()) {
      if (outcome !== RECORD) throw new Error('the reader was lapped');
      const { type, words, at } = records;
      this.#books.onRecord(type, words, at);
      // Every record of the feed ring begins with its sequence number.
      const sequence = FeedStatus.sequence(words, at);
      if (sequence !== ++this.#sequence) throw new Error(`record ${sequence} where ${this.#sequence} is due`);
      if (type !== FeedStatus.TYPE) continue;
      if (FeedStatus.instrument(words, at) !== 1) throw new Error('status of another instrument');
      const state = SYNC_STATE_NAMES[FeedStatus.state(words, at)];
      this.states.push(`${state} ${SYNC_REASON_NAMES[FeedStatus.reason(words, at)]}`);
    }
  }

  /** Log messages that match. */
  logged(pattern: RegExp): CollectedLine[] {
    return this.lines.filter(({ message, fields }) => pattern.test(`${message} ${JSON.stringify(fields)}`));
  }

  async stop(): Promise<void> {
    this.agent.stopAccepting();
    this.#thread.board.enter(Phase.Stop);
    await this.#running;
    this.agent.close();
  }

  #build(): LiveFeedAgent {
    const context = { ...this.#thread.contextOf('feed'), log: collectLog(this.lines) };
    return new LiveFeedAgent(context, this.#limits);
  }

  #run(): Promise<void> {
    const { board, clock } = this.#thread;
    this.agent.start();
    return runIo({
      thread: this.#index,
      board,
      clock,
      agents: [this.agent],
      downstream: [],
      idle: 'park',
      halt: this.#halt,
    });
  }
}
