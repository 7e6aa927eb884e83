import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLATC_VERSION, flatcVersion } from '../../scripts/messages/flatc.js';
import { ROOT } from './support.js';

const version = flatcVersion();

function run(root: string, ...flags: string[]) {
  return spawnSync(process.execPath, [join(root, 'dist/scripts/messages.js'), ...flags], {
    encoding: 'utf8',
  });
}

it(`flatc ${FLATC_VERSION} is installed where CI runs`, () => {
  if (process.env.CI === 'true') expect(version, 'apt-get install flatbuffers-compiler').toBe(FLATC_VERSION);
});

describe('the generated files', () => {
  it('views, vocabulary and clean names are what the schemas say', () => {
    const { status, stderr } = run(ROOT, '--check');
    expect(stderr).not.toMatch(/not current|no longer generated/);
    expect(status).toBe(0);
  });

  it.skipIf(version !== FLATC_VERSION)("flatc's own output is current too", () => {
    // Without this line the check above covered flatc's files as well.
    expect(run(ROOT, '--check').stderr).not.toContain("flatc's own output is left as it is");
  });

  it('the check names what is stale, and a run repairs it', () => {
    const copy = mkdtempSync(join(tmpdir(), 'millrace-messages-'));
    try {
      for (const folder of ['schemas', 'src', 'examples', 'dist/scripts']) {
        cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
      }
      cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
      writeFileSync(join(copy, 'src/messages/views/control.ts'), 'export {};\n');
      writeFileSync(join(copy, 'src/messages/views/gone.ts'), 'export {};\n');
      const check = run(copy, '--check');
      expect(check.status).toBe(1);
      expect(check.stderr).toContain('not current: src/messages/views/control.ts');
      expect(check.stderr).toContain('no longer generated: src/messages/views/gone.ts');
      expect(run(copy).stdout).toMatch(/1 written, 1 removed/);
      expect(run(copy, '--check').status).toBe(0);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
