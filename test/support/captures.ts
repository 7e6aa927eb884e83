import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the checkout: dist/test/support is four levels below it. */
const BESIDE_CHECKOUT = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  '..',
  '..',
  'shared',
  'captures',
);

/** Folder of recorded market data; environment `MILLRACE_CAPTURES` overrides. */
export const CAPTURES = process.env.MILLRACE_CAPTURES ?? BESIDE_CHECKOUT;

/**
 * Are the recordings there? Tests that need them are skipped where they are not, except under CI, where a missing
 * recording is a failure.
 */
export const CAPTURES_PRESENT = existsSync(join(CAPTURES, 'expected.json'));
if (!CAPTURES_PRESENT && process.env.CI === 'true') {
  throw new Error(`captures are missing: no expected.json in ${CAPTURES} (set MILLRACE_CAPTURES)`);
}

export function capture(name: string): string {
  return join(CAPTURES, name);
}
