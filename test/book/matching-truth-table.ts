/**
 * Every order type, time in force, phase and self-trade prevention mode: what becomes of a new order. The table is stated here
 * and made again from each implementation by {@link truthTable}.
 *
 * The order is `buy 20` at 101 (stops: stop 105). On the book are sell 5 @ 100 of its own account, then of another account 5 @ 100
 * and 10 @ 101. A cell says how much trades, and the end:
 *
 *     rests, waits, unpriced (on the book for an auction, ahead of every price), filled,
 *     phase, would cross (refused: NotInThisPhase, WouldCross),
 *     remainder, prevented, unfilled, below minimum (canceled: ImmediateRemainder, SelfTradePrevented, FillOrKillUnfilled,
 *     MinimumQuantityUnfilled)
 *
 * The rows below the second line are variants, in the language of matching-script.ts; `triggered` stops come in after a trade at 105.
 *
 * Outside continuous trading nothing trades, so self-trade prevention says nothing: the cell holds for every mode. What
 * no phase takes, UnsupportedOrder, has one word for the row.
 */
import type { MatchingCommand } from '../../src/book/matching.js';
import { ReportEvent, TradeEvent } from '../../src/book/matching.js';
import {
  EventFlags,
  ExecutionType,
  ORDER_TYPE_NAMES,
  OrderStatus,
  OrderType,
  REASON_NAMES,
  Reason,
  TIME_IN_FORCE_NAMES,
  TimeInForce,
  TradingPhase,
} from '../../src/lib/enums.js';
import { type Create, Recorder } from './matching-recorder.js';
import { parse, phaseName } from './matching-script.js';

