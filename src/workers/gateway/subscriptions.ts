import type { InstrumentTable } from '../../lib/instruments.js';
import { type ApiError, apiError } from './api-error.js';
import { DEFAULT_DEPTH, MAXIMUM_DEPTH } from './book-text.js';
import { type FlatObject, JsonKind } from './flat-object.js';
import type { RequestParser } from './order-request.js';
import { invalid, missing, unknownKey, wrongType } from './request-errors.js';
import type { Session } from './session.js';

export const CHANNELS = ['book', 'trades', 'status', 'orders', 'positions'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Keys of each channel besides op, id and channel. */
const CHANNEL_KEYS: Readonly<Record<Channel, readonly string[]>> = {
  book: ['symbol', 'depth'],
  trades: ['symbol'],
  status: ['symbol'],
  orders: ['account'],
  positions: ['account'],
};

/** A checked subscribe or unsubscribe message. */
export interface Subscription {
  readonly channel: Channel;
  /** -1: all instruments. */
  readonly instrument: number;
  readonly depth: number;
  /** 0: all accounts. */
  readonly account: number;
}

/** Reads a subscribe or unsubscribe message. */
export function parseSubscription(
  message: FlatObject,
  instruments: InstrumentTable,
  parser: RequestParser,
): Subscription | ApiError {
  const at = message.indexOf('channel');
  if (at < 0) return missing('channel', CHANNELS.join(', '));
  const channel = CHANNELS.find((one) => one === message.values[at]);
  if (message.kinds[at] !== JsonKind.Text || channel === undefined) {
    return invalid(message, at, CHANNELS.join(', '));
  }
  let instrument = -1;
  let depth = DEFAULT_DEPTH;
  let account = 0;
  for (let i = 0; i < message.count; i++) {
    const key = message.keys[i];
    const value = message.values[i];
    if (key === 'op' || key === 'id' || key === 'channel') continue;
    if (!CHANNEL_KEYS[channel].includes(key))
      return unknownKey(key, ['op', 'id', 'channel', ...CHANNEL_KEYS[channel]].join(', '));
    if (key === 'symbol') {
      if (message.kinds[i] !== JsonKind.Text) return wrongType(message, i, 'a text');
      const found = instruments.bySymbol(value);
      if (found === undefined) return parser.unknownSymbol(value);
      instrument = found.index;
    } else if (key === 'depth') {
      depth = /^\d{1,4}$/.test(value) ? Number(value) : 0;
      if (depth < 1 || depth > MAXIMUM_DEPTH)
        return invalid(message, i, `an integer from 1 to ${MAXIMUM_DEPTH}`);
    } else {
      account = parser.account(value);
      if (account === 0) return invalid(message, i, 'the id of an account');
    }
  }
  return { channel, instrument, depth, account };
}

export function isRefusal(value: Subscription | ApiError): value is ApiError {
  return 'code' in value;
}

/** Which sessions want what. All sets are bounded by the number of connections. */
export class Subscriptions {
  readonly sessions = new Set<Session>();
  /** By instrument: sessions that want its book, its trades, its phase and auction price. */
  readonly books: readonly Set<Session>[];
  readonly trades: readonly Set<Session>[];
  readonly statuses: readonly Set<Session>[];
  readonly orders = new Set<Session>();
  readonly positions = new Set<Session>();

  constructor(instruments: number) {
    this.books = Array.from({ length: instruments }, () => new Set<Session>());
    this.trades = Array.from({ length: instruments }, () => new Set<Session>());
    this.statuses = Array.from({ length: instruments }, () => new Set<Session>());
  }

  add(session: Session, wanted: Subscription): void {
    switch (wanted.channel) {
      case 'book':
        for (const instrument of this.#chosen(wanted)) {
          session.books.set(instrument, wanted.depth);
          this.books[instrument].add(session);
        }
        break;
      case 'trades':
        for (const instrument of this.#chosen(wanted)) this.trades[instrument].add(session);
        break;
      case 'status':
        for (const instrument of this.#chosen(wanted)) this.statuses[instrument].add(session);
        break;
      case 'orders':
        session.orders = wanted.account;
        this.orders.add(session);
        break;
      case 'positions':
        session.positions = wanted.account;
        this.positions.add(session);
        break;
    }
  }

  remove(session: Session, wanted: Subscription): void {
    switch (wanted.channel) {
      case 'book':
        for (const instrument of this.#chosen(wanted)) {
          session.books.delete(instrument);
          this.books[instrument].delete(session);
        }
        break;
      case 'trades':
        for (const instrument of this.#chosen(wanted)) this.trades[instrument].delete(session);
        break;
      case 'status':
        for (const instrument of this.#chosen(wanted)) this.statuses[instrument].delete(session);
        break;
      case 'orders':
        this.orders.delete(session);
        break;
      case 'positions':
        this.positions.delete(session);
        break;
    }
  }

  /** The session is gone. */
  drop(session: Session): void {
    this.sessions.delete(session);
    this.orders.delete(session);
    this.positions.delete(session);
    for (const set of this.books) set.delete(session);
    for (const set of this.trades) set.delete(session);
    for (const set of this.statuses) set.delete(session);
  }

  #chosen(wanted: Subscription): number[] {
    return wanted.instrument < 0 ? this.books.map((_set, index) => index) : [wanted.instrument];
  }
}

/** The error of a message whose op is none of ours. */
export function unknownOperation(message: FlatObject, at: number, operations: readonly string[]): ApiError {
  const allowed = operations.join(', ');
  return at < 0
    ? missing('op', allowed)
    : apiError('INVALID_VALUE', 'there is no such operation', 'op', message.values[at], allowed);
}
