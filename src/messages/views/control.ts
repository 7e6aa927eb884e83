// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.Control */
export const TYPE = 80;
/** Payload bytes. */
export const BYTES = 40;

/** Word offsets from the payload's first word. */
export const TIMESTAMP_WORD = 4;

export function timestamp(words: Int32Array, at: number): number {
  const low = words[at + 4];
  const high = words[at + 5];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function account(words: Int32Array, at: number): number {
  return words[at + 6] >>> 0;
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 7] >>> 0;
}

export function action(words: Int32Array, at: number): number {
  return words[at + 8] & 0xff;
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = (value - (value >>> 0)) / 4294967296;
}

export function setAccount(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 7] = value;
}

export function setAction(words: Int32Array, at: number, value: number): void {
  words[at + 8] = (words[at + 8] & ~0xff) | (value & 0xff);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  timestamp: number,
  account: number,
  instrument: number,
  action: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4001c;
  words[at + 3] = 6;
  words[at + 4] = timestamp;
  words[at + 5] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 6] = account;
  words[at + 7] = instrument;
  words[at + 8] = action & 0xff;
  words[at + 9] = 0;
}
