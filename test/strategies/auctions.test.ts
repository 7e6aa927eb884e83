import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ExecutionType, OrderType, Reason, Side, TimeInForce, TradingPhase } from '../../src/lib/enums.js';
import type { FillView, Market, ReportView, StatusView } from '../../src/strategies/strategy.js';
import { type Script, script } from './modules/scripted.js';
import { quietConfig, Simulation } from './simulation.js';

const MODULE = join(import.meta.dirname, 'modules', 'scripted.js');

const AAA = {
  symbol: 'AAA',
  tick_size: '1',
  lot_size: '1',
  base_currency: 'A',
  quote_currency: 'B',
  reference_price: '1000',
  static_band_percent: 5,
  maker_fee_bps: -10,
  taker_fee_bps: 20,
};

/** Scripted strategies of these names on one instrument with price bands and fees. */
function start(...names: string[]): Promise<Simulation> {
  const strategies = names.map((name, index) => ({
    name,
    kind: 'custom',
    account: 1 + index,
    module: MODULE,
  }));
  const flags = [`--instruments=${JSON.stringify([AAA])}`, `--strategies=${JSON.stringify(strategies)}`];
  return Simulation.start(quietConfig(...flags));
}

function marketOf(one: Script): Market {
  if (one.market === undefined) throw new Error('the strategy has not been started');
  return one.market;
}

it('a price outside its band: strategies hear of the auction, see no book in it, and trade at its price', async () => {
  const heard: [StatusView, boolean][] = [];
  const fills: FillView[] = [];
  const seller = script('seller');
  const buyer = script('buyer', {
    onStatus: (...news) => heard.push(news),
    onFill: (fill) => fills.push(fill),
  });
  const simulation = await start('seller', 'buyer');
  const { trading } = marketOf(buyer);
  const [book, status] = [marketOf(buyer).book(0), marketOf(buyer).status(0)];
  expect(status).toMatchObject({ phase: TradingPhase.Continuous, indicativePrice: Number.NaN });
  marketOf(seller).trading.sellLimit(0, 1080, 7);
  simulation.run(0.1);
  expect(book).toMatchObject({ synced: true, bestAsk: 1080 });
  trading.buyLimit(0, 1085, 4);
  simulation.run(0.1);
  expect(status).toMatchObject({ phase: TradingPhase.VolatilityAuction, reason: Reason.StaticPriceBand });
  expect(status).toMatchObject({
    indicativePrice: 1080,
    indicativeQuantity: 4,
    surplus: -3,
    referencePrice: 1000,
  });
  expect(book).toMatchObject({ synced: false, bestAsk: 0, bestBid: 0 });
  expect(heard.map(([{ phase, indicativePrice }, changed]) => [phase, indicativePrice, changed])).toEqual([
    [TradingPhase.VolatilityAuction, Number.NaN, true],
    [TradingPhase.VolatilityAuction, 1080, false],
  ]);
  expect(fills).toEqual([]);
  // The schedule ends the auction.
  simulation.run(1000, undefined, 1000);
  expect(heard.at(-1)).toMatchObject([{ phase: TradingPhase.Continuous, lastPrice: Number.NaN }, true]);
  expect(fills).toMatchObject([
    { price: 1080, quantity: 4, auction: true, leaves: 0, fee: Math.ceil(1080 * 4 * 0.002) },
  ]);
  expect(trading.orders.count).toBe(0);
  expect(trading.position(0)).toBe(4);
  expect(book).toMatchObject({ synced: true, bestAsk: 1080, bestAskQuantity: 3 });
});

it('a bracket: its exits are open orders of the strategy, and end together', async () => {
  const reports: ReportView[] = [];
  const fills: FillView[] = [];
  const other = script('other');
  const one = script('one', {
    onReport: (report) => reports.push(report),
    onFill: (fill) => fills.push(fill),
  });
  const simulation = await start('other', 'one');
  const { trading } = marketOf(one);
  marketOf(other).trading.sellLimit(0, 1000, 5);
  simulation.run(0.1);
  const entry = trading.submit({
    ...{ instrument: 0, side: Side.Buy, orderType: OrderType.Limit, timeInForce: TimeInForce.GoodTillCancel },
    ...{ price: 1000, quantity: 5, flags: 0, conditions: { takeProfitPrice: 1010, stopLossPrice: 990 } },
  });
  simulation.run(0.1);
  const { orders } = trading;
  expect(orders.count).toBe(2);
  const [profit, loss] = [orders.rowOf(entry + 1), orders.rowOf(entry + 2)];
  expect([orders.price(profit), orders.leaves(profit), orders.side(profit)]).toEqual([1010, 5, Side.Sell]);
  expect([orders.stopPrice(loss), orders.orderType(loss), orders.pending(loss)]).toEqual([
    990,
    OrderType.Stop,
    false,
  ]);
  expect(trading.amend(entry + 2, 0, 5, 985)).toBe(0);
  simulation.run(0.1);
  expect(orders.stopPrice(orders.rowOf(entry + 2))).toBe(985);
  marketOf(other).trading.buyLimit(0, 1010, 2);
  simulation.run(0.1);
  expect(orders.leaves(orders.rowOf(entry + 2))).toBe(3);
  marketOf(other).trading.buyLimit(0, 1010, 3);
  simulation.run(0.1);
  expect(orders.count).toBe(0);
  expect(reports.map(({ executionType }) => executionType)).toEqual([
    ...[ExecutionType.New, ExecutionType.New, ExecutionType.New, ExecutionType.Replaced],
    ...[ExecutionType.Restated, ExecutionType.Canceled],
  ]);
  expect(reports.at(-1)).toMatchObject({ orderId: entry + 2, reason: Reason.LinkedOrderFilled });
  expect(fills.map(({ fee, maker }) => [fee, maker])).toEqual([
    [10, false],
    [-2, true],
    [-3, true],
  ]);
  expect(trading.position(0)).toBe(0);
});

it('the simulated market rests in a halt; before the opening only the maker quotes, because nobody can read a book', async () => {
  const market = async (phase: string): Promise<Simulation> => {
    const instruments = JSON.stringify([{ ...AAA, static_band_percent: 0, initial_phase: phase }]);
    const simulation = await Simulation.start(quietConfig(`--instruments=${instruments}`));
    simulation.run(5);
    return simulation;
  };
  const halted = await market('halt');
  expect(halted.commands).toBe(0);
  const collecting = await market('pre-open');
  const [maker, taker, noise] = collecting.orders;
  expect(maker).toBeGreaterThan(0);
  expect([taker, noise]).toEqual([0, 0]);
  expect(collecting.counter('strategies', 'rejects_total')).toBe(0);
  expect(collecting.book(0)).toBeUndefined();
});
