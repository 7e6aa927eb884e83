/** Limits by currency, cash, margin and losses: what passes, what is refused, what reduces, and what changes at run time. */
import { describe, expect, it } from 'vitest';
import { ExecutionType, OrderType, Reason } from '../../src/lib/enums.js';
import { ALL_INSTRUMENTS } from '../../src/risk/controls.js';
import { Desk, OWN } from './desk.js';

const currency = (limits: Record<string, string | null>, mode?: 'cash' | 'margin') => ({
  ...(mode === undefined ? {} : { mode }),
  currencies: { XXB: limits },
});
const BASE = { XXA: { opening_balance: '0' } };

describe('limits by currency', () => {
  it('value of one order: price times quantity, a market order at the collar', () => {
    const desk = new Desk(currency({ max_order_value: '1000' }), { price_collar_percent: 10 });
    expect([desk.buy(10), desk.buy(11)]).toEqual(['NONE', 'ORDER_NOTIONAL_LIMIT']);
    expect([desk.marketBuy(9), desk.marketBuy(10)]).toEqual(['NONE', 'ORDER_NOTIONAL_LIMIT']);
    desk.set('max_order_value', '1100');
    expect([desk.buy(11), desk.marketBuy(10)]).toEqual(['NONE', 'NONE']);
    desk.set('max_order_value', null);
    expect(desk.buy(500)).toBe('NONE');
  });

  it('notional: all instruments of the quote currency together, each at its worse side', () => {
    const desk = new Desk(currency({ max_currency_notional: '3000' }));
    expect(desk.buy(10)).toBe('NONE');
    expect(desk.sell(10)).toBe('NONE');
    expect(desk.buy(20, 100, { instrument: 1 })).toBe('NONE');
    expect(desk.buy(1, 100, { instrument: 1 })).toBe('CURRENCY_NOTIONAL_LIMIT');
    expect(desk.sell(1)).toBe('CURRENCY_NOTIONAL_LIMIT');
    expect(desk.reading('notional')).toBe('3000');
    desk.set('max_currency_notional', '3100');
    expect(desk.sell(1)).toBe('NONE');
  });

  it('notional follows the last price, and an order that reduces passes', () => {
    const desk = new Desk(currency({ max_currency_notional: '1000' }));
    desk.buy(10);
    desk.fill(desk.last, 10, 100);
    desk.print(110);
    expect(desk.reading('notional')).toBe('1100');
    expect([desk.buy(1), desk.sell(10), desk.sell(1)]).toEqual(['CURRENCY_NOTIONAL_LIMIT', 'NONE', 'NONE']);
  });

  it('position: net over all instruments of the base currency', () => {
    const desk = new Desk({ currencies: { XXA: { max_currency_position: '25' } } });
    expect([desk.buy(15), desk.buy(10, 100, { instrument: 1 }), desk.buy(1)]).toEqual([
      'NONE',
      'NONE',
      'CURRENCY_POSITION_LIMIT',
    ]);
    expect([desk.sell(25), desk.sell(1, 100, { instrument: 1 })]).toEqual([
      'NONE',
      'CURRENCY_POSITION_LIMIT',
    ]);
    desk.set('max_currency_position', '26');
    expect(desk.buy(1)).toBe('NONE');
  });

  it('position: what reduces in its own instrument passes, although the net grows', () => {
    const desk = new Desk({ currencies: { XXA: { max_currency_position: '25' } } });
    desk.buy(10);
    desk.fill(desk.last, 10, 100);
    desk.sell(25, 100, { instrument: 1 });
    desk.fill(desk.last, 25, 100);
    expect([desk.sell(10), desk.sell(11)]).toEqual(['NONE', 'CURRENCY_POSITION_LIMIT']);
  });
});

