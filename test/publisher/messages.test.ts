import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepthBook } from '../../src/book/depth-book.js';
import { InstrumentTable } from '../../src/lib/instruments.js';
import { collectsOrders } from '../../src/lib/phases.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as Features from '../../src/messages/views/features.js';
import * as InstrumentStatus from '../../src/messages/views/instrument-status.js';
import * as MarketStatus from '../../src/messages/views/market-status.js';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import * as PositionUpdate from '../../src/messages/views/position-update.js';
import { MarketBook } from '../../src/workers/publisher/market-book.js';
import { MarketMessages } from '../../src/workers/publisher/market-messages.js';
import { OrderMessages } from '../../src/workers/publisher/order-messages.js';
import {
  encodeFeatures,
  encodeMarketTrade,
  encodePosition,
  encodeReport,
  encodeTrade,
  type FeatureFields,
  type Level,
  type ReportFields,
  reportBytes,
  type TradeFields,
  tradeBytes,
} from '../support/market-records.js';
import { SEED } from '../support/seed.js';
import { encodeStatus, type StatusFields } from '../support/status-records.js';
import {
  naiveBook,
  naiveFill,
  naivePhase,
  naivePosition,
  naiveReport,
  naiveTrade,
  SESSION,
} from './naive-messages.js';

fc.configureGlobal({ seed: SEED, numRuns: 1000 });

const TERMS = { venue: 'MILLRACE', base_currency: 'A', quote_currency: 'B', max_quantity: null } as const;
const sized = (symbol: string, tick: string, lot: string) => ({
  ...TERMS,
  symbol,
  tick_size: tick,
  lot_size: lot,
  reference_price: tick,
  min_quantity: lot,
});
const INSTRUMENTS = new InstrumentTable([
  sized('BTC-USD', '0.01', '0.0001'),
  sized('HALF', '0.5', '25'),
  sized('FINE:"x"', '0.000000000001', '0.000000001'),
  { ...sized('BTCUSDT', '0.10', '0.001'), venue: 'binance-usdm' },
]);

