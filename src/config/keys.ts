import { z } from 'zod';
import type { Path } from './errors.js';
import { configSchema } from './schema.js';

/** What the schema knows about key names: for environment, flags and suggestions. */

type Schema = z.core.$ZodType;

/** Every schema that a value at this place may be checked with, without defaults and conversions around it. */
function kernels(schema: Schema): Schema[] {
  if (schema instanceof z.ZodPipe) return [...kernels(schema.in), ...kernels(schema.out)];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(kernels);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return kernels(schema.unwrap());
  }
  return [schema];
}

function shapesOf(schema: Schema): Record<string, Schema>[] {
  return kernels(schema).flatMap((one) => (one instanceof z.ZodObject ? [one.shape] : []));
}

function collectLeaves(schema: Schema, path: readonly string[]): (readonly string[])[] {
  const shapes = shapesOf(schema);
  if (shapes.length === 0) return [path];
  return shapes.flatMap((shape) =>
    Object.entries(shape).flatMap(([key, inner]) => collectLeaves(inner, [...path, key])),
  );
}

/** Paths of all keys that hold a single value or a list. */
export const LEAF_PATHS: readonly (readonly string[])[] = collectLeaves(configSchema, []);

/** Names of the keys of the group at a path; empty when no group can be there. */
export function knownKeys(path: Path): string[] {
  let schemas: Schema[] = [configSchema];
  for (const step of path) {
    schemas = schemas.flatMap((schema) =>
      typeof step === 'number'
        ? kernels(schema).flatMap((one) => (one instanceof z.ZodArray ? [one.element as Schema] : []))
        : shapesOf(schema).flatMap((shape) => (Object.hasOwn(shape, step) ? [shape[step]] : [])),
    );
  }
  return [...new Set(schemas.flatMap(shapesOf).flatMap((shape) => Object.keys(shape)))];
}

/** Edits (insert, delete, replace, swap of neighbours) from one text to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length];
}

const MAX_SUGGESTED_LENGTH = 64;

/** The known name that was probably meant: near in spelling, else one with all the given words; or undefined. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (given.length === 0 || given.length > MAX_SUGGESTED_LENGTH) return undefined;
  const plain = (text: string) => text.toLowerCase().replaceAll('-', '_');
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(plain(given), plain(name));
    if (distance < bestDistance && distance < name.length) {
      best = name;
      bestDistance = distance;
    }
  }
  const words = (text: string) => plain(text).split(/[_.]/);
  return best ?? known.find((name) => words(given).every((word) => words(name).includes(word)));
}

/** What to write instead of an unknown key, as a phrase to append: a near name here, or the same name elsewhere. */
export function suggestKey(path: Path, unknown: string): string {
  const near = nearest(unknown, knownKeys(path));
  const dotted = (steps: Path) => steps.join('.');
  const elsewhere = LEAF_PATHS.filter((leaf) => leaf.at(-1) === unknown).map(dotted);
  const meant = near ?? elsewhere[0];
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`;
}
