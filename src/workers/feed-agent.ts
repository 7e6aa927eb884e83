import type { Agent } from '../agent/agent.js';
import type { CounterWriter } from '../telemetry/board.js';
import { counterIds, SECTION_COUNTERS } from '../telemetry/registry.js';
import type { BinanceFeedHandler } from '../venues/binance/feed-handler.js';
import { ParseError } from '../venues/binance/message.js';
import type { FrameSource } from '../venues/frame.js';
import type { AgentFactory } from './context.js';
import { MarketRingSink } from './market-ring-sink.js';

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

/** Takes venue messages from its sources, in turn, to the feed ring. It owns no socket: sources do. */
export class FeedAgent implements Agent {
  readonly name = 'feed';

  readonly #inputs: readonly FeedInput[];
  readonly #sink: MarketRingSink;
  readonly #counters: CounterWriter | undefined;
  /** What the counters have been told so far, by counter. */
  readonly #told = new Float64Array(SECTION_COUNTERS);

  /** `counters` may be left out where nobody looks (replay reports from the handler itself). */
  constructor(inputs: readonly FeedInput[], sink: MarketRingSink, counters?: CounterWriter) {
    this.#inputs = inputs;
    this.#sink = sink;
    this.#counters = counters;
  }

  doWork(_now: number): number {
    let work = 0;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { source, handler, onRefused } = this.#inputs[i];
      for (let n = 0; n < BURST && source.next(); n++) {
        const outcome = handler.onFrame(source);
        if (outcome < 0) onRefused?.(outcome as ParseError);
        work++;
      }
    }
    this.#sink.producer.publish();
    if (work > 0 && this.#counters !== undefined) this.#count(this.#counters);
    return work;
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

/** The feed stage of a running system. It has no live connection yet: configured venues are named in the log. */
export const create: AgentFactory = (context) => {
  const sink = new MarketRingSink(context.producer('feed'), () => context.awaitRoom(context.clock.now()));
  for (const { name, symbols } of context.config.venues) {
    context.log.warn(
      'venue has no live connection in this version; replay its captures with `millrace replay`',
      {
        venue: name,
        symbols: symbols.join(','),
      },
    );
  }
  return new FeedAgent([], sink, context.counters);
};