export const TRUTH_TABLE = `
                                            | pre-open | opening  | volatility | closing  | halt  | closed | continuous  | newest        | oldest        | both          | decrement
limit good_till_cancel                      | rests    | rests    | rests      | rests    | phase | phase  | 20 filled   | prevented     | 15 rests      | prevented     | 15 filled
limit immediate_or_cancel                   | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | prevented     | 15 remainder  | prevented     | 15 filled
limit fill_or_kill                          | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | unfilled      | unfilled      | unfilled      | unfilled
limit day                                   | rests    | rests    | rests      | rests    | phase | phase  | 20 filled   | prevented     | 15 rests      | prevented     | 15 filled
limit good_till_date                        | rests    | rests    | rests      | rests    | phase | phase  | 20 filled   | prevented     | 15 rests      | prevented     | 15 filled
limit at_the_open                           | rests    | rests    | phase      | phase    | phase | phase  | phase       | phase         | phase         | phase         | phase
limit at_the_close                          | waits    | waits    | waits      | rests    | phase | phase  | waits       | waits         | waits         | waits         | waits
market good_till_cancel                     | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | prevented     | 15 remainder  | prevented     | 15 filled
market immediate_or_cancel                  | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | prevented     | 15 remainder  | prevented     | 15 filled
market fill_or_kill                         | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | unfilled      | unfilled      | unfilled      | unfilled
market day                                  | unsupported
market good_till_date                       | unsupported
market at_the_open                          | unpriced | unpriced | phase      | phase    | phase | phase  | phase       | phase         | phase         | phase         | phase
market at_the_close                         | waits    | waits    | waits      | unpriced | phase | phase  | waits       | waits         | waits         | waits         | waits
stop good_till_cancel                       | waits    | waits    | waits      | waits    | phase | phase  | waits       | waits         | waits         | waits         | waits
stop immediate_or_cancel                    | unsupported
stop fill_or_kill                           | unsupported
stop day                                    | waits    | waits    | waits      | waits    | phase | phase  | waits       | waits         | waits         | waits         | waits
stop good_till_date                         | waits    | waits    | waits      | waits    | phase | phase  | waits       | waits         | waits         | waits         | waits
stop at_the_open                            | unsupported
stop at_the_close                           | unsupported
stop_limit good_till_cancel                 | waits    | waits    | waits      | waits    | phase | phase  | waits       | waits         | waits         | waits         | waits
stop_limit immediate_or_cancel              | unsupported
stop_limit fill_or_kill                     | unsupported
stop_limit day                              | waits    | waits    | waits      | waits    | phase | phase  | waits       | waits         | waits         | waits         | waits
stop_limit good_till_date                   | waits    | waits    | waits      | waits    | phase | phase  | waits       | waits         | waits         | waits         | waits
stop_limit at_the_open                      | unsupported
stop_limit at_the_close                     | unsupported
market_to_limit good_till_cancel            | phase    | phase    | phase      | phase    | phase | phase  | 10 rests    | prevented     | 5 rests       | prevented     | 5 rests
market_to_limit immediate_or_cancel         | unsupported
market_to_limit fill_or_kill                | unsupported
market_to_limit day                         | phase    | phase    | phase      | phase    | phase | phase  | 10 rests    | prevented     | 5 rests       | prevented     | 5 rests
market_to_limit good_till_date              | phase    | phase    | phase      | phase    | phase | phase  | 10 rests    | prevented     | 5 rests       | prevented     | 5 rests
market_to_limit at_the_open                 | unsupported
market_to_limit at_the_close                | unsupported

buy 20 @ 101 post-only                      | phase    | phase    | phase      | phase    | phase | phase  | would cross | would cross   | would cross   | would cross   | would cross
buy 20 @ 101 post-only slide                | phase    | phase    | phase      | phase    | phase | phase  | rests       | rests         | rests         | rests         | rests
buy 20 @ 101 shows 4                        | rests    | rests    | rests      | rests    | phase | phase  | 20 filled   | prevented     | 15 rests      | prevented     | 15 filled
buy 20 @ 101 min 6                          | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | below minimum | 15 rests      | below minimum | below minimum
buy 20 @ 101 ioc min 16                     | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | below minimum | below minimum | below minimum | below minimum
buy 20 market min 6                         | phase    | phase    | phase      | phase    | phase | phase  | 20 filled   | below minimum | 15 remainder  | below minimum | below minimum
buy 20 to-limit shows 4                     | phase    | phase    | phase      | phase    | phase | phase  | 10 rests    | prevented     | 5 rests       | prevented     | 5 rests
buy 20 stop 105 triggered                   | waits    | waits    | waits      | waits    | phase | phase  | 20 filled   | prevented     | 15 remainder  | prevented     | 15 filled
buy 20 @ 101 stop 105 triggered             | waits    | waits    | waits      | waits    | phase | phase  | 20 filled   | prevented     | 15 rests      | prevented     | 15 filled
buy 20 @ 101 stop 105 day shows 4 triggered | waits    | waits    | waits      | waits    | phase | phase  | 20 filled   | prevented     | 15 rests      | prevented     | 15 filled
`;

const QUIET_PHASES = [
  TradingPhase.PreOpen,
  TradingPhase.OpeningAuction,
  TradingPhase.VolatilityAuction,
  TradingPhase.ClosingAuction,
  TradingPhase.Halt,
  TradingPhase.Closed,
];
const VARIANTS: readonly string[] = [
  'buy 20 @ 101 post-only',
  'buy 20 @ 101 post-only slide',
  'buy 20 @ 101 shows 4',
  'buy 20 @ 101 min 6',
  'buy 20 @ 101 ioc min 16',
  'buy 20 market min 6',
  'buy 20 to-limit shows 4',
  'buy 20 stop 105 triggered',
  'buy 20 @ 101 stop 105 triggered',
  'buy 20 @ 101 stop 105 day shows 4 triggered',
];
const MODES = ['none', 'newest', 'oldest', 'both', 'decrement'];
const ENDS: Readonly<Record<number, string>> = {
  [Reason.NotInThisPhase]: 'phase',
  [Reason.ImmediateRemainder]: 'remainder',
  [Reason.SelfTradePrevented]: 'prevented',
  [Reason.FillOrKillUnfilled]: 'unfilled',
  [Reason.UnsupportedOrder]: 'unsupported',
  [Reason.WouldCross]: 'would cross',
  [Reason.MinimumQuantityUnfilled]: 'below minimum',
};

