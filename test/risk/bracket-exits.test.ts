/** Prices of a bracket's exits: they are checked when the entry comes in, because later nothing refuses them. */
import { describe, expect, it } from 'vitest';
import { OrderType } from '../../src/lib/enums.js';
import { Desk } from './desk.js';

describe('exits of a bracket', () => {
  const desk = new Desk({}, { price_collar_percent: 10 });
  const buyStop = { stopPrice: 150 };

  it.each([
    ['a take profit that would sell at the collar', 'buy', { takeProfitPrice: 90 }, 'NONE'],
    ['below it', 'buy', { takeProfitPrice: 89 }, 'PRICE_COLLAR'],
    ['one that waits far above', 'buy', { takeProfitPrice: 500 }, 'NONE'],
    ['a take profit that would buy at the collar', 'sell', { takeProfitPrice: 110 }, 'NONE'],
    ['above it', 'sell', { takeProfitPrice: 111 }, 'PRICE_COLLAR'],
    ['one that waits far below', 'sell', { takeProfitPrice: 1 }, 'NONE'],
    ['a limit at the collar of its stop loss', 'buy', { stopLossPrice: 50, stopLossLimitPrice: 45 }, 'NONE'],
    ['below it', 'buy', { stopLossPrice: 50, stopLossLimitPrice: 44 }, 'PRICE_COLLAR'],
    ['above it', 'sell', { stopLossPrice: 50, stopLossLimitPrice: 56 }, 'PRICE_COLLAR'],
    ['collared from the trigger of the entry', 'buy', { ...buyStop, takeProfitPrice: 135 }, 'NONE'],
    ['and below it', 'buy', { ...buyStop, takeProfitPrice: 134 }, 'PRICE_COLLAR'],
  ] as const)('%s', (_name, side, { ...conditions }, verdict) => {
    const isStop = 'stopPrice' in conditions;
    const fields = { conditions, ...(isStop && { orderType: OrderType.Stop }) };
    expect(desk[side](1, isStop ? 0 : 100, fields)).toBe(verdict);
  });
});
