import { apiError } from '../api-error.js';
import type { HttpExchange } from '../http-exchange.js';
import { RequestError } from './operation-body.js';

export function replyDone(exchange: HttpExchange, body: object, status = 200): void {
  exchange.reply(status, JSON.stringify(body));
}

/** A change did not happen because it could not be recorded (or, with `but`, what did happen all the same). */
export function replyNotAudited(exchange: HttpExchange, error: Error, but = 'nothing was changed'): void {
  if (error instanceof RequestError) exchange.fail(error.error);
  else
    exchange.fail(
      apiError('NOT_AUDITED', `the audit record could not be written (${error.message}); ${but}`),
    );
}
