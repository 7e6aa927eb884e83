import type { Agent } from '../../agent/agent.js';
import type { VenueConfig } from '../../config/schema.js';
import { SyncReason, SyncState } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import { type CounterName, counterIds } from '../../telemetry/registry.js';
import type { MarketEvent } from '../../venues/market-sink.js';
import type { AgentContext } from '../context.js';
import { MarketRingSink } from '../market-ring-sink.js';
import { VENUE_TERMS } from './binance-venues.js';
import { FrameAgent } from './frame-agent.js';
import { SnapshotClient } from './snapshot-client.js';
import { STREAM_LIMITS, type StreamLimits, VenueStream } from './venue-stream.js';

const C = counterIds('feed');

/** Symbols of one connection: Binance takes 1024 streams, but their names have to fit into one URL. */
const SYMBOLS_PER_CONNECTION = 50;
/** Between looks at all that depends on time, ns. */
const TICK = 50e6;
/** Duty cycles in one turn of the event loop at most: more messages than one read of a socket brings. */
const CYCLES_PER_TURN = 16;

/** Tells, besides writing the record, that a book's state changed. */
class StatusSink extends MarketRingSink {
  onStatus: (instrument: number, state: SyncState, reason: SyncReason) => void = () => {};

  override feedStatus(event: MarketEvent, previous: SyncState, state: SyncState, reason: SyncReason): void {
    super.feedStatus(event, previous, state, reason);
    this.onStatus(event.instrument, state, reason);
  }
}

/**
 * The feed stage with its live connections. What sockets bring is queued and taken in the next turn of the event loop, so that the
 * messages of one read become visible together. Books are told in whole at an interval, for readers that come late or
 * were lapped.
 */
export class LiveFeedAgent implements Agent {
  readonly name = 'feed';
  readonly streams: readonly VenueStream[];

  readonly #context: AgentContext;
  readonly #sink: StatusSink;
  readonly #frames: FrameAgent;
  readonly #reported = new Map<CounterName<'feed'>, number>();
  readonly #snapshotInterval: number;
  #nextSnapshot = 0;
  #nextTick = 0;
  #turnDue = false;
  #closed = false;

  constructor(context: AgentContext, limits: StreamLimits = STREAM_LIMITS) {
    const { config, counters, clock } = context;
    this.#context = context;
    const awaitRoom = (): boolean => context.awaitRoom(clock.now());
    this.#sink = new StatusSink(context.producer('feed'), awaitRoom, counters.get(C.sequence));
    this.streams = config.venues.flatMap((venue) => this.#connections(venue, limits));
    const byInstrument = new Map<number, [VenueStream, string]>();
    for (const stream of this.streams)
      for (const { instrument } of stream.handler.feeds)
        byInstrument.set(instrument.instrument, [stream, instrument.symbol]);
    this.#sink.onStatus = (instrument, state, reason) => {
      const found = byInstrument.get(instrument);
      if (found !== undefined) found[0].bookChanged(found[1], state, reason);
    };
    const inputs = this.streams.map((stream) => ({ source: stream, handler: stream.handler }));
    const latency = { clock, histogram: context.histogram('feed_to_book') };
    this.#frames = new FrameAgent(inputs, this.#sink, counters, latency);
    this.#snapshotInterval = config.publisher.snapshot_interval_ms * 1e6;
  }

