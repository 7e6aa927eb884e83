import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExecutionType, OrderStatus, Reason, Side } from '../../src/lib/enums.js';
import { FIRST_STRATEGY_SOURCE, orderIdOf } from '../../src/lib/order-ids.js';
import {
  COMMANDS_FULL,
  type FillView,
  INVALID_ORDER,
  type Market,
  ORDER_PENDING,
  type ReportView,
  STRATEGY_STOPPED,
  UNKNOWN_ORDER,
} from '../../src/strategies/strategy.js';
import { type Script, script } from './modules/scripted.js';
import { quietConfig, Simulation } from './simulation.js';

const MODULE = join(import.meta.dirname, 'modules', 'scripted.js');
const BTC = 0;
const PRICE = 6_000_000;

/** The real pipeline with scripted strategies of these names, each with an account of its own. */
function start(names: readonly string[], ...flags: string[]): Promise<Simulation> {
  const strategies = names.map((name, index) => ({
    name,
    kind: 'custom',
    account: 1 + index,
    instruments: ['BTC-USD', 'ETH-USD'],
    module: MODULE,
  }));
  return Simulation.start(quietConfig(`--strategies=${JSON.stringify(strategies)}`, ...flags));
}

function marketOf(one: Script): Market {
  if (one.market === undefined) throw new Error('the strategy has not been started');
  return one.market;
}

