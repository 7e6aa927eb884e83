import type { CaptureResult, ReplayEachReport } from './replay-each.js';
import { perSecond } from './report-text.js';

const DIGEST_DIGITS = 12;

/** Columns and whether they hold numbers, which stand to the right. */
const COLUMNS: readonly (readonly [heading: string, isNumber: boolean])[] = [
  ['file', false],
  ['symbol', false],
  ['messages', true],
  ['updates', true],
  ['gaps', true],
  ['crossed', true],
  ['tickers equal', true],
  ['state', false],
  ['book sha256', false],
  ['messages/s', true],
];

/** The table of `millrace replay --each` for people: a row for every symbol of every capture. */
export function formatSummary(report: ReplayEachReport): string {
  const rows = [COLUMNS.map(([heading]) => heading), ...report.files.flatMap(rowsOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        COLUMNS[column][1] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${[...lines, '', totals(report)].join('\n')}\n`;
}

function rowsOf(result: CaptureResult): string[][] {
  if ('error' in result) {
    return [COLUMNS.map(([heading]) => ({ file: result.file, state: 'failed' })[heading] ?? '-')];
  }
  return Object.entries(result.symbols).map(([symbol, one]) => [
    result.file,
    symbol,
    String(result.messages),
    String(one.updates_applied),
    String(one.gaps),
    String(one.crossed_updates),
    `${one.bookticker_equal_to_book}/${one.bookticker_with_same_u}`,
    one.state,
    one.book_sha256?.slice(0, DIGEST_DIGITS) ?? '-',
    String(perSecond(result.messages, result.wall_ms)),
  ]);
}

function totals({ files, wall_ms }: ReplayEachReport): string {
  const failed = files.filter((one) => 'error' in one).length;
  const messages = files.reduce((sum, one) => sum + ('error' in one ? 0 : one.messages), 0);
  return `${files.length} captures, ${failed} failed; ${messages} messages in ${wall_ms} ms, ${perSecond(messages, wall_ms)} a second`;
}
