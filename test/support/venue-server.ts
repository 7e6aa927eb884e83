import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { depthOf, TextBook, type VenueSession } from './venue-session.js';

/** An answer that the server gives instead of the next snapshots. */
export interface OtherAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const FRAMES_PER_TURN = 50;

/**
 * A venue on loopback that speaks Binance's protocol: one symbol's combined stream over WebSocket and its depth snapshots over
 * REST. The market moves when the test says so (`play`), whether or not anybody is connected, as a market does.
 */
export class VenueServer {
  readonly session: VenueSession;
  /** The venue's book where the stream stands. */
  readonly book: TextBook;
  /** Frames played. */
  position = 0;
  /** Connections made so far, and what was asked for. */
  connections = 0;
  readonly requests: string[] = [];
  /** Answers to give before snapshots are given again. */
  readonly answers: OtherAnswer[] = [];
  /** Snapshots given. */
  snapshots = 0;

  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();
  #snapshotDue: number;

  private constructor(session: VenueSession) {
    this.session = session;
    this.book = new TextBook(session.snapshot);
    this.#snapshotDue = this.book.lastId;
    this.#http = createServer((request, response) => this.#answer(request, response));
    const stream = new WebSocketServer({ server: this.#http, path: '/stream' });
    stream.on('connection', (socket, request) => {
      this.connections++;
      this.requests.push(request.url ?? '');
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(session: VenueSession): Promise<VenueServer> {
    const server = new VenueServer(session);
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  get #address(): string {
    return `127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get websocketUrl(): string {
    return `ws://${this.#address}`;
  }

  get restUrl(): string {
    return `http://${this.#address}`;
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#sockets.size;
  }

  /** Lets the next `count` messages of the session happen, no faster than they are read. */
  async play(count = Number.POSITIVE_INFINITY): Promise<void> {
    const end = Math.min(this.session.frames.length, this.position + count);
    while (this.position < end) {
      for (let n = 0; n < FRAMES_PER_TURN && this.position < end; n++) this.send(this.#step());
      do await turn();
      while ([...this.#sockets].some((socket) => socket.bufferedAmount > 0));
    }
  }

  /** Plays until a depth update has happened; true to tell the clients. */
  playDepth(tell: boolean): void {
    for (;;) {
      const frame = this.#step();
      const isDepth = depthOf(frame) !== undefined;
      if (tell || !isDepth) this.send(frame);
      if (isDepth) return;
    }
  }

  /** Sends anything to all clients. */
  send(frame: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.send(frame, { binary: false });
  }

  /** Ends the clients' connections: in order, or as a cut line does. */
  disconnect(kind: 'close' | 'cut'): void {
    for (const socket of this.#sockets) {
      if (kind === 'close') socket.close(1001);
      else socket.terminate();
    }
  }

  async close(): Promise<void> {
    this.disconnect('cut');
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #step(): string {
    const frame = this.session.frames[this.position++];
    const update = depthOf(frame);
    if (update !== undefined) this.book.apply(update);
    return frame;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { market, symbol, snapshot } = this.session;
    const url = request.url ?? '';
    this.requests.push(url);
    const other = this.answers.shift();
    if (other !== undefined) {
      response.writeHead(other.status, other.headers).end(other.body ?? '{"code":-1003,"msg":"no"}');
      return;
    }
    const path = market === 'usdm' ? '/fapi/v1/depth' : '/api/v3/depth';
    if (url !== `${path}?symbol=${symbol}&limit=1000`) {
      response.writeHead(404).end();
      return;
    }
    this.snapshots++;
    const isFirst = this.book.lastId === this.#snapshotDue;
    response.end(isFirst ? snapshot : this.book.snapshot(market));
  }
}
