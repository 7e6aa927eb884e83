/**
 * The bytes of a ring, and nothing else. No other file knows an offset.
 *
 *     byte 0    META      magic, version, capacity, consumers     written once, before any thread starts
 *                         attached producer thread                written when a producer attaches
 *     byte 128  TAIL      high-begin | low | high-end             written by the producer
 *     byte 256  INTENT    high-begin | low | high-end             written by the producer
 *     byte 384  CURSOR 0  low | high | attached thread            written by consumer 0
 *     byte 512  CURSOR 1  ...                                     written by consumer 1
 *     ...       DATA      capacity bytes, 128-aligned             written by the producer
 *
 * A position counts 8-byte units since the ring was made. It is a 64-bit number in two words; the low word is
 * a wrapping int32 and is all that gating consumers and the producer compare, by signed difference (a ring
 * holds at most 2^27 units, so differences never overflow). Only a lossy consumer, which may sleep for longer
 * than 2^32 units take, needs the high words; see ordering.ts for how they are read.
 *
 * A record is an 8-byte header and its payload, padded to 8 bytes, never wrapped:
 *
 *     | payload length, bytes (int32) | type (int32) | payload ... | zero to seven unused bytes |
 *
 * Where the next record does not fit before the end of the data, a record of type PADDING fills the rest. It is
 * published together with the record after it.
 *
 * In a ring with gating consumers the type word is also the flag that publishes: it is UNPUBLISHED (0) in the header at
 * the published tail, always, and so the unit there belongs to no record: the ring holds one unit less than its capacity.
 * The first record of a publication gets its type after all else is written. TAIL
 * follows. Where nobody gates, types are written at once and TAIL alone publishes.
 */
import { assert, fail, isPowerOfTwo } from '../lib/assert.js';

/** Words (int32) that different threads write are this many bytes apart: two cache lines, because prefetchers pull pairs. */
export const SPACING_BYTES = 128;
const LINE = SPACING_BYTES / 4;

/** Bytes of one position unit; also the size of a record header and the alignment of payloads. */
export const UNIT_BYTES = 8;
export const UNIT_WORDS = UNIT_BYTES / 4;
export const HEADER_BYTES = UNIT_BYTES;
export const HEADER_WORDS = HEADER_BYTES / 4;
/** In place of a record's type: not published yet. Equals MessageType.None, so no message can have it. */
export const UNPUBLISHED = 0;
/** Type of the record that fills the end of the data. */
export const PADDING = -1;

// META
export const MAGIC_WORD = 0;
export const VERSION_WORD = 1;
export const CAPACITY_WORD = 2;
export const GATING_WORD = 3;
export const LOSSY_WORD = 4;
export const PRODUCER_THREAD_WORD = 5;
const MAGIC = 0x4d52494e; // 'MRIN'
const VERSION = 2;

/** Words within a position cell. */
export const HIGH_BEGIN = 0;
export const LOW = 1;
export const HIGH_END = 2;

export const TAIL_WORD = LINE;
export const INTENT_WORD = TAIL_WORD + LINE;
const FIRST_CURSOR_WORD = INTENT_WORD + LINE;
/** Words within a cursor line. */
export const CURSOR_LOW = 0;
export const CURSOR_HIGH = 1;
export const CURSOR_THREAD = 2;

export const MINIMUM_CAPACITY_BYTES = 256;
export const MAXIMUM_CAPACITY_BYTES = 0x40000000;
export const MAXIMUM_CONSUMERS = 16;

/** First word of the line of consumer `index`: gating consumers first, then lossy ones. */
export function cursorWord(index: number): number {
  return FIRST_CURSOR_WORD + index * LINE;
}

/** Not exported, and so a constant to V8: see producer.ts. */
const ROUNDING = HEADER_BYTES + UNIT_BYTES - 1;

/** Units that a record with a payload of `length` bytes takes. */
export function unitsOf(length: number): number {
  return (length + ROUNDING) >> 3;
}

function dataWord(consumers: number): number {
  return cursorWord(consumers);
}

