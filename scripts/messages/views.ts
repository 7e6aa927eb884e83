/**
 * Writes the hot views: plain functions that read and write a message at constant word offsets of an Int32Array.
 * Each reader of a 64-bit field repeats the two-word formula instead of calling a shared helper, because V8
 * keeps type feedback per function: a field that is always small stays a small integer in optimized code.
 */
import {
  type BookMessage,
  type FixedMessage,
  type Message,
  STRUCT_BYTE,
  type StructField,
} from './layout.js';
import { assignment, HEADER, kebab, list, screaming, setterName } from './text.js';

const STRUCT_WORD = STRUCT_BYTE / 4;

/** Records are patched in place at these fields, after they were encoded. */
const PATCHED = new Set(['sequence', 'timestamp', 'eventSequence', 'flags']);

const RECORD = 'words: Int32Array, at: number';

/** The word of the record that holds byte `offset` of its struct. */
const wordIndex = (offset: number): string => `at + ${STRUCT_WORD + (offset >> 2)}`;
const wordAt = (offset: number): string => `words[${wordIndex(offset)}]`;

const mask = (field: StructField): string => (field.type.bytes === 1 ? '0xff' : '0xffff');
const shift = (field: StructField): number => (field.offset & 3) * 8;

function reader(name: string, body: string, parameters = RECORD): string {
  return `\nexport function ${name}(${parameters}): number {\n${body}}\n`;
}

function readInt64(low: string, high: string): string {
  return (
    `  const low = ${low};\n  const high = ${high};\n` +
    `  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);\n`
  );
}

function emitReader(field: StructField): string {
  const word = wordAt(field.offset);
  const next = wordAt(field.offset + 4);
  const { bytes, kind } = field.type;
  if (field.words) {
    return (
      reader(`${field.name}Low`, `  return ${word};\n`) + reader(`${field.name}High`, `  return ${next};\n`)
    );
  }
  if (kind === 'double') {
    return reader(field.name, `  return readDouble(words, ${wordIndex(field.offset)});\n`);
  }
  if (bytes === 8) return reader(field.name, readInt64(word, next));
  if (bytes === 4) return reader(field.name, `  return ${word}${kind === 'unsigned' ? ' >>> 0' : ''};\n`);
  const bits = shift(field);
  return reader(field.name, `  return ${bits === 0 ? word : `(${word} >>> ${bits})`} & ${mask(field)};\n`);
}

/** Statements that store `value` (a whole word or two) at a field. */
function store(field: StructField, value: string): string {
  const word = wordAt(field.offset);
  if (field.type.kind === 'double') {
    return `  writeDouble(words, ${wordIndex(field.offset)}, ${value});\n`;
  }
  if (field.type.bytes === 4) return `  ${word} = ${value};\n`;
  return `  ${word} = ${value};\n  ${wordAt(field.offset + 4)} = highWord(${value});\n`;
}

function setter(name: string, parameters: string, body: string): string {
  return `\nexport function ${name}(words: Int32Array, at: number, ${parameters}): void {\n${body}}\n`;
}

function emitSetter(field: StructField, extra = ''): string {
  const name = setterName(field.name);
  const word = wordAt(field.offset);
  if (field.words) {
    const body = `  ${word} = low;\n  ${wordAt(field.offset + 4)} = high;\n`;
    return setter(name, 'low: number, high: number', body);
  }
  if (field.type.bytes >= 4) return setter(name, 'value: number', store(field, 'value') + extra);
  const bits = shift(field);
  const cleared = `~0x${((field.type.bytes === 1 ? 0xff : 0xffff) * 2 ** bits).toString(16)}`;
  const value = bits === 0 ? `value & ${mask(field)}` : `(value & ${mask(field)}) << ${bits}`;
  return setter(name, 'value: number', `  ${word} = (${word} & ${cleared}) | (${value});\n`);
}

/** The parameters of encode: every field that is not reserved, in schema order, opaque keys as two words. */
function parameters(fields: readonly StructField[]): string[] {
  const names = fields.flatMap((field) => {
    if (field.reserved) return [];
    return field.words ? [`${field.name}Low`, `${field.name}High`] : [field.name];
  });
  return ['words: Int32Array', 'at: number', ...names.map((name) => `${name}: number`)];
}

/** One store for the sub-word fields that share the word at `offset`. */
function packedStore(fields: readonly StructField[], offset: number): string {
  const parts = fields
    .filter((field) => field.offset >> 2 === offset >> 2 && !field.reserved)
    .map((field) => {
      const bits = shift(field);
      return bits === 0
        ? `(${field.name} & ${mask(field)})`
        : `((${field.name} & ${mask(field)}) << ${bits})`;
    });
  const only = parts.length === 1 ? parts[0].slice(1, -1) : parts.join(' | ');
  return assignment(wordAt(offset), only === '' ? '0' : only);
}

function emitStores(fields: readonly StructField[]): string {
  let body = '';
  for (const field of fields) {
    const { name, offset, reserved, type, words } = field;
    if (type.bytes < 4) {
      if (offset % 4 === 0) body += packedStore(fields, offset);
    } else if (words) body += `  ${wordAt(offset)} = ${name}Low;\n  ${wordAt(offset + 4)} = ${name}High;\n`;
    else if (!reserved) body += store(field, name);
    else for (let word = 0; word < type.bytes; word += 4) body += `  ${wordAt(offset + word)} = 0;\n`;
  }
  return body;
}

