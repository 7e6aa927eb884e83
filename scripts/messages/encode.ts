/** Code that writes a whole record: prefix, fields in schema order, zeros where the schema reserves bytes. */
import { mask, STRUCT_WORD, shift, store, wordAt } from './fields.js';
import type { StructField } from './layout.js';
import { assignment, call, choice, list } from './text.js';

/**
 * V8 inlines a function of at most 460 bytes of bytecode. An encoder that is not inlined gets its 64-bit
 * arguments boxed, 16 bytes each, so longer ones are written as several functions that each stay below.
 */
const PART_BYTECODES = 360;

/** The arguments of the encoder: every field that is not reserved, in schema order, opaque keys as two words. */
function argumentNames(fields: readonly StructField[]): string[] {
  return fields.flatMap(({ name, words, reserved }) => {
    if (reserved) return [];
    return words ? [`${name}Low`, `${name}High`] : [name];
  });
}

/**
 * An index into a ring is below 2^28. V8 takes that from the mask, and so spares the overflow check of every index that is
 * computed from it: an execution report is encoded in 11 ns instead of 13.
 */
const BOUNDED_INDEX = '  const at = index & 0xfffffff;\n';

function parameters(index: string, fields: readonly StructField[]): string[] {
  const values = argumentNames(fields).map((name) => `${name}: number`);
  return ['words: Int32Array', `${index}: number`, ...values];
}

/** One store for the sub-word fields that share a word. */
function packedStore(fields: readonly StructField[]): string {
  const parts = fields
    .filter((field) => !field.reserved)
    .map((field) => {
      const bits = shift(field);
      return bits === 0
        ? `(${field.name} & ${mask(field)})`
        : `((${field.name} & ${mask(field)}) << ${bits})`;
    });
  const only = parts.length === 1 ? parts[0].slice(1, -1) : parts.join(' | ');
  return assignment(wordAt(fields[0].offset), only === '' ? '0' : only);
}

/** Fields that are stored together: one of 4 or 8 bytes, or all that share a word. */
function storeGroups(fields: readonly StructField[]): StructField[][] {
  const groups: StructField[][] = [];
  for (const field of fields) {
    if (field.offset % 4 === 0) groups.push([field]);
    else groups[groups.length - 1].push(field);
  }
  return groups;
}

type Store = (field: StructField, value: string) => string;

/**
 * A 64-bit integer: most are small, and then its high word is the sign. That is a conversion and a comparison, half of what the
 * division takes; but it is longer, so only events are written so, whose writer has the inlining budget for it.
 */
function storeLong(field: StructField, value: string): string {
  if (field.type.bytes !== 8) return store(field, value);
  const low = `${value}Low`;
  const high = choice(`${low} === ${value}`, `${low} >> 31`, `(${value} - (${value} >>> 0)) / 4294967296`);
  const { offset } = field;
  return `  const ${low} = ${value} | 0;\n  ${wordAt(offset)} = ${low};\n${assignment(wordAt(offset + 4), high)}`;
}

function emitGroup(group: readonly StructField[], storeNumber: Store): string {
  const [{ name, offset, type, words, reserved }] = group;
  if (type.bytes < 4) return packedStore(group);
  if (words) return `  ${wordAt(offset)} = ${name}Low;\n  ${wordAt(offset + 4)} = ${name}High;\n`;
  if (!reserved) return storeNumber(group[0], name);
  return `  ${wordAt(offset)} = 0;\n${type.bytes === 8 ? `  ${wordAt(offset + 4)} = 0;\n` : ''}`;
}

function emitGroups(groups: readonly (readonly StructField[])[], storeNumber: Store): string {
  return groups.map((group) => emitGroup(group, storeNumber)).join('');
}

/** Bytecode bytes that a group's stores take, about. */
function bytecodes(group: readonly StructField[]): number {
  const [{ type, words }] = group;
  return type.bytes < 8 ? 2 + 10 * group.length : words ? 24 : 38;
}

/** Consecutive groups in as few parts of about the same length as the limit allows. */
function split(groups: readonly StructField[][]): StructField[][][] {
  const total = groups.reduce((sum, group) => sum + bytecodes(group), 0);
  const limit = total / Math.ceil(total / PART_BYTECODES);
  const parts: StructField[][][] = [];
  let done = 0;
  for (const group of groups) {
    const part = Math.floor(done / limit);
    parts[part] = [...(parts[part] ?? []), group];
    done += bytecodes(group);
  }
  return parts;
}

