import type { InstrumentTable } from '../lib/instruments.js';
import {
  ACTIVE,
  CHANGES_WORD,
  type ControlsLayout,
  controlsLayout,
  DAYS_WORD,
  ENGAGED_WORD,
  FEATURES_WORD,
  HALTED,
  INITIALISING,
  READY,
  REDUCING_ONLY,
  STATE_WORD,
  STATES,
  UNINITIALISED,
} from './controls-layout.js';
import { CurrencyTable } from './currencies.js';
import { ALL_ACCOUNTS, ALL_INSTRUMENTS, limitCells } from './limit-cells.js';
import {
  type AccountReading,
  describeLimits,
  featureOf,
  isLedgerLimit,
  type LimitChange,
  type LimitFilter,
  type LimitPlan,
  type LimitReading,
  type LimitRequest,
  planLimit,
  readAccounts,
} from './limit-changes.js';
import type { RiskTerms } from './limit-terms.js';
import { configuredLimits } from './limit-terms.js';
import { definitionOf, type LimitKey, MAXIMUM_UNITS } from './limits.js';

export { ALL_ACCOUNTS, ALL_INSTRUMENTS } from './limit-cells.js';

/** What a kill switch stops: an account, an instrument (by number), or with neither everything. */
export interface KillScope {
  readonly account?: number;
  readonly instrument?: number;
}

export const ACCOUNT_STATES = ['active', 'reducing_only', 'halted'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];
const STATE_VALUES: Readonly<Record<AccountState, number>> = {
  active: ACTIVE,
  reducing_only: REDUCING_ONLY,
  halted: HALTED,
};

const MAXIMUM_ACCOUNT = 65_535;

/**
 * Kill switches, account states, limits and readings in shared memory. Any thread may open and change them; risk reads them with
 * every order, so that a change holds from the next order on. Whoever opens the memory first fills it from the configuration.
 */
export class RiskControls {
  readonly layout: ControlsLayout;
  readonly instruments: InstrumentTable;
  readonly currencies: CurrencyTable;
  /** Ids of the accounts, by place. */
  readonly accountIds: readonly number[];
  /** State, kill switches and account states (see controls-layout.ts). */
  readonly words: Int32Array;
  /** Limits, breakers and readings. */
  readonly cells: Float64Array;
  readonly #places: Int32Array;

  /** Throws RangeError when accounts and instruments are too many for the memory, or a term is none that a limit may have. */
  constructor(memory: SharedArrayBuffer, terms: RiskTerms, instruments: InstrumentTable) {
    this.instruments = instruments;
    this.currencies = new CurrencyTable(instruments);
    this.accountIds = terms.accounts.map(({ id }) => id);
    const { accountIds, currencies } = this;
    this.layout = controlsLayout(accountIds.length, instruments.count, currencies.count, memory.byteLength);
    this.words = new Int32Array(memory);
    this.cells = new Float64Array(memory);
    this.#places = new Int32Array(MAXIMUM_ACCOUNT + 1).fill(-1);
    accountIds.forEach((id, place) => {
      if (!Number.isInteger(id) || id < 1 || id > MAXIMUM_ACCOUNT || this.#places[id] >= 0) {
        throw new RangeError(
          `risk.accounts: id ${id}, allowed: different integers from 1 to ${MAXIMUM_ACCOUNT}`,
        );
      }
      this.#places[id] = place;
    });
    this.#initialise(terms);
  }

  /** Number of an account by its id, -1 when there is none. Allocates nothing. */
  placeOf(account: number): number {
    return account <= MAXIMUM_ACCOUNT ? this.#places[account] : -1;
  }

  /** Stops new orders and amends in scope from the next one on; cancels still pass. */
  engageKillSwitch(scope: KillScope): void {
    for (const word of this.#switches(scope)) {
      Atomics.add(this.words, ENGAGED_WORD, 1);
      if (Atomics.exchange(this.words, word, 1) === 1) Atomics.sub(this.words, ENGAGED_WORD, 1);
    }
  }

  /** Lets orders in scope pass again, as far as no other switch stops them. */
  releaseKillSwitch(scope: KillScope): void {
    for (const word of this.#switches(scope)) {
      if (Atomics.exchange(this.words, word, 0) === 1) Atomics.sub(this.words, ENGAGED_WORD, 1);
    }
  }

  /** Is the switch of exactly this scope engaged? */
  isEngaged(scope: KillScope): boolean {
    return this.#switches(scope).every((word) => Atomics.load(this.words, word) === 1);
  }

  /**
   * Changes a limit from the next order on and says what it was: one entry for each cell, also where nothing changed, for the
   * audit record. Throws RangeError naming the key, the value and what is allowed; nothing has changed then.
   */
  changeLimit(request: LimitRequest): readonly LimitChange[] {
    const { changes, apply } = this.planLimit(request);
    apply();
    return changes;
  }

  /** {@link changeLimit} in two steps, for those who write down what will change before it does. Throws likewise. */
  planLimit(request: LimitRequest): LimitPlan {
    return planLimit(this, request);
  }

  /** The limits that hold now, as {@link changeLimit} takes them. Throws RangeError for an account or currency that does not exist. */
  describe(filter: LimitFilter = {}): LimitReading[] {
    return describeLimits(this, filter);
  }

  /** What risk last said of an account, or of every one: state, balances, profit, margin. Throws RangeError for an unknown one. */
  readings(account?: number): AccountReading[] {
    return readAccounts(this, account);
  }