describe('cash mode', () => {
  it('a buy holds price times quantity and the highest fee; what is not available is refused', () => {
    const desk = new Desk({ ...currency({ opening_balance: '1010' }, 'cash'), fee_percent: 1 });
    expect(desk.buy(6)).toBe('NONE');
    expect(desk.reading('holds')).toBe('606');
    expect([desk.buy(5), desk.buy(4)]).toEqual(['INSUFFICIENT_BALANCE', 'NONE']);
    expect(desk.reading('holds')).toBe('1010');
  });

  it('a sell holds the quantity of the base currency', () => {
    const desk = new Desk({ mode: 'cash', currencies: { XXA: { opening_balance: '10' } } });
    expect([desk.sell(7), desk.sell(4), desk.sell(3)]).toEqual(['NONE', 'INSUFFICIENT_BALANCE', 'NONE']);
    expect(desk.reading('holds', 'XXA')).toBe('10');
  });

  it('market and stop orders hold at the collar', () => {
    const desk = new Desk(currency({ opening_balance: '1100' }, 'cash'), { price_collar_percent: 10 });
    expect(desk.marketBuy(5)).toBe('NONE');
    expect(desk.reading('holds')).toBe('550');
    const stop = { orderType: OrderType.Stop, conditions: { stopPrice: 105 } };
    expect([desk.buy(5, 0, stop), desk.buy(4, 0, stop)]).toEqual(['INSUFFICIENT_BALANCE', 'NONE']);
    expect(desk.reading('holds')).toBe(String(550 + 4 * 115));
  });

  it('a fill pays, a better price and the end of the order give back, fees count', () => {
    const desk = new Desk({ ...currency({ opening_balance: '1000' }, 'cash'), fee_percent: 1 });
    desk.buy(9);
    expect(desk.reading('holds')).toBe('909');
    desk.fill(desk.last - 0, 4, 90, 3);
    expect([desk.reading('balance'), desk.reading('holds')]).toEqual(['637', '505']);
    expect(desk.reading('balance', 'XXA')).toBe('4');
    desk.report(desk.last - 1);
    expect(desk.reading('holds')).toBe('0');
    expect([desk.sell(5), desk.sell(4)]).toEqual(['INSUFFICIENT_BALANCE', 'NONE']);
  });

  it('an amend needs what it holds more, and gives it back when it is refused', () => {
    const desk = new Desk(currency({ opening_balance: '1000' }, 'cash'));
    desk.buy(5);
    const order = desk.last;
    expect([desk.amend(order, 11), desk.amend(order, 10)]).toEqual(['INSUFFICIENT_BALANCE', 'NONE']);
    expect(desk.buy(1)).toBe('INSUFFICIENT_BALANCE');
    expect(desk.reading('holds')).toBe('1000');
    const answer = {
      executionType: ExecutionType.CancelRejected,
      price: 100,
      quantity: 5,
      leavesQuantity: 5,
    };
    desk.report(order, { ...answer, sequence: 2 });
    expect(desk.reading('holds')).toBe('500');
    expect(desk.amend(order, 5, 110)).toBe('NONE');
    expect(desk.reading('holds')).toBe('550');
  });

  it('two linked sells hold the larger of them', () => {
    const desk = new Desk({ mode: 'cash', currencies: { XXA: { opening_balance: '10' } } });
    desk.sell(8, 110);
    const link = { contingency: 1, linkedOrderId: desk.last };
    const first = desk.last;
    expect(desk.sell(10, 95, { conditions: link })).toBe('NONE');
    expect(desk.reading('holds', 'XXA')).toBe('10');
    desk.report(desk.last);
    expect(desk.reading('holds', 'XXA')).toBe('8');
    desk.report(first);
    expect(desk.reading('holds', 'XXA')).toBe('0');
  });

  it('deposits and the mode change at run time', () => {
    const desk = new Desk({ currencies: BASE });
    expect(desk.buy(1)).toBe('NONE');
    desk.set('mode', 'cash');
    expect(desk.buy(1)).toBe('INSUFFICIENT_BALANCE');
    desk.set('opening_balance', '200', { currency: 'XXB' });
    expect([desk.buy(1), desk.buy(1)]).toEqual(['NONE', 'INSUFFICIENT_BALANCE']);
    desk.set('mode', 'none');
    expect(desk.buy(1)).toBe('NONE');
  });
});

