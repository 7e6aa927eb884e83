import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { z } from 'zod';
import { CHECKS, warningsOf } from './checks.js';
import { ConfigError, keyText, type Path, type Problem } from './errors.js';
import { suggestKey } from './keys.js';
import { environmentOverrides, flagOverrides } from './overrides.js';
import { FORMATS, type Format, parseText } from './parse.js';
import { isSecretName, REDACTED, redact } from './redact.js';
import { type Config, configSchema } from './schema.js';
import { substitute } from './substitute.js';
import { deepFreeze, eachLeaf, setAt, type Tree, valueAt } from './tree.js';

export interface LoadedConfig {
  /** Validated, complete, deeply frozen, structured-cloneable. */
  readonly config: Config;
  /** Where every key that is not at its default came from: the file, `environment NAME`, `flag --key`. */
  readonly source: Readonly<Record<string, string>>;
  /** For people: allowed, but worth knowing. */
  readonly warnings: readonly string[];
}

export interface ConfigInput {
  /** Path of the configuration file; without it that in `MILLRACE_CONFIG`, if any. None is looked for. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** `--section.key=value` each. */
  readonly flags: readonly string[];
}

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const EXTENSIONS = Object.keys(FORMATS).join(', ');

function formatOf(file: string): Format | undefined {
  const extension = extname(file).toLowerCase();
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension as keyof typeof FORMATS] : undefined;
}

function readTree(file: string, problems: Problem[]): Tree {
  const refuse = (value: unknown, allowed: string): Tree => {
    problems.push({ key: '(file)', value, allowed, source: file });
    return {};
  };
  const format = formatOf(file);
  if (format === undefined) return refuse(file, `a file name ending in one of ${EXTENSIONS}`);
  try {
    const status = statSync(file);
    if (!status.isFile() || status.size > MAX_FILE_BYTES) {
      return refuse(file, `a regular file of at most ${MAX_FILE_BYTES} bytes`);
    }
    return parseText(readFileSync(file, 'utf8'), format, file, problems);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), 'a readable file');
  }
}

/** The three layers merged, with what is needed to explain each value. */
interface Merged {
  readonly tree: Tree;
  /** The file's path, or what stands for it where there is none. */
  readonly file: string;
  readonly sources: Map<string, string>;
  readonly secrets: ReadonlySet<string>;
}

function merge(input: ConfigInput, problems: Problem[]): Merged {
  const file = input.file ?? (input.env.MILLRACE_CONFIG || undefined);
  const sources = new Map<string, string>();
  const read = file === undefined ? {} : readTree(file, problems);
  const { tree, secrets } = substitute(read, input.env, file ?? '', problems);
  if (file !== undefined) eachLeaf(tree, (path) => sources.set(keyText(path), file));
  const overrides = [...environmentOverrides(input.env, problems), ...flagOverrides(input.flags, problems)];
  for (const { path, value, source } of overrides) {
    setAt(tree, path, value);
    sources.set(keyText(path), source);
  }
  return { tree, file: file ?? '(no file)', sources, secrets };
}

function describe(merged: Merged, path: Path, allowed: string): Problem {
  const value = valueAt(merged.tree, path);
  let source: string | undefined;
  let secret = false;
  for (let length = path.length; length > 0; length--) {
    const key = keyText(path.slice(0, length));
    source ??= merged.sources.get(key);
    secret ||= merged.secrets.has(key) || isSecretName(String(path[length - 1]));
  }
  source ??= value === undefined ? 'default' : merged.file;
  return { key: keyText(path), value: secret ? REDACTED : redact(value), allowed, source };
}

function describeIssue(merged: Merged, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code !== 'unrecognized_keys') return [describe(merged, path, issue.message)];
  return issue.keys.map((key) =>
    describe(merged, [...path, key], `${issue.message}${suggestKey(path, key)}`),
  );
}

/** The rules over several keys, run on every part that is valid in itself. */
function crossCheck(merged: Merged, invalid: ReadonlySet<string>): { config: Config; problems: Problem[] } {
  const valid = Object.fromEntries(Object.entries(merged.tree).filter(([key]) => !invalid.has(key)));
  const config: Config = configSchema.parse(valid);
  const problems: Problem[] = [];
  for (const check of CHECKS) {
    if (check.reads.some((key) => invalid.has(key))) continue;
    check.run(config, (path, allowed) => {
      const problem = describe(merged, path, allowed);
      // A default that does not fit the rest is not in the tree.
      const value = problem.value ?? valueAt(config as unknown as Tree, path);
      problems.push({ ...problem, value });
    });
  }
  return { config, problems };
}

/** One problem a key: the first found is the cause of the others. */
function firstOfEachKey(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(
    (one) => one.key === '(file)' || (!seen.has(one.key) && seen.add(one.key) !== undefined),
  );
}

/**
 * Loads the configuration: defaults, then the file (YAML, JSON, TOML, INI, by extension; `${VAR}` replaced),
 * then `MILLRACE_SECTION_KEY` variables, then flags. Lists are replaced whole.
 *
 * @throws ConfigError with every problem there is, and nothing else.
 */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const problems: Problem[] = [];
  const merged = merge(input, problems);
  const checked = configSchema.safeParse(merged.tree);
  const invalid = new Set<string>();
  for (const issue of checked.error?.issues ?? []) {
    problems.push(...describeIssue(merged, issue));
    if (issue.path.length > 0) invalid.add(String(issue.path[0]));
    else if (issue.code === 'unrecognized_keys') for (const key of issue.keys) invalid.add(key);
  }
  const { config, problems: conflicts } = crossCheck(merged, invalid);
  problems.push(...conflicts);
  if (problems.length > 0) throw new ConfigError(firstOfEachKey(problems));
  const source = Object.freeze(Object.fromEntries(merged.sources));
  return { config: deepFreeze(config), source, warnings: warningsOf(config) };
}
