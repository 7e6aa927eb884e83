/** What the message tests share: the schema's own description of each message, and values for its fields. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Builder, ByteBuffer } from 'flatbuffers';
import {
  type BookMessage,
  type FixedMessage,
  layoutMessages,
  type StructField,
} from '../../scripts/messages/layout.js';
import { readSchema } from '../../scripts/messages/parse.js';
import { kebab } from '../../scripts/messages/text.js';
import * as official from '../../src/messages/official.js';

/** The repository, seen from dist/test/messages. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export const SCHEMA = readSchema(`${ROOT}schemas/millrace.fbs`);
export const MESSAGES = layoutMessages(SCHEMA);
export const FIXED = MESSAGES.filter((message): message is FixedMessage => message.shape === 'fixed');
/** Those that may have a second struct. */
export const EXTENDED = FIXED.filter(
  (message): message is Required<FixedMessage> => message.extension !== undefined,
);
export const BOOKS = MESSAGES.filter((message): message is BookMessage => message.shape === 'book');

/** Printed by fast-check on failure; give it back to run the same cases. */
export const SEED = Number(process.env.MILLRACE_SEED ?? Date.now() % 0x7fffffff);
export const CASES = { seed: SEED, numRuns: 300 };

/** Functions of a view or a flatc class, found by name. */
export type Functions = Readonly<Record<string, (...values: unknown[]) => unknown>>;

export async function viewOf(name: string): Promise<Functions & { TYPE: number; BYTES: number }> {
  return await import(`../../src/messages/views/${kebab(name)}.js`);
}

const classes = official as unknown as Record<string, Functions>;

/** The root object that the official runtime reads from the bytes. */
export function officialRoot(name: string, bytes: Uint8Array): Functions {
  return classes[name][`getRootAs${name}`](new ByteBuffer(bytes)) as Functions;
}

/** One value per field: a number, or the bits of an opaque key as a bigint. */
export type Values = Readonly<Record<string, number | bigint>>;

const integers64 = fc.oneof(
  fc.constantFrom(0, 1, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32, -(2 ** 32), 2 ** 40),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  fc.maxSafeInteger(),
  fc.integer(),
);

function fieldValue({ type, words, reserved }: StructField): fc.Arbitrary<number | bigint> {
  if (reserved) return fc.constant(type.bytes === 8 ? 0n : 0);
  if (words) return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  if (type.kind === 'double') return fc.double();
  if (type.bytes === 8) return type.kind === 'signed' ? integers64 : integers64.map(Math.abs);
  const max = 2 ** (8 * type.bytes) - 1;
  return fc.oneof(fc.constantFrom(0, max, Math.ceil(max / 2)), fc.integer({ min: 0, max }));
}

export function valuesOf(fields: readonly StructField[]): fc.Arbitrary<Values> {
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, fieldValue(field)])));
}

/** The arguments of a hot encoder: opaque keys as two signed words, reserved fields left out. */
export function hotArguments(fields: readonly StructField[], values: Values): (number | bigint)[] {
  return fields.flatMap(({ name, words, reserved }) => {
    if (reserved) return [];
    if (!words) return [values[name]];
    const key = BigInt(values[name]);
    return [Number(BigInt.asIntN(32, key)), Number(BigInt.asIntN(32, key >> 32n))];
  });
}

/** What hot readers say, in the same form as the values written. */
export function readHot(
  view: Functions,
  fields: readonly StructField[],
  words: Int32Array,
  at: number,
): Values {
  const read: Record<string, number | bigint> = {};
  for (const { name, words: opaque, reserved, type } of fields) {
    if (reserved) read[name] = type.bytes === 8 ? 0n : 0;
    else if (!opaque) read[name] = view[name](words, at) as number;
    else {
      const low = BigInt.asUintN(32, BigInt(view[`${name}Low`](words, at) as number));
      read[name] = BigInt.asUintN(64, (BigInt(view[`${name}High`](words, at) as number) << 32n) | low);
    }
  }
  return read;
}

/** What the official accessors of a struct say. */
export function readOfficial(struct: Functions, fields: readonly StructField[]): Values {
  return Object.fromEntries(
    fields.map(({ name, words, reserved, type }) => {
      const value = struct[name]() as number | bigint;
      return [name, words || (reserved && type.bytes === 8) ? value : Number(value)];
    }),
  );
}

/** Writes a struct with the official builder. */
export function createOfficial(
  builder: Builder,
  struct: string,
  fields: readonly StructField[],
  values: Values,
): number {
  const args = fields.map(({ name, type }) =>
    type.bytes === 8 && type.kind !== 'double' ? BigInt(values[name]) : values[name],
  );
  return classes[struct][`create${struct}`](builder, ...args) as number;
}

/** Calls a static builder function of the message's class. */
export function officialCall(name: string, method: string, ...values: unknown[]): number {
  return classes[name][method](...values) as number;
}