const instrument = fc.constantFrom(0, 1, 2, 3);
const whole = fc.maxSafeNat();
const small = fc.nat(1_000_000);
const signed = fc.maxSafeInteger();
const time = fc.integer({ min: -1e15, max: 9e15 });
const ratio = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('messages', () => {
  const DEPTH = 3;
  const market = new MarketMessages(SESSION, INSTRUMENTS, DEPTH);
  const orders = new OrderMessages(SESSION, INSTRUMENTS);
  const at = (index: number) => INSTRUMENTS.all[index];

  const features: fc.Arbitrary<FeatureFields> = fc.record({
    instrument,
    bestBidPrice: small,
    bestBidQuantity: fc.nat(2),
    bestAskPrice: small,
    bestAskQuantity: fc.nat(2),
    midpoint: small.map((halves) => halves / 2),
    relativeSpread: ratio,
    breadth: small,
    imbalanceLevel1: ratio,
    bidDepth: small,
    askDepth: small,
    orderFlowImbalance: fc.integer({ min: -1e6, max: 1e6 }),
    volatilityMid: ratio,
    volatilityTrades: ratio,
    tradedVolume: small,
  });

  it('trades are exact, field by field', () => {
    const trade = fc.record({
      sequence: whole,
      tradeId: whole,
      timestamp: time,
      receiveTimestamp: time,
      price: whole,
      quantity: whole,
      instrument,
      takerSide: fc.nat(2),
    });
    fc.assert(
      fc.property(trade, fc.option(features), small, whole, (one, latest, before, seq) => {
        const book = new MarketBook(at(one.instrument));
        const words = new Int32Array(MarketTrade.BYTES / 4);
        encodeMarketTrade(words, 0, one);
        if (latest !== null) {
          const payload = new Int32Array(Features.BYTES / 4);
          encodeFeatures(payload, 0, latest);
          book.onFeatures(payload, 0);
        }
        book.volumeSinceFeatures = before;
        const traded = (latest?.tradedVolume ?? 0) + before;
        const volatility = latest === null ? null : latest.volatilityTrades;
        expect(market.trade(words, 0, book, seq)).toBe(
          naiveTrade(at(one.instrument), one, traded, volatility, seq),
        );
      }),
    );
  });

  const status: fc.Arbitrary<StatusFields> = fc.record({
    eventSequence: whole,
    sequence: whole,
    timestamp: time,
    instrument,
    phase: fc.integer({ min: 1, max: 7 }),
    previousPhase: fc.integer({ min: 1, max: 7 }),
    reason: fc.constantFrom(0, 82, 83),
    indicativePrice: fc.option(signed),
    indicativeQuantity: whole,
    surplus: signed,
    lastPrice: fc.option(signed),
    referencePrice: fc.option(signed),
  });

  it('phase changes are exact', () => {
    const words = new Int32Array(InstrumentStatus.BYTES / 4);
    fc.assert(
      fc.property(status, whole, (one, seq) => {
        encodeStatus(InstrumentStatus, words, 0, one);
        expect(orders.phase(words, 0, seq)).toBe(naivePhase(at(one.instrument), one, seq));
      }),
    );
  });

  it('books are exact: best levels first, cut at the depth, with features and phase or nulls', () => {
    const levels = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 })),
      {
        maxLength: 6,
        selector: ([price]) => price,
      },
    );
    const options = fc.tuple(fc.option(features), fc.option(status));
    const best = (side: Level[], sign: number): Level[] => [...side].sort((a, b) => sign * (a[0] - b[0]));
    fc.assert(
      fc.property(instrument, time, time, levels, levels, options, whole, (index, ...rest) => {
        const [timestamp, receiveTimestamp, bids, asks, [latest, phase], seq] = rest;
        const book = new MarketBook(at(index));
        Object.assign(book, { timestamp, receiveTimestamp });
        const depth = new DepthBook();
        for (const [price, quantity] of bids) depth.bids.set(price, quantity);
        for (const [price, quantity] of asks) depth.asks.set(price, quantity);
        if (latest !== null) {
          const payload = new Int32Array(Features.BYTES / 4);
          encodeFeatures(payload, 0, latest);
          book.onFeatures(payload, 0);
        }
        if (phase !== null) {
          const payload = new Int32Array(MarketStatus.BYTES / 4);
          encodeStatus(MarketStatus, payload, 0, phase);
          book.onStatus(payload, 0);
        }
        // Features of the market before an auction say nothing of it.
        const shown = phase !== null && collectsOrders(phase.phase) ? null : latest;
        const sorted = { timestamp, receiveTimestamp, bids: best(bids, -1), asks: best(asks, 1) };
        expect(market.book(book, depth, seq)).toBe(naiveBook(at(index), sorted, shown, phase, DEPTH, seq));
      }),
    );
  });

  it('order events are exact, for reports and for both sides of a fill', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const report = fc.record({
      eventSequence: whole,
      sequence: whole,
      timestamp: time,
      orderId: fc.oneof(whole, fc.constant(0)),
      clientOrderIdLow: fc.oneof(word, fc.constant(0)),
      clientOrderIdHigh: fc.oneof(word, fc.nat(0x3fffff), fc.constant(0)),
      price: whole,
      quantity: whole,
      leavesQuantity: whole,
      filledQuantity: whole,
      account: fc.nat(65_535),
      instrument,
      executionType: fc.integer({ min: 1, max: 8 }),
      status: fc.nat(5),
      side: fc.nat(2),
      orderType: fc.nat(5),
      reason: fc.constantFrom(0, 1, 5, 18, 64, 73),
    });
    const conditions = fc.record({
      displayedQuantity: whole,
      stopPrice: signed,
      expireTime: fc.oneof(time, fc.constant(0)),
      linkedOrderId: fc.oneof(whole, fc.constant(0)),
    });
    const fees = fc.record({ makerFee: signed, takerFee: signed });
    const reports = fc
      .tuple(report, fc.option(conditions))
      .map(([one, more]): ReportFields => (more === null ? one : { ...one, conditions: more }));
    const trade = fc.record({
      eventSequence: whole,
      sequence: whole,
      timestamp: time,
      tradeId: whole,
      price: whole,
      quantity: whole,
      makerOrderId: whole,
      takerOrderId: whole,
      makerLeaves: fc.oneof(whole, fc.constant(0)),
      takerLeaves: fc.oneof(whole, fc.constant(0)),
      makerAccount: fc.nat(65_535),
      takerAccount: fc.nat(65_535),
      instrument,
      takerSide: fc.integer({ min: 1, max: 2 }),
    });
    const trades = fc
      .tuple(trade, fc.option(fees))
      .map(([one, more]): TradeFields => (more === null ? one : { ...one, fees: more }));
    fc.assert(
      fc.property(reports, trades, whole, (one, other, seq) => {
        const reportWords = new Int32Array(reportBytes(one) / 4);
        encodeReport(reportWords, 0, one);
        expect(orders.report(reportWords, 0, seq)).toBe(naiveReport(at(one.instrument), one, seq));
        const tradeWords = new Int32Array(tradeBytes(other) / 4);
        encodeTrade(tradeWords, 0, other);
        for (const maker of [true, false]) {
          expect(orders.fill(tradeWords, 0, maker, seq)).toBe(
            naiveFill(at(other.instrument), other, maker, seq),
          );
        }
      }),
    );
  });

  it('a report about an instrument that nobody knows has nulls where its tick and lot are needed', () => {
    const words = new Int32Array(ExecutionReport.BYTES / 4);
    encodeReport(words, 0, {
      eventSequence: 1,
      sequence: 0,
      timestamp: 0,
      orderId: 9,
      clientOrderIdLow: 0,
      clientOrderIdHigh: 0,
      price: 1,
      quantity: 1,
      leavesQuantity: 0,
      filledQuantity: 0,
      account: 1,
      instrument: 99,
      executionType: 4,
      status: 5,
      side: 1,
      orderType: 1,
      reason: 2,
    });
    expect(JSON.parse(orders.report(words, 0, 1))).toMatchObject({
      event: 'REJECTED',
      symbol: null,
      price: null,
      quantity: null,
      reason: 'UNKNOWN_INSTRUMENT',
    });
  });

  it('positions are exact where they are whole, and the nearest double where they are quotients', () => {
    const position = fc.record({
      sequence: whole,
      timestamp: time,
      quantity: signed,
      openBuyQuantity: whole,
      openSellQuantity: whole,
      averagePrice: whole,
      realizedProfit: signed,
      lastPrice: whole,
      account: fc.nat(65_535),
      instrument,
    });
    const words = new Int32Array(PositionUpdate.BYTES / 4);
    fc.assert(
      fc.property(position, whole, (one, seq) => {
        encodePosition(words, 0, one);
        expect(orders.position(words, 0, seq)).toBe(naivePosition(at(one.instrument), one, seq));
        encodePosition(words, 0, { ...one, averagePrice: 100 / 3, instrument: 0 });
        expect(JSON.parse(orders.position(words, 0, seq)).average_price).toBe(100 / 3 / 100);
      }),
    );
  });
});
