import { ConditionFlags } from '../../lib/enums.js';
import { GATEWAY_SOURCE, orderIdOf } from '../../lib/order-ids.js';
import * as AmendOrder from '../../messages/views/amend-order.js';
import * as CancelOrder from '../../messages/views/cancel-order.js';
import * as MassCancel from '../../messages/views/mass-cancel.js';
import * as NewOrder from '../../messages/views/new-order.js';
import { FULL, type RingProducer } from '../../ring/producer.js';
import { type ClientOrderKey, clientOrderKey } from './client-order-id.js';
import type { OrderConditions, OrderRequest } from './order-terms.js';

const TWO_32 = 4294967296;
/** High-word bit of the keys of requests that are not new orders; no key of a client has it without the top bit. */
const REQUEST_BIT = 0x40000000;

/** Number of cancels that nobody waits for: no command ever gets it. */
export const UNATTENDED = 2 ** 52;

/** High word of the key of request `number`; the low word is its low 32 bits. */
export function requestKeyHigh(number: number): number {
  return REQUEST_BIT | Math.floor(number / TWO_32);
}

/** Number of the request that has this key, or 0: the key of a client's order. Only for answers to the gateway itself. */
export function requestNumber(low: number, high: number): number {
  return (high & 0xc0000000) === REQUEST_BIT ? (high & 0x3fffffff) * TWO_32 + (low >>> 0) : 0;
}

/**
 * Writes commands to the gateway's ring. Every command has a number; that of a new order is in its order id, that of any other in
 * its client_order_id, which the answer echoes. A record is published at once: with risk awake that is one
 * store, and it works on the first order of a burst while the gateway parses the second. (Measured on 2 cores against
 * publishing at the end of the event loop's turn: 14 % more orders over 1 connection, 10 % fewer over 32.)
 */
export class CommandPort {
  readonly #producer: RingProducer;
  readonly #wake: () => void;
  readonly #key: ClientOrderKey = { low: 0, high: 0 };

  constructor(producer: RingProducer, wakeDownstream: () => void) {
    this.#producer = producer;
    this.#wake = wakeDownstream;
  }

  /** False when the ring is full. */
  newOrder(number: number, request: OrderRequest, received: number): boolean {
    const producer = this.#producer;
    const bytes = request.conditional ? NewOrder.EXTENDED_BYTES : NewOrder.BYTES;
    const at = producer.claim(NewOrder.TYPE, bytes);
    if (at === FULL) return false;
    clientOrderKey(request.clientOrderId, this.#key);
    NewOrder.encode(
      producer.words,
      at,
      0,
      0,
      received,
      orderIdOf(GATEWAY_SOURCE, number),
      this.#key.low,
      this.#key.high,
      request.price,
      request.quantity,
      request.account,
      request.instrument,
      request.side,
      request.orderType,
      request.timeInForce,
      request.flags,
      GATEWAY_SOURCE,
      request.selfTradePrevention,
    );
    if (request.conditional) encodeConditions(producer.words, at, request.conditions);
    this.#send();
    return true;
  }

  /** False when the ring is full. */
  cancel(number: number, orderId: number, account: number, instrument: number, received: number): boolean {
    const producer = this.#producer;
    const at = producer.claim(CancelOrder.TYPE, CancelOrder.BYTES);
    if (at === FULL) return false;
    const high = requestKeyHigh(number);
    CancelOrder.encode(
      producer.words,
      at,
      0,
      0,
      received,
      orderId,
      number | 0,
      high,
      account,
      instrument,
      GATEWAY_SOURCE,
    );
    this.#send();
    return true;
  }

  /**
   * False when the ring is full. `price` in ticks, `quantity` in lots, fills included. `stopPrice`: the new trigger in ticks, -1
   * for the one that it has.
   */
  amend(
    number: number,
    orderId: number,
    price: number,
    quantity: number,
    stopPrice: number,
    account: number,
    instrument: number,
    received: number,
  ): boolean {
    const producer = this.#producer;
    const extended = stopPrice >= 0;
    const at = producer.claim(AmendOrder.TYPE, extended ? AmendOrder.EXTENDED_BYTES : AmendOrder.BYTES);
    if (at === FULL) return false;
    const high = requestKeyHigh(number);
    AmendOrder.encode(
      producer.words,
      at,
      0,
      0,
      received,
      orderId,
      number | 0,
      high,
      price,
      quantity,
      account,
      instrument,
      GATEWAY_SOURCE,
    );
    if (extended) {
      const { StopPrice } = ConditionFlags;
      AmendOrder.encodeExtension(producer.words, at, stopPrice, 0, 0, 0, 0, 0, 0, 0, 0, StopPrice);
    }
    this.#send();
    return true;
  }

  /** False when the ring is full. */
  massCancel(number: number, account: number, instrument: number, side: number, received: number): boolean {
    const producer = this.#producer;
    const at = producer.claim(MassCancel.TYPE, MassCancel.BYTES);
    if (at === FULL) return false;
    const high = requestKeyHigh(number);
    MassCancel.encode(
      producer.words,
      at,
      0,
      0,
      received,
      number | 0,
      high,
      account,
      instrument,
      side,
      GATEWAY_SOURCE,
    );
    this.#send();
    return true;
  }

  occupiedBytes(): number {
    return this.#producer.occupiedBytes();
  }

  #send(): void {
    this.#producer.commitAndPublish();
    this.#wake();
  }
}

function encodeConditions(words: Int32Array, at: number, conditions: OrderConditions): void {
  NewOrder.encodeExtension(
    words,
    at,
    conditions.stopPrice,
    conditions.displayedQuantity,
    conditions.minimumQuantity,
    conditions.expireTime,
    conditions.linkedOrderId,
    conditions.takeProfitPrice,
    conditions.stopLossPrice,
    conditions.stopLossLimitPrice,
    conditions.contingency,
    conditions.present,
  );
}
