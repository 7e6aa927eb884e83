import { cursorWord, openRing, type RingHandle, type RingMemory, TAIL_WORD, UNIT_BYTES } from './layout.js';
import { observeCursor, observeLow } from './ordering.js';

/** Looks at a ring from outside, without being one of its ends. Any thread. */
export class RingMonitor {
  readonly name: string;
  readonly capacityBytes: number;
  readonly #memory: RingMemory;

  constructor(handle: RingHandle) {
    this.name = handle.name;
    this.#memory = openRing(handle);
    this.capacityBytes = this.#memory.capacityBytes;
  }

  /** Published and not yet released by the slowest gating consumer, bytes; 0 when none gates. */
  backlogBytes(): number {
    const { control, gating } = this.#memory;
    const tail = observeLow(control, TAIL_WORD);
    let backlog = 0;
    for (let i = 0; i < gating; i++) {
      const behind = (tail - observeCursor(control, cursorWord(i))) | 0;
      if (behind > backlog) backlog = behind;
    }
    return backlog * UNIT_BYTES;
  }

  /** Low word of the published position, in units: changes whenever something is published. */
  position(): number {
    return observeLow(this.#memory.control, TAIL_WORD);
  }
}