function emitPrefix(prefix: readonly number[]): string {
  const literal = (value: number): string => (value > 0xffff ? `0x${value.toString(16)}` : `${value}`);
  return prefix
    .map((value, word) => `  words[at${word === 0 ? '' : ` + ${word}`}] = ${literal(value)};\n`)
    .join('');
}

/** Fields of every event that repeat its command; they stand together, whole numbers from 0, and are copied as they are. */
const STAMPS = ['sequence', 'timestamp', 'received'];
/** Integers that the writer of events has as words. */
const IDS = new Set(['eventSequence', 'orderId', 'makerOrderId', 'takerOrderId']);

/** Two words as the double of the same bits, which one store writes. */
function pairLiteral(low: number, high: number): string {
  return `${new Float64Array(new Int32Array([low, high]).buffer)[0]}`;
}

/** Is the message an event that {@link emitEventEncoder} knows? */
export function isEvent(fields: readonly StructField[]): boolean {
  const first = fields.findIndex(({ name }) => name === STAMPS[0]);
  return fields[0]?.name === 'eventSequence' && STAMPS.every((name, i) => fields[first + i]?.name === name);
}

/**
 * The exported function `encodeEvent`: the same bytes as `encode` with half as many stores. What is constant or copied goes
 * out as doubles, two words at once. No bits of those are those of a NaN, which a machine may change.
 */
export function emitEventEncoder(
  comment: string,
  prefix: readonly number[],
  fields: readonly StructField[],
): string {
  const own = fields
    .filter(({ name }) => !STAMPS.includes(name))
    .map((field) => (IDS.has(field.name) ? { ...field, words: true } : field));
  const signature = list(
    'export function encodeEvent',
    [
      'words: Int32Array',
      'doubles: Float64Array',
      'index: number',
      'stamps: Float64Array',
      ...argumentNames(own).map((name) => `${name}: number`),
    ],
    ': void {',
  );
  const first = (STRUCT_WORD + (fields.find(({ name }) => name === STAMPS[0])?.offset ?? 0) / 4) >> 1;
  const pairs = [
    `  doubles[pair] = ${pairLiteral(prefix[0], prefix[1])};\n`,
    `  doubles[pair + 1] = ${pairLiteral(prefix[2], prefix[3])};\n`,
    ...STAMPS.map((_, i) => `  doubles[pair + ${first + i}] = stamps[${i}];\n`),
  ].join('');
  const open = `\n/** ${comment} */\n${signature}\n${BOUNDED_INDEX}  const pair = at >> 1;\n${pairs}`;
  const { functions, calls } = emitParts('encodeEvent', split(storeGroups(own)), storeLong);
  return `${functions}${open}${calls}}\n`;
}

/** One function for each part, and the calls of them. */
function emitParts(
  name: string,
  parts: readonly (readonly StructField[][])[],
  storeNumber: Store,
): { functions: string; calls: string } {
  let functions = '';
  let calls = '';
  for (const [index, groups] of parts.entries()) {
    const part = `${name}Part${index + 1}`;
    const own = groups.flat();
    functions += `\n${list(`function ${part}`, parameters('at', own), ': void {')}\n${emitGroups(groups, storeNumber)}}\n`;
    calls += call(part, ['words', 'at', ...argumentNames(own)]);
  }
  return { functions, calls };
}

/** The exported function `name`, and the parts that it consists of where it is long; `end` goes last. */
export function emitEncoder(
  name: string,
  comment: string,
  prefix: readonly number[],
  fields: readonly StructField[],
  end = '',
): string {
  const signature = list(`export function ${name}`, parameters('index', fields), ': void {');
  const open = `\n/** ${comment} */\n${signature}\n${BOUNDED_INDEX}${emitPrefix(prefix)}`;
  const parts = split(storeGroups(fields));
  if (parts.length === 1) return `${open}${emitGroups(parts[0], store)}${end}}\n`;
  const { functions, calls } = emitParts(name, parts, store);
  return `${functions}${open}${calls}${end}}\n`;
}
