import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DIST = new URL('../../', import.meta.url);

/** One defect: `find` occurs exactly once in the compiled `file` of its folder in src and becomes `replace`. */
export interface Mutation {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * A copy of a compiled folder of src (and of lib) with one defect put in, to show that its tests would find it. Throws when the
 * text to replace is gone, so that a mutation cannot quietly turn into no mutation.
 */
export function makeMutant(
  mutation: Mutation,
  part: 'ring' | 'book' = 'ring',
): { folder: string; remove: () => void } {
  const root = mkdtempSync(fileURLToPath(new URL('mutant-', DIST)));
  for (const copied of [part, 'lib']) {
    cpSync(fileURLToPath(new URL(`src/${copied}`, DIST)), `${root}/${copied}`, { recursive: true });
  }
  const path = `${root}/${part}/${mutation.file}`;
  const source = readFileSync(path, 'utf8');
  if (source.split(mutation.find).length !== 2) {
    rmSync(root, { recursive: true });
    throw new Error(`mutation of ${mutation.file}: not found exactly once: ${mutation.find}`);
  }
  writeFileSync(
    path,
    source.replace(mutation.find, () => mutation.replace),
  );
  return {
    folder: `${pathToFileURL(`${root}/${part}`).href}/`,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
