import { fail } from '../../lib/assert.js';
import type { Session } from '../../lib/clock.js';
import { type DecimalScale, formatDecimal } from '../../lib/decimal.js';

/** A constant part of a message, ready to be copied. */
export type Piece = Uint8Array;

/** ASCII bytes of `text`; other characters would not survive and are a defect (use {@link jsonString}). */
export function piece(text: string): Piece {
  if (/[^ -~]/.test(text)) fail(`JSON piece ${JSON.stringify(text)}, rule: printable ASCII only`);
  return Buffer.from(text, 'latin1');
}

/** A JSON string in ASCII: everything else is escaped. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const INT32_LIMIT = 0x80000000;
const BILLION = 1e9;
const POWERS_OF_TEN = Float64Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);
const NULL = piece('null');
/** The digits of 00 to 99. */
const PAIRS = piece(Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0')).join(''));

/**
 * Builds JSON text in one reused buffer. Digits are written by hand because prices are exact decimals and times exact
 * 19-digit integers, neither of which a double can carry, and because joining some 20 short strings costs more than
 * the send. Values are written as they come: commas, keys and braces are the caller's {@link Piece}s.
 */
export class JsonWriter {
  readonly #bytes: Buffer;
  #end = 0;
  #second = Number.NaN;
  #secondDigits: Piece = NULL;

  /** `capacity`: longest message, bytes; a longer one is an InvariantError in {@link take}. */
  constructor(capacity: number) {
    this.#bytes = Buffer.alloc(capacity);
  }

  /** Returns what was written, and starts anew. */
  take(): string {
    const end = this.#end;
    this.#end = 0;
    if (end > this.#bytes.length) fail(`message of ${end} bytes, allowed: ${this.#bytes.length}`);
    return this.#bytes.toString('latin1', 0, end);
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#end;
  }

  /** Goes on at `position`: what was written before it, in this message or an earlier one, stays. */
  seek(position: number): void {
    this.#end = position;
  }

  piece(bytes: Piece): void {
    const target = this.#bytes;
    const end = this.#end;
    const length = bytes.length;
    for (let i = 0; i < length; i++) target[end + i] = bytes[i];
    this.#end = end + length;
  }

  /** ASCII text as it is. */
  text(text: string): void {
    const target = this.#bytes;
    const end = this.#end;
    const length = text.length;
    for (let i = 0; i < length; i++) target[end + i] = text.charCodeAt(i);
    this.#end = end + length;
  }

  null(): void {
    this.piece(NULL);
  }

  /** A whole number, exact to 2^53. */
  integer(value: number): void {
    let rest = value;
    if (rest < 0) {
      this.#bytes[this.#end++] = MINUS;
      rest = -rest;
    }
    if (rest < INT32_LIMIT) {
      this.#digits(rest | 0, widthOf(rest | 0));
      return;
    }
    const high = Math.floor(rest / BILLION);
    this.#digits(high, widthOf(high));
    this.#digits((rest - high * BILLION) | 0, 9);
  }

  /** `value` steps as the shortest exact decimal; the text of `formatDecimal`. */
  decimal(value: number, scale: DecimalScale): void {
    const { decimals } = scale;
    const product = Math.abs(value) * scale.units;
    if (decimals > 9 || product > Number.MAX_SAFE_INTEGER) {
      this.text(formatDecimal(value, scale));
      return;
    }
    if (value < 0) this.#bytes[this.#end++] = MINUS;
    const power = POWERS_OF_TEN[decimals];
    let whole = Math.floor(product / power);
    let fraction = product - whole * power;
    // Above 2^52 the quotient may have been rounded up to the next whole number.
    if (fraction < 0) {
      whole--;
      fraction += power;
    }
    this.integer(whole);
    if (fraction === 0) return;
    this.#bytes[this.#end++] = POINT;
    this.#digits(fraction | 0, decimals);
    while (this.#bytes[this.#end - 1] === ZERO) this.#end--;
  }

  /** A double in the shortest form that reads back the same; null when it is not finite. */
  double(value: number): void {
    if (Number.isFinite(value)) this.text(String(value));
    else this.null();
  }

  /** Session time as Unix nanoseconds: the digits of `epochText`. */
  epoch(session: Session, now: number): void {
    const whole = Math.floor(now / BILLION);
    let seconds = session.epochSeconds + whole;
    let nanoseconds = session.epochNanoseconds + (now - whole * BILLION);
    if (nanoseconds >= BILLION) {
      nanoseconds -= BILLION;
      seconds++;
    }
    if (seconds !== this.#second) this.#enterSecond(seconds);
    this.piece(this.#secondDigits);
    this.#digits(nanoseconds | 0, 9);
  }

  /** Times come in order, so the digits of the second are nearly always those of the time before. */
  #enterSecond(seconds: number): void {
    this.#second = seconds;
    this.#secondDigits = piece(String(seconds));
  }

  /** Exactly `width` digits of an int32 that is not negative. */
  #digits(value: number, width: number): void {
    const target = this.#bytes;
    const start = this.#end;
    const end = start + width;
    let rest = value;
    let i = end;
    while (i - start >= 2) {
      const quotient = (rest / 100) | 0;
      const pair = (rest - quotient * 100) << 1;
      target[--i] = PAIRS[pair + 1];
      target[--i] = PAIRS[pair];
      rest = quotient;
    }
    if (i > start) target[start] = ZERO + (rest % 10);
    this.#end = end;
  }
}

/** Decimal digits of an int32 that is not negative. */
function widthOf(value: number): number {
  let width = 1;
  for (let limit = 10; value >= limit && width < 10; limit *= 10) width++;
  return width;
}
