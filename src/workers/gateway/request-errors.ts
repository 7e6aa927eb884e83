/** What can be wrong with a request, in the words that every endpoint uses. */
import { type ApiError, apiError } from './api-error.js';
import type { FlatObject } from './flat-object.js';

export function missing(key: string, allowed: string): ApiError {
  return apiError('MISSING_KEY', `${key} is missing`, key, null, allowed);
}

export function unknownKey(key: string, allowed: string): ApiError {
  return apiError('UNKNOWN_KEY', 'there is no such key', key, null, allowed);
}

export function wrongType(body: FlatObject, i: number, allowed: string): ApiError {
  return apiError('WRONG_TYPE', `${body.keys[i]} has the wrong type`, body.keys[i], body.values[i], allowed);
}

export function invalid(body: FlatObject, i: number, allowed: string): ApiError {
  return apiError('INVALID_VALUE', `${body.keys[i]} is not allowed`, body.keys[i], body.values[i], allowed);
}

/** What FlatObject.parse found wrong. */
export function malformed(body: FlatObject): ApiError {
  if (body.duplicate !== undefined) {
    return apiError('DUPLICATE_KEY', 'a key is given twice', body.duplicate, null, 'each key once');
  }
  return apiError('MALFORMED_JSON', `the body is no JSON object: ${body.problem}`);
}
