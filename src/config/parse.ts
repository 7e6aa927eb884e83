import { parse as parseIni } from 'ini';
import { parse as parseToml, TomlError } from 'smol-toml';
import { parseDocument } from 'yaml';
import type { Problem } from './errors.js';
import { isTree, plainCopy, type Tree, type TreeValue, untypedText } from './tree.js';

/** Extensions of configuration files, and the format each stands for. */
export const FORMATS = {
  '.yaml': 'YAML',
  '.yml': 'YAML',
  '.json': 'JSON',
  '.toml': 'TOML',
  '.ini': 'INI',
} as const;
export type Format = (typeof FORMATS)[keyof typeof FORMATS];

function yamlValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const trouble = document.errors[0] ?? document.warnings[0];
  if (trouble !== undefined) throw trouble;
  return document.toJS({ maxAliasCount: 100 });
}

function jsonValue(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // JSON.parse passes over a key given twice in silence. JSON is YAML, and that parser does not.
  const repeated = parseDocument(text).errors.find((error) => error.code === 'DUPLICATE_KEY');
  if (repeated !== undefined) throw repeated;
  return value;
}

/** The ini package drops `__proto__` and lets the last of two equal keys win, both silently. */
function checkIniKeys(text: string): void {
  const seen = new Set<string>();
  let section = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const header = /^\[([^\]]*)\]$/.exec(line);
    if (header !== null) section = header[1].trim();
    const key = header === null ? line.split('=', 1)[0].trim() : '';
    const full = `[${section}] ${key}`;
    if (/__proto__/.test(full)) throw new Error(`line ${index + 1}: key __proto__ is not allowed`);
    if (key === '') continue;
    if (!line.includes('=')) throw new Error(`line ${index + 1}: "key = value" or "[section]" expected`);
    if (seen.has(full) && !key.endsWith('[]')) throw new Error(`line ${index + 1}: ${full} is given twice`);
    seen.add(full);
  }
}

function typed(value: TreeValue): unknown {
  if (typeof value === 'string') return untypedText(value);
  if (Array.isArray(value)) return value.map(typed);
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typed(inner)]));
}

function iniValue(text: string): unknown {
  checkIniKeys(text);
  return typed(parseIni(text) as TreeValue);
}

const PARSERS: Record<Format, (text: string) => unknown> = {
  YAML: yamlValue,
  JSON: jsonValue,
  TOML: (text) => parseToml(text),
  INI: iniValue,
};

/** The parsers' messages go on with an excerpt of the file; where they say the line only there, it is added. */
function syntaxMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error.message.split('\n', 1);
  return error instanceof TomlError ? `${first} at line ${error.line}, column ${error.column}` : first;
}

/** The tree in a file's text. Problems (syntax, unusable values, forbidden names) are added to the list. */
export function parseText(text: string, format: Format, source: string, problems: Problem[]): Tree {
  let value: unknown;
  try {
    value = PARSERS[format](text.replace(/^\uFEFF/, ''));
  } catch (error) {
    problems.push({ key: '(file)', value: syntaxMessage(error), allowed: `valid ${format}`, source });
    return {};
  }
  const tree = plainCopy(value ?? {}, source, problems);
  if (isTree(tree)) return tree;
  problems.push({ key: '(file)', value: tree, allowed: 'a group of keys at the top', source });
  return {};
}
