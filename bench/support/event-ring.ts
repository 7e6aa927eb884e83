/**
 * Events of the matching engine as the matching agent writes them: whole messages in a real ring, every field encoded; and
 * the consumer that drains it.
 */
import type { MatchingCommand, TradeEvent } from '../../src/book/matching.js';
import type { OrderBooks } from '../../src/book/order-books.js';
import type { PlainEvents } from '../../src/book/plain-events.js';
import * as Trade from '../../src/messages/views/trade.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing, type RingHandle } from '../../src/ring/layout.js';
import { RingProducer } from '../../src/ring/producer.js';
import { EventWriter } from '../../src/workers/event-writer.js';
import { PlainEventWriter } from '../../src/workers/plain-event-writer.js';

// Bound here because V8 folds what only this module sees into the code.
const { EVENT_SEQUENCE_WORD } = Trade;

/** Bytes: the default of the event ring is four times that; what is in flight then stays in a core's own cache. */
const CAPACITY = 262_144;
/** Events between two publications, as when a duty cycle finds so many commands. */
const BURST = 64;

export function eventRing(): RingHandle {
  return createRing({ name: 'events', capacityBytes: CAPACITY, gating: 1 });
}

/** Reads every record and releases it. */
export class EventDrain {
  /** Records so far, and the sum of what they say was filled or is left: it cannot be right unless all were read. */
  records = 0;
  digest = 0;
  readonly #consumer: RingConsumer;

  constructor(ring: RingHandle) {
    this.#consumer = new RingConsumer(ring, 0);
  }

  /** Takes what is there. */
  drain(): void {
    const consumer = this.#consumer;
    let records = 0;
    let digest = this.digest;
    while (consumer.next()) {
      const { words, at } = consumer;
      // The event sequence and the order's id (a report) or the trade's price: first and middle of the record.
      digest = (Math.imul(digest, 31) + words[at + EVENT_SEQUENCE_WORD] + words[at + 14]) | 0;
      records++;
    }
    this.digest = digest;
    this.records += records;
    consumer.release();
  }
}

/** The writer of the matching agent, which publishes once per burst. */
export class RingEvents extends EventWriter {
  filled = Number.NaN;
  readonly #producer: RingProducer;
  readonly #drain: EventDrain | undefined;
  #unpublished = 0;

  /** `drain`: a consumer on this thread, which takes each burst at once; without one, another thread makes room. */
  constructor(ring: RingHandle, drain?: EventDrain) {
    const producer = new RingProducer(ring);
    super(producer, () => {
      drain?.drain();
      return true;
    });
    this.#producer = producer;
    this.#drain = drain;
    this.filled = 0;
  }

  override trade(event: TradeEvent): void {
    super.trade(event);
    this.filled += event.quantity;
  }

  override plainEvents(books: OrderBooks, command: MatchingCommand): PlainEvents {
    return new PlainRingEvents(this, books, command);
  }

  override append(type: number, length: number): number {
    if (++this.#unpublished > BURST) this.flush();
    return super.append(type, length);
  }

  /** Shows what is written, and drains it where this thread does that. */
  flush(): void {
    this.#unpublished = 1;
    this.#producer.publish();
    this.#drain?.drain();
  }
}

/** Sums up what is filled. */
class PlainRingEvents extends PlainEventWriter {
  declare private readonly events: RingEvents;

  constructor(events: RingEvents, books: OrderBooks, command: MatchingCommand) {
    super(events, books, command);
    this.events = events;
  }

  override traded(
    tradeId: number,
    maker: number,
    level: number,
    quantity: number,
    makerLeaves: number,
    takerLeaves: number,
  ): void {
    super.traded(tradeId, maker, level, quantity, makerLeaves, takerLeaves);
    this.events.filled += quantity;
  }
}
