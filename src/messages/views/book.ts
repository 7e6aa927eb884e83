// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** Payload bytes of a message with so many levels. */
export function bytes(levelCount: number): number {
  return 72 + levelCount * 16;
}

/** Word offsets from the payload's first word. */
export const SEQUENCE_WORD = 4;
export const TIMESTAMP_WORD = 8;
export const FLAGS_WORD = 15;

export function sequence(words: Int32Array, at: number): number {
  const low = words[at + 4];
  const high = words[at + 5];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function venueSequence(words: Int32Array, at: number): number {
  const low = words[at + 6];
  const high = words[at + 7];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function timestamp(words: Int32Array, at: number): number {
  const low = words[at + 8];
  const high = words[at + 9];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function receiveTimestamp(words: Int32Array, at: number): number {
  const low = words[at + 10];
  const high = words[at + 11];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 12] >>> 0;
}

export function bidCount(words: Int32Array, at: number): number {
  return words[at + 13] >>> 0;
}

export function askCount(words: Int32Array, at: number): number {
  return words[at + 14] >>> 0;
}

export function flags(words: Int32Array, at: number): number {
  return words[at + 15] & 0xffff;
}

export function setSequence(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = (value - (value >>> 0)) / 4294967296;
}

export function setVenueSequence(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
  words[at + 7] = (value - (value >>> 0)) / 4294967296;
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 8] = value;
  words[at + 9] = (value - (value >>> 0)) / 4294967296;
}

export function setReceiveTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 10] = value;
  words[at + 11] = (value - (value >>> 0)) / 4294967296;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
}

export function setBidCount(words: Int32Array, at: number, value: number): void {
  words[at + 13] = value;
  words[at + 17] = value + askCount(words, at);
}

export function setAskCount(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 17] = value + bidCount(words, at);
}

export function setFlags(words: Int32Array, at: number, value: number): void {
  words[at + 15] = (words[at + 15] & ~0xffff) | (value & 0xffff);
}

/** Writes everything before the levels: prefix, head, the vector's offset and its count. */
export function encodeHead(
  words: Int32Array,
  index: number,
  sequence: number,
  venueSequence: number,
  timestamp: number,
  receiveTimestamp: number,
  instrument: number,
  bidCount: number,
  askCount: number,
  flags: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x380008;
  words[at + 2] = 0x340004;
  words[at + 3] = 8;
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = venueSequence;
  words[at + 7] = (venueSequence - (venueSequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = receiveTimestamp;
  words[at + 11] = (receiveTimestamp - (receiveTimestamp >>> 0)) / 4294967296;
  words[at + 12] = instrument;
  words[at + 13] = bidCount;
  words[at + 14] = askCount;
  words[at + 15] = flags & 0xffff;
  words[at + 16] = 4;
  words[at + 17] = bidCount + askCount;
}

export function levelPrice(words: Int32Array, at: number, index: number): number {
  const level = at + 18 + index * 4;
  const low = words[level];
  const high = words[level + 1];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function levelQuantity(words: Int32Array, at: number, index: number): number {
  const level = at + 18 + index * 4;
  const low = words[level + 2];
  const high = words[level + 3];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function setLevel(
  words: Int32Array,
  at: number,
  index: number,
  price: number,
  quantity: number,
): void {
  const level = at + 18 + index * 4;
  words[level] = price;
  words[level + 1] = (price - (price >>> 0)) / 4294967296;
  words[level + 2] = quantity;
  words[level + 3] = (quantity - (quantity >>> 0)) / 4294967296;
}