describe('margin mode', () => {
  const margin = (balance: string) => ({
    ...currency({ opening_balance: balance }, 'margin'),
    initial_margin_percent: 20,
    maintenance_margin_percent: 10,
  });

  it('a new order needs initial margin for the worst case with all open orders', () => {
    const desk = new Desk(margin('1000'));
    expect([desk.buy(40), desk.sell(50), desk.buy(11), desk.buy(10)]).toEqual([
      'NONE',
      'NONE',
      'INITIAL_MARGIN',
      'NONE',
    ]);
    expect(desk.reading('initial_margin')).toBe('1000');
    expect(desk.buy(1, 100, { instrument: 1 })).toBe('INITIAL_MARGIN');
    desk.set('initial_margin_percent', 10);
    expect(desk.buy(50, 100, { instrument: 1 })).toBe('NONE');
  });

  it('profit adds to equity and loss takes from it', () => {
    const desk = new Desk(margin('1000'));
    desk.buy(40);
    desk.fill(desk.last, 40, 100);
    desk.print(105);
    expect([desk.reading('equity'), desk.reading('initial_margin')]).toEqual(['1200', '840']);
    expect([desk.buy(18, 105), desk.buy(17, 105)]).toEqual(['INITIAL_MARGIN', 'NONE']);
  });

  it('below the maintenance margin only orders that reduce pass', () => {
    const desk = new Desk(margin('1000'));
    desk.buy(50);
    desk.fill(desk.last, 50, 100);
    desk.print(88);
    expect([desk.reading('equity'), desk.reading('maintenance_margin')]).toEqual(['400', '440']);
    expect(desk.buy(1, 88)).toBe('MAINTENANCE_MARGIN');
    expect(desk.sell(51, 88)).toBe('MAINTENANCE_MARGIN');
    expect([desk.sell(30, 88), desk.sell(20, 88), desk.sell(1, 88)]).toEqual([
      'NONE',
      'NONE',
      'MAINTENANCE_MARGIN',
    ]);
    desk.set('maintenance_margin_percent', 5);
    expect(desk.sell(1, 88)).toBe('NONE');
  });

  it('a limit above the last price is valued at the limit', () => {
    const desk = new Desk(margin('1000'));
    expect([desk.buy(50, 101), desk.buy(49, 101)]).toEqual(['INITIAL_MARGIN', 'NONE']);
  });
});

describe('loss limits', () => {
  it('a daily loss makes the account reducing-only at the event that causes it', () => {
    const desk = new Desk(currency({ max_daily_loss: '100' }));
    desk.buy(20);
    desk.fill(desk.last, 20, 100);
    desk.print(95);
    expect([desk.controls.accountState(OWN), desk.buy(1, 95)]).toEqual(['active', 'NONE']);
    desk.print(94);
    expect(desk.controls.accountState(OWN)).toBe('reducing_only');
    expect(desk.controls.stateCause(OWN)).toBe(Reason.DailyLoss);
    expect([desk.buy(1, 94), desk.sell(21, 94), desk.sell(20, 94), desk.cancel()]).toEqual([
      'DAILY_LOSS',
      'DAILY_LOSS',
      'NONE',
      'NONE',
    ]);
  });

  it('fees are losses', () => {
    const desk = new Desk(currency({ max_daily_loss: '10' }));
    desk.buy(10);
    desk.fill(desk.last, 5, 100, 10);
    expect(desk.controls.accountState(OWN)).toBe('active');
    desk.fill(desk.last - 1, 5, 100, 1);
    expect(desk.controls.accountState(OWN)).toBe('reducing_only');
  });

  it('drawdown counts from the highest profit of the day', () => {
    const desk = new Desk(currency({ max_drawdown: '100' }));
    desk.buy(20);
    desk.fill(desk.last, 20, 100);
    desk.print(120);
    desk.print(115);
    expect(desk.controls.accountState(OWN)).toBe('active');
    desk.print(114);
    expect([desk.controls.accountState(OWN), desk.buy(1, 114)]).toEqual(['reducing_only', 'DRAWDOWN']);
  });

  it('halts by configuration: then not even reducing orders pass, but cancels do', () => {
    const desk = new Desk({ ...currency({ max_daily_loss: '100' }), loss_action: 'halted' });
    desk.buy(20);
    desk.fill(desk.last, 20, 100);
    desk.sell(5, 120);
    const open = desk.last;
    desk.print(90);
    expect([desk.sell(5, 90), desk.cancel(open), desk.massCancel()]).toEqual(['DAILY_LOSS', 'NONE', 'NONE']);
  });

  it('released while the loss is still there, it comes back; with a higher limit or a new day it does not', () => {
    const desk = new Desk(currency({ max_daily_loss: '100' }));
    desk.buy(20);
    desk.fill(desk.last, 20, 100);
    desk.print(90);
    expect(desk.controls.setAccountState(OWN, 'active')).toBe('reducing_only');
    expect(desk.buy(1, 90)).toBe('DAILY_LOSS');
    desk.set('max_daily_loss', '500');
    desk.controls.setAccountState(OWN, 'active');
    expect(desk.buy(1, 90)).toBe('NONE');
    desk.set('max_daily_loss', '100');
    expect(desk.buy(1, 90)).toBe('DAILY_LOSS');
    desk.controls.startDay();
    desk.controls.setAccountState(OWN, 'active');
    expect(desk.buy(1, 90)).toBe('NONE');
  });

  it('counts what was lost before the limit was set', () => {
    const desk = new Desk();
    desk.buy(20);
    desk.fill(desk.last, 20, 100);
    desk.print(90);
    desk.set('max_daily_loss', '199', { currency: 'XXB' });
    expect(desk.buy(1, 90)).toBe('DAILY_LOSS');
  });
});

