import type { Agent } from '../agent/agent.js';
import type { BinanceFeedHandler } from '../venues/binance/feed-handler.js';
import type { FrameSource } from '../venues/frame.js';
import type { AgentFactory } from './context.js';
import { MarketRingSink } from './market-ring-sink.js';

/** Messages taken from one source in one duty cycle at most. */
const BURST = 64;

/** A stream of venue messages and the handler that understands it. */
export interface FeedInput {
  readonly source: FrameSource;
  readonly handler: BinanceFeedHandler;
}

/** Takes venue messages from its sources, in turn, to the feed ring. It owns no socket: sources do. */
export class FeedAgent implements Agent {
  readonly name = 'feed';

  readonly #inputs: readonly FeedInput[];
  readonly #sink: MarketRingSink;

  constructor(inputs: readonly FeedInput[], sink: MarketRingSink) {
    this.#inputs = inputs;
    this.#sink = sink;
  }

  doWork(_now: number): number {
    let work = 0;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { source, handler } = this.#inputs[i];
      for (let n = 0; n < BURST && source.next(); n++) {
        handler.onFrame(source);
        work++;
      }
    }
    this.#sink.producer.publish();
    return work;
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
  return new FeedAgent([], sink);
};
