import { describe, expect, it } from 'vitest';
import { layoutMessages, layoutStruct } from '../../scripts/messages/layout.js';
import { emptySchema, parseSchema, type Schema } from '../../scripts/messages/parse.js';
import { camel, kebab, screaming } from '../../scripts/messages/text.js';
import * as vocabulary from '../../src/lib/enums.js';
import { SCHEMA } from './support.js';

const parse = (text: string): Schema => parseSchema('test.fbs', text, emptySchema());

const struct = (fields: string) => {
  const { structs, enums } = parse(`enum Side : ubyte { None, Buy } struct S { ${fields} }`);
  return layoutStruct(structs.get('S') as never, enums);
};

describe('the schema reader', () => {
  it('numbers enum values from the last explicit one, and bit flags by position', () => {
    const { enums } = parse(
      'enum A : ubyte { None, One, Five = 5, Six } enum F : ubyte (bit_flags) { X, Y, Z = 4 }',
    );
    expect(enums.get('A')?.values.map(({ value }) => value)).toEqual([0, 1, 5, 6]);
    expect(enums.get('F')?.values.map(({ value }) => value)).toEqual([1, 2, 16]);
  });

  it('follows includes, and skips comments, namespaces and attribute declarations', () => {
    const included: string[] = [];
    const text =
      'include "a.fbs"; namespace n; // struct No { }\nattribute "words";\nstruct S { a: int64 (words, x); }';
    const { structs } = parseSchema('test.fbs', text, emptySchema(), (file) => included.push(file));
    expect(included).toEqual(['a.fbs']);
    expect([...structs.keys()]).toEqual(['S']);
    expect(structs.get('S')?.fields[0].attributes).toEqual(['words', 'x']);
  });

  it.each([
    ['union U { A }', "test.fbs:1: 'union' is not part of the schema language that we use"],
    ['enum A : ubyte {\n None\n One }', "test.fbs:2: expected ',' or '}'"],
    ['struct S { a: int64 }', "test.fbs:1: expected ';', found '}'"],
    ['struct S { a: int64; a: int64; }', "test.fbs:1: field 'a' stands twice in S"],
    ['struct S { a: int64; }\n\ntable S { a: int64; }', "test.fbs:3: 'S' is defined twice"],
    ['table T { a: int64; ', 'test.fbs:1: the file ends too early'],
  ])('refuses %j and says where', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('the layout', () => {
  it('puts fields where C would', () => {
    const { bytes, fields } = struct('a: uint64; b: uint32; c: Side; reserved0: ubyte; d: ushort;');
    expect(bytes).toBe(16);
    expect(fields.map(({ name, offset }) => [name, offset])).toEqual([
      ['a', 0],
      ['b', 8],
      ['c', 12],
      ['reserved0', 13],
      ['d', 14],
    ]);
  });

  it.each([
    ['a: ubyte; b: int64;', 'S.b: needs a reserved field before it (hidden padding)'],
    ['a: int64; b: uint32;', 'S: 12 bytes; a hot struct is 8-byte aligned'],
    ['a: uint32; b: uint32;', 'S: 8 bytes; a hot struct is 8-byte aligned'],
    ['a: string;', "S.a: 'string' cannot stand in a hot struct"],
    ['a: uint32 (words); b: uint32;', "S.a: the attribute 'words' is for 64-bit integers"],
  ])('refuses { %s }', (fields, message) => {
    expect(() => struct(fields)).toThrow(message);
  });

  it('refuses a message type without a table, and a hot table of another shape', () => {
    expect(() => layoutMessages(parse('enum MessageType : ushort { None, X }'))).toThrow('MessageType.X');
    const ofTable = (fields: string) =>
      parse(
        `struct S { a: int64; } struct T { b: int64; } table X { ${fields} } enum MessageType : ushort { None, X }`,
      );
    expect(() => layoutMessages(ofTable('a: S; b: T; c: T;'))).toThrow('X: a hot table is one struct');
    expect(() => layoutMessages(ofTable('a: S; b: int64;'))).toThrow('X: a hot table is one struct');
    expect(() => layoutMessages(ofTable('a: S; b: S;'))).toThrow('S.a: S has a field of this name');
    const [message] = layoutMessages(ofTable('a: S; b: T;'));
    expect(message).toMatchObject({ shape: 'fixed', bytes: 24, extension: { name: 'b', bytes: 32 } });
  });
});

describe('names', () => {
  it('converts between the spellings', () => {
    expect(camel('imbalance_level1')).toBe('imbalanceLevel1');
    expect(kebab('NewOrder')).toBe('new-order');
    expect(screaming('PartiallyFilled')).toBe('PARTIALLY_FILLED');
  });
});

describe('the vocabulary', () => {
  const exports = vocabulary as unknown as Record<string, Record<string, number> & (string | undefined)[]>;

  it.each([...SCHEMA.enums.values()])('has every value and name of $name', ({ name, values, bitFlags }) => {
    expect(exports[name]).toEqual(Object.fromEntries(values.map((each) => [each.name, each.value])));
    const names = exports[`${screaming(name)}_NAMES`];
    for (const each of values) {
      expect(names[bitFlags ? Math.log2(each.value) : each.value]).toBe(screaming(each.name));
    }
    expect(names.filter((each) => each !== undefined)).toHaveLength(values.length);
  });

  it('spells what the API says', () => {
    expect(vocabulary.ORDER_STATUS_NAMES[2]).toBe('PARTIALLY_FILLED');
    expect(vocabulary.REASON_NAMES[vocabulary.Reason.FillOrKillUnfilled]).toBe('FILL_OR_KILL_UNFILLED');
    expect(vocabulary.REASON_NAMES[63]).toBeUndefined();
    expect(vocabulary.EventFlags).toEqual({
      EndOfCommand: 1,
      Resting: 2,
      PostOnly: 4,
      Answer: 8,
      Auction: 16,
      Conditional: 32,
    });
  });
});
