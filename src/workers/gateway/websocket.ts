import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';
import { type ApiError, apiError } from './api-error.js';
import { BinaryEntry } from './binary-entry.js';
import type { Broadcast } from './broadcast.js';
import type { Disconnects } from './disconnects.js';
import { truthValue } from './field-values.js';
import { FlatObject, JsonKind } from './flat-object.js';
import type { Guard } from './guard.js';
import type { MarketIntake } from './market-intake.js';
import type { OrderDesk } from './order-desk.js';
import type { RequestParser } from './order-request.js';
import { isApiError, parseQuery } from './query.js';
import { invalid, malformed, missing, unknownKey, wrongType } from './request-errors.js';
import type { Responder } from './responder.js';
import { Session, type SessionData } from './session.js';
import { isRefusal, parseSubscription, type Subscriptions, unknownOperation } from './subscriptions.js';

const C = counterIds('gateway');
const MAXIMUM_ID_LENGTH = 64;
const OPERATIONS = [
  'order',
  'cancel',
  'amend',
  'mass_cancel',
  'subscribe',
  'unsubscribe',
  'session',
  'ping',
] as const;
type Operation = (typeof OPERATIONS)[number];

/** Close code of RFC 6455: the server goes away. */
const GOING_AWAY = 1001;

export interface WebSocketParts {
  readonly desk: OrderDesk;
  readonly parser: RequestParser;
  readonly subscriptions: Subscriptions;
  readonly broadcast: Broadcast;
  readonly disconnects: Disconnects;
  readonly market: MarketIntake;
  readonly instruments: InstrumentTable;
  readonly counters: CounterWriter;
  readonly guard: Guard;
  readonly maximumMessageBytes: number;
  readonly maximumBackpressureBytes: number;
  readonly idleTimeoutSeconds: number;
  /** For sessions that do not choose. */
  readonly cancelOnDisconnect: boolean;
}

/** The answer to one message: its `type` is the operation, or `error`; its `id` is the client's. */
class MessageResponder implements Responder {
  readonly #session: Session;
  readonly #head: string;
  readonly #operation: string;

  constructor(session: Session, operation: string, id: string) {
    this.#session = session;
    this.#operation = operation;
    this.#head = id === '' ? '' : `,"id":${id}`;
  }

  get open(): boolean {
    return this.#session.open;
  }

  get owner(): number {
    return this.#session.owner;
  }

  get cancelOnDisconnect(): boolean {
    return this.#session.cancelOnDisconnect;
  }

  answer(_status: number, body: string): void {
    const members = body.slice(1, -1);
    const type = members.startsWith('"error":') ? 'error' : this.#operation;
    this.#session.send(`"type":"${type}"${this.#head}${members === '' ? '' : ','}${members}`);
  }

  fail(error: ApiError): void {
    this.answer(0, JSON.stringify({ error }));
  }
}

/** The `/ws` endpoint: order entry, subscriptions. One JSON object a message, both ways; orders also as FlatBuffers. */
export class WebSocketEndpoint {
  readonly #parts: WebSocketParts;
  readonly #message = new FlatObject();
  readonly #binary: BinaryEntry;

  constructor(parts: WebSocketParts) {
    this.#parts = parts;
    this.#binary = new BinaryEntry(parts.desk, parts.instruments);
  }

  get behavior(): WebSocketBehavior<SessionData> {
    const { guard } = this.#parts;
    return {
      maxPayloadLength: this.#parts.maximumMessageBytes,
      maxBackpressure: this.#parts.maximumBackpressureBytes,
      closeOnBackpressureLimit: true,
      idleTimeout: this.#parts.idleTimeoutSeconds,
      sendPingsAutomatically: true,
      open: (socket) => guard.run(() => this.#onOpen(socket), NOTHING),
      message: (socket, message, isBinary) => {
        const { session } = socket.getUserData();
        if (session === undefined) return;
        const part = () => this.#onMessage(session, message, isBinary);
        guard.run(part, () => new MessageResponder(session, 'error', '').fail(INTERNAL));
      },
      close: (socket) => guard.run(() => this.#onClose(socket), NOTHING),
    };
  }

  /** What a connection with this query starts with: `cancel_on_disconnect=true` or `false`, or nothing. */
  admit(query: string): SessionData | ApiError {
    const key = 'cancel_on_disconnect';
    const parameters = parseQuery(query, [key]);
    if (isApiError(parameters)) return parameters;
    const chosen = parameters.get(key);
    if (chosen === undefined)
      return { session: undefined, cancelOnDisconnect: this.#parts.cancelOnDisconnect };
    if (chosen === 'true' || chosen === 'false')
      return { session: undefined, cancelOnDisconnect: chosen === 'true' };
    return apiError('INVALID_VALUE', `${key} is not allowed`, key, chosen, 'true or false');
  }

  /** Tells every client that the server goes away. */
  closeAll(): void {
    for (const session of [...this.#parts.subscriptions.sessions]) session.end(GOING_AWAY, 'shutting down');
  }

  #onOpen(socket: WebSocket<SessionData>): void {
    const { subscriptions, counters, disconnects } = this.#parts;
    const data = socket.getUserData();
    const session = new Session(socket, counters, disconnects.open(), data.cancelOnDisconnect);
    data.session = session;
    subscriptions.sessions.add(session);
    counters.set(C.websocket_clients, subscriptions.sessions.size);
  }

  #onClose(socket: WebSocket<SessionData>): void {
    const { subscriptions, counters, disconnects } = this.#parts;
    const data = socket.getUserData();
    const { session } = data;
    if (session === undefined) return;
    data.session = undefined;
    session.forget();
    subscriptions.drop(session);
    counters.set(C.websocket_clients, subscriptions.sessions.size);
    disconnects.close(session.owner);
  }

  #onMessage(session: Session, bytes: ArrayBuffer, isBinary: boolean): void {
    this.#parts.counters.add(C.websocket_messages_total, 1);
    const message = this.#message;
    if (isBinary) {
      this.#onRecord(session, bytes);
      return;
    }
    if (!message.parse(Buffer.from(bytes).toString('utf8'))) {
      new MessageResponder(session, 'error', '').fail(malformed(message));
      return;
    }
    const id = idOf(message);
    if (typeof id !== 'string') {
      new MessageResponder(session, 'error', '').fail(id);
      return;
    }
    const at = message.indexOf('op');
    const operation = OPERATIONS.find((one) => one === message.values[at]);
    if (operation === undefined) {
      const error = unknownOperation(message, at, OPERATIONS);
      new MessageResponder(session, 'error', id).fail(error);
      return;
    }
    this.#operate(session, operation, message, new MessageResponder(session, operation, id));
  }

  #onRecord(session: Session, bytes: ArrayBuffer): void {
    const error = this.#binary.take(bytes, (operation, id) => new MessageResponder(session, operation, id));
    if (error !== undefined) new MessageResponder(session, 'error', '').fail(error);
  }

  #operate(session: Session, operation: Operation, message: FlatObject, responder: MessageResponder): void {
    const { desk } = this.#parts;
    switch (operation) {
      case 'order':
        desk.newOrder(message, responder, true);
        return;
      case 'mass_cancel':
        desk.massCancel(message, responder, true);
        return;
      case 'cancel':
      case 'amend':
        this.#change(operation, message, responder);
        return;
      case 'subscribe':
      case 'unsubscribe':
        this.#subscribe(session, operation, message, responder);
        return;
      case 'session':
        this.#session(session, message, responder);
        return;
      case 'ping':
        responder.answer(200, '{}');
    }
  }

