import { join } from 'node:path';
import type { Config } from '../../../config/schema.js';
import { RiskControls } from '../../../risk/controls.js';
import type { AgentContext } from '../../context.js';
import { PHASE_BY_NAME } from '../../matching-setup.js';
import type { OrderDesk } from '../order-desk.js';
import type { OrderStore } from '../order-store.js';
import type { PendingTable } from '../pending.js';
import type { Call, Route } from '../routes.js';
import type { StatusStore } from '../status-store.js';
import { AuditTrail } from './audit-trail.js';
import { KillDesk } from './kill-desk.js';
import { RequestError } from './operation-body.js';
import { PhaseDesk } from './phase-desk.js';
import { RiskDesk } from './risk-desk.js';
import { RiskWatch } from './risk-watch.js';

export interface OperationsParts {
  readonly context: AgentContext;
  readonly desk: OrderDesk;
  readonly store: OrderStore;
  readonly pending: PendingTable;
  readonly statuses: StatusStore;
}

/**
 * What operators do with a running system: kill switches, phases, limits. Whatever changes how it runs leaves an audit record, also
 * what it changes by itself.
 */
export class Operations {
  readonly routes: readonly Route[];
  readonly #trail: AuditTrail;
  readonly #phases: PhaseDesk;
  readonly #watch: RiskWatch;
  readonly #path: string;

  constructor({ context, desk, store, pending, statuses }: OperationsParts) {
    const { config, instruments, session, clock, log } = context;
    const { accounts } = config.risk;
    const ids = accounts.map(({ id }) => id);
    const now = () => clock.now();
    const controls = new RiskControls(context.sharedState('risk.controls'), config.risk, instruments);
    const trail = new AuditTrail({ session, clock, log });
    this.#path = auditPath(config);
    this.#trail = trail;
    this.#watch = new RiskWatch({ controls, accounts: ids, instruments, trail, session, now });
    this.#phases = new PhaseDesk({
      instruments,
      trail,
      store,
      pending,
      now,
      commands: context.producer('commands.gateway'),
      wake: () => context.wakeDownstream(),
      accepting: () => desk.accepting,
      phaseOf: (instrument) =>
        statuses.columns.phase[instrument] || PHASE_BY_NAME[config.instruments[instrument].initial_phase],
    });
    this.routes = operationRoutes({
      kill: new KillDesk({ controls, accounts: ids, instruments, desk, trail, session, now, log }),
      phases: this.#phases,
      risk: new RiskDesk({ controls, accounts, instruments, trail, watch: this.#watch }),
    });
  }

  /** Opens the audit file. Throws when it cannot be used: without it nothing could be changed. */
  async start(): Promise<void> {
    await this.#trail.open(this.#path, this.#watch.deviations());
  }

  /** In each duty cycle. */
  work(now: number): void {
    this.#watch.look(now);
  }

  /** An InstrumentStatus event. */
  onStatus(words: Int32Array, at: number): void {
    this.#phases.onStatus(words, at);
  }

  /** Writes the records that wait. */
  async close(): Promise<void> {
    await this.#trail.close();
  }
}

export interface Desks {
  readonly kill: KillDesk;
  readonly phases: PhaseDesk;
  readonly risk: RiskDesk;
}

/** The routes of the desks, which are used by calls and not before. */
export function operationRoutes(desks: Desks): readonly Route[] {
  const route = (method: Route['method'], path: string, handle: (call: Call) => void): Route => ({
    method,
    path,
    takesBody: method !== 'GET',
    isOperation: true,
    handle: (call) => {
      try {
        handle(call);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        call.exchange.fail(error.error);
      }
    },
  });
  return [
    route('POST', '/api/kill-switch', (call) => desks.kill.handle(call)),
    route('POST', '/api/phase', (call) => desks.phases.handle(call)),
    route('GET', '/api/risk', (call) => desks.risk.state(call)),
    route('GET', '/api/risk/limits', (call) => desks.risk.limits(call)),
    route('PATCH', '/api/risk/limits', (call) => desks.risk.setLimit(call)),
    route('POST', '/api/risk/account', (call) => desks.risk.setAccount(call)),
    route('POST', '/api/risk/breaker', (call) => desks.risk.releaseBreaker(call)),
    route('POST', '/api/risk/day', (call) => desks.risk.startDay(call)),
  ];
}

/** Where the audit file is: `audit.file`, or beside the logs. */
export function auditPath({ audit, log }: Pick<Config, 'audit' | 'log'>): string {
  return audit.file ?? join(log.dir, 'audit.jsonl');
}
