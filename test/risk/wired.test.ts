/** The controls in their places: what they need reaches risk from the other agents, on one thread. */
import { describe, expect, it } from 'vitest';
import { Reason, Side, TradingPhase } from '../../src/lib/enums.js';
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

  it('holds orders to the collar around an operator’s new reference price, until the next trade', async () => {
    const pipeline = await start({ risk: { price_collar_percent: 10 } });
    const buyAt = (price: number): number[] => {
      pipeline.gateway.newOrder({ price, quantity: 1 });
      return pipeline.settle().flatMap((event) => ('reason' in event ? [Number(event.reason)] : []));
    };
    const phase = (to: TradingPhase, reference?: number): void => {
      pipeline.gateway.setPhase(0, to, reference);
      pipeline.settle();
    };
    expect(buyAt(50)).toEqual([Reason.PriceCollar]);
    phase(TradingPhase.Continuous, 50);
    expect(buyAt(50), 'matching refused: it is in that phase already').toEqual([Reason.PriceCollar]);
    phase(TradingPhase.PreOpen, 50);
    expect(buyAt(50)).toEqual([Reason.None]);
    expect(buyAt(100)).toEqual([Reason.PriceCollar]);
    pipeline.gateway.newOrder({ price: 48, quantity: 1, side: Side.Sell, account: 2 });
    phase(TradingPhase.Continuous);
    expect(buyAt(56), 'a trade at 50').toEqual([Reason.PriceCollar]);
    expect(buyAt(55)).toEqual([Reason.None]);
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

  it('in cash mode holds the fee of the instrument, or fee_percent if that is more', async () => {
    const instruments = [{ symbol: 'AAA', maker_fee_bps: -1, taker_fee_bps: 50 }];
    const currencies = { XXB: { opening_balance: '1000' } };
    const accounts = [
      { id: 1, name: 'cash', mode: 'cash', currencies },
      { id: 2, name: 'other' },
    ];
    const pipeline = await start({ instruments, risk: { accounts } });
    const holds = () =>
      pipeline.controls.readings(1).find(({ currency }) => currency === 'XXB')?.values.holds;
    const buy = (quantity: number) => {
      pipeline.gateway.newOrder({ account: 1, price: 100, quantity, side: Side.Buy });
      return pipeline.settle().map((event) => ('reason' in event ? Number(event.reason) : -1));
    };
    expect(buy(10)).toEqual([Reason.InsufficientBalance]);
    expect(buy(8)).toEqual([Reason.None]);
    expect(holds()).toBe('804');
    pipeline.controls.changeLimit({ key: 'fee_percent', account: 1, value: 1 });
    expect(buy(1)).toEqual([Reason.None]);
    expect(holds()).toBe('909');
    pipeline.risk.engine.validate();
  });

  it('a trading day begins at the configured time, before the first command of the day', async () => {
    const currencies = { XXB: { max_daily_loss: '100' } };
    const accounts = [1, 2, 3].map((id) => ({ id, name: `a${id}`, ...(id === 1 && { currencies }) }));
    const pipeline = await start({ risk: { accounts, day_starts_at: '12:00:00' } });
    const { epochSeconds, epochNanoseconds } = pipeline.contextOf('risk').session;
    const noon = (86_400 - ((epochSeconds - 43_200) % 86_400)) * 1e9 - epochNanoseconds;
    const send = (account: number, side: number, price: number) => {
      pipeline.gateway.newOrder({ account, side, price, quantity: 50 });
      return pipeline.settle().flatMap((event) => ('reason' in event ? [Number(event.reason)] : []));
    };
    send(2, Side.Sell, 100);
    send(1, Side.Buy, 100);
    send(2, Side.Buy, 97);
    send(3, Side.Sell, 97);
    expect(pipeline.controls.accountState(1)).toBe('reducing_only');
    const again = () => {
      pipeline.controls.setAccountState(1, 'active');
      return send(1, Side.Buy, 90);
    };
    pipeline.now = noon - 1;
    expect([again(), pipeline.controls.days]).toEqual([[Reason.DailyLoss], 0]);
    pipeline.now = noon;
    expect([again(), pipeline.controls.days]).toEqual([[Reason.None], 1]);
    pipeline.now = noon + 3 * 86_400e9;
    expect([again(), pipeline.controls.days]).toEqual([[Reason.None], 2]);
  });
});
