// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** MessageType.ExecutionReport */
export const TYPE = 16;
/** Payload bytes. */
export const BYTES = 136;
/** Payload bytes with the second struct. */
export const EXTENDED_BYTES = 176;

/** Word offsets from the payload's first word. */
export const EVENT_SEQUENCE_WORD = 4;
export const SEQUENCE_WORD = 6;
export const TIMESTAMP_WORD = 8;
export const RECEIVED_WORD = 10;
export const ORDER_ID_WORD = 12;
export const FLAGS_WORD = 31;
export const EXPIRE_TIME_WORD = 40;
export const LINKED_ORDER_ID_WORD = 42;

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

export function displayedQuantity(words: Int32Array, at: number): number {
  const low = words[at + 34];
  const high = words[at + 35];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function previousDisplayed(words: Int32Array, at: number): number {
  const low = words[at + 36];
  const high = words[at + 37];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function stopPrice(words: Int32Array, at: number): number {
  const low = words[at + 38];
  const high = words[at + 39];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function expireTime(words: Int32Array, at: number): number {
  const low = words[at + 40];
  const high = words[at + 41];
  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);
}

export function linkedOrderId(words: Int32Array, at: number): number {
  const low = words[at + 42];
  const high = words[at + 43];
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

export function setOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 12] = value;
  words[at + 13] = (value - (value >>> 0)) / 4294967296;
}

export function setClientOrderId(words: Int32Array, at: number, low: number, high: number): void {
  words[at + 14] = low;
  words[at + 15] = high;
}

export function setPrice(words: Int32Array, at: number, value: number): void {
  words[at + 16] = value;
  words[at + 17] = (value - (value >>> 0)) / 4294967296;
}

export function setQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 18] = value;
  words[at + 19] = (value - (value >>> 0)) / 4294967296;
}

export function setLeavesQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 20] = value;
  words[at + 21] = (value - (value >>> 0)) / 4294967296;
}

export function setFilledQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 22] = value;
  words[at + 23] = (value - (value >>> 0)) / 4294967296;
}

export function setPreviousPrice(words: Int32Array, at: number, value: number): void {
  words[at + 24] = value;
  words[at + 25] = (value - (value >>> 0)) / 4294967296;
}

