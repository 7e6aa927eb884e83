import type { Session } from '../../lib/clock.js';
import { OrderFlags, OrderType, TimeInForce } from '../../lib/enums.js';
import type { Instrument, InstrumentTable } from '../../lib/instruments.js';
import { type ApiError, apiError } from './api-error.js';
import { isClientOrderId } from './client-order-id.js';
import { CONDITION_KEYS, ConditionParser } from './condition-request.js';
import { isNothing, steps, truthValue, wordValue } from './field-values.js';
import { type FlatObject, JsonKind } from './flat-object.js';
import { hasPrice } from './order-rules.js';
import type { AmendRequest, MassCancelRequest, OrderRequest } from './order-terms.js';
import { invalid, missing, unknownKey, wrongType } from './request-errors.js';
import {
  listOf,
  ORDER_TYPE_TEXT,
  ORDER_TYPES,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TIMES_IN_FORCE,
  type Words,
} from './vocabulary.js';

/** Ids of accounts are 1 to this. */
export const MAXIMUM_ACCOUNT = 65_535;

/**
 * Checks the body of an order for form: keys, types, ranges, whole ticks and lots. Whether the order is wise is for risk. Every
 * method returns undefined and has filled `into`, or says what is wrong.
 */
export class RequestParser {
  readonly #instruments: InstrumentTable;
  readonly #defaultAccount: number;
  readonly #symbols: string;
  readonly #conditions: ConditionParser;

  constructor(instruments: InstrumentTable, defaultAccount: number, session: Session) {
    this.#instruments = instruments;
    this.#defaultAccount = defaultAccount;
    this.#conditions = new ConditionParser(session);
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
    into.selfTradePrevention = 0;
    this.#conditions.reset();
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
      else if (key === 'account') error = this.#account(body, i, into);
      else if (!envelope || (key !== 'op' && key !== 'id')) error = this.#furtherKey(body, i, into);
      if (error !== undefined) return error;
    }
    return this.#complete(body, into, priceAt, quantityAt);
  }

  /** Keys that most orders do without. */
  #furtherKey(body: FlatObject, i: number, into: OrderRequest): ApiError | undefined {
    const key = body.keys[i];
    if (key === 'post_only') return setFlag(body, i, into, OrderFlags.PostOnly);
    if (key === 'post_only_slide') return setFlag(body, i, into, OrderFlags.PostOnlySlide);
    if (key === 'self_trade_prevention')
      return this.#word(body, i, SELF_TRADE_PREVENTIONS, into, 'selfTradePrevention');
    return this.#conditions.note(body, i) ? undefined : unknownKey(key, NEW_ORDER_KEYS);
  }

  /** What needs the instrument or the order type. Contradictions between keys are for order-rules.ts. */
  #complete(body: FlatObject, into: OrderRequest, priceAt: number, quantityAt: number): ApiError | undefined {
    if (into.instrument < 0) return missing('symbol', this.#symbols);
    if (into.side === 0) return missing('side', 'BUY, SELL');
    if (into.orderType === 0) return missing('order_type', listOf(ORDER_TYPES));
    if (quantityAt < 0) return missing('quantity', 'a decimal above 0');
    const { ImmediateOrCancel, GoodTillCancel } = TimeInForce;
    const market = into.orderType === OrderType.Market;
    if (into.timeInForce === 0) into.timeInForce = market ? ImmediateOrCancel : GoodTillCancel;
    const instrument = this.#instruments.all[into.instrument];
    const quantity = steps(body, quantityAt, instrument.lot, 'lot');
    if (typeof quantity !== 'number') return quantity;
    into.quantity = quantity;
    into.price = 0;
    const error = hasPrice(into.orderType)
      ? this.#price(body, priceAt, instrument, into)
      : priceAt >= 0 && !isNothing(body, priceAt)
        ? priceless(body, priceAt, into.orderType)
        : undefined;
    return error ?? this.#conditions.read(body, instrument, into);
  }

  #price(body: FlatObject, at: number, { tick }: Instrument, into: OrderRequest): ApiError | undefined {
    if (at < 0 || body.kinds[at] === JsonKind.Null) return missing('price', 'a decimal above 0');
    const price = steps(body, at, tick, 'tick');
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
    into.stopPrice = -1;
    for (let i = 0; i < body.count; i++) {
      const key = body.keys[i];
      const field = AMEND_FIELDS.get(key);
      if (field !== undefined) {
        const isQuantity = field === 'quantity';
        const scale = isQuantity ? instrument.lot : instrument.tick;
        const value = steps(body, i, scale, isQuantity ? 'lot' : 'tick');
        if (typeof value !== 'number') return value;
        into[field] = value;
      } else if (!envelope || (key !== 'op' && key !== 'id' && key !== 'order_id')) {
        return unknownKey(key, [...AMEND_FIELDS.keys()].join(', '));
      }
    }
    if (into.price < 0 && into.quantity < 0 && into.stopPrice < 0)
      return missing('price', 'at least one of price, quantity, stop_price');
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

  #word<F extends string>(
    body: FlatObject,
    i: number,
    words: Words,
    into: Record<F, number>,
    field: F,
  ): ApiError | undefined {
    const value = wordValue(body, i, words);
    if (typeof value !== 'number') return value;
    into[field] = value;
    return undefined;
  }
}

const NEW_ORDER_KEYS = [
  'client_order_id, symbol, side, quantity, price, order_type, time_in_force, account, post_only, post_only_slide',
  'self_trade_prevention',
  ...CONDITION_KEYS,
].join(', ');
const AMEND_FIELDS: ReadonlyMap<string, keyof AmendRequest> = new Map([
  ['price', 'price'],
  ['quantity', 'quantity'],
  ['stop_price', 'stopPrice'],
]);
const CLIENT_ORDER_ID_RULE = '1 to 36 characters out of A-Z a-z 0-9 _ . : -, or a whole number';

function setFlag(body: FlatObject, i: number, into: OrderRequest, flag: number): ApiError | undefined {
  const value = truthValue(body, i);
  if (typeof value !== 'boolean') return value;
  if (value) into.flags |= flag;
  return undefined;
}

function priceless(body: FlatObject, i: number, orderType: number): ApiError {
  const why = `a ${ORDER_TYPE_TEXT[orderType]} order has no price`;
  return apiError('INVALID_VALUE', why, 'price', body.values[i], 'no price, or null');
}
