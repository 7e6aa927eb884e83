/**
 * Order entry by FlatBuffer: a binary WebSocket message is
 *
 *     | type (uint32, a MessageType) | request id (uint32) | NewOrder, AmendOrder, CancelOrder or MassCancel |
 *
 * little-endian, the FlatBuffer as every FlatBuffers runtime writes it from schemas/orders.fbs; NewOrder and AmendOrder may have
 * their OrderConditions. What only the core knows (sequence, timestamp, received, source, and the order id of a new order) is
 * ignored. An amend leaves a price or quantity of 0, and a stop price without its bit, as it is. Times count from the start of the
 * session (`session_start_ns` of /health). The answer is the JSON message that the same request in JSON gets, `id` being the
 * request id.
 */
import { ConditionFlags, MessageType, OrderFlags, Side } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import * as AmendOrder from '../../messages/views/amend-order.js';
import * as CancelOrder from '../../messages/views/cancel-order.js';
import * as MassCancel from '../../messages/views/mass-cancel.js';
import * as NewOrder from '../../messages/views/new-order.js';
import { type ApiError, apiError } from './api-error.js';
import { ABSENT, structOffset } from './flatbuffer-struct.js';
import { ALL_INSTRUMENTS, type OrderDesk } from './order-desk.js';
import { MAXIMUM_ACCOUNT } from './order-request.js';
import { hasPrice } from './order-rules.js';
import { emptyRequest, type OrderConditions, type OrderRequest } from './order-terms.js';
import type { Responder } from './responder.js';
import {
  CONTINGENCIES,
  ORDER_TYPES,
  SELF_TRADE_PREVENTIONS,
  TIMES_IN_FORCE,
  type Words,
} from './vocabulary.js';

const HEADER_BYTES = 8;
/** Our own records: the constant bytes before the first struct. */
const PREFIX_BYTES = 16;
const TWO_32 = 4294967296;

/** Bytes of the struct of each command that can be sent. */
const STRUCT_BYTES: Readonly<Record<number, number>> = {
  [MessageType.NewOrder]: NewOrder.BYTES - PREFIX_BYTES,
  [MessageType.AmendOrder]: AmendOrder.BYTES - PREFIX_BYTES,
  [MessageType.CancelOrder]: CancelOrder.BYTES - PREFIX_BYTES,
  [MessageType.MassCancel]: MassCancel.BYTES - PREFIX_BYTES,
};

/** Bytes of the second struct of those that may have one. */
const EXTENSION_BYTES: Readonly<Record<number, number>> = {
  [MessageType.NewOrder]: NewOrder.EXTENDED_BYTES - NewOrder.BYTES,
  [MessageType.AmendOrder]: AmendOrder.EXTENDED_BYTES - AmendOrder.BYTES,
};

/** Name of the operation in answers. */
const OPERATIONS: Readonly<Record<number, string>> = {
  [MessageType.NewOrder]: 'order',
  [MessageType.AmendOrder]: 'amend',
  [MessageType.CancelOrder]: 'cancel',
  [MessageType.MassCancel]: 'mass_cancel',
};

/** Reads binary messages and hands them to the desk. */
export class BinaryEntry {
  readonly #desk: OrderDesk;
  readonly #instruments: InstrumentTable;
  /** The structs in hand, behind room for the prefix, as the hot views expect them. */
  readonly #words = new Int32Array(64);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  /** Is there a second one? */
  #extended = false;
  readonly #order: OrderRequest = emptyRequest();

  constructor(desk: OrderDesk, instruments: InstrumentTable) {
    this.#desk = desk;
    this.#instruments = instruments;
  }

