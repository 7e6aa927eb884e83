import { type ApiError, apiError } from '../api-error.js';
import { FlatObject, JsonKind } from '../flat-object.js';
import type { Call } from '../routes.js';
import type { Operator } from './audit-trail.js';

const MAXIMUM_REASON = 500;
const OPERATOR_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,63}$/;
/** Who did not say: the records have the address. */
const UNNAMED = 'unnamed';

/** The values of an operator's request. What is wrong with it is thrown: these are rare, and read by people. */
export class RequestError extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

function refuse(code: ApiError['code'], key: string, value: string | null, allowed: string): never {
  const messages: Partial<Record<ApiError['code'], string>> = {
    MISSING_KEY: `${key} is missing`,
    UNKNOWN_KEY: 'there is no such key',
    WRONG_TYPE: `${key} has the wrong type`,
  };
  throw new RequestError(apiError(code, messages[code] ?? `${key} is not allowed`, key, value, allowed));
}

/** One JSON object of scalars; `allowed`: its keys. Every reader throws RequestError when the value is not as it says. */
export class OperationBody {
  readonly #body = new FlatObject();

  constructor(text: string, allowed: readonly string[]) {
    const body = this.#body;
    if (!body.parse(text)) {
      if (body.duplicate !== undefined) refuse('DUPLICATE_KEY', body.duplicate, null, 'each key once');
      throw new RequestError(apiError('MALFORMED_JSON', `the body is no JSON object: ${body.problem}`));
    }
    for (let i = 0; i < body.count; i++) {
      if (!allowed.includes(body.keys[i])) refuse('UNKNOWN_KEY', body.keys[i], null, allowed.join(', '));
    }
  }

  has(key: string): boolean {
    return this.#body.indexOf(key) >= 0;
  }

  /** true or false; `fallback` when it is not given. */
  truth(key: string, fallback?: boolean): boolean {
    const at = this.#place(key, 'true or false', fallback !== undefined);
    if (at < 0) return fallback === true;
    const kind = this.#body.kinds[at];
    if (kind !== JsonKind.True && kind !== JsonKind.False)
      refuse('WRONG_TYPE', key, this.#body.values[at], 'true or false');
    return kind === JsonKind.True;
  }

  /** One of `words`, in any letter case. */
  word<const Word extends string>(key: string, words: readonly Word[]): Word {
    const given = this.text(key, words.join(', '));
    const word = words.find((one) => one.toLowerCase() === given.toLowerCase().replaceAll('-', '_'));
    return word ?? this.refuse(key, words.join(', '));
  }

  /** A text or number as it was written. */
  text(key: string, allowed: string): string {
    const at = this.#place(key, allowed, false);
    const kind = this.#body.kinds[at];
    if (kind !== JsonKind.Text && kind !== JsonKind.Number)
      refuse('WRONG_TYPE', key, this.#body.values[at], allowed);
    return this.#body.values[at];
  }

  /** As {@link text}, or null. */
  textOrNull(key: string, allowed: string): string | null {
    const at = this.#place(key, allowed, false);
    return this.#body.kinds[at] === JsonKind.Null ? null : this.text(key, allowed);
  }

  /** Why, in the operator's words; empty when it is not given. */
  reason(): string {
    const reason = this.has('reason') ? this.text('reason', 'a text') : '';
    return reason.length <= MAXIMUM_REASON
      ? reason
      : this.refuse('reason', `at most ${MAXIMUM_REASON} characters`);
  }

  /** Refuses the value of `key`. */
  refuse(key: string, allowed: string): never {
    const at = this.#body.indexOf(key);
    refuse('INVALID_VALUE', key, at < 0 ? null : this.#body.values[at], allowed);
  }

  #place(key: string, allowed: string, optional: boolean): number {
    const at = this.#body.indexOf(key);
    if (at < 0 && !optional) refuse('MISSING_KEY', key, null, allowed);
    return at;
  }
}

/** Who sends a request. */
export function operatorOf({ operator, exchange }: Call): Operator {
  const address = exchange.remoteAddress();
  if (operator === '') return { name: UNNAMED, address };
  if (OPERATOR_NAME.test(operator)) return { name: operator, address };
  return refuse(
    'INVALID_VALUE',
    'X-Operator',
    operator,
    'a name of 1 to 64 letters, digits, spaces, ". _ @ + -"',
  );
}
