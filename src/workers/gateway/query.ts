import { type ApiError, apiError } from './api-error.js';
import { FlatObject, JsonKind } from './flat-object.js';

/** Parameters of a request's query, each at most once and none unknown. */
export type Query = ReadonlyMap<string, string>;

/** Splits a query string; `allowed` names the parameters that there are. */
export function parseQuery(text: string, allowed: readonly string[]): Query | ApiError {
  const query = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text)) {
    if (!allowed.includes(key)) {
      const list = allowed.length === 0 ? 'no parameters' : allowed.join(', ');
      return apiError('UNKNOWN_KEY', 'there is no such parameter', key, value, list);
    }
    if (query.has(key))
      return apiError('DUPLICATE_KEY', 'a parameter is given twice', key, value, 'each once');
    query.set(key, value);
  }
  return query;
}

export function isApiError(value: object): value is ApiError {
  return 'code' in value;
}

/** A whole number from `minimum` to `maximum`; `fallback` when it is not given. */
export function integerOf(
  query: Query,
  key: string,
  minimum: number,
  maximum: number,
  fallback: number,
): number | ApiError {
  const text = query.get(key);
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value >= minimum && value <= maximum) return value;
  return apiError(
    'INVALID_VALUE',
    `${key} is not allowed`,
    key,
    text,
    `an integer from ${minimum} to ${maximum}`,
  );
}

/** A query in the shape of a request body, so that one set of checks serves both. */
export function bodyOf(query: Query): FlatObject {
  const body = new FlatObject();
  for (const [key, value] of query) {
    body.keys[body.count] = key;
    body.kinds[body.count] = JsonKind.Text;
    body.values[body.count++] = value;
  }
  return body;
}
