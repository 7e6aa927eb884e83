import type { DepthBook } from '../../book/depth-book.js';
import type { DepthSide } from '../../book/depth-side.js';
import type { Session } from '../../lib/clock.js';
import { SIDE_NAMES, TRADING_PHASE_NAMES, TradingPhase } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import { collectsOrders } from '../../lib/phases.js';
import * as Features from '../../messages/views/features.js';
import * as MarketTrade from '../../messages/views/market-trade.js';
import { type InstrumentText, instrumentTexts, writeSteps } from './instrument-text.js';
import { JsonWriter, piece } from './json-writer.js';
import type { MarketBook } from './market-book.js';

const TIMESTAMP = piece(',"timestamp_ns":');
const RECEIPT = piece(',"receipt_timestamp_ns":');
const PRICE = piece(',"price":');
const AMOUNT = piece(',"amount":');
const SIDE_AND_SEQ = SIDE_NAMES.map((name, value) =>
  piece(`,"side":${value === 0 ? 'null' : `"${name}"`},"seq":`),
);
const TRANSACTION_PRICE = piece(',"transaction_price":');
const TRADING_VOLUME = piece(',"trading_volume":');
const VOLATILITY = piece(',"volatility":');
const SEQ_AND_BIDS = [piece(',"seq":'), piece(',"bids":[')] as const;
const ASKS = piece('],"asks":[');
const OPEN = piece('[');
const COMMA = piece(',');
const CLOSE = piece(']');
const NEXT_LEVEL = piece(',[');
const MIDPOINT = piece('],"midpoint":');
const RELATIVE_SPREAD = piece(',"relative_spread":');
const BREADTH = piece(',"breadth":');
const IMBALANCE = piece(',"imbalance_lvl1":');
const BID_DEPTH = piece(',"bid_depth_n":');
const ASK_DEPTH = piece(',"ask_depth_n":');
const VOLATILITY_MID = piece(',"volatility_mid":');
const ORDER_FLOW = piece(',"ofi_rolling":');
const NO_FEATURES = piece(
  '],"midpoint":null,"relative_spread":null,"breadth":null,"imbalance_lvl1":null,"bid_depth_n":null,' +
    '"ask_depth_n":null,"volatility_mid":null,"ofi_rolling":null',
);
const PHASE = TRADING_PHASE_NAMES.map((name, value) =>
  piece(`,"phase":${value === 0 ? 'null' : `"${name}"`},"indicative_price":`),
);
const NO_PHASE = piece(',"phase":null,"indicative_price":null,"indicative_quantity":null,"surplus":null}');
const INDICATIVE_QUANTITY = piece(',"indicative_quantity":');
const SURPLUS = piece(',"surplus":');
const END = piece('}');

/** Longest message less its levels, and longest level, bytes: 17 digits a number, up to 36 decimals. */
const HEAD_BYTES = 2048;
const LEVEL_BYTES = 128;

/**
 * The trades of one instrument have half of their text in common: it is written once, and the places of the two times
 * (always 19 digits) and of the price are kept.
 */
interface TradeForm {
  readonly out: JsonWriter;
  readonly timestamp: number;
  readonly receipt: number;
  readonly price: number;
}

/** Writes the JSON of the trades and books endpoints. A feature that is not known yet is null. */
export class MarketMessages {
  readonly #session: Session;
  readonly #texts: readonly InstrumentText[];
  readonly #levels: number;
  readonly #out: JsonWriter;
  readonly #forms: (TradeForm | undefined)[];

  /** `levels`: of each side of a book at the most. */
  constructor(session: Session, instruments: InstrumentTable, levels: number) {
    this.#session = session;
    this.#texts = instrumentTexts(instruments);
    this.#levels = levels;
    this.#forms = this.#texts.map(() => undefined);
    this.#out = new JsonWriter(HEAD_BYTES + 2 * levels * LEVEL_BYTES);
  }

