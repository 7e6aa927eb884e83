import type { Agent } from '../../agent/agent.js';
import type { SessionClock } from '../../lib/clock.js';
import type { CounterWriter } from '../../telemetry/board.js';
import type { HistogramWriter } from '../../telemetry/histogram.js';
import { counterIds, SECTION_COUNTERS } from '../../telemetry/registry.js';
import type { BinanceFeedHandler } from '../../venues/binance/feed-handler.js';
import { MessageKind, ParseError } from '../../venues/binance/message.js';
import type { FrameSource } from '../../venues/frame.js';
import type { MarketRingSink } from '../market-ring-sink.js';

const C = counterIds('feed');

/** Messages taken from one source in one duty cycle at most. */
const BURST = 64;

/** A stream of venue messages and the handler that understands it. */
export interface FeedInput {
  readonly source: FrameSource;
  readonly handler: BinanceFeedHandler;
  /** Hears why the frame in hand was refused. */
  readonly onRefused?: (error: ParseError) => void;
}

/** Where the time from bytes received to book published is recorded. */
export interface FeedLatency {
  readonly clock: SessionClock;
  readonly histogram: HistogramWriter;
}

/** Takes venue messages from its sources, in turn, to the feed ring. It owns no socket: sources do. */
export class FrameAgent implements Agent {
  readonly name = 'feed';

  readonly #inputs: readonly FeedInput[];
  readonly #sink: MarketRingSink;
  readonly #counters: CounterWriter | undefined;
  readonly #latency: FeedLatency | undefined;
  /** Receive times of the depth updates of the cycle in hand. */
  readonly #received: Float64Array;
  /** What the counters have been told so far, by counter. */
  readonly #told = new Float64Array(SECTION_COUNTERS);

  /**
   * `counters` and `latency` may be left out where nobody looks (replay reports from the handler itself, and its receive
   * times are the capture's).
   */
  constructor(
    inputs: readonly FeedInput[],
    sink: MarketRingSink,
    counters?: CounterWriter,
    latency?: FeedLatency,
  ) {
    this.#inputs = inputs;
    this.#sink = sink;
    this.#counters = counters;
    this.#latency = latency;
    this.#received = new Float64Array(latency === undefined ? 0 : inputs.length * BURST);
  }

  doWork(_now: number): number {
    let work = 0;
    let updates = 0;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { source, handler, onRefused } = this.#inputs[i];
      for (let n = 0; n < BURST && source.next(); n++) {
        const outcome = handler.onFrame(source);
        if (outcome === MessageKind.DepthUpdate) this.#received[updates++] = source.receiveTime;
        else if (outcome < 0) onRefused?.(outcome as ParseError);
        work++;
      }
    }
    this.#sink.producer.publish();
    if (updates > 0 && this.#latency !== undefined) this.#measure(this.#latency, updates);
    if (work > 0 && this.#counters !== undefined) this.#count(this.#counters);
    return work;
  }

  /** One look at the clock for all updates that became visible together. */
  #measure({ clock, histogram }: FeedLatency, updates: number): void {
    const published = clock.now();
    for (let i = 0; i < updates; i++) histogram.record(published - this.#received[i]);
  }

  /** Raises the counters to the sums over all inputs. */
  #count(counters: CounterWriter): void {
    let messages = 0;
    let fallbacks = 0;
    let malformed = 0;
    let gaps = 0;
    let resyncs = 0;
    let crossed = 0;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { handler } = this.#inputs[i];
      const { errors, feeds } = handler;
      messages += handler.messages;
      fallbacks += handler.parser.slowParses;
      malformed += errors[-ParseError.Malformed] + errors[-ParseError.Shape] + errors[-ParseError.Number];
      for (let k = 0; k < feeds.length; k++) {
        const { counters: book } = feeds[k].sync;
        gaps += book.sequenceGaps;
        resyncs += book.snapshotsApplied > 0 ? book.snapshotsApplied - 1 : 0;
        crossed += book.crossedUpdates;
      }
    }
    this.#raise(counters, C.messages_total, messages);
    this.#raise(counters, C.fallback_total, fallbacks);
    this.#raise(counters, C.malformed_total, malformed);
    this.#raise(counters, C.gaps_total, gaps);
    this.#raise(counters, C.resyncs_total, resyncs);
    this.#raise(counters, C.crossed_total, crossed);
    this.#raise(counters, C.ring_full_total, this.#sink.full);
  }

  /** By the difference, so that a counter goes on where the thread before this one left it. */
  #raise(counters: CounterWriter, counter: number, total: number): void {
    counters.add(counter, total - this.#told[counter]);
    this.#told[counter] = total;
  }

  hasWork(): boolean {
    for (let i = 0; i < this.#inputs.length; i++) if (this.#inputs[i].source.hasNext()) return true;
    return false;
  }
}
