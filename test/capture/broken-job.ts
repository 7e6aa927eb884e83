/** A replay job whose module cannot even be loaded. */
import type { ReplayOutcome } from '../../src/capture/replay-job.js';

export async function runJob(): Promise<ReplayOutcome> {
  return { error: 'never gets here' };
}

throw new Error('fails while it starts');
