import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DIST = new URL('../../', import.meta.url);

/** One defect: `find` occurs exactly once in the compiled `file` of src/ring and becomes `replace`. */
export interface Mutation {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * A copy of the compiled ring with one defect put in, to show that the stress checker would find it. Throws when the
 * text to replace is gone, so that a mutation cannot quietly turn into no mutation.
 */
export function makeMutant(mutation: Mutation): { folder: string; remove: () => void } {
  const root = mkdtempSync(fileURLToPath(new URL('mutant-', DIST)));
  for (const part of ['ring', 'lib']) {
    cpSync(fileURLToPath(new URL(`src/${part}`, DIST)), `${root}/${part}`, { recursive: true });
  }
  const path = `${root}/ring/${mutation.file}`;
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
    folder: `${pathToFileURL(`${root}/ring`).href}/`,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
