import { fail } from '../lib/assert.js';
import { type AttachOptions, attach } from './attach.js';
import {
  CURSOR_THREAD,
  cursorWord,
  HEADER_BYTES,
  HEADER_WORDS,
  openRing,
  PADDING,
  type RingHandle,
  TAIL_WORD,
  UNIT_BYTES,
} from './layout.js';
import { observeCursor, observeLow, releaseCursor } from './ordering.js';

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
  #cachedTail: number;

  /**
   * Attaches as gating consumer `index` (0-based). It starts at its cursor: a first consumer at the first record, one that
   * takes over (`takeover`, after its predecessor died) at the first record that was not released.
   * Throws InvariantError when the ring has no such consumer or it is attached already.
   */
  constructor(handle: RingHandle, index: number, options: AttachOptions = {}) {
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
    this.#cachedTail = this.#position;
  }

  /** Takes the next record in hand. False when the ring is empty. */
  next(): boolean {
    let position = this.#position;
    if (position === this.#cachedTail) {
      this.#cachedTail = observeLow(this.#control, TAIL_WORD);
      if (position === this.#cachedTail) return false;
    }
    const words = this.words;
    let at = (position & this.#mask) << 1;
    let type = words[at + 1];
    if (type === PADDING) {
      // Padding is published together with the record after it, which starts at 0.
      position = (position + ((words[at] + HEADER_BYTES) >> 3)) | 0;
      at = 0;
      type = words[1];
    }
    const length = words[at];
    this.type = type;
    this.length = length;
    this.at = at + HEADER_WORDS;
    this.#position = (position + ((length + HEADER_BYTES + UNIT_BYTES - 1) >> 3)) | 0;
    return true;
  }

  /** Gives everything up to and including the record in hand back to the producer. */
  release(): void {
    const position = this.#position;
    if (position === this.#released) return;
    this.#released = position;
    releaseCursor(this.#control, this.#cursor, position);
  }

  /** Is there a record that `next` would return? Observes the tail. */
  hasNext(): boolean {
    return this.#position !== this.#cachedTail || this.#position !== observeLow(this.#control, TAIL_WORD);
  }

  /** Published and not yet taken, bytes of the ring: headers and padding count. */
  backlogBytes(): number {
    return ((observeLow(this.#control, TAIL_WORD) - this.#position) | 0) * UNIT_BYTES;
  }
}
