import type { HttpResponse } from 'uWebSockets.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';
import { type ApiError, apiError, ERROR_STATUS, errorBody } from './api-error.js';
import type { Guard } from './guard.js';
import type { Responder } from './responder.js';

const C = counterIds('gateway');

const STATUS_LINES: Readonly<Record<number, string>> = {
  200: '200 OK',
  400: '400 Bad Request',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  413: '413 Payload Too Large',
  422: '422 Unprocessable Content',
  426: '426 Upgrade Required',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  503: '503 Service Unavailable',
  504: '504 Gateway Timeout',
};

/** Seconds that a refused client is asked to wait. */
const RETRY_AFTER = '1';
const JSON_TYPE = 'application/json';

const INTERNAL = apiError('INTERNAL', 'this request met a defect, which has been logged');

export interface ReplyOptions {
  readonly type?: string;
  /** Value of the Allow header (405). */
  readonly allow?: string;
  /** Close the connection after the reply. */
  readonly close?: boolean;
}

/**
 * One HTTP request until its one reply. The response object of uWebSockets.js must not be touched after the reply or after the
 * client went away; here it is forgotten at that moment, so nothing can.
 */
export class HttpExchange implements Responder {
  /** The request is a HEAD: its reply has the headers alone, or the client would read the body as the next reply. */
  bodiless = false;
  readonly owner = 0;
  readonly cancelOnDisconnect = false;
  #response: HttpResponse | undefined;
  readonly #counters: CounterWriter;
  readonly #guard: Guard;

  constructor(response: HttpResponse, counters: CounterWriter, guard: Guard) {
    this.#response = response;
    this.#counters = counters;
    this.#guard = guard;
    counters.add(C.http_requests_total, 1);
    response.onAborted(() => {
      if (this.#response === undefined) return;
      this.#response = undefined;
      this.#counters.add(C.http_aborted_total, 1);
    });
  }

  get open(): boolean {
    return this.#response !== undefined;
  }

  answer(status: number, body: string): void {
    this.reply(status, body);
  }

  /** Address of the client as text; empty when it went away. */
  remoteAddress(): string {
    return this.#response === undefined
      ? ''
      : Buffer.from(this.#response.getRemoteAddressAsText()).toString();
  }

  fail(error: ApiError, options?: ReplyOptions): void {
    this.reply(ERROR_STATUS[error.code], errorBody(error), options);
  }

  reply(status: number, body: string, options: ReplyOptions = {}): void {
    const response = this.#response;
    if (response === undefined) return;
    this.#response = undefined;
    if (status >= 400) this.#counters.add(C.http_errors_total, 1);
    response.cork(() => {
      response.writeStatus(STATUS_LINES[status] ?? String(status));
      response.writeHeader('content-type', options.type ?? JSON_TYPE);
      if (options.allow !== undefined) response.writeHeader('allow', options.allow);
      if (status === ERROR_STATUS.BUSY) response.writeHeader('retry-after', RETRY_AFTER);
      if (this.bodiless) response.end('', options.close);
      else if (options.close === true) response.end(body, true);
      else this.#send(response, body);
    });
  }

  /**
   * Never leaves more than this one body waiting for a client that does not read. `end` would: its connection may send requests
   * on and on, and each reply would be kept. With one unfinished, uWebSockets.js closes the connection at the next request.
   */
  #send(response: HttpResponse, body: string): void {
    const length = Buffer.byteLength(body);
    const [, done] = response.tryEnd(body, length);
    if (done) return;
    const rest = Buffer.from(body);
    response.onWritable((offset) => response.tryEnd(rest.subarray(offset), length)[0]);
  }

  /**
   * Collects the body and hands its text on. Chunks are copied: their memory is gone when the handler returns. A body over `limit`
   * bytes is refused as soon as that is known.
   */
  readBody(declaredLength: string, limit: number, done: (text: string) => void): void {
    const response = this.#response;
    if (response === undefined) return;
    if (Number(declaredLength) > limit) {
      this.#tooLarge(declaredLength, limit);
      return;
    }
    let chunks: Buffer[] | undefined;
    let length = 0;
    response.onData((chunk, isLast) => {
      if (!this.open) return;
      this.run(() => {
        length += chunk.byteLength;
        if (length > limit) return this.#tooLarge(`${length} bytes and more`, limit);
        const view = Buffer.from(chunk);
        if (isLast && chunks === undefined) return done(view.toString('utf8'));
        chunks ??= [];
        chunks.push(Buffer.concat([view]));
        if (isLast) done(Buffer.concat(chunks).toString('utf8'));
      });
    });
  }

  /** The connection becomes a WebSocket: there will be no reply. */
  upgraded(): void {
    this.#response = undefined;
  }

  /** Runs a part of this request's handler. */
  run(part: () => void): void {
    this.#guard.run(part, () => this.fail(INTERNAL));
  }

  #tooLarge(length: string, limit: number): void {
    const error = apiError(
      'BODY_TOO_LARGE',
      'the body is too large',
      'content-length',
      length,
      `at most ${limit} bytes`,
    );
    this.fail(error, { close: true });
  }
}
