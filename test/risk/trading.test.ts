/** Account states, lists, circuit breakers, throttles and fat fingers: what passes, what is refused, what reduces. */
import { describe, expect, it } from 'vitest';
import { EventFlags, OrderType, Reason, TimeInForce } from '../../src/lib/enums.js';
import { ALL_INSTRUMENTS } from '../../src/risk/controls.js';
import { MarketPrices, marketPricesBytes } from '../../src/risk/market-prices.js';
import { RiskEngine } from '../../src/risk/risk-engine.js';
import { Desk, OWN } from './desk.js';
import { createRig, fillCommand } from './rig.js';

const SECOND = 1e9;

/** Long 10 at 100. */
function long(...parameters: ConstructorParameters<typeof Desk>): Desk {
  const desk = new Desk(...parameters);
  desk.buy(10);
  desk.fill(desk.last, 10, 100);
  return desk;
}

describe('account states', () => {
  it('reducing only: nothing that could take the position further from flat', () => {
    const desk = long();
    desk.buy(5);
    const open = desk.last;
    expect(desk.controls.setAccountState(OWN, 'reducing_only')).toBe('active');
    expect([desk.buy(1), desk.sell(11), desk.sell(6), desk.sell(5), desk.sell(4)]).toEqual([
      'REDUCING_ONLY',
      'REDUCING_ONLY',
      'NONE',
      'REDUCING_ONLY',
      'NONE',
    ]);
    expect([desk.amend(open, 6), desk.amend(open, 5, 101), desk.amend(open, 4), desk.cancel(open)]).toEqual([
      'REDUCING_ONLY',
      'REDUCING_ONLY',
      'NONE',
      'NONE',
    ]);
    expect(desk.controls.setAccountState(OWN, 'active')).toBe('reducing_only');
    expect(desk.buy(1)).toBe('NONE');
  });

  it('a short position is reduced by buying', () => {
    const desk = new Desk();
    desk.sell(10);
    desk.fill(desk.last, 10, 100);
    desk.controls.setAccountState(OWN, 'reducing_only');
    expect([desk.sell(1), desk.buy(11), desk.buy(10)]).toEqual(['REDUCING_ONLY', 'REDUCING_ONLY', 'NONE']);
  });

  it('halted: no order passes, cancels and mass cancels do', () => {
    const desk = long();
    desk.buy(5);
    const open = desk.last;
    desk.controls.setAccountState(OWN, 'halted');
    expect([desk.sell(1), desk.amend(open, 6), desk.cancel(open), desk.massCancel()]).toEqual([
      'ACCOUNT_HALTED',
      'ACCOUNT_HALTED',
      'NONE',
      'NONE',
    ]);
  });

  it('from the configuration', () => {
    expect(new Desk({ state: 'halted' }).buy(1)).toBe('ACCOUNT_HALTED');
    expect(new Desk({ state: 'reducing_only' }).buy(1)).toBe('REDUCING_ONLY');
  });

  it('an amend may only take away of what is too much', () => {
    const desk = long();
    desk.sell(4);
    const exit = desk.last;
    desk.controls.setAccountState(OWN, 'reducing_only');
    expect([desk.amend(exit, 11, 99), desk.amend(exit, 10, 99)]).toEqual(['REDUCING_ONLY', 'NONE']);
  });
});

describe('instruments of an account', () => {
  it('close only and restricted, from the configuration', () => {
    const desk = new Desk({
      instruments: { AAA: { trading: 'close_only' }, BBB: { trading: 'restricted' } },
    });
    expect(desk.buy(1)).toBe('RESTRICTED_INSTRUMENT');
    expect(desk.buy(1, 100, { instrument: 1 })).toBe('RESTRICTED_INSTRUMENT');
  });

  it('at run time', () => {
    const desk = long();
    desk.set('trading', 'close_only', { instrument: 0 });
    expect([desk.buy(1), desk.sell(6), desk.buy(1, 100, { instrument: 1 })]).toEqual([
      'RESTRICTED_INSTRUMENT',
      'NONE',
      'NONE',
    ]);
    desk.set('trading', 'restricted', { instrument: 0 });
    expect([desk.sell(4), desk.cancel(desk.last - 2)]).toEqual(['RESTRICTED_INSTRUMENT', 'NONE']);
    desk.set('trading', 'open', { instrument: 0 });
    expect(desk.buy(1)).toBe('NONE');
  });
});

