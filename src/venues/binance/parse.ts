import { ByteReader } from '../../lib/byte-reader.js';
import { type BinanceInstrument, BinanceMessage, MessageKind, NO_ID, type ParseError } from './message.js';
import { type InstrumentLookup, parseJson } from './parse-json.js';
import { type Stream, StreamTable } from './stream-table.js';
import * as key from './wire-keys.js';

const QUOTE = 34;
const COMMA = 44;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;

/**
 * Parser of Binance's combined streams and REST depth snapshots (spot and USD-M). The fast path reads depthUpdate,
 * bookTicker, trade, aggTrade, markPriceUpdate and snapshots straight from bytes, in the exact key order and without the
 * spaces that the venue does not send; it makes no object and no string. Whatever deviates goes through JSON.parse and
 * gives the same result (`slowParses` counts it). Nothing throws: refused messages are negative outcomes.
 *
 * The first message of each stream also takes the slow path: that is how stream names become known.
 */
export class BinanceParser {
  /** The message in hand. After an error only `instrument` (if it could be attributed) and then `kind` hold. */
  readonly message = new BinanceMessage();
  /** Owner of snapshots, which name no symbol. */
  snapshotInstrument: BinanceInstrument | undefined;
  /** Messages that needed JSON.parse. */
  slowParses = 0;

  readonly #reader = new ByteReader();
  readonly #lookup: InstrumentLookup;
  readonly #streams = new StreamTable();

  constructor(lookup: InstrumentLookup) {
    this.#lookup = lookup;
  }

  /** Parses `bytes[start, end)`, one whole message. */
  parse(bytes: Uint8Array, start: number, end: number): MessageKind | ParseError {
    const reader = this.#reader;
    reader.reset(bytes, start);
    if (reader.match(key.STREAM)) {
      const stream = this.#streams.match(reader);
      if (stream !== undefined && reader.match(key.DATA) && this.#event(stream) && reader.position === end) {
        return this.#accept(stream.kind, stream.instrument);
      }
    } else if (this.snapshotInstrument !== undefined && reader.match(key.SNAPSHOT)) {
      const instrument = this.snapshotInstrument;
      if (this.#snapshot(instrument) && reader.position === end) {
        return this.#accept(MessageKind.Snapshot, instrument);
      }
    }
    return this.#slow(bytes, start, end);
  }

