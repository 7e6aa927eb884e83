// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.MarketTrade */
export const TYPE = 34;
/** Payload bytes. */
export const BYTES = 72;

/** Word offsets from the payload's first word. */
export const SEQUENCE_WORD = 4;
export const TIMESTAMP_WORD = 8;

export function sequence(words: Int32Array, at: number): number {
  const low = words[at + 4];
  const high = words[at + 5];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function tradeId(words: Int32Array, at: number): number {
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

export function price(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function quantity(words: Int32Array, at: number): number {
  const low = words[at + 14];
  const high = words[at + 15];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 16] >>> 0;
}

export function takerSide(words: Int32Array, at: number): number {
  return words[at + 17] & 0xff;
}

export function setSequence(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = (value - (value >>> 0)) / 4294967296;
}

export function setTradeId(words: Int32Array, at: number, value: number): void {
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

export function setPrice(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = (value - (value >>> 0)) / 4294967296;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
}

export function setTakerSide(words: Int32Array, at: number, value: number): void {
  words[at + 17] = (words[at + 17] & ~0xff) | (value & 0xff);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  sequence: number,
  tradeId: number,
  timestamp: number,
  receiveTimestamp: number,
  price: number,
  quantity: number,
  instrument: number,
  takerSide: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4003c;
  words[at + 3] = 6;
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = tradeId;
  words[at + 7] = (tradeId - (tradeId >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = receiveTimestamp;
  words[at + 11] = (receiveTimestamp - (receiveTimestamp >>> 0)) / 4294967296;
  words[at + 12] = price;
  words[at + 13] = (price - (price >>> 0)) / 4294967296;
  words[at + 14] = quantity;
  words[at + 15] = (quantity - (quantity >>> 0)) / 4294967296;
  words[at + 16] = instrument;
  words[at + 17] = takerSide & 0xff;
}
