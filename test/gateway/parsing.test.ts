/** Readers and writers of text against naive ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleOfStep } from '../../src/lib/decimal.js';
import { clientOrderKey } from '../../src/workers/gateway/client-order-id.js';
import { averagePriceText, parseAmount, parseJsonNumber } from '../../src/workers/gateway/decimal-text.js';
import { SUM_BASE } from '../../src/workers/gateway/exact-sum.js';
import { FlatObject, JsonKind } from '../../src/workers/gateway/flat-object.js';
import { SEED } from '../support/seed.js';

/** What JSON.parse makes of a text: its value, or undefined. */
function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object as FlatObject read it, nested values parsed. */
function toObject(flat: FlatObject): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (let i = 0; i < flat.count; i++) {
    const value = flat.values[i];
    object[flat.keys[i]] = flat.kinds[i] === JsonKind.Text ? value : JSON.parse(value);
  }
  return object;
}

const scalar = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const nested = fc.oneof(
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.string(), scalar, { maxKeys: 3 }),
);
const objects = fc.dictionary(fc.string(), fc.oneof({ weight: 5, arbitrary: scalar }, nested), {
  maxKeys: 12,
});

describe('flat JSON', () => {
  const flat = new FlatObject();

  it('agrees with JSON.parse on objects', () => {
    fc.assert(
      fc.property(objects, fc.nat(2), (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        expect([flat.parse(text), flat.problem]).toEqual([true, '']);
        expect(toObject(flat)).toEqual(Object.assign(Object.create(null), JSON.parse(text)));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('accepts a damaged text exactly when JSON.parse reads an object without a repeated key', () => {
    const edits = fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('"', '{', '}', ',', ':', '\\', '0', '-', '.', 'e', '', '\n', 't', '\u0001'),
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(objects, edits, (object, changes) => {
        let text = JSON.stringify(object);
        for (const [where, character] of changes) {
          const at = where % text.length;
          text = text.slice(0, at) + character + text.slice(at + 1);
          if (text === '') text = ' ';
        }
        const value = jsonValue(text);
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        if (flat.parse(text)) expect(isObject).toBe(true);
        else expect([isObject && flat.duplicate === undefined, text]).toEqual([false, text]);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('keeps the digits of numbers, and finds keys given twice however they are written', () => {
    expect(flat.parse('{"a":1.10,"b":-0,"c":1E+5,"__proto__":12345678901234567890}')).toBe(true);
    expect(flat.values.slice(0, flat.count)).toEqual(['1.10', '-0', '1E+5', '12345678901234567890']);
    expect(flat.parse('{"a":1,"\\u0061":2}')).toBe(false);
    expect(flat.duplicate).toBe('a');
    expect(flat.parse('{"":1,"":2}')).toBe(false);
    expect(flat.duplicate).toBe('');
  });
});

/** Exact value of a plain or exponent decimal as numerator and denominator. */
function fraction(text: string): [bigint, bigint] {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
  const [whole, decimals = ''] = mantissa.split('.');
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return shift >= 0 ? [digits * 10n ** BigInt(shift), 1n] : [digits, 10n ** BigInt(-shift)];
}

describe('decimals', () => {
  const digits = (maximum: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maximum}}$`));
  const numbers = fc.oneof(
    fc.tuple(digits(9), digits(12)).map(([whole, decimals]) => `${whole}.${decimals}`),
    fc.tuple(digits(4), digits(30)).map(([whole, decimals]) => `${whole}.${decimals}`),
    fc
      .tuple(digits(5), digits(5), fc.integer({ min: -12, max: 12 }))
      .map(([a, b, exponent]) => `${a}.${b}e${exponent}`),
    fc.tuple(digits(6), fc.nat(30)).map(([a, zeros]) => `${a}.5${'0'.repeat(zeros)}`),
  );

  it('a number is so many steps exactly, or refused', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('0.01', '0.5', '0.0001', '1', '0.00000001'), (text, step) => {
        const scale = scaleOfStep(step);
        const [numerator, denominator] = fraction(text);
        const [units, decimals] = [BigInt(scale.units), 10n ** BigInt(scale.decimals)];
        const exact = (numerator * decimals) % (denominator * units) === 0n;
        const steps = (numerator * decimals) / (denominator * units);
        const value = parseJsonNumber(text, scale);
        if (exact && steps * units <= BigInt(Number.MAX_SAFE_INTEGER))
          expect([text, value]).toEqual([text, Number(steps)]);
        else if (!exact || steps > BigInt(Number.MAX_SAFE_INTEGER)) expect(value).toBeLessThan(0);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('long zeros are read in no time', () => {
    const text = `1.${'0'.repeat(60_000)}1`;
    const scale = scaleOfStep('0.01');
    for (let i = 0; i < 200; i++) expect(parseAmount(text, scale)).toBeLessThan(0);
    expect(parseAmount(`1.${'0'.repeat(60_000)}`, scale)).toBe(100);
  });

  it('the average price is the exact quotient, rounded once, half to even', () => {
    const lots = fc.maxSafeInteger().map((n) => Math.abs(n) + 1);
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 90n }), lots, (notional, quantity) => {
        const base = BigInt(SUM_BASE);
        const text = averagePriceText(
          Number(notional / base),
          Number(notional % base),
          quantity,
          scaleOfStep('0.01'),
        );
        const [numerator, denominator] = fraction(text);
        // |text - exact| <= half of 10^-10, by cross-multiplication.
        const difference = numerator * BigInt(quantity) * 100n - notional * denominator;
        const magnitude = difference < 0n ? -difference : difference;
        expect(magnitude * 2n * 10n ** 10n <= BigInt(quantity) * 100n * denominator).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
    const scale = scaleOfStep('1');
    expect(averagePriceText(0, 1, 2e8, scale)).toBe('0');
    expect(averagePriceText(0, 3, 2e8, scale)).toBe('0.00000002');
    expect(averagePriceText(0, 300, 3, scale)).toBe('100');
  });
});

it('client order ids: numbers are their own keys, other texts never collide with them', () => {
  const key = { low: 0, high: 0 };
  const words = (text: string): [number, number] => {
    clientOrderKey(text, key);
    return [key.low, key.high];
  };
  expect(words('')).toEqual([0, 0]);
  expect(words('5')).toEqual([5, 0]);
  expect(words('9007199254740991')).toEqual([-1, 0x1fffff]);
  for (const text of ['0', '05', '9007199254740992', 'abc', '5 ', '1.0'])
    expect(words(text)[1]).toBeLessThan(0);
  const seen = new Set<string>();
  for (let i = 0; i < 200_000; i++) seen.add(words(`order-${i}`).join());
  expect(seen.size).toBe(200_000);
  const low = new Set<number>();
  for (let i = 0; i < 50_000; i++) low.add(words(`x${i}`)[0]);
  // 50,000 of 2^32 values collide 0.29 times on average.
  expect(low.size).toBeGreaterThan(49_990);
});