  #accept(kind: MessageKind, instrument: BinanceInstrument): MessageKind {
    this.message.kind = kind;
    this.message.instrument = instrument.instrument;
    return kind;
  }

  #slow(bytes: Uint8Array, start: number, end: number): MessageKind | ParseError {
    this.slowParses++;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    const result = parseJson(text, this.message, this.#lookup, this.snapshotInstrument);
    if (result.outcome > 0 && result.stream !== undefined && result.instrument !== undefined) {
      this.#streams.learn(result.stream, result.outcome as MessageKind, result.instrument);
    }
    return result.outcome;
  }

  #event(stream: Stream): boolean {
    switch (stream.kind) {
      case MessageKind.DepthUpdate:
        return this.#depthUpdate(stream);
      case MessageKind.BookTicker:
        return this.#bookTicker(stream);
      case MessageKind.Trade:
        return this.#trade(stream);
      case MessageKind.AggTrade:
        return this.#aggTrade(stream);
      case MessageKind.MarkPrice:
        return this.#markPrice(stream);
      default:
        return false;
    }
  }

  #depthUpdate(stream: Stream): boolean {
    const { message } = this;
    const reader = this.#reader;
    if (!reader.unsignedAfter(key.EVENT_DEPTH)) return false;
    message.eventTime = reader.value[0];
    if (!this.#optionalTime() || !this.#symbol(stream)) return false;
    if (!reader.unsignedAfter(key.KEY_FIRST)) return false;
    message.firstId = reader.value[0];
    if (!reader.unsignedAfter(key.KEY_LAST)) return false;
    message.lastId = reader.value[0];
    message.previousId = NO_ID;
    if (reader.match(key.KEY_PREVIOUS)) {
      if (!reader.unsigned()) return false;
      message.previousId = reader.value[0];
    }
    if (!reader.match(key.KEY_B_LIST)) return false;
    return this.#sides(key.KEY_A_LIST, stream.instrument) && reader.match(key.CLOSE_ALL);
  }

  #snapshot(instrument: BinanceInstrument): boolean {
    const { message } = this;
    const reader = this.#reader;
    if (!reader.unsigned()) return false;
    message.lastId = reader.value[0];
    message.eventTime = 0;
    if (reader.match(key.KEY_E)) {
      if (!reader.unsigned()) return false;
      message.eventTime = reader.value[0];
    }
    if (!this.#optionalTime() || !reader.match(key.KEY_BIDS)) return false;
    return this.#sides(key.KEY_ASKS, instrument) && reader.match(key.CLOSE_ONE);
  }

  #bookTicker(stream: Stream): boolean {
    const { message } = this;
    const reader = this.#reader;
    const { priceScale, quantityScale } = stream.instrument;
    const futures = reader.match(key.EVENT_TICKER);
    if (!reader.unsignedAfter(key.KEY_TICKER_ID)) return false;
    message.lastId = reader.value[0];
    if (!this.#symbol(stream) || !reader.decimalAfter(key.KEY_BID, priceScale)) return false;
    message.bidPrice = reader.value[0];
    if (!reader.decimalAfter(key.KEY_BID_QUANTITY, quantityScale)) return false;
    message.bidQuantity = reader.value[0];
    if (!reader.decimalAfter(key.KEY_ASK, priceScale)) return false;
    message.askPrice = reader.value[0];
    if (!reader.decimalAfter(key.KEY_ASK_QUANTITY, quantityScale)) return false;
    message.askQuantity = reader.value[0];
    message.eventTime = 0;
    message.transactionTime = 0;
    if (!futures) return reader.match(key.QUOTE_CLOSE_ALL);
    if (!reader.unsignedAfter(key.KEY_T_AFTER_TEXT)) return false;
    message.transactionTime = reader.value[0];
    if (!reader.unsignedAfter(key.KEY_E)) return false;
    message.eventTime = reader.value[0];
    return reader.match(key.CLOSE_ALL);
  }

  #trade(stream: Stream): boolean {
    const { message } = this;
    const reader = this.#reader;
    if (!reader.unsignedAfter(key.EVENT_TRADE)) return false;
    message.eventTime = reader.value[0];
    const futures = reader.match(key.KEY_T);
    if (futures) {
      if (!reader.unsigned()) return false;
      message.transactionTime = reader.value[0];
    }
    if (!this.#symbol(stream) || !reader.unsignedAfter(key.KEY_TRADE_ID)) return false;
    message.tradeId = reader.value[0];
    if (!reader.match(key.KEY_PRICE) || !this.#priceAndQuantity(stream.instrument)) return false;
    if (futures) {
      if (!reader.match(key.KEY_ORDER_TYPE) || !this.#plainText()) return false;
      return reader.match(key.KEY_MAKER_AFTER_TEXT) && this.#makerFlag() && reader.match(key.CLOSE_ALL);
    }
    if (!reader.unsignedAfter(key.KEY_T_AFTER_TEXT)) return false;
    message.transactionTime = reader.value[0];
    return reader.match(key.KEY_MAKER) && this.#makerFlag() && this.#ignoredFlag();
  }

  #aggTrade(stream: Stream): boolean {
    const { message } = this;
    const reader = this.#reader;
    if (!reader.unsignedAfter(key.EVENT_AGG_TRADE)) return false;
    message.eventTime = reader.value[0];
    // Futures put the id before the symbol, spot after it.
    const futures = reader.match(key.KEY_AGG_ID);
    if (futures) {
      if (!reader.unsigned() || !this.#setTradeId() || !this.#symbol(stream)) return false;
      if (!reader.match(key.KEY_PRICE_AFTER_SYMBOL)) return false;
    } else {
      if (!this.#symbol(stream) || !reader.unsignedAfter(key.KEY_AGG_ID_AFTER_SYMBOL)) return false;
      if (!this.#setTradeId() || !reader.match(key.KEY_PRICE)) return false;
    }
    if (!this.#priceAndQuantity(stream.instrument)) return false;
    if (!reader.unsignedAfter(key.KEY_FIRST_TRADE) || !reader.unsignedAfter(key.KEY_LAST_TRADE)) return false;
    if (!reader.unsignedAfter(key.KEY_T)) return false;
    message.transactionTime = reader.value[0];
    if (!reader.match(key.KEY_MAKER) || !this.#makerFlag()) return false;
    return futures ? reader.match(key.CLOSE_ALL) : this.#ignoredFlag();
  }

  /** Only its arrival matters here; its numbers are not published. */
  #markPrice(stream: Stream): boolean {
    const { message } = this;
    const reader = this.#reader;
    if (!reader.unsignedAfter(key.EVENT_MARK_PRICE)) return false;
    message.eventTime = reader.value[0];
    message.transactionTime = 0;
    if (!this.#symbol(stream)) return false;
    if (!reader.match(key.KEY_PRICE_AFTER_SYMBOL) || !this.#plainText()) return false;
    if (reader.match(key.KEY_SETTLE) && !this.#plainText()) return false;
    if (!reader.match(key.KEY_INDEX) || !this.#plainText()) return false;
    if (!reader.match(key.KEY_FUNDING) || !this.#plainText()) return false;
    return reader.unsignedAfter(key.KEY_T_AFTER_TEXT) && reader.match(key.CLOSE_ALL);
  }

  /** `,"T":` and a time into the message, or 0 where it does not come next. */
  #optionalTime(): boolean {
    const reader = this.#reader;
    this.message.transactionTime = 0;
    if (!reader.match(key.KEY_T)) return true;
    if (!reader.unsigned()) return false;
    this.message.transactionTime = reader.value[0];
    return true;
  }

  #setTradeId(): boolean {
    this.message.tradeId = this.#reader.value[0];
    return true;
  }

  #priceAndQuantity(instrument: BinanceInstrument): boolean {
    const { message } = this;
    const reader = this.#reader;
    if (!reader.decimal(instrument.priceScale)) return false;
    message.price = reader.value[0];
    if (!reader.decimalAfter(key.KEY_QUANTITY, instrument.quantityScale)) return false;
    message.quantity = reader.value[0];
    return true;
  }

  #makerFlag(): boolean {
    const reader = this.#reader;
    this.message.buyerIsMaker = reader.match(key.TRUE);
    return this.message.buyerIsMaker || reader.match(key.FALSE);
  }

  /** Spot's `"M":true}}`, which the venue says to ignore. */
  #ignoredFlag(): boolean {
    const reader = this.#reader;
    return (
      reader.match(key.KEY_IGNORED) &&
      (reader.match(key.TRUE) || reader.match(key.FALSE)) &&
      reader.match(key.CLOSE_ALL)
    );
  }

  #symbol(stream: Stream): boolean {
    const reader = this.#reader;
    return reader.match(key.KEY_S) && reader.match(stream.symbol);
  }

  /** Passes over text up to its closing quote; false on anything that JSON would have to unescape or refuse. */
  #plainText(): boolean {
    const reader = this.#reader;
    const bytes = reader.bytes;
    let at = reader.position;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (!(byte >= 32 && byte < 127) || byte === BACKSLASH) return false;
    }
    reader.position = at;
    return true;
  }

  /** Both lists of levels into the message, the key of the second between them. */
  #sides(secondKey: Uint8Array, instrument: BinanceInstrument): boolean {
    const { levels } = this.message;
    const bids = this.#levels(0, instrument);
    if (bids < 0 || !this.#reader.match(secondKey)) return false;
    const end = this.#levels(bids, instrument);
    levels.bidCount = bids;
    levels.askCount = end - bids;
    return end >= 0;
  }

  /** `[["price","quantity"],...]` into the message from index `from` on; the index after the last level, or -1. */
  #levels(from: number, instrument: BinanceInstrument): number {
    const { levels } = this.message;
    const reader = this.#reader;
    const bytes = reader.bytes;
    const { priceScale, quantityScale } = instrument;
    if (!reader.matchByte(OPEN)) return -1;
    if (reader.matchByte(CLOSE)) return from;
    for (let index = from; ; index++) {
      if (index === levels.prices.length) levels.reserve(index + 1);
      let at = reader.position;
      if (bytes[at] !== OPEN || bytes[at + 1] !== QUOTE) return -1;
      reader.position = at + 2;
      if (!reader.decimal(priceScale)) return -1;
      levels.prices[index] = reader.value[0];
      at = reader.position;
      if (bytes[at] !== QUOTE || bytes[at + 1] !== COMMA || bytes[at + 2] !== QUOTE) return -1;
      reader.position = at + 3;
      if (!reader.decimal(quantityScale)) return -1;
      levels.quantities[index] = reader.value[0];
      at = reader.position;
      if (bytes[at] !== QUOTE || bytes[at + 1] !== CLOSE) return -1;
      reader.position = at + 3;
      if (bytes[at + 2] === CLOSE) return index + 1;
      if (bytes[at + 2] !== COMMA) return -1;
    }
  }
}