describe('a strategy', () => {
  it('is started first, then hears of books, trades, its fills and its reports', async () => {
    const fills: FillView[] = [];
    const reports: ReportView[] = [];
    const maker = script('maker', {
      onStart: (market) => expect(market.trading.sellLimit(BTC, PRICE, 10)).toBeGreaterThan(0),
      onFill: (fill) => fills.push(fill),
      onReport: (report) => reports.push(report),
    });
    const taker = script('taker');
    const simulation = await start(['maker', 'taker']);
    simulation.run(0.1);
    const { trading } = marketOf(taker);
    const id = trading.buyLimit(BTC, PRICE + 5, 4);
    expect(id).toBe(orderIdOf(FIRST_STRATEGY_SOURCE + 1, 1));
    simulation.run(0.1);

    expect(maker.calls[0]).toBe('start');
    expect(maker.calls).not.toContain('unsynced book');
    expect(maker.calls.filter((call) => call === 'trade')).toHaveLength(1);
    expect(taker.calls.filter((call) => call === 'trade')).toHaveLength(1);
    expect(reports.map(({ executionType, status }) => [executionType, status])).toEqual([
      [ExecutionType.New, OrderStatus.New],
    ]);
    expect(fills).toMatchObject([
      { instrument: BTC, side: Side.Sell, price: PRICE, quantity: 4, leaves: 6, maker: true },
    ]);
    expect(taker.calls.filter((call) => call === 'fill')).toHaveLength(1);
    expect(marketOf(maker).trading.position(BTC)).toBe(-4);
    expect(trading.position(BTC)).toBe(4);
    expect(trading.orders.count).toBe(0);
    const { orders } = marketOf(maker).trading;
    expect([orders.count, orders.leaves(0), orders.filled(0), orders.price(0)]).toEqual([1, 6, 4, PRICE]);
    expect(marketOf(taker).book(BTC)).toMatchObject({ synced: true, bestAsk: PRICE, bestAskQuantity: 6 });
    expect(marketOf(taker).book(BTC).bestBidQuantity).toBe(0);
  });

  it('amends and cancels, one answer at a time', async () => {
    const one = script('one');
    const simulation = await start(['one']);
    const { trading } = marketOf(one);
    const id = trading.buyLimit(BTC, PRICE, 10);
    expect(trading.orders.pending(0)).toBe(true);
    expect(trading.amend(id, PRICE - 7, 12)).toBe(0);
    expect(trading.amend(id, PRICE - 8, 12)).toBe(ORDER_PENDING);
    simulation.run(0.1);
    expect(trading.orders.pending(0)).toBe(false);
    expect([trading.orders.price(0), trading.orders.leaves(0)]).toEqual([PRICE - 7, 12]);
    expect(trading.cancel(id)).toBe(0);
    expect(trading.cancel(id)).toBe(ORDER_PENDING);
    expect(trading.amend(id, PRICE, 12)).toBe(ORDER_PENDING);
    simulation.run(0.1);
    expect(trading.orders.count).toBe(0);
    expect(trading.cancel(id)).toBe(UNKNOWN_ORDER);
    expect(trading.amend(id, PRICE, 1)).toBe(UNKNOWN_ORDER);
    for (let i = 0; i < 3; i++) trading.buyLimit(i % 2, 1000 + i, 10);
    expect(trading.cancelAll(1)).toBe(1);
    expect(trading.cancelAll()).toBe(2);
    expect(trading.cancelAll()).toBe(0);
  });

  it('is refused what its instruments do not allow, without a command being sent', async () => {
    const one = script('one');
    const simulation = await start(['one']);
    const { trading, instruments, book } = marketOf(one);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['BTC-USD', 'ETH-USD']);
    const wrong = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];
    for (const value of wrong) {
      expect(trading.buyLimit(BTC, value, 10), `price ${value}`).toBe(INVALID_ORDER);
      expect(trading.sellLimit(BTC, PRICE, value), `quantity ${value}`).toBe(INVALID_ORDER);
      expect(trading.buyMarket(BTC, value), `quantity ${value}`).toBe(INVALID_ORDER);
    }
    for (const instrument of [2, 3, -1, 0.5]) {
      expect(trading.buyLimit(instrument, PRICE, 10), `instrument ${instrument}`).toBe(INVALID_ORDER);
      expect(trading.position(instrument)).toBe(0);
      expect(() => book.call(one.market, instrument)).toThrow(/allowed: 0 \(BTC-USD\), 1 \(ETH-USD\)/);
    }
    simulation.run(0.1);
    expect(simulation.commands).toBe(0);
  });

  it('hears that risk refused an order, and the order is gone', async () => {
    const reports: ReportView[] = [];
    const one = script('one', { onReport: (report) => reports.push(report) });
    const simulation = await start(['one']);
    const { trading } = marketOf(one);
    const id = trading.buyLimit(BTC, PRICE * 2, 10);
    simulation.run(0.1);
    expect(reports).toMatchObject([
      { orderId: id, executionType: ExecutionType.Rejected, reason: Reason.PriceCollar },
    ]);
    expect(trading.orders.count).toBe(0);
    expect(simulation.counter('strategies', 'rejects_total')).toBe(1);
  });

  it('is woken at the time it asks for, once', async () => {
    const times: number[] = [];
    const one = script('one', {
      onStart: (market, now) => market.wakeAt(now + 1e9),
      onTimer: (now) => times.push(now),
    });
    const simulation = await start(['one']);
    simulation.run(0.9);
    expect(times).toEqual([]);
    expect(simulation.agents.get('strategies')?.nextDue?.()).toBe(1e9);
    simulation.run(1);
    expect(times).toEqual([1e9]);
    expect(simulation.agents.get('strategies')?.nextDue?.()).toBe(Number.POSITIVE_INFINITY);
    marketOf(one).wakeAt(0);
    simulation.run(0.1);
    expect(times).toHaveLength(2);
  });

  it('is refused a time that is no number: nothing would ever come due', async () => {
    const one = script('one');
    await start(['one']);
    const market = marketOf(one);
    expect(() => market.wakeAt(Number.NaN)).toThrow('strategy one: wakeAt(NaN)');
  });

  it('is told when the command ring is full, and goes on when there is room', async () => {
    const one = script('one');
    const simulation = await start(['one'], '--rings.commands=65536');
    const { trading } = marketOf(one);
    let sent = 0;
    while (trading.buyLimit(BTC, PRICE - sent, 10) > 0) sent++;
    expect(trading.buyLimit(BTC, PRICE, 10)).toBe(COMMANDS_FULL);
    expect(trading.orders.count).toBe(sent);
    expect(trading.cancelAll()).toBe(0);
    expect(trading.amend(trading.orders.orderId(0), PRICE - 1, 10)).toBe(COMMANDS_FULL);
    expect(simulation.counter('strategies', 'ring_full_total')).toBe(4);
    simulation.run(0.1);
    expect(simulation.counter('matching', 'resting_orders')).toBe(sent);
    expect(trading.buyLimit(BTC, PRICE, 10)).toBe(orderIdOf(FIRST_STRATEGY_SOURCE, sent + 1));
  });

  it('is stopped: says goodbye, may send nothing more, and all its orders are cancelled', async () => {
    let refused = 0;
    const one = script('one', { onStop: () => (refused = marketOf(one).trading.buyLimit(BTC, 1000, 10)) });
    const simulation = await start(['one']);
    const { trading } = marketOf(one);
    for (let i = 0; i < 1000; i++) trading.buyLimit(i % 2, 290_000 - i, 10);
    simulation.run(0.1);
    expect(simulation.counter('matching', 'resting_orders')).toBeGreaterThan(400);
    await simulation.stop();
    expect(refused).toBe(STRATEGY_STOPPED);
    expect(one.calls.at(-1)).toBe('stop');
    expect(simulation.counter('matching', 'resting_orders')).toBe(0);
    expect(trading.orders.count).toBe(0);
  });
});

describe('more orders than the command ring holds', () => {
  it('are all cancelled at the end, in as many bursts as it takes', async () => {
    const one = script('one');
    const two = script('two');
    const simulation = await start(['one', 'two'], '--rings.commands=65536');
    for (let burst = 0; burst < 4; burst++) {
      for (const { trading } of [marketOf(one), marketOf(two)]) {
        for (let i = 0; i < 300; i++) trading.buyLimit(BTC, PRICE - burst * 300 - i, 10);
      }
      simulation.run(0.1);
    }
    expect(simulation.counter('matching', 'resting_orders')).toBe(2400);
    const agent = simulation.agents.get('strategies');
    agent?.stopAccepting?.();
    // Nobody drains the ring: the third burst finds it full.
    for (let cycle = 0; cycle < 3; cycle++) agent?.doWork(simulation.now);
    expect(simulation.counter('strategies', 'ring_full_total')).toBeGreaterThan(0);
    expect(agent?.nextDue?.()).toBe(simulation.now + 1e6);
    simulation.run(0.1);
    expect(agent?.nextDue?.()).toBe(Number.POSITIVE_INFINITY);
    expect(simulation.counter('matching', 'resting_orders')).toBe(0);
    expect(simulation.counter('strategies', 'rejects_total')).toBe(0);
  });
});