/** Puts the order of the table into the command. */
type Fill = (command: MatchingCommand) => void;

/** The table as an implementation has it. */
export function truthTable(create: Create): string {
  const header = [
    ...['', ...QUIET_PHASES.map((phase) => phaseName(phase).replace('-auction', ''))],
    ...MODES.map((mode) => (mode === 'none' ? 'continuous' : mode)),
  ];
  const rows = [header];
  for (const orderType of Object.values(OrderType).filter((value) => value !== 0)) {
    for (const timeInForce of Object.values(TimeInForce).filter((value) => value !== 0)) {
      const name = `${ORDER_TYPE_NAMES[orderType]} ${TIME_IN_FORCE_NAMES[timeInForce]}`.toLowerCase();
      rows.push([name, ...rowOf(create, (command) => fill(command, orderType, timeInForce))]);
    }
  }
  rows.push(['']);
  for (const text of VARIANTS) {
    rows.push([
      text,
      ...rowOf(create, (command) => parse(`#9 ${text}`, command), text.endsWith('triggered')),
    ]);
  }
  const widths = header.map((_, column) =>
    Math.max(
      ...rows.filter((row) => row.length > 2 || column === 0).map((row) => (row[column] ?? '').length),
    ),
  );
  const line = (row: string[]): string => row.map((text, column) => text.padEnd(widths[column])).join(' | ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

function rowOf(create: Create, order: Fill, isTriggered = false): string[] {
  const quiet = QUIET_PHASES.map((phase) => {
    const outcomes = new Set(MODES.map((_, mode) => cell(create, order, phase, mode, isTriggered)));
    return [...outcomes].join(' or ');
  });
  const continuous = MODES.map((_, mode) => cell(create, order, TradingPhase.Continuous, mode, isTriggered));
  const row = [...quiet, ...continuous];
  return new Set(row).size === 1 ? [row[0]] : row;
}

function cell(create: Create, order: Fill, phase: number, mode: number, isTriggered: boolean): string {
  const recorder = new Recorder();
  const matching = create({ instruments: 1, orders: 16, levels: 16 }, recorder);
  const { command } = matching;
  const book = ['#1 sell 5 @ 100', '#2 sell 5 @ 100 account 2', '#3 sell 10 @ 101 account 2'];
  for (const text of [...(isTriggered ? ['#7 sell 1 @ 105', '#8 buy 1 @ 105'] : []), ...book]) {
    parse(text, command);
    matching.newOrder();
  }
  Object.assign(command, { phase, referencePrice: Number.NaN, instrument: 0 });
  if (phase !== TradingPhase.Continuous) matching.setPhase();
  recorder.take();
  order(command);
  command.selfTradePrevention = mode;
  matching.newOrder();
  matching.validate();
  const events = recorder.take();
  const traded = events.reduce((sum, event) => sum + (event instanceof TradeEvent ? event.quantity : 0), 0);
  const report = events.findLast(
    (event): event is ReportEvent => event instanceof ReportEvent && event.orderId === 9,
  );
  if (report === undefined) return 'no report';
  const end = endOf(report, matching.order(9)?.waiting ?? false);
  return report.executionType === ExecutionType.Rejected || traded === 0 ? end : `${traded} ${end}`;
}

function fill(command: MatchingCommand, orderType: OrderType, timeInForce: TimeInForce): void {
  parse('#9 buy 20 @ 101 time 10', command);
  Object.assign(command, { orderType, timeInForce });
  const isStop = orderType === OrderType.Stop || orderType === OrderType.StopLimit;
  if (isStop) Object.assign(command, { conditional: 1, stopPrice: 105 });
  if (timeInForce === TimeInForce.GoodTillDate) Object.assign(command, { conditional: 1, expireTime: 50 });
}

function endOf(report: ReportEvent, waiting: boolean): string {
  if (report.reason !== 0) return ENDS[report.reason] ?? `${REASON_NAMES[report.reason]}`;
  if (report.status === OrderStatus.Filled) return 'filled';
  if ((report.flags & EventFlags.Resting) !== 0) return 'rests';
  return waiting ? 'waits' : 'unpriced';
}