  #change(operation: 'cancel' | 'amend', message: FlatObject, responder: MessageResponder): void {
    const { desk } = this.#parts;
    const at = message.indexOf('order_id');
    if (at < 0) {
      responder.fail(missing('order_id', 'an id from a reply'));
      return;
    }
    const kind = message.kinds[at];
    if (kind !== JsonKind.Text && kind !== JsonKind.Number) {
      responder.fail(wrongType(message, at, 'an order id as text or number'));
      return;
    }
    if (operation === 'cancel') desk.cancel(message.values[at], responder);
    else desk.amend(message.values[at], message, responder, true);
  }

  /** Tells what the session is, after changing what the client wants changed. */
  #session(session: Session, message: FlatObject, responder: MessageResponder): void {
    for (let i = 0; i < message.count; i++) {
      const key = message.keys[i];
      if (key === 'op' || key === 'id') continue;
      const chosen =
        key === 'cancel_on_disconnect'
          ? truthValue(message, i)
          : unknownKey(key, 'op, id, cancel_on_disconnect');
      if (typeof chosen !== 'boolean') {
        responder.fail(chosen);
        return;
      }
      session.cancelOnDisconnect = chosen;
      this.#parts.disconnects.choose(session.owner, chosen);
    }
    const { owner, cancelOnDisconnect } = session;
    responder.answer(200, `{"session_id":"${owner}","cancel_on_disconnect":${cancelOnDisconnect}}`);
  }

  #subscribe(
    session: Session,
    operation: 'subscribe' | 'unsubscribe',
    message: FlatObject,
    responder: MessageResponder,
  ): void {
    const { subscriptions, instruments, parser, broadcast, market } = this.#parts;
    const wanted = parseSubscription(message, instruments, parser);
    if (isRefusal(wanted)) {
      responder.fail(wanted);
      return;
    }
    const symbol = wanted.instrument < 0 ? 'null' : `"${instruments.all[wanted.instrument].symbol}"`;
    const echo = `{"channel":"${wanted.channel}","symbol":${symbol}}`;
    if (operation === 'unsubscribe') {
      subscriptions.remove(session, wanted);
      responder.answer(200, echo);
      return;
    }
    subscriptions.add(session, wanted);
    responder.answer(200, echo);
    if (wanted.channel === 'status') broadcast.sendStatusTo(session, wanted.instrument);
    if (wanted.channel !== 'book') return;
    for (const instrument of session.books.keys()) {
      if (wanted.instrument < 0 || wanted.instrument === instrument)
        broadcast.sendBookTo(session, instrument, market);
    }
  }
}

/** There is nobody left to tell. */
const NOTHING = (): void => {};
const INTERNAL = apiError('INTERNAL', 'this message met a defect, which has been logged');

/** The message's id as JSON to echo, empty when it has none. */
function idOf(message: FlatObject): string | ApiError {
  const at = message.indexOf('id');
  if (at < 0 || message.kinds[at] === JsonKind.Null) return '';
  const value = message.values[at];
  const rule = `a text or number of at most ${MAXIMUM_ID_LENGTH} characters`;
  if (value.length > MAXIMUM_ID_LENGTH) return invalid(message, at, rule);
  if (message.kinds[at] === JsonKind.Number) return value;
  return message.kinds[at] === JsonKind.Text ? JSON.stringify(value) : wrongType(message, at, rule);
}
