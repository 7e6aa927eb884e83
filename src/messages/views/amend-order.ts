// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.AmendOrder */
export const TYPE = 2;
/** Payload bytes. */
export const BYTES = 88;
/** Payload bytes with the second struct. */
export const EXTENDED_BYTES = 160;

/** Word offsets from the payload's first word. */
export const SEQUENCE_WORD = 4;
export const TIMESTAMP_WORD = 6;
export const RECEIVED_WORD = 8;
export const ORDER_ID_WORD = 10;
export const EXPIRE_TIME_WORD = 28;
export const LINKED_ORDER_ID_WORD = 30;

/** Whether the record is of the long form; the fields of the second struct may only be read then. */
export function isExtended(words: Int32Array, at: number): boolean {
  return words[at + 3] === 8;
}

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

export function orderId(words: Int32Array, at: number): number {
  const low = words[at + 10];
  const high = words[at + 11];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function clientOrderIdLow(words: Int32Array, at: number): number {
  return words[at + 12];
}

export function clientOrderIdHigh(words: Int32Array, at: number): number {
  return words[at + 13];
}

export function price(words: Int32Array, at: number): number {
  const low = words[at + 14];
  const high = words[at + 15];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function quantity(words: Int32Array, at: number): number {
  const low = words[at + 16];
  const high = words[at + 17];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function account(words: Int32Array, at: number): number {
  return words[at + 18] >>> 0;
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 19] >>> 0;
}

export function source(words: Int32Array, at: number): number {
  return words[at + 20] & 0xffff;
}

export function stopPrice(words: Int32Array, at: number): number {
  const low = words[at + 22];
  const high = words[at + 23];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function displayedQuantity(words: Int32Array, at: number): number {
  const low = words[at + 24];
  const high = words[at + 25];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function minimumQuantity(words: Int32Array, at: number): number {
  const low = words[at + 26];
  const high = words[at + 27];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function expireTime(words: Int32Array, at: number): number {
  const low = words[at + 28];
  const high = words[at + 29];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function linkedOrderId(words: Int32Array, at: number): number {
  const low = words[at + 30];
  const high = words[at + 31];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function takeProfitPrice(words: Int32Array, at: number): number {
  const low = words[at + 32];
  const high = words[at + 33];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function stopLossPrice(words: Int32Array, at: number): number {
  const low = words[at + 34];
  const high = words[at + 35];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function stopLossLimitPrice(words: Int32Array, at: number): number {
  const low = words[at + 36];
  const high = words[at + 37];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function contingency(words: Int32Array, at: number): number {
  return words[at + 38] & 0xff;
}

export function present(words: Int32Array, at: number): number {
  return (words[at + 38] >>> 8) & 0xff;
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

export function setOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 10] = value;
  words[at + 11] = (value - (value >>> 0)) / 4294967296;
}

export function setClientOrderId(words: Int32Array, at: number, low: number, high: number): void {
  words[at + 12] = low;
  words[at + 13] = high;
}

export function setPrice(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = (value - (value >>> 0)) / 4294967296;
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = (value - (value >>> 0)) / 4294967296;
}

export function setAccount(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 19] = value;
}

export function setSource(words: Int32Array, at: number, value: number): void {
  words[at + 20] = (words[at + 20] & ~0xffff) | (value & 0xffff);
}

export function setStopPrice(words: Int32Array, at: number, value: number): void {
  words[at + 22] = value;
  words[at + 23] = (value - (value >>> 0)) / 4294967296;
}

export function setDisplayedQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = (value - (value >>> 0)) / 4294967296;
}

export function setMinimumQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 26] = value;
  words[at + 27] = (value - (value >>> 0)) / 4294967296;
}

export function setExpireTime(words: Int32Array, at: number, value: number): void {
  words[at + 28] = value;
  words[at + 29] = (value - (value >>> 0)) / 4294967296;
}

export function setLinkedOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 30] = value;
  words[at + 31] = (value - (value >>> 0)) / 4294967296;
}

export function setTakeProfitPrice(words: Int32Array, at: number, value: number): void {
  words[at + 32] = value;
  words[at + 33] = (value - (value >>> 0)) / 4294967296;
}

export function setStopLossPrice(words: Int32Array, at: number, value: number): void {
  words[at + 34] = value;
  words[at + 35] = (value - (value >>> 0)) / 4294967296;
}

export function setStopLossLimitPrice(words: Int32Array, at: number, value: number): void {
  words[at + 36] = value;
  words[at + 37] = (value - (value >>> 0)) / 4294967296;
}

export function setContingency(words: Int32Array, at: number, value: number): void {
  words[at + 38] = (words[at + 38] & ~0xff) | (value & 0xff);
}

export function setPresent(words: Int32Array, at: number, value: number): void {
  words[at + 38] = (words[at + 38] & ~0xff00) | ((value & 0xff) << 8);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  sequence: number,
  timestamp: number,
  received: number,
  orderId: number,
  clientOrderIdLow: number,
  clientOrderIdHigh: number,
  price: number,
  quantity: number,
  account: number,
  instrument: number,
  source: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4004c;
  words[at + 3] = 6;
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = timestamp;
  words[at + 7] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 8] = received;
  words[at + 9] = (received - (received >>> 0)) / 4294967296;
  words[at + 10] = orderId;
  words[at + 11] = (orderId - (orderId >>> 0)) / 4294967296;
  words[at + 12] = clientOrderIdLow;
  words[at + 13] = clientOrderIdHigh;
  words[at + 14] = price;
  words[at + 15] = (price - (price >>> 0)) / 4294967296;
  words[at + 16] = quantity;
  words[at + 17] = (quantity - (quantity >>> 0)) / 4294967296;
  words[at + 18] = account;
  words[at + 19] = instrument;
  words[at + 20] = source & 0xffff;
  words[at + 21] = 0;
}

/** Turns the payload that encode has written into the long form: its prefix and every field of the second struct. */
export function encodeExtension(
  words: Int32Array,
  index: number,
  stopPrice: number,
  displayedQuantity: number,
  minimumQuantity: number,
  expireTime: number,
  linkedOrderId: number,
  takeProfitPrice: number,
  stopLossPrice: number,
  stopLossLimitPrice: number,
  contingency: number,
  present: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x940008;
  words[at + 2] = 0x4c0004;
  words[at + 3] = 8;
  words[at + 22] = stopPrice;
  words[at + 23] = (stopPrice - (stopPrice >>> 0)) / 4294967296;
  words[at + 24] = displayedQuantity;
  words[at + 25] = (displayedQuantity - (displayedQuantity >>> 0)) / 4294967296;
  words[at + 26] = minimumQuantity;
  words[at + 27] = (minimumQuantity - (minimumQuantity >>> 0)) / 4294967296;
  words[at + 28] = expireTime;
  words[at + 29] = (expireTime - (expireTime >>> 0)) / 4294967296;
  words[at + 30] = linkedOrderId;
  words[at + 31] = (linkedOrderId - (linkedOrderId >>> 0)) / 4294967296;
  words[at + 32] = takeProfitPrice;
  words[at + 33] = (takeProfitPrice - (takeProfitPrice >>> 0)) / 4294967296;
  words[at + 34] = stopLossPrice;
  words[at + 35] = (stopLossPrice - (stopLossPrice >>> 0)) / 4294967296;
  words[at + 36] = stopLossLimitPrice;
  words[at + 37] = (stopLossLimitPrice - (stopLossLimitPrice >>> 0)) / 4294967296;
  words[at + 38] = (contingency & 0xff) | ((present & 0xff) << 8);
  words[at + 39] = 0;
}
