/**
 * Order entry by FlatBuffer: a binary WebSocket message is
 *
 *     | type (uint32, a MessageType) | request id (uint32) | NewOrder, AmendOrder, CancelOrder or MassCancel |
 *
 * little-endian, the FlatBuffer as every FlatBuffers runtime writes it from schemas/orders.fbs. What only the core knows
 * (sequence, timestamp, received, source, and the order id of a new order) is ignored. An amend leaves a price or
 * quantity of 0 as it is. The answer is the JSON message that the same request in JSON gets, `id` being the request id.
 */
import { MessageType, OrderFlags, OrderType, Side, TimeInForce } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import * as AmendOrder from '../../messages/views/amend-order.js';
import * as CancelOrder from '../../messages/views/cancel-order.js';
import * as MassCancel from '../../messages/views/mass-cancel.js';
import * as NewOrder from '../../messages/views/new-order.js';
import { type ApiError, apiError } from './api-error.js';
import { ALL_INSTRUMENTS, type OrderDesk } from './order-desk.js';
import { MAXIMUM_ACCOUNT } from './order-request.js';
import type { OrderRequest } from './order-store.js';
import type { Responder } from './responder.js';

const HEADER_BYTES = 8;
/** Our own records: the constant bytes before the one struct. */
const PREFIX_BYTES = 16;
const TWO_32 = 4294967296;

/** Bytes of the struct of each command that can be sent. */
const STRUCT_BYTES: Readonly<Record<number, number>> = {
  [MessageType.NewOrder]: NewOrder.BYTES - PREFIX_BYTES,
  [MessageType.AmendOrder]: AmendOrder.BYTES - PREFIX_BYTES,
  [MessageType.CancelOrder]: CancelOrder.BYTES - PREFIX_BYTES,
  [MessageType.MassCancel]: MassCancel.BYTES - PREFIX_BYTES,
};

/** Name of the operation in answers. */
const OPERATIONS: Readonly<Record<number, string>> = {
  [MessageType.NewOrder]: 'order',
  [MessageType.AmendOrder]: 'amend',
  [MessageType.CancelOrder]: 'cancel',
  [MessageType.MassCancel]: 'mass_cancel',
};

/**
 * Where the one struct of a table lies in a FlatBuffer that starts at `start`, or -1 unless every offset on the way stays
 * inside the bytes and is aligned. https://flatbuffers.dev/internals/
 */
export function structOffset(view: DataView, start: number, structBytes: number): number {
  const end = view.byteLength;
  if (start + 8 > end) return -1;
  const table = start + view.getUint32(start, true);
  if (table % 4 !== 0 || table + 4 > end) return -1;
  const vtable = table - view.getInt32(table, true);
  if (vtable % 2 !== 0 || vtable < start || vtable + 6 > end) return -1;
  const vtableBytes = view.getUint16(vtable, true);
  const tableBytes = view.getUint16(vtable + 2, true);
  if (vtableBytes < 6 || vtableBytes % 2 !== 0 || vtable + vtableBytes > end || table + tableBytes > end)
    return -1;
  const field = view.getUint16(vtable + 4, true);
  const struct = table + field;
  const fits = field >= 4 && field + structBytes <= tableBytes;
  return fits && (struct - start) % 8 === 0 ? struct : -1;
}

/** Reads binary messages and hands them to the desk. */
export class BinaryEntry {
  readonly #desk: OrderDesk;
  readonly #instruments: InstrumentTable;
  /** The struct in hand, behind room for the prefix, as the hot views expect it. */
  readonly #words = new Int32Array(64);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #order: OrderRequest = {
    clientOrderId: '',
    account: 0,
    instrument: 0,
    price: 0,
    quantity: 0,
    side: 0,
    orderType: 0,
    timeInForce: 0,
    flags: 0,
  };

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
    if (at < 0)
      return apiError('MALFORMED_RECORD', 'the record is no FlatBuffer of its type', 'type', String(type));
    this.#bytes.set(new Uint8Array(message, at, structBytes), PREFIX_BYTES);
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
    const market = order.orderType === OrderType.Market;
    return (
      invalidAccount(order.account) ??
      oneOf(
        'instrument',
        order.instrument,
        order.instrument < this.#instruments.count,
        'the number of an instrument',
      ) ??
      oneOf('side', order.side, order.side === Side.Buy || order.side === Side.Sell, '1 (buy), 2 (sell)') ??
      oneOf(
        'order_type',
        order.orderType,
        market || order.orderType === OrderType.Limit,
        '1 (limit), 2 (market)',
      ) ??
      oneOf(
        'time_in_force',
        order.timeInForce,
        isTimeInForce(order.timeInForce),
        '1 (GTC), 2 (IOC), 3 (FOK)',
      ) ??
      oneOf('flags', order.flags, (order.flags & ~OrderFlags.PostOnly) === 0, '0, 1 (post only)') ??
      oneOf(
        'price',
        order.price,
        market ? order.price === 0 : isAmount(order.price),
        'ticks above 0; 0 for market',
      ) ??
      oneOf('quantity', order.quantity, isAmount(order.quantity), 'lots above 0') ??
      oneOf('client_order_id', client, client <= Number.MAX_SAFE_INTEGER, '0 (none) to 2^53 - 1')
    );
  }

  #amend(responder: Responder): void {
    const words = this.#words;
    const price = AmendOrder.price(words, 0);
    const quantity = AmendOrder.quantity(words, 0);
    const error =
      oneOf('price', price, price === 0 || isAmount(price), 'ticks above 0; 0: as it is') ??
      oneOf('quantity', quantity, quantity === 0 || isAmount(quantity), 'lots above 0; 0: as it is') ??
      oneOf('quantity', quantity, price !== 0 || quantity !== 0, 'price, quantity or both');
    const wanted = { price: price === 0 ? -1 : price, quantity: quantity === 0 ? -1 : quantity };
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

function isTimeInForce(value: number): boolean {
  return value >= TimeInForce.GoodTillCancel && value <= TimeInForce.FillOrKill;
}
