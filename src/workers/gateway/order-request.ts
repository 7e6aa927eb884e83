import {
  DECIMAL_MALFORMED,
  DECIMAL_OFF_STEP,
  DECIMAL_TOO_LARGE,
  type DecimalScale,
  formatDecimal,
} from '../../lib/decimal.js';
import { OrderFlags, OrderType, Side, TimeInForce } from '../../lib/enums.js';
import type { Instrument, InstrumentTable } from '../../lib/instruments.js';
import { type ApiError, apiError } from './api-error.js';
import { isClientOrderId } from './client-order-id.js';
import { parseAmount, parseJsonNumber } from './decimal-text.js';
import { type FlatObject, JsonKind } from './flat-object.js';
import type { OrderRequest } from './order-store.js';

/** Ids of accounts are 1 to this. */
export const MAXIMUM_ACCOUNT = 65_535;

const SIDES: Readonly<Record<string, number>> = { BUY: Side.Buy, SELL: Side.Sell };
const ORDER_TYPES: Readonly<Record<string, number>> = { LIMIT: OrderType.Limit, MARKET: OrderType.Market };
const TIMES_IN_FORCE: Readonly<Record<string, number>> = {
  GTC: TimeInForce.GoodTillCancel,
  IOC: TimeInForce.ImmediateOrCancel,
  FOK: TimeInForce.FillOrKill,
};

/** What an amend asks for; -1: leave as it is. */
export interface AmendRequest {
  price: number;
  quantity: number;
}

/** What a mass cancel is about. */
export interface MassCancelRequest {
  account: number;
  /** 2^32 - 1: all. */
  instrument: number;
  side: number;
}

/**
 * Checks the body of an order for form: keys, types, ranges, whole ticks and lots. Whether the order is wise is for risk. Every
 * method returns undefined and has filled `into`, or says what is wrong.
 */
export class RequestParser {
  readonly #instruments: InstrumentTable;
  readonly #defaultAccount: number;
  readonly #symbols: string;

  constructor(instruments: InstrumentTable, defaultAccount: number) {
    this.#instruments = instruments;
    this.#defaultAccount = defaultAccount;
    this.#symbols = instruments.all.map((one) => one.symbol).join(', ');
  }

  newOrder(body: FlatObject, into: OrderRequest, envelope: boolean): ApiError | undefined {
    into.clientOrderId = '';
    into.account = this.#defaultAccount;
    into.instrument = -1;
    into.side = 0;
    into.orderType = 0;
    into.timeInForce = 0;
    into.flags = 0;
    let priceAt = -1;
    let quantityAt = -1;
    for (let i = 0; i < body.count; i++) {
      const key = body.keys[i];
      let error: ApiError | undefined;
      if (key === 'client_order_id') error = this.#clientOrderId(body, i, into);
      else if (key === 'symbol') error = this.#symbol(body, i, into);
      else if (key === 'side') error = this.#word(body, i, SIDES, into, 'side');
      else if (key === 'quantity') quantityAt = i;
      else if (key === 'price') priceAt = i;
      else if (key === 'order_type') error = this.#word(body, i, ORDER_TYPES, into, 'orderType');
      else if (key === 'time_in_force') error = this.#word(body, i, TIMES_IN_FORCE, into, 'timeInForce');
      else if (key === 'post_only') error = this.#postOnly(body, i, into);
      else if (key === 'account') error = this.#account(body, i, into);
      else if (!envelope || (key !== 'op' && key !== 'id')) error = unknownKey(key, NEW_ORDER_KEYS);
      if (error !== undefined) return error;
    }
    return this.#complete(body, into, priceAt, quantityAt);
  }

