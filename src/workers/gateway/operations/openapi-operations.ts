import { REASON_NAMES, TRADING_PHASE_NAMES, TradingPhase } from '../../../lib/enums.js';
import { ACCOUNT_STATES } from '../../../risk/controls.js';
import { READINGS } from '../../../risk/controls-layout.js';
import { ALL_LIMITS } from '../../../risk/limit-changes.js';
import type { Operation } from '../openapi.js';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const truth: Schema = { type: 'boolean' };
const account: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };
const accountIn: Schema = { anyOf: [account, { type: 'string', pattern: '^[1-9][0-9]{0,4}$' }] };
const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const words = (names: readonly string[]): Schema => ({ type: 'string', enum: names });
const time: Schema = nullable({
  type: 'string',
  pattern: '^[0-9]+$',
  description: 'Unix time in nanoseconds',
});
const object = (
  properties: Readonly<Record<string, Schema>>,
  required = Object.keys(properties),
): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const reason: Schema = { type: 'string', maxLength: 500, description: 'why, for the audit record' };
const scope = words(['global', 'account', 'instrument']);
const phase = words(TRADING_PHASE_NAMES.slice(TradingPhase.PreOpen) as string[]);
const reasonName = nullable(
  words(REASON_NAMES.filter((name) => name !== undefined && name !== 'NONE') as string[]),
);

const accountState = words(ACCOUNT_STATES);
const decimal: Schema = { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' };
const listOf = (items: Schema): Schema => ({ type: 'array', items });
/** What a limit is of, as far as its scope says. */
const limitName = {
  key: words(ALL_LIMITS),
  scope: words(['account', 'instrument', 'currency', 'market', 'global']),
  account,
  symbol: text,
  currency: text,
};

/** Header of all requests that change something. */
const OPERATOR = {
  name: 'X-Operator',
  in: 'header',
  required: false,
  schema: { ...text, maxLength: 64 },
  description: 'who asks, for the audit record',
};

/** JSON Schemas of what operators send and get. */
export const OPERATION_SCHEMAS: Readonly<Record<string, Schema>> = {
  KillSwitch: object(
    {
      engage: truth,
      scope,
      account: { ...accountIn, description: 'for scope account' },
      symbol: { ...text, description: 'for scope instrument' },
      cancel: { ...truth, description: 'engage only: cancel all orders in scope as well, of all sources' },
      reason,
    },
    ['engage', 'scope'],
  ),
  KillSwitchState: object(
    {
      engaged: truth,
      scope,
      account,
      symbol: text,
      canceled: { ...count, description: 'with cancel: orders canceled' },
      sweep: object({
        accounts: { ...count, description: 'accounts whose orders were canceled' },
        failed: { ...count, description: 'accounts where that failed' },
        problem: nullable(text),
        received_ns: time,
        engaged_ns: time,
        sequenced_ns: time,
        finished_ns: time,
      }),
    },
    ['engaged', 'scope'],
  ),
  SetPhase: object({ symbol: text, phase, reference_price: { type: 'string' }, reason }, ['symbol', 'phase']),
  RiskState: object({
    kill_switches: object({ global: truth, accounts: listOf(account), symbols: listOf(text) }),
    breakers: listOf(object({ symbol: nullable(text), until_ns: time })),
    accounts: listOf(
      object({
        account,
        name: text,
        state: accountState,
        cause: reasonName,
        currencies: listOf(
          object(
            Object.fromEntries([
              ['currency', text],
              ...[...READINGS, 'daily_loss', 'drawdown'].map((name) => [name, decimal]),
            ]),
          ),
        ),
      }),
    ),
  }),
  Limits: object({
    limits: listOf(
      object({ ...limitName, value: nullable(text), allowed: text }, ['key', 'scope', 'value', 'allowed']),
    ),
  }),
  SetLimit: object(
    {
      key: words(ALL_LIMITS),
      value: {
        anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }],
        description: 'as in the configuration; null: off',
      },
      account: { ...accountIn, description: 'default: all' },
      symbol: { ...text, description: 'default: all' },
      currency: { ...text, description: 'default: all' },
      reason,
    },
    ['key', 'value'],
  ),
  LimitChanges: object({
    changes: listOf(
      object({ ...limitName, before: nullable(text), after: nullable(text) }, [
        'key',
        'scope',
        'before',
        'after',
      ]),
    ),
  }),
  SetAccountState: object({ account: accountIn, state: accountState, reason }, ['account', 'state']),
  AccountStateChange: object({ account, before: accountState, state: accountState }),
  ReleaseBreaker: object(
    { symbol: { ...text, description: 'default: the breaker of all together' }, reason },
    [],
  ),
  BreakerState: object({ symbol: nullable(text), released: { ...truth, description: 'it was open' } }),
  StartDay: object({ reason }, []),
  DayState: object({ started: { const: true } }),
  PhaseState: object({ symbol: text, phase, reason: reasonName }),
};

/** The routes of operations.ts; `errors`: replies that any of them may get. */
export function operationPaths(errors: Readonly<Record<string, string>>): readonly Operation[] {
  return [
    {
      method: 'post',
      path: '/api/kill-switch',
      summary:
        'Stops new orders of everything, an account or an instrument from the next one on, or lets them pass again. With ' +
        'cancel the reply comes when the last order in scope has left the book',
      parameters: [OPERATOR],
      body: 'KillSwitch',
      replies: { 200: 'KillSwitchState', ...errors },
    },
    {
      method: 'post',
      path: '/api/phase',
      summary: 'Changes the trading phase of an instrument. 422: matching refused it, see reason',
      parameters: [OPERATOR],
      body: 'SetPhase',
      replies: { 200: 'PhaseState', 422: 'PhaseState', ...errors },
    },
    ...riskPaths(errors),
  ];
}

function riskPaths(errors: Readonly<Record<string, string>>): readonly Operation[] {
  const query = (name: string) => ({ name, in: 'query', required: false, schema: text });
  const change = { method: 'post', parameters: [OPERATOR] };
  return [
    {
      method: 'get',
      path: '/api/risk',
      summary: 'Kill switches, open circuit breakers, and what risk last said of every account',
      parameters: [query('account')],
      replies: { 200: 'RiskState', ...errors },
    },
    {
      method: 'get',
      path: '/api/risk/limits',
      summary: 'The limits that hold now',
      parameters: ['key', 'account', 'symbol', 'currency'].map(query),
      replies: { 200: 'Limits', ...errors },
    },
    {
      method: 'patch',
      path: '/api/risk/limits',
      summary: 'Changes a limit from the next order on, once its audit record is on disk',
      parameters: [OPERATOR],
      body: 'SetLimit',
      replies: { 200: 'LimitChanges', ...errors },
    },
    {
      ...change,
      path: '/api/risk/account',
      summary: 'Changes the state of an account from the next order on',
      body: 'SetAccountState',
      replies: { 200: 'AccountStateChange', ...errors },
    },
    {
      ...change,
      path: '/api/risk/breaker',
      summary: 'Lets orders pass a circuit breaker again',
      body: 'ReleaseBreaker',
      replies: { 200: 'BreakerState', ...errors },
    },
    {
      ...change,
      path: '/api/risk/day',
      summary: 'Begins a trading day: daily loss and drawdown count from here',
      body: 'StartDay',
      replies: { 200: 'DayState', ...errors },
    },
  ];
}
