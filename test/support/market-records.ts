import * as BookSnapshot from '../../src/messages/views/book-snapshot.js';
import * as BookUpdate from '../../src/messages/views/book-update.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as Features from '../../src/messages/views/features.js';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import * as PositionUpdate from '../../src/messages/views/position-update.js';
import * as Trade from '../../src/messages/views/trade.js';
import { FULL, type RingProducer } from '../../src/ring/producer.js';

/**
 * Writers of ring records from objects, for tests. `write*` put one record on a ring and publish it; prices in ticks,
 * quantities in lots, times in session nanoseconds.
 */

export type Level = readonly [price: number, quantity: number];

export function put(producer: RingProducer, type: number, length: number, fill: (at: number) => void): void {
  const at = producer.claim(type, length);
  if (at === FULL) throw new Error(`ring ${producer.name} is full`);
  fill(at);
  producer.commitAndPublish();
}

export interface MarketTradeFields {
  readonly sequence: number;
  readonly tradeId: number;
  readonly timestamp: number;
  readonly receiveTimestamp: number;
  readonly price: number;
  readonly quantity: number;
  readonly instrument: number;
  readonly takerSide: number;
}

export function encodeMarketTrade(words: Int32Array, at: number, trade: MarketTradeFields): void {
  const { sequence, tradeId, timestamp, receiveTimestamp, price, quantity, instrument, takerSide } = trade;
  MarketTrade.encode(
    words,
    at,
    sequence,
    tradeId,
    timestamp,
    receiveTimestamp,
    price,
    quantity,
    instrument,
    takerSide,
  );
}

export function writeMarketTrade(producer: RingProducer, trade: MarketTradeFields): void {
  put(producer, MarketTrade.TYPE, MarketTrade.BYTES, (at) => encodeMarketTrade(producer.words, at, trade));
}

