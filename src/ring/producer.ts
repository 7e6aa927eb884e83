import { fail } from '../lib/assert.js';
import { type AttachOptions, attach } from './attach.js';
import {
  cursorWord,
  HEADER_BYTES,
  HEADER_WORDS,
  INTENT_WORD,
  LOW,
  openRing,
  PADDING,
  PRODUCER_THREAD_WORD,
  type RingHandle,
  TAIL_WORD,
  UNIT_BYTES,
} from './layout.js';
import {
  declareIntent,
  observeCursor,
  observeLow,
  publishLow,
  publishWrapped,
  repairHigh,
} from './ordering.js';

/** `claim` found no room: a gating consumer is a whole ring behind. What to do is the caller's policy. */
export const FULL = -1;

/**
 * The writing side of a ring. One thread owns it; no method allocates.
 *
 *     const at = producer.claim(NewOrder.TYPE, NewOrder.BYTES);
 *     if (at === FULL) { counters.add(RING_FULL, 1); return; }   // policy stands at the call site
 *     NewOrder.encode(producer.words, at, ...);
 *     producer.commit();                                         // or abort()
 *     ...                                                        // more records of the burst in hand
 *     producer.publish();                                        // one atomic store for all of them
 */
export class RingProducer {
  readonly name: string;
  /** The ring's data as 32-bit words; `claim` returns indices into it. */
  readonly words: Int32Array;
  /** Longest payload that `claim` takes, bytes: a quarter of the ring less a header. */
  readonly maximumLength: number;

  readonly #control: Int32Array;
  readonly #capacity: number; // units
  readonly #mask: number;
  readonly #gating: number;
  readonly #intentStep: number; // units; 0 when nobody can be lapped
  #tail: number; // private tail, low word: end of the last committed record
  #high: number; // high word of #tail
  #claimed: number; // end of the record in hand; equals #tail when there is none
  #published: number;
  #publishedHigh: number;
  #cachedCursor: number; // a lower bound of the slowest gating cursor
  #intent: number;

  /**
   * Attaches as the only producer. A restarted stage passes `takeover` and goes on at the published tail (what its
   * predecessor had in hand or unpublished never was); without it, a second attachment throws InvariantError.
   */
  constructor(handle: RingHandle, options: AttachOptions = {}) {
    const memory = openRing(handle);
    const control = memory.control;
    attach(control, PRODUCER_THREAD_WORD, options, handle.name, 'producer');
    this.name = handle.name;
    this.words = memory.data;
    this.#control = control;
    this.#capacity = memory.capacityBytes / UNIT_BYTES;
    this.#mask = this.#capacity - 1;
    this.#gating = memory.gating;
    this.#intentStep = memory.lossy > 0 ? this.#capacity >> 3 : 0;
    this.maximumLength = (memory.capacityBytes >> 2) - HEADER_BYTES;
    this.#high = repairHigh(control, TAIL_WORD);
    this.#tail = observeLow(control, TAIL_WORD);
    this.#claimed = this.#tail;
    this.#published = this.#tail;
    this.#publishedHigh = this.#high;
    repairHigh(control, INTENT_WORD);
    this.#intent = control[INTENT_WORD + LOW];
    this.#cachedCursor = this.#tail;
    this.#refreshCursor();
  }

  /**
   * Reserves room for a payload of `length` bytes and writes the record header. Returns the index in `words` of the
   * payload (even: 8-byte aligned), or {@link FULL}. Publish before waiting for room: consumers cannot release what they
   * cannot see. Throws InvariantError when a record is in hand already, when `length` is not from 0 to
   * {@link maximumLength}, and for type 0, which marks padding.
   */
  claim(type: number, length: number): number {
    const units = (length + HEADER_BYTES + UNIT_BYTES - 1) >> 3;
    const tail = this.#tail;
    let index = tail & this.#mask;
    let need = units;
    if (index + units > this.#capacity) need += this.#capacity - index;
    if (this.#claimed !== tail || type === PADDING || !(length >= 0 && length <= this.maximumLength)) {
      this.#misuseOfClaim(type, length);
    }
    if (((tail + need - this.#cachedCursor) | 0) > this.#capacity && !this.#hasRoom(need)) return FULL;
    if (this.#intentStep !== 0 && ((tail + need - this.#intent) | 0) > 0) this.#announce(need);
    const words = this.words;
    if (need !== units) {
      words[index << 1] = (need - units) * UNIT_BYTES - HEADER_BYTES;
      words[(index << 1) + 1] = PADDING;
      index = 0;
    }
    this.#claimed = (tail + need) | 0;
    const at = index << 1;
    words[at] = length;
    words[at + 1] = type;
    return at + HEADER_WORDS;
  }

  /**
   * The record in hand is complete; it becomes visible with the next {@link publish}. Throws InvariantError when there is
   * none, so that an overlooked {@link FULL} cannot drop a record silently.
   */
  commit(): void {
    if (this.#claimed === this.#tail) fail(`ring ${this.name}: commit with no record in hand`);
    // The low word wraps where the sign goes from negative (upper half) to non-negative.
    if (this.#tail < 0 && this.#claimed >= 0) this.#high = (this.#high + 1) | 0;
    this.#tail = this.#claimed;
  }

  /** The record in hand, if any, never was. Records committed before stay. */
  abort(): void {
    this.#claimed = this.#tail;
  }

  /** Makes all committed records visible with one atomic store; does nothing when there are none. */
  publish(): void {
    const tail = this.#tail;
    if (tail === this.#published) return;
    this.#published = tail;
    if (this.#high === this.#publishedHigh) publishLow(this.#control, TAIL_WORD, tail);
    else this.#publishWrapped();
  }

  /** {@link commit} and {@link publish}. */
  commitAndPublish(): void {
    this.commit();
    this.publish();
  }

  /** Units committed but not yet released by the slowest gating consumer, in bytes. Reads all cursors. */
  occupiedBytes(): number {
    if (this.#gating === 0) return 0;
    this.#refreshCursor();
    return ((this.#tail - this.#cachedCursor) | 0) * UNIT_BYTES;
  }

  #hasRoom(need: number): boolean {
    if (this.#gating === 0) {
      this.#cachedCursor = this.#tail; // nobody gates: any distance will do
      return true;
    }
    this.#refreshCursor();
    return ((this.#tail + need - this.#cachedCursor) | 0) <= this.#capacity;
  }

  #refreshCursor(): void {
    let lag = 0;
    for (let i = 0; i < this.#gating; i++) {
      const behind = (this.#tail - observeCursor(this.#control, cursorWord(i))) | 0;
      if (behind > lag) lag = behind;
    }
    this.#cachedCursor = (this.#tail - lag) | 0;
  }

  #announce(need: number): void {
    const intent = (this.#tail + need + this.#intentStep) | 0;
    const wrapped = this.#tail < 0 && intent >= 0;
    this.#intent = intent;
    declareIntent(this.#control, INTENT_WORD, intent, wrapped ? (this.#high + 1) | 0 : this.#high);
  }

  #publishWrapped(): void {
    this.#publishedHigh = this.#high;
    publishWrapped(this.#control, TAIL_WORD, this.#published, this.#high);
  }

  #misuseOfClaim(type: number, length: number): never {
    if (this.#claimed !== this.#tail)
      fail(`ring ${this.name}: claim while a record is in hand, rule: commit or abort first`);
    if (type === PADDING)
      fail(`ring ${this.name}: record type ${PADDING} is padding, allowed: any other int32`);
    return fail(`ring ${this.name}: payload of ${length} bytes, allowed: 0 to ${this.maximumLength}`);
  }
}
