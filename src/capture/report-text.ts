import type { Level, ReplayReport, SymbolReport } from './replay-report.js';

const LABEL_WIDTH = 24;

/** A replay's report for people. */
export function formatReport(report: ReplayReport): string {
  const lines: string[] = [];
  for (const [symbol, one] of Object.entries(report.symbols)) lines.push(symbol, ...symbolLines(one), '');
  if (report.other_messages > 0) lines.push(row('other messages', report.other_messages));
  for (const [reason, count] of Object.entries(report.refused)) lines.push(row(`refused: ${reason}`, count));
  if (report.first_refused !== null) lines.push(row('first refused', report.first_refused));
  if (report.first_bad_line !== null) {
    lines.push(row('lines not understood', `${report.bad_lines}, first ${report.first_bad_line}`));
  }
  const rate = perSecond(report.messages, report.wall_ms);
  lines.push(row('events sha256', report.events_sha256));
  lines.push(row('messages', `${report.messages} in ${report.wall_ms} ms, ${rate} a second`));
  return `${lines.join('\n')}\n`;
}

/** Rounded; no time at all counts as a second. */
export function perSecond(count: number, milliseconds: number): number {
  return milliseconds > 0 ? Math.round((count / milliseconds) * 1000) : count;
}

function symbolLines(report: SymbolReport): string[] {
  const messages = Object.entries(report.messages).map(([name, count]) => `${name} ${count}`);
  const lines = [
    row('messages', messages.join(', ')),
    row('state', `${report.state}, ${report.state_reason}`),
    row('updates applied', report.updates_applied),
    row('gaps', report.gaps),
    row('crossed updates', report.crossed_updates),
  ];
  if (report.note !== undefined) return [...lines, row('no book', report.note)];
  return [
    ...lines,
    row('best bid', level(report.best_bid)),
    row('best ask', level(report.best_ask)),
    row('levels', `${report.bid_levels} bids, ${report.ask_levels} asks`),
    row(
      'book tickers equal',
      `${report.bookticker_equal_to_book} of ${report.bookticker_with_same_u} comparable`,
    ),
    row('last update id', report.last_u),
    row('book sha256', report.book_sha256 ?? 'none'),
  ];
}

function level(one: Level | null): string {
  return one === null ? 'none' : `${one[0]} x ${one[1]}`;
}

function row(label: string, value: string | number): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${value}`;
}
