/**
 * Reader for the part of the FlatBuffers schema language that `schemas/` uses: include, namespace, attribute,
 * enum (with bit_flags), struct and table with field attributes. Anything else is an error that names the line.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface EnumValue {
  readonly name: string;
  readonly value: number;
}

export interface EnumDefinition {
  readonly name: string;
  /** The scalar type on the wire. */
  readonly base: string;
  /** Values are masks (1 << position), not ordinals. */
  readonly bitFlags: boolean;
  readonly values: readonly EnumValue[];
}

export interface Field {
  readonly name: string;
  /** A scalar, enum, struct or table name, or `string`; the element type where `vector` is set. */
  readonly type: string;
  readonly vector: boolean;
  readonly attributes: readonly string[];
}

export interface Definition {
  readonly kind: 'struct' | 'table';
  readonly name: string;
  readonly fields: readonly Field[];
}

/** Everything that a schema file and the files it includes define, in order of definition. */
export interface Schema {
  readonly enums: Map<string, EnumDefinition>;
  readonly structs: Map<string, Definition>;
  readonly tables: Map<string, Definition>;
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const TOKEN = /\/\/[^\n]*|"[^"\n]*"|[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+|[{}()[\]:;,=]|\n|[^\S\n]+|./g;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [part] of text.matchAll(TOKEN)) {
    if (part === '\n') line++;
    else if (!part.startsWith('//') && part.trim() !== '') tokens.push({ text: part, line });
  }
  return tokens;
}

class Parser {
  private position = 0;
  private readonly file: string;
  private readonly tokens: Token[];
  private readonly schema: Schema;

  constructor(file: string, text: string, schema: Schema) {
    this.file = file;
    this.tokens = tokenize(text);
    this.schema = schema;
  }

  parse(include: (file: string) => void): void {
    while (this.position < this.tokens.length) {
      const keyword = this.next();
      if (keyword === 'include') {
        include(this.next().slice(1, -1));
        this.expect(';');
      } else if (keyword === 'namespace' || keyword === 'attribute') {
        this.next();
        this.expect(';');
      } else if (keyword === 'enum') this.parseEnum();
      else if (keyword === 'struct' || keyword === 'table') this.parseFields(keyword);
      else this.fail(`'${keyword}' is not part of the schema language that we use`);
    }
  }

  private parseEnum(): void {
    const name = this.identifier();
    this.expect(':');
    const base = this.identifier();
    const bitFlags = this.attributes().includes('bit_flags');
    const values: EnumValue[] = [];
    this.expect('{');
    for (let next = 0; !this.accept('}'); next++) {
      const valueName = this.identifier();
      if (this.accept('=')) next = this.integer();
      values.push({ name: valueName, value: bitFlags ? 2 ** next : next });
      if (!this.accept(',') && this.peek() !== '}') this.fail(`expected ',' or '}'`);
    }
    this.unique(name);
    this.schema.enums.set(name, { name, base, bitFlags, values });
  }

  private parseFields(kind: 'struct' | 'table'): void {
    const name = this.identifier();
    const fields: Field[] = [];
    this.expect('{');
    while (!this.accept('}')) {
      const field = this.identifier();
      if (fields.some((other) => other.name === field)) this.fail(`field '${field}' stands twice in ${name}`);
      this.expect(':');
      const vector = this.accept('[');
      const type = this.identifier();
      if (vector) this.expect(']');
      fields.push({ name: field, type, vector, attributes: this.attributes() });
      this.expect(';');
    }
    this.unique(name);
    this.schema[kind === 'struct' ? 'structs' : 'tables'].set(name, { kind, name, fields });
  }

  private attributes(): string[] {
    const found: string[] = [];
    if (!this.accept('(')) return found;
    do found.push(this.identifier());
    while (this.accept(','));
    this.expect(')');
    return found;
  }

  private unique(name: string): void {
    const { enums, structs, tables } = this.schema;
    if (enums.has(name) || structs.has(name) || tables.has(name)) this.fail(`'${name}' is defined twice`);
  }

  private peek(): string | undefined {
    return this.tokens[this.position]?.text;
  }

  private next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) this.fail('the file ends too early');
    this.position++;
    return token.text;
  }

  private accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.position++;
    return true;
  }

  private expect(text: string): void {
    const found = this.next();
    if (found !== text) this.fail(`expected '${text}', found '${found}'`);
  }

  private identifier(): string {
    const found = this.next();
    if (!/^[A-Za-z_]\w*$/.test(found)) this.fail(`expected a name, found '${found}'`);
    return found;
  }

  private integer(): number {
    const found = this.next();
    if (!/^-?\d+$/.test(found)) this.fail(`expected an integer, found '${found}'`);
    return Number(found);
  }

  private fail(message: string): never {
    const line = this.tokens[Math.min(this.position, this.tokens.length) - 1]?.line ?? 1;
    throw new Error(`${this.file}:${line}: ${message}`);
  }
}

export function emptySchema(): Schema {
  return { enums: new Map(), structs: new Map(), tables: new Map() };
}

/** Adds what `text` defines to `schema`; `include` is called for each include line. Throws with file and line. */
export function parseSchema(
  file: string,
  text: string,
  schema: Schema,
  include: (file: string) => void = () => {},
): Schema {
  new Parser(file, text, schema).parse(include);
  return schema;
}

/** Reads a schema file and everything it includes, each file once. */
export function readSchema(file: string): Schema {
  const schema = emptySchema();
  const seen = new Set<string>();
  const read = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    parseSchema(path, readFileSync(path, 'utf8'), schema, (name) => read(join(dirname(path), name)));
  };
  read(file);
  return schema;
}