  /** A MarketTrade. `trading_volume` and `volatility` are those of the rolling window, this trade included in the former. */
  trade(words: Int32Array, at: number, book: MarketBook, seq: number): string {
    const { index } = book.instrument;
    const form = this.#forms[index] ?? this.#makeForm(index);
    const { out } = form;
    const { tick, lot } = this.#texts[index];
    const price = MarketTrade.price(words, at);
    const { features, hasFeatures } = book;
    const tradedBefore = hasFeatures ? Features.tradedVolume(features, 0) : 0;
    out.seek(form.timestamp);
    out.epoch(this.#session, MarketTrade.timestamp(words, at));
    out.seek(form.receipt);
    out.epoch(this.#session, MarketTrade.receiveTimestamp(words, at));
    out.seek(form.price);
    out.decimal(price, tick);
    out.piece(AMOUNT);
    out.decimal(MarketTrade.quantity(words, at), lot);
    out.piece(SIDE_AND_SEQ[MarketTrade.takerSide(words, at)] ?? SIDE_AND_SEQ[0]);
    out.integer(seq);
    out.piece(TRANSACTION_PRICE);
    out.decimal(price, tick);
    out.piece(TRADING_VOLUME);
    writeSteps(out, tradedBefore + book.volumeSinceFeatures, lot);
    out.piece(VOLATILITY);
    if (hasFeatures) out.double(Features.volatilityTrades(features, 0));
    else out.null();
    out.piece(END);
    return out.take();
  }

  /** The best levels of a readable book with its latest features and its phase. */
  book(book: MarketBook, levels: DepthBook, seq: number): string {
    const out = this.#out;
    const text = this.#texts[book.instrument.index];
    out.piece(text.marketHead);
    this.#times(book.timestamp, book.receiveTimestamp);
    out.piece(SEQ_AND_BIDS[0]);
    out.integer(seq);
    out.piece(SEQ_AND_BIDS[1]);
    this.#side(levels.bids, text);
    out.piece(ASKS);
    this.#side(levels.asks, text);
    // Those of the market before an auction say nothing of it.
    if (book.hasFeatures && !collectsOrders(book.phase)) this.#features(book.features, text);
    else out.piece(NO_FEATURES);
    this.#phase(book, text);
    return out.take();
  }

  #phase(book: MarketBook, text: InstrumentText): void {
    const out = this.#out;
    if (book.phase === TradingPhase.None) {
      out.piece(NO_PHASE);
      return;
    }
    out.piece(PHASE[book.phase] ?? PHASE[0]);
    if (Number.isNaN(book.indicativePrice)) out.null();
    else out.decimal(book.indicativePrice, text.tick);
    out.piece(INDICATIVE_QUANTITY);
    out.decimal(book.indicativeQuantity, text.lot);
    out.piece(SURPLUS);
    out.decimal(book.surplus, text.lot);
    out.piece(END);
  }

  #makeForm(index: number): TradeForm {
    const out = new JsonWriter(HEAD_BYTES);
    out.piece(this.#texts[index].marketHead);
    out.piece(TIMESTAMP);
    const timestamp = out.position;
    out.epoch(this.#session, 0);
    out.piece(RECEIPT);
    const receipt = out.position;
    out.epoch(this.#session, 0);
    out.piece(PRICE);
    const form = { out, timestamp, receipt, price: out.position };
    this.#forms[index] = form;
    return form;
  }

  #times(timestamp: number, receipt: number): void {
    const out = this.#out;
    out.piece(TIMESTAMP);
    out.epoch(this.#session, timestamp);
    out.piece(RECEIPT);
    out.epoch(this.#session, receipt);
  }

  #side(side: DepthSide, text: InstrumentText): void {
    const out = this.#out;
    const count = Math.min(side.count, this.#levels);
    for (let i = 0; i < count; i++) {
      out.piece(i === 0 ? OPEN : NEXT_LEVEL);
      out.decimal(side.price(i), text.tick);
      out.piece(COMMA);
      out.decimal(side.quantity(i), text.lot);
      out.piece(CLOSE);
    }
  }

  #features(words: Int32Array, text: InstrumentText): void {
    const out = this.#out;
    // Midpoint and spread of a book with an empty side do not exist.
    const twoSided = Features.bestBidQuantity(words, 0) > 0 && Features.bestAskQuantity(words, 0) > 0;
    out.piece(MIDPOINT);
    if (twoSided) writeSteps(out, Features.midpoint(words, 0) * 2, text.halfTick);
    else out.null();
    out.piece(RELATIVE_SPREAD);
    if (twoSided) out.double(Features.relativeSpread(words, 0));
    else out.null();
    out.piece(BREADTH);
    out.double(Features.breadth(words, 0));
    out.piece(IMBALANCE);
    out.double(Features.imbalanceLevel1(words, 0));
    out.piece(BID_DEPTH);
    writeSteps(out, Features.bidDepth(words, 0), text.lot);
    out.piece(ASK_DEPTH);
    writeSteps(out, Features.askDepth(words, 0), text.lot);
    out.piece(VOLATILITY_MID);
    out.double(Features.volatilityMid(words, 0));
    out.piece(ORDER_FLOW);
    writeSteps(out, Features.orderFlowImbalance(words, 0), text.lot);
  }
}
