/** Structures of the engine that need no matching to be wrong: heap of expiries, waiting orders, groups, fees, auction price. */
import { describe, expect, it } from 'vitest';
import { AccountGroups } from '../../src/book/account-groups.js';
import * as coldLayout from '../../src/book/cold-layout.js';
import { EngineState } from '../../src/book/engine-state.js';
import { Fees } from '../../src/book/fees.js';
import { type Matching, TradeEvent } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { fee } from '../../src/book/naive-prices.js';
import * as orderLayout from '../../src/book/order-layout.js';
import { OrderType, Side, TimeInForce, TradingPhase } from '../../src/lib/enums.js';
import { Random, SEED } from './matching-stream.js';

const ORDERS = 64;
const NO_EVENTS = { trade(): void {}, report(): void {}, status(): void {} };

/** Engine state with every record taken, for structures of which only the records matter. */
function stateWithOrders(): EngineState {
  const state = new EngineState(
    { instruments: 2, orders: ORDERS, levels: ORDERS, accounts: 1 },
    NO_EVENTS,
    {},
  );
  for (let slot = 1; slot <= ORDERS; slot++) {
    state.books.orders.allocate();
    state.books.orders.words[(slot << orderLayout.ORDER_SHIFT) | orderLayout.ATTRIBUTES] = 0;
    state.cold.create(slot);
    state.books.orders.numbers[(slot << orderLayout.ORDER_NUMBER_SHIFT) | orderLayout.ARRIVAL] = slot;
  }
  return state;
}

