import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperatorError } from './client.js';

const ENTRY = fileURLToPath(new URL('../main.js', import.meta.url));
/** How long a system may take to start, ms. */
const START_LIMIT_MS = 20_000;

/** A Millrace of its own for a drill: another process, on a free port, with its files in a temporary folder. */
export class SelfSystem {
  readonly url: string;
  /** Where its audit records are until it is stopped. */
  readonly auditFile: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.auditFile = join(folder, 'audit.jsonl');
    this.#child = child;
    this.#folder = folder;
  }

  /** Starts it and waits until it takes orders. Throws OperatorError with its output when it does not. */
  static async start(config: string | undefined): Promise<SelfSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-drill-'));
    const child = spawn(
      process.execPath,
      [
        ENTRY,
        'start',
        ...(config === undefined ? [] : ['--config', config]),
        '--gateway.port=0',
        '--gateway.host=127.0.0.1',
        '--publisher.enabled=false',
        '--simulation.enabled=false',
        `--log.dir=${folder}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    try {
      return new SelfSystem(await greetedUrl(child), child, folder);
    } catch (error) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The address that the greeting names; it comes when everything runs. */
function greetedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string): void =>
      reject(new OperatorError(`the system for the drill ${why}:\n${text}`));
    const limit = setTimeout(() => fail('did not start in time'), START_LIMIT_MS);
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const url = /REST\s+(http:\/\/[^/\s]+)\//.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', (code) => {
      clearTimeout(limit);
      fail(`ended with exit code ${code}`);
    });
  });
}
