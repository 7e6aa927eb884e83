import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { replay } from '../../src/capture/replay.js';
import { DAY } from '../support/invented-stream.js';
import { ENTRY } from '../support/process.js';
import { ON_CI, pythonWith } from '../support/python.js';
import { temporaryDirectory } from '../support/temporary.js';

const temporary = temporaryDirectory('millrace-each-');
afterAll(temporary.remove);

const python = pythonWith('pty');
if (python === undefined && ON_CI) throw new Error('python3 with pty is missing');
/** Runs a command in a terminal of its own; bytes on its standard input are keys pressed there. */
const IN_TERMINAL =
  'import os, pty, sys\ns = pty.spawn(sys.argv[1:])\nsys.exit(128 + os.WTERMSIG(s) if os.WIFSIGNALED(s) else os.WEXITSTATUS(s))';
const INTERRUPT_KEY = '\x03';
const WRAP_LINES = '\x1b[?7h';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `millrace replay` with these arguments; in a terminal, its output is all on `stdout`. */
function run(flags: readonly string[], terminal?: string): { child: ChildProcess; ended: Promise<Ended> } {
  const command = [process.execPath, ENTRY, 'replay', ...flags];
  const [program, ...rest] = terminal === undefined ? command : [terminal, '-c', IN_TERMINAL, ...command];
  const child = spawn(program, rest);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, ended };
}

let folders = 0;
/** A folder with two captures, and one file that is none. */
function folderOfCaptures(): string {
  const folder = join(temporary.path, String(folders++));
  mkdirSync(folder);
  const day = gzipSync(DAY.map((line) => `${line}\n`).join(''));
  for (const name of ['usdm_btcusdt_20240102.gz', 'usdm_btcusdt_20240101.gz']) {
    writeFileSync(join(folder, name), day);
  }
  writeFileSync(join(folder, 'other.gz'), gzipSync('{"a":1}\n'));
  return folder;
}

/** A capture that is never written: who reads it waits. `opened` resolves when it is being read. */
function endlessCapture(): { file: string; opened: () => Promise<{ close(): Promise<void> }> } {
  const file = join(temporary.path, `${folders++}-endless.gz`);
  execFileSync('mkfifo', [file]);
  return { file, opened: () => open(file, 'w') };
}

describe('millrace replay --each', () => {
  it('prints one JSON object with the objects of single replays, and what it skipped on standard error', async () => {
    const folder = folderOfCaptures();
    const { code, stdout, stderr } = await run(['--each', '--json', folder]).ended;
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { files: { file: string }[]; wall_ms: number };
    expect(Object.keys(report)).toEqual(['files', 'wall_ms']);
    const files = ['usdm_btcusdt_20240101.gz', 'usdm_btcusdt_20240102.gz'].map((name) => join(folder, name));
    const singles = await Promise.all(files.map((file) => replay({ files: [file] })));
    expect(report.files).toEqual(
      files.map((file, i) => ({ file, ...singles[i], wall_ms: expect.any(Number) })),
    );
    expect(stderr).toBe(
      `millrace replay: ${folder}: skipped 1 of 3 *.gz files, no Binance spot or USD-M lines: other.gz\n`,
    );
  });

  it('ends with 1 when a capture failed, and prints the others', async () => {
    const folder = folderOfCaptures();
    const missing = join(folder, 'none.gz');
    const { code, stdout, stderr } = await run(['--jobs', '2', missing, folder]).ended;
    expect(code).toBe(1);
    expect(stdout.split('\n').map((line) => line.split(/ +/)[0])).toEqual([
      'file',
      missing,
      join(folder, 'usdm_btcusdt_20240101.gz'),
      join(folder, 'usdm_btcusdt_20240102.gz'),
      '',
      '3',
      '',
    ]);
    expect(stderr).toContain(`millrace replay: ${missing}: no such file\n`);
  });

  it('refuses a number of jobs that is none', async () => {
    const { code, stdout, stderr } = await run(['--each', '--jobs', 'many', folderOfCaptures()]).ended;
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'millrace replay: --jobs is "many", allowed: a whole number from 1 to 256\n',
    });
  });

  it('stops on SIGINT', async () => {
    const { file, opened } = endlessCapture();
    const { child, ended } = run(['--each', file]);
    const writer = await opened();
    child.kill('SIGINT');
    const { signal, stdout } = await ended;
    expect({ signal, stdout }).toEqual({ signal: 'SIGINT', stdout: '' });
    await writer.close();
  });

  it.skipIf(python === undefined)('shows a bar on a terminal', async () => {
    const { ended } = run(['--each', folderOfCaptures()], python);
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/replay \[[=-]{40}\] \d+% \d+ messages/);
    expect(stdout).toContain('2 captures, 0 failed; 18 messages');
    expect(stdout.lastIndexOf(WRAP_LINES)).toBeLessThan(stdout.lastIndexOf('messages/s'));
  });

  it.skipIf(python === undefined)('leaves a terminal in order when it is interrupted', async () => {
    const { file, opened } = endlessCapture();
    const { child, ended } = run(['--each', file], python);
    const writer = await opened();
    child.stdin?.write(INTERRUPT_KEY);
    const { code, stdout } = await ended;
    expect(code).toBe(128 + 2);
    expect(stdout).toContain(WRAP_LINES);
    await writer.close();
  });
});