function emitPrefix(prefix: readonly number[]): string {
  return prefix
    .map(
      (value, word) =>
        `  words[at${word === 0 ? '' : ` + ${word}`}] = ${value > 0xffff ? `0x${value.toString(16)}` : value};\n`,
    )
    .join('');
}

function emitWordConstants(fields: readonly StructField[]): string {
  const patched = fields.filter((field) => PATCHED.has(field.name));
  const lines = patched.map(
    ({ name, offset }) => `export const ${screaming(name)}_WORD = ${STRUCT_WORD + (offset >> 2)};\n`,
  );
  return lines.length === 0 ? '' : `\n/** Word offsets from the payload's first word. */\n${lines.join('')}`;
}

function emitImports(fields: readonly StructField[]): string {
  const used = new Set<string>();
  for (const { type, words, reserved } of fields) {
    if (reserved || words || type.bytes < 8) continue;
    if (type.kind === 'double') used.add('readDouble').add('writeDouble');
    else used.add('highWord');
  }
  return used.size === 0 ? '' : `import { ${[...used].sort().join(', ')} } from '../words.js';\n`;
}

function emitFixed(message: FixedMessage): string {
  const { fields } = message.struct;
  const visible = fields.filter((field) => !field.reserved);
  return (
    `${HEADER}${emitImports(fields)}\n/** MessageType.${message.name} */\nexport const TYPE = ${message.type};\n` +
    `/** Payload bytes. */\nexport const BYTES = ${message.bytes};\n` +
    emitWordConstants(fields) +
    visible.map(emitReader).join('') +
    visible.map((field) => emitSetter(field)).join('') +
    `\n/** Writes the whole payload: the FlatBuffer prefix and every field. */\n` +
    `${list('export function encode', parameters(fields), ': void {')}\n` +
    `${emitPrefix(message.prefix)}${emitStores(fields)}}\n`
  );
}

function emitLevels(message: BookMessage): string {
  const first = message.bytes / 4;
  const stride = message.level.bytes / 4;
  const base = `  const level = at + ${first} + index * ${stride};\n`;
  const word = (offset: number): string => `words[level${offset === 0 ? '' : ` + ${offset >> 2}`}]`;
  const stores = message.level.fields.map(
    ({ name, offset }) => `  ${word(offset)} = ${name};\n  ${word(offset + 4)} = highWord(${name});\n`,
  );
  const names = message.level.fields.map(({ name }) => `${name}: number`);
  const readers = message.level.fields.map(({ name, offset }) =>
    reader(
      `level${name[0].toUpperCase()}${name.slice(1)}`,
      base + readInt64(word(offset), word(offset + 4)),
      `${RECORD}, index: number`,
    ),
  );
  const signature = list(
    'export function setLevel',
    ['words: Int32Array', 'at: number', 'index: number', ...names],
    ': void {',
  );
  return `${readers.join('')}\n${signature}\n${base}${stores.join('')}}\n`;
}

/** Bids and asks are one vector: its count follows both counters. */
function countStore(message: BookMessage, field: StructField): string {
  const other = field.name === 'bidCount' ? 'askCount' : field.name === 'askCount' ? 'bidCount' : undefined;
  if (other === undefined) return '';
  return `  words[at + ${message.bytes / 4 - 1}] = value + ${other}(words, at);\n`;
}

function emitBook(message: BookMessage): string {
  const { fields, bytes } = message.struct;
  for (const { name, type } of message.level.fields) {
    if (type.bytes !== 8 || type.kind === 'double')
      throw new Error(`${message.level.name}.${name}: must be int64`);
  }
  const visible = fields.filter((field) => !field.reserved);
  const vectorWord = STRUCT_WORD + bytes / 4;
  return (
    `${HEADER}${emitImports(fields)}\n/** Payload bytes of a message with so many levels. */\n` +
    `export function bytes(levelCount: number): number {\n  return ${message.bytes} + levelCount * ${message.level.bytes};\n}\n` +
    emitWordConstants(fields) +
    visible.map(emitReader).join('') +
    visible.map((field) => emitSetter(field, countStore(message, field))).join('') +
    `\n/** Writes everything before the levels: prefix, head, the vector's offset and its count. */\n` +
    `${list('export function encodeHead', parameters(fields), ': void {')}\n` +
    `${emitPrefix(message.prefix)}${emitStores(fields)}` +
    `  words[at + ${vectorWord}] = 4;\n  words[at + ${vectorWord + 1}] = bidCount + askCount;\n}\n` +
    emitLevels(message)
  );
}

/** File name (without folder) → text of every view. Messages of the book shape share one module. */
export function emitViews(messages: readonly Message[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const message of messages) {
    if (message.shape === 'fixed') files.set(`${kebab(message.name)}.ts`, emitFixed(message));
    if (message.shape !== 'book') continue;
    const shared = emitBook(message);
    if ((files.get('book.ts') ?? shared) !== shared)
      throw new Error(`${message.name}: differs from the other books`);
    files.set('book.ts', shared);
    const type = `/** MessageType.${message.name} */\nexport const TYPE = ${message.type};\n`;
    files.set(`${kebab(message.name)}.ts`, `${HEADER}export * from './book.js';\n\n${type}`);
  }
  return files;
}
