import { epochText, type Session } from '../../../lib/clock.js';
import { REASON_NAMES } from '../../../lib/enums.js';
import type { InstrumentTable } from '../../../lib/instruments.js';
import { ALL_INSTRUMENTS, type RiskControls } from '../../../risk/controls.js';
import { type AuditTrail, SYSTEM } from './audit-trail.js';

/** Between two looks, ns. Risk changes a state with an event, which wakes this thread as well. */
const INTERVAL = 50_000_000;

export interface RiskWatchParts {
  readonly controls: RiskControls;
  readonly accounts: readonly number[];
  readonly instruments: InstrumentTable;
  readonly trail: AuditTrail;
  readonly session: Session;
  readonly now: () => number;
}

/** A circuit breaker that stops orders now. */
export interface OpenBreaker {
  /** null: that of all instruments together. */
  readonly symbol: string | null;
  /** Unix time in nanoseconds; null: until it is released. */
  readonly until_ns: string | null;
}

/**
 * Sees what risk changes by itself, in the memory where risk writes it, and has it recorded: risk is on the way of every order and
 * must not write files. A change that is taken back within one look is not seen.
 */
export class RiskWatch {
  readonly #parts: RiskWatchParts;
  readonly #states: string[];
  /** By instrument, the last one is the breaker of all together. */
  readonly #breakers: Float64Array;
  #days: number;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: RiskWatchParts) {
    const { controls, accounts, instruments } = parts;
    this.#parts = parts;
    this.#days = controls.days;
    this.#states = accounts.map((account) => controls.accountState(account));
    this.#breakers = Float64Array.from({ length: instruments.count + 1 }, (_, place) =>
      controls.breakerUntil(this.#instrumentOf(place)),
    );
  }

  /** Looks, if it is time. */
  look(now: number): void {
    if (now - this.#lookedAt < INTERVAL) return;
    this.#lookedAt = now;
    const { accounts, controls } = this.#parts;
    for (let i = 0; i < accounts.length; i++) {
      const state = controls.accountState(accounts[i]);
      if (state !== this.#states[i]) this.#onState(i, state);
    }
    for (const days = controls.days; this.#days < days; this.#days++) {
      this.#note('day', {}, null, 'started', 'schedule');
    }
    for (let place = 0; place < this.#breakers.length; place++) {
      const until = controls.breakerUntil(this.#instrumentOf(place));
      if (until !== this.#breakers[place]) this.#onBreaker(place, until);
    }
  }

  /** An operator has begun a trading day; that is recorded. */
  dayStarted(): void {
    this.#days++;
  }

  /** An operator has changed the state; that is recorded. */
  accountSet(account: number, state: string): void {
    this.#states[this.#parts.accounts.indexOf(account)] = state;
  }

  /** An operator has released a breaker; that is recorded. */
  breakerReleased(instrument: number): void {
    this.#breakers[this.#placeOf(instrument)] = 0;
  }

  /** Does the breaker stop orders now? */
  isOpen(instrument: number): boolean {
    return this.#parts.controls.breakerUntil(instrument) > this.#parts.now();
  }

  openBreakers(): OpenBreaker[] {
    const { controls, session } = this.#parts;
    return Array.from(this.#breakers, (_, place) => this.#instrumentOf(place))
      .filter((instrument) => this.isOpen(instrument))
      .map((instrument) => ({
        symbol: this.#symbolOf(instrument),
        until_ns: timeText(session, controls.breakerUntil(instrument)),
      }));
  }

  /**
   * What is not as usual now: accounts that are not active, open breakers, engaged switches. The record of each start of the gateway
   * has it, so that what changed while there was none is not missing.
   */
  deviations(): { readonly [name: string]: string } | null {
    const { accounts, controls, instruments } = this.#parts;
    const entries: [string, string][] = [
      ...accounts.map((id): [string, string] => [`account ${id}`, controls.accountState(id)]),
      ...this.openBreakers().map(({ symbol }): [string, string] => [`breaker ${symbol ?? 'of all'}`, 'open']),
      ...accounts
        .filter((account) => controls.isEngaged({ account }))
        .map((id): [string, string] => [`kill switch account ${id}`, 'engaged']),
      ...instruments.all
        .filter(({ index }) => controls.isEngaged({ instrument: index }))
        .map(({ symbol }): [string, string] => [`kill switch ${symbol}`, 'engaged']),
    ];
    if (controls.isEngaged({})) entries.push(['kill switch global', 'engaged']);
    const unusual = entries.filter(([, state]) => state !== 'active');
    return unusual.length === 0 ? null : Object.fromEntries(unusual);
  }

  #onState(place: number, state: string): void {
    const { accounts, controls } = this.#parts;
    const cause = REASON_NAMES[controls.stateCause(accounts[place])] ?? '';
    const before = this.#states[place];
    this.#states[place] = state;
    this.#note('account_state', { account: accounts[place] }, before, state, cause);
  }

  #onBreaker(place: number, until: number): void {
    const before = this.#breakers[place];
    this.#breakers[place] = until;
    const { session } = this.#parts;
    const text = (time: number) =>
      time === 0 ? { open: false } : { open: true, until_ns: timeText(session, time) };
    const target = { symbol: this.#symbolOf(this.#instrumentOf(place)) };
    this.#note('breaker', target, text(before), text(until), 'CIRCUIT_BREAKER');
  }

  #note(
    action: string,
    target: { account: number } | { symbol: string | null } | Record<string, never>,
    before: string | null | { readonly [key: string]: string | boolean | null },
    after: string | { readonly [key: string]: string | boolean | null },
    reason: string,
  ): void {
    this.#parts.trail.note({
      operator: SYSTEM.name,
      address: SYSTEM.address,
      action,
      target,
      before,
      after,
      reason,
    });
  }

  #symbolOf(instrument: number): string | null {
    return this.#parts.instruments.at(instrument)?.symbol ?? null;
  }

  #instrumentOf(place: number): number {
    return place < this.#parts.instruments.count ? place : ALL_INSTRUMENTS;
  }

  #placeOf(instrument: number): number {
    return instrument === ALL_INSTRUMENTS ? this.#parts.instruments.count : instrument;
  }
}

function timeText(session: Session, time: number): string | null {
  return time === Number.POSITIVE_INFINITY ? null : epochText(session, time);
}
