import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ROOT } from './support.js';

/** One boxed 64-bit value is 16 bytes; one in eight messages would show. */
const LIMIT_BYTES = 2;

it('hot encoding and decoding allocate nothing', () => {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
  const child = `${ROOT}dist/test/messages/allocation-child.js`;
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, child], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const bytes = JSON.parse(stdout) as Record<string, number>;
  console.log('heap bytes per message', bytes);
  expect(Object.keys(bytes)).toHaveLength(7);
  expect(bytes.encodeByBuilder, 'the meter sees what a builder allocates').toBeGreaterThan(50);
  for (const name of Object.keys(bytes).filter((one) => one !== 'encodeByBuilder')) {
    expect(Math.abs(bytes[name]), name).toBeLessThan(LIMIT_BYTES);
  }
});
