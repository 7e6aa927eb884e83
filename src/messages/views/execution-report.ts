// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
import { highWord } from '../words.js';

/** MessageType.ExecutionReport */
export const TYPE = 16;
/** Payload bytes. */
export const BYTES = 136;

/** Word offsets from the payload's first word. */
export const EVENT_SEQUENCE_WORD = 4;
export const SEQUENCE_WORD = 6;
export const TIMESTAMP_WORD = 8;
export const FLAGS_WORD = 31;

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

export function orderId(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function clientOrderIdLow(words: Int32Array, at: number): number {
  return words[at + 14];
}

export function clientOrderIdHigh(words: Int32Array, at: number): number {
  return words[at + 15];
}

export function price(words: Int32Array, at: number): number {
  const low = words[at + 16];
  const high = words[at + 17];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function quantity(words: Int32Array, at: number): number {
  const low = words[at + 18];
  const high = words[at + 19];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function leavesQuantity(words: Int32Array, at: number): number {
  const low = words[at + 20];
  const high = words[at + 21];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function filledQuantity(words: Int32Array, at: number): number {
  const low = words[at + 22];
  const high = words[at + 23];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function previousPrice(words: Int32Array, at: number): number {
  const low = words[at + 24];
  const high = words[at + 25];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function previousLeaves(words: Int32Array, at: number): number {
  const low = words[at + 26];
  const high = words[at + 27];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function account(words: Int32Array, at: number): number {
  return words[at + 28] >>> 0;
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 29] >>> 0;
}

export function executionType(words: Int32Array, at: number): number {
  return words[at + 30] & 0xff;
}

export function status(words: Int32Array, at: number): number {
  return (words[at + 30] >>> 8) & 0xff;
}

export function side(words: Int32Array, at: number): number {
  return (words[at + 30] >>> 16) & 0xff;
}

export function orderType(words: Int32Array, at: number): number {
  return (words[at + 30] >>> 24) & 0xff;
}

export function timeInForce(words: Int32Array, at: number): number {
  return words[at + 31] & 0xff;
}

export function reason(words: Int32Array, at: number): number {
  return (words[at + 31] >>> 8) & 0xff;
}

export function flags(words: Int32Array, at: number): number {
  return (words[at + 31] >>> 16) & 0xff;
}

export function source(words: Int32Array, at: number): number {
  return words[at + 32] & 0xffff;
}

export function setEventSequence(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = highWord(value);
}

export function setSequence(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
  words[at + 7] = highWord(value);
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 8] = value;
  words[at + 9] = highWord(value);
}

export function setReceived(words: Int32Array, at: number, value: number): void {
  words[at + 10] = value;
  words[at + 11] = highWord(value);
}

export function setOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = highWord(value);
}

export function setClientOrderId(words: Int32Array, at: number, low: number, high: number): void {
  words[at + 14] = low;
  words[at + 15] = high;
}

export function setPrice(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = highWord(value);
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = highWord(value);
}

export function setLeavesQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 20] = value;
  words[at + 21] = highWord(value);
}

export function setFilledQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 22] = value;
  words[at + 23] = highWord(value);
}

export function setPreviousPrice(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = highWord(value);
}

export function setPreviousLeaves(words: Int32Array, at: number, value: number): void {
  words[at + 26] = value;
  words[at + 27] = highWord(value);
}

export function setAccount(words: Int32Array, at: number, value: number): void {
  words[at + 28] = value;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 29] = value;
}

export function setExecutionType(words: Int32Array, at: number, value: number): void {
  words[at + 30] = (words[at + 30] & ~0xff) | (value & 0xff);
}

export function setStatus(words: Int32Array, at: number, value: number): void {
  words[at + 30] = (words[at + 30] & ~0xff00) | ((value & 0xff) << 8);
}

export function setSide(words: Int32Array, at: number, value: number): void {
  words[at + 30] = (words[at + 30] & ~0xff0000) | ((value & 0xff) << 16);
}

export function setOrderType(words: Int32Array, at: number, value: number): void {
  words[at + 30] = (words[at + 30] & ~0xff000000) | ((value & 0xff) << 24);
}

export function setTimeInForce(words: Int32Array, at: number, value: number): void {
  words[at + 31] = (words[at + 31] & ~0xff) | (value & 0xff);
}

export function setReason(words: Int32Array, at: number, value: number): void {
  words[at + 31] = (words[at + 31] & ~0xff00) | ((value & 0xff) << 8);
}

export function setFlags(words: Int32Array, at: number, value: number): void {
  words[at + 31] = (words[at + 31] & ~0xff0000) | ((value & 0xff) << 16);
}

export function setSource(words: Int32Array, at: number, value: number): void {
  words[at + 32] = (words[at + 32] & ~0xffff) | (value & 0xffff);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  at: number,
  eventSequence: number,
  sequence: number,
  timestamp: number,
  received: number,
  orderId: number,
  clientOrderIdLow: number,
  clientOrderIdHigh: number,
  price: number,
  quantity: number,
  leavesQuantity: number,
  filledQuantity: number,
  previousPrice: number,
  previousLeaves: number,
  account: number,
  instrument: number,
  executionType: number,
  status: number,
  side: number,
  orderType: number,
  timeInForce: number,
  reason: number,
  flags: number,
  source: number,
): void {
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4007c;
  words[at + 3] = 6;
  words[at + 4] = eventSequence;
  words[at + 5] = highWord(eventSequence);
  words[at + 6] = sequence;
  words[at + 7] = highWord(sequence);
  words[at + 8] = timestamp;
  words[at + 9] = highWord(timestamp);
  words[at + 10] = received;
  words[at + 11] = highWord(received);
  words[at + 12] = orderId;
  words[at + 13] = highWord(orderId);
  words[at + 14] = clientOrderIdLow;
  words[at + 15] = clientOrderIdHigh;
  words[at + 16] = price;
  words[at + 17] = highWord(price);
  words[at + 18] = quantity;
  words[at + 19] = highWord(quantity);
  words[at + 20] = leavesQuantity;
  words[at + 21] = highWord(leavesQuantity);
  words[at + 22] = filledQuantity;
  words[at + 23] = highWord(filledQuantity);
  words[at + 24] = previousPrice;
  words[at + 25] = highWord(previousPrice);
  words[at + 26] = previousLeaves;
  words[at + 27] = highWord(previousLeaves);
  words[at + 28] = account;
  words[at + 29] = instrument;
  words[at + 30] =
    (executionType & 0xff) | ((status & 0xff) << 8) | ((side & 0xff) << 16) | ((orderType & 0xff) << 24);
  words[at + 31] = (timeInForce & 0xff) | ((reason & 0xff) << 8) | ((flags & 0xff) << 16);
  words[at + 32] = source & 0xffff;
  words[at + 33] = 0;
}
