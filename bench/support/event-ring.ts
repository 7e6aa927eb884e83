/**
 * Events of the matching engine as the matching agent writes them: whole messages in a real ring, every field encoded; and
 * the consumer that drains it.
 */
import type { MatchingEvents, ReportEvent, TradeEvent } from '../../src/book/matching.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as Trade from '../../src/messages/views/trade.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing, type RingHandle } from '../../src/ring/layout.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';

const TWO_32 = 4294967296;
/** Bytes: the default of the event ring is four times that; what is in flight then stays in a core's own cache. */
const CAPACITY = 262_144;
/** Reports between two publications, as when a duty cycle finds so many commands. */
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
      digest = (Math.imul(digest, 31) + words[at + Trade.EVENT_SEQUENCE_WORD] + words[at + 14]) | 0;
      records++;
    }
    this.digest = digest;
    this.records += records;
    consumer.release();
  }
}

/** Writes events to the ring, with event sequence numbers as the agent does. */
export class RingEvents implements MatchingEvents {
  trades = 0;
  filled = Number.NaN;
  reports = 0;
  readonly #producer: RingProducer;
  readonly #drain: EventDrain | undefined;
  #eventSequence = Number.NaN;
  #unpublished = 0;

  /** `drain`: a consumer on this thread, which takes each burst at once; without one, another thread makes room. */
  constructor(ring: RingHandle, drain?: EventDrain) {
    this.#producer = new RingProducer(ring);
    this.#drain = drain;
    this.filled = 0;
    this.#eventSequence = 0;
  }

  trade(event: TradeEvent): void {
    const at = this.#claim(Trade.TYPE, Trade.BYTES);
    const { words } = this.#producer;
    Trade.encode(
      words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
      event.tradeId,
      event.price,
      event.quantity,
      0,
      0,
      event.makerLeaves,
      event.takerLeaves,
      event.makerAccount,
      event.takerAccount,
      event.instrument,
      event.makerSource,
      event.takerSource,
      event.takerSide,
      event.flags,
    );
    const maker = event.makerOrderId;
    words[at + Trade.MAKER_ORDER_ID_WORD] = maker;
    words[at + Trade.MAKER_ORDER_ID_WORD + 1] = (maker - (maker >>> 0)) / TWO_32;
    const taker = event.takerOrderId;
    words[at + Trade.TAKER_ORDER_ID_WORD] = taker;
    words[at + Trade.TAKER_ORDER_ID_WORD + 1] = (taker - (taker >>> 0)) / TWO_32;
    this.#producer.commit();
    this.trades++;
    this.filled += event.quantity;
  }

  report(event: ReportEvent): void {
    const at = this.#claim(ExecutionReport.TYPE, ExecutionReport.BYTES);
    const { words } = this.#producer;
    ExecutionReport.encode(
      words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
      0,
      0,
      0,
      event.price,
      event.quantity,
      event.leavesQuantity,
      event.filledQuantity,
      event.previousPrice,
      event.previousLeaves,
      event.account,
      event.instrument,
      event.executionType,
      event.status,
      event.side,
      event.orderType,
      event.timeInForce,
      event.reason,
      event.flags,
      event.source,
    );
    const id = event.orderId;
    words[at + ExecutionReport.ORDER_ID_WORD] = id;
    words[at + ExecutionReport.ORDER_ID_WORD + 1] = (id - (id >>> 0)) / TWO_32;
    this.#producer.commit();
    this.reports++;
    if (++this.#unpublished === BURST) this.flush();
  }

  status(): void {}

  /** Shows what is written, and drains it where this thread does that. */
  flush(): void {
    this.#unpublished = 0;
    this.#producer.publish();
    this.#drain?.drain();
  }

  #claim(type: number, length: number): number {
    let at = this.#producer.claim(type, length);
    while (at === FULL) {
      this.flush();
      at = this.#producer.claim(type, length);
    }
    this.#eventSequence++;
    return at;
  }
}
