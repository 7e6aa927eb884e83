import { fail } from '../lib/assert.js';
import { type AttachOptions, attach } from './attach.js';
import * as layout from './layout.js';
import {
  declareIntent,
  followHeader,
  observeCursor,
  observeHeader,
  observeLow,
  publishHeader,
  publishLow,
  publishWrapped,
  repairHigh,
} from './ordering.js';

// Bound here because V8 folds what only this module sees into the code, but loads and checks what is imported or exported.
const { cursorWord, HEADER_BYTES, HEADER_WORDS, openRing, PADDING, UNIT_BYTES, UNPUBLISHED, unitsOf } =
  layout;
const { INTENT_WORD, LOW, PRODUCER_THREAD_WORD, TAIL_WORD } = layout;
const NO_ROOM = -1;

/** `claim` found no room: a gating consumer is a whole ring behind. What to do is the caller's policy. */
export const FULL = NO_ROOM;

/**
 * The writing side of a ring. One thread owns it; no method allocates.
 *
 *     const at = producer.claim(NewOrder.TYPE, NewOrder.BYTES);
 *     if (at === FULL) { counters.add(RING_FULL, 1); return; }   // policy stands at the call site
 *     NewOrder.encode(producer.words, at, ...);
 *     producer.commit();                                         // or abort()
 *     ...                                                        // more records of the burst in hand
 *     producer.publish();                                        // shows all of them at once
 */
export class RingProducer {
  readonly name: string;
  /** The ring's data as 32-bit words; `claim` returns indices into it. */
  readonly words: Int32Array;
  /** The same memory as doubles: double `i` is words `2 i` and `2 i + 1`, and payloads start at even words. */
  readonly doubles: Float64Array;
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
  #header = 0; // of the record in hand: index in words
  #type = 0; // of the record in hand
  #withheld = 0; // type of the first record that is committed and not published
  #published: number;
  #publishedHigh: number;
  #cachedCursor: number; // a lower bound of the slowest gating cursor
  #intent: number;
  #plainEnd: number; // up to here `append` needs no look at anything: see #findPlainEnd

  /**
   * Attaches as the only producer. A restarted stage passes `takeover` and goes on after the last published record (what
   * its predecessor had in hand or unpublished never was); without it, a second attachment throws InvariantError.
   */
  constructor(handle: layout.RingHandle, options: AttachOptions = {}) {
    const memory = openRing(handle);
    const control = memory.control;
    attach(control, PRODUCER_THREAD_WORD, options, handle.name, 'producer');
    this.name = handle.name;
    this.words = memory.data;
    this.doubles = memory.doubles;
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
    if (memory.gating !== 0) this.#finishPublish();
    this.#refreshCursor();
    this.#plainEnd = this.#tail;
  }

