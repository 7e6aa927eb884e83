import { REASON_NAMES } from '../../../lib/enums.js';
import type { InstrumentTable } from '../../../lib/instruments.js';
import { ACCOUNT_STATES, ALL_INSTRUMENTS, type RiskControls } from '../../../risk/controls.js';
import {
  ALL_LIMITS,
  type LimitChange,
  type LimitFilter,
  type LimitRequest,
} from '../../../risk/limit-changes.js';
import type { LimitKey } from '../../../risk/limits.js';
import { apiError } from '../api-error.js';
import { isApiError, parseQuery } from '../query.js';
import type { Call } from '../routes.js';
import type { AuditFields, AuditTrail, Operator } from './audit-trail.js';
import { accountOf, instrumentOf } from './kill-desk.js';
import { OperationBody, operatorOf, RequestError } from './operation-body.js';
import { replyDone, replyNotAudited } from './operation-reply.js';
import type { RiskWatch } from './risk-watch.js';

/** Limits in one reply, and changed by one request, at the most. */
const MAXIMUM_CELLS = 10_000;
const NARROW = 'fewer: narrow it down by key, account, symbol or currency';

export interface RiskDeskParts {
  readonly controls: RiskControls;
  readonly accounts: readonly { readonly id: number; readonly name: string }[];
  readonly instruments: InstrumentTable;
  readonly trail: AuditTrail;
  readonly watch: RiskWatch;
}

/** What an operator sees of risk, and changes while it runs: limits, account states, circuit breakers, the trading day. */
export class RiskDesk {
  readonly #parts: RiskDeskParts;
  readonly #accountIds: readonly number[];

  constructor(parts: RiskDeskParts) {
    this.#parts = parts;
    this.#accountIds = parts.accounts.map(({ id }) => id);
  }

  /** `GET /api/risk`: states and live readings. */
  state({ exchange, query }: Call): void {
    const filter = this.#filter(queryOf(query, ['account']));
    const { controls, instruments } = this.#parts;
    const accounts = this.#parts.accounts.filter(({ id }) => id === (filter.account ?? id));
    if (accounts.length * controls.currencies.count > MAXIMUM_CELLS)
      throw new RequestError(
        apiError('INVALID_VALUE', `there are ${accounts.length} accounts`, 'account', null, 'the id of one'),
      );
    const readings = controls.readings(filter.account);
    const { count } = controls.currencies;
    const isEngaged = (scope: Parameters<RiskControls['isEngaged']>[0]): boolean => controls.isEngaged(scope);
    replyDone(exchange, {
      kill_switches: {
        global: isEngaged({}),
        accounts: this.#accountIds.filter((account) => isEngaged({ account })),
        symbols: instruments.all
          .filter(({ index }) => isEngaged({ instrument: index }))
          .map((one) => one.symbol),
      },
      breakers: this.#parts.watch.openBreakers(),
      accounts: accounts.map(({ id, name }, place) => ({
        account: id,
        name,
        state: controls.accountState(id),
        cause: REASON_NAMES[controls.stateCause(id) || -1] ?? null,
        currencies: readings
          .slice(place * count, (place + 1) * count)
          .map(({ currency, values, daily_loss, drawdown }) => ({
            currency,
            ...values,
            daily_loss,
            drawdown,
          })),
      })),
    });
  }

