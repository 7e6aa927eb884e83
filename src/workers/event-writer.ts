import type {
  MatchingCommand,
  MatchingEvents,
  ReportEvent,
  StatusEvent,
  TradeEvent,
} from '../book/matching.js';
import type { OrderBooks } from '../book/order-books.js';
import type { PlainEvents } from '../book/plain-events.js';
import { assert } from '../lib/assert.js';
import { EventFlags } from '../lib/enums.js';
import * as AdvanceTime from '../messages/views/advance-time.js';
import * as AmendOrder from '../messages/views/amend-order.js';
import * as CancelOrder from '../messages/views/cancel-order.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as InstrumentStatus from '../messages/views/instrument-status.js';
import * as MassCancel from '../messages/views/mass-cancel.js';
import * as NewOrder from '../messages/views/new-order.js';
import * as SetPhase from '../messages/views/set-phase.js';
import * as Trade from '../messages/views/trade.js';
import { FULL, type RingProducer } from '../ring/producer.js';
import { statusFlags } from './event-messages.js';
import { PlainEventWriter } from './plain-event-writer.js';

// Bound here because V8 folds what only this module sees into the code, but loads and checks what is imported.
const { Answer, Conditional } = EventFlags;
const NO_ROOM = FULL;
const { BYTES: TRADE_BYTES, EXTENDED_BYTES: CHARGED_TRADE_BYTES, TYPE: TRADE } = Trade;
const { BYTES: REPORT_BYTES, TYPE: REPORT } = ExecutionReport;

const TWO_32 = 4294967296;

/**
 * Sequence, timestamp and received stand together in every command and event. They, and order ids, are handled as
 * words: numbers above 2^31 are boxed wherever V8 does not inline the call that they are passed to.
 */
const STAMP_WORDS = 6;
const COMMAND_STAMPS = NewOrder.SEQUENCE_WORD;
const COMMANDS = [NewOrder, AmendOrder, CancelOrder, MassCancel, SetPhase, AdvanceTime];
for (const view of [...COMMANDS, Trade, ExecutionReport, InstrumentStatus]) {
  const first: number = COMMANDS.includes(view as typeof NewOrder) ? COMMAND_STAMPS : Trade.SEQUENCE_WORD;
  assert(
    view.SEQUENCE_WORD === first && view.TIMESTAMP_WORD === first + 2 && view.RECEIVED_WORD === first + 4,
    'messages: sequence, timestamp and received must stand together',
  );
}

/**
 * Writes what happens to the event ring, with event sequence numbers that have no gap. Reports of conditional orders and
 * trades with fees go out in the long form. When the ring is full it waits for room with `awaitRoom`.
 */
export class EventWriter implements MatchingEvents {
  /** Events written since the owner last set these to 0. */
  trades = 0;
  reports = 0;
  statuses = 0;
  /** Room will not come any more: the process stops at once, and what happens now stays untold. */
  abandoned = false;
  /** Key of the request in hand, which its answer repeats. */
  clientOrderIdLow = 0;
  clientOrderIdHigh = 0;
  /** For who encodes into what {@link append} has reserved: the ring's memory, and what events begin with. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** Sequence, timestamp and received of the command in hand, as its events repeat them, bit by bit. */
  readonly stamps = new Float64Array(STAMP_WORDS >> 1);
  /** Event sequence of the last event, as words. */
  sequenceLow = 0;
  sequenceHigh = 0;
  /** The engine numbers its trades from 1. */
  base = Number.NaN;
  readonly #ring: RingProducer;
  readonly #awaitRoom: () => boolean;
  readonly #stampWords = new Int32Array(this.stamps.buffer);

  /** `awaitRoom` waits a moment for readers; false: waiting is pointless. Events and trades are numbered from `base` + 1. */
  constructor(ring: RingProducer, awaitRoom: () => boolean, base = 0) {
    this.#ring = ring;
    this.#awaitRoom = awaitRoom;
    this.words = ring.words;
    this.doubles = ring.doubles;
    this.sequenceLow = base | 0;
    this.sequenceHigh = (base - (base >>> 0)) / TWO_32;
    this.base = base;
  }

  get eventSequence(): number {
    return this.sequenceHigh * TWO_32 + (this.sequenceLow >>> 0);
  }

  /** Plain events need no object in between: they go from the engine's records to the ring. */
  plainEvents(books: OrderBooks, command: MatchingCommand): PlainEvents {
    return new PlainEventWriter(this, books, command);
  }

  /** The events that follow are those of this command record. */
  begin(words: Int32Array, at: number): void {
    const stamps = this.#stampWords;
    for (let i = 0; i < STAMP_WORDS; i++) stamps[i] = words[at + COMMAND_STAMPS + i];
  }

