import { threadId } from 'node:worker_threads';
import { fail } from '../lib/assert.js';

/** How a producer or a gating consumer comes to its end of a ring. */
export interface AttachOptions {
  /** Replace an owner that is known to be dead. Two live owners of one end corrupt the ring. */
  readonly takeover?: boolean;
}

/**
 * Makes the calling thread the owner of one end of a ring: `word` of `control` holds the owner's thread id + 1, or 0.
 * Throws InvariantError, and changes nothing, when the end has an owner and `takeover` is not set.
 */
export function attach(
  control: Int32Array,
  word: number,
  options: AttachOptions,
  ring: string,
  end: string,
): void {
  const self = threadId + 1;
  if (options.takeover === true) Atomics.store(control, word, self);
  else {
    const owner = Atomics.compareExchange(control, word, 0, self);
    if (owner !== 0) {
      fail(`ring ${ring}: thread ${threadId} attaches as ${end}, but thread ${owner - 1} already is`);
    }
  }
}