export interface BookFields {
  readonly sequence: number;
  readonly venueSequence: number;
  readonly timestamp: number;
  readonly receiveTimestamp: number;
  readonly instrument: number;
  readonly flags: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export function encodeBook(words: Int32Array, at: number, book: BookFields): void {
  const { bids, asks } = book;
  BookUpdate.encodeHead(
    words,
    at,
    book.sequence,
    book.venueSequence,
    book.timestamp,
    book.receiveTimestamp,
    book.instrument,
    bids.length,
    asks.length,
    book.flags,
  );
  [...bids, ...asks].forEach(([price, quantity], index) => {
    BookUpdate.setLevel(words, at, index, price, quantity);
  });
}

export function bookBytes(book: BookFields): number {
  return BookUpdate.bytes(book.bids.length + book.asks.length);
}

export function writeBook(producer: RingProducer, snapshot: boolean, book: BookFields): void {
  const type = snapshot ? BookSnapshot.TYPE : BookUpdate.TYPE;
  put(producer, type, bookBytes(book), (at) => encodeBook(producer.words, at, book));
}

export interface FeatureFields {
  readonly instrument: number;
  readonly bestBidPrice: number;
  readonly bestBidQuantity: number;
  readonly bestAskPrice: number;
  readonly bestAskQuantity: number;
  readonly midpoint: number;
  readonly relativeSpread: number;
  readonly breadth: number;
  readonly imbalanceLevel1: number;
  readonly bidDepth: number;
  readonly askDepth: number;
  readonly orderFlowImbalance: number;
  readonly volatilityMid: number;
  readonly volatilityTrades: number;
  readonly tradedVolume: number;
}

export function encodeFeatures(words: Int32Array, at: number, features: FeatureFields): void {
  Features.encode(
    words,
    at,
    1,
    1,
    0,
    0,
    features.bestBidPrice,
    features.bestBidQuantity,
    features.bestAskPrice,
    features.bestAskQuantity,
    features.midpoint,
    features.relativeSpread,
    features.breadth,
    features.imbalanceLevel1,
    features.bidDepth,
    features.askDepth,
    features.orderFlowImbalance,
    features.volatilityMid,
    features.volatilityTrades,
    features.tradedVolume,
    features.instrument,
    10,
  );
}

export function writeFeatures(producer: RingProducer, features: FeatureFields): void {
  put(producer, Features.TYPE, Features.BYTES, (at) => encodeFeatures(producer.words, at, features));
}

export interface TradeFields {
  readonly eventSequence: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly tradeId: number;
  readonly price: number;
  readonly quantity: number;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
  readonly makerLeaves: number;
  readonly takerLeaves: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  readonly instrument: number;
  readonly takerSide: number;
  /** The second struct, when there is one. */
  readonly fees?: { readonly makerFee: number; readonly takerFee: number };
}

export const tradeBytes = ({ fees }: TradeFields): number => (fees ? Trade.EXTENDED_BYTES : Trade.BYTES);

export function encodeTrade(words: Int32Array, at: number, trade: TradeFields): void {
  Trade.encode(
    words,
    at,
    trade.eventSequence,
    trade.sequence,
    trade.timestamp,
    trade.timestamp,
    trade.tradeId,
    trade.price,
    trade.quantity,
    trade.makerOrderId,
    trade.takerOrderId,
    trade.makerLeaves,
    trade.takerLeaves,
    trade.makerAccount,
    trade.takerAccount,
    trade.instrument,
    1,
    16,
    trade.takerSide,
    0,
  );
  if (trade.fees) Trade.encodeExtension(words, at, trade.fees.makerFee, trade.fees.takerFee);
}

export function writeTrade(producer: RingProducer, trade: TradeFields): void {
  put(producer, Trade.TYPE, tradeBytes(trade), (at) => encodeTrade(producer.words, at, trade));
}

export interface ReportFields {
  readonly eventSequence: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly orderId: number;
  readonly clientOrderIdLow: number;
  readonly clientOrderIdHigh: number;
  readonly price: number;
  readonly quantity: number;
  readonly leavesQuantity: number;
  readonly filledQuantity: number;
  readonly account: number;
  readonly instrument: number;
  readonly executionType: number;
  readonly status: number;
  readonly side: number;
  readonly orderType: number;
  readonly reason: number;
  /** The second struct, when there is one. */
  readonly conditions?: {
    readonly displayedQuantity: number;
    readonly stopPrice: number;
    readonly expireTime: number;
    readonly linkedOrderId: number;
  };
}

export const reportBytes = ({ conditions }: ReportFields): number =>
  conditions ? ExecutionReport.EXTENDED_BYTES : ExecutionReport.BYTES;

export function encodeReport(words: Int32Array, at: number, report: ReportFields): void {
  ExecutionReport.encode(
    words,
    at,
    report.eventSequence,
    report.sequence,
    report.timestamp,
    report.timestamp,
    report.orderId,
    report.clientOrderIdLow,
    report.clientOrderIdHigh,
    report.price,
    report.quantity,
    report.leavesQuantity,
    report.filledQuantity,
    0,
    0,
    report.account,
    report.instrument,
    report.executionType,
    report.status,
    report.side,
    report.orderType,
    1,
    report.reason,
    1,
    1,
  );
  if (report.conditions === undefined) return;
  const { displayedQuantity, stopPrice, expireTime, linkedOrderId } = report.conditions;
  ExecutionReport.encodeExtension(words, at, displayedQuantity, 0, stopPrice, expireTime, linkedOrderId);
}

export function writeReport(producer: RingProducer, report: ReportFields): void {
  put(producer, ExecutionReport.TYPE, reportBytes(report), (at) => encodeReport(producer.words, at, report));
}

export interface PositionFields {
  readonly sequence: number;
  readonly timestamp: number;
  readonly quantity: number;
  readonly openBuyQuantity: number;
  readonly openSellQuantity: number;
  readonly averagePrice: number;
  readonly realizedProfit: number;
  readonly lastPrice: number;
  readonly account: number;
  readonly instrument: number;
}

export function encodePosition(words: Int32Array, at: number, position: PositionFields): void {
  PositionUpdate.encode(
    words,
    at,
    position.sequence,
    1,
    position.timestamp,
    position.quantity,
    0,
    0,
    position.openBuyQuantity,
    position.openSellQuantity,
    position.averagePrice,
    position.realizedProfit,
    position.lastPrice,
    position.account,
    position.instrument,
  );
}

export function writePosition(producer: RingProducer, position: PositionFields): void {
  put(producer, PositionUpdate.TYPE, PositionUpdate.BYTES, (at) =>
    encodePosition(producer.words, at, position),
  );
}
