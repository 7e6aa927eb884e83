import type { HttpExchange } from './http-exchange.js';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a handler is given. The request object of uWebSockets.js is gone by then; this is all there is. */
export interface Call {
  readonly exchange: HttpExchange;
  /** Value of the path's one parameter, percent-decoded; empty where it has none. */
  readonly parameter: string;
  /** Text after the question mark. */
  readonly query: string;
  /** Text of the body; empty where the route takes none. */
  readonly body: string;
  /** The header X-Operator where the route is an operation; else, or without one, empty. */
  readonly operator: string;
}

export interface Route {
  readonly method: Method;
  /** Literal, or with one last segment in braces: `/api/orders/{order_id}`. */
  readonly path: string;
  readonly takesBody: boolean;
  /** Changes how the system runs: the handler is told who asks. */
  readonly isOperation?: boolean;
  handle(call: Call): void;
}

/** A path with the methods that it has. */
export interface Match {
  readonly routes: ReadonlyMap<string, Route>;
  readonly parameter: string;
}

/** Finds routes by path. */
export class RouteTable {
  readonly all: readonly Route[];
  readonly #literal = new Map<string, Map<string, Route>>();
  readonly #prefixed = new Map<string, Map<string, Route>>();

  constructor(routes: readonly Route[]) {
    this.all = routes;
    for (const route of routes) {
      const brace = route.path.indexOf('{');
      const map = brace < 0 ? this.#literal : this.#prefixed;
      const key = brace < 0 ? route.path : route.path.slice(0, brace);
      const methods = map.get(key) ?? new Map<string, Route>();
      methods.set(route.method, route);
      map.set(key, methods);
    }
  }

  /** The methods at `path`; undefined when there is no such path. */
  match(path: string): Match | undefined {
    const routes = this.#literal.get(path);
    if (routes !== undefined) return { routes, parameter: '' };
    const slash = path.lastIndexOf('/') + 1;
    const prefixed = slash < path.length ? this.#prefixed.get(path.slice(0, slash)) : undefined;
    const parameter = prefixed === undefined ? undefined : decoded(path.slice(slash));
    return prefixed === undefined || parameter === undefined ? undefined : { routes: prefixed, parameter };
  }
}

function decoded(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
