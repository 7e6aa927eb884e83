import { describe, expect, it } from 'vitest';
import { ALL_INSTRUMENTS } from '../../src/book/matching.js';
import { OrderType, Reason, Side } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { OPEN_BUY, OPEN_SELL, POSITION_CELLS } from '../../src/risk/positions.js';
import { SEED } from '../book/matching-stream.js';
import { Interleaving, MONEY, SOURCE } from './interleaving.js';
import { ACCOUNTS } from './rig.js';

describe('risk under interleaving of commands, fills and reports in flight', () => {
  console.log(`interleaving seed: MILLRACE_SEED=${SEED}`);

  it('agrees with the naive twin, and is never past a limit, at every step', () => {
    const seen = new Map<number, number>();
    for (let run = 0; run < 12; run++) {
      const world = new Interleaving(SEED + run);
      for (let step = 0; step < 1500; step++) {
        world.step();
        if (step % 10 === 0) world.check();
      }
      for (const [reason, count] of world.verdicts) seen.set(reason, (seen.get(reason) ?? 0) + count);
    }
    // The streams must reach what they are meant to test.
    for (const reason of [
      Reason.None,
      Reason.UnknownInstrument,
      Reason.UnknownAccount,
      Reason.InvalidQuantity,
      Reason.OrderNotionalLimit,
      Reason.OrderQuantityLimit,
      Reason.PriceCollar,
      Reason.PositionLimit,
      Reason.OpenOrderLimit,
      Reason.RateLimit,
      Reason.DuplicateClientOrderId,
      Reason.DuplicateOrderId,
      Reason.NotOrderOwner,
      Reason.UnknownOrder,
      Reason.Malformed,
    ]) {
      expect(seen.get(reason) ?? 0, `verdicts with reason ${reason}`).toBeGreaterThan(0);
    }
  });

  it('agrees with the naive twin on cash, margin, limits by currency and losses', () => {
    const seen = new Map<number, number>();
    for (let run = 0; run < 16; run++) {
      // A few streams are the same in every run: these must reach what is counted below, whatever the seed.
      const world = new Interleaving([3, 6, 7, 11][run] ?? SEED + 4000 + run, MONEY);
      for (let step = 0; step < 1500; step++) {
        world.step();
        if (step % 50 === 0) world.check();
      }
      for (const [reason, count] of world.verdicts) seen.set(reason, (seen.get(reason) ?? 0) + count);
    }
    const { InsufficientBalance, InitialMargin, CurrencyNotionalLimit, CurrencyPositionLimit, DailyLoss } =
      Reason;
    for (const reason of [
      InsufficientBalance,
      InitialMargin,
      CurrencyNotionalLimit,
      CurrencyPositionLimit,
      DailyLoss,
    ]) {
      expect(seen.get(reason) ?? 0, `verdicts with reason ${reason}`).toBeGreaterThan(0);
    }
  });

  it('holds in flight exactly what matching holds once everything has arrived', () => {
    for (let run = 0; run < 12; run++) {
      const world = new Interleaving(SEED + 1000 + run);
      for (let step = 0; step < 800; step++) world.step();
      world.drain();
      world.check();
      const { orders } = world.rig.engine.state;
      expect(orders.count).toBe(world.matching.engine.orderCount);
      let leaves = 0;
      for (const instrument of [0, 1]) {
        for (const side of [Side.Buy, Side.Sell]) {
          world.matching.engine.forEachOrder(instrument, side, (order) => {
            leaves += order.leavesQuantity;
          });
        }
      }
      const cells = world.rig.engine.state.positions.cells;
      let open = 0;
      for (let at = 0; at < cells.length; at += POSITION_CELLS)
        open += cells[at + OPEN_BUY] + cells[at + OPEN_SELL];
      expect(open).toBe(leaves);
    }
  });

  it('comes back to no exposure when everything is canceled', () => {
    for (let run = 0; run < 8; run++) {
      const world = new Interleaving(SEED + 2000 + run);
      for (let step = 0; step < 600; step++) world.step();
      for (const account of ACCOUNTS) {
        world.decide('massCancel', {
          ...world.newOrder(),
          account,
          instrument: ALL_INSTRUMENTS,
          side: Side.None,
        });
      }
      world.drain();
      world.check();
      expect(world.rig.engine.state.orders.count).toBe(0);
      expect([...world.rig.engine.state.openOrders]).toEqual([0, 0, 0]);
    }
  });

  it('lets an order that only reduces a position pass the position limit, whatever the limit has become', () => {
    for (let run = 0; run < 20; run++) {
      const world = new Interleaving(SEED + 3000 + run);
      for (let step = 0; step < 300; step++) world.step();
      world.drain();
      world.check();
      world.rig.controls.setLimit(0, ALL_INSTRUMENTS, 'max_position', 0);
      world.rig.controls.setLimit(0, ALL_INSTRUMENTS, 'max_open_orders', 1000);
      world.rig.controls.setLimit(0, ALL_INSTRUMENTS, 'order_burst', 1000);
      world.rig.controls.setLimit(0, ALL_INSTRUMENTS, 'price_collar_percent', 1000);
      for (const account of ACCOUNTS) {
        for (const instrument of [0, 1]) {
          const position = world.twin.position(account, instrument);
          const side = position > 0 ? Side.Sell : Side.Buy;
          const quantity = Math.min(30, Math.abs(position) - world.twin.open(account, instrument, side));
          const exit = {
            account,
            instrument,
            side,
            quantity,
            client: 0,
            source: SOURCE,
            orderType: OrderType.Limit,
            price: 100,
          };
          if (quantity < 1) continue;
          const orderId = orderIdOf(SOURCE, 1_000_000 + account * 10 + instrument);
          const command = world.newOrder({ ...exit, orderId, flags: 0, received: 1e15 });
          const verdict = world.decide('newOrder', command);
          expect([Reason.None, Reason.RiskCapacity]).toContain(verdict);
        }
      }
    }
  });
});
