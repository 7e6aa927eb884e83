import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './temporary.js';

/** Entry of the compiled program, as users run it. */
export const ENTRY = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** TCP ports that nobody listens on now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Can a listener be bound to the port? */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

export interface Ports {
  readonly gateway: number;
  readonly trades: number;
  readonly books: number;
  readonly orders: number;
  readonly positions: number;
  readonly binary: number;
}

/** A whole Millrace in its own process, on free ports, with its log in a temporary folder. */
export class MillraceProcess {
  readonly ports: Ports;
  readonly url: string;
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #removeLogs: () => void;
  readonly #exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  private constructor(ports: Ports, flags: readonly string[]) {
    const logs = temporaryDirectory();
    this.#removeLogs = logs.remove;
    this.ports = ports;
    this.url = `http://127.0.0.1:${ports.gateway}`;
    const { gateway, ...endpoints } = ports;
    const own = [
      `--gateway.port=${gateway}`,
      `--log.dir=${logs.path}`,
      ...Object.entries(endpoints).map(([name, port]) => `--publisher.${name}=tcp://127.0.0.1:${port}`),
    ];
    this.child = spawn(process.execPath, [ENTRY, 'start', ...own, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.#exited = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
  }

  /** Starts and waits until `/health` says ready (or, with `ready: false`, does not wait). Throws with its output when it ends before. */
  static async start(
    flags: readonly string[] = [],
    options: { ready?: boolean } = {},
  ): Promise<MillraceProcess> {
    const [gateway, trades, books, orders, positions, binary] = await freePorts(6);
    const running = new MillraceProcess({ gateway, trades, books, orders, positions, binary }, flags);
    if (options.ready !== false) await running.waitUntilReady();
    return running;
  }

  async waitUntilReady(): Promise<void> {
    for (;;) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(
          `Millrace ended with ${this.child.exitCode ?? this.child.signalCode}:\n${this.stdout}${this.stderr}`,
        );
      }
      try {
        if ((await fetch(`${this.url}/health`)).ok) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((done) => setTimeout(done, 25));
    }
  }

  /** Waits until `text` has been printed on either stream. */
  async waitForOutput(text: string | RegExp): Promise<void> {
    const seen = (): boolean => {
      const all = this.stdout + this.stderr;
      return typeof text === 'string' ? all.includes(text) : text.test(all);
    };
    while (!seen()) {
      if (this.child.exitCode !== null)
        throw new Error(`ended without printing ${text}:\n${this.stdout}${this.stderr}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  /** JSON of a GET. */
  async get<T>(path: string): Promise<T> {
    return (await fetch(this.url + path)).json() as Promise<T>;
  }

  /** Sends an order; the reply's status and body. */
  async order<T = Record<string, unknown>>(
    body: Record<string, unknown>,
  ): Promise<{ status: number; body: T }> {
    const reply = await fetch(`${this.url}/api/order`, { method: 'POST', body: JSON.stringify(body) });
    return { status: reply.status, body: (await reply.json()) as T };
  }

  /** Waits for the end of the process. */
  exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return this.#exited;
  }

  /** Sends a signal and waits for the end; removes the log folder. */
  async stop(
    signal: NodeJS.Signals = 'SIGTERM',
  ): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const ended = await this.#exited;
    this.#removeLogs();
    return ended;
  }
}
