/**
 * Matching scenarios as text. Commands:
 *
 *     #7 buy 10 @ 100 [ioc|fok] [post-only]      #7 sell 10 market [fok]
 *     amend #7 to 5 @ 101      cancel #7      mass cancel [buy|sell]
 *
 * each with optional `account A` (default 1), `instrument I` (default 0; in a mass cancel: all) and `source S`.
 */

import {
  ALL_INSTRUMENTS,
  type Matching,
  type MatchingCapacities,
  type MatchingEvents,
  ReportEvent,
  StatusEvent,
  TradeEvent,
} from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import {
  EventFlags,
  EXECUTION_TYPE_NAMES,
  ORDER_STATUS_NAMES,
  OrderFlags,
  OrderType,
  REASON_NAMES,
  SIDE_NAMES,
  Side,
  TimeInForce,
} from '../../src/lib/enums.js';

/** What is held to the contract. */
export const IMPLEMENTATIONS: readonly {
  name: string;
  create: (capacities: MatchingCapacities, events: MatchingEvents) => Matching;
}[] = [
  { name: 'MatchingEngine', create: (capacities, events) => new MatchingEngine(capacities, events) },
  { name: 'NaiveMatching', create: (capacities, events) => new NaiveMatching(capacities, events) },
];

/** Keeps copies of events. */
export class Recorder implements MatchingEvents {
  readonly events: (TradeEvent | ReportEvent)[] = [];
  readonly statuses: StatusEvent[] = [];

  trade(event: TradeEvent): void {
    this.events.push(Object.assign(new TradeEvent(), event));
  }

  report(event: ReportEvent): void {
    this.events.push(Object.assign(new ReportEvent(), event));
  }

  status(event: StatusEvent): void {
    this.statuses.push(Object.assign(new StatusEvent(), event));
  }

  /** The events since the last call. */
  take(): (TradeEvent | ReportEvent)[] {
    return this.events.splice(0);
  }
}

/** Runs one command of the language above. */
export function run(matching: Matching, text: string): void {
  const { command } = matching;
  command.account = numberAfter(text, /account (\d+)/) ?? 1;
  command.source = numberAfter(text, /source (\d+)/) ?? 0;
  command.instrument = numberAfter(text, /instrument (\d+)/) ?? 0;
  command.orderId = numberAfter(text, /#(\d+)/) ?? 0;
  command.price = numberAfter(text, /@ (-?\d+)/) ?? 0;
  command.side = text.includes('buy') ? Side.Buy : text.includes('sell') ? Side.Sell : Side.None;
  if (text.startsWith('mass cancel')) {
    command.instrument = numberAfter(text, /instrument (\d+)/) ?? ALL_INSTRUMENTS;
    matching.massCancel();
  } else if (text.startsWith('cancel')) {
    matching.cancelOrder();
  } else if (text.startsWith('amend')) {
    command.quantity = numberAfter(text, /to (-?\d+)/) ?? Number.NaN;
    matching.amendOrder();
  } else {
    command.quantity = numberAfter(text, /(?:buy|sell) (-?\d+)/) ?? Number.NaN;
    command.orderType = text.includes('market') ? OrderType.Market : OrderType.Limit;
    command.timeInForce = timeInForce(text);
    command.flags = text.includes('post-only') ? OrderFlags.PostOnly : 0;
    matching.newOrder();
  }
}

/** One line per event; the tests state these. */
export function formatEvent(event: TradeEvent | ReportEvent): string {
  if (event instanceof TradeEvent) {
    const maker = `#${event.makerOrderId} leaves ${event.makerLeaves}`;
    const taker = `#${event.takerOrderId} leaves ${event.takerLeaves}`;
    return `trade ${event.quantity} @ ${event.price}: maker ${maker}, taker ${taker}`;
  }
  const words = [EXECUTION_TYPE_NAMES[event.executionType]];
  if (event.reason !== 0) words.push(REASON_NAMES[event.reason]);
  if (event.orderId !== 0) {
    words.push(`#${event.orderId} ${ORDER_STATUS_NAMES[event.status]}`);
    if (event.side !== 0) {
      words.push(`${sideName(event.side)} ${event.quantity} @ ${event.price}`);
      words.push(`leaves ${event.leavesQuantity} filled ${event.filledQuantity}`);
    }
  } else {
    words.push(`${event.quantity}`);
  }
  if (event.previousLeaves !== 0) words.push(`was ${event.previousLeaves}`);
  if (event.previousPrice !== 0) words.push(`@ ${event.previousPrice}`);
  if ((event.flags & EventFlags.Resting) !== 0) words.push('resting');
  if ((event.flags & EventFlags.PostOnly) !== 0) words.push('post-only');
  return words.join(' ');
}

/** The book, one line per level from the worst sell to the worst buy: `sell 101: #1 5, #4 2`. */
export function formatBook(matching: Matching, instrument = 0): string[] {
  const lines = (side: Side): string[] => {
    const levels = new Map<number, string[]>();
    matching.forEachOrder(instrument, side, (order) => {
      const level = levels.get(order.price) ?? [];
      levels.set(order.price, level);
      level.push(`#${order.orderId} ${order.leavesQuantity}`);
    });
    return [...levels].map(([price, orders]) => `${sideName(side)} ${price}: ${orders.join(', ')}`);
  };
  return [...lines(Side.Sell).reverse(), ...lines(Side.Buy)];
}

function sideName(side: number): string {
  return (SIDE_NAMES[side] ?? `side ${side}`).toLowerCase();
}

function numberAfter(text: string, pattern: RegExp): number | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function timeInForce(text: string): TimeInForce {
  if (text.includes('ioc')) return TimeInForce.ImmediateOrCancel;
  return text.includes('fok') ? TimeInForce.FillOrKill : TimeInForce.GoodTillCancel;
}
