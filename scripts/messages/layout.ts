/**
 * Where every byte of a hot message stands. A FlatBuffers struct is laid out like a C struct, so a table that
 * holds one struct (and, for books, one vector of structs after it) has the same bytes before the struct in
 * every record: schemas/README.md draws them.
 */
import type { Definition, EnumDefinition, Schema } from './parse.js';
import { camel } from './text.js';

export interface ScalarType {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly kind: 'unsigned' | 'signed' | 'double';
}

const SCALARS: Readonly<Record<string, ScalarType>> = {
  ubyte: { bytes: 1, kind: 'unsigned' },
  uint8: { bytes: 1, kind: 'unsigned' },
  ushort: { bytes: 2, kind: 'unsigned' },
  uint16: { bytes: 2, kind: 'unsigned' },
  uint: { bytes: 4, kind: 'unsigned' },
  uint32: { bytes: 4, kind: 'unsigned' },
  int: { bytes: 4, kind: 'signed' },
  int32: { bytes: 4, kind: 'signed' },
  ulong: { bytes: 8, kind: 'unsigned' },
  uint64: { bytes: 8, kind: 'unsigned' },
  long: { bytes: 8, kind: 'signed' },
  int64: { bytes: 8, kind: 'signed' },
  double: { bytes: 8, kind: 'double' },
  float64: { bytes: 8, kind: 'double' },
};

export interface StructField {
  /** camelCase. */
  readonly name: string;
  readonly type: ScalarType;
  /** From the first byte of the struct. */
  readonly offset: number;
  /** Written as zero and never read. */
  readonly reserved: boolean;
  /** Handled as two 32-bit words (attribute `words`). */
  readonly words: boolean;
}

export interface StructLayout {
  readonly name: string;
  readonly bytes: number;
  readonly fields: readonly StructField[];
}

function scalarOf(type: string, enums: Map<string, EnumDefinition>): ScalarType | undefined {
  return SCALARS[enums.get(type)?.base ?? type];
}

/**
 * Lays out a struct and holds it to our own rules: scalar fields only, no byte of padding that the schema does
 * not name, 8-byte aligned, so that a writer can fill it with whole 32-bit stores.
 */
export function layoutStruct(definition: Definition, enums: Map<string, EnumDefinition>): StructLayout {
  const fields: StructField[] = [];
  let offset = 0;
  for (const { name, type: typeName, vector, attributes } of definition.fields) {
    const where = `${definition.name}.${name}`;
    const type = scalarOf(typeName, enums);
    if (type === undefined || vector) throw new Error(`${where}: '${typeName}' cannot stand in a hot struct`);
    if (offset % type.bytes !== 0)
      throw new Error(`${where}: needs a reserved field before it (hidden padding)`);
    const words = attributes.includes('words');
    if (words && (type.bytes !== 8 || type.kind === 'double')) {
      throw new Error(`${where}: the attribute 'words' is for 64-bit integers`);
    }
    fields.push({ name: camel(name), type, offset, reserved: /^reserved\d*$/.test(name), words });
    offset += type.bytes;
  }
  if (!fields.some((field) => field.type.bytes === 8) || offset % 8 !== 0) {
    throw new Error(
      `${definition.name}: ${offset} bytes; a hot struct is 8-byte aligned, end it with reserved fields`,
    );
  }
  return { name: definition.name, bytes: offset, fields };
}

/** The struct of every hot message starts here: 16 bytes of prefix, and 8-byte alignment. */
export const STRUCT_BYTE = 16;

/** The optional second struct of a fixed message, directly after the first. */
export interface Extension {
  /** Of the table's field, camelCase. */
  readonly name: string;
  /** Offsets count from the first byte of the first struct. */
  readonly struct: StructLayout;
  /** Prefix and payload bytes of a message that has it. */
  readonly prefix: readonly number[];
  readonly bytes: number;
}

