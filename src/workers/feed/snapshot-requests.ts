import type { Random } from '../../lib/random.js';
import { Backoff, type BackoffTerms } from './backoff.js';
import type { SnapshotClient } from './snapshot-client.js';

const State = { Idle: 0, Due: 1, Asked: 2, Queued: 3 } as const;
type State = (typeof State)[keyof typeof State];

interface Request {
  readonly symbol: string;
  readonly backoff: Backoff;
  state: State;
  /** When to ask, while Due. */
  dueAt: number;
}

/** Who wants snapshots. */
export interface SnapshotListener {
  /** The snapshot of symbol `index` has arrived. False: there is no room for it. */
  snapshot(index: number, bytes: Uint8Array): boolean;
  /** Asking for symbol `index` failed; it will be tried again. */
  snapshotFailed(symbol: string, text: string): void;
}

/**
 * The snapshots that the books of one connection wait for: at most one request a symbol at any time, the first at random within
 * a moment, the next ones further and further apart. Times are session time, ns.
 */
export class SnapshotRequests {
  /** Requests sent. */
  sent = 0;
  /** Requests that failed, and answers that were no snapshot. */
  failures = 0;

  readonly #client: SnapshotClient;
  readonly #listener: SnapshotListener;
  readonly #now: () => number;
  readonly #requests: readonly Request[];
  #abort = new AbortController();

  constructor(
    symbols: readonly string[],
    client: SnapshotClient,
    listener: SnapshotListener,
    terms: BackoffTerms,
    random: Random,
    now: () => number,
  ) {
    this.#now = now;
    this.#client = client;
    this.#listener = listener;
    this.#requests = symbols.map((symbol) => ({
      symbol,
      backoff: new Backoff(terms, random),
      state: State.Idle,
      dueAt: 0,
    }));
  }

  /** Symbol `index` needs a snapshot. One on its way will do. */
  need(index: number, now: number): void {
    const request = this.#requests[index];
    if (request.state !== State.Idle) return;
    request.state = State.Due;
    request.dueAt = request.backoff.retryAt(now);
  }

  /** The snapshot of symbol `index` goes to its book now. */
  handOver(index: number): void {
    this.#requests[index].state = State.Idle;
  }

  /** What was handed over for symbol `index` was no snapshot. */
  refuse(index: number, now: number): void {
    this.failures++;
    this.#listener.snapshotFailed(this.#requests[index].symbol, 'the answer is no depth snapshot');
    this.need(index, now);
  }

  /** The book of symbol `index` is synced. */
  synced(index: number, now: number): void {
    this.#requests[index].backoff.works(now);
  }

  /** Sends what is due. */
  tick(now: number): void {
    for (let i = 0; i < this.#requests.length; i++) {
      const request = this.#requests[i];
      if (request.state !== State.Due || now < request.dueAt) continue;
      if (!this.#client.mayAsk(now)) return;
      this.#send(i, request);
    }
  }

  /** The connection ended: no book waits any more. */
  reset(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    for (const request of this.#requests) request.state = State.Idle;
  }

  #send(index: number, request: Request): void {
    const { signal } = this.#abort;
    request.state = State.Asked;
    this.sent++;
    void this.#client.ask(request.symbol, signal).then(({ bytes, text }) => {
      if (signal.aborted) return;
      if (bytes !== undefined) {
        // Without room the connection is given up, and this request with it.
        if (this.#listener.snapshot(index, bytes)) request.state = State.Queued;
        return;
      }
      this.failures++;
      request.state = State.Idle;
      this.#listener.snapshotFailed(request.symbol, text);
      this.need(index, this.#now());
    });
  }
}
