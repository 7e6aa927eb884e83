import {
  App,
  type HttpRequest,
  type HttpResponse,
  type TemplatedApp,
  type us_listen_socket,
  us_listen_socket_close,
  us_socket_local_port,
  type WebSocketBehavior,
} from 'uWebSockets.js';
import { isLoopback } from '../../config/endpoints.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { type ApiError, apiError, type ErrorCode } from './api-error.js';
import type { Guard } from './guard.js';
import { HttpExchange } from './http-exchange.js';
import { isApiError } from './query.js';
import type { Match, RouteTable } from './routes.js';

export interface HttpServerParts<UserData extends object> {
  readonly routes: RouteTable;
  readonly websocket: WebSocketBehavior<UserData>;
  /** What a new WebSocket connection starts with, from the query of its request; or why it is refused. */
  readonly admit: (query: string) => UserData | ApiError;
  readonly counters: CounterWriter;
  readonly guard: Guard;
  readonly maximumBodyBytes: number;
  readonly maximumConnections: number;
  /** Only this machine can reach the server. */
  readonly loopback: boolean;
}

/** LIBUS_LISTEN_EXCLUSIVE_PORT, of which the package has the type but not the value. */
const EXCLUSIVE_PORT = 1;

/**
 * A form of `listen` that the native module has and its types leave out. Without the option a second process listens on the same port
 * as well, and the kernel deals the clients out between the two.
 */
interface ExclusiveListener {
  listen(
    host: string,
    port: number,
    options: number,
    callback: (socket: us_listen_socket | false) => void,
  ): unknown;
}

const TOO_MANY = apiError('TOO_MANY_CONNECTIONS', 'too many connections are open');

const WEBSOCKET_PATH = '/ws';

/** The listening socket, the connections, and the one wrapper that every HTTP request goes through. */
export class HttpServer<UserData extends object> {
  readonly #parts: HttpServerParts<UserData>;
  readonly #app: TemplatedApp;
  #listener: us_listen_socket | undefined;
  #httpConnections = 0;
  #webSockets = 0;
  #closed = false;