  /** What concerns several keys at once. */
  #complete(body: FlatObject, into: OrderRequest, priceAt: number, quantityAt: number): ApiError | undefined {
    if (into.instrument < 0) return missing('symbol', this.#symbols);
    if (into.side === 0) return missing('side', 'BUY, SELL');
    if (into.orderType === 0) return missing('order_type', 'LIMIT, MARKET');
    if (quantityAt < 0) return missing('quantity', 'a decimal above 0');
    const market = into.orderType === OrderType.Market;
    if (into.timeInForce === 0)
      into.timeInForce = market ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
    const instrument = this.#instruments.all[into.instrument];
    const quantity = steps(body, quantityAt, instrument.lot, 'lot');
    if (typeof quantity !== 'number') return quantity;
    into.quantity = quantity;
    into.price = 0;
    if (market) return priceAt >= 0 && !isNothing(body, priceAt) ? priceOfMarket(body, priceAt) : undefined;
    if (priceAt < 0 || body.kinds[priceAt] === JsonKind.Null) return missing('price', 'a decimal above 0');
    const price = steps(body, priceAt, instrument.tick, 'tick');
    if (typeof price !== 'number') return price;
    into.price = price;
    return undefined;
  }

  amend(
    body: FlatObject,
    instrument: Instrument,
    into: AmendRequest,
    envelope: boolean,
  ): ApiError | undefined {
    into.price = -1;
    into.quantity = -1;
    for (let i = 0; i < body.count; i++) {
      const key = body.keys[i];
      if (key === 'price' || key === 'quantity') {
        const value =
          key === 'price' ? steps(body, i, instrument.tick, 'tick') : steps(body, i, instrument.lot, 'lot');
        if (typeof value !== 'number') return value;
        into[key] = value;
      } else if (!envelope || (key !== 'op' && key !== 'id' && key !== 'order_id')) {
        return unknownKey(key, 'price, quantity');
      }
    }
    if (into.price < 0 && into.quantity < 0) return missing('price', 'price, quantity or both');
    return undefined;
  }

  /** Filters of a mass cancel; each may be absent. */
  massCancel(
    filters: FlatObject,
    into: MassCancelRequest,
    allInstruments: number,
    envelope: boolean,
  ): ApiError | undefined {
    const wanted = { account: this.#defaultAccount, instrument: -1, side: 0 };
    for (let i = 0; i < filters.count; i++) {
      const key = filters.keys[i];
      let error: ApiError | undefined;
      if (key === 'symbol') error = this.#symbol(filters, i, wanted);
      else if (key === 'side') error = this.#word(filters, i, SIDES, wanted, 'side');
      else if (key === 'account') error = this.#account(filters, i, wanted);
      else if (!envelope || (key !== 'op' && key !== 'id')) error = unknownKey(key, 'symbol, side, account');
      if (error !== undefined) return error;
    }
    into.account = wanted.account;
    into.instrument = wanted.instrument < 0 ? allInstruments : wanted.instrument;
    into.side = wanted.side;
    return undefined;
  }

  /** An account, given as a JSON number or as text. */
  account(text: string): number {
    const value = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
    return value <= MAXIMUM_ACCOUNT ? value : 0;
  }

  unknownSymbol(symbol: string): ApiError {
    return apiError('UNKNOWN_SYMBOL', 'there is no such symbol', 'symbol', symbol, this.#symbols);
  }

  #clientOrderId(body: FlatObject, i: number, into: OrderRequest): ApiError | undefined {
    const kind = body.kinds[i];
    if (kind === JsonKind.Null) return undefined;
    if (kind !== JsonKind.Text && kind !== JsonKind.Number) return wrongType(body, i, CLIENT_ORDER_ID_RULE);
    const text = body.values[i];
    const whole = kind === JsonKind.Text || /^\d+$/.test(text);
    if (!whole || !isClientOrderId(text)) return invalid(body, i, CLIENT_ORDER_ID_RULE);
    into.clientOrderId = text;
    return undefined;
  }

  #symbol(body: FlatObject, i: number, into: { instrument: number }): ApiError | undefined {
    if (body.kinds[i] !== JsonKind.Text) return wrongType(body, i, `a text: ${this.#symbols}`);
    const instrument = this.#instruments.bySymbol(body.values[i]);
    if (instrument === undefined) return this.unknownSymbol(body.values[i]);
    into.instrument = instrument.index;
    return undefined;
  }

