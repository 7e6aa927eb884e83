/** Runs the FlatBuffers compiler and collects what it writes: the official TypeScript and Python code. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from './layout.js';
import { HEADER } from './text.js';

/** The one release whose output is committed (Debian's and Ubuntu's package flatbuffers-compiler). */
export const FLATC_VERSION = '2.0.8';

/** The version of the installed flatc, or undefined where there is none. */
export function flatcVersion(): string | undefined {
  const result = spawnSync('flatc', ['--version'], { encoding: 'utf8' });
  if (result.error !== undefined || result.status !== 0) return undefined;
  return result.stdout.trim().split(' ').pop();
}

function flatc(...parameters: readonly string[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-flatc-'));
  try {
    const result = spawnSync('flatc', ['-o', folder, ...parameters], { encoding: 'utf8' });
    if (result.error !== undefined) throw result.error;
    if (result.status !== 0) throw new Error(`flatc failed: ${result.stderr}${result.stdout}`);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => /\.(ts|py)$/.test(name));
    return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The flat TypeScript file, as flatc wrote it. */
export function generateTypeScript(schema: string): string {
  const [text] = flatc('--ts', '--ts-flat-files', '--gen-all', schema).values();
  if (text === undefined) throw new Error('flatc wrote no TypeScript');
  return text;
}

/**
 * The Python package: file name → text. flatc names the package after the namespace; imports become relative
 * so that ours can have its own name, and the package gains a table from type id to root class. Each schema file
 * is given by name because flatc 2.0.8 leaves the imports between classes out under --gen-all.
 */
export function generatePython(folder: string, messages: readonly Message[]): Map<string, string> {
  const schemas = readdirSync(folder).filter((name) => name.endsWith('.fbs'));
  const files = new Map<string, string>();
  for (const [name, text] of flatc('--python', ...schemas.map((schema) => join(folder, schema)))) {
    const base = name.replace(/^.*[\\/]/, '');
    if (base !== '__init__.py') files.set(base, text.replaceAll('from millrace.', 'from .'));
  }
  files.set('__init__.py', emitPackage(messages));
  return files;
}

function emitPackage(messages: readonly Message[]): string {
  const imports = messages.map(({ name }) => `from .${name} import ${name}\n`).sort();
  const roots = messages.map(({ name, type }) => `    ${type}: ${name},\n`);
  return (
    `${HEADER.replace('//', '#')}"""Millrace messages for Python: FlatBuffers readers, and the root class of each message type."""\n\n` +
    `${imports.join('')}\nROOTS = {\n${roots.join('')}}\n\n\n` +
    `def decode(message_type, payload):\n` +
    `    """The root object over \`payload\` (bytes); KeyError for an unknown type."""\n` +
    `    return ROOTS[message_type].GetRootAs(payload, 0)\n`
  );
}
