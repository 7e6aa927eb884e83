import { describe, expect, it } from 'vitest';
import { EventFlags, ExecutionType, OrderFlags, OrderStatus, Reason, Side } from '../../src/lib/enums.js';
import * as BookUpdate from '../../src/messages/views/book-update.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as Trade from '../../src/messages/views/trade.js';
import { RECORD } from '../../src/ring/lossy-consumer.js';
import { TestPipeline } from '../support/pipeline.js';

describe('pipeline on the invoker', () => {
  it('matches an order through risk and matching', async () => {
    const pipeline = await new TestPipeline().start();
    const sell = pipeline.gateway.newOrder({ side: Side.Sell, quantity: 5, client: 7 });
    const buy = pipeline.gateway.newOrder({ account: 2, quantity: 3, client: 8 });
    const events = pipeline.settle();
    expect(events).toMatchObject([
      { kind: 'report', orderId: sell, executionType: ExecutionType.New, leavesQuantity: 5, sequence: 1 },
      { kind: 'trade', makerOrderId: sell, takerOrderId: buy, quantity: 3, makerLeaves: 2, takerLeaves: 0 },
      { kind: 'report', orderId: buy, status: OrderStatus.Filled, clientOrderIdLow: 8, sequence: 2 },
    ]);
    pipeline.risk.engine.validate();
    pipeline.gateway.cancel(sell);
    expect(pipeline.settle()).toMatchObject([{ executionType: ExecutionType.Canceled, previousLeaves: 2 }]);
    pipeline.gateway.cancel(sell);
    expect(pipeline.settle()).toMatchObject([
      { executionType: ExecutionType.CancelRejected, reason: Reason.UnknownOrder, sequence: 0 },
    ]);
    pipeline.risk.engine.validate();
    pipeline.matching.engine.validate();
    expect(pipeline.counter('risk', 'open_orders')).toBe(0);
    expect(pipeline.counter('risk', 'active_positions')).toBe(2);
  });

  it('tells the sender of a refused order what was refused and why', async () => {
    const pipeline = await new TestPipeline({ risk: { max_order_quantity: '10' } }).start();
    const { gateway } = pipeline;
    pipeline.now = 5000;
    const order = gateway.newOrder({ quantity: 11, client: 9, received: 4000, flags: OrderFlags.PostOnly });
    expect(pipeline.settle()).toMatchObject([
      {
        executionType: ExecutionType.Rejected,
        status: OrderStatus.Rejected,
        reason: Reason.OrderQuantityLimit,
        orderId: order,
        clientOrderIdLow: 9,
        eventSequence: 1,
        sequence: 0,
        timestamp: 5000,
        received: 4000,
        quantity: 11,
        price: 100,
        leavesQuantity: 0,
        side: Side.Buy,
        source: 1,
        flags: EventFlags.EndOfCommand | EventFlags.Answer | EventFlags.PostOnly,
      },
    ]);
  });

  it("shows the state of an own order when its amend is refused, and nothing of another's", async () => {
    const pipeline = await new TestPipeline({ risk: { max_order_quantity: '10' } }).start();
    const { gateway } = pipeline;
    const order = gateway.newOrder({ quantity: 8, instrument: 1 });
    gateway.newOrder({ quantity: 3, side: Side.Sell, account: 2, instrument: 1 });
    pipeline.settle();
    gateway.amend(order, 100, 11);
    gateway.amend(order, 100, 5, { account: 2 });
    expect(pipeline.settle()).toMatchObject([
      {
        executionType: ExecutionType.CancelRejected,
        reason: Reason.OrderQuantityLimit,
        status: OrderStatus.PartiallyFilled,
        instrument: 1,
        quantity: 8,
        filledQuantity: 3,
        leavesQuantity: 5,
        side: Side.Buy,
      },
      {
        reason: Reason.NotOrderOwner,
        status: OrderStatus.Rejected,
        account: 2,
        instrument: 0,
        filledQuantity: 0,
        leavesQuantity: 0,
        side: 0,
      },
    ]);
  });

  it('obeys a kill switch from the next order on, and still cancels', async () => {
    const pipeline = await new TestPipeline().start();
    const { gateway, controls } = pipeline;
    const order = gateway.newOrder();
    pipeline.settle();
    controls.engageKillSwitch({});
    gateway.newOrder();
    gateway.amend(order, 100, 5);
    gateway.cancel(order);
    const reasons = pipeline
      .settle()
      .map((event) => event.kind === 'report' && [event.executionType, event.reason]);
    expect(reasons).toEqual([
      [ExecutionType.Rejected, Reason.KillSwitch],
      [ExecutionType.CancelRejected, Reason.KillSwitch],
      [ExecutionType.Canceled, Reason.UserRequested],
    ]);
    controls.releaseKillSwitch({});
    gateway.newOrder();
    expect(pipeline.settle()).toMatchObject([{ executionType: ExecutionType.New }]);
  });

  it('takes commands of both edges in one sequence', async () => {
    const pipeline = await new TestPipeline({ strategies: true }).start();
    const { gateway, strategies } = pipeline;
    for (let i = 0; i < 5; i++) {
      gateway.newOrder();
      strategies?.newOrder({ account: 2 });
    }
    const events = pipeline.settle();
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(events.map((event) => event.kind === 'report' && event.source))).toEqual(new Set([1, 16]));
  });

  it('skips and counts what is no command', async () => {
    const pipeline = await new TestPipeline().start();
    const { commands } = pipeline.gateway;
    for (const [type, length] of [
      [NewOrder.TYPE, NewOrder.BYTES - 8],
      [Trade.TYPE, Trade.BYTES],
      [99, 8],
    ]) {
      commands.claim(type, length);
      commands.commitAndPublish();
    }
    pipeline.gateway.newOrder();
    expect(pipeline.settle()).toMatchObject([{ executionType: ExecutionType.New, sequence: 1 }]);
    expect(pipeline.counter('risk', 'malformed_total')).toBe(3);
  });

  it('refuses orders in instruments that are not matched here', async () => {
    const instruments = [{ symbol: 'AAA' }, { symbol: 'BTCUSDT', venue: 'binance-spot' }];
    const pipeline = await new TestPipeline({ instruments }).start();
    pipeline.gateway.newOrder({ instrument: 1 });
    expect(pipeline.settle()).toMatchObject([{ reason: Reason.UnknownInstrument }]);
  });

  it('tells market data of what was drained while matching waited for room', async () => {
    const pipeline = await new TestPipeline().start();
    const market = pipeline.gateway.context.lossy('market');
    const marketData = pipeline.agents.find(({ name }) => name === 'market-data');
    pipeline.gateway.newOrder();
    pipeline.risk.doWork(0);
    pipeline.matching.doWork(0);
    expect(marketData?.relieve?.(0)).toBe(1);
    expect(marketData?.hasWork()).toBe(true);
    marketData?.doWork(0);
    expect(market.poll()).toBe(RECORD);
    expect(market.type).toBe(BookUpdate.TYPE);
    expect(marketData?.hasWork()).toBe(false);
  });
});
