/** The reference match workload (see bench/book.ts): small against the twin, whole against the known end state. */
import { expect, it } from 'vitest';
import { ReferenceRandom, run, SMOKE } from '../../bench/book.js';
import type { Matching, MatchingEvents, TradeEvent } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { OrderType, Side, TimeInForce } from '../../src/lib/enums.js';

class Totals implements MatchingEvents {
  trades = 0;
  filled = 0;
  trade(event: TradeEvent): void {
    this.trades++;
    this.filled += event.quantity;
  }
  report(): void {}
  status(): void {}
}

function runWorkload(matching: Matching, orders: number): void {
  const random = new ReferenceRandom();
  const { command } = matching;
  Object.assign(command, { instrument: 0, account: 1, flags: 0, orderType: OrderType.Limit });
  command.timeInForce = TimeInForce.GoodTillCancel;
  for (let index = 0; index < orders; index++) {
    command.orderId = index + 1;
    command.side = index % 2 === 0 ? Side.Buy : Side.Sell;
    command.price = (index % 2 === 0 ? 1880 : 1884) + random.digit();
    command.quantity = (random.digit() + 1) * 100;
    matching.newOrder();
  }
}

it('ends after 2,000,000 orders in the state that three other engines end in', () => {
  const totals = new Totals();
  const engine = new MatchingEngine({ instruments: 1, orders: 1 << 20, levels: 32 }, totals);
  runWorkload(engine, 2_000_000);
  expect({ ...totals, resting: engine.orderCount }).toEqual({
    trades: 919_076,
    filled: 278_857_200,
    resting: 985_592,
  });
  engine.validate();
});

it('ends where the naive twin ends', () => {
  const capacities = { instruments: 1, orders: 4096, levels: 32 };
  const [engineTotals, twinTotals] = [new Totals(), new Totals()];
  const engine = new MatchingEngine(capacities, engineTotals);
  const twin = new NaiveMatching(capacities, twinTotals);
  runWorkload(engine, SMOKE.orders);
  runWorkload(twin, SMOKE.orders);
  expect({ ...twinTotals, resting: twin.orderCount, orders: SMOKE.orders }).toEqual(SMOKE);
  expect(engineTotals).toEqual(twinTotals);
});

it('the benchmark runs at smoke size', async () => {
  const { figures } = await run({ smoke: true });
  for (const figure of Object.values(figures)) expect(figure).toBeGreaterThanOrEqual(0);
});
