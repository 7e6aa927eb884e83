import { DEFAULT_DEPTH, MAXIMUM_DEPTH } from './book-text.js';
import { SCHEMAS } from './openapi-schemas.js';
import { operationPaths } from './operations/openapi-operations.js';
import { STATUS_TEXT } from './render.js';
import { DEFAULT_ROWS, MAXIMUM_ROWS } from './rest-api.js';

type Json = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly parameters?: readonly Json[];
  readonly body?: string;
  /** Schema of the reply by status. */
  readonly replies: Readonly<Record<string, string>>;
}

const text = { type: 'string' };
const parameter = (where: string, name: string, schema: Json, required = false): Json => ({
  name,
  in: where,
  required,
  schema,
});
const orderId = parameter('path', 'order_id', { type: 'string', pattern: '^[0-9]+$' }, true);
const symbol = parameter('query', 'symbol', text);
const account = parameter('query', 'account', { type: 'integer', minimum: 1, maximum: 65_535 });
const limit = parameter('query', 'limit', {
  type: 'integer',
  minimum: 1,
  maximum: MAXIMUM_ROWS,
  default: DEFAULT_ROWS,
});

/** Replies that any request may get. */
const ALWAYS = { 400: 'Error', 403: 'Error', 500: 'Error', 503: 'Error' };
/** Replies of what goes through risk and matching. */
const COMMAND = { ...ALWAYS, 429: 'Error', 504: 'Error' };

const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/order',
    summary:
      'Enters an order. 200: taken, whatever became of it; 422: refused by risk or matching, see reason',
    body: 'NewOrder',
    replies: { 200: 'Order', 422: 'Order', 413: 'Error', ...COMMAND },
  },
  {
    method: 'delete',
    path: '/api/order/{order_id}',
    summary: 'Cancels an order',
    parameters: [orderId],
    replies: { 200: 'Order', 422: 'Order', 404: 'Error', 409: 'Error', ...COMMAND },
  },
  {
    method: 'patch',
    path: '/api/order/{order_id}',
    summary:
      'Changes price, total quantity, stop price, or several of them. A smaller quantity alone keeps priority',
    parameters: [orderId],
    body: 'AmendOrder',
    replies: { 200: 'Order', 422: 'Order', 404: 'Error', 409: 'Error', 413: 'Error', ...COMMAND },
  },
  {
    method: 'get',
    path: '/api/orders',
    summary: 'Orders entered through this gateway, newest first',
    parameters: [
      symbol,
      parameter('query', 'status', { ...text, enum: ['OPEN', ...STATUS_TEXT] }),
      account,
      limit,
    ],
    replies: { 200: 'Orders', ...ALWAYS },
  },
  {
    method: 'delete',
    path: '/api/orders',
    summary: 'Cancels all open orders of an account (default: gateway.account), of all sources',
    parameters: [symbol, parameter('query', 'side', { ...text, enum: ['BUY', 'SELL'] }), account],
    replies: { 200: 'MassCancelResult', 422: 'MassCancelResult', ...COMMAND },
  },
  {
    method: 'get',
    path: '/api/orders/{order_id}',
    summary: 'One order',
    parameters: [orderId],
    replies: { 200: 'Order', 404: 'Error', ...ALWAYS },
  },
  {
    method: 'get',
    path: '/api/executions',
    summary: 'Fills of orders entered through this gateway, newest first',
    parameters: [symbol, account, limit],
    replies: { 200: 'Executions', ...ALWAYS },
  },
  {
    method: 'get',
    path: '/api/positions',
    summary: 'Positions of all accounts',
    parameters: [symbol, account],
    replies: { 200: 'Positions', ...ALWAYS },
  },
  {
    method: 'get',
    path: '/api/instruments',
    summary: 'What can be traded, and in which phase of trading it is',
    replies: { 200: 'Instruments', ...ALWAYS },
  },
  {
    method: 'get',
    path: '/api/instruments/{symbol}',
    summary: 'One instrument, its phase of trading and the indicative price of its auction',
    parameters: [parameter('path', 'symbol', text, true)],
    replies: { 200: 'Instrument', 404: 'Error', ...ALWAYS },
  },
  {
    method: 'get',
    path: '/api/book/{symbol}',
    summary: 'The book by price level, best first. 503 while it is being synchronised',
    parameters: [
      parameter('path', 'symbol', text, true),
      parameter('query', 'depth', {
        type: 'integer',
        minimum: 1,
        maximum: MAXIMUM_DEPTH,
        default: DEFAULT_DEPTH,
      }),
    ],
    replies: { 200: 'Book', 404: 'Error', ...ALWAYS },
  },
  ...operationPaths({ ...COMMAND, 413: 'Error' }),
  {
    method: 'get',
    path: '/health',
    summary: '200 when every stage runs and orders are accepted, else 503',
    replies: { 200: 'Health', 403: 'Error', 500: 'Error', 503: 'Health' },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Counters and latencies, Prometheus text',
    replies: { 200: 'text/plain', 403: 'Error', 500: 'Error', 503: 'Error' },
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    replies: { 200: 'application/json', 403: 'Error', 500: 'Error', 503: 'Error' },
  },
];

/** The OpenAPI 3.1 document of the REST endpoints. https://spec.openapis.org/oas/v3.1.0 */
export function openapiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] ??= {};
    paths[operation.path][operation.method] = operationObject(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace gateway',
      version: '1',
      description:
        'Order entry and market data. Prices and quantities are exact decimals in text; ids are text. `/ws` takes the same ' +
        'orders as JSON messages ({"op":"order", ...}) or FlatBuffers, and cancels what a session leaves open if that is asked for ' +
        '(`/ws?cancel_on_disconnect=true`). Bodies over gateway.max_body_bytes are refused with 413. One request at a ' +
        'time on a connection: one that comes before the answer to the last closes it, and that answer is lost, not its order.',
    },
    paths,
    components: { schemas: SCHEMAS },
  };
}

function operationObject({ summary, parameters, body, replies }: Operation): Json {
  const content = (name: string): Json => {
    if (name.includes('/')) return { [name]: { schema: name === 'text/plain' ? text : { type: 'object' } } };
    return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
  };
  const responses = Object.fromEntries(
    Object.entries(replies).map(([status, name]) => [
      status,
      { description: STATUS_MEANING[status], content: content(name) },
    ]),
  );
  return {
    summary,
    ...(parameters && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, content: content(body) } }),
    responses,
  };
}

const STATUS_MEANING: Readonly<Record<string, string>> = {
  200: 'Done',
  400: 'The request is malformed: see key, value, allowed',
  403: 'A page of another site sent it',
  404: 'Not there',
  409: 'The order is closed, or an amend of it is not answered yet: see code',
  413: 'The body is too large',
  422: 'Refused by risk or matching: see reason',
  429: 'Overloaded: try again after Retry-After',
  500: 'A defect',
  503: 'Not now: see code',
  504: 'No answer from the core in time; the order may still be live',
};