  start(): void {
    if (this.#context.restarted) this.#withdrawAll();
    for (const { socket } of this.streams) socket.connect();
  }

  doWork(now: number): number {
    const before = this.#sink.sequence;
    if (now >= this.#nextTick && !this.#closed) this.#tick(now);
    const taken = this.#frames.doWork(now);
    const written = this.#sink.sequence - before;
    if (written > 0) this.#context.counters.set(C.sequence, this.#sink.sequence);
    return taken + written;
  }

  hasWork(): boolean {
    return this.#frames.hasWork();
  }

  nextDue(): number {
    return this.#nextTick;
  }

  stopAccepting(): void {
    for (const stream of this.streams) stream.stop();
  }

  close(): void {
    if (this.#closed) return;
    this.stopAccepting();
    this.doWork(this.#context.clock.now());
    this.#report();
    this.#closed = true;
    for (const { socket } of this.streams) socket.close();
  }

  #connections(venue: VenueConfig, limits: StreamLimits): VenueStream[] {
    const { config, session, clock, log, instruments } = this.#context;
    const now = (): number => clock.now();
    const terms = VENUE_TERMS[venue.name];
    const client = new SnapshotClient(venue.rest_url, terms, now);
    const streams: VenueStream[] = [];
    const own = instruments.all.filter(
      (one) => one.venue === venue.name && venue.symbols.includes(one.symbol),
    );
    for (let from = 0; from < own.length; from += SYMBOLS_PER_CONNECTION) {
      const part: readonly Instrument[] = own.slice(from, from + SYMBOLS_PER_CONNECTION);
      streams.push(
        new VenueStream({
          name: from === 0 ? venue.name : `${venue.name}#${streams.length + 1}`,
          terms,
          websocketUrl: venue.websocket_url,
          instruments: part,
          staleAfter: venue.stale_after_ms * 1e6,
          limits,
          client,
          sink: this.#sink,
          session,
          seed: config.seed,
          log,
          now,
          onArrival: () => this.#arrived(),
        }),
      );
    }
    return streams;
  }

  /** The runner may be parked, and sockets do not wake it: so this agent takes its own turn. */
  #arrived(): void {
    if (this.#turnDue) return;
    this.#turnDue = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#turnDue = false;
    if (this.#closed) return;
    const { clock } = this.#context;
    let work = this.doWork(clock.now());
    for (let n = 1; n < CYCLES_PER_TURN && this.hasWork(); n++) work += this.doWork(clock.now());
    if (work > 0) this.#context.wakeDownstream();
    if (this.hasWork()) this.#arrived();
  };

  #tick(now: number): void {
    this.#nextTick = now + TICK;
    for (const stream of this.streams) stream.tick(now);
    if (now >= this.#nextSnapshot) this.#publishSnapshots(now);
    this.#report();
  }

  #publishSnapshots(now: number): void {
    this.#nextSnapshot = now + this.#snapshotInterval;
    for (const { handler } of this.streams) {
      for (const feed of handler.feeds) {
        const book = feed.sync.readable();
        if (book !== undefined) this.#sink.bookSnapshot(handler.bookEvent(feed), book);
      }
    }
  }

  /** This thread replaces one that died: readers still show its books. */
  #withdrawAll(): void {
    for (const { handler } of this.streams) {
      for (const feed of handler.feeds) {
        const { Synced, Disconnected } = SyncState;
        this.#sink.feedStatus(handler.bookEvent(feed), Synced, Disconnected, SyncReason.Disconnected);
      }
    }
  }

  #report(): void {
    const sum = (of: (stream: VenueStream) => number): number =>
      this.streams.reduce((total, stream) => total + of(stream), 0);
    this.#raise(
      'reconnects_total',
      sum((one) => one.reconnects),
    );
    this.#raise(
      'overflows_total',
      sum((one) => one.overflows),
    );
    this.#raise(
      'snapshot_requests_total',
      sum((one) => one.requests.sent),
    );
    this.#raise(
      'snapshot_failures_total',
      sum((one) => one.requests.failures),
    );
    const open = sum((one) => (one.socket.isOpen ? 1 : 0));
    this.#context.counters.set(C.connections, open);
  }

  /** By the difference, so that a counter goes on where the thread before this one left it. */
  #raise(counter: CounterName<'feed'>, total: number): void {
    this.#context.counters.add(C[counter], total - (this.#reported.get(counter) ?? 0));
    this.#reported.set(counter, total);
  }
}
