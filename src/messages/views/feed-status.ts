// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.FeedStatus */
export const TYPE = 36;
/** Payload bytes. */
export const BYTES = 56;

/** Word offsets from the payload's first word. */
export const SEQUENCE_WORD = 4;
export const TIMESTAMP_WORD = 8;

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

export function previous(words: Int32Array, at: number): number {
  return words[at + 13] & 0xff;
}

export function state(words: Int32Array, at: number): number {
  return (words[at + 13] >>> 8) & 0xff;
}

export function reason(words: Int32Array, at: number): number {
  return (words[at + 13] >>> 16) & 0xff;
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

export function setPrevious(words: Int32Array, at: number, value: number): void {
  words[at + 13] = (words[at + 13] & ~0xff) | (value & 0xff);
}

export function setState(words: Int32Array, at: number, value: number): void {
  words[at + 13] = (words[at + 13] & ~0xff00) | ((value & 0xff) << 8);
}

export function setReason(words: Int32Array, at: number, value: number): void {
  words[at + 13] = (words[at + 13] & ~0xff0000) | ((value & 0xff) << 16);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  sequence: number,
  venueSequence: number,
  timestamp: number,
  receiveTimestamp: number,
  instrument: number,
  previous: number,
  state: number,
  reason: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4002c;
  words[at + 3] = 6;
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = venueSequence;
  words[at + 7] = (venueSequence - (venueSequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = receiveTimestamp;
  words[at + 11] = (receiveTimestamp - (receiveTimestamp >>> 0)) / 4294967296;
  words[at + 12] = instrument;
  words[at + 13] = (previous & 0xff) | ((state & 0xff) << 8) | ((reason & 0xff) << 16);
}
