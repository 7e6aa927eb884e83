/**
 * The driver of the pipeline benchmark: a fixed stream of commands in, a digest of all events out. Command i is a new
 * limit order when i is even, else the cancel of the order that came {@link LIVE} orders before; some three in ten
 * orders have traded by then, and their cancels are refused. Prices and quantities are those of a linear congruential
 * generator, so the stream and its outcome are the same in each run, on one thread or many. Where there are several
 * instruments (a power of two), orders go to them in turn.
 */
import { OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import { GATEWAY_SOURCE, orderIdOf } from '../../src/lib/order-ids.js';
import { shardOfNumber } from '../../src/lib/shards.js';
import * as CancelOrder from '../../src/messages/views/cancel-order.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as Trade from '../../src/messages/views/trade.js';
import { readLong } from '../../src/messages/words.js';
import type { RecordReader } from '../../src/ring/merged-consumer.js';
import { FULL, type RingProducer } from '../../src/ring/producer.js';
import type { HistogramWriter } from '../../src/telemetry/histogram.js';
import type { AgentContext } from '../../src/workers/context.js';
import { openEvents } from '../../src/workers/event-rings.js';

const TWO_32 = 4294967296;
/** High word of the order ids; there are fewer than 2^31 orders. */
const SOURCE_HIGH = orderIdOf(GATEWAY_SOURCE, 0) / TWO_32;

/** Orders on the way or resting before the oldest is canceled. */
const LIVE = 1024;
/** Commands written and events read in a step at most. */
const SEND_BURST = 64;
const READ_BURST = 1024;
/** Commands without an answer at most, when nothing else sets the pace. */
const IN_FLIGHT = 2048;

export class OrderFlow {
  /** Commands answered since the beginning. */
  answered = 0;
  trades = 0;
  readonly #commands: RingProducer;
  readonly #events: RecordReader;
  /** By shard: between shards there is no order. */
  readonly #digests: Int32Array;
  /** Of the event in hand. */
  #shard = 0;
  readonly #instruments: number;
  readonly #latency: HistogramWriter;
  #sent = 0;
  #orders = 0;
  #random = 12345;
  /** Time that the next command carries. */
  #received = Number.NaN;
  /** Intended time of the next paced command. Starts as a double so that it stays one in place. */
  #due = Number.NaN;

  /** `context`: of the agent gateway, in whose place it stands. */
  constructor(context: AgentContext) {
    this.#commands = context.producer('commands.gateway');
    this.#events = openEvents(context);
    this.#digests = new Int32Array(context.config.matching.shards);
    this.#instruments = context.instruments.count;
    this.#latency = context.histogram('order');
  }

  /** Over the contents of all events that do not depend on time or on who refused a cancel. */
  get digest(): number {
    return this.#digests.reduce((all, one) => all ^ one, 0);
  }

  /** Sends as much as fits and is wanted. */
  send(now: number, target: number): void {
    let left = Math.min(SEND_BURST, target - this.#sent, this.answered + IN_FLIGHT - this.#sent);
    this.#received = now;
    for (; left > 0; left--) if (!this.#command()) break;
    this.#commands.publish();
  }

  /** Open loop: sends what is due at `now`, stamped with the time at which it was due. */
  sendPaced(now: number, target: number, interval: number): void {
    if (Number.isNaN(this.#due)) this.#due = now;
    while (this.#due <= now && this.#sent < target) {
      this.#received = this.#due;
      if (!this.#command()) break;
      this.#due += interval;
    }
    this.#commands.publish();
  }

  /** A paced round begins. */
  rest(): void {
    this.#due = Number.NaN;
  }

  hasEvents(): boolean {
    return this.#events.hasNext();
  }

  /** Reads events; `now` is the time of their arrival. */
  read(now: number): void {
    const events = this.#events;
    let taken = 0;
    for (; taken < READ_BURST && events.next(); taken++) {
      const { words, at } = events;
      if (events.type === Trade.TYPE) this.#onTrade(words, at);
      else {
        this.#onReport(words, at);
        this.#latency.record(now - readLong(words, at + ExecutionReport.RECEIVED_WORD));
      }
    }
    if (taken > 0) events.release();
  }

  #command(): boolean {
    const isCancel = (this.#sent & 1) === 1;
    const done = isCancel && this.#orders > LIVE ? this.#cancel() : this.#newOrder();
    if (done) this.#sent++;
    return done;
  }

  #newOrder(): boolean {
    const at = this.#commands.claim(NewOrder.TYPE, NewOrder.BYTES);
    if (at === FULL) return false;
    const count = ++this.#orders;
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) & 0x7fffffff;
    const random = this.#random >>> 8;
    const isBuy = (count & 1) === 1;
    const account = 1 + (count & 3);
    NewOrder.encode(
      this.#commands.words,
      at,
      0,
      0,
      0,
      0,
      count,
      0,
      (isBuy ? 9990 : 9996) + (random & 15),
      100 * (1 + ((random >>> 4) & 7)),
      account,
      this.#instrumentOf(count),
      isBuy ? Side.Buy : Side.Sell,
      OrderType.Limit,
      TimeInForce.GoodTillCancel,
      0,
      GATEWAY_SOURCE,
      0,
    );
    this.#stamp(at, count);
    this.#commands.commit();
    return true;
  }

  #cancel(): boolean {
    const at = this.#commands.claim(CancelOrder.TYPE, CancelOrder.BYTES);
    if (at === FULL) return false;
    const count = this.#orders - LIVE;
    CancelOrder.encode(
      this.#commands.words,
      at,
      0,
      0,
      0,
      0,
      0,
      0,
      1 + (count & 3),
      this.#instrumentOf(count),
      GATEWAY_SOURCE,
    );
    this.#stamp(at, count);
    this.#commands.commit();
    return true;
  }

  /** Orders of both sides and all accounts come to each. */
  #instrumentOf(count: number): number {
    return (count >>> 2) & (this.#instruments - 1);
  }

  /** Time and order id, which stand at the same place in every command; as words, because as arguments they would be boxed. */
  #stamp(at: number, count: number): void {
    const { words } = this.#commands;
    const received = this.#received;
    words[at + NewOrder.RECEIVED_WORD] = received;
    words[at + NewOrder.RECEIVED_WORD + 1] = (received - (received >>> 0)) / TWO_32;
    words[at + NewOrder.ORDER_ID_WORD] = count;
    words[at + NewOrder.ORDER_ID_WORD + 1] = SOURCE_HIGH;
  }

  #onTrade(words: Int32Array, at: number): void {
    this.trades++;
    this.#shard = shardOfNumber(Trade.eventSequence(words, at));
    this.#mix(words[at + Trade.MAKER_ORDER_ID_WORD]);
    this.#mix(words[at + Trade.TAKER_ORDER_ID_WORD]);
    this.#mix(Trade.price(words, at));
    this.#mix(Trade.quantity(words, at));
  }

  #onReport(words: Int32Array, at: number): void {
    this.answered++;
    const sequence = ExecutionReport.eventSequence(words, at);
    this.#shard = shardOfNumber(sequence);
    this.#mix(sequence);
    this.#mix(words[at + ExecutionReport.ORDER_ID_WORD]);
    this.#mix(ExecutionReport.leavesQuantity(words, at));
    this.#mix(ExecutionReport.executionType(words, at) * 256 + ExecutionReport.reason(words, at));
  }

  #mix(value: number): void {
    const digest = this.#digests[this.#shard];
    this.#digests[this.#shard] = (Math.imul(digest ^ (value | 0), 0x9e3779b1) + (digest >>> 15)) | 0;
  }
}
