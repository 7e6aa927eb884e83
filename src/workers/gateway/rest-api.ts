import type { Config } from '../../config/schema.js';
import type { Instrument, InstrumentTable } from '../../lib/instruments.js';
import { type ApiError, apiError } from './api-error.js';
import { bookMembers, DEFAULT_DEPTH, MAXIMUM_DEPTH } from './book-text.js';
import { FlatObject } from './flat-object.js';
import type { HealthReport } from './health.js';
import type { HttpExchange } from './http-exchange.js';
import { NONE } from './id-index.js';
import type { MarketIntake } from './market-intake.js';
import { METRICS_TYPE } from './metrics.js';
import type { OrderDesk } from './order-desk.js';
import type { RequestParser } from './order-request.js';
import type { OrderStore } from './order-store.js';
import type { PositionStore } from './position-store.js';
import { bodyOf, integerOf, isApiError, parseQuery, type Query } from './query.js';
import { type Renderer, STATUS_TEXT } from './render.js';
import { malformed } from './request-errors.js';
import type { Call, Route } from './routes.js';

/** Rows of a list that a client can ask for. */
export const MAXIMUM_ROWS = 1000;
export const DEFAULT_ROWS = 100;

export interface RestParts {
  readonly config: Config;
  readonly desk: OrderDesk;
  readonly parser: RequestParser;
  readonly store: OrderStore;
  readonly positions: PositionStore;
  readonly renderer: Renderer;
  readonly market: MarketIntake;
  readonly instruments: InstrumentTable;
  readonly health: () => HealthReport;
  readonly metrics: () => string;
  readonly openapi: () => string;
}

/** Filters of lists; -1 or empty: any. */
interface Filter {
  readonly instrument: number;
  readonly status: string;
  readonly account: number;
  readonly limit: number;
}

/** The REST endpoints. openapi.ts describes the same routes; a test holds the two together. */
export class RestApi {
  readonly routes: readonly Route[];
  readonly #parts: RestParts;
  readonly #body = new FlatObject();

