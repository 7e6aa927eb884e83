import type { LevelList } from '../../book/level-list.js';
import { DECIMAL_MALFORMED, type DecimalScale, parseDecimal } from '../../lib/decimal.js';
import {
  type BinanceInstrument,
  type BinanceMessage,
  MessageKind,
  NO_ID,
  NO_INSTRUMENT,
  ParseError,
} from './message.js';

/** Finds the instrument of a symbol as the venue spells it; undefined when it is not ours. */
export type InstrumentLookup = (symbol: string) => BinanceInstrument | undefined;

type JsonObject = { readonly [key: string]: unknown };

/** What the full parse found beside the fields of the message: enough to take the fast path next time. */
export interface JsonParseResult {
  readonly outcome: MessageKind | ParseError;
  /** Name in the combined-stream envelope, undefined where the message came bare. */
  readonly stream?: string;
  readonly instrument?: BinanceInstrument;
}

/**
 * The full parse: any JSON, any key order, any spacing. Fills `message` as the fast path would. Never throws; where the
 * outcome is an error but the message could be attributed, `message.instrument` and `message.kind` say to what, so that
 * the book can be withdrawn.
 *
 * @param snapshotOf owner of a REST snapshot, which names no symbol
 */
export function parseJson(
  text: string,
  message: BinanceMessage,
  lookup: InstrumentLookup,
  snapshotOf: BinanceInstrument | undefined,
): JsonParseResult {
  message.instrument = NO_INSTRUMENT;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { outcome: ParseError.Malformed };
  }
  if (!isObject(root)) return { outcome: MessageKind.Other };
  const stream = typeof root.stream === 'string' ? root.stream : undefined;
  const data = stream === undefined ? root : root.data;
  if (!isObject(data)) return { outcome: MessageKind.Other };
  const kind = kindOf(data, stream);
  if (kind === MessageKind.Other) return { outcome: kind };
  const instrument = kind === MessageKind.Snapshot ? snapshotOf : findInstrument(data, lookup);
  if (instrument === undefined) return { outcome: ParseError.UnknownSymbol };
  message.instrument = instrument.instrument;
  message.kind = kind;
  const outcome = fill(kind, data, message, instrument);
  return stream === undefined ? { outcome, instrument } : { outcome, stream, instrument };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(data: JsonObject, stream: string | undefined): MessageKind {
  switch (data.e) {
    case 'depthUpdate':
      return MessageKind.DepthUpdate;
    case 'bookTicker':
      return MessageKind.BookTicker;
    case 'trade':
      return MessageKind.Trade;
    case 'aggTrade':
      return MessageKind.AggTrade;
    case 'markPriceUpdate':
      return MessageKind.MarkPrice;
    case undefined:
      // Spot book tickers carry no event name; partial books (`@depth20`) have a stream but are not our snapshots.
      if (stream?.endsWith('@bookTicker') === true) return MessageKind.BookTicker;
      return stream === undefined && 'lastUpdateId' in data ? MessageKind.Snapshot : MessageKind.Other;
    default:
      return MessageKind.Other;
  }
}

function findInstrument(data: JsonObject, lookup: InstrumentLookup): BinanceInstrument | undefined {
  const symbol = data.s;
  return typeof symbol === 'string' ? lookup(symbol) : undefined;
}

function fill(
  kind: MessageKind,
  data: JsonObject,
  message: BinanceMessage,
  instrument: BinanceInstrument,
): MessageKind | ParseError {
  const fields = new FieldReader(data);
  const { priceScale, quantityScale } = instrument;
  const { levels } = message;
  message.eventTime = fields.optionalId('E', 0);
  message.transactionTime = kind === MessageKind.MarkPrice ? 0 : fields.optionalId('T', 0);
  switch (kind) {
    case MessageKind.DepthUpdate:
      message.firstId = fields.id('U');
      message.lastId = fields.id('u');
      message.previousId = fields.optionalId('pu', NO_ID);
      levels.bidCount = fields.levels('b', levels, 0, instrument);
      levels.askCount = fields.levels('a', levels, levels.bidCount, instrument);
      break;
    case MessageKind.Snapshot:
      message.lastId = fields.id('lastUpdateId');
      levels.bidCount = fields.levels('bids', levels, 0, instrument);
      levels.askCount = fields.levels('asks', levels, levels.bidCount, instrument);
      break;
    case MessageKind.BookTicker:
      message.lastId = fields.id('u');
      message.bidPrice = fields.decimal('b', priceScale);
      message.bidQuantity = fields.decimal('B', quantityScale);
      message.askPrice = fields.decimal('a', priceScale);
      message.askQuantity = fields.decimal('A', quantityScale);
      break;
    case MessageKind.Trade:
    case MessageKind.AggTrade:
      message.tradeId = fields.id(kind === MessageKind.Trade ? 't' : 'a');
      message.price = fields.decimal('p', priceScale);
      message.quantity = fields.decimal('q', quantityScale);
      message.buyerIsMaker = fields.flag('m');
      break;
    default:
  }
  return fields.error === 0 ? kind : fields.error;
}

/** Reads typed fields of one object and remembers the first thing wrong with it. */
class FieldReader {
  error: ParseError | 0 = 0;
  readonly #data: JsonObject;

  constructor(data: JsonObject) {
    this.#data = data;
  }

  id(key: string): number {
    const value = this.#data[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.#fail(ParseError.Shape);
  }

  optionalId(key: string, absent: number): number {
    return this.#data[key] === undefined ? absent : this.id(key);
  }

  flag(key: string): boolean {
    const value = this.#data[key];
    if (typeof value === 'boolean') return value;
    this.#fail(ParseError.Shape);
    return false;
  }

  decimal(key: string, scale: DecimalScale): number {
    return this.#steps(this.#data[key], scale);
  }

  /** Stores the levels under `key` from index `from` on; returns how many. */
  levels(key: string, target: LevelList, from: number, instrument: BinanceInstrument): number {
    const list = this.#data[key];
    if (!Array.isArray(list)) return this.#fail(ParseError.Shape);
    for (let i = 0; i < list.length && this.error === 0; i++) {
      const level: unknown = list[i];
      if (!Array.isArray(level) || level.length !== 2) return this.#fail(ParseError.Shape);
      const price = this.#steps(level[0], instrument.priceScale);
      const quantity = this.#steps(level[1], instrument.quantityScale);
      target.set(from + i, price, quantity);
    }
    return list.length;
  }

  #steps(value: unknown, scale: DecimalScale): number {
    if (typeof value !== 'string') return this.#fail(ParseError.Shape);
    const steps = parseDecimal(value, scale);
    if (steps < 0) this.#fail(steps === DECIMAL_MALFORMED ? ParseError.Shape : ParseError.Number);
    return steps;
  }

  #fail(error: ParseError): number {
    if (this.error === 0) this.error = error;
    return 0;
  }
}
