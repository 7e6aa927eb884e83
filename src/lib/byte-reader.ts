import { DECIMAL_MALFORMED, type DecimalScale, scaleMantissa } from './decimal.js';

/** `unsigned`: the bytes are not a JSON integer from 0 to 2^53 - 1. */
export const NOT_A_NUMBER = -1;

const CHUNK_DIGITS = 9;
const CHUNK = 1e9;
const POWERS_OF_TEN = Float64Array.of(1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9);

/** Bytes of an ASCII literal, for {@link ByteReader.match}. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * A cursor over ASCII bytes for parsers that know what must come next. No method allocates or throws. Reads may pass the
 * end of the message while a message is malformed; a parser is done only when `position` is exactly that end, so
 * such a message is never accepted.
 */
export class ByteReader {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;

  /** Puts the cursor on byte `position` of `bytes`. */
  reset(bytes: Uint8Array, position: number): void {
    this.bytes = bytes;
    this.position = position;
  }

  /** Passes over `literal` if it comes next; else stays and returns false. */
  match(literal: Uint8Array): boolean {
    const { bytes, position } = this;
    const length = literal.length;
    for (let i = 0; i < length; i++) if (bytes[position + i] !== literal[i]) return false;
    this.position = position + length;
    return true;
  }

  /** Passes over one byte if it comes next. */
  matchByte(byte: number): boolean {
    if (this.bytes[this.position] !== byte) return false;
    this.position++;
    return true;
  }

  /** A JSON integer without sign, or {@link NOT_A_NUMBER}. */
  unsigned(): number {
    const bytes = this.bytes;
    const start = this.position;
    let at = start;
    let high = 0;
    // Nine digits at a time stay in a 32-bit integer, which is several times faster than a chain of doubles.
    let low = 0;
    let digits = 0;
    for (;;) {
      const digit = bytes[at] - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      if (digits === CHUNK_DIGITS) {
        high = high * CHUNK + low;
        low = 0;
        digits = 0;
      }
      low = (low * 10 + digit) | 0;
      digits++;
      at++;
    }
    this.position = at;
    if (at === start || (bytes[start] === 48 && at !== start + 1)) return NOT_A_NUMBER;
    const value = high === 0 ? low : high * POWERS_OF_TEN[digits] + low;
    return value <= Number.MAX_SAFE_INTEGER ? value : NOT_A_NUMBER;
  }

  /** A decimal as decimal.ts defines it, in steps of `scale`, or one of its error values. */
  decimal(scale: DecimalScale): number {
    const bytes = this.bytes;
    const start = this.position;
    let at = start;
    let point = -1;
    let high = 0;
    let low = 0;
    let digits = 0;
    for (;;) {
      const code = bytes[at];
      const digit = code - 48;
      if (digit >= 0 && digit <= 9) {
        if (digits === CHUNK_DIGITS) {
          high = high * CHUNK + low;
          low = 0;
          digits = 0;
        }
        low = (low * 10 + digit) | 0;
        digits++;
      } else if (code === 46 && point < 0) point = at;
      else break;
      at++;
    }
    this.position = at;
    if (at === start || point === start || point === at - 1) return DECIMAL_MALFORMED;
    const mantissa = high === 0 ? low : high * POWERS_OF_TEN[digits] + low;
    return scaleMantissa(mantissa, point < 0 ? 0 : at - point - 1, scale);
  }
}