  constructor(parts: HttpServerParts<UserData>) {
    this.#parts = parts;
    const app = App();
    const count = (_response: HttpResponse, change: number): void => {
      this.#httpConnections += change;
    };
    app.filter(count);
    app.ws(WEBSOCKET_PATH, this.#limited(parts.websocket));
    // The order path has its own pattern: uWebSockets.js finds it first, and it needs no look-up here.
    const orders = parts.routes.match('/api/order');
    app.post('/api/order', (response, request) => this.#serve(response, request, orders));
    app.any('/*', (response, request) => this.#serve(response, request));
    this.#app = app;
  }

  /** Opens the port, for this process alone; resolves to its number. Rejects when it cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const app: ExclusiveListener = this.#app as unknown as ExclusiveListener;
      app.listen(host, port, EXCLUSIVE_PORT, (socket) => {
        if (socket === false) {
          const why = `cannot listen on ${host}:${port} (another process may hold that port)`;
          reject(new Error(`gateway.port is ${port}: ${why}, allowed: a free port, or 0 for any`));
          return;
        }
        this.#listener = socket;
        resolve(us_socket_local_port(socket as unknown as Parameters<typeof us_socket_local_port>[0]));
      });
    });
  }

  get connections(): number {
    return this.#httpConnections + this.#webSockets;
  }

  /** Takes no new connections; those there are go on. */
  stopListening(): void {
    if (this.#listener === undefined) return;
    us_listen_socket_close(this.#listener);
    this.#listener = undefined;
  }

  /** Closes everything; afterwards nothing of it holds the event loop open. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.stopListening();
    this.#app.close();
  }

  #serve(response: HttpResponse, request: HttpRequest, known?: Match): void {
    const { counters, guard } = this.#parts;
    const exchange = new HttpExchange(response, counters, guard);
    exchange.run(() => this.#dispatch(exchange, request, known));
  }

  #dispatch(exchange: HttpExchange, request: HttpRequest, known: Match | undefined): void {
    const { maximumBodyBytes, maximumConnections } = this.#parts;
    const method = request.getCaseSensitiveMethod();
    exchange.bodiless = method === 'HEAD';
    if (this.connections > maximumConnections) {
      exchange.fail(TOO_MANY, { close: true });
      return;
    }
    const foreign = foreignOrigin(request, this.#parts.loopback);
    if (foreign !== undefined) {
      refuse(exchange, 'FORBIDDEN_ORIGIN', 'origin', foreign, 'the server itself');
      return;
    }
    const match = known ?? this.#parts.routes.match(request.getUrl());
    if (match === undefined) {
      const path = request.getUrl();
      if (path === WEBSOCKET_PATH) refuse(exchange, 'UPGRADE_REQUIRED', 'upgrade', method, 'websocket');
      else refuse(exchange, 'NOT_FOUND', 'path', path, 'see /openapi.json');
      return;
    }
    const route = match.routes.get(method);
    if (route === undefined) {
      const allow = [...match.routes.keys()].join(', ');
      const error = apiError('METHOD_NOT_ALLOWED', 'the path has no such method', 'method', method, allow);
      exchange.fail(error, { allow, close: true });
      return;
    }
    const query = request.getQuery() ?? '';
    const { parameter } = match;
    const operator = route.isOperation === true ? request.getHeader('x-operator') : '';
    if (!route.takesBody) {
      route.handle({ exchange, parameter, query, body: '', operator });
      return;
    }
    exchange.readBody(request.getHeader('content-length'), maximumBodyBytes, (body) =>
      route.handle({ exchange, parameter, query, body, operator }),
    );
  }

  /** The WebSocket upgrade is an HTTP request too: same limits. */
  #limited(behavior: WebSocketBehavior<UserData>): WebSocketBehavior<UserData> {
    return {
      ...behavior,
      upgrade: (response, request, context) => {
        const exchange = new HttpExchange(response, this.#parts.counters, this.#parts.guard);
        exchange.run(() => {
          if (this.connections > this.#parts.maximumConnections)
            return exchange.fail(TOO_MANY, { close: true });
          const foreign = foreignOrigin(request, this.#parts.loopback);
          if (foreign !== undefined)
            return refuse(exchange, 'FORBIDDEN_ORIGIN', 'origin', foreign, 'the server itself');
          const data = this.#parts.admit(request.getQuery() ?? '');
          if (isApiError(data)) return exchange.fail(data);
          exchange.upgraded();
          response.upgrade<UserData>(
            data,
            request.getHeader('sec-websocket-key'),
            request.getHeader('sec-websocket-protocol'),
            request.getHeader('sec-websocket-extensions'),
            context,
          );
        });
      },
      // The filter of uWebSockets.js never hears of an upgraded connection again.
      open: (socket) => {
        this.#httpConnections--;
        this.#webSockets++;
        return behavior.open?.(socket);
      },
      close: (socket, code, message) => {
        this.#webSockets--;
        behavior.close?.(socket, code, message);
      },
    };
  }
}

function refuse(exchange: HttpExchange, code: ErrorCode, key: string, value: string, allowed: string): void {
  exchange.fail(apiError(code, MESSAGES[code] ?? code, key, value, allowed));
}

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  FORBIDDEN_ORIGIN: 'a page of another site may not use this server',
  NOT_FOUND: 'there is no such path',
  UPGRADE_REQUIRED: 'this path speaks WebSocket',
};

/**
 * The Origin of a request that a page of another site makes a browser send, else undefined. A gateway on the loopback
 * address has no other guard against such pages. There the name of the host has to be a loopback one as well: a site can
 * let its own name lead to 127.0.0.1 (DNS rebinding), and its pages are then of the same origin.
 */
function foreignOrigin(request: HttpRequest, loopback: boolean): string | undefined {
  const origin = request.getHeader('origin');
  if (origin === '') return undefined;
  const host = request.getHeader('host');
  const scheme = origin.indexOf('://');
  const own = scheme > 0 && origin.slice(scheme + 3) === host;
  return own && (!loopback || isLoopback(hostName(host))) ? undefined : origin;
}

/** The host of `host[:port]`, without the brackets of an IPv6 address. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
}
