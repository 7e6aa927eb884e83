/**
 * Code that reads or writes one field of the struct in a record. Each reader of a 64-bit field repeats the
 * two-word formula instead of calling a shared helper, because V8 keeps type feedback per function: a field that
 * is always small stays a small integer in optimized code.
 */
import { STRUCT_BYTE, type StructField } from './layout.js';
import { setterName } from './text.js';

export const STRUCT_WORD = STRUCT_BYTE / 4;

export const RECORD = 'words: Int32Array, at: number';

/** The word of the record that holds byte `offset` of its struct. */
const wordIndex = (offset: number): string => `at + ${STRUCT_WORD + (offset >> 2)}`;
export const wordAt = (offset: number): string => `words[${wordIndex(offset)}]`;

export const mask = (field: StructField): string => (field.type.bytes === 1 ? '0xff' : '0xffff');
export const shift = (field: StructField): number => (field.offset & 3) * 8;

export function reader(name: string, body: string, parameters = RECORD): string {
  return `\nexport function ${name}(${parameters}): number {\n${body}}\n`;
}

export function readInt64(low: string, high: string): string {
  return (
    `  const low = ${low};\n  const high = ${high};\n` +
    `  return high === low >> 31 ? low : high * 4294967296 + (low >>> 0);\n`
  );
}

export function emitReader(field: StructField): string {
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

/** Subtracting the low word leaves a multiple of 2^32, so the division is exact, for negative values too. */
export function storeInt64(low: string, high: string, value: string): string {
  return `  ${low} = ${value};\n  ${high} = (${value} - (${value} >>> 0)) / 4294967296;\n`;
}

/** Statements that store `value` (a whole word or two) at a field. */
export function store(field: StructField, value: string): string {
  const word = wordAt(field.offset);
  if (field.type.kind === 'double') {
    return `  writeDouble(words, ${wordIndex(field.offset)}, ${value});\n`;
  }
  if (field.type.bytes === 4) return `  ${word} = ${value};\n`;
  return storeInt64(word, wordAt(field.offset + 4), value);
}

function setter(name: string, parameters: string, body: string): string {
  return `\nexport function ${name}(words: Int32Array, at: number, ${parameters}): void {\n${body}}\n`;
}

export function emitSetter(field: StructField, extra = ''): string {
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
