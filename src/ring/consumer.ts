import { fail } from '../lib/assert.js';
import { type AttachOptions, attach } from './attach.js';
import * as layout from './layout.js';
import { observeCursor, observeHeader, observeLow, releaseCursor } from './ordering.js';

// Bound here because V8 folds what only this module sees into the code: see producer.ts.
const {
  CURSOR_THREAD,
  cursorWord,
  HEADER_WORDS,
  openRing,
  PADDING,
  TAIL_WORD,
  UNIT_BYTES,
  UNPUBLISHED,
  unitsOf,
} = layout;

/**
 * A reader that the producer waits for. One thread owns it; no method allocates. Records are read in place:
 * `words`, `at` and `length` are valid until {@link release}.
 *
 *     for (let n = 0; n < limit && consumer.next(); n++) {
 *       if (consumer.type === Trade.TYPE) price = Trade.price(consumer.words, consumer.at);
 *     }
 *     consumer.release();   // one atomic store gives the whole burst back
 *
 * A stage that dies before `release` sees the same records again after its restart: handle them by their sequence
 * number.
 */
export class RingConsumer {
  readonly name: string;
  /** The ring's data as 32-bit words. */
  readonly words: Int32Array;
  /** Type of the record in hand. */
  type = 0;
  /** Index in `words` of the payload in hand. */
  at = 0;
  /** Payload length in hand, bytes. */
  length = 0;

  readonly #control: Int32Array;
  readonly #cursor: number;
  readonly #mask: number;
  #position: number; // end of the record in hand
  #released: number;
  #known: number; // all below it is published; never behind #position
  #wasEmpty = true; // at the last look

  /**
   * Attaches as gating consumer `index` (0-based). It starts at its cursor: a first consumer at the first record, one that
   * takes over (`takeover`, after its predecessor died) at the first record that was not released.
   * Throws InvariantError when the ring has no such consumer or it is attached already.
   */
  constructor(handle: layout.RingHandle, index: number, options: AttachOptions = {}) {
    const memory = openRing(handle);
    if (!Number.isInteger(index) || index < 0 || index >= memory.gating) {
      fail(`ring ${handle.name}: gating consumer ${index}, allowed: 0 to ${memory.gating - 1}`);
    }
    this.name = handle.name;
    this.words = memory.data;
    this.#control = memory.control;
    this.#cursor = cursorWord(index);
    this.#mask = memory.capacityBytes / UNIT_BYTES - 1;
    attach(memory.control, this.#cursor + CURSOR_THREAD, options, handle.name, `consumer ${index}`);
    this.#position = observeCursor(memory.control, this.#cursor);
    this.#released = this.#position;
    this.#known = this.#position;
  }

  /** Takes the next record in hand. False when the ring is empty. */
  next(): boolean {
    const words = this.words;
    let position = this.#position;
    let header = (position & this.#mask) << 1;
    if (position === this.#known && !this.#look(header)) return false;
    let type = words[header + 1];
    if (type === PADDING) {
      // Padding is published together with the record after it, which starts at 0.
      position = (position + unitsOf(words[header])) | 0;
      header = 0;
      type = words[1];
    }
    const length = words[header];
    const end = (position + unitsOf(length)) | 0;
    this.type = type;
    this.length = length;
    this.at = header + HEADER_WORDS;
    this.#position = end;
    return true;
  }

  /** All that is known was taken: is there more? */
  #look(header: number): boolean {
    if (observeHeader(this.words, header) === UNPUBLISHED) {
      this.#wasEmpty = true;
      return false;
    }
    // The first record after a wait is taken at once: TAIL is one more cache line to fetch. One that comes while others are
    // being handled is likely to have more behind it.
    const tail = this.#wasEmpty ? this.#position : observeLow(this.#control, TAIL_WORD);
    this.#wasEmpty = false;
    // TAIL is stored after the header: where it is not beyond it yet, one record is known.
    this.#known = ((tail - this.#position) | 0) > 0 ? tail : this.#endOfRecord(header);
    return true;
  }

  /** End of the record at `header`, padding before it included. */
  #endOfRecord(header: number): number {
    const words = this.words;
    const end = (this.#position + unitsOf(words[header])) | 0;
    return words[header + 1] === PADDING ? (end + unitsOf(words[0])) | 0 : end;
  }

  /** Gives everything up to and including the record in hand back to the producer. */
  release(): void {
    const position = this.#position;
    if (position === this.#released) return;
    this.#released = position;
    releaseCursor(this.#control, this.#cursor, position);
  }

  /** Is there a record that `next` would return? Observes its header. */
  hasNext(): boolean {
    return (
      this.#position !== this.#known ||
      observeHeader(this.words, (this.#position & this.#mask) << 1) !== UNPUBLISHED
    );
  }

  /** Published and not yet taken, bytes of the ring: headers and padding count. */
  backlogBytes(): number {
    // A record can be taken a moment before TAIL says that it is published.
    const units = (observeLow(this.#control, TAIL_WORD) - this.#position) | 0;
    return units > 0 ? units * UNIT_BYTES : 0;
  }
}