describe('circuit breakers', () => {
  const breaker = { breaker_percent: 5, breaker_window_s: 8, breaker_halt_s: 60 };
  const at = (desk: Desk, second: number): Desk => {
    desk.now = second * SECOND;
    return desk;
  };

  it('trip when the price moves that far within the window, for the instrument, for a time', () => {
    const desk = new Desk({}, breaker);
    desk.buy(1);
    at(desk, 1).print(100);
    at(desk, 4).print(104);
    expect(desk.buy(1)).toBe('NONE');
    at(desk, 5).print(105);
    expect([desk.buy(1, 105), desk.amend(desk.last - 6, 2), desk.cancel(desk.last - 6)]).not.toContain(
      'CIRCUIT',
    );
    expect(desk.buy(1, 105)).toBe('CIRCUIT_BREAKER');
    expect(desk.buy(1, 100, { instrument: 1 })).toBe('NONE');
    expect(desk.controls.breakerUntil(0)).toBe(65 * SECOND);
    expect(at(desk, 64.9).buy(1, 105)).toBe('CIRCUIT_BREAKER');
    expect(at(desk, 65).buy(1, 105)).toBe('NONE');
  });

  it('stop amends, but neither cancels nor what only takes quantity away', () => {
    const desk = new Desk({}, breaker);
    desk.buy(10);
    const open = desk.last;
    at(desk, 1).print(100);
    at(desk, 2).print(94);
    expect([desk.amend(open, 10, 99), desk.amend(open, 9), desk.cancel(open), desk.massCancel()]).toEqual([
      'CIRCUIT_BREAKER',
      'NONE',
      'NONE',
      'NONE',
    ]);
  });

  it('do not trip by a move that takes longer', () => {
    const desk = new Desk({}, breaker);
    for (let step = 0; step <= 10; step++) at(desk, 1 + step * 2.5).print(100 + step);
    expect(desk.controls.breakerUntil(0)).toBe(0);
  });

  it('count the price before a trade, however long ago that was made: it held until now', () => {
    const desk = new Desk({}, breaker);
    at(desk, 1).print(100);
    at(desk, 1000).print(104);
    expect(desk.buy(1, 104)).toBe('NONE');
    at(desk, 1007).print(105);
    expect(desk.buy(1, 105)).toBe('CIRCUIT_BREAKER');
    expect(desk.controls.breakerUntil(0)).toBe(1067 * SECOND);
  });

  it('count the reference price before the first trade', () => {
    const desk = new Desk({}, breaker);
    at(desk, 1).print(95);
    expect(desk.buy(1, 95)).toBe('CIRCUIT_BREAKER');
  });

  it('do not take the price before an uncross for one of now: it finds a price for what has happened since', () => {
    const desk = new Desk({}, breaker);
    at(desk, 1).print(100);
    at(desk, 1000).print(120, 0, EventFlags.Auction);
    at(desk, 1001).print(125);
    expect(desk.buy(1, 125)).toBe('NONE');
    at(desk, 1002).print(126);
    expect(desk.buy(1, 125)).toBe('CIRCUIT_BREAKER');
  });

  it('are released by hand, and without a time only so', () => {
    const desk = new Desk({}, { ...breaker, breaker_halt_s: 0 });
    desk.print(100);
    desk.print(95);
    expect(at(desk, 1e5).buy(1, 95)).toBe('CIRCUIT_BREAKER');
    expect(desk.controls.releaseBreaker(0)).toBe(Number.POSITIVE_INFINITY);
    expect(desk.buy(1, 95)).toBe('NONE');
    // The window began anew with the trip.
    desk.print(96);
    expect(desk.buy(1, 96)).toBe('NONE');
  });

  it('one of all instruments: any of them stops all', () => {
    const limits = { market_breaker_percent: 10, market_breaker_window_s: 60, market_breaker_halt_s: 10 };
    const desk = new Desk({}, limits);
    at(desk, 1).print(100);
    at(desk, 2).print(110);
    expect([desk.buy(1, 110), desk.buy(1, 100, { instrument: 1 })]).toEqual([
      'CIRCUIT_BREAKER',
      'CIRCUIT_BREAKER',
    ]);
    expect(desk.controls.breakerUntil(ALL_INSTRUMENTS)).toBe(12 * SECOND);
    desk.controls.releaseBreaker(ALL_INSTRUMENTS);
    expect(desk.buy(1, 110)).toBe('NONE');
  });

  it('set at run time: the next trade may trip it', () => {
    const desk = new Desk();
    desk.print(100);
    desk.controls.changeLimit({ key: 'breaker_percent', value: 2, instrument: 0 });
    expect(desk.buy(1)).toBe('NONE');
    desk.print(102);
    expect(desk.buy(1, 102)).toBe('CIRCUIT_BREAKER');
  });
});

