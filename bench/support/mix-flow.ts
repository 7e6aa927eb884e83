/**
 * The driver of the latency benchmark: the commands of the exchange-core mix into the gateway's command ring, as they are due, and
 * the answers out of the event ring. A latency is the time from when a command was due, whether or not it could be sent then
 * (no coordinated omission), to a clock reading after its answer was read.
 */
import { EventFlags, ExecutionType, OrderType } from '../../src/lib/enums.js';
import { GATEWAY_SOURCE, orderIdOf } from '../../src/lib/order-ids.js';
import * as AmendOrder from '../../src/messages/views/amend-order.js';
import * as CancelOrder from '../../src/messages/views/cancel-order.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as Trade from '../../src/messages/views/trade.js';
import { readLong } from '../../src/messages/words.js';
import type { RingConsumer } from '../../src/ring/consumer.js';
import { FULL, type RingProducer } from '../../src/ring/producer.js';
import { HistogramWriter } from '../../src/telemetry/histogram.js';
import type { AgentContext } from '../../src/workers/context.js';
import { CANCEL, type Mix, MOVE } from './mix-commands.js';

const TWO_32 = 4294967296;
/** High word of the order ids; there are fewer than 2^31 orders. */
const SOURCE_HIGH = orderIdOf(GATEWAY_SOURCE, 0) / TWO_32;
const { Limit } = OrderType;
const { EndOfCommand } = EventFlags;
const { Rejected, CancelRejected } = ExecutionType;

/** Commands written and events read in a step at most. */
const SEND_BURST = 64;
const READ_BURST = 64;
/** Commands without an answer at most, when nothing else sets the pace. */
const IN_FLIGHT = 2048;

export class MixFlow {
  answered = 0;
  trades = 0;
  filled = Number.NaN;
  /** Commands that were refused: none should be. */
  refused = 0;
  /**
   * Time of the step, to be set before {@link send}, {@link sendPaced} and {@link record}. Not an argument: a thread that
   * spins would leave 16 bytes each time.
   */
  now = Number.NaN;
  readonly #mix: Mix;
  readonly #commands: RingProducer;
  readonly #events: RingConsumer;
  readonly #latency: HistogramWriter;
  #sent = 0;
  #received = Number.NaN;
  #due = Number.NaN;
  /** When the commands were due whose answers were read in this step. */
  readonly #answeredDue = new Float64Array(READ_BURST);

  /** `context`: of the agent gateway, in whose place it stands; `cells`: of the histogram. */
  constructor(context: AgentContext, mix: Mix, cells: Float64Array) {
    this.#mix = mix;
    this.#commands = context.producer('commands.gateway');
    this.#events = context.consumer('events');
    this.#latency = new HistogramWriter(cells);
    this.filled = 0;
  }

  /** Sends as much as fits. */
  send(target: number): void {
    let left = Math.min(SEND_BURST, target - this.#sent, this.answered + IN_FLIGHT - this.#sent);
    this.#received = this.now;
    for (; left > 0; left--) if (!this.#command()) break;
    this.#commands.publish();
  }

  /** Open loop: sends what is due now, stamped with the time at which it was due. */
  sendPaced(target: number, interval: number): void {
    if (Number.isNaN(this.#due)) this.#due = this.now;
    let left = SEND_BURST;
    for (; left > 0 && this.#due <= this.now && this.#sent < target; left--) {
      this.#received = this.#due;
      if (!this.#command()) break;
      this.#due += interval;
    }
    this.#commands.publish();
  }

  /** A round begins. */
  rest(): void {
    this.#due = Number.NaN;
  }

  hasEvents(): boolean {
    return this.#events.hasNext();
  }

  /** Reads some events and returns how many answers were among them; {@link record} completes the step. */
  read(): number {
    const events = this.#events;
    let answers = 0;
    for (let taken = 0; taken < READ_BURST && events.next(); taken++) {
      const { words, at } = events;
      if (events.type === Trade.TYPE) {
        this.trades++;
        this.filled += Trade.quantity(words, at);
      } else if ((ExecutionReport.flags(words, at) & EndOfCommand) !== 0) {
        const executionType = ExecutionReport.executionType(words, at);
        if (executionType === Rejected || executionType === CancelRejected) this.refused++;
        this.#answeredDue[answers++] = readLong(words, at + ExecutionReport.RECEIVED_WORD);
      }
    }
    events.release();
    this.answered += answers;
    return answers;
  }

  /** The answers of the last {@link read} have all come by now. */
  record(answers: number): void {
    for (let i = 0; i < answers; i++) this.#latency.record(this.now - this.#answeredDue[i]);
  }

  #command(): boolean {
    const kind = this.#mix.kind[this.#sent];
    const done = kind === MOVE ? this.#move() : kind === CANCEL ? this.#cancel() : this.#newOrder();
    if (done) this.#sent++;
    return done;
  }

  #newOrder(): boolean {
    const commands = this.#commands;
    const at = commands.claim(NewOrder.TYPE, NewOrder.BYTES);
    if (at === FULL) return false;
    const { price, quantity, account, side, timeInForce } = this.#mix;
    const i = this.#sent;
    NewOrder.encode(
      commands.words,
      at,
      0,
      0,
      0,
      0,
      0,
      0,
      price[i],
      quantity[i],
      account[i],
      0,
      side[i],
      Limit,
      timeInForce[i],
      0,
      GATEWAY_SOURCE,
      0,
    );
    this.#finish(at);
    return true;
  }

  #move(): boolean {
    const commands = this.#commands;
    const at = commands.claim(AmendOrder.TYPE, AmendOrder.BYTES);
    if (at === FULL) return false;
    const { price, quantity, account } = this.#mix;
    const i = this.#sent;
    AmendOrder.encode(
      commands.words,
      at,
      0,
      0,
      0,
      0,
      0,
      0,
      price[i],
      quantity[i],
      account[i],
      0,
      GATEWAY_SOURCE,
    );
    this.#finish(at);
    return true;
  }

  #cancel(): boolean {
    const commands = this.#commands;
    const at = commands.claim(CancelOrder.TYPE, CancelOrder.BYTES);
    if (at === FULL) return false;
    const account = this.#mix.account[this.#sent];
    CancelOrder.encode(commands.words, at, 0, 0, 0, 0, 0, 0, account, 0, GATEWAY_SOURCE);
    this.#finish(at);
    return true;
  }

  /** Time and order id, which stand at the same place in every command; as words, because as arguments they would be boxed. */
  #finish(at: number): void {
    const { words } = this.#commands;
    const received = this.#received;
    words[at + NewOrder.RECEIVED_WORD] = received;
    words[at + NewOrder.RECEIVED_WORD + 1] = (received - (received >>> 0)) / TWO_32;
    words[at + NewOrder.ORDER_ID_WORD] = this.#mix.orderId[this.#sent];
    words[at + NewOrder.ORDER_ID_WORD + 1] = SOURCE_HIGH;
    this.#commands.commit();
  }
}
