/** What is held to the matching contract, and a sink that keeps all of its events in one sequence. */
import {
  type Matching,
  type MatchingCapacities,
  type MatchingEvents,
  type MatchingOptions,
  ReportEvent,
  StatusEvent,
  TradeEvent,
} from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { EventFlags } from '../../src/lib/enums.js';

export type RecordedEvent = TradeEvent | ReportEvent | StatusEvent;
export type Create = (
  capacities: MatchingCapacities,
  events: MatchingEvents,
  options?: MatchingOptions,
) => Matching;

/** What keeps the whole contract. */
export const IMPLEMENTATIONS: readonly { name: string; create: Create }[] = [
  { name: 'MatchingEngine', create: (...parameters) => new MatchingEngine(...parameters) },
  { name: 'NaiveMatching', create: (...parameters) => new NaiveMatching(...parameters) },
];

/** Keeps copies of events. */
export class Recorder implements MatchingEvents {
  private readonly events: RecordedEvent[] = [];

  trade(event: TradeEvent): void {
    this.events.push(Object.assign(new TradeEvent(), event));
  }

  report(event: ReportEvent): void {
    this.events.push(Object.assign(new ReportEvent(), event));
  }

  status(event: StatusEvent): void {
    this.events.push(Object.assign(new StatusEvent(), event));
  }

  /** The events since the last call. */
  take(): RecordedEvent[] {
    return this.events.splice(0);
  }
}

/** Of a report, valid with EventFlags.Conditional only. */
const CONDITIONAL_FIELDS = [
  'displayedQuantity',
  'previousDisplayed',
  'stopPrice',
  'linkedOrderId',
  'expireTime',
] as const;

/** Makes fields that say nothing the same everywhere. */
export function normalize(event: RecordedEvent): RecordedEvent {
  if (event instanceof ReportEvent && (event.flags & EventFlags.Conditional) === 0) {
    for (const field of CONDITIONAL_FIELDS) event[field] = 0;
  }
  return event;
}

export function sameEvent(one: RecordedEvent, other: RecordedEvent): boolean {
  if (one.constructor !== other.constructor) return false;
  const [left, right] = [normalize(one), normalize(other)];
  for (const field in left) {
    if (!Object.is(left[field as keyof RecordedEvent], right[field as keyof RecordedEvent])) return false;
  }
  return true;
}

export function flagsOf(event: RecordedEvent): number {
  return event instanceof StatusEvent ? 0 : event.flags;
}
