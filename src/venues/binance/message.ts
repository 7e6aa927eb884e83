import { LevelList } from '../../book/level-list.js';
import type { DecimalScale } from '../../lib/decimal.js';

/** What a parsed message is. Positive: understood. {@link ParseError} has the negative ones. */
export const MessageKind = {
  DepthUpdate: 1,
  BookTicker: 2,
  Trade: 3,
  AggTrade: 4,
  MarkPrice: 5,
  /** REST depth snapshot. */
  Snapshot: 6,
  /** Valid JSON that is none of the above (subscription answers, candles): nothing for the book. */
  Other: 7,
} as const;
export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind];

/** Names of the kinds as Binance spells them, by kind. */
export const KIND_NAMES = [
  '',
  'depthUpdate',
  'bookTicker',
  'trade',
  'aggTrade',
  'markPriceUpdate',
  'snapshot',
  'other',
] as const;

/** Why a message was refused. */
export const ParseError = {
  /** Not JSON. */
  Malformed: -1,
  /** A known event with a field missing or of the wrong type. */
  Shape: -2,
  /** A price or quantity that is no plain decimal, does not fit tick or lot, or passes 2^53. */
  Number: -3,
  /** The symbol is not among the configured instruments. */
  UnknownSymbol: -4,
} as const;
export type ParseError = (typeof ParseError)[keyof typeof ParseError];

const ERROR_TEXTS = [
  '',
  'not JSON',
  'field missing or of the wrong type',
  "price or quantity is no exact multiple of the instrument's tick or lot",
  'symbol is not configured',
];

/** One line about a refused message, for reports. */
export function parseErrorText(error: ParseError): string {
  return ERROR_TEXTS[-error];
}

/** What parsing must know of an instrument. */
export interface BinanceInstrument {
  /** Index by which all messages name it. */
  readonly instrument: number;
  /** As the venue spells it in `s`: "BTCUSDT". */
  readonly symbol: string;
  readonly priceScale: DecimalScale;
  readonly quantityScale: DecimalScale;
}

/** No previous update id: spot events carry none. */
export const NO_ID = -1;
/** `instrument` of a message that belongs to none. */
export const NO_INSTRUMENT = -1;

/**
 * The message in hand: one object per parser, overwritten by each parse. Which fields hold something follows from `kind`.
 * Prices in ticks, quantities in lots, times in Unix milliseconds as sent.
 */
export class BinanceMessage {
  kind: MessageKind = MessageKind.Other;
  instrument = NO_INSTRUMENT;
  /** `E`, 0 where the message has none. */
  eventTime = 0;
  /** `T`, the matching engine's time; 0 where the message has none. */
  transactionTime = 0;
  /** `U` of a depth update. */
  firstId = 0;
  /** `u` of a depth update or book ticker, `lastUpdateId` of a snapshot. */
  lastId = 0;
  /** `pu` of a futures depth update, else {@link NO_ID}. */
  previousId = NO_ID;
  /** Levels of a depth update or snapshot. */
  readonly levels = new LevelList();
  /** Best prices of a book ticker. */
  bidPrice = 0;
  bidQuantity = 0;
  askPrice = 0;
  askQuantity = 0;
  /** Trade. */
  tradeId = 0;
  price = 0;
  quantity = 0;
  /** `m`: the buyer's order was resting, so the taker sold. */
  buyerIsMaker = false;

  /** Matching-engine time where given, else the time the event was sent; Unix milliseconds, 0 when neither is given. */
  venueTime(): number {
    return this.transactionTime !== 0 ? this.transactionTime : this.eventTime;
  }
}
