// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.Trade */
export const TYPE = 17;
/** Payload bytes. */
export const BYTES = 128;
/** Payload bytes with the second struct. */
export const EXTENDED_BYTES = 144;

/** Word offsets from the payload's first word. */
export const EVENT_SEQUENCE_WORD = 4;
export const SEQUENCE_WORD = 6;
export const TIMESTAMP_WORD = 8;
export const RECEIVED_WORD = 10;
export const MAKER_ORDER_ID_WORD = 18;
export const TAKER_ORDER_ID_WORD = 20;
export const FLAGS_WORD = 30;

/** Whether the record is of the long form; the fields of the second struct may only be read then. */
export function isExtended(words: Int32Array, at: number): boolean {
  return words[at + 3] === 8;
}

export function eventSequence(words: Int32Array, at: number): number {
  const low = words[at + 4];
  const high = words[at + 5];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function sequence(words: Int32Array, at: number): number {
  const low = words[at + 6];
  const high = words[at + 7];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function timestamp(words: Int32Array, at: number): number {
  const low = words[at + 8];
  const high = words[at + 9];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function received(words: Int32Array, at: number): number {
  const low = words[at + 10];
  const high = words[at + 11];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function tradeId(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
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

export function makerOrderId(words: Int32Array, at: number): number {
  const low = words[at + 18];
  const high = words[at + 19];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function takerOrderId(words: Int32Array, at: number): number {
  const low = words[at + 20];
  const high = words[at + 21];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function makerLeaves(words: Int32Array, at: number): number {
  const low = words[at + 22];
  const high = words[at + 23];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function takerLeaves(words: Int32Array, at: number): number {
  const low = words[at + 24];
  const high = words[at + 25];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function makerAccount(words: Int32Array, at: number): number {
  return words[at + 26] >>> 0;
}

export function takerAccount(words: Int32Array, at: number): number {
  return words[at + 27] >>> 0;
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 28] >>> 0;
}

export function makerSource(words: Int32Array, at: number): number {
  return words[at + 29] & 0xffff;
}

export function takerSource(words: Int32Array, at: number): number {
  return (words[at + 29] >>> 16) & 0xffff;
}

export function takerSide(words: Int32Array, at: number): number {
  return words[at + 30] & 0xff;
}

export function flags(words: Int32Array, at: number): number {
  return (words[at + 30] >>> 8) & 0xff;
}

export function makerFee(words: Int32Array, at: number): number {
  const low = words[at + 32];
  const high = words[at + 33];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function takerFee(words: Int32Array, at: number): number {
  const low = words[at + 34];
  const high = words[at + 35];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function setEventSequence(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = (value - (value >>> 0)) / 4294967296;
}

export function setSequence(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
  words[at + 7] = (value - (value >>> 0)) / 4294967296;
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 8] = value;
  words[at + 9] = (value - (value >>> 0)) / 4294967296;
}

export function setReceived(words: Int32Array, at: number, value: number): void {
  words[at + 10] = value;
  words[at + 11] = (value - (value >>> 0)) / 4294967296;
}

export function setTradeId(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setPrice(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = (value - (value >>> 0)) / 4294967296;
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = (value - (value >>> 0)) / 4294967296;
}

export function setMakerOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = (value - (value >>> 0)) / 4294967296;
}

export function setTakerOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 20] = value;
  words[at + 21] = (value - (value >>> 0)) / 4294967296;
}

export function setMakerLeaves(words: Int32Array, at: number, value: number): void {
  words[at + 22] = value;
  words[at + 23] = (value - (value >>> 0)) / 4294967296;
}

export function setTakerLeaves(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = (value - (value >>> 0)) / 4294967296;
}

export function setMakerAccount(words: Int32Array, at: number, value: number): void {
  words[at + 26] = value;
}

export function setTakerAccount(words: Int32Array, at: number, value: number): void {
  words[at + 27] = value;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 28] = value;
}

export function setMakerSource(words: Int32Array, at: number, value: number): void {
  words[at + 29] = (words[at + 29] & ~0xffff) | (value & 0xffff);
}

export function setTakerSource(words: Int32Array, at: number, value: number): void {
  words[at + 29] = (words[at + 29] & ~0xffff0000) | ((value & 0xffff) << 16);
}

export function setTakerSide(words: Int32Array, at: number, value: number): void {
  words[at + 30] = (words[at + 30] & ~0xff) | (value & 0xff);
}

export function setFlags(words: Int32Array, at: number, value: number): void {
  words[at + 30] = (words[at + 30] & ~0xff00) | ((value & 0xff) << 8);
}

export function setMakerFee(words: Int32Array, at: number, value: number): void {
  words[at + 32] = value;
  words[at + 33] = (value - (value >>> 0)) / 4294967296;
}

export function setTakerFee(words: Int32Array, at: number, value: number): void {
  words[at + 34] = value;
  words[at + 35] = (value - (value >>> 0)) / 4294967296;
}

function encodePart1(
  words: Int32Array,
  at: number,
  eventSequence: number,
  sequence: number,
  timestamp: number,
  received: number,
  tradeId: number,
  price: number,
  quantity: number,
): void {
  words[at + 4] = eventSequence;
  words[at + 5] = (eventSequence - (eventSequence >>> 0)) / 4294967296;
  words[at + 6] = sequence;
  words[at + 7] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = received;
  words[at + 11] = (received - (received >>> 0)) / 4294967296;
  words[at + 12] = tradeId;
  words[at + 13] = (tradeId - (tradeId >>> 0)) / 4294967296;
  words[at + 14] = price;
  words[at + 15] = (price - (price >>> 0)) / 4294967296;
  words[at + 16] = quantity;
  words[at + 17] = (quantity - (quantity >>> 0)) / 4294967296;
}

function encodePart2(
  words: Int32Array,
  at: number,
  makerOrderId: number,
  takerOrderId: number,
  makerLeaves: number,
  takerLeaves: number,
  makerAccount: number,
  takerAccount: number,
  instrument: number,
  makerSource: number,
  takerSource: number,
  takerSide: number,
  flags: number,
): void {
  words[at + 18] = makerOrderId;
  words[at + 19] = (makerOrderId - (makerOrderId >>> 0)) / 4294967296;
  words[at + 20] = takerOrderId;
  words[at + 21] = (takerOrderId - (takerOrderId >>> 0)) / 4294967296;
  words[at + 22] = makerLeaves;
  words[at + 23] = (makerLeaves - (makerLeaves >>> 0)) / 4294967296;
  words[at + 24] = takerLeaves;
  words[at + 25] = (takerLeaves - (takerLeaves >>> 0)) / 4294967296;
  words[at + 26] = makerAccount;
  words[at + 27] = takerAccount;
  words[at + 28] = instrument;
  words[at + 29] = (makerSource & 0xffff) | ((takerSource & 0xffff) << 16);
  words[at + 30] = (takerSide & 0xff) | ((flags & 0xff) << 8);
  words[at + 31] = 0;
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  eventSequence: number,
  sequence: number,
  timestamp: number,
  received: number,
  tradeId: number,
  price: number,
  quantity: number,
  makerOrderId: number,
  takerOrderId: number,
  makerLeaves: number,
  takerLeaves: number,
  makerAccount: number,
  takerAccount: number,
  instrument: number,
  makerSource: number,
  takerSource: number,
  takerSide: number,
  flags: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x40074;
  words[at + 3] = 6;
  encodePart1(words, at, eventSequence, sequence, timestamp, received, tradeId, price, quantity);
  encodePart2(
    words,
    at,
    makerOrderId,
    takerOrderId,
    makerLeaves,
    takerLeaves,
    makerAccount,
    takerAccount,
    instrument,
    makerSource,
    takerSource,
    takerSide,
    flags,
  );
}

function encodeEventPart1(
  words: Int32Array,
  at: number,
  eventSequenceLow: number,
  eventSequenceHigh: number,
  tradeId: number,
  price: number,
  quantity: number,
  makerOrderIdLow: number,
  makerOrderIdHigh: number,
  takerOrderIdLow: number,
  takerOrderIdHigh: number,
): void {
  words[at + 4] = eventSequenceLow;
  words[at + 5] = eventSequenceHigh;
  const tradeIdLow = tradeId | 0;
  words[at + 12] = tradeIdLow;
  words[at + 13] = tradeIdLow === tradeId ? tradeIdLow >> 31 : (tradeId - (tradeId >>> 0)) / 4294967296;
  const priceLow = price | 0;
  words[at + 14] = priceLow;
  words[at + 15] = priceLow === price ? priceLow >> 31 : (price - (price >>> 0)) / 4294967296;
  const quantityLow = quantity | 0;
  words[at + 16] = quantityLow;
  words[at + 17] = quantityLow === quantity ? quantityLow >> 31 : (quantity - (quantity >>> 0)) / 4294967296;
  words[at + 18] = makerOrderIdLow;
  words[at + 19] = makerOrderIdHigh;
  words[at + 20] = takerOrderIdLow;
  words[at + 21] = takerOrderIdHigh;
}

function encodeEventPart2(
  words: Int32Array,
  at: number,
  makerLeaves: number,
  takerLeaves: number,
  makerAccount: number,
  takerAccount: number,
  instrument: number,
  makerSource: number,
  takerSource: number,
  takerSide: number,
  flags: number,
): void {
  const makerLeavesLow = makerLeaves | 0;
  words[at + 22] = makerLeavesLow;
  words[at + 23] =
    makerLeavesLow === makerLeaves ? makerLeavesLow >> 31 : (makerLeaves - (makerLeaves >>> 0)) / 4294967296;
  const takerLeavesLow = takerLeaves | 0;
  words[at + 24] = takerLeavesLow;
  words[at + 25] =
    takerLeavesLow === takerLeaves ? takerLeavesLow >> 31 : (takerLeaves - (takerLeaves >>> 0)) / 4294967296;
  words[at + 26] = makerAccount;
  words[at + 27] = takerAccount;
  words[at + 28] = instrument;
  words[at + 29] = (makerSource & 0xffff) | ((takerSource & 0xffff) << 16);
  words[at + 30] = (takerSide & 0xff) | ((flags & 0xff) << 8);
  words[at + 31] = 0;
}

/** As encode, for who writes one event after the other: `stamps` has the 64-bit patterns of sequence, timestamp and received. */
export function encodeEvent(
  words: Int32Array,
  doubles: Float64Array,
  index: number,
  stamps: Float64Array,
  eventSequenceLow: number,
  eventSequenceHigh: number,
  tradeId: number,
  price: number,
  quantity: number,
  makerOrderIdLow: number,
  makerOrderIdHigh: number,
  takerOrderIdLow: number,
  takerOrderIdHigh: number,
  makerLeaves: number,
  takerLeaves: number,
  makerAccount: number,
  takerAccount: number,
  instrument: number,
  makerSource: number,
  takerSource: number,
  takerSide: number,
  flags: number,
): void {
  const at = index & 0xfffffff;
  const pair = at >> 1;
  doubles[pair] = 8.344026969402064e-309;
  doubles[pair + 1] = 1.27321043194e-313;
  doubles[pair + 3] = stamps[0];
  doubles[pair + 4] = stamps[1];
  doubles[pair + 5] = stamps[2];
  encodeEventPart1(
    words,
    at,
    eventSequenceLow,
    eventSequenceHigh,
    tradeId,
    price,
    quantity,
    makerOrderIdLow,
    makerOrderIdHigh,
    takerOrderIdLow,
    takerOrderIdHigh,
  );
  encodeEventPart2(
    words,
    at,
    makerLeaves,
    takerLeaves,
    makerAccount,
    takerAccount,
    instrument,
    makerSource,
    takerSource,
    takerSide,
    flags,
  );
}

/** Turns the payload that encode has written into the long form: its prefix and every field of the second struct. */
export function encodeExtension(words: Int32Array, index: number, makerFee: number, takerFee: number): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x840008;
  words[at + 2] = 0x740004;
  words[at + 3] = 8;
  words[at + 32] = makerFee;
  words[at + 33] = (makerFee - (makerFee >>> 0)) / 4294967296;
  words[at + 34] = takerFee;
  words[at + 35] = (takerFee - (takerFee >>> 0)) / 4294967296;
}
