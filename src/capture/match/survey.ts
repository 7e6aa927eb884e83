import { MboAction } from '../dbn/layout.js';
import { type IcebergPlan, IcebergSurvey } from './icebergs.js';
import type { AuctionPlan } from './opening.js';
import { type OwnerPlan, OwnerSurvey } from './owners.js';
import { RecordedOrders } from './recorded-orders.js';
import { eventEnd, hasTrade, type Tape } from './tape.js';
import { readEvent } from './tape-event.js';

/** What only the whole tape tells about an order, found before the first order is entered. */
export interface OrderSurvey {
  readonly icebergs: IcebergPlan;
  readonly owners: OwnerPlan;
}

/** Reads the tape once, without an engine. */
export function surveyOrders(tape: Tape, auctions: AuctionPlan): OrderSurvey {
  const recorded = new RecordedOrders(tape.ids.size);
  const icebergs = new IcebergSurvey(tape, recorded);
  const owners = new OwnerSurvey(tape, recorded);
  let isHeld = auctions.beginsHeld;
  for (let start = 0; start < tape.length; ) {
    const end = eventEnd(tape, start);
    if (auctions.uncrosses.has(start)) isHeld = false;
    let filled: ReadonlyMap<number, number> | undefined;
    if (end - start > 1 || hasTrade(tape, start, end)) {
      const event = readEvent(tape, start, end);
      filled = event.filled;
      icebergs.event(event);
      if (!isHeld) owners.event(event);
    }
    for (let at = start; at < end; at++) {
      if (tape.action[at] === MboAction.Trade || tape.action[at] === MboAction.Fill) continue;
      const wasShown = recorded.shown(tape.order[at]) > 0;
      recorded.apply(tape, at);
      icebergs.record(at, wasShown, filled?.has(tape.order[at]) ?? false);
    }
    if (auctions.lastTrades.has(start)) isHeld = true;
    start = end;
  }
  return { icebergs: icebergs.plan(), owners: owners.plan() };
}
