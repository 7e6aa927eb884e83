/** The two threads of the book benchmark: one matches and writes events to a ring, the other drains the ring. */
import { MatchingEngine } from '../../src/book/matching-engine.js';
import type { RingHandle } from '../../src/ring/layout.js';
import { EventDrain, RingEvents } from './event-ring.js';
import { type Part, serve } from './threads.js';
import { addCancelOrders, LIVE, matchOrders, type Orders, replaceOrders, submitOrders } from './workloads.js';

export type Workload = 'match' | 'add-cancel';

export interface BookPart {
  readonly role: 'matching' | 'drain';
  readonly workload: Workload;
  readonly ring: RingHandle;
  /** Shared: [0] rounds that matching has finished, [1] trades, [2] open orders after the last. */
  readonly control: Int32Array;
  /** Commands made beforehand. */
  readonly orders: number;
}

export const MATCH_CAPACITIES = { instruments: 4, orders: 1 << 20, levels: 4096 };
export const ADD_CANCEL_CAPACITIES = { instruments: 4, orders: 2 * LIVE, levels: 4096 };

function makePart(input: BookPart): Part {
  if (input.role === 'drain') return drainPart(input);
  const events = new RingEvents(input.ring);
  return input.workload === 'match' ? matchPart(input, events) : addCancelPart(input, events);
}

/** Drains until matching has finished the round. */
function drainPart({ ring, control }: BookPart): Part {
  const drain = new EventDrain(ring);
  let finished = 0;
  return () => {
    finished++;
    while (Atomics.load(control, 0) < finished) drain.drain();
    drain.drain();
    return drain.digest;
  };
}

function finish(control: Int32Array, events: RingEvents, engine: MatchingEngine): number {
  events.flush();
  control[1] = events.trades;
  control[2] = engine.orderCount;
  Atomics.add(control, 0, 1);
  return events.filled;
}

function matchPart({ control, orders }: BookPart, events: RingEvents): Part {
  const stream = matchOrders(orders);
  let engine = new MatchingEngine(MATCH_CAPACITIES, events);
  const run = (count: number): number => {
    events.trades = 0;
    events.filled = 0;
    submitOrders(engine, stream, 0, count);
    return finish(control, events, engine);
  };
  const prepare = (): void => {
    engine = new MatchingEngine(MATCH_CAPACITIES, events);
  };
  return Object.assign(run, { prepare });
}

function addCancelPart({ control, orders }: BookPart, events: RingEvents): Part {
  const stream: Orders = addCancelOrders(orders);
  const engine = new MatchingEngine(ADD_CANCEL_CAPACITIES, events);
  let done = 0;
  return (count) => {
    if (done === 0) {
      submitOrders(engine, stream, 0, LIVE);
      done = LIVE;
    }
    replaceOrders(engine, stream, done, done + count);
    done += count;
    return finish(control, events, engine);
  };
}

serve<BookPart>(import.meta.url, makePart);
