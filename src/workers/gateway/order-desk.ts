import type { Session } from '../../lib/clock.js';
import { OrderFlags, OrderStatus, OrderType } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import { GATEWAY_SOURCE, orderIdOf } from '../../lib/order-ids.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';
import { type ApiError, apiError, ERROR_STATUS, errorBody } from './api-error.js';
import type { CommandPort } from './command-port.js';
import type { FlatObject } from './flat-object.js';
import { NONE } from './id-index.js';
import type { RequestParser } from './order-request.js';
import { amendContradiction, orderContradiction } from './order-rules.js';
import type { OrderStore } from './order-store.js';
import {
  type AmendRequest,
  emptyRequest,
  idsOf,
  type MassCancelRequest,
  type OrderRequest,
} from './order-terms.js';
import type { PendingTable } from './pending.js';
import { CommandKind, type Responder } from './responder.js';
import { type OrderColumns, OrderState } from './store-layout.js';

const C = counterIds('gateway');
/** Instrument of a mass cancel over all instruments. */
export const ALL_INSTRUMENTS = 0xffff_ffff;

export interface OrderDeskParts {
  readonly store: OrderStore;
  readonly port: CommandPort;
  readonly pending: PendingTable;
  readonly parser: RequestParser;
  readonly instruments: InstrumentTable;
  readonly session: Session;
  readonly counters: CounterWriter;
  readonly now: () => number;
}

/**
 * Takes orders in, from HTTP and WebSocket alike: checks the request, sends the command to risk, and notes who waits for
 * the answer. Whatever cannot be sent is answered here, at once, with what is wrong.
 */
