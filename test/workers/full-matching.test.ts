import { describe, expect, it } from 'vitest';
import {
  Contingency,
  EventFlags,
  ExecutionType,
  OrderStatus,
  OrderType,
  Reason,
  SelfTradePrevention,
  Side,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';
import * as BookSnapshot from '../../src/messages/views/book-snapshot.js';
import * as BookUpdate from '../../src/messages/views/book-update.js';
import * as Features from '../../src/messages/views/features.js';
import * as MarketStatus from '../../src/messages/views/market-status.js';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import { RECORD } from '../../src/ring/lossy-consumer.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import type { EdgeEvent } from '../support/edge.js';
import { type PipelineOptions, TestPipeline } from '../support/pipeline.js';

const { Continuous, PreOpen, VolatilityAuction, Halt, ClosingAuction, Closed } = TradingPhase;

const open = (options: PipelineOptions): TestPipeline =>
  new TestPipeline({ risk: { price_collar_percent: 900 }, ...options });

const start = (options: PipelineOptions = {}): Promise<TestPipeline> => open(options).start();

const aaa = (keys: Record<string, unknown>) => ({ instruments: [{ symbol: 'AAA', ...keys }] });

/** `report NEW`, `trade`, `status 4`: what came, in order. */
const shortly = (events: readonly EdgeEvent[]): string[] =>
  events.map((event) => {
    if (event.kind === 'report')
      return `${event.orderId % 2 ** 20} ${nameOf(ExecutionType, event.executionType)}`;
    return event.kind === 'trade' ? `${event.quantity} @ ${event.price}` : nameOf(TradingPhase, event.phase);
  });

const nameOf = (names: Readonly<Record<string, number>>, value: number): string =>
  Object.keys(names).find((name) => names[name] === value) ?? '?';

describe('orders with conditions through the pipeline', () => {
  it('a stop waits off the book, triggers on a trade and trades, all told in long reports', async () => {
    const pipeline = await start();
    const { gateway } = pipeline;
    gateway.newOrder({ side: Side.Sell, price: 105, quantity: 5, account: 2 });
    gateway.newOrder({ side: Side.Sell, price: 106, quantity: 5, account: 2 });
    gateway.newOrder({
      orderType: OrderType.Stop,
      price: 0,
      quantity: 4,
      client: 9,
      conditions: { stopPrice: 105 },
    });
    const waiting = pipeline.settle().at(-1);
    expect(waiting).toMatchObject({ executionType: ExecutionType.New, stopPrice: 105, clientOrderIdLow: 9 });
    expect(waiting).toMatchObject({
      displayedQuantity: 0,
      flags: EventFlags.Answer | EventFlags.EndOfCommand | EventFlags.Conditional,
    });
    gateway.newOrder({ price: 105, quantity: 3, account: 3, client: 11 });
    const events = pipeline.settle();
    expect(shortly(events)).toEqual(['3 @ 105', '4 New', '2 @ 105', '2 @ 106', '3 Triggered', '0 Completed']);
    // Only the answer repeats the key of the request.
    expect(events.map((event) => (event.kind === 'report' ? event.clientOrderIdLow : 0))).toEqual([
      0, 11, 0, 0, 0, 0,
    ]);
    expect(events.at(-2)).toMatchObject({ status: OrderStatus.Filled, filledQuantity: 4, stopPrice: 105 });
    expect(events.filter(({ flags }) => (flags & EventFlags.EndOfCommand) !== 0)).toEqual([events.at(-1)]);
    pipeline.risk.engine.validate();
  });

  it('a bracket, its exits, and the one that the other reduces', async () => {
    const pipeline = await start();
    const { gateway } = pipeline;
    gateway.newOrder({ side: Side.Sell, quantity: 6, account: 2 });
    const entry = gateway.newOrder({ quantity: 6, conditions: { takeProfitPrice: 110, stopLossPrice: 90 } });
    const events = pipeline.settle();
    expect(events.slice(-3)).toMatchObject([
      {
        orderId: entry + 2,
        orderType: OrderType.Stop,
        stopPrice: 90,
        side: Side.Sell,
      },
      { orderId: entry + 1, price: 110, quantity: 6, displayedQuantity: 6, linkedOrderId: entry + 2 },
      { executionType: ExecutionType.Completed, orderId: 0 },
    ]);
    gateway.newOrder({ price: 110, quantity: 2, account: 3 });
    expect(pipeline.settle()).toMatchObject([
      { kind: 'trade', makerOrderId: entry + 1 },
      { executionType: ExecutionType.Restated, orderId: entry + 2, leavesQuantity: 4, quantity: 4 },
      { executionType: ExecutionType.New },
    ]);
    pipeline.risk.engine.validate();
  });

  it('an amend moves a trigger, a date ends an order, the own group is not traded with', async () => {
    const accounts = [1, 2, 3].map((id) => ({
      id,
      name: `a${id}`,
      ...(id < 3 && { self_trade_group: 'desk' }),
    }));
    const pipeline = await start({ risk: { accounts, price_collar_percent: 900 } });
    const { gateway } = pipeline;
    const stop = gateway.newOrder({
      orderType: OrderType.StopLimit,
      price: 120,
      conditions: { stopPrice: 110 },
    });
    gateway.amend(stop, 120, 2, { conditions: { stopPrice: 115 } });
    expect(pipeline.settle().at(-1)).toMatchObject({
      executionType: ExecutionType.Replaced,
      stopPrice: 115,
      quantity: 2,
    });
    gateway.newOrder({ timeInForce: TimeInForce.GoodTillDate, conditions: { expireTime: 5e9 } });
    gateway.newOrder({ side: Side.Sell, price: 101, account: 2 });
    expect(pipeline.settle().at(0)).toMatchObject({ expireTime: 5e9, executionType: ExecutionType.New });
    pipeline.now = 6e9;
    gateway.newOrder({ price: 101, selfTradePrevention: SelfTradePrevention.CancelOldest });
    expect(pipeline.settle()).toMatchObject([
      { executionType: ExecutionType.Canceled, reason: Reason.Expired },
      { executionType: ExecutionType.Completed },
      { executionType: ExecutionType.Canceled, reason: Reason.SelfTradePrevented, account: 2 },
      { executionType: ExecutionType.New, status: OrderStatus.New },
    ]);
  });

  it('refuses in matching what contradicts itself', async () => {
    const pipeline = await start();
    pipeline.gateway.newOrder({
      conditions: { contingency: Contingency.OneCancelsOther, linkedOrderId: 77 },
    });
    pipeline.gateway.newOrder({ quantity: 3, conditions: { displayedQuantity: 4 } });
    expect(pipeline.settle()).toMatchObject([
      { executionType: ExecutionType.Rejected, reason: Reason.LinkedOrderUnavailable },
      { executionType: ExecutionType.Rejected, reason: Reason.InvalidConditions },
    ]);
  });
});

describe('fees', () => {
  it('stand in the trades of an instrument that has any', async () => {
    const pipeline = await start({
      instruments: [{ symbol: 'AAA', maker_fee_bps: -100, taker_fee_bps: 250 }, { symbol: 'BBB' }],
    });
    for (const instrument of [0, 1]) {
      pipeline.gateway.newOrder({ side: Side.Sell, quantity: 3, instrument });
      pipeline.gateway.newOrder({ quantity: 3, account: 2, instrument });
    }
    const trades = pipeline.settle().filter((event) => event.kind === 'trade');
    // 1 and 2.5 percent of 300, the former given back.
    expect(trades.map(({ makerFee, takerFee }) => [makerFee, takerFee])).toEqual([
      [-3, 8],
      [Number.NaN, Number.NaN],
    ]);
  });
});

describe('phases through the pipeline', () => {
  /** What the market ring has had since the last look, and the books of it. */
  const startWithMarket = async (options: PipelineOptions) => {
    const pipeline = open(options);
    const ring = pipeline.gateway.context.lossy('market');
    const replicas = new BookReplicas();
    const take = (): string[] => {
      const told: string[] = [];
      while (ring.poll() === RECORD) {
        const { type, words, at } = ring;
        replicas.onRecord(type, words, at);
        if (type === MarketStatus.TYPE)
          told.push(
            `${nameOf(TradingPhase, MarketStatus.phase(words, at))} ${MarketStatus.indicativePrice(words, at)}`,
          );
        else if (type === MarketTrade.TYPE) told.push(`trade ${MarketTrade.price(words, at)}`);
        else if (type === Features.TYPE) told.push('features');
        else {
          const synced = BookUpdate.flags(words, at) & 2 ? '' : 'unsynced ';
          told.push(`${synced}${type === BookSnapshot.TYPE ? 'snapshot' : 'update'}`);
        }
      }
      return told;
    };
    await pipeline.start();
    return { pipeline, take, replicas };
  };

  it('from pre-open to trading: orders are collected, the uncross trades, then the book may be read', async () => {
    const { pipeline, take, replicas } = await startWithMarket(aaa({ initial_phase: 'pre-open' }));
    const { gateway } = pipeline;
    expect(take()).toEqual(['PreOpen 0', 'unsynced snapshot']);
    gateway.newOrder({ price: 102, quantity: 5 });
    gateway.newOrder({ side: Side.Sell, price: 98, quantity: 3, account: 2 });
    gateway.newOrder({ price: 99, timeInForce: TimeInForce.ImmediateOrCancel });
    expect(pipeline.settle().at(-1)).toMatchObject({ reason: Reason.NotInThisPhase });
    expect(take()).toEqual(['unsynced update']);
    gateway.setPhase(0, TradingPhase.OpeningAuction);
    expect(pipeline.settle().filter(({ kind }) => kind === 'status')).toMatchObject([
      { phase: TradingPhase.OpeningAuction, previousPhase: PreOpen },
      { indicativePrice: 102, indicativeQuantity: 3, surplus: 2, flags: 1 | 4, referencePrice: 100 },
    ]);
    expect(take()).toEqual(['OpeningAuction 0', 'OpeningAuction 102', 'unsynced update']);
    expect(replicas.readable(0)).toBeUndefined();
    gateway.setPhase(0, Continuous);
    const events = pipeline.settle();
    expect(shortly(events)).toEqual(['Continuous', '3 @ 102', '1 Restated', '2 Restated', '0 Completed']);
    expect(events[1].flags & EventFlags.Auction).toBe(EventFlags.Auction);
    expect(events.at(-1)).toMatchObject({
      clientOrderIdLow: 5,
      flags: EventFlags.Answer | EventFlags.EndOfCommand,
    });
    expect(take()).toEqual(['Continuous 102', 'trade 102', 'snapshot', 'features']);
    const book = replicas.readable(0);
    expect([book?.bids.bestPrice(), book?.bids.bestQuantity(), book?.asks.count]).toEqual([102, 2, 0]);
    pipeline.risk.engine.validate();
  });

  it('a price outside its band starts an auction; the closing auction ends in the close', async () => {
    const { pipeline, take, replicas } = await startWithMarket(aaa({ static_band_percent: 5 }));
    const { gateway } = pipeline;
    gateway.newOrder({ side: Side.Sell, price: 120, quantity: 2 });
    pipeline.settle();
    take();
    gateway.newOrder({ price: 121, account: 2 });
    expect(pipeline.settle().filter(({ kind }) => kind === 'status')).toMatchObject([
      { phase: VolatilityAuction, reason: Reason.StaticPriceBand },
      { indicativePrice: 120, indicativeQuantity: 1 },
    ]);
    expect(take().slice(0, 1)).toEqual(['VolatilityAuction 0']);
    expect(replicas.readable(0)).toBeUndefined();
    for (const phase of [ClosingAuction, Closed]) gateway.setPhase(0, phase);
    const events = pipeline.settle();
    expect(events.filter(({ kind }) => kind === 'trade')).toHaveLength(1);
    take();
    expect(replicas.readable(0)?.asks.bestQuantity()).toBe(1);
  });

  it('a halt leaves the book as it was: to be read, or not if an auction was collected', async () => {
    const { pipeline, take, replicas } = await startWithMarket({});
    pipeline.gateway.newOrder({ quantity: 4 });
    pipeline.gateway.setPhase(0, Halt);
    pipeline.gateway.setPhase(1, PreOpen);
    pipeline.gateway.setPhase(1, Halt);
    pipeline.gateway.newOrder();
    expect(pipeline.settle().at(-1)).toMatchObject({ reason: Reason.NotInThisPhase });
    take();
    expect(replicas.readable(0)?.bids.bestQuantity()).toBe(4);
    expect(replicas.readable(1)).toBeUndefined();
    pipeline.gateway.setPhase(1, Halt);
    expect(pipeline.settle()).toMatchObject([
      { executionType: ExecutionType.Rejected, reason: Reason.InvalidPhase },
    ]);
  });

  it('readers that come late or were lapped hear of the phase with the next snapshots', async () => {
    const { pipeline, take } = await startWithMarket(aaa({ initial_phase: 'closed' }));
    take();
    pipeline.now += 2e9;
    pipeline.settle();
    expect(take()).toEqual(['Closed 0', 'snapshot', 'features']);
  });
});
