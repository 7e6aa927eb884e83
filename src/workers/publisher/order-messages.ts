import type { Session } from '../../lib/clock.js';
import {
  EXECUTION_TYPE_NAMES,
  ExecutionType,
  ORDER_STATUS_NAMES,
  ORDER_TYPE_NAMES,
  OrderStatus,
  OrderType,
  REASON_NAMES,
  SIDE_NAMES,
  Side,
  StatusFlags,
  TIME_IN_FORCE_NAMES,
  TRADING_PHASE_NAMES,
} from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import * as ExecutionReport from '../../messages/views/execution-report.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import * as PositionUpdate from '../../messages/views/position-update.js';
import * as Trade from '../../messages/views/trade.js';
import { type InstrumentText, instrumentTexts, writeSteps } from './instrument-text.js';
import { JsonWriter, type Piece, piece } from './json-writer.js';

const EVENT = EXECUTION_TYPE_NAMES.map((name) => piece(`{"event":"${name}","order_id":`));
const TRADE_EVENT = piece('{"event":"TRADE","order_id":');
const CLIENT_ORDER_ID = piece(',"client_order_id":');
const NO_CLIENT_ORDER_ID = piece(',"client_order_id":null');
const ACCOUNT = piece(',"account":');
const SYMBOL = piece(',"symbol":');
const NULL = piece('null');
const SIDE = named('side', SIDE_NAMES);
const STATUS = named('status', ORDER_STATUS_NAMES);
const PRICE = piece(',"price":');
const QUANTITY = piece(',"quantity":');
const LAST_PRICE = piece(',"last_price":');
const LAST_QUANTITY = piece(',"last_quantity":');
const NO_LAST = piece(',"last_price":null,"last_quantity":null');
const LEAVES = piece(',"leaves_quantity":');
const FILLED = piece(',"filled_quantity":');
const NO_FILLED = piece(',"filled_quantity":null');
const REASON = named('reason', REASON_NAMES);
const NO_LIQUIDITY = piece(',"liquidity":null,"trade_id":null');
const MAKER = piece(',"reason":null,"liquidity":"MAKER","trade_id":');
const TAKER = piece(',"reason":null,"liquidity":"TAKER","trade_id":');
const FEE = piece(',"fee":');
const ORDER_TYPE = named('order_type', ORDER_TYPE_NAMES, ',"fee":null');
const TIME_IN_FORCE = named('time_in_force', TIME_IN_FORCE_NAMES);
const STOP_PRICE = piece(',"stop_price":');
const DISPLAYED = piece(',"displayed_quantity":');
const EXPIRE = piece(',"expire_ns":');
const LINKED = piece(',"linked_order_id":');
const NO_CONDITIONS = piece(
  ',"stop_price":null,"displayed_quantity":null,"expire_ns":null,"linked_order_id":null',
);
const NO_TERMS = piece(
  ',"order_type":null,"time_in_force":null,"stop_price":null,"displayed_quantity":null,"expire_ns":null,"linked_order_id":null',
);
const CANCELED_ORDERS = piece(',"canceled_orders":');
const SEQUENCE = piece(',"sequence":');
const EVENT_SEQUENCE = piece(',"event_sequence":');
const TIMESTAMP = piece(',"timestamp_ns":');
const SEQ = piece(',"seq":');
const PHASE_HEAD = piece('{"event":"PHASE","symbol":');
const PHASE = named('phase', TRADING_PHASE_NAMES);
const PREVIOUS_PHASE = named('previous_phase', TRADING_PHASE_NAMES);
const INDICATIVE_PRICE = piece(',"indicative_price":');
const INDICATIVE_QUANTITY = piece(',"indicative_quantity":');
const SURPLUS = piece(',"surplus":');
const REFERENCE_PRICE = piece(',"reference_price":');
const POSITION_HEAD = piece('{"account":');
const AVERAGE_PRICE = piece(',"average_price":');
const REALIZED_PROFIT = piece(',"realized_profit":');
const OPEN_BUY = piece(',"open_buy_quantity":');
const OPEN_SELL = piece(',"open_sell_quantity":');
const END = piece('}');

/** `,"key":"NAME"` for each value of an enumeration, after `before`; null for 0, which means none. */
function named(key: string, names: readonly (string | undefined)[], before = ''): readonly Piece[] {
  return Array.from(names, (name, value) =>
    piece(`${before},"${key}":${value === 0 || name === undefined ? 'null' : `"${name}"`}`),
  );
}

/** Has the order a limit price? */
function isPriced(orderType: number): boolean {
  return orderType !== OrderType.Market && orderType !== OrderType.Stop;
}

const MESSAGE_BYTES = 2048;

/**
 * Writes the JSON of the orders and positions endpoints. Every order event has the same keys; what an event does
 * not know is null. A fill (`event` TRADE) is told once for the maker and once for the taker. A phase change (`event`
 * PHASE) has keys of its own.
 */
export class OrderMessages {
  readonly #session: Session;
  readonly #texts: readonly InstrumentText[];
  readonly #out = new JsonWriter(MESSAGE_BYTES);