export function setPreviousLeaves(words: Int32Array, at: number, value: number): void {
  words[at + 26] = value;
  words[at + 27] = (value - (value >>> 0)) / 4294967296;
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

export function setDisplayedQuantity(words: Int32Array, at: number, value: number): void {
  words[at + 34] = value;
  words[at + 35] = (value - (value >>> 0)) / 4294967296;
}

export function setPreviousDisplayed(words: Int32Array, at: number, value: number): void {
  words[at + 36] = value;
  words[at + 37] = (value - (value >>> 0)) / 4294967296;
}

export function setStopPrice(words: Int32Array, at: number, value: number): void {
  words[at + 38] = value;
  words[at + 39] = (value - (value >>> 0)) / 4294967296;
}

export function setExpireTime(words: Int32Array, at: number, value: number): void {
  words[at + 40] = value;
  words[at + 41] = (value - (value >>> 0)) / 4294967296;
}

export function setLinkedOrderId(words: Int32Array, at: number, value: number): void {
  words[at + 42] = value;
  words[at + 43] = (value - (value >>> 0)) / 4294967296;
}

function encodePart1(
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
): void {
  words[at + 4] = eventSequence;
  words[at + 5] = (eventSequence - (eventSequence >>> 0)) / 4294967296;
  words[at + 6] = sequence;
  words[at + 7] = (sequence - (sequence >>> 0)) / 4294967296;
  words[at + 8] = timestamp;
  words[at + 9] = (timestamp - (timestamp >>> 0)) / 4294967296;
  words[at + 10] = received;
  words[at + 11] = (received - (received >>> 0)) / 4294967296;
  words[at + 12] = orderId;
  words[at + 13] = (orderId - (orderId >>> 0)) / 4294967296;
  words[at + 14] = clientOrderIdLow;
  words[at + 15] = clientOrderIdHigh;
  words[at + 16] = price;
  words[at + 17] = (price - (price >>> 0)) / 4294967296;
  words[at + 18] = quantity;
  words[at + 19] = (quantity - (quantity >>> 0)) / 4294967296;
  words[at + 20] = leavesQuantity;
  words[at + 21] = (leavesQuantity - (leavesQuantity >>> 0)) / 4294967296;
}

function encodePart2(
  words: Int32Array,
  at: number,
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
  words[at + 22] = filledQuantity;
  words[at + 23] = (filledQuantity - (filledQuantity >>> 0)) / 4294967296;
  words[at + 24] = previousPrice;
  words[at + 25] = (previousPrice - (previousPrice >>> 0)) / 4294967296;
  words[at + 26] = previousLeaves;
  words[at + 27] = (previousLeaves - (previousLeaves >>> 0)) / 4294967296;
  words[at + 28] = account;
  words[at + 29] = instrument;
  words[at + 30] =
    (executionType & 0xff) | ((status & 0xff) << 8) | ((side & 0xff) << 16) | ((orderType & 0xff) << 24);
  words[at + 31] = (timeInForce & 0xff) | ((reason & 0xff) << 8) | ((flags & 0xff) << 16);
  words[at + 32] = source & 0xffff;
  words[at + 33] = 0;
}

/** Writes the whole payload: the FlatBuffer prefix and every field. */
export function encode(
  words: Int32Array,
  index: number,
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
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0x60000;
  words[at + 2] = 0x4007c;
  words[at + 3] = 6;
  encodePart1(
    words,
    at,
    eventSequence,
    sequence,
    timestamp,
    received,
    orderId,
    clientOrderIdLow,
    clientOrderIdHigh,
    price,
    quantity,
    leavesQuantity,
  );
  encodePart2(
    words,
    at,
    filledQuantity,
    previousPrice,
    previousLeaves,
    account,
    instrument,
    executionType,
    status,
    side,
    orderType,
    timeInForce,
    reason,
    flags,
    source,
  );
}

function encodeEventPart1(
  words: Int32Array,
  at: number,
  eventSequenceLow: number,
  eventSequenceHigh: number,
  orderIdLow: number,
  orderIdHigh: number,
  clientOrderIdLow: number,
  clientOrderIdHigh: number,
  price: number,
  quantity: number,
  leavesQuantity: number,
  filledQuantity: number,
): void {
  words[at + 4] = eventSequenceLow;
  words[at + 5] = eventSequenceHigh;
  words[at + 12] = orderIdLow;
  words[at + 13] = orderIdHigh;
  words[at + 14] = clientOrderIdLow;
  words[at + 15] = clientOrderIdHigh;
  const priceLow = price | 0;
  words[at + 16] = priceLow;
  words[at + 17] = priceLow === price ? priceLow >> 31 : (price - (price >>> 0)) / 4294967296;
  const quantityLow = quantity | 0;
  words[at + 18] = quantityLow;
  words[at + 19] = quantityLow === quantity ? quantityLow >> 31 : (quantity - (quantity >>> 0)) / 4294967296;
  const leavesQuantityLow = leavesQuantity | 0;
  words[at + 20] = leavesQuantityLow;
  words[at + 21] =
    leavesQuantityLow === leavesQuantity
      ? leavesQuantityLow >> 31
      : (leavesQuantity - (leavesQuantity >>> 0)) / 4294967296;
  const filledQuantityLow = filledQuantity | 0;
  words[at + 22] = filledQuantityLow;
  words[at + 23] =
    filledQuantityLow === filledQuantity
      ? filledQuantityLow >> 31
      : (filledQuantity - (filledQuantity >>> 0)) / 4294967296;
}

function encodeEventPart2(
  words: Int32Array,
  at: number,
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
  const previousPriceLow = previousPrice | 0;
  words[at + 24] = previousPriceLow;
  words[at + 25] =
    previousPriceLow === previousPrice
      ? previousPriceLow >> 31
      : (previousPrice - (previousPrice >>> 0)) / 4294967296;
  const previousLeavesLow = previousLeaves | 0;
  words[at + 26] = previousLeavesLow;
  words[at + 27] =
    previousLeavesLow === previousLeaves
      ? previousLeavesLow >> 31
      : (previousLeaves - (previousLeaves >>> 0)) / 4294967296;
  words[at + 28] = account;
  words[at + 29] = instrument;
  words[at + 30] =
    (executionType & 0xff) | ((status & 0xff) << 8) | ((side & 0xff) << 16) | ((orderType & 0xff) << 24);
  words[at + 31] = (timeInForce & 0xff) | ((reason & 0xff) << 8) | ((flags & 0xff) << 16);
  words[at + 32] = source & 0xffff;
  words[at + 33] = 0;
}

/** As encode, for who writes one event after the other: `stamps` has the 64-bit patterns of sequence, timestamp and received. */
export function encodeEvent(
  words: Int32Array,
  doubles: Float64Array,
  index: number,
  stamps: Float64Array,
  eventSequenceLow: number,
  eventSequenceHigh: number,
  orderIdLow: number,
  orderIdHigh: number,
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
  const at = index & 0xfffffff;
  const pair = at >> 1;
  doubles[pair] = 8.344026969402064e-309;
  doubles[pair + 1] = 1.27321043234e-313;
  doubles[pair + 3] = stamps[0];
  doubles[pair + 4] = stamps[1];
  doubles[pair + 5] = stamps[2];
  encodeEventPart1(
    words,
    at,
    eventSequenceLow,
    eventSequenceHigh,
    orderIdLow,
    orderIdHigh,
    clientOrderIdLow,
    clientOrderIdHigh,
    price,
    quantity,
    leavesQuantity,
    filledQuantity,
  );
  encodeEventPart2(
    words,
    at,
    previousPrice,
    previousLeaves,
    account,
    instrument,
    executionType,
    status,
    side,
    orderType,
    timeInForce,
    reason,
    flags,
    source,
  );
}

/** Turns the payload that encode has written into the long form: its prefix and every field of the second struct. */
export function encodeExtension(
  words: Int32Array,
  index: number,
  displayedQuantity: number,
  previousDisplayed: number,
  stopPrice: number,
  expireTime: number,
  linkedOrderId: number,
): void {
  const at = index & 0xfffffff;
  words[at] = 12;
  words[at + 1] = 0xa40008;
  words[at + 2] = 0x7c0004;
  words[at + 3] = 8;
  words[at + 34] = displayedQuantity;
  words[at + 35] = (displayedQuantity - (displayedQuantity >>> 0)) / 4294967296;
  words[at + 36] = previousDisplayed;
  words[at + 37] = (previousDisplayed - (previousDisplayed >>> 0)) / 4294967296;
  words[at + 38] = stopPrice;
  words[at + 39] = (stopPrice - (stopPrice >>> 0)) / 4294967296;
  words[at + 40] = expireTime;
  words[at + 41] = (expireTime - (expireTime >>> 0)) / 4294967296;
  words[at + 42] = linkedOrderId;
  words[at + 43] = (linkedOrderId - (linkedOrderId >>> 0)) / 4294967296;
}
