// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
import { readDouble, writeDouble } from '../words.js';

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
  words[at + 5] = (value - (value >>> 0)) / 4294967296;
}

export function setEventSequence(words: Int32Array, at: number, value: number): void {
  words[at + 6] = value;
  words[at + 7] = (value - (value >>> 0)) / 4294967296;
}

export function setTimestamp(words: Int32Array, at: number, value: number): void {
  words[at + 8] = value;
  words[at + 9] = (value - (value >>> 0)) / 4294967296;
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 10] = value;
  words[at + 11] = (value - (value >>> 0)) / 4294967296;
}

export function setBoughtQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setSoldQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = (value - (value >>> 0)) / 4294967296;
}

export function setOpenBuyQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = (value - (value >>> 0)) / 4294967296;
}

export function setOpenSellQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = (value - (value >>> 0)) / 4294967296;
}

export function setAveragePrice(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 20, value);
}

export function setRealizedProfit(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 22, value);
}

export function setLastPrice(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = (value - (value >>> 0)) / 4294967296;
}

export function setAccount(words: Int32Array, at: number, value: number): void {
  words[at + 26] = value;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 27] = value;
}

function encodePart1(
  words: Int32Array,
  at: number,
  sequence: number,
  eventSequence: number,
  timestamp: number,
  quantity: number,
  boughtQuantity: number,
  soldQuantity: number,
): void {
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = eventSequence;
  words[at + 7] = (eventSequence - (eventSequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = quantity;
  words[at + 11] = (quantity - (quantity >>> 0)) / 4294967296;
  words[at + 12] = boughtQuantity;
  words[at + 13] = (boughtQuantity - (boughtQuantity >>> 0)) / 4294967296;
  words[at + 14] = soldQuantity;
  words[at + 15] = (soldQuantity - (soldQuantity >>> 0)) / 4294967296;
}

function encodePart2(
  words: Int32Array,
  at: number,
  openBuyQuantity: number,
  openSellQuantity: number,
  averagePrice: number,
  realizedProfit: number,
  lastPrice: number,
  account: number,
  instrument: number,
): void {
  words[at + 16] = openBuyQuantity;
  words[at + 17] = (openBuyQuantity - (openBuyQuantity >>> 0)) / 4294967296;
  words[at + 18] = openSellQuantity;
  words[at + 19] = (openSellQuantity - (openSellQuantity >>> 0)) / 4294967296;
  writeDouble(words, at + 20, averagePrice);
  writeDouble(words, at + 22, realizedProfit);
  words[at + 24] = lastPrice;
  words[at + 25] = (lastPrice - (lastPrice >>> 0)) / 4294967296;
  words[at + 26] = account;
  words[at + 27] = instrument;
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
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
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x40064;
  words[at + 3] = 6;
  encodePart1(words, at, sequence, eventSequence, timestamp, quantity, boughtQuantity, soldQuantity);
  encodePart2(
    words,
    at,
    openBuyQuantity,
    openSellQuantity,
    averagePrice,
    realizedProfit,
    lastPrice,
    account,
    instrument,
  );
}
