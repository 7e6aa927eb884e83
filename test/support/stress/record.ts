/**
 * Self-checking records: type, length and every word of the payload follow from the sequence number, so one wrong, old or
 * half-written word shows.
 */
const WORD_STEP = 0x85ebca6b | 0;

/** A well mixed uint32 of a sequence number. */
export function mix(sequence: number): number {
  let x = Math.imul(sequence, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return (x ^ (x >>> 13)) >>> 0;
}

/** Payload bytes, from 4 (the sequence number) to `longest`. */
export function lengthOf(sequence: number, longest: number): number {
  return 4 + (mix(sequence) % (longest - 3));
}

export function typeOf(sequence: number): number {
  return 1 + (sequence % 1000);
}

export function fillRecord(words: Int32Array, at: number, sequence: number, length: number): void {
  words[at] = sequence;
  let word = mix(sequence) | 0;
  for (let i = at + 1; i < at + (length >> 2); i++) {
    word = (word + WORD_STEP) | 0;
    words[i] = word;
  }
}

/** Is the record whole, and the one that its first word says it is? */
export function isWhole(
  words: Int32Array,
  at: number,
  type: number,
  length: number,
  longest: number,
): boolean {
  const sequence = words[at];
  if (type !== typeOf(sequence) || length !== lengthOf(sequence, longest)) return false;
  let word = mix(sequence) | 0;
  for (let i = at + 1; i < at + (length >> 2); i++) {
    word = (word + WORD_STEP) | 0;
    if (words[i] !== word) return false;
  }
  return true;
}
