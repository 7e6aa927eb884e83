import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochText } from '../../src/lib/clock.js';
import { formatDecimal } from '../../src/lib/decimal.js';
import { JsonWriter, jsonString, piece } from '../../src/workers/publisher/json-writer.js';
import { SEED } from '../support/seed.js';
import { SESSION } from './naive-messages.js';

fc.configureGlobal({ seed: SEED, numRuns: 1000 });

const signed = fc.maxSafeInteger();
const time = fc.integer({ min: -1e15, max: 9e15 });
const ratio = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('JsonWriter', () => {
  const out = new JsonWriter(256);
  const written = (write: () => void): string => {
    write();
    return out.take();
  };

  it('writes integers, decimals and times as the exact formatters do', () => {
    const scale = fc.record({
      decimals: fc.nat(18),
      units: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1000 })),
    });
    fc.assert(
      fc.property(fc.oneof(signed, fc.integer({ min: -1000, max: 1000 })), scale, time, (value, one, now) => {
        expect(written(() => out.integer(value))).toBe(String(value));
        expect(written(() => out.decimal(value, one))).toBe(formatDecimal(value, one));
        expect(written(() => out.epoch(SESSION, now))).toBe(epochText(SESSION, now));
      }),
    );
  });

  it('writes the edges of every width', () => {
    for (let exponent = 0; exponent <= 53; exponent++) {
      for (const value of [
        2 ** exponent - 1,
        2 ** exponent,
        10 ** (exponent % 16) - 1,
        10 ** (exponent % 16),
      ]) {
        if (Number.isSafeInteger(value)) expect(written(() => out.integer(value))).toBe(String(value));
      }
    }
  });

  it('writes doubles so that they read back the same, and null for what JSON has no number for', () => {
    fc.assert(
      fc.property(ratio, (value) => {
        expect(JSON.parse(written(() => out.double(value)))).toBe(value + 0);
      }),
    );
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(written(() => out.double(value))).toBe('null');
    }
  });

  it('escapes any text into ASCII, and refuses pieces and messages that do not fit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
        (text) => {
          const quoted = jsonString(text);
          expect(quoted).toMatch(/^[ -~]*$/);
          expect(JSON.parse(quoted)).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
    expect(() => piece('ü')).toThrow(/printable ASCII only/);
    expect(() => written(() => out.text('x'.repeat(257)))).toThrow('message of 257 bytes, allowed: 256');
  });
});