  /** A report that risk has made takes its place among the events. */
  passOn(words: Int32Array, from: number): void {
    const at = this.append(REPORT, REPORT_BYTES);
    if (at === NO_ROOM) return;
    const target = this.words;
    for (let i = 0; i < REPORT_BYTES >> 2; i++) target[at + i] = words[from + i];
    target[at + ExecutionReport.EVENT_SEQUENCE_WORD] = this.sequenceLow;
    target[at + ExecutionReport.EVENT_SEQUENCE_WORD + 1] = this.sequenceHigh;
    this.reports++;
  }

  trade(event: TradeEvent): void {
    const { makerFee, takerFee } = event;
    const charged = makerFee !== 0 || takerFee !== 0;
    const at = this.append(TRADE, charged ? CHARGED_TRADE_BYTES : TRADE_BYTES);
    if (at === NO_ROOM) return;
    const { words, doubles } = this;
    const maker = event.makerOrderId;
    const taker = event.takerOrderId;
    Trade.encodeEvent(
      words,
      doubles,
      at,
      this.stamps,
      this.sequenceLow,
      this.sequenceHigh,
      this.base + event.tradeId,
      event.price,
      event.quantity,
      maker | 0,
      (maker - (maker >>> 0)) / TWO_32,
      taker | 0,
      (taker - (taker >>> 0)) / TWO_32,
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
    if (charged) Trade.encodeExtension(words, at, makerFee, takerFee);
    this.trades++;
  }

  report(event: ReportEvent): void {
    const isConditional = (event.flags & Conditional) !== 0;
    const length = isConditional ? ExecutionReport.EXTENDED_BYTES : REPORT_BYTES;
    const at = this.append(REPORT, length);
    if (at === NO_ROOM) return;
    const isAnswer = (event.flags & Answer) !== 0;
    const { words, doubles } = this;
    const id = event.orderId;
    ExecutionReport.encodeEvent(
      words,
      doubles,
      at,
      this.stamps,
      this.sequenceLow,
      this.sequenceHigh,
      id | 0,
      (id - (id >>> 0)) / TWO_32,
      isAnswer ? this.clientOrderIdLow : 0,
      isAnswer ? this.clientOrderIdHigh : 0,
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
    if (isConditional) this.#conditions(event, at);
    this.reports++;
  }

  #conditions(event: ReportEvent, at: number): void {
    const { words } = this;
    const { displayedQuantity, previousDisplayed, stopPrice, expireTime, linkedOrderId } = event;
    ExecutionReport.encodeExtension(words, at, displayedQuantity, previousDisplayed, stopPrice, 0, 0);
    words[at + ExecutionReport.EXPIRE_TIME_WORD] = expireTime;
    words[at + ExecutionReport.EXPIRE_TIME_WORD + 1] = (expireTime - (expireTime >>> 0)) / TWO_32;
    words[at + ExecutionReport.LINKED_ORDER_ID_WORD] = linkedOrderId;
    words[at + ExecutionReport.LINKED_ORDER_ID_WORD + 1] = (linkedOrderId - (linkedOrderId >>> 0)) / TWO_32;
  }

  /** Prices that are NaN, not there, become 0 without their flag. */
  status(event: StatusEvent): void {
    const at = this.append(InstrumentStatus.TYPE, InstrumentStatus.BYTES);
    if (at === NO_ROOM) return;
    const { words, doubles } = this;
    InstrumentStatus.encodeEvent(
      words,
      doubles,
      at,
      this.stamps,
      this.sequenceLow,
      this.sequenceHigh,
      event.indicativePrice,
      event.indicativeQuantity,
      event.surplus,
      event.lastPrice,
      event.referencePrice,
      event.instrument,
      event.phase,
      event.previousPhase,
      event.reason,
      statusFlags(event),
    );
    this.statuses++;
  }

  /**
   * Room for the next event, waited for, which is to be filled in at once; counts the event sequence up. FULL only when the process
   * stops at once.
   */
  append(type: number, length: number): number {
    let at = this.#ring.append(type, length);
    while (at === NO_ROOM) {
      if (!this.#makeRoom()) return NO_ROOM;
      at = this.#ring.append(type, length);
    }
    this.sequenceLow = (this.sequenceLow + 1) | 0;
    if (this.sequenceLow === 0) this.sequenceHigh++;
    return at;
  }

  #makeRoom(): boolean {
    if (this.abandoned) return false;
    // What is written has to be visible before anybody can drain it.
    this.#ring.publish();
    this.abandoned = !this.#awaitRoom();
    return !this.abandoned;
  }
}
