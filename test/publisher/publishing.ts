/** What the tests of the running publisher share: rigs that are closed after each test, and records to publish. */
import { afterEach } from 'vitest';
import { BookFlags, Side } from '../../src/lib/enums.js';
import {
  type FeatureFields,
  type MarketTradeFields,
  writeBook,
  writePosition,
  writeReport,
  writeTrade,
} from '../support/market-records.js';
import { PublisherRig, RemoteSubscriber } from '../support/publisher-rig.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function startRig(flags: readonly string[] = []): Promise<PublisherRig> {
  const rig = await PublisherRig.start(flags);
  cleanups.push(() => rig.close());
  return rig;
}

export function subscribe(endpoints: readonly string[]): RemoteSubscriber {
  const subscriber = new RemoteSubscriber(endpoints);
  cleanups.push(() => subscriber.stop());
  return subscriber;
}

export const WHOLE = BookFlags.LastChunk | BookFlags.Synced;

export function marketTrade(sequence: number, instrument = 0): MarketTradeFields {
  return {
    sequence,
    tradeId: sequence,
    timestamp: sequence * 1000,
    receiveTimestamp: sequence * 1000 + 1,
    price: 6_000_000 + (sequence % 100),
    quantity: 1 + (sequence % 7),
    instrument,
    takerSide: sequence % 2 === 0 ? Side.Buy : Side.Sell,
  };
}

export function writeSnapshot(rig: PublisherRig, sequence: number, bidQuantity = 5): void {
  writeBook(rig.producer('market'), true, {
    sequence,
    venueSequence: sequence,
    timestamp: sequence,
    receiveTimestamp: sequence,
    instrument: 0,
    flags: WHOLE,
    bids: [
      [5_999_900, bidQuantity],
      [5_999_800, 7],
    ],
    asks: [[6_000_100, 9]],
  });
}

export function writeUpdate(
  rig: PublisherRig,
  sequence: number,
  bidQuantity: number,
  flags: number = WHOLE,
): void {
  writeBook(rig.producer('market'), false, {
    sequence,
    venueSequence: sequence,
    timestamp: sequence,
    receiveTimestamp: sequence,
    instrument: 0,
    flags,
    bids: [[5_999_900, bidQuantity]],
    asks: [],
  });
}

export const FEATURES: FeatureFields = {
  instrument: 0,
  bestBidPrice: 5_999_900,
  bestBidQuantity: 5,
  bestAskPrice: 6_000_100,
  bestAskQuantity: 9,
  midpoint: 6_000_000,
  relativeSpread: 200 / 6_000_000,
  breadth: 3,
  imbalanceLevel1: -4 / 14,
  bidDepth: 12,
  askDepth: 9,
  orderFlowImbalance: -3,
  volatilityMid: 0.001,
  volatilityTrades: 0.002,
  tradedVolume: 40,
};

export function writeEvents(rig: PublisherRig, sequence: number): void {
  const common = { sequence, timestamp: sequence, instrument: 0 };
  writeTrade(rig.producer('events'), {
    ...common,
    eventSequence: 2 * sequence - 1,
    tradeId: sequence,
    price: 6_000_000,
    quantity: 3,
    makerOrderId: 11,
    takerOrderId: 12,
    makerLeaves: 0,
    takerLeaves: 2,
    makerAccount: 2,
    takerAccount: 1,
    takerSide: Side.Buy,
  });
  writeReport(rig.producer('events'), {
    ...common,
    eventSequence: 2 * sequence,
    orderId: 12,
    clientOrderIdLow: 77,
    clientOrderIdHigh: 0,
    price: 6_000_000,
    quantity: 5,
    leavesQuantity: 2,
    filledQuantity: 3,
    account: 1,
    executionType: 1,
    status: 2,
    side: Side.Buy,
    orderType: 1,
    reason: 0,
  });
  writePosition(rig.producer('positions'), {
    ...common,
    quantity: 3,
    openBuyQuantity: 2,
    openSellQuantity: 0,
    averagePrice: 6_000_000,
    realizedProfit: 0,
    lastPrice: 6_000_000,
    account: 1,
  });
}

export const parsed = (subscriber: RemoteSubscriber, endpoint: string): Record<string, unknown>[] =>
  subscriber.from(endpoint).map(({ frames }) => JSON.parse(frames[0]) as Record<string, unknown>);
