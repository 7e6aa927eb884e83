// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.
import { readDouble, writeDouble } from '../words.js';

/** MessageType.Features */
export const TYPE = 35;
/** Payload bytes. */
export const BYTES = 168;

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

export function bestBidPrice(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function bestBidQuantity(words: Int32Array, at: number): number {
  const low = words[at + 14];
  const high = words[at + 15];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function bestAskPrice(words: Int32Array, at: number): number {
  const low = words[at + 16];
  const high = words[at + 17];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function bestAskQuantity(words: Int32Array, at: number): number {
  const low = words[at + 18];
  const high = words[at + 19];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function midpoint(words: Int32Array, at: number): number {
  return readDouble(words, at + 20);
}

export function relativeSpread(words: Int32Array, at: number): number {
  return readDouble(words, at + 22);
}

export function breadth(words: Int32Array, at: number): number {
  return readDouble(words, at + 24);
}

export function imbalanceLevel1(words: Int32Array, at: number): number {
  return readDouble(words, at + 26);
}

export function bidDepth(words: Int32Array, at: number): number {
  return readDouble(words, at + 28);
}

export function askDepth(words: Int32Array, at: number): number {
  return readDouble(words, at + 30);
}

export function orderFlowImbalance(words: Int32Array, at: number): number {
  return readDouble(words, at + 32);
}

export function volatilityMid(words: Int32Array, at: number): number {
  return readDouble(words, at + 34);
}

export function volatilityTrades(words: Int32Array, at: number): number {
  return readDouble(words, at + 36);
}

export function tradedVolume(words: Int32Array, at: number): number {
  return readDouble(words, at + 38);
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 40] >>> 0;
}

export function depthLevels(words: Int32Array, at: number): number {
  return words[at + 41] >>> 0;
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

export function setBestBidPrice(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setBestBidQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = (value - (value >>> 0)) / 4294967296;
}

export function setBestAskPrice(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = (value - (value >>> 0)) / 4294967296;
}

export function setBestAskQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = (value - (value >>> 0)) / 4294967296;
}

export function setMidpoint(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 20, value);
}

export function setRelativeSpread(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 22, value);
}

export function setBreadth(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 24, value);
}

export function setImbalanceLevel1(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 26, value);
}

export function setBidDepth(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 28, value);
}

export function setAskDepth(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 30, value);
}

export function setOrderFlowImbalance(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 32, value);
}

export function setVolatilityMid(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 34, value);
}

export function setVolatilityTrades(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 36, value);
}

export function setTradedVolume(words: Int32Array, at: number, value: number): void {
  writeDouble(words, at + 38, value);
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 40] = value;
}

export function setDepthLevels(words: Int32Array, at: number, value: number): void {
  words[at + 41] = value;
}

function encodePart1(
  words: Int32Array,
  at: number,
  sequence: number,
  venueSequence: number,
  timestamp: number,
  receiveTimestamp: number,
  bestBidPrice: number,
  bestBidQuantity: number,
  bestAskPrice: number,
  bestAskQuantity: number,
  midpoint: number,
  relativeSpread: number,
): void {
  words[at + 4] = sequence;
  words[at + 5] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 6] = venueSequence;
  words[at + 7] = (venueSequence - (venueSequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = receiveTimestamp;
  words[at + 11] = (receiveTimestamp - (receiveTimestamp >>> 0)) / 4294967296;
  words[at + 12] = bestBidPrice;
  words[at + 13] = (bestBidPrice - (bestBidPrice >>> 0)) / 4294967296;
  words[at + 14] = bestBidQuantity;
  words[at + 15] = (bestBidQuantity - (bestBidQuantity >>> 0)) / 4294967296;
  words[at + 16] = bestAskPrice;
  words[at + 17] = (bestAskPrice - (bestAskPrice >>> 0)) / 4294967296;
  words[at + 18] = bestAskQuantity;
  words[at + 19] = (bestAskQuantity - (bestAskQuantity >>> 0)) / 4294967296;
  writeDouble(words, at + 20, midpoint);
  writeDouble(words, at + 22, relativeSpread);
}

function encodePart2(
  words: Int32Array,
  at: number,
  breadth: number,
  imbalanceLevel1: number,
  bidDepth: number,
  askDepth: number,
  orderFlowImbalance: number,
  volatilityMid: number,
  volatilityTrades: number,
  tradedVolume: number,
  instrument: number,
  depthLevels: number,
): void {
  writeDouble(words, at + 24, breadth);
  writeDouble(words, at + 26, imbalanceLevel1);
  writeDouble(words, at + 28, bidDepth);
  writeDouble(words, at + 30, askDepth);
  writeDouble(words, at + 32, orderFlowImbalance);
  writeDouble(words, at + 34, volatilityMid);
  writeDouble(words, at + 36, volatilityTrades);
  writeDouble(words, at + 38, tradedVolume);
  words[at + 40] = instrument;
  words[at + 41] = depthLevels;
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  sequence: number,
  venueSequence: number,
  timestamp: number,
  receiveTimestamp: number,
  bestBidPrice: number,
  bestBidQuantity: number,
  bestAskPrice: number,
  bestAskQuantity: number,
  midpoint: number,
  relativeSpread: number,
  breadth: number,
  imbalanceLevel1: number,
  bidDepth: number,
  askDepth: number,
  orderFlowImbalance: number,
  volatilityMid: number,
  volatilityTrades: number,
  tradedVolume: number,
  instrument: number,
  depthLevels: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4009c;
  words[at + 3] = 6;
  encodePart1(
    words,
    at,
    sequence,
    venueSequence,
    timestamp,
    receiveTimestamp,
    bestBidPrice,
    bestBidQuantity,
    bestAskPrice,
    bestAskQuantity,
    midpoint,
    relativeSpread,
  );
  encodePart2(
    words,
    at,
    breadth,
    imbalanceLevel1,
    bidDepth,
    askDepth,
    orderFlowImbalance,
    volatilityMid,
    volatilityTrades,
    tradedVolume,
    instrument,
    depthLevels,
  );
}
