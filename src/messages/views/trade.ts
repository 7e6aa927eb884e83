// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
import { highWord } from '../words.js';

/** MessageType.Trade */
export const TYPE = 17;
/** Payload bytes. */
export const BYTES = 128;

/** Word offsets from the payload's first word. */
export const EVENT_SEQUENCE_WORD = 4;
export const SEQUENCE_WORD = 6;
export const TIMESTAMP_WORD = 8;
export const FLAGS_WORD = 30;

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

export function setTradeId(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = highWord(value);
}

export function setPrice(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = highWord(value);
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = highWord(value);
}

export function setMakerOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = highWord(value);
}

export function setTakerOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 20] = value;
  words[at + 21] = highWord(value);
}

export function setMakerLeaves(words: Int32Array, at: number, value: number): void {
  words[at + 22] = value;
  words[at + 23] = highWord(value);
}

export function setTakerLeaves(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = highWord(value);
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

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  at: number,
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
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x40074;
  words[at + 3] = 6;
  words[at + 4] = eventSequence;
  words[at + 5] = highWord(eventSequence);
  words[at + 6] = sequence;
  words[at + 7] = highWord(sequence);
  words[at + 8] = timestamp;
  words[at + 9] = highWord(timestamp);
  words[at + 10] = received;
  words[at + 11] = highWord(received);
  words[at + 12] = tradeId;
  words[at + 13] = highWord(tradeId);
  words[at + 14] = price;
  words[at + 15] = highWord(price);
  words[at + 16] = quantity;
  words[at + 17] = highWord(quantity);
  words[at + 18] = makerOrderId;
  words[at + 19] = highWord(makerOrderId);
  words[at + 20] = takerOrderId;
  words[at + 21] = highWord(takerOrderId);
  words[at + 22] = makerLeaves;
  words[at + 23] = highWord(makerLeaves);
  words[at + 24] = takerLeaves;
  words[at + 25] = highWord(takerLeaves);
  words[at + 26] = makerAccount;
  words[at + 27] = takerAccount;
  words[at + 28] = instrument;
  words[at + 29] = (makerSource & 0xffff) | ((takerSource & 0xffff) << 16);
  words[at + 30] = (takerSide & 0xff) | ((flags & 0xff) << 8);
  words[at + 31] = 0;
}
