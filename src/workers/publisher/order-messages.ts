import type { Session } from '../../lib/clock.js';
import {
  EXECUTION_TYPE_NAMES,
  ExecutionType,
  ORDER_STATUS_NAMES,
  OrderStatus,
  OrderType,
  REASON_NAMES,
  SIDE_NAMES,
  Side,
} from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import * as ExecutionReport from '../../messages/views/execution-report.js';
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
const CANCELED_ORDERS = piece(',"canceled_orders":');
const SEQUENCE = piece(',"sequence":');
const EVENT_SEQUENCE = piece(',"event_sequence":');
const TIMESTAMP = piece(',"timestamp_ns":');
const SEQ = piece(',"seq":');
const POSITION_HEAD = piece('{"account":');
const AVERAGE_PRICE = piece(',"average_price":');
const REALIZED_PROFIT = piece(',"realized_profit":');
const OPEN_BUY = piece(',"open_buy_quantity":');
const OPEN_SELL = piece(',"open_sell_quantity":');
const END = piece('}');

/** `,"key":"NAME"` for each value of an enumeration; null for 0, which means none. */
function named(key: string, names: readonly (string | undefined)[]): readonly Piece[] {
  return Array.from(names, (name, value) =>
    piece(value === 0 || name === undefined ? `,"${key}":null` : `,"${key}":"${name}"`),
  );
}

const MESSAGE_BYTES = 2048;

/**
 * Writes the JSON of the orders and positions endpoints. Every order event has the same keys; what an event does
 * not know is null. A fill (`event` TRADE) is told once for the maker and once for the taker.
 */
export class OrderMessages {
  readonly #session: Session;
  readonly #texts: readonly InstrumentText[];
  readonly #out = new JsonWriter(MESSAGE_BYTES);

  constructor(session: Session, instruments: InstrumentTable) {
    this.#session = session;
    this.#texts = instrumentTexts(instruments);
  }

  /** An ExecutionReport. */
  report(words: Int32Array, at: number, seq: number): string {
    const out = this.#out;
    const text = this.#texts[ExecutionReport.instrument(words, at)];
    const type = ExecutionReport.executionType(words, at);
    const massCanceled = type === ExecutionType.MassCanceled;
    // The closing report of a mass cancel is about no order: it says how many it ended.
    const priced = ExecutionReport.orderType(words, at) !== OrderType.Market && !massCanceled;
    out.piece(EVENT[type] ?? EVENT[0]);
    if (massCanceled) out.null();
    else out.integer(ExecutionReport.orderId(words, at));
    this.#clientOrderId(
      ExecutionReport.clientOrderIdLow(words, at),
      ExecutionReport.clientOrderIdHigh(words, at),
    );
    this.#accountAndSymbol(ExecutionReport.account(words, at), text);
    out.piece(SIDE[ExecutionReport.side(words, at)] ?? SIDE[0]);
    out.piece(STATUS[ExecutionReport.status(words, at)] ?? STATUS[0]);
    out.piece(PRICE);
    if (text !== undefined && priced) out.decimal(ExecutionReport.price(words, at), text.tick);
    else out.null();
    this.#lots(QUANTITY, ExecutionReport.quantity(words, at), massCanceled ? undefined : text);
    out.piece(NO_LAST);
    this.#lots(LEAVES, ExecutionReport.leavesQuantity(words, at), massCanceled ? undefined : text);
    this.#lots(FILLED, ExecutionReport.filledQuantity(words, at), massCanceled ? undefined : text);
    out.piece(REASON[ExecutionReport.reason(words, at)] ?? REASON[0]);
    out.piece(NO_LIQUIDITY);
    if (massCanceled) {
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
    out.piece(LAST_PRICE);
    if (text !== undefined) out.decimal(Trade.price(words, at), text.tick);
    else out.null();
    this.#lots(LAST_QUANTITY, Trade.quantity(words, at), text);
    this.#lots(LEAVES, leaves, text);
    out.piece(NO_FILLED);
    out.piece(maker ? MAKER : TAKER);
    out.integer(Trade.tradeId(words, at));
    return this.#finish(
      Trade.sequence(words, at),
      Trade.eventSequence(words, at),
      Trade.timestamp(words, at),
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
    out.piece(LAST_PRICE);
    if (text !== undefined) out.decimal(PositionUpdate.lastPrice(words, at), text.tick);
    else out.null();
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