describe('orders that end or shrink', () => {
  it('a bracket counts its exits from the fill of the entry on, the larger of the two', () => {
    const desk = new Desk({ ...currency({ opening_balance: '10000' }, 'margin') });
    const conditions = { takeProfitPrice: 110, stopLossPrice: 90 };
    expect(desk.buy(10, 100, { conditions })).toBe('NONE');
    const entry = desk.last - 2;
    desk.fill(entry, 4, 100);
    expect(desk.sell(1)).toBe('NONE');
    desk.report(desk.last);
    const { cells } = desk.engine.state.positions;
    expect([cells[0], cells[3], cells[4]]).toEqual([4, 6, 4]);
    desk.report(entry, { reason: Reason.UserRequested });
    expect([cells[3], cells[4]]).toEqual([0, 4]);
    desk.report(entry + 2, { executionType: ExecutionType.Restated, quantity: 3, leavesQuantity: 3 });
    expect(cells[4]).toBe(4);
    desk.report(entry + 1, { reason: Reason.UserRequested });
    expect(cells[4]).toBe(3);
    desk.report(entry + 2);
    desk.engine.validate();
    expect(desk.engine.state.orders.count).toBe(0);
  });

  it.each([
    ['without a fill', 0, Reason.UserRequested],
    ['by a mass cancel', 4, Reason.MassCancelRequested],
    ['with the session', 4, Reason.SessionEnded],
  ])('a bracket whose entry ends %s leaves nothing behind', (_, filled, reason) => {
    const desk = new Desk();
    desk.buy(10, 100, { conditions: { takeProfitPrice: 110 } });
    const entry = desk.last - 2;
    if (filled > 0) desk.fill(entry, filled, 100);
    desk.report(entry, { reason });
    desk.engine.validate();
    expect(desk.engine.state.orders.count).toBe(0);
    expect(desk.engine.state.openOrders[0]).toBe(0);
  });

  it('exits keep their ids: the next order of the source comes after them, and a sleeping exit cannot be amended', () => {
    const desk = new Desk();
    desk.buy(10, 100, { conditions: { takeProfitPrice: 110 } });
    const entry = desk.last - 2;
    expect([desk.amend(entry + 1, 5, 108), desk.cancel(entry + 1)]).toEqual([
      'UNKNOWN_ORDER',
      'UNKNOWN_ORDER',
    ]);
    expect(desk.buy(1, 100, { orderId: entry + 2 })).toBe('DUPLICATE_ORDER_ID');
  });

  it('limits of all instruments are one request', () => {
    const desk = new Desk();
    const changes = desk.controls.changeLimit({ key: 'max_position', value: '7' });
    expect(changes).toHaveLength(6);
    expect(desk.controls.limit(2, 1, 'max_position')).toBe(7);
    expect(desk.controls.limit(OWN, ALL_INSTRUMENTS, 'max_open_orders')).toBe(1000);
  });
});
