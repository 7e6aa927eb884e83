/** Code that writes a whole record: prefix, fields in schema order, zeros where the schema reserves bytes. */
import { mask, shift, store, wordAt } from './fields.js';
import type { StructField } from './layout.js';
import { assignment, call, list } from './text.js';

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

function emitGroup(group: readonly StructField[]): string {
  const [{ name, offset, type, words, reserved }] = group;
  if (type.bytes < 4) return packedStore(group);
  if (words) return `  ${wordAt(offset)} = ${name}Low;\n  ${wordAt(offset + 4)} = ${name}High;\n`;
  if (!reserved) return store(group[0], name);
  return `  ${wordAt(offset)} = 0;\n${type.bytes === 8 ? `  ${wordAt(offset + 4)} = 0;\n` : ''}`;
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
  if (parts.length === 1) return `${open}${parts[0].map(emitGroup).join('')}${end}}\n`;
  let functions = '';
  let calls = '';
  for (const [index, groups] of parts.entries()) {
    const part = `${name}Part${index + 1}`;
    const own = groups.flat();
    functions += `\n${list(`function ${part}`, parameters('at', own), ': void {')}\n${groups.map(emitGroup).join('')}}\n`;
    calls += call(part, ['words', 'at', ...argumentNames(own)]);
  }
  return `${functions}${open}${calls}${end}}\n`;
}
