import type { Problem } from './errors.js';
import { LEAF_PATHS, nearest } from './keys.js';
import { RESERVED_VARIABLES } from './names.js';
import { isSecretName, REDACTED } from './redact.js';
import { plainCopy, type TreeValue, untypedText } from './tree.js';

/** One key set from outside the file. */
export interface Override {
  readonly path: readonly string[];
  readonly value: TreeValue;
  readonly source: string;
}

const PREFIX = 'MILLRACE_';

/** `['gateway', 'port']` becomes `MILLRACE_GATEWAY_PORT`. */
export function variableName(path: readonly string[]): string {
  return PREFIX + path.join('_').toUpperCase();
}

const BY_VARIABLE = new Map(LEAF_PATHS.map((path) => [variableName(path), path]));
const BY_FLAG = new Map(LEAF_PATHS.map((path) => [`--${path.join('.')}`, path]));

/** A phrase with the name that was probably meant, prefixes left out of the comparison. */
function didYouMean(given: string, known: readonly string[], prefix: string): string {
  const meant = nearest(
    given.slice(prefix.length),
    known.map((name) => name.slice(prefix.length)),
  );
  return meant === undefined ? '' : ` (did you mean ${prefix}${meant}?)`;
}

function printable(name: string, value: string | undefined): string | undefined {
  return isSecretName(name) ? REDACTED : value;
}

/** The `MILLRACE_*` variables of an environment. Unknown ones are problems, so that none is in vain. */
export function environmentOverrides(
  env: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
): Override[] {
  const overrides: Override[] = [];
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const source = `environment ${name}`;
    const path = BY_VARIABLE.get(name);
    if (path !== undefined) {
      overrides.push({ path, value: plainCopy(untypedText(text), source, problems, path), source });
    } else if (!RESERVED_VARIABLES.some((reserved) => reserved === name)) {
      const hint = didYouMean(name, [...BY_VARIABLE.keys(), ...RESERVED_VARIABLES], PREFIX);
      const allowed = `${PREFIX}SECTION_KEY of a known key${hint}`;
      problems.push({ key: name, value: printable(name, text), allowed, source });
    }
  }
  return overrides;
}

/** Flags `--section.key=value`; of a flag given twice the last counts. */
export function flagOverrides(flags: readonly string[], problems: Problem[]): Override[] {
  return flags.flatMap((flag) => {
    const equals = flag.indexOf('=');
    const name = equals < 0 ? flag : flag.slice(0, equals);
    const text = equals < 0 ? undefined : flag.slice(equals + 1);
    const source = `flag ${name}`;
    const path = BY_FLAG.get(name);
    if (path !== undefined && text !== undefined) {
      return [{ path, value: plainCopy(untypedText(text), source, problems, path), source }];
    }
    const hint = didYouMean(name, [...BY_FLAG.keys()], '--');
    const allowed = path === undefined ? `--section.key=value of a known key${hint}` : `${name}=VALUE`;
    problems.push({ key: name || '(empty flag)', value: printable(name, text), allowed, source });
    return [];
  });
}
