// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.SetPhase */
export const TYPE = 5;
/** Payload bytes. */
export const BYTES = 64;

/** Word offsets from the payload's first word. */
export const SEQUENCE_WORD = 4;
export const TIMESTAMP_WORD = 6;
export const RECEIVED_WORD = 8;

export function sequence(words: Int32Array, at: number): number {
  const low = words[at + 4];
  const high = words[at + 5];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function timestamp(words: Int32Array, at: number): number {
  const low = words[at + 6];
  const high = words[at + 7];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function received(words: Int32Array, at: number): number {
  const low = words[at + 8];
  const high = words[at + 9];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function clientOrderIdLow(words: Int32Array, at: number): number {
  return words[at + 10];
}

export function clientOrderIdHigh(words: Int32Array, at: number): number {
  return words[at + 11];
}

export function referencePrice(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 14] >>> 0;
}

export function source(words: Int32Array, at: number): number {
  return words[at + 15] & 0xffff;
}

export function phase(words: Int32Array, at: number): number {
  return (words[at + 15] >>> 16) & 0xff;
}

export function hasReference(words: Int32Array, at: number): number {
  return (words[at + 15] >>> 24) & 0xff;
}

export function setSequence(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = (value - (value >>> 0)) / 4294967296;
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
  words[at + 7] = (value - (value >>> 0)) / 4294967296;
}

export function setReceived(words: Int32Array, at: number, value: number): void {
  words[at + 8] = value;
  words[at + 9] = (value - (value >>> 0)) / 4294967296;
}

export function setClientOrderId(words: Int32Array, at: number, low: number, high: number): void {
  words[at + 10] = low;
  words[at + 11] = high;
}

export function setReferencePrice(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
}

export function setSource(words: Int32Array, at: number, value: number): void {
  words[at + 15] = (words[at + 15] & ~0xffff) | (value & 0xffff);
}

export function setPhase(words: Int32Array, at: number, value: number): void {
  words[at + 15] = (words[at + 15] & ~0xff0000) | ((value & 0xff) << 16);
}

export function setHasReference(words: Int32Array, at: number, value: number): void {
  words[at + 15] = (words[at + 15] & ~0xff000000) | ((value & 0xff) << 24);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  sequence: number,
  timestamp: number,
  received: number,
  clientOrderIdLow: number,
  clientOrderIdHigh: number,
  referencePrice: number,
  instrument: number,
  source: number,
  phase: number,
  hasReference: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x40034;
  words[at + 3] = 6;
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = timestamp;
  words[at + 7] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 8] = received;
  words[at + 9] = (received - (received >>> 0)) / 4294967296;
  words[at + 10] = clientOrderIdLow;
  words[at + 11] = clientOrderIdHigh;
  words[at + 12] = referencePrice;
  words[at + 13] = (referencePrice - (referencePrice >>> 0)) / 4294967296;
  words[at + 14] = instrument;
  words[at + 15] = (source & 0xffff) | ((phase & 0xff) << 16) | ((hasReference & 0xff) << 24);
}
