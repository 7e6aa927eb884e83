import { CaptureError } from './capture-error.js';
import { sizeOf } from './capture-list.js';
import { withProgressBar } from './progress-bar.js';
import { replay } from './replay.js';
import { ArgumentError, parseJobs, parseSpeed } from './replay-arguments.js';
import type { ReplayReport } from './replay-report.js';
import { formatReport } from './report-text.js';

/** Flags of the command line. */
export interface ReplayFlags {
  /** Print one JSON object and nothing else on standard output. */
  readonly json?: boolean;
  /** "max", or a multiple of the recorded speed. */
  readonly speed: string;
  /** Every capture on its own, in parallel; files may be folders. */
  readonly each?: boolean;
  /** Worker threads for `each`, which it implies. */
  readonly jobs?: string;
}

/**
 * `millrace replay FILE... [--json] [--speed max|N] [--each] [--jobs N]`: replays captures and prints what came out. Returns
 * the exit code: 0, or 1 with a message on standard error.
 */
export async function replayCommand(files: readonly string[], flags: ReplayFlags): Promise<number> {
  const { json = false, each = false, jobs } = flags;
  try {
    const speed = parseSpeed(flags.speed);
    if (each || jobs !== undefined) {
      const threads = jobs === undefined ? undefined : parseJobs(jobs);
      const { replayEachCommand } = await import('./replay-each-command.js');
      return await replayEachCommand({ paths: files, json, speed, jobs: threads });
    }
    const report = await replayWithProgress(files, speed);
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report));
    return 0;
  } catch (error) {
    if (!(error instanceof CaptureError || error instanceof ArgumentError)) throw error;
    process.stderr.write(`millrace replay: ${error.message}\n`);
    return 1;
  }
}

async function replayWithProgress(files: readonly string[], speed: number): Promise<ReplayReport> {
  const sizes = files.map(sizeOf);
  const before = sizes.map((_, index) => sum(sizes.slice(0, index)));
  return withProgressBar(sum(sizes), (update) =>
    replay({
      files,
      speed,
      ...(update && {
        onProgress: (fileIndex, bytesRead, messages) => update(before[fileIndex] + bytesRead, messages),
      }),
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
