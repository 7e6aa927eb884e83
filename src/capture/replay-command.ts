import { statSync } from 'node:fs';
import cliProgress from 'cli-progress';
import { CaptureError } from './capture-error.js';
import { replay } from './replay.js';
import type { ReplayReport } from './replay-report.js';
import { formatReport } from './report-text.js';

/** What the command line gives. */
export interface ReplayArguments {
  readonly files: readonly string[];
  /** Print one JSON object and nothing else on standard output. */
  readonly json: boolean;
  /** "max", or a multiple of the recorded speed. */
  readonly speed: string;
}

/**
 * `millrace replay FILE... [--json] [--speed max|N]`: replays captures and prints what came out. Returns the exit code: 0, or
 * 1 with a message on standard error.
 */
export async function replayCommand({ files, json, speed }: ReplayArguments): Promise<number> {
  try {
    const report = await replayWithProgress(files, parseSpeed(speed));
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report));
    return 0;
  } catch (error) {
    if (!(error instanceof CaptureError || error instanceof SpeedError)) throw error;
    process.stderr.write(`millrace replay: ${error.message}\n`);
    return 1;
  }
}

class SpeedError extends Error {}

function parseSpeed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && Number.isFinite(speed)) return speed;
  throw new SpeedError(`--speed is "${text}", allowed: max, or a number above 0 (1: as recorded)`);
}

async function replayWithProgress(files: readonly string[], speed: number): Promise<ReplayReport> {
  if (!process.stderr.isTTY) return replay({ files, speed });
  const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const bar = new cliProgress.SingleBar({
    format: 'replay [{bar}] {percentage}% {messages} messages',
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(total, 0, { messages: 0 });
  try {
    return await replay({
      files,
      speed,
      onProgress: (fileIndex, bytesRead, messages) => {
        const before = sizes.slice(0, fileIndex).reduce((sum, size) => sum + size, 0);
        bar.update(Math.min(total, before + bytesRead), { messages });
      },
    });
  } finally {
    bar.stop();
  }
}