  /** `GET /api/risk/limits`: the limits that hold now. */
  limits({ exchange, query }: Call): void {
    const filter = this.#filter(queryOf(query, ['account', 'symbol', 'currency', 'key']));
    const limits = ranged('currency', () => this.#parts.controls.describe(filter));
    if (limits.length > MAXIMUM_CELLS)
      throw new RequestError(
        apiError(
          'INVALID_VALUE',
          `there are ${limits.length} limits`,
          'key',
          null,
          `${MAXIMUM_CELLS} or ${NARROW}`,
        ),
      );
    replyDone(exchange, { limits });
  }

  /** `PATCH /api/risk/limits`: one limit, of all accounts, instruments and currencies that the request does not narrow down. */
  setLimit(call: Call): void {
    const operator = operatorOf(call);
    const body = new OperationBody(call.body, ['key', 'value', 'account', 'symbol', 'currency', 'reason']);
    const request: LimitRequest = {
      key: body.word('key', ALL_LIMITS),
      value: body.textOrNull('value', 'a text, a number or null'),
      account: body.has('account') ? accountOf(body, this.#accountIds) : undefined,
      instrument: body.has('symbol') ? instrumentOf(body, this.#parts.instruments).index : undefined,
      currency: body.has('currency') ? body.text('currency', 'a quote or base currency') : undefined,
    };
    const reason = body.reason();
    const plan = () => ranged('value', () => this.#parts.controls.planLimit(request));
    if (plan().changes.length > MAXIMUM_CELLS)
      body.refuse('key', `a change of ${MAXIMUM_CELLS} limits or ${NARROW}`);
    let planned: ReturnType<typeof plan> | undefined;
    this.#parts.trail.change({
      describe: () => {
        planned = plan();
        return planned.changes.map((change) => limitRecord(operator, change, reason));
      },
      apply: () => planned?.apply(),
      done: (error) => {
        if (error === undefined) replyDone(call.exchange, { changes: planned?.changes ?? [] });
        else replyNotAudited(call.exchange, error);
      },
    });
  }

  /** `POST /api/risk/account`: the state of an account. */
  setAccount(call: Call): void {
    const operator = operatorOf(call);
    const body = new OperationBody(call.body, ['account', 'state', 'reason']);
    const account = accountOf(body, this.#accountIds);
    const state = body.word('state', ACCOUNT_STATES);
    const reason = body.reason();
    const { controls, watch } = this.#parts;
    let before: string = '';
    this.#change(call, operator, {
      action: 'account_state',
      target: { account },
      before: () => {
        before = controls.accountState(account);
        return before;
      },
      after: state,
      reason,
      apply: () => {
        controls.setAccountState(account, state);
        watch.accountSet(account, state);
      },
      reply: () => ({ account, before, state }),
    });
  }

  /** `POST /api/risk/breaker`: releases the circuit breaker of an instrument, or with none that of all together. */
  releaseBreaker(call: Call): void {
    const operator = operatorOf(call);
    const body = new OperationBody(call.body, ['symbol', 'reason']);
    const instrument = body.has('symbol') ? instrumentOf(body, this.#parts.instruments) : undefined;
    const place = instrument?.index ?? ALL_INSTRUMENTS;
    const { controls, watch } = this.#parts;
    const symbol = instrument?.symbol ?? null;
    let before = false;
    this.#change(call, operator, {
      action: 'breaker',
      target: { symbol },
      before: () => {
        before = watch.isOpen(place);
        return { open: before };
      },
      after: { open: false },
      reason: body.reason(),
      apply: () => {
        controls.releaseBreaker(place);
        watch.breakerReleased(place);
      },
      reply: () => ({ symbol, released: before }),
    });
  }

  /** `POST /api/risk/day`: a trading day begins; daily loss and drawdown count from there. */
  startDay(call: Call): void {
    const operator = operatorOf(call);
    const body = new OperationBody(call.body, ['reason']);
    this.#change(call, operator, {
      action: 'day',
      target: {},
      before: () => null,
      after: 'started',
      reason: body.reason(),
      apply: () => {
        this.#parts.controls.startDay();
        this.#parts.watch.dayStarted();
      },
      reply: () => ({ started: true }),
    });
  }

  #change(
    { exchange }: Call,
    operator: Operator,
    change: Pick<AuditFields, 'action' | 'target' | 'after' | 'reason'> & {
      readonly before: () => AuditFields['before'];
      readonly apply: () => void;
      readonly reply: () => object;
    },
  ): void {
    const { action, target, after, reason } = change;
    const who = { operator: operator.name, address: operator.address };
    this.#parts.trail.change({
      describe: () => [{ ...who, action, target, before: change.before(), after, reason }],
      apply: change.apply,
      done: (error) => {
        if (error === undefined) replyDone(exchange, change.reply());
        else replyNotAudited(exchange, error);
      },
    });
  }

  #filter(query: ReadonlyMap<string, string>): LimitFilter {
    const refuse = (key: string, allowed: string): never => {
      const given = query.get(key) ?? null;
      throw new RequestError(apiError('INVALID_VALUE', `${key} is not allowed`, key, given, allowed));
    };
    const [key, symbol, account] = [query.get('key'), query.get('symbol'), query.get('account')];
    if (key !== undefined && !ALL_LIMITS.includes(key as LimitKey)) refuse('key', ALL_LIMITS.join(', '));
    if (account !== undefined && !this.#accountIds.includes(Number(account)))
      refuse('account', 'the id of an account in risk.accounts');
    const instrument = symbol === undefined ? undefined : this.#parts.instruments.bySymbol(symbol);
    if (symbol !== undefined && instrument === undefined) refuse('symbol', 'the symbol of an instrument');
    return {
      key: key as LimitKey | undefined,
      account: account === undefined ? undefined : Number(account),
      instrument: instrument?.index,
      currency: query.get('currency'),
    };
  }
}

function limitRecord(operator: Operator, change: LimitChange, reason: string): AuditFields {
  const { before, after, scope: _scope, ...target } = change;
  const who = { operator: operator.name, address: operator.address };
  return { ...who, action: 'limit', target, before, after, reason };
}

function queryOf(text: string, allowed: readonly string[]): ReadonlyMap<string, string> {
  const query = parseQuery(text, allowed);
  if (isApiError(query)) throw new RequestError(query);
  return query;
}

/** Runs what refuses values by RangeError, as a refusal of the request. */
function ranged<T>(key: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const at = error.message.indexOf(', allowed: ');
    const [message, allowed] =
      at < 0 ? [error.message, null] : [error.message.slice(0, at), error.message.slice(at + 11)];
    throw new RequestError(apiError('INVALID_VALUE', message, key, null, allowed));
  }
}
