import {
  createRing,
  cursorWord,
  HIGH_BEGIN,
  HIGH_END,
  INTENT_WORD,
  LOW,
  openRing,
  type RingHandle,
  type RingOptions,
  TAIL_WORD,
} from '../../src/ring/layout.js';

/** Positions worth starting at, in units: where the signed and the unsigned low word wrap, and beyond. */
export const TWO_31 = 2 ** 31;
export const TWO_32 = 2 ** 32;

/** A ring as it looks after `position` units (exact to 2^53) were written and all of them released. */
export function createRingAt(options: RingOptions, position: number): RingHandle {
  const handle = createRing(options);
  const { control } = openRing(handle);
  const low = position | 0;
  const high = Math.floor(position / TWO_32);
  for (const cell of [TAIL_WORD, INTENT_WORD]) {
    control[cell + HIGH_BEGIN] = high;
    control[cell + LOW] = low;
    control[cell + HIGH_END] = high;
  }
  const consumers = options.gating + (options.lossy ?? 0);
  for (let index = 0; index < consumers; index++) control[cursorWord(index)] = low;
  return handle;
}
