import type { MatchingEvents, ReportEvent, StatusEvent, TradeEvent } from '../book/matching.js';
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

const { Answer, Conditional } = EventFlags;

const TWO_32 = 4294967296;

/**
 * Sequence, timestamp and received stand together in every command and event. They, and order ids, are handled as
 * words: numbers above 2^31 are boxed wherever V8 does not inline the call that they are passed to.
 */
const STAMP_WORDS = 6;
const COMMAND_STAMPS = NewOrder.SEQUENCE_WORD;
const EVENT_STAMPS = Trade.SEQUENCE_WORD;
const COMMANDS = [NewOrder, AmendOrder, CancelOrder, MassCancel, SetPhase, AdvanceTime];
for (const view of [...COMMANDS, Trade, ExecutionReport, InstrumentStatus]) {
  const first: number = COMMANDS.includes(view as typeof NewOrder) ? COMMAND_STAMPS : EVENT_STAMPS;
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
  readonly #ring: RingProducer;
  readonly #awaitRoom: () => boolean;
  /** Event sequence of the last event; starts as a double so that it stays one in place. */
  #eventSequence = Number.NaN;
  /** The engine numbers its trades from 1. */
  #tradeBase = Number.NaN;
  /** Sequence, timestamp and received of the command in hand, as its events repeat them. */
  readonly #stamps = new Int32Array(STAMP_WORDS);

  /** `awaitRoom` waits a moment for readers; false: waiting is pointless. Events and trades are numbered from `base` + 1. */
  constructor(ring: RingProducer, awaitRoom: () => boolean, base = 0) {
    this.#ring = ring;
    this.#awaitRoom = awaitRoom;
    this.#eventSequence = base;
    this.#tradeBase = base;
  }

  get eventSequence(): number {
    return this.#eventSequence;
  }

  /** The events that follow are those of this command record. */
  begin(words: Int32Array, at: number): void {
    for (let i = 0; i < STAMP_WORDS; i++) this.#stamps[i] = words[at + COMMAND_STAMPS + i];
  }

  /** A report that risk has made takes its place among the events. */
  passOn(words: Int32Array, from: number): void {
    const at = this.#claim(ExecutionReport.TYPE, ExecutionReport.BYTES);
    if (at === FULL) return;
    const target = this.#ring.words;
    for (let i = 0; i < ExecutionReport.BYTES >> 2; i++) target[at + i] = words[from + i];
    ExecutionReport.setEventSequence(target, at, this.#eventSequence);
    this.#ring.commit();
    this.reports++;
  }

  trade(event: TradeEvent): void {
    const { makerFee, takerFee } = event;
    const charged = makerFee > 0 || makerFee < 0 || takerFee > 0 || takerFee < 0;
    const at = this.#claim(Trade.TYPE, charged ? Trade.EXTENDED_BYTES : Trade.BYTES);
    if (at === FULL) return;
    const { words } = this.#ring;
    Trade.encode(
      words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
      this.#tradeBase + event.tradeId,
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
    if (charged) Trade.encodeExtension(words, at, makerFee, takerFee);
    this.#stamp(at);
    const maker = event.makerOrderId;
    words[at + Trade.MAKER_ORDER_ID_WORD] = maker;
    words[at + Trade.MAKER_ORDER_ID_WORD + 1] = (maker - (maker >>> 0)) / TWO_32;
    const taker = event.takerOrderId;
    words[at + Trade.TAKER_ORDER_ID_WORD] = taker;
    words[at + Trade.TAKER_ORDER_ID_WORD + 1] = (taker - (taker >>> 0)) / TWO_32;
    this.#ring.commit();
    this.trades++;
  }

  report(event: ReportEvent): void {
    const isConditional = (event.flags & Conditional) !== 0;
    const length = isConditional ? ExecutionReport.EXTENDED_BYTES : ExecutionReport.BYTES;
    const at = this.#claim(ExecutionReport.TYPE, length);
    if (at === FULL) return;
    const isAnswer = (event.flags & Answer) !== 0;
    const { words } = this.#ring;
    ExecutionReport.encode(
      words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
      0,
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
    this.#stamp(at);
    const id = event.orderId;
    words[at + ExecutionReport.ORDER_ID_WORD] = id;
    words[at + ExecutionReport.ORDER_ID_WORD + 1] = (id - (id >>> 0)) / TWO_32;
    this.#ring.commit();
    this.reports++;
  }

  #conditions(event: ReportEvent, at: number): void {
    const { words } = this.#ring;
    const { displayedQuantity, previousDisplayed, stopPrice, expireTime, linkedOrderId } = event;
    ExecutionReport.encodeExtension(words, at, displayedQuantity, previousDisplayed, stopPrice, 0, 0);
    words[at + ExecutionReport.EXPIRE_TIME_WORD] = expireTime;
    words[at + ExecutionReport.EXPIRE_TIME_WORD + 1] = (expireTime - (expireTime >>> 0)) / TWO_32;
    words[at + ExecutionReport.LINKED_ORDER_ID_WORD] = linkedOrderId;
    words[at + ExecutionReport.LINKED_ORDER_ID_WORD + 1] = (linkedOrderId - (linkedOrderId >>> 0)) / TWO_32;
  }

  /** Prices that are NaN, not there, become 0 without their flag. */
  status(event: StatusEvent): void {
    const at = this.#claim(InstrumentStatus.TYPE, InstrumentStatus.BYTES);
    if (at === FULL) return;
    InstrumentStatus.encode(
      this.#ring.words,
      at,
      this.#eventSequence,
      0,
      0,
      0,
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
    this.#stamp(at);
    this.#ring.commit();
    this.statuses++;
  }

  /** Puts sequence, timestamp and received of the command into an event. */
  #stamp(at: number): void {
    const { words } = this.#ring;
    for (let i = 0; i < STAMP_WORDS; i++) words[at + EVENT_STAMPS + i] = this.#stamps[i];
  }

  /** Room for the next event, waited for; counts the event sequence up. FULL only when the process stops at once. */
  #claim(type: number, length: number): number {
    let at = this.#ring.claim(type, length);
    while (at === FULL) {
      if (!this.#makeRoom()) return FULL;
      at = this.#ring.claim(type, length);
    }
    this.#eventSequence++;
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
