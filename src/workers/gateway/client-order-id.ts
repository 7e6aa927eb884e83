/**
 * Client order ids are text to clients and 64 opaque bits to the core. A canonical decimal from 1 to 2^53 - 1 is its own
 * key; any other text is hashed to 63 bits below a set top bit, so the two kinds never meet. Two different texts share
 * a key with probability 2^-63 per pair. The gateway keeps the text.
 */
export const MAXIMUM_CLIENT_ORDER_ID_LENGTH = 36;
export const CLIENT_ORDER_ID_PATTERN = '^[A-Za-z0-9_.:-]{1,36}$';

const ALLOWED = new RegExp(CLIENT_ORDER_ID_PATTERN);
const TWO_32 = 4294967296;

export function isClientOrderId(text: string): boolean {
  return ALLOWED.test(text);
}

/** The two words of a key; reused by {@link clientOrderKey}. */
export interface ClientOrderKey {
  low: number;
  high: number;
}

/** Writes the key of `text`; the empty text (no id) is key 0. */
export function clientOrderKey(text: string, into: ClientOrderKey): void {
  if (text === '') {
    into.low = 0;
    into.high = 0;
    return;
  }
  const number = canonicalNumber(text);
  if (number > 0) {
    into.low = number | 0;
    into.high = Math.floor(number / TWO_32) | 0;
    return;
  }
  into.low = hash(text, 0x811c9dc5, 0x01000193);
  into.high = hash(text, 0x2f0b4c47, 0x85ebca77) | 0x80000000;
}

/** The number that `text` is the canonical decimal of, or -1. */
function canonicalNumber(text: string): number {
  if (text.length > 16 || text.charCodeAt(0) === 48) return -1;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number <= Number.MAX_SAFE_INTEGER ? number : -1;
}

/** FNV-1a with the given offset basis and multiplier, finished as MurmurHash3 does so that every bit depends on all. */
function hash(text: string, basis: number, multiplier: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), multiplier);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
