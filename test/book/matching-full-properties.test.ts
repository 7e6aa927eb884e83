/**
 * What must hold whatever comes in, of every order type and phase, stated without a second implementation. A failure is
 * shrunk to commands that can be pasted into a scenario. MILLRACE_SEED repeats a run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LiveOrder,
  type Matching,
  ReportEvent,
  StatusEvent,
  TradeEvent,
} from '../../src/book/matching.js';
import {
  EventFlags,
  ExecutionType,
  OrderType,
  Reason,
  Side,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';
import { commands } from './matching-arbitrary.js';
import { formatEvent } from './matching-format.js';
import { type Create, flagsOf, IMPLEMENTATIONS, type RecordedEvent, Recorder } from './matching-recorder.js';
import { Replica } from './matching-replica.js';
import { run } from './matching-script.js';
import { SEED } from './matching-stream.js';

const OPTIONS = {
  groups: new Map([
    [1, 1],
    [2, 1],
  ]),
};
const GROUP = [0, 1, 1, 3];

interface Step {
  readonly text: string;
  readonly matching: Matching;
  readonly events: readonly RecordedEvent[];
  readonly trades: readonly TradeEvent[];
  readonly reports: readonly ReportEvent[];
  readonly answer: ReportEvent;
  readonly phaseBefore: number;
  readonly hashBefore: string;
  /** Orders on the book before. */
  readonly bookBefore: readonly LiveOrder[];
}

