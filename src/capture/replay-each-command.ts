import { availableParallelism } from 'node:os';
import { listCaptures, type SkippedFiles } from './capture-list.js';
import { withProgressBar } from './progress-bar.js';
import { replayEach } from './replay-each.js';
import { formatSummary } from './summary-text.js';

const NAMED_FILES = 5;

export interface ReplayEachArguments {
  /** Captures, or folders of them. */
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly speed: number;
  /** Worker threads; none given: one for each core that this process may use. */
  readonly jobs: number | undefined;
}

/**
 * `millrace replay --each`: replays every capture on its own, in parallel, and prints one table, or one JSON object, with
 * the captures in the order given. What was skipped or failed is said on standard error. Returns the exit code: 1 when
 * any capture failed.
 */
export async function replayEachCommand(options: ReplayEachArguments): Promise<number> {
  const { captures, skipped } = await listCaptures(options.paths);
  for (const folder of skipped) complain(skippedText(folder));
  const total = captures.reduce((sum, { bytes }) => sum + bytes, 0);
  const jobs = options.jobs ?? availableParallelism();
  const report = await withProgressBar(total, (onProgress) =>
    replayEach({ captures, jobs, speed: options.speed, ...(onProgress && { onProgress }) }),
  );
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : formatSummary(report));
  const errors = report.files.flatMap((one) => ('error' in one ? [one.error] : []));
  errors.forEach(complain);
  return errors.length > 0 ? 1 : 0;
}

function complain(text: string): void {
  process.stderr.write(`millrace replay: ${text}\n`);
}

function skippedText({ folder, names, outOf }: SkippedFiles): string {
  const more = names.length > NAMED_FILES ? ` and ${names.length - NAMED_FILES} more` : '';
  const some = names.slice(0, NAMED_FILES).join(', ');
  return `${folder}: skipped ${names.length} of ${outOf} *.gz files, no Binance spot or USD-M lines: ${some}${more}`;
}
