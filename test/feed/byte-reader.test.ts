import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, ByteReader, NOT_A_NUMBER } from '../../src/lib/byte-reader.js';
import {
  DECIMAL_MALFORMED,
  DECIMAL_OFF_STEP,
  DECIMAL_TOO_LARGE,
  type DecimalScale,
  formatDecimal,
  parseDecimal,
  scaleOfDecimals,
  scaleOfStep,
} from '../../src/lib/decimal.js';
import { SEED } from '../support/seed.js';

const runs = { seed: SEED, numRuns: 500 };
const scales = fc.oneof(
  fc.integer({ min: 0, max: 18 }).map(scaleOfDecimals),
  fc.constantFrom('0.5', '0.25', '25', '0.00000005', '1000').map(scaleOfStep),
);
const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
const decimals = fc.oneof(
  digits(18),
  fc.tuple(digits(12), digits(12)).map(([whole, fraction]) => `${whole}.${fraction}`),
);
const texts = fc.oneof(decimals, fc.stringMatching(/^[0-9.eE+\- ]{0,12}$/));

function fromBytes(text: string, scale: DecimalScale): number {
  const reader = new ByteReader();
  // What follows in a message is a quote: it must end the number and nothing else.
  reader.reset(ascii(`${text}"`), 0);
  const ok = reader.decimal(scale);
  expect(ok).toBe(reader.value[0] >= 0);
  return reader.position === text.length ? reader.value[0] : DECIMAL_MALFORMED;
}

/** The obvious way, in exact big integers. More digits, or more units of 10^-decimals, than 2^53 - 1 are refused. */
function naive(text: string, scale: DecimalScale): number {
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text)) return DECIMAL_MALFORMED;
  const [whole, fraction = ''] = text.split('.');
  const mantissa = BigInt(whole + fraction);
  const scaled = mantissa * 10n ** BigInt(scale.decimals);
  const shift = 10n ** BigInt(fraction.length);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (scaled / shift > limit || (mantissa > limit && fraction.length > scale.decimals))
    return DECIMAL_TOO_LARGE;
  if (scaled % (shift * BigInt(scale.units)) !== 0n) return DECIMAL_OFF_STEP;
  return Number(scaled / shift / BigInt(scale.units));
}

describe('decimals', () => {
  it('from text, from bytes and by big integers agree, errors included', () => {
    fc.assert(
      fc.property(texts, scales, (text, scale) => {
        const expected = naive(text, scale);
        expect(parseDecimal(text, scale)).toBe(expected);
        expect(fromBytes(text, scale)).toBe(expected);
      }),
      runs,
    );
  });

  it('format is the inverse of parse, plain and without trailing zeros', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), scales, (value, scale) => {
        const text = formatDecimal(value, scale);
        expect(text).toMatch(/^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);
        // A text with more than 2^53 units is refused on the way back rather than guessed at.
        const back = parseDecimal(text, scale);
        if (value * scale.units <= Number.MAX_SAFE_INTEGER) expect(back).toBe(value);
        else expect([value, DECIMAL_TOO_LARGE]).toContain(back);
      }),
      runs,
    );
  });

  it.each([
    ['61800.30', '0.10', 618003],
    ['61800.35', '0.10', DECIMAL_OFF_STEP],
    ['61837.63000000', '0.01', 6183763],
    ['0.00000000', '1', 0],
    ['90071992.54740991', '0.00000001', Number.MAX_SAFE_INTEGER],
    ['90071992.54740992', '0.00000001', DECIMAL_TOO_LARGE],
    ['', '1', DECIMAL_MALFORMED],
    ['.5', '0.1', DECIMAL_MALFORMED],
    ['.1234567890', '0.1', DECIMAL_MALFORMED],
    ['5.', '0.1', DECIMAL_MALFORMED],
    ['1234567890.', '0.1', DECIMAL_MALFORMED],
    ['-1', '1', DECIMAL_MALFORMED],
    ['1e3', '1', DECIMAL_MALFORMED],
  ])('"%s" in steps of %s is %d', (text, step, expected) => {
    expect(parseDecimal(text, scaleOfStep(step))).toBe(expected);
    expect(fromBytes(text, scaleOfStep(step))).toBe(expected);
  });
});

describe('byte reader', () => {
  it('reads what JSON.parse reads as a safe integer, and refuses the rest', () => {
    fc.assert(
      fc.property(fc.oneof(digits(20), fc.maxSafeNat().map(String)), (text) => {
        const reader = new ByteReader();
        reader.reset(ascii(`${text},`), 0);
        const expected = /^(0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(Number(text));
        expect(reader.unsigned()).toBe(expected);
        expect(reader.value[0]).toBe(expected ? Number(text) : NOT_A_NUMBER);
        if (expected) expect(reader.position).toBe(text.length);
      }),
      runs,
    );
  });

  it('matches literals whole or not at all', () => {
    const reader = new ByteReader();
    reader.reset(ascii('"e":"trade"'), 0);
    expect(reader.match(ascii('"e":"tradf'))).toBe(false);
    expect(reader.position).toBe(0);
    expect(reader.match(ascii('"e":"'))).toBe(true);
    expect(reader.position).toBe(5);
    expect(reader.match(ascii('trade"...'))).toBe(false);
  });
});
