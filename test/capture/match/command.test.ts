/** `millrace match` as users run it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { zstandard } from '../../support/dbn-writer.js';
import { ENTRY } from '../../support/process.js';
import { temporaryDirectory } from '../../support/temporary.js';
import { tapeBytes } from './tape-script.js';

const temporary = temporaryDirectory('millrace-match-');
afterAll(temporary.remove);

const GOOD = `A A 1 100 1
              A A 2 101 2
              T B 9 100 1, F A 1 100 1, C A 1 100 1`;
/** The trade takes the worse price. */
const BAD = `A A 1 100 1
             A A 2 101 2
             T B 9 101 1, F A 2 101 1, M A 2 101 1`;

function write(name: string, bytes: Uint8Array): string {
  const file = join(temporary.path, name);
  writeFileSync(file, bytes);
  return file;
}

function run(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [ENTRY, 'match', ...flags], { encoding: 'utf8' });
}

describe('millrace match', () => {
  it('prints exactly one JSON object with --json, and exits with 0', () => {
    const file = write('good.dbn.zst', zstandard(tapeBytes(GOOD)));
    const { status, stdout, stderr } = run('--json', file);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      fills_recorded: 1,
      fills_matched: 1,
      differences: [],
      opening: null,
      symbol: 'TEST',
      tick: '1',
      passed: true,
    });
  });

  it('prints a text with the first differences, and exits with 1 when too few match', () => {
    const file = write('bad.dbn', tapeBytes(BAD));
    const { status, stdout } = run('--limit', '1', file);
    expect(status).toBe(1);
    expect(stdout).toMatch(/fills recorded +1\n/);
    expect(stdout).toMatch(/fills matched +0 \(0\.00 percent\)\n/);
    expect(stdout).toContain('missing order 2: recorded 1 at 101, ours none');
    expect(stdout).toContain('and 1 more (--limit)');
    expect(stdout).toContain('FAILED: not at least 99 percent of the fills after the opening');
  });

  it('says what is wrong with a flag or a file', () => {
    const cut = write('cut.dbn', tapeBytes(GOOD).subarray(0, 300));
    const file = write('again.dbn', tapeBytes(GOOD));
    const failure = (...flags: string[]) => {
      const { status, stdout, stderr } = run(...flags);
      expect([status, stdout]).toEqual([1, '']);
      return stderr;
    };
    expect(failure(cut)).toMatch(
      /^millrace match: .*cut\.dbn: byte \d+: the file ends at byte 300, inside a record of 56 bytes\n$/,
    );
    expect(failure('--json', join(temporary.path, 'none'))).toContain('ENOENT');
    expect(failure('--limit', 'x', file)).toBe(
      'millrace match: --limit is "x", allowed: a whole number from 0 to 4294967295\n',
    );
    expect(failure('--tick', '-1', file)).toContain('--tick is "-1", allowed: a decimal above 0');
    expect(failure('--tick', '3', file)).toContain('the price is no multiple of the tick');
    expect(failure('--instrument', '8', file)).toContain(
      'no market-by-order records of instrument 8, it has: 7',
    );
  });
});
