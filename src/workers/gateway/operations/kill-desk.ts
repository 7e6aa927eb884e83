import { epochText, type Session } from '../../../lib/clock.js';
import type { InstrumentTable } from '../../../lib/instruments.js';
import { ALL_INSTRUMENTS, type KillScope, type RiskControls } from '../../../risk/controls.js';
import type { AgentLog } from '../../../telemetry/agent-log.js';
import type { OrderDesk } from '../order-desk.js';
import type { Call } from '../routes.js';
import type { AuditFields, AuditTrail } from './audit-trail.js';
import { MassSweep, type SweepResult } from './mass-sweep.js';
import { OperationBody, operatorOf } from './operation-body.js';
import { replyDone, replyNotAudited } from './operation-reply.js';

const SCOPES = ['global', 'account', 'instrument'] as const;
const KEYS = ['engage', 'scope', 'account', 'symbol', 'cancel', 'reason'] as const;

export interface KillDeskParts {
  readonly controls: RiskControls;
  readonly accounts: readonly number[];
  readonly instruments: InstrumentTable;
  readonly desk: OrderDesk;
  readonly trail: AuditTrail;
  readonly session: Session;
  readonly now: () => number;
  readonly log: AgentLog;
}

interface KillRequest {
  readonly engage: boolean;
  readonly cancel: boolean;
  readonly scope: KillScope;
  /** The scope in replies and records. */
  readonly target: AuditFields['target'];
  readonly reason: string;
}

/**
 * `POST /api/kill-switch`. Engaging takes effect at once, before its record is on disk and even if it cannot be written: stopping must
 * not depend on a disk. The reply waits for the record, and says so when there is none. A release is a change like any other.
 */
export class KillDesk {
  readonly #parts: KillDeskParts;

  constructor(parts: KillDeskParts) {
    this.#parts = parts;
  }

  handle(call: Call): void {
    const received = this.#parts.now();
    const operator = operatorOf(call);
    const request = this.#parse(call.body);
    const { controls, trail, log } = this.#parts;
    const before = controls.isEngaged(request.scope);
    const record = (engaged: boolean): AuditFields => ({
      operator: operator.name,
      address: operator.address,
      action: 'kill_switch',
      target: request.target,
      before: { engaged },
      after: { engaged: request.engage, ...(request.cancel && { cancel: true }) },
      reason: request.reason,
    });
    if (request.engage) {
      this.#engage(call, request, record(before), received);
      return;
    }
    trail.change({
      describe: () => [record(controls.isEngaged(request.scope))],
      apply: () => {
        controls.releaseKillSwitch(request.scope);
        log.warn('kill switch released', { ...request.target, operator: operator.name });
      },
      done: (error) => {
        if (error === undefined) replyDone(call.exchange, { engaged: false, ...request.target });
        else replyNotAudited(call.exchange, error);
      },
    });
  }

  /** Engages, sweeps if that is wanted, and replies when the sweep is over and the record is on disk. */
  #engage({ exchange }: Call, request: KillRequest, record: AuditFields, received: number): void {
    const { controls, trail, log, desk, now } = this.#parts;
    controls.engageKillSwitch(request.scope);
    const engaged = now();
    let waiting = request.cancel ? 2 : 1;
    let sweep: SweepResult | undefined;
    let failure: Error | undefined;
    const finish = (): void => {
      if (--waiting > 0) return;
      if (failure !== undefined)
        replyNotAudited(exchange, failure, 'the kill switch is engaged all the same');
      else replyDone(exchange, this.#state(request, received, engaged, sweep));
    };
    if (request.cancel) {
      const { account, instrument } = request.scope;
      const accounts = account === undefined ? this.#parts.accounts : [account];
      new MassSweep(desk, now, { accounts, instrument: instrument ?? ALL_INSTRUMENTS }, (result) => {
        sweep = result;
        finish();
      }).start();
    }
    log.warn('kill switch engaged', { ...request.target, operator: record.operator, cancel: request.cancel });
    trail.note(record, (error) => {
      failure = error;
      finish();
    });
  }

  #state(request: KillRequest, received: number, engaged: number, sweep: SweepResult | undefined): object {
    const state = { engaged: true, ...request.target };
    if (sweep === undefined) return state;
    const time = (at: number): string | null =>
      Number.isNaN(at) ? null : epochText(this.#parts.session, at);
    return {
      ...state,
      canceled: sweep.canceled,
      sweep: {
        accounts: sweep.accounts,
        failed: sweep.failed,
        problem: sweep.problem === '' ? null : sweep.problem,
        received_ns: time(received),
        engaged_ns: time(engaged),
        sequenced_ns: time(sweep.sequencedAt),
        finished_ns: time(sweep.finishedAt),
      },
    };
  }

  #parse(text: string): KillRequest {
    const body = new OperationBody(text, KEYS);
    const engage = body.truth('engage');
    const kind = body.word('scope', SCOPES);
    for (const [key, owner] of [
      ['account', 'account'],
      ['symbol', 'instrument'],
    ]) {
      if (body.has(key) && kind !== owner) body.refuse(key, `nothing: it goes with scope ${owner}`);
    }
    const cancel = body.truth('cancel', false);
    if (cancel && !engage) body.refuse('cancel', 'false, or none: only engaging can cancel');
    const common = { engage, cancel, reason: body.reason() };
    if (kind === 'global') return { ...common, scope: {}, target: { scope: kind } };
    if (kind === 'account') {
      const account = accountOf(body, this.#parts.accounts);
      return { ...common, scope: { account }, target: { scope: kind, account } };
    }
    const { symbol, index } = instrumentOf(body, this.#parts.instruments);
    return { ...common, scope: { instrument: index }, target: { scope: kind, symbol } };
  }
}

/** The account that a request names. */
export function accountOf(body: OperationBody, accounts: readonly number[]): number {
  const allowed = accounts.length <= 20 ? accounts.join(', ') : 'the id of an account in risk.accounts';
  const text = body.text('account', allowed);
  const account = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  return accounts.includes(account) ? account : body.refuse('account', allowed);
}

/** The instrument that a request names. */
export function instrumentOf(body: OperationBody, instruments: InstrumentTable) {
  const allowed =
    instruments.count <= 20
      ? instruments.all.map(({ symbol }) => symbol).join(', ')
      : 'the symbol of an instrument';
  return instruments.bySymbol(body.text('symbol', allowed)) ?? body.refuse('symbol', allowed);
}
