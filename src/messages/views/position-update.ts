// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
import { highWord, readDouble, writeDouble } from '../words.js';

/** MessageType.PositionUpdate */
export const TYPE = 48;
/** Payload bytes. */
export const BYTES = 112;

/** Word offsets from the payload's first word. */
export const SEQUENCE_WORD = 4;
export const EVENT_SEQUENCE_WORD = 6;
export const TIMESTAMP_WORD = 8;

export function sequence(words: Int32Array, at: number): number {
  const low = words[at + 4];
  const high = words[at + 5];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function eventSequence(words: Int32Array, at: number): number {
  const low = words[at + 6];
  const high = words[at + 7];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function timestamp(words: Int32Array, at: number): number {
  const low = words[at + 8];
  const high = words[at + 9];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function quantity(words: Int32Array, at: number): number {
  const low = words[at + 10];
  const high = words[at + 11];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function boughtQuantity(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function soldQuantity(words: Int32Array, at: number): number {
  const low = words[at + 14];
  const high = words[at + 15];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function openBuyQuantity(words: Int32Array, at: number): number {
  const low = words[at + 16];
  const high = words[at + 17];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function openSellQuantity(words: Int32Array, at: number): number {
  const low = words[at + 18];
  const high = words[at + 19];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function averagePrice(words: Int32Array, at: number): number {
  return readDouble(words, at + 20);
}

export function realizedProfit(words: Int32Array, at: number): number {
  return readDouble(words, at + 22);
}

export function lastPrice(words: Int32Array, at: number): number {
  const low = words[at + 24];
  const high = words[at + 25];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function account(words: Int32Array, at: number): number {
  return words[at + 26] >>> 0;
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 27] >>> 0;
}

export function setSequence(words: Int32Array, at: number, value: number): void {
  words[at + 4] = value;
  words[at + 5] = highWord(value);
}

export function setEventSequence(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
  words[at + 7] = highWord(value);
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 8] = value;
  words[at + 9] = highWord(value);
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 10] = value;
  words[at + 11] = highWord(value);
}

export function setBoughtQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = highWord(value);
}

export function setSoldQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = highWord(value);
}

export function setOpenBuyQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = highWord(value);
}

export function setOpenSellQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = highWord(value);
}

export function setAveragePrice(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 20, value);
}

export function setRealizedProfit(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 22, value);
}

export function setLastPrice(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = highWord(value);
}

export function setAccount(words: Int32Array, at: number, value: number): void {
  words[at + 26] = value;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 27] = value;
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  at: number,
  sequence: number,
  eventSequence: number,
  timestamp: number,
  quantity: number,
  boughtQuantity: number,
  soldQuantity: number,
  openBuyQuantity: number,
  openSellQuantity: number,
  averagePrice: number,
  realizedProfit: number,
  lastPrice: number,
  account: number,
  instrument: number,
): void {
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x40064;
  words[at + 3] = 6;
  words[at + 4] = sequence;
  words[at + 5] = highWord(sequence);
  words[at + 6] = eventSequence;
  words[at + 7] = highWord(eventSequence);
  words[at + 8] = timestamp;
  words[at + 9] = highWord(timestamp);
  words[at + 10] = quantity;
  words[at + 11] = highWord(quantity);
  words[at + 12] = boughtQuantity;
  words[at + 13] = highWord(boughtQuantity);
  words[at + 14] = soldQuantity;
  words[at + 15] = highWord(soldQuantity);
  words[at + 16] = openBuyQuantity;
  words[at + 17] = highWord(openBuyQuantity);
  words[at + 18] = openSellQuantity;
  words[at + 19] = highWord(openSellQuantity);
  writeDouble(words, at + 20, averagePrice);
  writeDouble(words, at + 22, realizedProfit);
  words[at + 24] = lastPrice;
  words[at + 25] = highWord(lastPrice);
  words[at + 26] = account;
  words[at + 27] = instrument;
}
