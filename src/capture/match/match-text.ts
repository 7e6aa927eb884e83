import type { MatchReport, ReportedDifference } from './match-report.js';

const LABEL_WIDTH = 24;

/** A report for people; `limit` is the number of differences shown. */
export function formatMatch(report: MatchReport, limit: number): string {
  const lines = [
    `${report.symbol}, tick ${report.tick}, ${report.records} records: ${listed(report.actions)}`,
    '',
    row('fills recorded', report.fills_recorded),
    row('fills matched', `${report.fills_matched}${percent(report.matched_percent)}`),
    row('fills in place', `${report.fills_in_place}${percent(report.in_place_percent)}`),
    ...openingLines(report),
    ...differenceLines(report, limit),
    ...deductionLines(report),
    row('open orders at the end', `${report.open_orders}, sha256 ${report.orders_sha256}`),
    row('state hash', report.state_hash),
    row(
      'commands',
      `${report.commands} in ${report.wall_ms} ms, ${report.commands_per_second} a second with the comparison`,
    ),
    '',
    verdict(report),
  ];
  return `${lines.join('\n')}\n`;
}

function openingLines({ openings, after_opening }: MatchReport): string[] {
  if (openings.length === 0) return [row('opening', 'none on the tape')];
  const lines = [
    row(
      'after the opening',
      `${after_opening.fills_matched} of ${after_opening.fills_recorded}${percent(after_opening.matched_percent)}`,
    ),
  ];
  for (const one of openings) {
    const ours = `${one.price ?? 'no price'} x ${one.volume}`;
    const recorded = `${one.recorded_price} x ${one.recorded_volume}`;
    lines.push(
      row(
        'opening',
        `${ours}, recorded ${recorded}, ${one.fills_matched} of ${one.fills_recorded} fills, ${one.time}`,
      ),
      row('', `of it ${one.unseen_orders} orders (${one.unseen_volume} lots) that were never on display`),
    );
  }
  return lines;
}

function differenceLines({ differences, difference_kinds }: MatchReport, limit: number): string[] {
  if (differences.length === 0) return [row('differences', 'none')];
  const lines = [row('differences', differences.length)];
  for (const [kind, { count, explained, meaning }] of Object.entries(difference_kinds)) {
    lines.push(row(`  ${kind}`, `${count}, ${explained ? 'explained' : 'NOT EXPLAINED'}: ${meaning}`));
  }
  for (const one of differences.slice(0, limit)) lines.push(`    ${difference(one)}`);
  if (differences.length > limit) lines.push(`    and ${differences.length - limit} more (--limit)`);
  return lines;
}

function difference({ record, time, kind, order_id, recorded, ours }: ReportedDifference): string {
  const side = (fill: { price: string; quantity: number } | null): string =>
    fill === null ? 'none' : `${fill.quantity} at ${fill.price}`;
  return `record ${record} ${time} ${kind} order ${order_id}: recorded ${side(recorded)}, ours ${side(ours)}`;
}

function deductionLines({ deductions, refused, skipped }: MatchReport): string[] {
  const lines = [row('deduced from the tape', '')];
  for (const [name, count] of Object.entries(deductions)) {
    if (count > 0) lines.push(row(`  ${name.replaceAll('_', ' ')}`, count));
  }
  for (const [reason, count] of Object.entries(refused)) lines.push(row(`  refused: ${reason}`, count));
  for (const [type, count] of Object.entries(skipped)) lines.push(row(`  skipped: ${type}`, count));
  return lines.length === 1 ? [] : lines;
}

function verdict({ passed, required_percent }: MatchReport): string {
  const rule = `at least ${required_percent} percent of the fills after the opening, and its price and volume`;
  return passed ? `passed: ${rule}` : `FAILED: not ${rule}`;
}

function percent(value: number | null): string {
  return value === null ? '' : ` (${value.toFixed(2)} percent)`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function row(label: string, value: string | number): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${value}`.trimEnd();
}
