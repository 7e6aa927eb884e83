import type { Config } from '../../config/schema.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import type { KillScope } from '../../risk/controls.js';
import { type ApiError, apiError } from './api-error.js';
import { type FlatObject, JsonKind } from './flat-object.js';
import type { RequestParser } from './order-request.js';
import { invalid, missing, unknownKey, wrongType } from './request-errors.js';

const SCOPES = ['global', 'account', 'instrument'] as const;

export interface KillSwitchRequest {
  readonly engage: boolean;
  readonly scope: KillScope;
  /** The scope as members of a JSON object, for the reply and the log. */
  readonly text: string;
}

export interface KillSwitchParts {
  readonly config: Config;
  readonly instruments: InstrumentTable;
  readonly parser: RequestParser;
}

/** Checks the body of a kill-switch request: every key that the scope needs, and no other. */
export function parseKillSwitch(body: FlatObject, parts: KillSwitchParts): KillSwitchRequest | ApiError {
  const engage = body.indexOf('engage');
  if (engage < 0) return missing('engage', 'true or false');
  const kind = body.kinds[engage];
  if (kind !== JsonKind.True && kind !== JsonKind.False) return wrongType(body, engage, 'true or false');
  const scopeAt = body.indexOf('scope');
  if (scopeAt < 0) return missing('scope', SCOPES.join(', '));
  const scope = SCOPES.find((one) => one === body.values[scopeAt]);
  if (scope === undefined) return invalid(body, scopeAt, SCOPES.join(', '));
  const key = { global: '', account: 'account', instrument: 'symbol' }[scope];
  const allowed = ['engage', 'scope', key].filter((one) => one !== '');
  for (let i = 0; i < body.count; i++) {
    if (!allowed.includes(body.keys[i])) return unknownKey(body.keys[i], allowed.join(', '));
  }
  const on = kind === JsonKind.True;
  if (scope === 'global') return { engage: on, scope: {}, text: '"scope":"global"' };
  const at = body.indexOf(key);
  if (scope === 'account') return accountSwitch(body, at, on, parts);
  if (at < 0) return missing('symbol', 'the symbol of an instrument');
  const instrument = parts.instruments.bySymbol(body.values[at]);
  if (instrument === undefined) return parts.parser.unknownSymbol(body.values[at]);
  const text = `"scope":"instrument","symbol":"${instrument.symbol}"`;
  return { engage: on, scope: { instrument: instrument.index }, text };
}

function accountSwitch(
  body: FlatObject,
  at: number,
  engage: boolean,
  parts: KillSwitchParts,
): KillSwitchRequest | ApiError {
  const ids = parts.config.risk.accounts.map(({ id }) => id);
  if (at < 0) return missing('account', ids.join(', '));
  const account = parts.parser.account(body.values[at]);
  if (!ids.includes(account)) {
    return apiError('INVALID_VALUE', 'there is no such account', 'account', body.values[at], ids.join(', '));
  }
  return { engage, scope: { account }, text: `"scope":"account","account":${account}` };
}
