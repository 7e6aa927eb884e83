import type { Session } from '../../lib/clock.js';
import { ConditionFlags } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import { type ApiError, apiError } from './api-error.js';
import { idValue, steps, wordValue } from './field-values.js';
import { type FlatObject, JsonKind } from './flat-object.js';
import { clearConditions, type OrderConditions, type OrderRequest } from './order-terms.js';
import { wrongType } from './request-errors.js';
import { CONTINGENCIES } from './vocabulary.js';

const { StopPrice, TakeProfit, StopLoss, StopLossLimit } = ConditionFlags;

type Reader = (body: FlatObject, i: number, instrument: Instrument) => number | ApiError;

/** One key: how its value is read, where it goes, and the bit that says that it is there. */
interface ConditionKey {
  readonly read: Reader;
  readonly field: keyof OrderConditions;
  readonly bit: number;
}

const price: Reader = (body, i, { tick }) => steps(body, i, tick, 'tick');
const quantity: Reader = (body, i, { lot }) => steps(body, i, lot, 'lot');
const orderId: Reader = (body, i) => idValue(body, i, 'the id of an order');

/** Keys of a new order that only some orders have. */
export const CONDITION_KEYS = [
  'stop_price',
  'displayed_quantity',
  'minimum_quantity',
  'expire_ns',
  'linked_order_id',
  'contingency',
  'take_profit_price',
  'stop_loss_price',
  'stop_loss_limit_price',
] as const;

/** Reads the conditions of an order out of its body, once the instrument is known. Null stands for a key that is not given. */
export class ConditionParser {
  readonly #keys: ReadonlyMap<string, ConditionKey>;
  /** Where the keys of the order in hand stand in its body. */
  readonly #places: number[] = [];

  constructor(session: Session) {
    const keys: Readonly<Record<(typeof CONDITION_KEYS)[number], ConditionKey>> = {
      stop_price: { read: price, field: 'stopPrice', bit: StopPrice },
      displayed_quantity: { read: quantity, field: 'displayedQuantity', bit: 0 },
      minimum_quantity: { read: quantity, field: 'minimumQuantity', bit: 0 },
      expire_ns: { read: (body, i) => sessionTime(body, i, session), field: 'expireTime', bit: 0 },
      linked_order_id: { read: orderId, field: 'linkedOrderId', bit: 0 },
      contingency: { read: (body, i) => wordValue(body, i, CONTINGENCIES), field: 'contingency', bit: 0 },
      take_profit_price: { read: price, field: 'takeProfitPrice', bit: TakeProfit },
      stop_loss_price: { read: price, field: 'stopLossPrice', bit: StopLoss },
      stop_loss_limit_price: { read: price, field: 'stopLossLimitPrice', bit: StopLossLimit },
    };
    this.#keys = new Map(Object.entries(keys));
  }

  /** A new body. */
  reset(): void {
    if (this.#places.length > 0) this.#places.length = 0;
  }

  /** Whether the key at `i` is one of these; its value is read later. */
  note(body: FlatObject, i: number): boolean {
    if (!this.#keys.has(body.keys[i])) return false;
    if (body.kinds[i] !== JsonKind.Null) this.#places.push(i);
    return true;
  }

  /** Reads what was noted. */
  read(body: FlatObject, instrument: Instrument, into: OrderRequest): ApiError | undefined {
    const { conditions } = into;
    into.conditional = this.#places.length > 0;
    if (!into.conditional) return undefined;
    clearConditions(conditions);
    for (const i of this.#places) {
      const key = this.#keys.get(body.keys[i]);
      if (key === undefined) continue;
      const value = key.read(body, i, instrument);
      if (typeof value !== 'number') return value;
      conditions[key.field] = value;
      conditions.present |= key.bit;
    }
    return undefined;
  }
}

/** Session time of a Unix time in nanoseconds, as text or number; after the session's start. */
function sessionTime(body: FlatObject, i: number, session: Session): number | ApiError {
  const kind = body.kinds[i];
  if (kind !== JsonKind.Text && kind !== JsonKind.Number) return wrongType(body, i, UNIX_TIME);
  const text = body.values[i];
  if (/^\d{1,19}$/.test(text)) {
    const start = BigInt(session.epochSeconds) * 1_000_000_000n + BigInt(session.epochNanoseconds);
    const time = Number(BigInt(text) - start);
    if (Number.isSafeInteger(time) && time > 0) return time;
  }
  return apiError('INVALID_VALUE', 'expire_ns is not allowed', body.keys[i], text, UNIX_TIME);
}

const UNIX_TIME = 'a time in the future, within 104 days of the start, as Unix time in nanoseconds';
