import { DECIMAL_MALFORMED, DECIMAL_TOO_LARGE, type DecimalScale, scaleMantissa } from './decimal.js';

/** `value` after `unsigned`: the bytes are not a JSON integer from 0 to 2^53 - 1. */
export const NOT_A_NUMBER = -1;

/** So many digits always fit a 32-bit integer, whose arithmetic is several times faster than a chain of doubles. */
const CHUNK_DIGITS = 9;
const ZERO = 48;
const POINT = 46;
const POWERS_OF_TEN = Float64Array.from({ length: 19 }, (_, exponent) => Number(`1e${exponent}`));

/** Bytes of an ASCII literal, for {@link ByteReader.match}. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * A cursor over ASCII bytes for parsers that know what must come next. No method allocates or throws. Reads may pass the
 * end of the message while a message is malformed; a parser is done only when `position` is exactly that end, so
 * such a message is never accepted.
 *
 * Numbers are left in `value[0]`: one that a call returns, or that an object's field holds, may be boxed on the heap; one in
 * a typed array never is.
 */
export class ByteReader {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  /** `value[0]` is the number read last, or an error value below 0. */
  readonly value = new Float64Array(1);

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

  /** Reads a JSON integer without sign; false, and {@link NOT_A_NUMBER}, when it is none or passes 2^53 - 1. */
  unsigned(): boolean {
    const bytes = this.bytes;
    const start = this.position;
    const firstEnd = start + CHUNK_DIGITS;
    let at = start;
    let first = 0;
    for (
      let digit = bytes[at] - ZERO;
      digit >= 0 && digit <= 9 && at < firstEnd;
      digit = bytes[++at] - ZERO
    ) {
      first = (first * 10 + digit) | 0;
    }
    let value = first;
    if (at === firstEnd) {
      const secondEnd = firstEnd + CHUNK_DIGITS;
      let second = 0;
      for (
        let digit = bytes[at] - ZERO;
        digit >= 0 && digit <= 9 && at < secondEnd;
        digit = bytes[++at] - ZERO
      ) {
        second = (second * 10 + digit) | 0;
      }
      value = first * POWERS_OF_TEN[at - firstEnd] + second;
    }
    this.position = at;
    const leadingZero = bytes[start] === ZERO && at !== start + 1;
    // A number of more than 18 digits stops at a digit: what follows is not what any message has there.
    if (at === start || leadingZero || value > Number.MAX_SAFE_INTEGER) return this.#refuse(NOT_A_NUMBER);
    this.value[0] = value;
    return true;
  }

  /** Passes over `literal` and reads an unsigned; false when either is not there. */
  unsignedAfter(literal: Uint8Array): boolean {
    return this.match(literal) && this.unsigned();
  }

  /** Passes over `literal` and reads a decimal; false when either is not there. */
  decimalAfter(literal: Uint8Array, scale: DecimalScale): boolean {
    return this.match(literal) && this.decimal(scale);
  }

  /** Reads a decimal as decimal.ts defines it, in steps of `scale`; false, and the error value, when it is none. */
  decimal(scale: DecimalScale): boolean {
    const bytes = this.bytes;
    const start = this.position;
    let at = start;
    let whole = 0;
    for (let digit = bytes[at] - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at] - ZERO)
      whole = (whole * 10 + digit) | 0;
    let wholeDigits = at - start;
    let fraction = 0;
    let fractionDigits = 0;
    if (bytes[at] === POINT) {
      const fractionStart = ++at;
      for (let digit = bytes[at] - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at] - ZERO) {
        fraction = (fraction * 10 + digit) | 0;
      }
      fractionDigits = at - fractionStart;
      if (fractionDigits === 0) wholeDigits = 0;
    }
    if (wholeDigits !== 0 && (wholeDigits > CHUNK_DIGITS || fractionDigits > CHUNK_DIGITS)) {
      return this.#wideDecimal(scale);
    }
    this.position = at;
    if (wholeDigits === 0) return this.#refuse(DECIMAL_MALFORMED);
    const shift = scale.decimals - fractionDigits;
    // Exact, or above 2^53 and refused: both parts are below 10^9, and powers of ten up to 10^18 are exact.
    if (shift < 0 || scale.units !== 1) return this.#rescale(whole, fraction, fractionDigits, scale);
    const value = whole * POWERS_OF_TEN[scale.decimals] + fraction * POWERS_OF_TEN[shift];
    if (value > Number.MAX_SAFE_INTEGER) return this.#refuse(DECIMAL_TOO_LARGE);
    this.value[0] = value;
    return true;
  }

  /** Steps that are no power of ten, or more decimals than the steps have. */
  #rescale(whole: number, fraction: number, fractionDigits: number, scale: DecimalScale): boolean {
    const mantissa = whole * POWERS_OF_TEN[fractionDigits] + fraction;
    this.value[0] = scaleMantissa(mantissa, fractionDigits, scale);
    return this.value[0] >= 0;
  }

  /** A decimal of any length, digit by digit. */
  #wideDecimal(scale: DecimalScale): boolean {
    const bytes = this.bytes;
    let at = this.position;
    let point = -1;
    let mantissa = 0;
    for (; ; at++) {
      const code = bytes[at];
      if (code === POINT && point < 0) point = at;
      else if (code >= ZERO && code < ZERO + 10) mantissa = mantissa * 10 + (code - ZERO);
      else break;
    }
    this.position = at;
    this.value[0] = scaleMantissa(mantissa, point < 0 ? 0 : at - point - 1, scale);
    return this.value[0] >= 0;
  }

  /** A store of its own: merged with a number, an imported constant would make V8 box both. */
  #refuse(error: number): boolean {
    this.value[0] = error;
    return false;
  }
}