export class OrderDesk {
  /** False during shutdown: new commands are refused, those in flight still get their answers. */
  accepting = true;
  readonly #parts: OrderDeskParts;
  readonly #order: OrderRequest = emptyRequest();
  readonly #amend: AmendRequest = { price: 0, quantity: 0, stopPrice: 0 };
  readonly #mass: MassCancelRequest = { account: 0, instrument: 0, side: 0 };

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
  }

  /** `envelope`: the body is a WebSocket message, whose own keys (op, id) do not count. */
  newOrder(body: FlatObject, responder: Responder, envelope = false): void {
    const error = this.#parts.parser.newOrder(body, this.#order, envelope);
    if (error === undefined) this.enter(this.#order, responder);
    else this.refuse(responder, error);
  }

  /** A new order whose values have each been checked for form. */
  enter(order: OrderRequest, responder: Responder): void {
    const { store, port, instruments, session } = this.#parts;
    const received = this.#parts.now();
    const ids = idsOf(order);
    const error =
      orderContradiction(order, instruments.all[order.instrument], session, received) ??
      this.#refusal() ??
      (store.hasRoom(ids - 1) ? undefined : STORE_FULL);
    if (error !== undefined) {
      this.refuse(responder, error);
      return;
    }
    const number = store.nextCommand;
    if (!port.newOrder(number, order, received)) {
      this.#shed(responder);
      return;
    }
    const orderId = orderIdOf(GATEWAY_SOURCE, number);
    const place = store.add(orderId, order, received, responder.owner);
    if (responder.cancelOnDisconnect) store.orders.state[place] |= OrderState.CancelOnDisconnect;
    store.takeCommand(ids);
    this.#sent(CommandKind.New, number, responder, place, orderId, received);
  }

  /** `orderId` as the client wrote it. */
  cancel(orderId: string, responder: Responder): void {
    const { store, port } = this.#parts;
    const place = this.#openOrder(orderId, responder);
    if (place === NONE) return;
    const { account, instrument, orderId: ids } = store.orders;
    const number = store.nextCommand;
    const received = this.#parts.now();
    if (!port.cancel(number, ids[place], account[place], instrument[place], received)) {
      this.#shed(responder);
      return;
    }
    store.takeCommand();
    this.#sent(CommandKind.Cancel, number, responder, place, ids[place], received);
  }

  amend(orderId: string, body: FlatObject, responder: Responder, envelope = false): void {
    const { store, parser, instruments } = this.#parts;
    const place = this.#openOrder(orderId, responder);
    if (place === NONE) return;
    const instrument = instruments.all[store.orders.instrument[place]];
    const error = parser.amend(body, instrument, this.#amend, envelope);
    if (error === undefined) this.#change(place, this.#amend, responder);
    else this.refuse(responder, error);
  }

  /** An amend whose values have been checked for form. */
  change(orderId: string, wanted: AmendRequest, responder: Responder): void {
    const place = this.#openOrder(orderId, responder);
    if (place !== NONE) this.#change(place, wanted, responder);
  }

  #change(place: number, wanted: AmendRequest, responder: Responder): void {
    const { store, port, pending, instruments } = this.#parts;
    const { account, instrument, price, quantity, orderId: ids } = store.orders;
    const error = amendContradiction(store.orders, place, wanted, instruments.all[instrument[place]]);
    if (error !== undefined) {
      this.refuse(responder, error);
      return;
    }
    // What the client leaves as it is must be known: it would put back what the amend on its way changes, or what matching
    // made of the price of an order that is on its way itself.
    const partial = wanted.price < 0 || wanted.quantity < 0;
    if (partial && (pending.isAmending(ids[place]) || isPriceOpen(store.orders, place))) {
      this.refuse(responder, AMEND_PENDING);
      return;
    }
    const newPrice = wanted.price < 0 ? price[place] : wanted.price;
    const newQuantity = wanted.quantity < 0 ? quantity[place] : wanted.quantity;
    const number = store.nextCommand;
    const received = this.#parts.now();
    const sent = port.amend(
      number,
      ids[place],
      newPrice,
      newQuantity,
      wanted.stopPrice,
      account[place],
      instrument[place],
      received,
    );
    if (!sent) {
      this.#shed(responder);
      return;
    }
    store.takeCommand();
    this.#sent(CommandKind.Amend, number, responder, place, ids[place], received);
  }

  massCancel(filters: FlatObject, responder: Responder, envelope = false): void {
    const error = this.#parts.parser.massCancel(filters, this.#mass, ALL_INSTRUMENTS, envelope);
    if (error === undefined) this.cancelAll(this.#mass, responder);
    else this.refuse(responder, error);
  }

  /** A mass cancel that has been checked for form. */
  cancelAll(wanted: MassCancelRequest, responder: Responder): void {
    const { store, port } = this.#parts;
    const error = this.#refusal();
    if (error !== undefined) {
      this.refuse(responder, error);
      return;
    }
    const number = store.nextCommand;
    const received = this.#parts.now();
    if (!port.massCancel(number, wanted.account, wanted.instrument, wanted.side, received)) {
      this.#shed(responder);
      return;
    }
    store.takeCommand();
    this.#sent(CommandKind.MassCancel, number, responder, NONE, 0, received);
  }

  /** Place of an order that can be changed; {@link NONE} when the client has been told why not. */
  #openOrder(orderId: string, responder: Responder): number {
    const { store } = this.#parts;
    const place = this.find(orderId);
    const error =
      place === NONE
        ? apiError('NOT_FOUND', 'the gateway has no such order', 'order_id', orderId, 'an id from a reply')
        : store.isOpen(place)
          ? this.#refusal()
          : apiError('ORDER_CLOSED', 'the order is closed', 'order_id', orderId, 'an open order');
    if (error === undefined) return place;
    this.refuse(responder, error);
    return NONE;
  }

  /** Place of the order with this id, as a client wrote it; {@link NONE} when there is none. */
  find(orderId: string): number {
    return /^[1-9]\d{0,15}$/.test(orderId) ? this.#parts.store.find(Number(orderId)) : NONE;
  }

  /** Why no command can be sent now. */
  #refusal(): ApiError | undefined {
    if (!this.accepting) return NOT_ACCEPTING;
    const { store, pending } = this.#parts;
    return pending.hasRoom(store.nextCommand) ? undefined : BUSY;
  }

  #sent(
    kind: CommandKind,
    number: number,
    responder: Responder,
    place: number,
    orderId: number,
    received: number,
  ): void {
    const { pending, counters } = this.#parts;
    pending.add(number, { kind, responder, place, orderId, received });
    counters.add(C.orders_total, 1);
  }

  #shed(responder: Responder): void {
    this.#parts.counters.add(C.ring_full_total, 1);
    this.refuse(responder, BUSY);
  }

  /** Tells the client what is wrong. */
  refuse(responder: Responder, error: ApiError): void {
    if (error === BUSY) this.#parts.counters.add(C.shed_total, 1);
    responder.answer(ERROR_STATUS[error.code], errorBody(error));
  }
}

const BUSY = apiError('BUSY', 'risk takes commands in more slowly than they come; try again');
const AMEND_PENDING = apiError(
  'AMEND_PENDING',
  'the order, or another amend of it, is not answered yet: wait for that, or give price and quantity both',
);
const NOT_ACCEPTING = apiError('NOT_ACCEPTING', 'the system is shutting down');
const STORE_FULL = apiError('STORE_FULL', 'too many open orders are held; cancel some');

/** Will matching choose the price of the order at `place`, which is not answered yet? */
function isPriceOpen(orders: OrderColumns, place: number): boolean {
  if (orders.status[place] !== OrderStatus.None) return false;
  const slides = (orders.flags[place] & OrderFlags.PostOnlySlide) !== 0;
  return slides || orders.orderType[place] === OrderType.MarketToLimit;
}
