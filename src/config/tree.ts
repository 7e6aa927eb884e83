import { keyText, type Path, type Problem } from './errors.js';

/** Configuration before validation: groups of keys, lists, and single values. */
export type Tree = { [key: string]: TreeValue };
export type TreeValue = string | number | boolean | null | TreeValue[] | Tree;

/** Names that mean something to JavaScript objects; accepting them would let a file reach prototypes. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 32;
const MAX_VALUES = 100_000;

export function isTree(value: unknown): value is Tree {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Deep copy of what a parser returned, of plain values only. Bounded, since YAML aliases can describe cycles and
 * exponential growth; what is refused is left out and reported. `base` is where the value stands.
 */
export function plainCopy(value: unknown, source: string, problems: Problem[], base: Path = []): TreeValue {
  let values = 0;
  const refuse = (path: Path, given: unknown, allowed: string): null => {
    problems.push({ key: keyText(path), value: given, allowed, source });
    return null;
  };
  const copy = (item: unknown, path: Path): TreeValue => {
    values += 1;
    if (values === MAX_VALUES + 1) return refuse(path, undefined, `at most ${MAX_VALUES} values`);
    if (values > MAX_VALUES) return null;
    if (path.length > MAX_DEPTH) return refuse(path.slice(0, 3), undefined, `at most ${MAX_DEPTH} levels`);
    if (item === null || item === undefined) return null;
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return item;
    if (Array.isArray(item)) return item.map((inner, index) => copy(inner, [...path, index]));
    if (!isTree(item))
      return refuse(path, String(item), 'text, a number, true, false, a list or a group of keys');
    const tree: Tree = {};
    for (const [key, inner] of Object.entries(item)) {
      if (FORBIDDEN_KEYS.has(key))
        refuse(
          [...path, key],
          isTree(inner) ? '{...}' : String(inner),
          `any key but ${[...FORBIDDEN_KEYS].join(', ')}`,
        );
      else tree[key] = copy(inner, [...path, key]);
    }
    return tree;
  };
  return copy(value, base);
}

/**
 * What a text that cannot carry a type (environment, flag, INI, `${VAR}`) stands for: JSON where it is a list, a
 * group or null, else itself. Single values get their type from the schema.
 */
export function untypedText(text: string): unknown {
  if (!/^\s*[[{]/.test(text) && text !== 'null') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value at a path, undefined when there is none. */
export function valueAt(tree: TreeValue, path: Path): TreeValue | undefined {
  let value: TreeValue | undefined = tree;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, TreeValue>)[step];
  }
  return value;
}

/** Sets a key of a (sub)group. A single value in the way stays: validation reports it. */
export function setAt(tree: Tree, path: readonly string[], value: TreeValue): void {
  const [first, ...rest] = path;
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  const inner = tree[first] ?? {};
  if (!isTree(inner)) return;
  tree[first] = inner;
  setAt(inner, rest, value);
}

/** Calls back for every single value and list, not looking into lists. */
export function eachLeaf(
  tree: Tree,
  visit: (path: readonly string[]) => void,
  path: readonly string[] = [],
): void {
  for (const [key, value] of Object.entries(tree)) {
    if (isTree(value)) eachLeaf(value, visit, [...path, key]);
    else visit([...path, key]);
  }
}

/** Freezes plain data to the bottom, and returns it. Use it again where a worker received its clone. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
