import { describe, expect, it } from 'vitest';
import { ExecutionType, OrderStatus, Reason, Side } from '../../src/lib/enums.js';
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
});