describe(`engine structures, MILLRACE_SEED=${SEED}`, () => {
  it('expiries come by time, then by arrival, whatever leaves before', () => {
    const random = new Random(SEED);
    const state = stateWithOrders();
    const { expiries, cold } = state;
    const times = new Map<number, number>();
    const first = (): number => Math.min(Infinity, ...times.values());
    for (let step = 0; step < 4000; step++) {
      const slot = 1 + random.below(ORDERS);
      if (times.has(slot)) {
        expiries.remove(slot);
        times.delete(slot);
      } else {
        const time = 2 ** 50 + random.below(9);
        cold.numbers[(slot << coldLayout.COLD_NUMBER_SHIFT) | coldLayout.EXPIRE_TIME] = time;
        expiries.add(slot);
        times.set(slot, time);
      }
      expiries.validate();
      expect(expiries.next).toBe(first());
      if (times.size === 0) continue;
      const due = [...times].filter(([, time]) => time === first()).map(([other]) => other);
      expect(expiries.first()).toBe(Math.min(...due));
    }
  });

  it('the stop that is due is the nearest one, at a price the one that waits longest, of both sides the older', () => {
    const random = new Random(SEED);
    const state = stateWithOrders();
    const { waiting, cold } = state;
    const { words, numbers } = state.books.orders;
    expect(waiting.hasStopRoom(0)).toBe(true);
    const queue: { slot: number; side: number; price: number }[] = [];
    for (let step = 0; step < 4000; step++) {
      const slot = 1 + random.below(ORDERS);
      const index = queue.findIndex((stop) => stop.slot === slot);
      if (index >= 0) {
        waiting.remove(slot);
        queue.splice(index, 1);
      } else {
        const stop = { slot, side: 1 + random.below(2), price: random.below(9) - 4 };
        words[(slot << orderLayout.ORDER_SHIFT) | orderLayout.ATTRIBUTES] =
          coldLayout.SPECIAL | orderLayout.packAttributes(0, stop.side, OrderType.Stop, 1, 0);
        words[(slot << orderLayout.ORDER_SHIFT) | orderLayout.INSTRUMENT] = 1;
        cold.numbers[(slot << coldLayout.COLD_NUMBER_SHIFT) | coldLayout.STOP_PRICE] = stop.price;
        waiting.addStop(slot);
        queue.push(stop);
      }
      waiting.validate();
      const prices = { stepHigh: random.below(9) - 4, stepLow: random.below(9) - 4 };
      const buys = queue.filter((stop) => stop.side === Side.Buy && stop.price <= prices.stepHigh);
      const sells = queue.filter((stop) => stop.side === Side.Sell && stop.price >= prices.stepLow);
      // Sorting is stable: at one price the order of the queue.
      buys.sort((one, other) => one.price - other.price);
      sells.sort((one, other) => other.price - one.price);
      const arrival = (stop: { slot: number }): number =>
        numbers[(stop.slot << orderLayout.ORDER_NUMBER_SHIFT) | orderLayout.ARRIVAL];
      const due = [...buys.slice(0, 1), ...sells.slice(0, 1)].sort(
        (one, other) => arrival(one) - arrival(other),
      );
      expect(waiting.due(1, prices)).toBe(due[0]?.slot ?? 0);
    }
  });

  it('orders of one group are of one account or mapped to the same number', () => {
    const random = new Random(SEED);
    const accounts = [0, 1, 2, 77, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    const groups = new Map(accounts.slice(1).map((account) => [account, random.below(3) * 2 ** 40]));
    const table = new AccountGroups(groups);
    for (const one of accounts) {
      for (const other of accounts) {
        const group = groups.get(one);
        const same = one === other || (group !== undefined && group === groups.get(other));
        expect(table.same(one | 0, other | 0)).toBe(same);
      }
    }
    expect(new AccountGroups().same(1, 2)).toBe(false);
  });

  it('fees are exact up to the largest price, quantity and rate', () => {
    const random = new Random(SEED);
    const fees = new Fees();
    const wide = (): number => Math.floor(2 ** random.below(54) * (0.5 + random.below(1000) / 2000));
    for (let step = 0; step < 20_000; step++) {
      const trade = new TradeEvent();
      trade.price = Math.min(wide(), Number.MAX_SAFE_INTEGER) * (random.chance(0.3) ? -1 : 1);
      trade.quantity = Math.max(1, Math.min(wide(), Number.MAX_SAFE_INTEGER));
      const rates = [random.below(200_000_001) - 100_000_000, random.chance(0.1) ? 0 : random.below(50_000)];
      fees.charge(trade, rates[0], rates[1]);
      const wanted = rates.map((rate) => fee(trade.price, trade.quantity, rate));
      if (trade.makerFee !== wanted[0] || trade.takerFee !== wanted[1])
        expect({ ...trade, rates }).toEqual({ ...trade, makerFee: wanted[0], takerFee: wanted[1], rates });
    }
  });
});

/** Random orders into an opening auction; returns what would be executed after each. */
function auctionPrices(matching: Matching, seed: number): string[] {
  const random = new Random(seed);
  const quantities = random.pick([
    [1, 2, 3, 5],
    [1, 2 ** 52, 2 ** 53 - 1],
  ]);
  const { command } = matching;
  Object.assign(command, { instrument: 0, source: 0, flags: 0, selfTradePrevention: 0, conditional: 0 });
  const prices: string[] = [];
  for (let id = 1; id <= 14; id++) {
    command.orderId = id;
    command.account = id;
    command.side = 1 + random.below(2);
    const unpriced = random.chance(0.2);
    command.orderType = unpriced ? OrderType.Market : OrderType.Limit;
    command.timeInForce = unpriced ? TimeInForce.AtTheOpen : TimeInForce.GoodTillCancel;
    command.price = random.below(7) - 3;
    command.quantity = random.pick(quantities);
    matching.newOrder();
    prices.push(`${Object.values(matching.indicative(0))}`);
  }
  return prices;
}

it(`auction prices of random small books, and of books beyond safe sums, MILLRACE_SEED=${SEED}`, () => {
  const capacities = { instruments: 1, orders: 20, levels: 20 };
  for (let seed = SEED; seed < SEED + 1500; seed++) {
    const reference = seed % 3 === 0 ? {} : { referencePrice: (seed % 9) - 4 };
    const options = { rules: [{ phase: TradingPhase.OpeningAuction, ...reference }] };
    const engine = auctionPrices(new MatchingEngine(capacities, NO_EVENTS, options), seed);
    expect(engine, `seed ${seed}`).toEqual(
      auctionPrices(new NaiveMatching(capacities, NO_EVENTS, options), seed),
    );
  }
});
