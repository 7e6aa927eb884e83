/** What a worker thread of {@link replayEach} runs: one capture, replayed as it would be alone. */
import { CaptureError } from './capture-error.js';
import { replay } from './replay.js';
import type { ReplayReport } from './replay-report.js';

export interface ReplayJob {
  readonly file: string;
  readonly speed: number;
  /** In shared memory: compressed bytes read, messages. The job writes, a progress bar reads. */
  readonly progress: Float64Array;
}

/** Errors that have a message made for people come back as such; anything else is thrown. */
export type ReplayOutcome = ReplayReport | { readonly error: string };

export async function runJob({ file, speed, progress }: ReplayJob): Promise<ReplayOutcome> {
  try {
    return await replay({
      files: [file],
      speed,
      onProgress: (_, bytesRead, messages) => {
        progress[0] = bytesRead;
        progress[1] = messages;
      },
    });
  } catch (error) {
    if (error instanceof CaptureError) return { error: error.message };
    throw error;
  }
}
