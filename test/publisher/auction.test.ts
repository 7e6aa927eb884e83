import { expect, it } from 'vitest';
import { BookFlags, ExecutionType, Reason, TradingPhase } from '../../src/lib/enums.js';
import * as InstrumentStatus from '../../src/messages/views/instrument-status.js';
import * as MarketStatus from '../../src/messages/views/market-status.js';
import { type ReportFields, writeFeatures, writeReport } from '../support/market-records.js';
import { writeStatus } from '../support/status-records.js';
import {
  FEATURES,
  parsed,
  startRig,
  subscribe,
  writeEvents,
  writeSnapshot,
  writeUpdate,
} from './publishing.js';

/** The end of a command, about no order. */
const COMPLETED: ReportFields = {
  ...{ eventSequence: 0, sequence: 1, timestamp: 0, orderId: 0, clientOrderIdLow: 0, clientOrderIdHigh: 0 },
  ...{ price: 0, quantity: 0, leavesQuantity: 0, filledQuantity: 0, account: 0, instrument: 0 },
  ...{ executionType: ExecutionType.Completed, status: 0, side: 0, orderType: 0, reason: 0 },
};

it('tells of phases and auctions: a change among the order events, a book without levels and with its indicative price', async () => {
  const rig = await startRig(['--publisher.book_interval_ms=0']);
  const { endpoints } = rig;
  const subscriber = subscribe([endpoints.orders, endpoints.books, endpoints.binary]);
  const status = (phase: TradingPhase, previousPhase: TradingPhase, indicativePrice: number | null) => {
    const one = {
      ...{ eventSequence: ++now, sequence: now, timestamp: now, instrument: 0, reason: Reason.None },
      ...{ phase, previousPhase, indicativePrice, lastPrice: 6_000_000, referencePrice: null },
      indicativeQuantity: indicativePrice === null ? 0 : 7,
      surplus: indicativePrice === null ? 0 : -2,
    };
    writeStatus(InstrumentStatus, rig.producer('events'), one);
    writeStatus(MarketStatus, rig.producer('market'), one);
    rig.settle(now * 1e6);
  };
  const { Continuous, VolatilityAuction } = TradingPhase;
  let now = 0;
  await subscriber.until(
    () => Object.values(endpoints).filter((one) => subscriber.from(one).length > 0).length === 3,
    () => {
      writeSnapshot(rig, ++now, 5);
      writeFeatures(rig.producer('market'), FEATURES);
      writeEvents(rig, now);
      rig.settle(now * 1e6);
    },
  );
  const events = rig.counter('orders_total');
  const books = rig.counter('books_total');
  status(VolatilityAuction, Continuous, null);
  status(VolatilityAuction, VolatilityAuction, 6_000_100);
  writeReport(rig.producer('events'), { ...COMPLETED, eventSequence: ++now });
  writeUpdate(rig, ++now, 8, BookFlags.LastChunk);
  status(Continuous, VolatilityAuction, 6_000_100);
  writeSnapshot(rig, ++now, 6);
  rig.settle(now * 1e6);
  await subscriber.until(() => parsed(subscriber, endpoints.books).at(-1)?.phase === 'CONTINUOUS');
  expect(rig.counter('orders_total') - events).toBe(2);
  expect(parsed(subscriber, endpoints.orders).slice(-2)).toMatchObject([
    { event: 'PHASE', symbol: 'BTC-USD', phase: 'VOLATILITY_AUCTION', previous_phase: 'CONTINUOUS' },
    {
      event: 'PHASE',
      phase: 'CONTINUOUS',
      indicative_price: 60001,
      indicative_quantity: 0.0007,
      seq: events + 2,
    },
  ]);
  const auction = parsed(subscriber, endpoints.books).slice(books - rig.counter('books_total'));
  const nothing = { bids: [], asks: [], midpoint: null, phase: 'VOLATILITY_AUCTION' };
  expect(auction[0]).toMatchObject({ ...nothing, indicative_price: null, indicative_quantity: 0 });
  expect(auction.slice(1, -1).every((book) => (book.bids as unknown[]).length === 0)).toBe(true);
  expect(auction.at(-2)).toMatchObject({ ...nothing, indicative_price: 60001, surplus: -0.0002 });
  expect(auction.at(-1)).toMatchObject({
    bids: [
      [59999, 0.0006],
      [59998, 0.0007],
    ],
    phase: 'CONTINUOUS',
  });
  expect(rig.counter('errors_total')).toBe(0);
  const topics = new Set(subscriber.from(endpoints.binary).map(({ frames }) => frames[0]));
  for (const type of ['InstrumentStatus', 'MarketStatus']) expect(topics).toContain(`${type}.BTC-USD`);
});