/** `table X { data: XData; }`, or `table X { data: XData; more: MoreData; }` where `more` may be left out. */
export interface FixedMessage {
  readonly shape: 'fixed';
  readonly name: string;
  readonly type: number;
  readonly struct: StructLayout;
  /** Prefix and payload bytes without the extension. */
  readonly prefix: readonly number[];
  readonly bytes: number;
  readonly extension?: Extension;
}

/** `table X { head: BookHead; levels: [BookLevel]; }` */
export interface BookMessage {
  readonly shape: 'book';
  readonly name: string;
  readonly type: number;
  readonly struct: StructLayout;
  readonly level: StructLayout;
  readonly prefix: readonly number[];
  /** Bytes before the first level. */
  readonly bytes: number;
}

/** Any other table: written by a builder at the edges. */
export interface ColdMessage {
  readonly shape: 'cold';
  readonly name: string;
  readonly type: number;
}

export type Message = FixedMessage | BookMessage | ColdMessage;

/** Little-endian 32-bit word of two 16-bit halves. */
const halves = (low: number, high: number): number => low | (high << 16);

/** Root offset, vtable (6 bytes at byte 6), table (at byte 12) with its distance to the vtable. */
function fixedPrefix(structBytes: number): number[] {
  return [12, halves(0, 6), halves(4 + structBytes, 4), 6];
}

/**
 * Root offset, vtable (8 bytes at byte 4), table (at byte 12) with its distance to the vtable: a table of a struct and
 * a second field of so many bytes directly after it.
 */
function prefixOfTwo(structBytes: number, secondBytes: number): number[] {
  return [12, halves(8, 4 + structBytes + secondBytes), halves(4, 4 + structBytes), 8];
}

function extensionOf(name: string, first: StructLayout, second: StructLayout): Extension {
  const fields = second.fields.map((field) => ({ ...field, offset: field.offset + first.bytes }));
  for (const field of fields) {
    if (!field.reserved && first.fields.some((other) => other.name === field.name))
      throw new Error(`${second.name}.${field.name}: ${first.name} has a field of this name`);
  }
  const prefix = prefixOfTwo(first.bytes, second.bytes);
  return { name, struct: { ...second, fields }, prefix, bytes: STRUCT_BYTE + first.bytes + second.bytes };
}

function messageOf(name: string, type: number, schema: Schema): Message {
  const table = schema.tables.get(name);
  if (table === undefined) throw new Error(`MessageType.${name}: the schema has no table of this name`);
  const [first, second] = table.fields;
  const head = first && !first.vector ? schema.structs.get(first.type) : undefined;
  if (head === undefined) return { shape: 'cold', name, type };
  const struct = layoutStruct(head, schema.enums);
  if (table.fields.length === 1) {
    const bytes = STRUCT_BYTE + struct.bytes;
    return { shape: 'fixed', name, type, struct, prefix: fixedPrefix(struct.bytes), bytes };
  }
  const definition = second && schema.structs.get(second.type);
  if (definition === undefined || table.fields.length !== 2) {
    throw new Error(
      `${name}: a hot table is one struct, and at most one more struct or one vector of structs`,
    );
  }
  const other = layoutStruct(definition, schema.enums);
  if (!second.vector) {
    const bytes = STRUCT_BYTE + struct.bytes;
    const extension = extensionOf(camel(second.name), struct, other);
    return { shape: 'fixed', name, type, struct, prefix: fixedPrefix(struct.bytes), bytes, extension };
  }
  const bytes = STRUCT_BYTE + struct.bytes + 8; // the vector's offset and its count
  return { shape: 'book', name, type, struct, level: other, prefix: prefixOfTwo(struct.bytes, 4), bytes };
}

/** All messages in order of their type id. */
export function layoutMessages(schema: Schema): Message[] {
  const types = schema.enums.get('MessageType');
  if (types === undefined) throw new Error('the schema has no enum MessageType');
  return types.values
    .filter(({ value }) => value !== 0)
    .map(({ name, value }) => messageOf(name, value, schema));
}
