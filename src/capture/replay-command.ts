import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import { CaptureError } from './capture-error.js';
import { replay } from './replay.js';
import type { ReplayReport } from './replay-report.js';
import { formatReport } from './report-text.js';

const USAGE = 'usage: millrace replay FILE... [--json] [--speed max|N]';

interface ReplayArguments {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly speed: number;
}

/**
 * `millrace replay FILE... [--json] [--speed max|N]`: replays captures and prints what came out, or one JSON object. Returns
 * the exit code: 0, or 1 with a message on standard error.
 */
export async function replayCommand(args: readonly string[]): Promise<number> {
  try {
    const { files, json, speed } = parse(args);
    const report = await replayWithProgress(files, speed);
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report));
    return 0;
  } catch (error) {
    if (!(error instanceof CaptureError || error instanceof UsageError)) throw error;
    process.stderr.write(`millrace replay: ${error.message}\n`);
    return 1;
  }
}

class UsageError extends Error {}

function parse(args: readonly string[]): ReplayArguments {
  let parsed: { values: { json?: boolean; speed?: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, speed: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length === 0) throw new UsageError(`no file given\n${USAGE}`);
  return { files: positionals, json: values.json ?? false, speed: parseSpeed(values.speed ?? 'max') };
}

function parseSpeed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && Number.isFinite(speed)) return speed;
  throw new UsageError(`--speed is "${text}", allowed: max, or a number above 0 (1: as recorded)`);
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
