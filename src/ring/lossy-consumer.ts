import { threadId } from 'node:worker_threads';
import { fail } from '../lib/assert.js';
import {
  CURSOR_THREAD,
  cursorWord,
  HEADER_WORDS,
  INTENT_WORD,
  openRing,
  PADDING,
  type RingHandle,
  TAIL_WORD,
  UNIT_BYTES,
  UNIT_WORDS,
  unitsOf,
} from './layout.js';
import { observePosition, showCursor } from './ordering.js';

/** `poll`: nothing new. */
export const EMPTY = 0;
/** `poll`: a record is in hand. */
export const RECORD = 1;
/** `poll`: records were lost; the next call goes on at the newest. Resynchronise from a snapshot. */
export const LAPPED = -1;

/** A record waits until its whole burst is copied and checked; short bursts also go stale less often. */
const BURST_UNITS = 1024;

/**
 * A reader that the producer does not wait for. It copies bursts to private memory and hands out a record only after
 * it has made sure that no byte of it was being overwritten (ordering.ts has the argument). `words`, `at` and
 * `length` name that copy, so they stay valid until the next `poll`. One thread owns it; no method allocates.
 */
export class LossyConsumer {
  readonly name: string;
  /** Private copy of a burst. */
  readonly words: Int32Array;
  type = 0;
  at = 0;
  length = 0;
  /** Bytes of records never seen, over all laps. */
  lostBytes = 0;
  /** Times this reader was lapped. */
  laps = 0;

  readonly #control: Int32Array;
  readonly #data: Int32Array;
  readonly #cursor: number;
  readonly #capacity: number; // units
  readonly #longest: number; // units of the longest record
  readonly #burst: number; // units per copy, unless one record is longer
  /** Start of what is not yet copied, units, exact; in an array because a field beyond 2^31 would be boxed anew on each change. */
  readonly #position = new Float64Array(1);
  #scratchNext = 0; // words
  #scratchEnd = 0; // words: end of the last whole record in the copy

  /**
   * Attaches as lossy consumer `index` (0-based among the lossy ones) and starts with the next record to be published.
   * There is nothing to take over: a successor just attaches. Throws InvariantError when the ring has no such consumer.
   */
  constructor(handle: RingHandle, index: number) {
    const memory = openRing(handle);
    if (!Number.isInteger(index) || index < 0 || index >= memory.lossy) {
      fail(`ring ${handle.name}: lossy consumer ${index}, allowed: 0 to ${memory.lossy - 1}`);
    }
    this.name = handle.name;
    this.#control = memory.control;
    this.#data = memory.data;
    this.#cursor = cursorWord(memory.gating + index);
    this.#capacity = memory.capacityBytes / UNIT_BYTES;
    this.#longest = this.#capacity >> 2; // any record fits in a quarter, and so does the padding
    this.#burst = Math.min(this.#longest, BURST_UNITS);
    this.words = new Int32Array(this.#longest * UNIT_WORDS);
    Atomics.store(memory.control, this.#cursor + CURSOR_THREAD, threadId + 1);
    this.#position[0] = observePosition(memory.control, TAIL_WORD);
    showCursor(memory.control, this.#cursor, this.#position[0]);
  }

  /** Takes the next record in hand: {@link RECORD}, {@link EMPTY} or {@link LAPPED}. */
  poll(): number {
    for (;;) {
      if (this.#scratchNext === this.#scratchEnd) {
        const outcome = this.#copyBurst();
        if (outcome !== RECORD) return outcome;
      }
      const at = this.#scratchNext;
      const length = this.words[at];
      const type = this.words[at + 1];
      this.#scratchNext = at + unitsOf(length) * UNIT_WORDS;
      if (type === PADDING) continue;
      this.type = type;
      this.length = length;
      this.at = at + HEADER_WORDS;
      return RECORD;
    }
  }

  /** Is there anything that `poll` would return? */
  hasNext(): boolean {
    return (
      this.#scratchNext !== this.#scratchEnd ||
      observePosition(this.#control, TAIL_WORD) !== this.#position[0]
    );
  }

  #copyBurst(): number {
    const start = this.#position[0];
    const tail = observePosition(this.#control, TAIL_WORD);
    if (tail === start) return EMPTY;
    if (tail - start > this.#capacity) return this.#lapped(tail);
    const index = start % this.#capacity;
    const from = index * UNIT_WORDS;
    const data = this.#data;
    const words = this.words;
    // This length may be torn: anything will do that stays in bounds, the check below finds out.
    const first = unitsOf(data[from]);
    const most = first > this.#burst ? this.#longest : this.#burst;
    const count = Math.min(tail - start, most, this.#capacity - index) * UNIT_WORDS;
    for (let i = 0; i < count; i++) words[i] = data[from + i];
    showCursor(this.#control, this.#cursor, start);
    if (observePosition(this.#control, INTENT_WORD) > start + this.#capacity) {
      return this.#lapped(observePosition(this.#control, TAIL_WORD));
    }
    this.#keepWholeRecords(count);
    return RECORD;
  }

  /** The copy is sound; its last record may be cut off, so it is left for the next burst. */
  #keepWholeRecords(count: number): void {
    let end = 0;
    while (end < count) {
      const next = end + unitsOf(this.words[end]) * UNIT_WORDS;
      if (next > count) break;
      end = next;
    }
    this.#scratchNext = 0;
    this.#scratchEnd = end;
    this.#position[0] += end / UNIT_WORDS;
  }

  #lapped(tail: number): number {
    this.laps++;
    this.lostBytes += (tail - this.#position[0]) * UNIT_BYTES;
    this.#position[0] = tail;
    this.#scratchNext = 0;
    this.#scratchEnd = 0;
    return LAPPED;
  }
}
