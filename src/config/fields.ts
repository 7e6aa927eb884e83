import { z } from 'zod';
import { scaleOfStep } from '../lib/decimal.js';
import { canonicalDecimal } from './decimal.js';
import { isHost, parseEndpoint } from './endpoints.js';

/**
 * Building blocks of the schema. The error text of every field is what is *allowed*, one phrase for
 * all ways to miss it; the loader adds the key, the value and the source. Numbers and truth values may
 * come as text, because the environment, flags, INI and `${VAR}` know nothing else.
 */

const NUMERAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

function numberFromText(value: unknown): unknown {
  const given = typeof value === 'string' && NUMERAL.test(value.trim()) ? Number(value) : value;
  // Adding 0 makes minus zero plain zero.
  return typeof given === 'number' ? given + 0 : given;
}

/** An integer from `min` to `max`, both allowed. */
export function integer(min: number, max: number, unit = '') {
  const allowed = `an integer from ${min} to ${max}${unit && ` (${unit})`}`;
  return z.preprocess(numberFromText, z.int(allowed).min(min, allowed).max(max, allowed));
}

/** A number from `min` to `max`, both allowed. */
export function number(min: number, max: number, unit = '') {
  const allowed = `a number from ${min} to ${max}${unit && ` (${unit})`}`;
  return z.preprocess(numberFromText, z.number(allowed).min(min, allowed).max(max, allowed));
}

/** A number from `min` to `max` that has no more than `decimals` decimals, so that it can be counted in its smallest part. */
export function decimalNumber(min: number, max: number, decimals: number, unit: string) {
  const allowed = `a number from ${min} to ${max} with at most ${decimals} decimals (${unit})`;
  const fits = (value: number): boolean => Number(value.toFixed(decimals)) === value;
  return z.preprocess(
    numberFromText,
    z.number(allowed).min(min, allowed).max(max, allowed).refine(fits, allowed),
  );
}

export function truth() {
  return z.preprocess(
    (value) => (value === 'true' ? true : value === 'false' ? false : value),
    z.boolean('true or false'),
  );
}

export function choice<const T extends readonly [string, ...string[]]>(words: T, note = '') {
  return z.enum(words, `${words.length > 1 ? 'one of ' : ''}${words.join(', ')}${note}`);
}

export function text(pattern: RegExp, allowed: string) {
  return z.string(allowed).regex(pattern, allowed);
}

/** A decimal above zero, written as text or as a number; the result is its canonical text. */
/** `note`: what else is allowed. */
export function timeOfDay(note = '') {
  const allowed = `a time of day HH:MM:SS, in quotes${note === '' ? '' : `; ${note}`}`;
  return text(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, allowed);
}

export function positiveDecimal(unit: string) {
  const allowed = `a decimal above zero (${unit}), at most 30 digits; in quotes when over 15 digits`;
  return z.preprocess(
    (value) => canonicalDecimal(value),
    z.string(allowed).refine((value) => value !== '0', allowed),
  );
}

/** A decimal from zero on, otherwise as {@link positiveDecimal}. */
export function decimalFromZero(unit: string) {
  const allowed = `a decimal from zero (${unit}), at most 30 digits; in quotes when over 15 digits`;
  return z.preprocess((value) => canonicalDecimal(value), z.string(allowed));
}

/** A tick or lot size: a decimal that prices or quantities can be counted in. */
export function stepSize(unit: string) {
  const allowed = `a decimal above zero (${unit}), at most 18 decimals and 2^53 - 1 in its digits`;
  return z.preprocess(
    (value) => canonicalDecimal(value),
    z.string(allowed).refine((value) => {
      try {
        return scaleOfStep(value).units > 0;
      } catch {
        return false;
      }
    }, allowed),
  );
}

/** A name for people and log files. */
export function name() {
  return text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'a name of 1 to 32 letters, digits, ".", "_" or "-"');
}

export function symbol() {
  return text(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,31}$/,
    'a symbol of 1 to 32 letters, digits, ".", "_", ":" or "-"',
  );
}

export function directory() {
  return text(/^(?=.*\S)[^\0]{1,4096}$/, 'the path of a directory');
}

export function host() {
  const allowed = 'an IP address or a host name';
  return z.string(allowed).refine(isHost, allowed);
}

/** A ZeroMQ bind address. `inproc` is refused: the publisher is there for other processes. */
export function endpoint() {
  const allowed = 'tcp://HOST:PORT (port 0 or *: any free one) or ipc://PATH of at most 107 bytes';
  return z.string(allowed).refine((value) => parseEndpoint(value) !== undefined, allowed);
}

/** An absolute URL with one of `protocols`; never with credentials, query or fragment. */
export function url(...protocols: readonly string[]) {
  const allowed = `a URL starting ${protocols.map((p) => `${p}//`).join(' or ')}, without user, password, query or fragment`;
  return z.string(allowed).refine((value) => {
    if (!URL.canParse(value)) return false;
    const parsed = new URL(value);
    const plain = parsed.username + parsed.password + parsed.search + parsed.hash === '';
    return protocols.includes(parsed.protocol) && parsed.hostname !== '' && plain;
  }, allowed);
}

/** Bytes, a power of two. */
export function powerOfTwoBytes(min: number, max: number) {
  const allowed = `a power of two from ${min} to ${max} (bytes)`;
  return z.preprocess(
    numberFromText,
    z
      .int(allowed)
      .min(min, allowed)
      .max(max, allowed)
      .refine((value) => Number.isInteger(Math.log2(value)), allowed),
  );
}

/** A list of single values; as text, separated by commas. */
export function wordList<T extends z.ZodType>(element: T, allowed: string, minimum = 0) {
  const split = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    return value.trim() === '' ? [] : value.split(',').map((word) => word.trim());
  };
  return z.preprocess(split, z.array(element, allowed).min(minimum, allowed));
}

/** A list of groups of keys. */
export function groupList<T extends z.ZodType>(element: T, allowed: string, minimum = 0) {
  return z.array(element, allowed).min(minimum, allowed);
}

/** A group of keys, all unknown ones refused. */
export function group<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, `the keys ${Object.keys(shape).join(', ')}`);
}

/** A top-level group: absent or left empty, every key has its default. */
export function section<T extends z.core.$ZodShape>(shape: T) {
  return z.preprocess((value) => value ?? {}, group(shape)).prefault({});
}