/** Fails at load when an edit brings words of different writers closer than {@link SPACING_BYTES}. */
function checkSpacing(): void {
  const lines = [0, TAIL_WORD, INTENT_WORD, cursorWord(0), cursorWord(1), dataWord(2)];
  for (let i = 1; i < lines.length; i++) {
    const gap = (lines[i] - lines[i - 1]) * 4;
    if (gap < SPACING_BYTES)
      fail(`ring layout: words of different writers are ${gap} bytes apart, rule: at least ${SPACING_BYTES}`);
    if ((lines[i] * 4) % SPACING_BYTES !== 0)
      fail(`ring layout: line at byte ${lines[i] * 4} is not ${SPACING_BYTES}-aligned`);
  }
  assert(
    HIGH_END * 4 < SPACING_BYTES && CURSOR_THREAD * 4 < SPACING_BYTES,
    'ring layout: a cell must fit its line',
  );
  assert(
    UNIT_BYTES === 8 && HEADER_BYTES === UNIT_BYTES,
    'ring layout: padding needs a header to fit one unit',
  );
}
checkSpacing();

/** How to make a ring. */
export interface RingOptions {
  /** Names the ring in errors, metrics and the map of the system. */
  readonly name: string;
  /** Bytes of data; a power of two between 256 and 2^30. */
  readonly capacityBytes: number;
  /** Consumers that the producer waits for. */
  readonly gating: number;
  /** Consumers that may be lapped. */
  readonly lossy?: number;
}

/** A ring as threads hand it to one another (structured clone shares the memory). */
export interface RingHandle {
  readonly name: string;
  readonly buffer: SharedArrayBuffer;
}

/** Typed views over a ring's memory. `data` and `doubles`, the same bytes, start at record position 0. */
export interface RingMemory {
  readonly control: Int32Array;
  readonly data: Int32Array;
  readonly doubles: Float64Array;
  readonly capacityBytes: number;
  readonly gating: number;
  readonly lossy: number;
}

/**
 * Allocates a ring. Throws RangeError with the value and what is allowed.
 */
export function createRing(options: RingOptions): RingHandle {
  const { name, capacityBytes, gating, lossy = 0 } = options;
  if (!isPowerOfTwo(capacityBytes) || capacityBytes < MINIMUM_CAPACITY_BYTES) {
    throw new RangeError(
      `ring ${name}: capacityBytes is ${capacityBytes}, allowed: a power of two from ${MINIMUM_CAPACITY_BYTES} to ${MAXIMUM_CAPACITY_BYTES}`,
    );
  }
  const consumers = gating + lossy;
  if (
    !Number.isInteger(gating) ||
    !Number.isInteger(lossy) ||
    gating < 0 ||
    lossy < 0 ||
    consumers < 1 ||
    consumers > MAXIMUM_CONSUMERS
  ) {
    throw new RangeError(
      `ring ${name}: gating ${gating} + lossy ${lossy} consumers, allowed: 1 to ${MAXIMUM_CONSUMERS} together`,
    );
  }
  const bytes = dataWord(consumers) * 4 + capacityBytes;
  // Engines map memory that could grow in whole pages, so that it starts on a cache line. Other memory does not: it starts 16
  // bytes after one, and a record of 64 bytes would take two lines.
  const buffer = new SharedArrayBuffer(bytes, { maxByteLength: bytes });
  const control = new Int32Array(buffer);
  control[VERSION_WORD] = VERSION;
  control[CAPACITY_WORD] = capacityBytes;
  control[GATING_WORD] = gating;
  control[LOSSY_WORD] = lossy;
  Atomics.store(control, MAGIC_WORD, MAGIC);
  return { name, buffer };
}

/** Opens views over a ring made by {@link createRing}; throws InvariantError when the memory is not one. */
export function openRing(handle: RingHandle): RingMemory {
  const all = new Int32Array(handle.buffer);
  if (Atomics.load(all, MAGIC_WORD) !== MAGIC || all[VERSION_WORD] !== VERSION) {
    fail(`ring ${handle.name}: memory is not a version ${VERSION} ring`);
  }
  const capacityBytes = all[CAPACITY_WORD];
  const gating = all[GATING_WORD];
  const lossy = all[LOSSY_WORD];
  const start = dataWord(gating + lossy);
  return {
    control: all.subarray(0, start),
    data: new Int32Array(handle.buffer, start * 4, capacityBytes / 4),
    doubles: new Float64Array(handle.buffer, start * 4, capacityBytes / 8),
    capacityBytes,
    gating,
    lossy,
  };
}
