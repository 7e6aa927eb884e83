import WebSocket from 'ws';
import type { Backoff } from './backoff.js';

/** Who uses the connection. */
export interface SocketListener {
  opened(): void;
  /** One message; `data` is only valid during the call. */
  message(data: Uint8Array): void;
  /** The connection, or the attempt to make one, ended; the next attempt comes in `retryMs`. */
  down(reason: string, wasOpen: boolean, retryMs: number): void;
}

/** What a socket has to watch, ns. */
export interface SocketTerms {
  /** A connection without a message for this long is given up. */
  readonly staleAfter: number;
  /** Longest message, bytes. */
  readonly maximumMessage: number;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
const NEVER = Number.POSITIVE_INFINITY;
/** Of an orderly end (RFC 6455, 7.4.1). */
const NORMAL_CLOSURE = 1000;

/**
 * A WebSocket connection that is made again for ever. `tick` drives all that depends on time; there are no timers of its own.
 * Times are session time, ns.
 */
export class StreamSocket {
  readonly #url: string;
  readonly #terms: SocketTerms;
  readonly #backoff: Backoff;
  readonly #listener: SocketListener;
  readonly #now: () => number;
  #socket: WebSocket | undefined;
  #open = false;
  #stopped = false;
  #connectAt = NEVER;
  /** Of the last message. */
  #messageAt = 0;
  #pinged = false;
  #ponged = false;

  constructor(
    url: string,
    terms: SocketTerms,
    backoff: Backoff,
    listener: SocketListener,
    now: () => number,
  ) {
    this.#url = url;
    this.#terms = terms;
    this.#backoff = backoff;
    this.#listener = listener;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  connect(): void {
    const socket = new WebSocket(this.#url, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: this.#terms.maximumMessage,
      perMessageDeflate: false,
      skipUTF8Validation: true, // the parser refuses what is not plain ASCII JSON anyway
      followRedirects: false,
    });
    this.#connectAt = NEVER;
    this.#socket = socket;
    let problem = '';
    socket.on('open', () => {
      if (this.#socket === socket) this.#opened();
    });
    socket.on('message', (data) => {
      if (this.#socket !== socket || this.#stopped) return;
      this.#messageAt = this.#now();
      this.#pinged = false;
      this.#listener.message(data as Buffer);
    });
    socket.on('pong', () => {
      this.#ponged = true;
    });
    socket.on('error', (error) => {
      problem = error.message;
    });
    socket.on('close', (code) => {
      if (this.#socket === socket) this.#down(problem || `closed by the venue with code ${code}`);
    });
  }

  /** Gives this connection up and makes another. */
  drop(reason: string): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#down(reason);
    socket.terminate();
  }

  /** Makes the connection when it is time to, and gives up a silent one. */
  tick(now: number): void {
    if (this.#stopped) return;
    if (now >= this.#connectAt) this.connect();
    if (!this.#open) return;
    const age = now - this.#messageAt;
    const { staleAfter } = this.#terms;
    if (age > staleAfter) {
      const line = this.#ponged ? 'the line is up' : 'no answer to a ping';
      this.drop(`no data for ${Math.round(age / 1e6)} ms, ${line}`);
    } else if (age > staleAfter / 2 && !this.#pinged) {
      this.#pinged = true;
      this.#ponged = false;
      this.#socket?.ping();
    }
  }

  /** Ends the connection in order, for good. */
  stop(): void {
    this.#stopped = true;
    this.#connectAt = NEVER;
    this.#open = false;
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.OPEN) socket.close(NORMAL_CLOSURE);
    else this.close();
  }

  /** Leaves nothing open. */
  close(): void {
    this.#stopped = true;
    this.#open = false;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.terminate();
  }

  #opened(): void {
    const now = this.#now();
    this.#open = true;
    this.#messageAt = now;
    this.#pinged = false;
    this.#ponged = false;
    this.#backoff.works(now);
    this.#listener.opened();
  }

  #down(reason: string): void {
    const wasOpen = this.#open;
    this.#socket = undefined;
    this.#open = false;
    if (this.#stopped) return;
    const now = this.#now();
    this.#connectAt = this.#backoff.retryAt(now);
    this.#listener.down(reason, wasOpen, Math.round((this.#connectAt - now) / 1e6));
  }
}
