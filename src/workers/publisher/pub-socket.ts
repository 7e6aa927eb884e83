import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type MessageLike, Publisher } from 'zeromq';

/** How a socket is opened. */
export interface PubSocketOptions {
  /** Configuration key of the endpoint, for errors. */
  readonly key: string;
  /** `tcp://HOST:PORT` (port 0 or `*`: any free one) or `ipc://PATH`. */
  readonly endpoint: string;
  /** Messages that may wait for one subscriber; what comes beyond, it misses. */
  readonly highWaterMark: number;
  /** Called for every message that zeromq refused. */
  readonly onError: () => void;
  /** How long an endpoint may be in use by the socket that this one replaces, ms. */
  readonly patienceMs?: number;
}

const RETRY_MS = 50;
/** How long closing waits at the most for the system to give the port back. */
const RELEASE_MS = 1000;
const RELEASE_STEP_MS = 2;

/**
 * One bound PUB socket. It never receives (a pending receive in a worker aborts the process when the thread ends),
 * never lingers, and never waits: a subscriber that does not read loses messages beyond its high-water mark.
 */
export class PubSocket {
  readonly endpoint: string;
  readonly #socket: Publisher;
  readonly #onError: () => void;

  private constructor(socket: Publisher, endpoint: string, onError: () => void) {
    this.#socket = socket;
    this.endpoint = endpoint;
    this.#onError = onError;
  }

  /** Rejects with an error that names key, endpoint and what to do. */
  static async bind(options: PubSocketOptions): Promise<PubSocket> {
    const { key, endpoint, highWaterMark, onError, patienceMs = 0 } = options;
    // sendTimeout 0 makes each send complete at once; with any other value the second un-awaited one fails with EBUSY.
    const socket = new Publisher({ linger: 0, sendTimeout: 0, sendHighWaterMark: highWaterMark });
    const address = endpoint.replace(/^(tcp:.*):0$/, '$1:*');
    for (let waited = 0; ; waited += RETRY_MS) {
      try {
        await socket.bind(address);
        return new PubSocket(socket, socket.lastEndpoint ?? endpoint, onError);
      } catch (error) {
        if (codeOf(error) === 'EADDRINUSE' && waited < patienceMs) {
          await pause(RETRY_MS);
          continue;
        }
        socket.close();
        throw new Error(`publisher.${key} is "${endpoint}": ${explain(error)}`, { cause: error });
      }
    }
  }

  /**
   * Sends one message, or one of several frames, without waiting. Strings are copied; a buffer of more than
   * 128 bytes is not, so it must be the message's own.
   */
  send(message: MessageLike | MessageLike[]): void {
    try {
      this.#socket.send(message).then(undefined, this.#onError);
    } catch {
      this.#onError();
    }
  }

  /** Closes the socket, drops what is unsent, and resolves when the endpoint is free again. */
  async close(): Promise<void> {
    this.#socket.close();
    // zeromq closes its listener on a thread of its own, some time after `close` returned.
    for (let waited = 0; waited < RELEASE_MS && (await isTaken(this.endpoint)); waited += RELEASE_STEP_MS) {
      await pause(RELEASE_STEP_MS);
    }
  }
}

/** Is somebody bound to this resolved TCP endpoint? Others (ipc) are replaced by the next bind in any case. */
function isTaken(endpoint: string): Promise<boolean> {
  const tcp = /^tcp:\/\/\[?([^\]]*)\]?:(\d+)$/.exec(endpoint);
  if (tcp === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(codeOf(error) === 'EADDRINUSE'));
    probe.listen(Number(tcp[2]), tcp[1], () => probe.close(() => resolve(false)));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function explain(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
      return 'another process or socket is bound there (EADDRINUSE), allowed: a free port, or 0 for any';
    case 'EADDRNOTAVAIL':
    case 'ENODEV':
      return `no interface of this machine has that address (${code})`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not bind there (${code})`;
    case 'ENOENT':
      return 'the directory does not exist (ENOENT)';
    default:
      return error instanceof Error ? `${error.message} (${code || 'no code'})` : String(error);
  }
}