describe('more orders than risk lets be cancelled at once', () => {
  it('are cancelled as fast as the limit allows, with pauses and not with a storm of refused cancels', async () => {
    const one = script('one', {
      onTimer: () => {
        throw new Error('boom');
      },
    });
    const simulation = await start(['one'], '--risk.cancels_per_second=100', '--risk.cancel_burst=100');
    const { trading } = marketOf(one);
    for (let i = 0; i < 400; i++) trading.buyLimit(BTC, PRICE - i, 10);
    simulation.run(0.1);
    expect(simulation.counter('matching', 'resting_orders')).toBe(400);
    marketOf(one).wakeAt(simulation.now);
    simulation.run(1);
    const resting = simulation.counter('matching', 'resting_orders');
    expect(resting).toBeGreaterThan(150);
    expect(resting).toBeLessThan(250);
    // Ten tries a second at most, each with what is still open at most.
    expect(simulation.counter('strategies', 'rejects_total')).toBeLessThan(12 * 400);
    const agent = simulation.agents.get('strategies');
    expect(agent?.nextDue?.()).toBeGreaterThan(simulation.now);
    expect(agent?.nextDue?.()).toBeLessThanOrEqual(simulation.now + 1e8);
    simulation.run(3);
    expect(simulation.counter('matching', 'resting_orders')).toBe(0);
    expect(agent?.nextDue?.()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a strategy that watches an instrument', () => {
  it('reads its book and may not trade it', async () => {
    const watcher = script('watcher');
    const trader = script('trader', { onStart: (market) => void market.trading.buyLimit(BTC, PRICE, 10) });
    const base = { kind: 'custom', account: 1, module: MODULE };
    const strategies = [
      { ...base, name: 'watcher', instruments: ['ETH-USD'], watch: ['BTC-USD', 'ETH-USD'] },
      { ...base, name: 'trader', instruments: ['BTC-USD'] },
    ];
    const simulation = await Simulation.start(quietConfig(`--strategies=${JSON.stringify(strategies)}`));
    simulation.run(0.1);
    const market = marketOf(watcher);
    expect(market.instruments.map(({ symbol }) => symbol)).toEqual(['ETH-USD']);
    expect(market.watched.map(({ symbol }) => symbol)).toEqual(['BTC-USD']);
    expect(market.book(BTC).bestBid).toBe(PRICE);
    expect(watcher.calls).toContain('book');
    expect(market.trading.sellLimit(BTC, PRICE, 10)).toBe(INVALID_ORDER);
    expect(() => marketOf(trader).book(1)).toThrow(RangeError);
  });
});

describe('a strategy that throws', () => {
  const hooks = ['onStart', 'onBook', 'onTimer', 'onFill', 'onReport'] as const;

  it.each(hooks)('in %s is switched off and its orders are gone; the others live on', async (hook) => {
    const boom = (): never => {
      throw new Error(`boom in ${hook}`);
    };
    const faulty = script('faulty', { [hook]: boom });
    const { onStart } = faulty;
    faulty.onStart = (market, now) => {
      for (let i = 0; i < 600; i++) market.trading.sellLimit(BTC, PRICE + i, 10);
      market.wakeAt(now + 2e9);
      onStart?.(market, now);
    };
    const healthy = script('healthy', {
      onStart: (market) => {
        for (let i = 1; i <= 5; i++) market.trading.buyLimit(BTC, PRICE - i, 10);
        market.trading.buyLimit(BTC, PRICE, 5);
        market.wakeAt(4e9);
      },
    });
    const simulation = await start(['faulty', 'healthy']);
    simulation.run(5);
    expect(simulation.counter('strategies', 'disabled')).toBe(1);
    expect(simulation.counter('strategies', 'errors_total')).toBe(1);
    expect(marketOf(faulty).trading.orders.count).toBe(0);
    expect(marketOf(faulty).trading.buyLimit(BTC, PRICE, 10)).toBe(STRATEGY_STOPPED);
    expect(marketOf(faulty).trading.position(BTC)).toBe(-marketOf(healthy).trading.position(BTC));
    expect(simulation.book(BTC)?.asks.count).toBe(0);
    expect(healthy.calls).toContain('timer');
    expect(healthy.calls).toContain('book');
    expect(marketOf(healthy).trading.orders.count).toBeGreaterThanOrEqual(5);
    expect(faulty.calls).not.toContain('stop');
  });
});
