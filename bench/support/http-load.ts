/** A closed-loop HTTP load over raw keep-alive sockets: each connection sends its next request when it has the answer. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly answered: number;
  /** Replies that were not 200. */
  readonly refused: number;
  readonly seconds: number;
  /** From writing a request to reading the end of its reply, ns, ascending. */
  readonly latencies: Float64Array;
}

export const perSecond = ({ answered, seconds }: LoadResult): number => answered / seconds;

/** Microseconds at or below which `quantile` of the replies came. */
export function microseconds({ latencies }: LoadResult, quantile: number): number {
  const at = Math.min(latencies.length - 1, Math.floor(quantile * latencies.length));
  return latencies[at] / 1000;
}

const MAXIMUM_SAMPLES = 1 << 21;
const LENGTH = 'ontent-Length: ';
/** Heads of replies are shorter than this; only they are looked at as text. */
const HEAD_BYTES = 256;

/** One keep-alive connection. Bodies of requests come from `nextBody`. */
class Connection {
  readonly socket: Socket;
  readonly #run: Run;
  readonly #head: string;
  #sentAt = 0;
  #missing = 0;
  #rest = '';

  constructor(port: number, path: string, run: Run) {
    this.#run = run;
    this.#head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: `;
    // One buffer for all reads: a fresh one for each would be half of this client's garbage.
    const buffer = Buffer.alloc(65_536);
    const callback = (length: number): boolean => {
      this.#take(buffer, length);
      return true;
    };
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer, callback } });
    this.socket.on('error', (error) => run.fail(error));
  }

  send(): void {
    const body = this.#run.nextBody();
    this.#sentAt = performance.now();
    this.socket.write(`${this.#head}${body.length}\r\n\r\n${body}`, 'latin1');
  }

  #take(buffer: Buffer, received: number): void {
    if (this.#missing > 0) this.#missing -= received;
    else {
      const head = this.#rest + buffer.toString('latin1', 0, Math.min(received, HEAD_BYTES));
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = head;
        return;
      }
      const length = head.lastIndexOf(LENGTH, end);
      const bytes = Number.parseInt(head.slice(length + LENGTH.length, end), 10);
      if (!head.startsWith('200', 9)) this.#run.refused++;
      this.#missing = end + 4 + bytes - this.#rest.length - received;
      this.#rest = '';
    }
    if (this.#missing <= 0) this.#done();
  }

  #done(): void {
    this.#missing = 0;
    if (this.#run.took((performance.now() - this.#sentAt) * 1e6)) this.send();
  }
}

/** What all connections of one measurement share. */
class Run {
  readonly nextBody: () => string;
  answered = 0;
  refused = 0;
  open = 0;
  readonly latencies = new Float64Array(MAXIMUM_SAMPLES);
  readonly finished: Promise<void>;
  readonly #end: number;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(nextBody: () => string, end: number) {
    this.nextBody = nextBody;
    this.#end = end;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Notes a reply; whether its connection goes on. */
  took(nanoseconds: number): boolean {
    if (this.answered < MAXIMUM_SAMPLES) this.latencies[this.answered] = nanoseconds;
    this.answered++;
    if (performance.now() < this.#end) return true;
    if (--this.open === 0) this.#resolve();
    return false;
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}

/** Posts to `path` over `connections` connections for `milliseconds`; every request sent is waited for. */
export async function load(
  port: number,
  path: string,
  connections: number,
  milliseconds: number,
  nextBody: () => string,
): Promise<LoadResult> {
  const start = performance.now();
  const run = new Run(nextBody, start + milliseconds);
  const all = Array.from({ length: connections }, () => new Connection(port, path, run));
  await Promise.all(all.map(({ socket }) => once(socket, 'connect')));
  run.open = connections;
  for (const connection of all) connection.send();
  await run.finished;
  const seconds = (performance.now() - start) / 1000;
  for (const { socket } of all) socket.destroy();
  const { answered, refused } = run;
  return { answered, refused, seconds, latencies: run.latencies.slice(0, answered).sort() };
}