  /**
   * Changes a limit by the value of its cell (limits.ts has the units; Infinity: off). Limits over all instruments take
   * {@link ALL_INSTRUMENTS}; every account: {@link ALL_ACCOUNTS}.
   */
  setLimit(account: number, instrument: number, key: LimitKey, value: number, currency?: string): void {
    const isOff = value === Number.POSITIVE_INFINITY;
    if (Number.isNaN(value) || value < 0 || (isOff && definitionOf(key).default !== null)) {
      throw new RangeError(`risk limit ${key} is ${value}, allowed: a number from 0`);
    }
    if (key === 'max_position' && value >= MAXIMUM_UNITS) {
      throw new RangeError(`risk limit max_position is ${value}, allowed: below ${MAXIMUM_UNITS} lots`);
    }
    for (const { cell } of limitCells(this, key, { account, instrument, currency })) this.cells[cell] = value;
    this.announce(key, value);
  }

  /** Risk takes note, before the next command, that a limit of this name has been set to this value. */
  announce(key: LimitKey, value: number): void {
    const feature = featureOf(key, value);
    if (feature !== 0) Atomics.or(this.words, FEATURES_WORD, feature);
    if (feature !== 0 || isLedgerLimit(key)) Atomics.add(this.words, CHANGES_WORD, 1);
  }

  /** The limit that holds now, in the unit of its cell. */
  limit(account: number, instrument: number, key: LimitKey, currency?: string): number {
    return this.cells[limitCells(this, key, { account, instrument, currency })[0].cell];
  }

  accountState(account: number): AccountState {
    return ACCOUNT_STATES[Atomics.load(this.words, this.layout.states + this.knownAccount(account))];
  }

  /**
   * Changes the state of an account from the next order on; returns the one before. An account whose loss limits are still
   * broken goes back with the next command: raise the limit or begin a new day as well.
   */
  setAccountState(account: number, state: AccountState): AccountState {
    const place = this.knownAccount(account);
    const { words, layout } = this;
    Atomics.store(words, layout.causes + place, 0);
    const before = Atomics.exchange(words, layout.states + place, STATE_VALUES[state]);
    Atomics.or(words, FEATURES_WORD, STATES);
    Atomics.add(words, CHANGES_WORD, 1);
    return ACCOUNT_STATES[before];
  }

  /** Reason (schemas/common.fbs) why risk has changed the state of an account; 0: it has not. */
  stateCause(account: number): number {
    return Atomics.load(this.words, this.layout.causes + this.knownAccount(account));
  }

  /**
   * Until when a circuit breaker stops orders: session nanoseconds on message time, Infinity: until it is released, 0: it has not
   * tripped. {@link ALL_INSTRUMENTS}: the breaker of all together.
   */
  breakerUntil(instrument: number): number {
    return this.cells[this.#breaker(instrument)];
  }

  /** Lets orders pass from the next one on; returns what {@link breakerUntil} was. It can trip again at once. */
  releaseBreaker(instrument: number): number {
    const cell = this.#breaker(instrument);
    const before = this.cells[cell];
    this.cells[cell] = 0;
    return before;
  }

  /** How many trading days have begun since the start. */
  get days(): number {
    return Atomics.load(this.words, DAYS_WORD);
  }

  /** A trading day begins with the next command: loss and drawdown count from there. States of accounts stay. */
  startDay(): void {
    Atomics.add(this.words, DAYS_WORD, 1);
    Atomics.add(this.words, CHANGES_WORD, 1);
  }

  knownAccount(account: number): number {
    const place = this.placeOf(account);
    if (!(place >= 0)) throw new RangeError(`risk: account ${account} is unknown`);
    return place;
  }

  knownInstrument(instrument: number): number {
    if (Number.isInteger(instrument) && instrument >= 0 && instrument < this.layout.instruments)
      return instrument;
    throw new RangeError(`risk: instrument ${instrument} is unknown`);
  }

  #initialise(terms: RiskTerms): void {
    const { words } = this;
    if (Atomics.compareExchange(words, STATE_WORD, UNINITIALISED, INITIALISING) === UNINITIALISED) {
      for (const { account, instrument, currency, key, value } of configuredLimits(terms, this)) {
        this.setLimit(account ?? ALL_ACCOUNTS, instrument ?? ALL_INSTRUMENTS, key, value, currency);
      }
      for (const { id, state } of terms.accounts) {
        if (state !== undefined && state !== 'active') this.setAccountState(id, state);
      }
      if (terms.kill_switch) this.engageKillSwitch({});
      Atomics.store(words, STATE_WORD, READY);
      Atomics.notify(words, STATE_WORD);
    }
    while (Atomics.load(words, STATE_WORD) !== READY) Atomics.wait(words, STATE_WORD, INITIALISING, 100);
  }

  #breaker(instrument: number): number {
    const { breakers, instruments } = this.layout;
    return breakers + (instrument === ALL_INSTRUMENTS ? instruments : this.knownInstrument(instrument));
  }

  #switches(scope: KillScope): number[] {
    const { killGlobal, killAccounts, killInstruments } = this.layout;
    const { account, instrument } = scope;
    if (account !== undefined && instrument !== undefined) {
      throw new RangeError('risk: a kill switch stops an account or an instrument, not their combination');
    }
    if (account !== undefined) return [killAccounts + this.knownAccount(account)];
    if (instrument !== undefined) return [killInstruments + this.knownInstrument(instrument)];
    return [killGlobal];
  }
}