  /** `responderFor` makes the way back from the operation's name and the id to echo. */
  take(
    message: ArrayBuffer,
    responderFor: (operation: string, id: string) => Responder,
  ): ApiError | undefined {
    const view = new DataView(message);
    const type = view.byteLength < HEADER_BYTES ? 0 : view.getUint32(0, true);
    const structBytes = STRUCT_BYTES[type];
    if (structBytes === undefined) {
      const allowed = Object.keys(STRUCT_BYTES).join(', ');
      return apiError('MALFORMED_RECORD', 'the message has no known type', 'type', String(type), allowed);
    }
    const at = structOffset(view, HEADER_BYTES, structBytes);
    const extensionBytes = EXTENSION_BYTES[type] ?? 0;
    const more = extensionBytes === 0 ? ABSENT : structOffset(view, HEADER_BYTES, extensionBytes, 1);
    if (at <= 0 || more < 0)
      return apiError('MALFORMED_RECORD', 'the record is no FlatBuffer of its type', 'type', String(type));
    this.#bytes.set(new Uint8Array(message, at, structBytes), PREFIX_BYTES);
    this.#extended = more !== ABSENT;
    if (this.#extended)
      this.#bytes.set(new Uint8Array(message, more, extensionBytes), PREFIX_BYTES + structBytes);
    this.#dispatch(type, responderFor(OPERATIONS[type], String(view.getUint32(4, true))));
    return undefined;
  }

  #dispatch(type: number, responder: Responder): void {
    const desk = this.#desk;
    const words = this.#words;
    if (type === MessageType.NewOrder) {
      const error = this.#newOrder();
      if (error === undefined) desk.enter(this.#order, responder);
      else desk.refuse(responder, error);
    } else if (type === MessageType.CancelOrder) {
      desk.cancel(String(CancelOrder.orderId(words, 0)), responder);
    } else if (type === MessageType.AmendOrder) {
      this.#amend(responder);
    } else this.#massCancel(responder);
  }

  /** Undefined when `#order` holds an order whose values are each sound. */
  #newOrder(): ApiError | undefined {
    const words = this.#words;
    const order = this.#order;
    order.account = NewOrder.account(words, 0);
    order.instrument = NewOrder.instrument(words, 0);
    order.side = NewOrder.side(words, 0);
    order.orderType = NewOrder.orderType(words, 0);
    order.timeInForce = NewOrder.timeInForce(words, 0);
    order.flags = NewOrder.flags(words, 0);
    order.price = NewOrder.price(words, 0);
    order.quantity = NewOrder.quantity(words, 0);
    const low = NewOrder.clientOrderIdLow(words, 0) >>> 0;
    const high = NewOrder.clientOrderIdHigh(words, 0) >>> 0;
    const client = high * TWO_32 + low;
    order.clientOrderId = client === 0 ? '' : String(client);
    order.selfTradePrevention = NewOrder.selfTradePrevention(words, 0);
    order.conditional = this.#extended;
    const { orderType, timeInForce, instrument } = order;
    const { PostOnly, PostOnlySlide } = OrderFlags;
    const priced = hasPrice(orderType);
    return (
      invalidAccount(order.account) ??
      oneOf('instrument', instrument, instrument < this.#instruments.count, 'the number of an instrument') ??
      oneOf('side', order.side, order.side === Side.Buy || order.side === Side.Sell, '1 (buy), 2 (sell)') ??
      wordOf('order_type', orderType, ORDER_TYPES) ??
      wordOf('time_in_force', timeInForce, TIMES_IN_FORCE) ??
      wordOf('self_trade_prevention', order.selfTradePrevention, SELF_TRADE_PREVENTIONS) ??
      oneOf(
        'flags',
        order.flags,
        (order.flags & ~(PostOnly | PostOnlySlide)) === 0,
        '0, 1 (post only), 3 (slide)',
      ) ??
      oneOf(
        'price',
        order.price,
        priced ? isAmount(order.price) : order.price === 0,
        'ticks above 0; 0 for market, stop and market-to-limit',
      ) ??
      oneOf('quantity', order.quantity, isAmount(order.quantity), 'lots above 0') ??
      oneOf('client_order_id', client, client <= Number.MAX_SAFE_INTEGER, '0 (none) to 2^53 - 1') ??
      (this.#extended ? readConditions(words, order.conditions) : undefined)
    );
  }

  #amend(responder: Responder): void {
    const words = this.#words;
    const price = AmendOrder.price(words, 0);
    const quantity = AmendOrder.quantity(words, 0);
    const hasStop = this.#extended && (AmendOrder.present(words, 0) & ConditionFlags.StopPrice) !== 0;
    const stopPrice = hasStop ? AmendOrder.stopPrice(words, 0) : -1;
    const error =
      oneOf('price', price, price === 0 || isAmount(price), 'ticks above 0; 0: as it is') ??
      oneOf('quantity', quantity, quantity === 0 || isAmount(quantity), 'lots above 0; 0: as it is') ??
      oneOf('stop_price', stopPrice, !hasStop || isAmount(stopPrice), 'ticks above 0') ??
      oneOf(
        'quantity',
        quantity,
        price !== 0 || quantity !== 0 || hasStop,
        'at least one of price, quantity, stop_price',
      );
    const wanted = {
      price: price === 0 ? -1 : price,
      quantity: quantity === 0 ? -1 : quantity,
      stopPrice,
    };
    if (error === undefined) this.#desk.change(String(AmendOrder.orderId(words, 0)), wanted, responder);
    else this.#desk.refuse(responder, error);
  }

  #massCancel(responder: Responder): void {
    const words = this.#words;
    const account = MassCancel.account(words, 0);
    const instrument = MassCancel.instrument(words, 0);
    const side = MassCancel.side(words, 0);
    const known = instrument === ALL_INSTRUMENTS || instrument < this.#instruments.count;
    const error =
      invalidAccount(account) ??
      oneOf('instrument', instrument, known, 'the number of an instrument; 4294967295: all') ??
      oneOf('side', side, side <= Side.Sell, '0 (both), 1 (buy), 2 (sell)');
    if (error === undefined) this.#desk.cancelAll({ account, instrument, side }, responder);
    else this.#desk.refuse(responder, error);
  }
}

