/** What must hold whatever comes in, stated without a second implementation. MILLRACE_SEED repeats a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Matching,
  MatchingCommand,
  ReportEvent,
  type RestingOrder,
  TradeEvent,
} from '../../src/book/matching.js';
import { ExecutionType, OrderFlags, Reason, Side, TimeInForce } from '../../src/lib/enums.js';
import { IMPLEMENTATIONS, type RecordedEvent, Recorder } from './matching-recorder.js';
import { type Action, apply, SEED } from './matching-stream.js';

interface Step {
  readonly action: Action;
  readonly command: MatchingCommand;
}

const ORDERS = 40;
const stepArbitrary: fc.Arbitrary<Step> = fc
  .record({
    action: fc.constantFrom<Action>(
      'newOrder',
      'newOrder',
      'newOrder',
      'amendOrder',
      'cancelOrder',
      'massCancel',
    ),
    orderId: fc.integer({ min: 1, max: ORDERS }),
    account: fc.integer({ min: 1, max: 2 }),
    instrument: fc.integer({ min: 0, max: 1 }),
    side: fc.constantFrom(Side.Buy, Side.Sell),
    orderType: fc.constantFrom(1, 1, 1, 2),
    timeInForce: fc.constantFrom(1, 1, 1, 2, 3),
    flags: fc.constantFrom(0, 0, OrderFlags.PostOnly),
    price: fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(-(2 ** 53) + 1, 2 ** 53 - 1)),
    quantity: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ action, ...fields }) => ({ action, command: Object.assign(new MatchingCommand(), fields) }));

/** Runs steps and hands each with its events and the books before and after to `check`. */
function forAllSteps(
  create: (typeof IMPLEMENTATIONS)[number]['create'],
  check: (run: StepRun) => void,
): void {
  const property = fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 60 }), (steps) => {
    const recorder = new Recorder();
    const matching = create({ instruments: 2, orders: 64, levels: 64 }, recorder);
    let before = allOrders(matching);
    for (const step of steps) {
      apply(matching, step.action, step.command);
      const events = recorder.take();
      const after = allOrders(matching);
      const trades = events.filter((event) => event instanceof TradeEvent);
      const report = events[events.length - 1] as ReportEvent;
      check({ ...step, before, after, events, trades, report, matching });
      before = after;
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 150 });
}

interface StepRun extends Step {
  readonly before: RestingOrder[];
  readonly after: RestingOrder[];
  readonly events: RecordedEvent[];
  readonly trades: TradeEvent[];
  /** The command's own. */
  readonly report: ReportEvent;
  readonly matching: Matching;
}

/** All orders, each side in priority order. */
function allOrders(matching: Matching): RestingOrder[] {
  const orders: RestingOrder[] = [];
  for (const instrument of [0, 1]) {
    for (const side of [Side.Buy, Side.Sell])
      matching.forEachOrder(instrument, side, (order) => orders.push(order));
  }
  return orders;
}

const openQuantity = (orders: readonly RestingOrder[]): number =>
  orders.reduce((sum, order) => sum + order.leavesQuantity, 0);

describe.each(IMPLEMENTATIONS)(`matching properties of $name, MILLRACE_SEED=${SEED}`, ({ create }) => {
  it('quantity is conserved: what came in is open, traded twice, or canceled', () => {
    forAllSteps(create, ({ action, command, before, after, events, trades, report }) => {
      let expected = openQuantity(before);
      const traded = trades.reduce((sum, trade) => sum + trade.quantity, 0);
      if (action === 'newOrder' && report.executionType !== ExecutionType.Rejected)
        expected += command.quantity;
      if (report.executionType === ExecutionType.Replaced) {
        expected += report.leavesQuantity + traded - report.previousLeaves;
      }
      for (const event of events) {
        if (event instanceof ReportEvent && event.executionType === ExecutionType.Canceled)
          expected -= event.previousLeaves;
      }
      expect(openQuantity(after)).toBe(expected - 2 * traded);
    });
  });

  it('a book is never crossed and never holds an empty order', () => {
    forAllSteps(create, ({ matching, after }) => {
      for (const instrument of [0, 1]) {
        const bid = matching.bestPrice(instrument, Side.Buy);
        const ask = matching.bestPrice(instrument, Side.Sell);
        expect(bid >= ask, `bid ${bid} ask ${ask}`).toBe(false);
      }
      for (const order of after) expect(order.leavesQuantity).toBeGreaterThan(0);
      matching.validate();
    });
  });

  it('trades take the other side in its priority order, each maker as far as it goes, none past the limit', () => {
    forAllSteps(create, ({ command, before, trades, report }) => {
      if (trades.length === 0) return;
      const makers = before.filter(
        (order) => order.instrument === report.instrument && order.side !== report.side,
      );
      trades.forEach((trade, index) => {
        const maker = makers[index];
        expect(trade.makerOrderId).toBe(maker.orderId);
        expect(trade.price).toBe(maker.price);
        expect(trade.makerLeaves).toBe(maker.leavesQuantity - trade.quantity);
        if (index < trades.length - 1) expect(trade.makerLeaves).toBe(0);
        if (report.orderType === 1) {
          expect(report.side === Side.Buy ? trade.price <= command.price : trade.price >= command.price).toBe(
            true,
          );
        }
      });
      const last = trades[trades.length - 1];
      expect(last.takerLeaves === 0 || last.makerLeaves === 0, 'someone is done').toBe(true);
    });
  });

  it('fill-or-kill fills in full or does nothing; post-only never takes', () => {
    forAllSteps(create, ({ action, command, before, after, trades, report }) => {
      if (action === 'newOrder' && command.timeInForce === TimeInForce.FillOrKill && trades.length > 0) {
        expect(report.filledQuantity).toBe(command.quantity);
      }
      if (report.reason === Reason.FillOrKillUnfilled) expect(after).toEqual(before);
      const isPostOnly = action !== 'massCancel' && (report.flags & 4) !== 0;
      if (isPostOnly) expect(trades).toEqual([]);
    });
  });

  it('a refused command changes nothing', () => {
    forAllSteps(create, ({ before, after, events, report }) => {
      const refused = [ExecutionType.Rejected, ExecutionType.CancelRejected] as number[];
      if (!refused.includes(report.executionType)) return;
      expect(events.length).toBe(1);
      expect(after).toEqual(before);
    });
  });

  it('orders that a command does not name or trade keep their place', () => {
    forAllSteps(create, ({ command, before, after }) => {
      const untouched = (orders: RestingOrder[], others: RestingOrder[]): number[] =>
        orders
          .filter((order) => order.orderId !== command.orderId)
          .filter((order) => others.some((other) => other.orderId === order.orderId))
          .map((order) => order.orderId);
      expect(untouched(after, before)).toEqual(untouched(before, after));
    });
  });

  it('what a price says it holds is what its orders hold', () => {
    const into = new Float64Array(3 * 64);
    forAllSteps(create, ({ matching, after }) => {
      for (const side of [Side.Buy, Side.Sell]) {
        const count = matching.levels(0, side, 64, into);
        for (let index = 0; index < count * 3; index += 3) {
          const orders = after.filter(
            (order) => order.instrument === 0 && order.side === side && order.price === into[index],
          );
          expect([into[index + 1], into[index + 2]]).toEqual([openQuantity(orders), orders.length]);
        }
      }
    });
  });
});