  /**
   * Reserves room for a payload of `length` bytes. Returns the index in `words` of the payload (even: 8-byte aligned),
   * or {@link FULL}. Publish before waiting for room: consumers cannot release what they cannot see. Throws
   * InvariantError when a record is in hand already, when `length` is not from 0 to {@link maximumLength}, and for the
   * types 0 and -1, which mark what is unpublished and padding.
   */
  claim(type: number, length: number): number {
    const units = unitsOf(length);
    const tail = this.#tail;
    let index = tail & this.#mask;
    // One unit more than the record: publish writes to the header after it.
    let need = units + 1;
    if (index + units > this.#capacity) need += this.#capacity - index;
    // Of all numbers, those that an Int32Array stores as 0 or -1 come to 0 or 1 here.
    const isReserved = (type + 1) >>> 0 <= 1;
    if (this.#claimed !== tail || isReserved || !(length >= 0 && length <= this.maximumLength)) {
      this.#misuseOfClaim(type, length);
    }
    if (((tail + need - this.#cachedCursor) | 0) > this.#capacity && !this.#hasRoom(need)) return NO_ROOM;
    if (this.#intentStep !== 0 && ((tail + need - this.#intent) | 0) > 0) this.#announce(need);
    const words = this.words;
    if (need !== units + 1) {
      words[index << 1] = (this.#capacity - index) * UNIT_BYTES - HEADER_BYTES;
      index = 0;
    }
    this.#claimed = (tail + need - 1) | 0;
    const header = index << 1;
    this.#header = header;
    this.#type = type;
    words[header] = length;
    return header + HEADER_WORDS;
  }

  /**
   * The record in hand is complete; it becomes visible with the next {@link publish}. Throws InvariantError when there is
   * none, so that an overlooked {@link FULL} cannot drop a record silently.
   */
  commit(): void {
    const tail = this.#tail;
    const claimed = this.#claimed;
    if (claimed === tail) fail(`ring ${this.name}: commit with no record in hand`);
    const words = this.words;
    const first = (tail & this.#mask) << 1;
    let type = this.#type;
    if (this.#header !== first) {
      words[this.#header + 1] = type;
      type = PADDING;
    }
    if (this.#gating === 0) words[first + 1] = type;
    else if (tail === this.#published) this.#withheld = type;
    else words[first + 1] = type;
    // The low word wraps where the sign goes from negative (upper half) to non-negative.
    if (tail < 0 && claimed >= 0) this.#high = (this.#high + 1) | 0;
    this.#tail = claimed;
  }

  /**
   * `claim` and `commit` at once: the record counts as committed while it is still to be filled in, which must be done
   * before the next {@link publish}. Returns and throws as `claim` does. Half the price of the two, for who
   * writes records in bursts and never aborts.
   */
  append(type: number, length: number): number {
    const tail = this.#tail;
    const end = (tail + unitsOf(length)) | 0;
    // Misuse is for `claim` to name; see there. Where type and length are constants, V8 decides most of it when it compiles.
    const isReserved = (type + 1) >>> 0 <= 1;
    const isMisuse = this.#claimed !== tail || isReserved || !(length >= 0 && length <= this.maximumLength);
    if (isMisuse || ((end - this.#plainEnd) | 0) > 0) return this.#appendSlowly(type, length);
    const words = this.words;
    const start = (tail & this.#mask) << 1;
    words[start] = length;
    if (tail === this.#published) this.#withheld = type;
    else words[start + 1] = type;
    this.#tail = end;
    this.#claimed = end;
    return start + HEADER_WORDS;
  }

  #appendSlowly(type: number, length: number): number {
    const at = this.claim(type, length);
    if (at === NO_ROOM) return NO_ROOM;
    this.commit();
    this.#findPlainEnd();
    return at;
  }

  /**
   * A record that ends at or before it has room as far as is known, does not meet the end of the data, and leaves
   * INTENT and the high word of the tail as they are.
   */
  #findPlainEnd(): void {
    const tail = this.#tail;
    // One unit less in each case: publish writes to the header after a record.
    let units = this.#capacity - (tail & this.#mask) - 1;
    if (this.#gating === 0) units = 0; // types are written at once there
    const room = (this.#cachedCursor + this.#capacity - 1 - tail) | 0;
    if (room < units) units = room;
    if (this.#intentStep !== 0) {
      const announced = (this.#intent - 1 - tail) | 0;
      if (announced < units) units = announced;
    }
    if (tail < 0 && ((tail + units) | 0) >= 0) units = 0;
    this.#plainEnd = units > 0 ? (tail + units) | 0 : tail;
  }

  /** The record in hand, if any, never was. Records committed before stay. */
  abort(): void {
    this.#claimed = this.#tail;
  }

  /** Makes all committed records visible at once; does nothing when there are none. */
  publish(): void {
    const tail = this.#tail;
    const published = this.#published;
    if (tail === published) return;
    this.#published = tail;
    if (this.#gating === 0) {
      this.#storeTail();
      return;
    }
    const words = this.words;
    const header = (published & this.#mask) << 1;
    words[((tail & this.#mask) << 1) + 1] = UNPUBLISHED;
    publishHeader(words, header, this.#withheld);
    if (this.#high === this.#publishedHigh) followHeader(words, header, this.#control, TAIL_WORD, tail);
    else this.#storeTail();
    this.#warm((tail + tail - published) | 0);
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

  /**
   * The predecessor may have died between the two stores of its last publish: consumers see the header, and may have taken
   * and released what follows it, but TAIL does not know. Goes on to the first header that is not published.
   */
  #finishPublish(): void {
    const words = this.words;
    const old = this.#tail;
    let tail = old;
    for (let header = (tail & this.#mask) << 1; observeHeader(words, header) !== UNPUBLISHED; ) {
      tail = (tail + unitsOf(words[header])) | 0;
      header = (tail & this.#mask) << 1;
    }
    if (tail === old) return;
    if (old < 0 && tail >= 0) this.#high = (this.#high + 1) | 0;
    this.#tail = tail;
    this.#claimed = tail;
    this.#published = tail;
    this.#storeTail();
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

  /**
   * The next publish, if it is as long as this one, writes to the header at position `next`. Writing there now, when nobody
   * waits for it, fetches the cache line from the consumer ahead of time; nothing depends on it.
   */
  #warm(next: number): void {
    if (this.#claimed !== this.#tail) return; // it may lie in the record in hand
    if (((next + 1 - this.#cachedCursor) | 0) > this.#capacity) return;
    if (this.#intentStep !== 0 && ((next + 1 - this.#intent) | 0) > 0) return;
    this.words[((next & this.#mask) << 1) + 1] = UNPUBLISHED;
  }

  #storeTail(): void {
    const high = this.#high;
    if (high === this.#publishedHigh) publishLow(this.#control, TAIL_WORD, this.#published);
    else {
      this.#publishedHigh = high;
      publishWrapped(this.#control, TAIL_WORD, this.#published, high);
    }
  }

  #misuseOfClaim(type: number, length: number): never {
    if (this.#claimed !== this.#tail)
      fail(`ring ${this.name}: claim while a record is in hand, rule: commit or abort first`);
    if ((type + 1) >>> 0 <= 1)
      fail(
        `ring ${this.name}: record type ${type} is reserved, allowed: any int32 but ${UNPUBLISHED} and ${PADDING}`,
      );
    return fail(`ring ${this.name}: payload of ${length} bytes, allowed: 0 to ${this.maximumLength}`);
  }
}
