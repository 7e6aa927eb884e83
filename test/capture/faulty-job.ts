/** A replay job that takes its worker thread down for files whose names ask for it. */
import { once } from 'node:events';
import { type ReplayJob, type ReplayOutcome, runJob as replayJob } from '../../src/capture/replay-job.js';

export async function runJob(job: ReplayJob): Promise<ReplayOutcome> {
  if (job.file.includes('exits')) process.exit(7);
  if (job.file.includes('throws')) throw new Error('a fault of ours');
  if (job.file.includes('crashes')) {
    setImmediate(() => {
      throw new Error('outside of any promise');
    });
    await once(process, 'never');
  }
  return replayJob(job);
}
