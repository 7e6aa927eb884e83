/** Events of one command of the naive twin, kept until it is known which is the last. */
import { EventFlags, ExecutionType, OrderStatus, type Reason } from '../lib/enums.js';
import {
  type IndicativePrice,
  type MatchingCommand,
  type MatchingEvents,
  ReportEvent,
  StatusEvent,
  TradeEvent,
} from './matching.js';
import type { NaiveInstrument } from './naive-instrument.js';
import { isPostOnly, NO_ORDER, type Order } from './naive-order.js';

type Changes = Partial<ReportEvent>;

export class NaiveReports {
  private readonly events: (TradeEvent | ReportEvent | StatusEvent)[] = [];

  trade(fields: TradeEvent): void {
    this.events.push(Object.assign(new TradeEvent(), fields));
  }

  /** About an order as it is now; `changes` has what the event says beyond that. */
  order(
    instrument: NaiveInstrument,
    order: Order,
    executionType: ExecutionType,
    status: OrderStatus,
    changes: Changes = {},
  ): void {
    const isConditional = order.conditional || executionType === ExecutionType.Restated;
    const isOver = status === OrderStatus.Canceled || status === OrderStatus.Filled;
    const conditions = {
      displayedQuantity: instrument.showing(order),
      previousDisplayed: 0,
      stopPrice: order.stopPrice,
      linkedOrderId: isOver ? 0 : order.linkedOrderId,
      expireTime: order.expireTime,
    };
    const report = Object.assign(reportAbout(order), conditions, changes, { executionType, status });
    if (isPostOnly(order)) report.flags |= EventFlags.PostOnly;
    if (isConditional) report.flags |= EventFlags.Conditional;
    this.events.push(report);
  }

  /** An order that is refused; it never was. */
  reject(order: Order, reason: Reason, flags: number): void {
    const report = Object.assign(reportAbout(order), { leavesQuantity: 0, filledQuantity: 0, reason, flags });
    report.executionType = ExecutionType.Rejected;
    report.status = OrderStatus.Rejected;
    if (isPostOnly(order)) report.flags |= EventFlags.PostOnly;
    this.events.push(report);
  }

  /** About a request that names no live order. */
  request(command: MatchingCommand, type: ExecutionType, status: OrderStatus, changes: Changes = {}): void {
    const { account, instrument, source } = command;
    const report = reportAbout({ ...NO_ORDER, account, instrument, source });
    this.events.push(Object.assign(report, { executionType: type, status }, changes));
  }

  /** The phase or the indicative price, which is published by this. */
  status(instrument: NaiveInstrument, previousPhase: number, reason: Reason, price: IndicativePrice): void {
    instrument.published = price;
    const status = Object.assign(new StatusEvent(), {
      instrument: instrument.index,
      phase: instrument.phase,
      previousPhase,
      reason,
      indicativePrice: price.price,
      indicativeQuantity: price.quantity,
      surplus: price.surplus,
      lastPrice: instrument.lastPrice,
      referencePrice: instrument.referencePrice,
    });
    this.events.push(status);
  }

  /** Hands over the events, the last of which ends the command: the answer, or a report that all is done. */
  deliver(command: MatchingCommand, to: MatchingEvents): void {
    const last = this.events[this.events.length - 1];
    if (last instanceof ReportEvent && (last.flags & EventFlags.Answer) !== 0) {
      last.flags |= EventFlags.EndOfCommand;
    } else {
      const isAnswered = this.events.some((event) => event instanceof ReportEvent && isAnswer(event));
      const flags = EventFlags.EndOfCommand | (isAnswered ? 0 : EventFlags.Answer);
      this.request(command, ExecutionType.Completed, OrderStatus.None, { flags });
    }
    for (const event of this.events.splice(0)) {
      if (event instanceof TradeEvent) to.trade(event);
      else if (event instanceof ReportEvent) to.report(event);
      else to.status(event);
    }
  }
}

function isAnswer(report: ReportEvent): boolean {
  return (report.flags & EventFlags.Answer) !== 0;
}

function reportAbout(order: Order): ReportEvent {
  const report = new ReportEvent();
  report.orderId = order.orderId;
  report.account = order.account;
  report.instrument = order.instrument;
  report.source = order.source;
  report.side = order.side;
  report.orderType = order.orderType;
  report.timeInForce = order.timeInForce;
  report.price = order.price;
  report.quantity = order.quantity;
  report.leavesQuantity = order.leavesQuantity;
  report.filledQuantity = order.quantity - order.leavesQuantity;
  report.previousPrice = 0;
  report.previousLeaves = 0;
  return report;
}