/** Undefined when `valid`, else the error that says what is. */
function oneOf(key: string, value: number, valid: boolean, allowed: string): ApiError | undefined {
  return valid ? undefined : apiError('INVALID_VALUE', `${key} is not allowed`, key, String(value), allowed);
}

function invalidAccount(account: number): ApiError | undefined {
  return oneOf('account', account, account >= 1 && account <= MAXIMUM_ACCOUNT, `1 to ${MAXIMUM_ACCOUNT}`);
}

function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** Undefined when a word stands for `value`, else the error that lists the values with their words. */
function wordOf(key: string, value: number, words: Words): ApiError | undefined {
  const entries = Object.entries(words);
  const valid = entries.some(([, one]) => one === value);
  return oneOf(key, value, valid, entries.map(([word, one]) => `${one} (${word})`).join(', '));
}

/** Reads the OrderConditions of a NewOrder; undefined when each value is sound. */
function readConditions(words: Int32Array, into: OrderConditions): ApiError | undefined {
  const { StopPrice, TakeProfit, StopLoss, StopLossLimit } = ConditionFlags;
  const present = NewOrder.present(words, 0);
  const bit = (mask: number): boolean => (present & mask) !== 0;
  into.present = present;
  into.stopPrice = bit(StopPrice) ? NewOrder.stopPrice(words, 0) : 0;
  into.takeProfitPrice = bit(TakeProfit) ? NewOrder.takeProfitPrice(words, 0) : 0;
  into.stopLossPrice = bit(StopLoss) ? NewOrder.stopLossPrice(words, 0) : 0;
  into.stopLossLimitPrice = bit(StopLossLimit) ? NewOrder.stopLossLimitPrice(words, 0) : 0;
  into.displayedQuantity = NewOrder.displayedQuantity(words, 0);
  into.minimumQuantity = NewOrder.minimumQuantity(words, 0);
  into.expireTime = NewOrder.expireTime(words, 0);
  into.linkedOrderId = NewOrder.linkedOrderId(words, 0);
  into.contingency = NewOrder.contingency(words, 0);
  const all = StopPrice | TakeProfit | StopLoss | StopLossLimit;
  const ticks = (key: string, value: number, mask: number): ApiError | undefined =>
    oneOf(key, value, !bit(mask) || isAmount(value), 'ticks above 0');
  const optional = (key: string, value: number, allowed: string): ApiError | undefined =>
    oneOf(key, value, value === 0 || isAmount(value), allowed);
  return (
    oneOf('present', present, (present & ~all) === 0, `0 to ${all}: a sum of ConditionFlags`) ??
    ticks('stop_price', into.stopPrice, StopPrice) ??
    ticks('take_profit_price', into.takeProfitPrice, TakeProfit) ??
    ticks('stop_loss_price', into.stopLossPrice, StopLoss) ??
    ticks('stop_loss_limit_price', into.stopLossLimitPrice, StopLossLimit) ??
    optional('displayed_quantity', into.displayedQuantity, 'lots above 0; 0: none') ??
    optional('minimum_quantity', into.minimumQuantity, 'lots above 0; 0: none') ??
    optional('expire_time', into.expireTime, 'session time above 0; 0: none') ??
    optional('linked_order_id', into.linkedOrderId, 'the id of an order; 0: none') ??
    (into.contingency === 0 ? undefined : wordOf('contingency', into.contingency, CONTINGENCIES))
  );
}
