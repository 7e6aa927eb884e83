/** Writes src/messages/official.ts: flatc's classes under the names of the schema. */
import type { Schema } from './parse.js';
import { HEADER } from './text.js';

export function emitOfficial(schema: Schema): string {
  const names = [...schema.structs.keys(), ...schema.tables.keys()].sort();
  const lines = names.map((name) => `  millrace_${name} as ${name},\n`);
  return (
    `${HEADER}\n/** The official FlatBuffers readers and builders, for the edges and the tests; they allocate. */\n` +
    `export {\n${lines.join('')}} from './generated/millrace.js';\n`
  );
}
