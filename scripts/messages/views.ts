/** Writes the hot views: plain functions that read and write a message at constant word offsets of an Int32Array. */
import { emitEncoder, emitEventEncoder, isEvent } from './encode.js';
import { emitReader, emitSetter, RECORD, reader, readInt64, STRUCT_WORD, storeInt64 } from './fields.js';
import type { BookMessage, Extension, FixedMessage, Message, StructField } from './layout.js';
import { HEADER, kebab, list, screaming } from './text.js';

/**
 * Fields that hot code reads and patches as words: those that are stamped after encoding, and those that are above 2^31 in
 * practice, because such a number is boxed wherever it passes through a call that V8 does not inline.
 */
const PATCHED = new Set([
  'sequence',
  'timestamp',
  'received',
  'eventSequence',
  'orderId',
  'makerOrderId',
  'takerOrderId',
  'linkedOrderId',
  'expireTime',
  'flags',
]);

const ENCODE = 'Writes the whole payload: the FlatBuffer prefix and every field.';
const ENCODE_EVENT =
  'As encode, for who writes one event after the other: `stamps` has the 64-bit patterns of sequence, timestamp and received.';
const ENCODE_EXTENSION =
  'Turns the payload that encode has written into the long form: its prefix and every field of the second struct.';
const ENCODE_HEAD = "Writes everything before the levels: prefix, head, the vector's offset and its count.";

function emitWordConstants(fields: readonly StructField[]): string {
  const patched = fields.filter((field) => PATCHED.has(field.name));
  const lines = patched.map(
    ({ name, offset }) => `export const ${screaming(name)}_WORD = ${STRUCT_WORD + (offset >> 2)};\n`,
  );
  return lines.length === 0 ? '' : `\n/** Word offsets from the payload's first word. */\n${lines.join('')}`;
}

function emitImports(fields: readonly StructField[]): string {
  const doubles = fields.some(({ type }) => type.kind === 'double');
  return doubles ? `import { readDouble, writeDouble } from '../words.js';\n` : '';
}

/** Prefixes differ in the distance from the table to its vtable: the last word before the struct. */
function emitIsExtended({ prefix }: Extension): string {
  const word = STRUCT_WORD - 1;
  return (
    `\n/** Whether the record is of the long form; the fields of the second struct may only be read then. */\n` +
    `export function isExtended(${RECORD}): boolean {\n  return words[at + ${word}] === ${prefix[word]};\n}\n`
  );
}

function emitFixed(message: FixedMessage): string {
  const { extension, struct } = message;
  const fields = [...struct.fields, ...(extension?.struct.fields ?? [])];
  const visible = fields.filter((field) => !field.reserved);
  return (
    `${HEADER}${emitImports(fields)}\n/** MessageType.${message.name} */\nexport const TYPE = ${message.type};\n` +
    `/** Payload bytes. */\nexport const BYTES = ${message.bytes};\n` +
    (extension
      ? `/** Payload bytes with the second struct. */\nexport const EXTENDED_BYTES = ${extension.bytes};\n`
      : '') +
    emitWordConstants(fields) +
    (extension ? emitIsExtended(extension) : '') +
    visible.map(emitReader).join('') +
    visible.map((field) => emitSetter(field)).join('') +
    emitEncoder('encode', ENCODE, message.prefix, struct.fields) +
    (isEvent(struct.fields) ? emitEventEncoder(ENCODE_EVENT, message.prefix, struct.fields) : '') +
    (extension
      ? emitEncoder('encodeExtension', ENCODE_EXTENSION, extension.prefix, extension.struct.fields)
      : '')
  );
}

function emitLevels(message: BookMessage): string {
  const first = message.bytes / 4;
  const stride = message.level.bytes / 4;
  const base = `  const level = at + ${first} + index * ${stride};\n`;
  const word = (offset: number): string => `words[level${offset === 0 ? '' : ` + ${offset >> 2}`}]`;
  const stores = message.level.fields.map(({ name, offset }) =>
    storeInt64(word(offset), word(offset + 4), name),
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
  const vector = `  words[at + ${vectorWord}] = 4;\n  words[at + ${vectorWord + 1}] = bidCount + askCount;\n`;
  return (
    `${HEADER}${emitImports(fields)}\n/** Payload bytes of a message with so many levels. */\n` +
    `export function bytes(levelCount: number): number {\n  return ${message.bytes} + levelCount * ${message.level.bytes};\n}\n` +
    emitWordConstants(fields) +
    visible.map(emitReader).join('') +
    visible.map((field) => emitSetter(field, countStore(message, field))).join('') +
    emitEncoder('encodeHead', ENCODE_HEAD, message.prefix, fields, vector) +
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