  constructor(session: Session, instruments: InstrumentTable) {
    this.#session = session;
    this.#texts = instrumentTexts(instruments);
  }

  /** An ExecutionReport. One that is about no order (the end of a mass cancel, a refused phase change) has nulls for it. */
  report(words: Int32Array, at: number, seq: number): string {
    const out = this.#out;
    const known = this.#texts[ExecutionReport.instrument(words, at)];
    const type = ExecutionReport.executionType(words, at);
    const orderId = ExecutionReport.orderId(words, at);
    const text = orderId === 0 ? undefined : known;
    out.piece(EVENT[type] ?? EVENT[0]);
    if (orderId === 0) out.null();
    else out.integer(orderId);
    this.#clientOrderId(
      ExecutionReport.clientOrderIdLow(words, at),
      ExecutionReport.clientOrderIdHigh(words, at),
    );
    this.#accountAndSymbol(ExecutionReport.account(words, at), known);
    out.piece(SIDE[ExecutionReport.side(words, at)] ?? SIDE[0]);
    out.piece(STATUS[ExecutionReport.status(words, at)] ?? STATUS[0]);
    const priced = isPriced(ExecutionReport.orderType(words, at));
    this.#ticks(PRICE, ExecutionReport.price(words, at), priced, text);
    this.#lots(QUANTITY, ExecutionReport.quantity(words, at), text);
    out.piece(NO_LAST);
    this.#lots(LEAVES, ExecutionReport.leavesQuantity(words, at), text);
    this.#lots(FILLED, ExecutionReport.filledQuantity(words, at), text);
    out.piece(REASON[ExecutionReport.reason(words, at)] ?? REASON[0]);
    out.piece(NO_LIQUIDITY);
    out.piece(ORDER_TYPE[ExecutionReport.orderType(words, at)] ?? ORDER_TYPE[0]);
    out.piece(TIME_IN_FORCE[ExecutionReport.timeInForce(words, at)] ?? TIME_IN_FORCE[0]);
    if (ExecutionReport.isExtended(words, at)) this.#conditions(words, at, text);
    else out.piece(NO_CONDITIONS);
    if (type === ExecutionType.MassCanceled) {
      out.piece(CANCELED_ORDERS);
      out.integer(ExecutionReport.quantity(words, at));
    }
    return this.#finish(
      ExecutionReport.sequence(words, at),
      ExecutionReport.eventSequence(words, at),
      ExecutionReport.timestamp(words, at),
      seq,
    );
  }

  #conditions(words: Int32Array, at: number, text: InstrumentText | undefined): void {
    const out = this.#out;
    const orderType = ExecutionReport.orderType(words, at);
    const stops = orderType === OrderType.Stop || orderType === OrderType.StopLimit;
    this.#ticks(STOP_PRICE, ExecutionReport.stopPrice(words, at), stops, text);
    this.#lots(DISPLAYED, ExecutionReport.displayedQuantity(words, at), text);
    const expireTime = ExecutionReport.expireTime(words, at);
    out.piece(EXPIRE);
    if (expireTime === 0) out.null();
    else out.epoch(this.#session, expireTime);
    const linked = ExecutionReport.linkedOrderId(words, at);
    out.piece(LINKED);
    if (linked === 0) out.null();
    else out.integer(linked);
  }

  /** One side of a Trade. The order's own price, quantity and total filled are not in the record: null. */
  fill(words: Int32Array, at: number, maker: boolean, seq: number): string {
    const out = this.#out;
    const text = this.#texts[Trade.instrument(words, at)];
    const leaves = maker ? Trade.makerLeaves(words, at) : Trade.takerLeaves(words, at);
    const takerBuys = Trade.takerSide(words, at) === Side.Buy;
    out.piece(TRADE_EVENT);
    out.integer(maker ? Trade.makerOrderId(words, at) : Trade.takerOrderId(words, at));
    out.piece(NO_CLIENT_ORDER_ID);
    this.#accountAndSymbol(maker ? Trade.makerAccount(words, at) : Trade.takerAccount(words, at), text);
    out.piece(SIDE[takerBuys === maker ? Side.Sell : Side.Buy]);
    out.piece(STATUS[leaves === 0 ? OrderStatus.Filled : OrderStatus.PartiallyFilled]);
    out.piece(PRICE);
    out.null();
    out.piece(QUANTITY);
    out.null();
    this.#ticks(LAST_PRICE, Trade.price(words, at), true, text);
    this.#lots(LAST_QUANTITY, Trade.quantity(words, at), text);
    this.#lots(LEAVES, leaves, text);
    out.piece(NO_FILLED);
    out.piece(maker ? MAKER : TAKER);
    out.integer(Trade.tradeId(words, at));
    out.piece(FEE);
    if (text === undefined) out.null();
    else if (!Trade.isExtended(words, at)) out.integer(0);
    else out.decimal(maker ? Trade.makerFee(words, at) : Trade.takerFee(words, at), text.notional);
    out.piece(NO_TERMS);
    return this.#finish(
      Trade.sequence(words, at),
      Trade.eventSequence(words, at),
      Trade.timestamp(words, at),
      seq,
    );
  }

  /** An InstrumentStatus that changes the phase. */
  phase(words: Int32Array, at: number, seq: number): string {
    const out = this.#out;
    const text = this.#texts[InstrumentStatus.instrument(words, at)];
    const flags = InstrumentStatus.flags(words, at);
    const { Indicative, LastPrice, ReferencePrice } = StatusFlags;
    const hasIndicative = (flags & Indicative) !== 0;
    out.piece(PHASE_HEAD);
    out.piece(text?.symbol ?? NULL);
    out.piece(PHASE[InstrumentStatus.phase(words, at)] ?? PHASE[0]);
    out.piece(PREVIOUS_PHASE[InstrumentStatus.previousPhase(words, at)] ?? PREVIOUS_PHASE[0]);
    out.piece(REASON[InstrumentStatus.reason(words, at)] ?? REASON[0]);
    this.#ticks(INDICATIVE_PRICE, InstrumentStatus.indicativePrice(words, at), hasIndicative, text);
    this.#lots(INDICATIVE_QUANTITY, InstrumentStatus.indicativeQuantity(words, at), text);
    this.#lots(SURPLUS, InstrumentStatus.surplus(words, at), text);
    this.#ticks(LAST_PRICE, InstrumentStatus.lastPrice(words, at), (flags & LastPrice) !== 0, text);
    const hasReference = (flags & ReferencePrice) !== 0;
    this.#ticks(REFERENCE_PRICE, InstrumentStatus.referencePrice(words, at), hasReference, text);
    return this.#finish(
      InstrumentStatus.sequence(words, at),
      InstrumentStatus.eventSequence(words, at),
      InstrumentStatus.timestamp(words, at),
      seq,
    );
  }

  /** A PositionUpdate. `average_price` is 0 when flat; profit is in the quote currency. */
  position(words: Int32Array, at: number, seq: number): string {
    const out = this.#out;
    const text = this.#texts[PositionUpdate.instrument(words, at)];
    out.piece(POSITION_HEAD);
    out.integer(PositionUpdate.account(words, at));
    out.piece(SYMBOL);
    out.piece(text?.symbol ?? NULL);
    this.#lots(QUANTITY, PositionUpdate.quantity(words, at), text);
    out.piece(AVERAGE_PRICE);
    if (text !== undefined) writeSteps(out, PositionUpdate.averagePrice(words, at), text.tick);
    else out.null();
    out.piece(REALIZED_PROFIT);
    if (text !== undefined) writeSteps(out, PositionUpdate.realizedProfit(words, at), text.notional);
    else out.null();
    this.#ticks(LAST_PRICE, PositionUpdate.lastPrice(words, at), true, text);
    this.#lots(OPEN_BUY, PositionUpdate.openBuyQuantity(words, at), text);
    this.#lots(OPEN_SELL, PositionUpdate.openSellQuantity(words, at), text);
    out.piece(TIMESTAMP);
    out.epoch(this.#session, PositionUpdate.timestamp(words, at));
    out.piece(SEQ);
    out.integer(seq);
    out.piece(END);
    return out.take();
  }

  /**
   * Client order ids are text that the gateway keeps; the core carries a 64-bit key. An id that is a plain
   * number is its own key (see the gateway's client-order-id.ts); of any other the text is not known here.
   */
  #clientOrderId(low: number, high: number): void {
    const known = high >= 0 && high < 0x200000 && (low | high) !== 0;
    if (!known) {
      this.#out.piece(NO_CLIENT_ORDER_ID);
      return;
    }
    this.#out.piece(CLIENT_ORDER_ID);
    this.#out.text(`"${high * 4294967296 + (low >>> 0)}"`);
  }

  #accountAndSymbol(account: number, text: InstrumentText | undefined): void {
    this.#out.piece(ACCOUNT);
    this.#out.integer(account);
    this.#out.piece(SYMBOL);
    this.#out.piece(text?.symbol ?? NULL);
  }

  /** A price; null where it does not exist, or its instrument, and so its tick, is unknown. */
  #ticks(key: Piece, ticks: number, exists: boolean, text: InstrumentText | undefined): void {
    this.#out.piece(key);
    if (text !== undefined && exists) this.#out.decimal(ticks, text.tick);
    else this.#out.null();
  }

  /** A quantity; null where its instrument, and so its lot, is unknown. */
  #lots(key: Piece, lots: number, text: InstrumentText | undefined): void {
    this.#out.piece(key);
    if (text !== undefined) this.#out.decimal(lots, text.lot);
    else this.#out.null();
  }

  #finish(sequence: number, eventSequence: number, timestamp: number, seq: number): string {
    const out = this.#out;
    out.piece(SEQUENCE);
    out.integer(sequence);
    out.piece(EVENT_SEQUENCE);
    out.integer(eventSequence);
    out.piece(TIMESTAMP);
    out.epoch(this.#session, timestamp);
    out.piece(SEQ);
    out.integer(seq);
    out.piece(END);
    return out.take();
  }
}
