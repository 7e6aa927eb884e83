/** Codes of errors that a client can meet, with the HTTP status of each. They are an API: append, never rename. */
export const ERROR_STATUS = {
  MALFORMED_JSON: 400,
  DUPLICATE_KEY: 400,
  UNKNOWN_KEY: 400,
  MISSING_KEY: 400,
  WRONG_TYPE: 400,
  INVALID_VALUE: 400,
  OFF_STEP: 400,
  UNKNOWN_SYMBOL: 400,
  MALFORMED_RECORD: 400,
  FORBIDDEN_ORIGIN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ORDER_CLOSED: 409,
  AMEND_PENDING: 409,
  BODY_TOO_LARGE: 413,
  UPGRADE_REQUIRED: 426,
  BUSY: 429,
  INTERNAL: 500,
  NOT_ACCEPTING: 503,
  BOOK_NOT_SYNCED: 503,
  STORE_FULL: 503,
  TOO_MANY_CONNECTIONS: 503,
  NOT_AUDITED: 503,
  TIMEOUT: 504,
} as const satisfies Record<string, number>;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** What is wrong with a request: a value, not an exception. */
export interface ApiError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The key, parameter or header at fault. */
  readonly key: string | null;
  /** What was given there, shortened. */
  readonly value: string | null;
  readonly allowed: string | null;
}

const SHOWN_CHARACTERS = 100;

export function apiError(
  code: ErrorCode,
  message: string,
  key: string | null = null,
  value: string | null = null,
  allowed: string | null = null,
): ApiError {
  const shown =
    value !== null && value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}...` : value;
  return { code, message, key, value: shown, allowed };
}

/** The body of an error reply. */
export function errorBody(error: ApiError): string {
  return JSON.stringify({ error });
}
