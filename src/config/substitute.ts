import { keyText, type Path, type Problem } from './errors.js';
import { isSecretName } from './redact.js';
import { plainCopy, type Tree, type TreeValue, untypedText } from './tree.js';

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const BODY = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

const SYNTAX = `\${VARIABLE}, \${VARIABLE:-default}, or $\${ for a literal "\${"`;

/** A tree with its variables replaced, and which keys must never be printed because of them. */
export interface Substituted {
  readonly tree: Tree;
  /** Key texts of values that came from variables with the name of a secret. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * Replaces `${VAR}` and `${VAR:-default}` in the values (never the names) of a tree. The default serves when the
 * variable is undefined or empty; it cannot contain `}`. `$${` stands for a literal `${`. What a variable
 * holds is not searched again.
 */
export function substitute(
  tree: Tree,
  env: Readonly<Record<string, string | undefined>>,
  source: string,
  problems: Problem[],
): Substituted {
  const secrets = new Set<string>();

  const replaceIn = (text: string, path: Path): string =>
    text.replace(REFERENCE, (whole: string, body: string | undefined, close: string | undefined) => {
      if (body === undefined) return '${';
      const match = close === '}' ? BODY.exec(body) : null;
      const refuse = (allowed: string): string => {
        problems.push({ key: keyText(path), value: text, allowed, source });
        return whole;
      };
      if (match === null) return refuse(SYNTAX);
      const [, variable, fallback] = match;
      if (isSecretName(variable)) secrets.add(keyText(path));
      const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
      if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
      return (
        value ?? refuse(`environment variable ${variable} to be defined (or write \${${variable}:-default})`)
      );
    });

  const visit = (value: TreeValue, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((inner, index) => visit(inner, [...path, index]));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]),
      );
    }
    if (typeof value !== 'string' || !value.includes('${')) return value;
    return plainCopy(untypedText(replaceIn(value, path)), source, problems, path);
  };

  return { tree: visit(tree, []) as Tree, secrets };
}