  constructor(parts: RestParts) {
    this.#parts = parts;
    const order = '/api/order/{order_id}';
    this.routes = [
      route('POST', '/api/order', (call) => this.#newOrder(call)),
      route('DELETE', order, (call) => this.#cancel(call)),
      route('PATCH', order, (call) => this.#amend(call)),
      route('GET', '/api/orders', (call) => this.#orders(call)),
      route('DELETE', '/api/orders', (call) => this.#massCancel(call)),
      route('GET', '/api/orders/{order_id}', (call) => this.#order(call)),
      route('GET', '/api/executions', (call) => this.#executions(call)),
      route('GET', '/api/positions', (call) => this.#positions(call)),
      route('GET', '/api/instruments', (call) => this.#instruments(call)),
      route('GET', '/api/instruments/{symbol}', (call) => this.#instrumentStatus(call)),
      route('GET', '/api/book/{symbol}', (call) => this.#book(call)),
      route('GET', '/health', (call) => this.#health(call)),
      route('GET', '/metrics', (call) => this.#metrics(call)),
      route('GET', '/openapi.json', (call) => this.#openapi(call)),
    ];
  }

  #newOrder({ exchange, body, query }: Call): void {
    if (query !== '' && this.#query(exchange, query, []) === undefined) return;
    if (!this.#body.parse(body)) {
      exchange.fail(malformed(this.#body));
      return;
    }
    this.#parts.desk.newOrder(this.#body, exchange);
  }

  #cancel({ exchange, parameter, query }: Call): void {
    if (this.#query(exchange, query, []) === undefined) return;
    this.#parts.desk.cancel(parameter, exchange);
  }

  #amend({ exchange, parameter, body, query }: Call): void {
    if (this.#query(exchange, query, []) === undefined) return;
    if (!this.#body.parse(body)) {
      exchange.fail(malformed(this.#body));
      return;
    }
    this.#parts.desk.amend(parameter, this.#body, exchange);
  }

  #massCancel({ exchange, query }: Call): void {
    const filters = this.#query(exchange, query, ['symbol', 'side', 'account']);
    if (filters !== undefined) this.#parts.desk.massCancel(bodyOf(filters), exchange);
  }

  #order({ exchange, parameter, query }: Call): void {
    if (this.#query(exchange, query, []) === undefined) return;
    const place = this.#parts.desk.find(parameter);
    if (place === NONE) {
      const message = 'the gateway has no such order';
      exchange.fail(apiError('NOT_FOUND', message, 'order_id', parameter, 'an id from a reply'));
      return;
    }
    exchange.reply(200, this.#parts.renderer.order(place));
  }

  #orders({ exchange, query }: Call): void {
    const filter = this.#filter(exchange, query, ['symbol', 'status', 'account', 'limit']);
    if (filter === undefined) return;
    const { store, renderer } = this.#parts;
    const rows: string[] = [];
    for (let at = store.newest; at !== NONE && rows.length < filter.limit; at = store.olderThan(at)) {
      const { status, instrument, account } = store.orders;
      if (filter.instrument >= 0 && instrument[at] !== filter.instrument) continue;
      if (filter.account >= 0 && account[at] !== filter.account) continue;
      if (filter.status === 'OPEN' ? !store.isOpen(at) : !matches(filter.status, STATUS_TEXT[status[at]]))
        continue;
      rows.push(renderer.order(at));
    }
    exchange.reply(200, `{"orders":[${rows.join(',')}]}`);
  }

  #executions({ exchange, query }: Call): void {
    const filter = this.#filter(exchange, query, ['symbol', 'account', 'limit']);
    if (filter === undefined) return;
    const { store, renderer } = this.#parts;
    const { account, instrument } = store.executions;
    const rows: string[] = [];
    const oldest = store.oldestExecution;
    for (let number = store.executionCount; number >= oldest && rows.length < filter.limit; number--) {
      const at = store.executionPlace(number);
      if (filter.instrument >= 0 && instrument[at] !== filter.instrument) continue;
      if (filter.account >= 0 && account[at] !== filter.account) continue;
      rows.push(renderer.execution(number));
    }
    exchange.reply(200, `{"executions":[${rows.join(',')}]}`);
  }

  #positions({ exchange, query }: Call): void {
    const filter = this.#filter(exchange, query, ['symbol', 'account']);
    if (filter === undefined) return;
    const { positions, renderer } = this.#parts;
    const rows = positions.places
      .filter((at) => filter.instrument < 0 || positions.instrument(at) === filter.instrument)
      .filter((at) => filter.account < 0 || positions.account(at) === filter.account)
      .map((at) => renderer.position(at));
    exchange.reply(200, `{"positions":[${rows.join(',')}]}`);
  }

  #instruments({ exchange, query }: Call): void {
    if (this.#query(exchange, query, []) === undefined) return;
    const { instruments, renderer } = this.#parts;
    exchange.reply(
      200,
      `{"instruments":[${instruments.all.map((one) => renderer.instrument(one)).join(',')}]}`,
    );
  }

  #instrumentStatus({ exchange, parameter, query }: Call): void {
    if (this.#query(exchange, query, []) === undefined) return;
    const instrument = this.#instrument(parameter);
    if (isApiError(instrument)) exchange.fail({ ...instrument, code: 'NOT_FOUND' });
    else exchange.reply(200, this.#parts.renderer.instrument(instrument));
  }

  #book({ exchange, parameter, query }: Call): void {
    const parameters = this.#query(exchange, query, ['depth']);
    if (parameters === undefined) return;
    const depth = integerOf(parameters, 'depth', 1, MAXIMUM_DEPTH, DEFAULT_DEPTH);
    if (typeof depth !== 'number') {
      exchange.fail(depth);
      return;
    }
    const instrument = this.#instrument(parameter);
    if (isApiError(instrument)) {
      exchange.fail({ ...instrument, code: 'NOT_FOUND' });
      return;
    }
    const { market } = this.#parts;
    const book = market.book(instrument.index);
    if (book === undefined) {
      const message = 'the book is being synchronised; try again';
      exchange.fail(apiError('BOOK_NOT_SYNCED', message, 'symbol', parameter));
      return;
    }
    exchange.reply(200, `{${bookMembers(instrument, book, depth, market.venueSequence(instrument.index))}}`);
  }

  #health({ exchange }: Call): void {
    const report = this.#parts.health();
    exchange.reply(report.ready ? 200 : 503, report.body);
  }

  #metrics({ exchange }: Call): void {
    exchange.reply(200, this.#parts.metrics(), { type: METRICS_TYPE });
  }

  #openapi({ exchange }: Call): void {
    exchange.reply(200, this.#parts.openapi());
  }

  /** The query's parameters; undefined when it has been refused. */
  #query(exchange: HttpExchange, text: string, allowed: readonly string[]): Query | undefined {
    const query = parseQuery(text, allowed);
    if (!isApiError(query)) return query;
    exchange.fail(query);
    return undefined;
  }

  #instrument(symbol: string): Instrument | ApiError {
    return this.#parts.instruments.bySymbol(symbol) ?? this.#parts.parser.unknownSymbol(symbol);
  }

  #filter(exchange: HttpExchange, text: string, allowed: readonly string[]): Filter | undefined {
    const query = this.#query(exchange, text, allowed);
    if (query === undefined) return undefined;
    const filter = this.#filterOf(query);
    if (!isApiError(filter)) return filter;
    exchange.fail(filter);
    return undefined;
  }

  #filterOf(query: Query): Filter | ApiError {
    const symbol = query.get('symbol');
    const instrument = symbol === undefined ? undefined : this.#instrument(symbol);
    if (instrument !== undefined && isApiError(instrument)) return instrument;
    const status = (query.get('status') ?? '').toUpperCase();
    const statuses = ['OPEN', ...STATUS_TEXT];
    if (status !== '' && !statuses.includes(status)) {
      return apiError('INVALID_VALUE', 'status is not allowed', 'status', status, statuses.join(', '));
    }
    const account = query.has('account') ? this.#parts.parser.account(query.get('account') ?? '') : -1;
    if (account === 0) {
      const given = query.get('account') ?? '';
      return apiError('INVALID_VALUE', 'account is not allowed', 'account', given, 'the id of an account');
    }
    const limit = integerOf(query, 'limit', 1, MAXIMUM_ROWS, DEFAULT_ROWS);
    return typeof limit === 'number'
      ? { instrument: instrument?.index ?? -1, status, account, limit }
      : limit;
  }
}

function matches(wanted: string, status: string): boolean {
  return wanted === '' || wanted === status;
}

function route(method: Route['method'], path: string, handle: (call: Call) => void): Route {
  return { method, path, takesBody: method === 'POST' || method === 'PATCH', handle };
}