  #account(body: FlatObject, i: number, into: { account: number }): ApiError | undefined {
    const rule = `an integer from 1 to ${MAXIMUM_ACCOUNT}`;
    if (body.kinds[i] !== JsonKind.Number && body.kinds[i] !== JsonKind.Text) return wrongType(body, i, rule);
    const account = this.account(body.values[i]);
    if (account === 0) return invalid(body, i, rule);
    into.account = account;
    return undefined;
  }

  #postOnly(body: FlatObject, i: number, into: OrderRequest): ApiError | undefined {
    if (body.kinds[i] === JsonKind.True) into.flags |= OrderFlags.PostOnly;
    else if (body.kinds[i] !== JsonKind.False) return wrongType(body, i, 'true or false');
    return undefined;
  }

  #word<F extends string>(
    body: FlatObject,
    i: number,
    words: Readonly<Record<string, number>>,
    into: Record<F, number>,
    field: F,
  ): ApiError | undefined {
    const allowed = Object.keys(words).join(', ');
    if (body.kinds[i] !== JsonKind.Text) return wrongType(body, i, `a text: ${allowed}`);
    const text = body.values[i];
    const value = wordValue(words, text) ?? wordValue(words, text.toUpperCase());
    if (value === undefined) return invalid(body, i, allowed);
    into[field] = value;
    return undefined;
  }
}

const NEW_ORDER_KEYS =
  'client_order_id, symbol, side, quantity, price, order_type, time_in_force, post_only, account';
const CLIENT_ORDER_ID_RULE = '1 to 36 characters out of A-Z a-z 0-9 _ . : -, or a whole number';

function wordValue(words: Readonly<Record<string, number>>, text: string): number | undefined {
  return Object.hasOwn(words, text) ? words[text] : undefined;
}

/** Whole steps above 0 that the value at `i` is, exact. */
function steps(body: FlatObject, i: number, scale: DecimalScale, step: 'tick' | 'lot'): number | ApiError {
  const kind = body.kinds[i];
  const raw = body.values[i];
  if (kind !== JsonKind.Text && kind !== JsonKind.Number) {
    return wrongType(body, i, 'a decimal above 0, as text or as a number');
  }
  const value = kind === JsonKind.Text ? parseAmount(raw, scale) : parseJsonNumber(raw, scale);
  if (value > 0) return value;
  const key = body.keys[i];
  const size = formatDecimal(1, scale);
  if (value === DECIMAL_OFF_STEP) {
    return apiError(
      'OFF_STEP',
      `${key} is not a whole number of ${step}s`,
      key,
      raw,
      `a multiple of ${size}`,
    );
  }
  if (value === DECIMAL_TOO_LARGE) {
    return apiError('INVALID_VALUE', `${key} is too large`, key, raw, `at most 2^53 - 1 ${step}s of ${size}`);
  }
  const why = value === DECIMAL_MALFORMED ? 'is not a plain decimal above 0' : 'is 0';
  return apiError('INVALID_VALUE', `${key} ${why}`, key, raw, `a decimal above 0, a multiple of ${size}`);
}

/** No price: absent, null or 0. */
function isNothing(body: FlatObject, i: number): boolean {
  const kind = body.kinds[i];
  if (kind === JsonKind.Null) return true;
  return (kind === JsonKind.Text || kind === JsonKind.Number) && /^0+(\.0+)?$/.test(body.values[i]);
}

function priceOfMarket(body: FlatObject, i: number): ApiError {
  return apiError(
    'INVALID_VALUE',
    'a MARKET order has no price',
    'price',
    body.values[i],
    'no price, or null',
  );
}

export function missing(key: string, allowed: string): ApiError {
  return apiError('MISSING_KEY', `${key} is missing`, key, null, allowed);
}

export function unknownKey(key: string, allowed: string): ApiError {
  return apiError('UNKNOWN_KEY', 'there is no such key', key, null, allowed);
}

export function wrongType(body: FlatObject, i: number, allowed: string): ApiError {
  return apiError('WRONG_TYPE', `${body.keys[i]} has the wrong type`, body.keys[i], body.values[i], allowed);
}

export function invalid(body: FlatObject, i: number, allowed: string): ApiError {
  return apiError('INVALID_VALUE', `${body.keys[i]} is not allowed`, body.keys[i], body.values[i], allowed);
}

/** What FlatObject.parse found wrong. */
export function malformed(body: FlatObject): ApiError {
  if (body.duplicate !== undefined) {
    return apiError('DUPLICATE_KEY', 'a key is given twice', body.duplicate, null, 'each key once');
  }
  return apiError('MALFORMED_JSON', `the body is no JSON object: ${body.problem}`);
}
