/** Writes src/lib/enums.ts: the schema's vocabulary for code that may not import the messages. */
import type { EnumDefinition, Schema } from './parse.js';
import { HEADER, screaming } from './text.js';

const PREAMBLE = `
/** Upper-case names indexed by value; undefined where no name has the value. */
function byValue(values: Readonly<Record<string, number>>): readonly (string | undefined)[] {
  const names: (string | undefined)[] = new Array(Math.max(...Object.values(values)) + 1).fill(undefined);
  for (const [name, value] of Object.entries(values)) names[value] = name;
  return Object.freeze(names);
}
`;

function object(entries: readonly (readonly [string, number])[]): string {
  return `{\n${entries.map(([name, value]) => `  ${name}: ${value},\n`).join('')}}`;
}

function emitEnum({ name, bitFlags, values }: EnumDefinition): string {
  const members = object(values.map((each) => [each.name, each.value]));
  const type = bitFlags ? 'number' : `(typeof ${name})[keyof typeof ${name}]`;
  // Masks would leave a table full of holes: name flags by the position of their bit.
  const index = (value: number): number => (bitFlags ? Math.log2(value) : value);
  const names = object(values.map((each) => [screaming(each.name), index(each.value)]));
  const comment = bitFlags ? `/** Masks of ${name} bits. */\n` : '';
  const namesComment = bitFlags ? '/** Indexed by bit position. */\n' : '';
  return (
    `\n${comment}export const ${name} = ${members} as const;\nexport type ${name} = ${type};\n` +
    `${namesComment}export const ${screaming(name)}_NAMES = byValue(${names});\n`
  );
}

export function emitEnums(schema: Schema): string {
  return HEADER + PREAMBLE + [...schema.enums.values()].map(emitEnum).join('');
}
