// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.InstrumentStatus */
export const TYPE = 18;
/** Payload bytes. */
export const BYTES = 96;

/** Word offsets from the payload's first word. */
export const EVENT_SEQUENCE_WORD = 4;
export const SEQUENCE_WORD = 6;
export const TIMESTAMP_WORD = 8;
export const RECEIVED_WORD = 10;
export const FLAGS_WORD = 23;

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

export function indicativePrice(words: Int32Array, at: number): number {
  const low = words[at + 12];
  const high = words[at + 13];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function indicativeQuantity(words: Int32Array, at: number): number {
  const low = words[at + 14];
  const high = words[at + 15];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function surplus(words: Int32Array, at: number): number {
  const low = words[at + 16];
  const high = words[at + 17];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function lastPrice(words: Int32Array, at: number): number {
  const low = words[at + 18];
  const high = words[at + 19];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function referencePrice(words: Int32Array, at: number): number {
  const low = words[at + 20];
  const high = words[at + 21];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function instrument(words: Int32Array, at: number): number {
  return words[at + 22] >>> 0;
}

export function phase(words: Int32Array, at: number): number {
  return words[at + 23] & 0xff;
}

export function previousPhase(words: Int32Array, at: number): number {
  return (words[at + 23] >>> 8) & 0xff;
}

export function reason(words: Int32Array, at: number): number {
  return (words[at + 23] >>> 16) & 0xff;
}

export function flags(words: Int32Array, at: number): number {
  return (words[at + 23] >>> 24) & 0xff;
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

export function setIndicativePrice(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setIndicativeQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 14] = value;
  words[at + 15] = (value - (value >>> 0)) / 4294967296;
}

export function setSurplus(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = (value - (value >>> 0)) / 4294967296;
}

export function setLastPrice(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = (value - (value >>> 0)) / 4294967296;
}

export function setReferencePrice(words: Int32Array, at: number, value: number): void {
  words[at + 20] = value;
  words[at + 21] = (value - (value >>> 0)) / 4294967296;
}

export function setInstrument(words: Int32Array, at: number, value: number): void {
  words[at + 22] = value;
}

export function setPhase(words: Int32Array, at: number, value: number): void {
  words[at + 23] = (words[at + 23] & ~0xff) | (value & 0xff);
}

export function setPreviousPhase(words: Int32Array, at: number, value: number): void {
  words[at + 23] = (words[at + 23] & ~0xff00) | ((value & 0xff) << 8);
}

export function setReason(words: Int32Array, at: number, value: number): void {
  words[at + 23] = (words[at + 23] & ~0xff0000) | ((value & 0xff) << 16);
}

export function setFlags(words: Int32Array, at: number, value: number): void {
  words[at + 23] = (words[at + 23] & ~0xff000000) | ((value & 0xff) << 24);
}

function encodePart1(
  words: Int32Array,
  at: number,
  eventSequence: number,
  sequence: number,
  timestamp: number,
  received: number,
  indicativePrice: number,
  indicativeQuantity: number,
): void {
  words[at + 4] = eventSequence;
  words[at + 5] = (eventSequence - (eventSequence >>> 0)) / 4294967296;
  words[at + 6] = sequence;
  words[at + 7] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = received;
  words[at + 11] = (received - (received >>> 0)) / 4294967296;
  words[at + 12] = indicativePrice;
  words[at + 13] = (indicativePrice - (indicativePrice >>> 0)) / 4294967296;
  words[at + 14] = indicativeQuantity;
  words[at + 15] = (indicativeQuantity - (indicativeQuantity >>> 0)) / 4294967296;
}

function encodePart2(
  words: Int32Array,
  at: number,
  surplus: number,
  lastPrice: number,
  referencePrice: number,
  instrument: number,
  phase: number,
  previousPhase: number,
  reason: number,
  flags: number,
): void {
  words[at + 16] = surplus;
  words[at + 17] = (surplus - (surplus >>> 0)) / 4294967296;
  words[at + 18] = lastPrice;
  words[at + 19] = (lastPrice - (lastPrice >>> 0)) / 4294967296;
  words[at + 20] = referencePrice;
  words[at + 21] = (referencePrice - (referencePrice >>> 0)) / 4294967296;
  words[at + 22] = instrument;
  words[at + 23] =
    (phase & 0xff) | ((previousPhase & 0xff) << 8) | ((reason & 0xff) << 16) | ((flags & 0xff) << 24);
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
  eventSequence: number,
  sequence: number,
  timestamp: number,
  received: number,
  indicativePrice: number,
  indicativeQuantity: number,
  surplus: number,
  lastPrice: number,
  referencePrice: number,
  instrument: number,
  phase: number,
  previousPhase: number,
  reason: number,
  flags: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x40054;
  words[at + 3] = 6;
  encodePart1(words, at, eventSequence, sequence, timestamp, received, indicativePrice, indicativeQuantity);
  encodePart2(words, at, surplus, lastPrice, referencePrice, instrument, phase, previousPhase, reason, flags);
}

function encodeEventPart1(
  words: Int32Array,
  at: number,
  eventSequenceLow: number,
  eventSequenceHigh: number,
  indicativePrice: number,
  indicativeQuantity: number,
  surplus: number,
  lastPrice: number,
  referencePrice: number,
  instrument: number,
  phase: number,
  previousPhase: number,
  reason: number,
  flags: number,
): void {
  words[at + 4] = eventSequenceLow;
  words[at + 5] = eventSequenceHigh;
  const indicativePriceLow = indicativePrice | 0;
  words[at + 12] = indicativePriceLow;
  words[at + 13] =
    indicativePriceLow === indicativePrice
      ? indicativePriceLow >> 31
      : (indicativePrice - (indicativePrice >>> 0)) / 4294967296;
  const indicativeQuantityLow = indicativeQuantity | 0;
  words[at + 14] = indicativeQuantityLow;
  words[at + 15] =
    indicativeQuantityLow === indicativeQuantity
      ? indicativeQuantityLow >> 31
      : (indicativeQuantity - (indicativeQuantity >>> 0)) / 4294967296;
  const surplusLow = surplus | 0;
  words[at + 16] = surplusLow;
  words[at + 17] = surplusLow === surplus ? surplusLow >> 31 : (surplus - (surplus >>> 0)) / 4294967296;
  const lastPriceLow = lastPrice | 0;
  words[at + 18] = lastPriceLow;
  words[at + 19] =
    lastPriceLow === lastPrice ? lastPriceLow >> 31 : (lastPrice - (lastPrice >>> 0)) / 4294967296;
  const referencePriceLow = referencePrice | 0;
  words[at + 20] = referencePriceLow;
  words[at + 21] =
    referencePriceLow === referencePrice
      ? referencePriceLow >> 31
      : (referencePrice - (referencePrice >>> 0)) / 4294967296;
  words[at + 22] = instrument;
  words[at + 23] =
    (phase & 0xff) | ((previousPhase & 0xff) << 8) | ((reason & 0xff) << 16) | ((flags & 0xff) << 24);
}

/** As encode, for who writes one event after the other: `stamps` has the 64-bit patterns of sequence, timestamp and received. */
export function encodeEvent(
  words: Int32Array,
  doubles: Float64Array,
  index: number,
  stamps: Float64Array,
  eventSequenceLow: number,
  eventSequenceHigh: number,
  indicativePrice: number,
  indicativeQuantity: number,
  surplus: number,
  lastPrice: number,
  referencePrice: number,
  instrument: number,
  phase: number,
  previousPhase: number,
  reason: number,
  flags: number,
): void {
  const at = index & 0xfffffff;
  const pair = at >> 1;
  doubles[pair] = 8.344026969402064e-309;
  doubles[pair + 1] = 1.27321043036e-313;
  doubles[pair + 3] = stamps[0];
  doubles[pair + 4] = stamps[1];
  doubles[pair + 5] = stamps[2];
  encodeEventPart1(
    words,
    at,
    eventSequenceLow,
    eventSequenceHigh,
    indicativePrice,
    indicativeQuantity,
    surplus,
    lastPrice,
    referencePrice,
    instrument,
    phase,
    previousPhase,
    reason,
    flags,
  );
}
