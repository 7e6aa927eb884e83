/** Events and books as lines of text; the scenarios state these. */
import { type LiveOrder, type Matching, ReportEvent, TradeEvent } from '../../src/book/matching.js';
import {
  EventFlags,
  EXECUTION_TYPE_NAMES,
  ExecutionType,
  ORDER_STATUS_NAMES,
  OrderType,
  REASON_NAMES,
  SIDE_NAMES,
  Side,
  TimeInForce,
} from '../../src/lib/enums.js';
import type { RecordedEvent } from './matching-recorder.js';
import { phaseName } from './matching-script.js';

/** One line per event. */
export function formatEvent(event: RecordedEvent): string {
  if (event instanceof TradeEvent) return formatTrade(event);
  if (event instanceof ReportEvent) return formatReport(event);
  const { phase, previousPhase, reason, indicativePrice, indicativeQuantity, surplus } = event;
  const price = Number.isNaN(indicativePrice)
    ? 'none'
    : `${indicativeQuantity} @ ${indicativePrice} surplus ${surplus}`;
  if (phase === previousPhase) return `indicative ${price}`;
  const words = [`${phaseName(phase)} after ${phaseName(previousPhase)}`];
  if (reason !== 0) words.push(`${REASON_NAMES[reason]}`);
  if (!Number.isNaN(indicativePrice)) words.push(`uncross ${price}`);
  if (!Number.isNaN(event.lastPrice)) words.push(`last ${event.lastPrice}`);
  if (!Number.isNaN(event.referencePrice)) words.push(`reference ${event.referencePrice}`);
  return words.join(' ');
}

function formatTrade(event: TradeEvent): string {
  const maker = `#${event.makerOrderId} leaves ${event.makerLeaves}`;
  const taker = `#${event.takerOrderId} leaves ${event.takerLeaves}`;
  const fees =
    event.makerFee !== 0 || event.takerFee !== 0 ? `, fees ${event.makerFee} and ${event.takerFee}` : '';
  const auction = (event.flags & EventFlags.Auction) !== 0 ? 'auction ' : '';
  return `${auction}trade ${event.quantity} @ ${event.price}: maker ${maker}, taker ${taker}${fees}`;
}

function formatReport(event: ReportEvent): string {
  const words = [`${EXECUTION_TYPE_NAMES[event.executionType]}`];
  if (event.reason !== 0) words.push(`${REASON_NAMES[event.reason]}`);
  if (event.orderId !== 0) {
    words.push(`#${event.orderId} ${ORDER_STATUS_NAMES[event.status]}`);
    if (event.side !== 0) {
      words.push(`${sideName(event.side)} ${event.quantity} @ ${event.price}`);
      words.push(`leaves ${event.leavesQuantity} filled ${event.filledQuantity}`);
    }
  } else if (event.executionType !== ExecutionType.Completed) {
    words.push(`${event.quantity}`);
  }
  if (event.previousLeaves !== 0) words.push(`was ${event.previousLeaves}`);
  if (event.previousPrice !== 0) words.push(`@ ${event.previousPrice}`);
  if ((event.flags & EventFlags.Resting) !== 0) words.push('resting');
  if ((event.flags & EventFlags.PostOnly) !== 0) words.push('post-only');
  if ((event.flags & EventFlags.Conditional) !== 0) words.push(...formatConditions(event));
  return words.join(' ');
}

function formatConditions(event: ReportEvent): string[] {
  const words = [`| shows ${event.displayedQuantity} after ${event.previousDisplayed}`];
  if (event.stopPrice !== 0) words.push(`stop ${event.stopPrice}`);
  if (event.linkedOrderId !== 0) words.push(`linked #${event.linkedOrderId}`);
  if (event.expireTime !== 0) words.push(`until ${event.expireTime}`);
  return words;
}

/**
 * The book, one line per level from the worst sell to the worst buy: `sell 101: #1 5, #4 2/9` (an iceberg: shown/open), then the
 * waiting orders: `buy stop 105: #5 10`, `sell at-close: #6 3`.
 */
export function formatBook(matching: Matching, instrument = 0): string[] {
  const sideLines = (side: Side): string[] => {
    const orders: LiveOrder[] = [];
    matching.forEachOrder(instrument, side, (order) => orders.push(order));
    return lines(orders, (order) => (isUnpriced(order) ? 'market' : `${order.price}`));
  };
  const waiting: LiveOrder[] = [];
  matching.forEachWaitingOrder(instrument, (order) => waiting.push(order));
  return [
    ...sideLines(Side.Sell).reverse(),
    ...sideLines(Side.Buy),
    ...lines(waiting, (order) => (isStop(order) ? `stop ${order.stopPrice}` : 'at-close')),
  ];
}

/** Orders in their order, those with one key on a line. */
function lines(orders: readonly LiveOrder[], keyOf: (order: LiveOrder) => string): string[] {
  const levels = new Map<string, string[]>();
  for (const order of orders) {
    const key = `${sideName(order.side)} ${keyOf(order)}`;
    const level = levels.get(key) ?? [];
    levels.set(key, level);
    const isIceberg = order.displayedQuantity !== 0 && !order.waiting;
    level.push(`#${order.orderId} ${isIceberg ? `${order.shownQuantity}/` : ''}${order.leavesQuantity}`);
  }
  return [...levels].map(([key, level]) => `${key}: ${level.join(', ')}`);
}

export function isStop(order: { readonly orderType: number }): boolean {
  return order.orderType === OrderType.Stop || order.orderType === OrderType.StopLimit;
}

export function isUnpriced(order: { readonly orderType: number; readonly timeInForce: number }): boolean {
  const { AtTheOpen, AtTheClose } = TimeInForce;
  return (
    order.orderType === OrderType.Market && [AtTheOpen, AtTheClose].some((at) => at === order.timeInForce)
  );
}

export function sideName(side: number): string {
  return (SIDE_NAMES[side] ?? `side ${side}`).toLowerCase();
}