describe('throttles', () => {
  it('messages of all kinds take from one bucket; mass cancels are never refused', () => {
    const desk = new Desk({ messages_per_second: 1, message_burst: 4 });
    desk.buy(1);
    const open = desk.last;
    expect([desk.amend(open, 2), desk.buy(1), desk.cancel(open)]).toEqual(['NONE', 'NONE', 'NONE']);
    expect([desk.cancel(open), desk.buy(1), desk.massCancel()]).toEqual([
      'MESSAGE_RATE',
      'MESSAGE_RATE',
      'NONE',
    ]);
    desk.now = SECOND;
    expect([desk.buy(1), desk.buy(1)]).toEqual(['NONE', 'MESSAGE_RATE']);
    desk.set('messages_per_second', null);
    expect(desk.buy(1)).toBe('NONE');
  });

  it('messages without a burst: those of a second', () => {
    const desk = new Desk({ messages_per_second: 2 });
    expect([desk.buy(1), desk.buy(1), desk.buy(1)]).toEqual(['NONE', 'NONE', 'MESSAGE_RATE']);
  });

  it('cancels for each fill: too many refuse new orders, but neither cancels nor orders that reduce', () => {
    const desk = long({ cancel_to_trade_ratio: 3, cancel_to_trade_minimum: 4, cancel_to_trade_window_s: 8 });
    for (let i = 0; i < 3; i++) {
      desk.buy(1);
      desk.cancel();
    }
    expect(desk.buy(1)).toBe('NONE');
    desk.cancel();
    expect([desk.buy(1), desk.sell(5), desk.cancel()]).toEqual(['CANCEL_TO_TRADE', 'NONE', 'NONE']);
    desk.set('cancel_to_trade_ratio', 5);
    expect(desk.buy(1)).toBe('NONE');
  });

  it('forgets cancels when the window has passed', () => {
    const desk = new Desk({
      cancel_to_trade_ratio: 0,
      cancel_to_trade_minimum: 1,
      cancel_to_trade_window_s: 8,
    });
    desk.buy(1);
    desk.cancel();
    desk.now = 6.9 * SECOND;
    expect(desk.buy(1)).toBe('CANCEL_TO_TRADE');
    desk.now = 8 * SECOND;
    expect(desk.buy(1)).toBe('NONE');
  });
});

describe('fat fingers', () => {
  /** Best bid 99, best ask 101, last 100. */
  function priced(bid: number, ask: number, terms: Record<string, number>) {
    const rig = createRig({ terms });
    const prices = new MarketPrices(new SharedArrayBuffer(marketPricesBytes(2)), 2);
    prices.write(0, bid, ask);
    const engine = new RiskEngine(rig.controls, rig.instruments, { prices });
    let counter = 0;
    return (fields: object): Reason => {
      const order = {
        orderId: 16 * 2 ** 40 + ++counter,
        received: 0,
        client: 0,
        price: 100,
        quantity: 1,
        account: 1,
        instrument: 0,
        source: 16,
        side: 1,
        orderType: OrderType.Limit as number,
        timeInForce: TimeInForce.GoodTillCancel as number,
        flags: 0,
      };
      fillCommand(engine.command, { ...order, ...fields });
      return engine.checkNewOrder();
    };
  }
  const market = { orderType: OrderType.Market, price: 0 };
  const sell = { side: 2 };

  it.each([
    ['a buy at the limit through the last trade', { price: 105 }, Reason.None],
    ['a buy beyond it', { price: 106 }, Reason.FatFingerLast],
    ['a buy far below, which waits', { price: 60 }, Reason.None],
    ['a sell at the limit', { ...sell, price: 95 }, Reason.None],
    ['a sell beyond it', { ...sell, price: 94 }, Reason.FatFingerLast],
    ['a sell far above', { ...sell, price: 140 }, Reason.None],
    ['a market buy that meets a good price', market, Reason.None],
    [
      'a stop-limit buy near its trigger',
      { orderType: OrderType.StopLimit, price: 126, conditions: { stopPrice: 120 } },
      Reason.None,
    ],
    [
      'a stop-limit buy too far through its trigger',
      { orderType: OrderType.StopLimit, price: 127, conditions: { stopPrice: 120 } },
      Reason.FatFingerLast,
    ],
  ])('against the last trade, 5 percent: %s', (_, fields, reason) => {
    expect(priced(99, 101, { fat_finger_last_percent: 5 })(fields)).toBe(reason);
  });

  it.each([
    ['a buy at the limit through the ask', 99, 100, { price: 102 }, Reason.None],
    ['a buy beyond it', 99, 100, { price: 103 }, Reason.FatFingerTouch],
    ['a sell at the limit through the bid', 100, 101, { ...sell, price: 98 }, Reason.None],
    ['a sell beyond it', 100, 101, { ...sell, price: 97 }, Reason.FatFingerTouch],
    ['a buy where nobody offers', 99, 0, { price: 120 }, Reason.None],
  ])('against the touch, 2 percent: %s', (_, bid, ask, fields, reason) => {
    expect(priced(bid, ask, { fat_finger_touch_percent: 2 })(fields)).toBe(reason);
  });

  it('a market order is measured by the best price that it would meet', () => {
    expect(priced(99, 106, { fat_finger_last_percent: 5 })(market)).toBe(Reason.FatFingerLast);
    expect(priced(94, 101, { fat_finger_last_percent: 5 })({ ...market, ...sell })).toBe(
      Reason.FatFingerLast,
    );
    expect(priced(0, 0, { fat_finger_last_percent: 5 })(market)).toBe(Reason.None);
  });

  it('amends too, at run time, and orders that reduce', () => {
    const desk = long();
    desk.set('fat_finger_last_percent', 1);
    desk.buy(1);
    expect([desk.amend(desk.last, 1, 102), desk.amend(desk.last, 1, 101)]).toEqual([
      'FAT_FINGER_LAST',
      'NONE',
    ]);
    expect([desk.sell(10, 98), desk.sell(10, 99)]).toEqual(['FAT_FINGER_LAST', 'NONE']);
  });
});
