/** The controls in their places: what they need reaches risk from the other agents, on one thread. */
import { describe, expect, it } from 'vitest';
import { Reason, Side } from '../../src/lib/enums.js';
import { type PipelineOptions, TestPipeline } from '../support/pipeline.js';

const start = async (options: PipelineOptions): Promise<TestPipeline> => new TestPipeline(options).start();

describe('risk in the pipeline', () => {
  it('sees the best prices of market data', async () => {
    const pipeline = await start({ risk: { fat_finger_touch_percent: 2 } });
    const send = (price: number, side: number): number[] => {
      pipeline.gateway.newOrder({ price, side, quantity: 5 });
      return pipeline.settle().map((event) => ('reason' in event ? Number(event.reason) : -1));
    };
    // Nobody offers: there is nothing to trade through.
    expect(send(105, Side.Buy)).toEqual([Reason.None]);
    expect(send(102, Side.Sell)).toEqual([Reason.FatFingerTouch]);
  });

  it('keeps readings where other threads find them', async () => {
    const currencies = { XXB: { opening_balance: '1000' } };
    const accounts = [
      { id: 1, name: 'cash', mode: 'cash', currencies },
      ...[2, 3, 4].map((id) => ({ id, name: `a${id}` })),
    ];
    const pipeline = await start({ risk: { accounts } });
    pipeline.gateway.newOrder({ account: 1, price: 90, quantity: 10, side: Side.Buy });
    pipeline.settle();
    const reading = (currency: string) =>
      pipeline.controls.readings().find((one) => one.account === 1 && one.currency === currency)?.values;
    expect([reading('XXB')?.holds, reading('XXB')?.balance]).toEqual(['900', '1000']);
    pipeline.gateway.newOrder({ account: 2, price: 90, quantity: 4, side: Side.Sell });
    pipeline.settle();
    expect([reading('XXB')?.holds, reading('XXB')?.balance, reading('XXA')?.balance]).toEqual([
      '540',
      '640',
      '4',
    ]);
    pipeline.controls.changeLimit({ key: 'opening_balance', account: 1, currency: 'XXB', value: '500' });
    pipeline.gateway.newOrder({ account: 1, price: 90, quantity: 1, side: Side.Buy });
    const [event] = pipeline.settle();
    expect('reason' in event && event.reason).toBe(Reason.InsufficientBalance);
  });
});