/** Runs random commands and hands each step to a fresh `check`. */
function forAllSteps(create: Create, start: () => (step: Step) => void): void {
  const property = fc.property(commands, (texts) => {
    const recorder = new Recorder();
    const matching = create({ instruments: 1, orders: 64, levels: 64 }, recorder, OPTIONS);
    const check = start();
    for (const text of texts) {
      const [phaseBefore, hashBefore, bookBefore] = [
        matching.phase(0),
        matching.stateHash(),
        bookOf(matching),
      ];
      run(matching, text);
      matching.validate();
      const events = recorder.take();
      const trades = events.filter((event) => event instanceof TradeEvent);
      const reports = events.filter((event) => event instanceof ReportEvent);
      const answer = reports.find((report) => (report.flags & EventFlags.Answer) !== 0);
      if (answer === undefined) throw new Error(`no answer to ${text}`);
      check({ text, matching, events, trades, reports, answer, phaseBefore, hashBefore, bookBefore });
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 250 });
}

function bookOf(matching: Matching): LiveOrder[] {
  const orders: LiveOrder[] = [];
  for (const side of [Side.Buy, Side.Sell]) matching.forEachOrder(0, side, (order) => orders.push(order));
  return orders;
}

const isUnpriced = (order: LiveOrder): boolean => order.orderType === OrderType.Market;

describe.each(IMPLEMENTATIONS)(
  `matching properties in full of $name, MILLRACE_SEED=${SEED}`,
  ({ create }) => {
    it('a command has one answer, and one end, which is its last event', () => {
      forAllSteps(create, () => ({ events }) => {
        const ends = events.map((event) => (flagsOf(event) & EventFlags.EndOfCommand) !== 0);
        expect(ends.indexOf(true)).toBe(events.length - 1);
        const answers = events.filter((event) => (flagsOf(event) & EventFlags.Answer) !== 0);
        expect(answers.length).toBe(1);
      });
    });

    it('price and time priority at every trade; the book is what its events say, order by order', () => {
      forAllSteps(create, () => {
        const replica = new Replica(1);
        return ({ matching, events }) => {
          for (const event of events) {
            if (event instanceof TradeEvent) replica.trade(event);
            else if (event instanceof ReportEvent) replica.report(event);
          }
          expect(replica.faults).toEqual([]);
          for (const side of [Side.Buy, Side.Sell]) {
            const priced = bookOf(matching).filter((order) => order.side === side && !isUnpriced(order));
            const wanted = priced.map((order) => {
              const shown = order.displayedQuantity === 0 ? order.leavesQuantity : order.shownQuantity;
              return `${order.price}: #${order.orderId} ${shown}`;
            });
            expect(replica.format(0, side)).toEqual(wanted);
          }
        };
      });
    });

    it('quantity is conserved: every order has filled what was traded of it, and nothing else is missing', () => {
      forAllSteps(create, () => {
        const traded = new Map<number, number>();
        return ({ matching, events }) => {
          for (const event of events) {
            if (event instanceof TradeEvent) {
              for (const id of [event.makerOrderId, event.takerOrderId])
                traded.set(id, (traded.get(id) ?? 0) + event.quantity);
              // A maker that is filled has no report, except in an uncross.
              if (event.makerLeaves === 0 && (event.flags & EventFlags.Auction) === 0)
                traded.delete(event.makerOrderId);
            } else if (event instanceof ReportEvent && event.orderId !== 0) {
              checkQuantities(event, traded);
            }
          }
          for (const order of bookOf(matching)) {
            expect(order.quantity - order.leavesQuantity).toBe(traded.get(order.orderId) ?? 0);
          }
        };
      });
    });

    it('no book is crossed in continuous trading', () => {
      forAllSteps(create, () => ({ matching }) => {
        if (matching.phase(0) !== TradingPhase.Continuous) return;
        expect(matching.bestPrice(0, Side.Buy) >= matching.bestPrice(0, Side.Sell)).toBe(false);
      });
    });

    it('trades happen in continuous trading or in an uncross, none past a limit', () => {
      forAllSteps(create, () => {
        const limits = new Map<number, number>();
        return ({ matching, trades, reports, answer }) => {
          for (const report of reports) limits.set(report.orderId, limitOf(report));
          for (const trade of trades) {
            for (const [id, side] of [
              [trade.takerOrderId, trade.takerSide],
              [trade.makerOrderId, 3 - trade.takerSide],
            ]) {
              const limit = limits.get(id);
              if (limit === undefined || Number.isNaN(limit)) continue;
              expect(
                side === Side.Buy ? trade.price <= limit : trade.price >= limit,
                `#${id} at ${trade.price}`,
              ).toBe(true);
            }
          }
          if (trades.length > 0 && answer.executionType === ExecutionType.New)
            expect(matching.phase(0)).toBe(TradingPhase.Continuous);
        };
      });
    });

    it('no trade within a group when the taker does not want it', () => {
      forAllSteps(create, () => {
        const prevention = new Map<number, boolean>();
        return ({ text, events, answer }) => {
          const wants = text.includes('stp');
          if (/^#/.test(text) && answer.executionType !== ExecutionType.Rejected) {
            prevention.set(answer.orderId, wants);
            if (/ (tp|sl) /.test(text))
              for (const rank of [0.1, 0.2]) prevention.set(answer.orderId + rank, wants);
          }
          for (const event of events) {
            // Exits of a bracket come without Answer and have the choice of their entry.
            if (
              event instanceof ReportEvent &&
              event.executionType === ExecutionType.New &&
              (flagsOf(event) & EventFlags.Answer) === 0
            ) {
              const rank = event.orderType === OrderType.Limit ? 1 : 2;
              prevention.set(event.orderId, prevention.get(event.orderId - rank + rank / 10) ?? false);
            }
          }
          for (const event of events) {
            if (!(event instanceof TradeEvent) || (event.flags & EventFlags.Auction) !== 0) continue;
            if (prevention.get(event.takerOrderId) !== true) continue;
            expect(GROUP[event.makerAccount], formatEvent(event)).not.toBe(GROUP[event.takerAccount]);
          }
        };
      });
    });

    it('fill-or-kill is all or nothing, minimum quantity at least that or nothing', () => {
      forAllSteps(create, () => ({ text, answer, hashBefore, matching, events }) => {
        if (!text.startsWith('#') || answer.executionType === ExecutionType.Rejected) return;
        if (answer.timeInForce === TimeInForce.FillOrKill)
          expect([0, answer.quantity]).toContain(answer.filledQuantity);
        const minimum = Number(/min (\d+)/.exec(text)?.[1] ?? 0);
        if (minimum > 0 && answer.filledQuantity < minimum) expect(answer.filledQuantity).toBe(0);
        const failed: number[] = [Reason.FillOrKillUnfilled, Reason.MinimumQuantityUnfilled];
        if (failed.includes(answer.reason) && events.length === 1)
          expect(matching.stateHash()).toBe(hashBefore);
      });
    });

    it('a refused command changes nothing', () => {
      forAllSteps(create, () => ({ answer, hashBefore, matching, events }) => {
        const refused: number[] = [ExecutionType.Rejected, ExecutionType.CancelRejected];
        if (refused.includes(answer.executionType) && events[0] === answer) {
          expect(matching.stateHash()).toBe(hashBefore);
        }
      });
    });

    it('the uncross has the largest volume, then the smallest surplus, of all prices', () => {
      forAllSteps(create, () => ({ events, bookBefore, trades, phaseBefore }) => {
        const status = events.find((event) => event instanceof StatusEvent);
        const first = events[0];
        if (status === undefined || status !== first || status.phase === phaseBefore || phaseBefore === 3)
          return;
        if (status.phase !== TradingPhase.Continuous) return;
        const best = bestUncross(bookBefore);
        if (best.volume === 0 || !bookBefore.some((order) => !isUnpriced(order))) return;
        expect(status.indicativeQuantity).toBe(best.volume);
        expect(Math.abs(status.surplus)).toBeLessThanOrEqual(best.surplus);
        if (bookBefore.some((order) => order.linkedOrderId !== 0)) return;
        const auction = trades.filter((trade) => (trade.flags & EventFlags.Auction) !== 0);
        expect(auction.reduce((sum, trade) => sum + trade.quantity, 0)).toBe(best.volume);
        for (const trade of auction) expect(trade.price).toBe(status.indicativePrice);
      });
    });
  },
);

/** What the report says of its order fits what was traded of it; an order that comes in under a used id starts anew. */
function checkQuantities(report: ReportEvent, traded: Map<number, number>): void {
  const { executionType, orderId, quantity, leavesQuantity, filledQuantity, previousLeaves } = report;
  const { Rejected, CancelRejected, Canceled } = ExecutionType;
  const isUnknown = executionType === CancelRejected && report.side === 0;
  if (executionType === Rejected || isUnknown) return;
  const sum = traded.get(orderId) ?? 0;
  expect(filledQuantity, formatEvent(report)).toBe(sum);
  const open = executionType === Canceled ? previousLeaves : leavesQuantity;
  expect(open + filledQuantity, formatEvent(report)).toBe(quantity);
  if (executionType === Canceled || leavesQuantity === 0) traded.delete(orderId);
}

/** NaN: none. */
function limitOf(report: ReportEvent): number {
  const isPriced =
    report.orderType !== OrderType.Market && report.orderType !== OrderType.Stop && report.side !== 0;
  return isPriced && report.executionType !== ExecutionType.Rejected ? report.price : Number.NaN;
}

/** By trying every price that there is an order at. */
function bestUncross(book: readonly LiveOrder[]): { volume: number; surplus: number } {
  let best = { volume: 0, surplus: 0 };
  for (let price = 90; price <= 110; price++) {
    const sum = (side: Side, accepts: (limit: number) => boolean): number =>
      book
        .filter((order) => order.side === side && (isUnpriced(order) || accepts(order.price)))
        .reduce((total, order) => total + order.leavesQuantity, 0);
    const buys = sum(Side.Buy, (limit) => limit >= price);
    const sells = sum(Side.Sell, (limit) => limit <= price);
    if (!book.some((order) => !isUnpriced(order) && order.price === price)) continue;
    const [volume, surplus] = [Math.min(buys, sells), Math.abs(buys - sells)];
    if (volume > best.volume || (volume === best.volume && surplus < best.surplus))
      best = { volume, surplus };
  }
  return best;
}
