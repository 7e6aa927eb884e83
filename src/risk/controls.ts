import type { InstrumentTable } from '../lib/instruments.js';
import {
  ACCOUNT_STRIDE,
  type ControlsLayout,
  controlsLayout,
  ENGAGED_WORD,
  INITIALISING,
  INSTRUMENT_STRIDE,
  READY,
  STATE_WORD,
  UNINITIALISED,
} from './controls-layout.js';
import {
  ACCOUNT_LIMITS,
  INSTRUMENT_LIMITS,
  isInstrumentLimit,
  type LimitKey,
  limitTerm,
  limitValue,
  MAXIMUM_UNITS,
  type RiskTerms,
} from './limits.js';

/** What a kill switch stops: an account, an instrument (by number), or with neither everything. */
export interface KillScope {
  readonly account?: number;
  readonly instrument?: number;
}

/** Account of {@link RiskControls.setLimit} that means every account. */
export const ALL_ACCOUNTS = 0;
/** Instrument of {@link RiskControls.setLimit} that means every instrument. */
export const ALL_INSTRUMENTS = 0xffff_ffff;

const MAXIMUM_ACCOUNT = 65_535;

/**
 * Kill switches and limits in shared memory. Any thread may open and change them; risk reads them with every order, so
 * that a change holds from the next order on. Whoever opens the memory first fills it from the configuration.
 */
export class RiskControls {
  readonly layout: ControlsLayout;
  /** State and kill switches (see controls-layout.ts). */
  readonly words: Int32Array;
  /** Limits. */
  readonly cells: Float64Array;
  readonly #places: Int32Array;

  /** Throws RangeError when accounts and instruments are too many for the memory, or an account id is out of range. */
  constructor(memory: SharedArrayBuffer, terms: RiskTerms, instruments: InstrumentTable) {
    this.layout = controlsLayout(terms.accounts.length, instruments.count, memory.byteLength);
    this.words = new Int32Array(memory);
    this.cells = new Float64Array(memory);
    this.#places = new Int32Array(MAXIMUM_ACCOUNT + 1).fill(-1);
    terms.accounts.forEach(({ id }, place) => {
      if (!Number.isInteger(id) || id < 1 || id > MAXIMUM_ACCOUNT || this.#places[id] >= 0) {
        throw new RangeError(
          `risk.accounts: id ${id}, allowed: different integers from 1 to ${MAXIMUM_ACCOUNT}`,
        );
      }
      this.#places[id] = place;
    });
    this.#initialise(terms, instruments);
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
   * Changes a limit from the next order on. `value` is in the unit of the cell (limits.ts; {@link limitValue} converts
   * texts); it must be finite and not below 0. Limits over all instruments take {@link ALL_INSTRUMENTS}.
   */
  setLimit(account: number, instrument: number, key: LimitKey, value: number): void {
    if (!Number.isFinite(value) || value < 0) {
      throw new RangeError(`risk limit ${key} is ${value}, allowed: a number from 0`);
    }
    if (key === 'max_position' && value >= MAXIMUM_UNITS) {
      throw new RangeError(`risk limit max_position is ${value}, allowed: below ${MAXIMUM_UNITS} lots`);
    }
    for (const cell of this.#limitCells(account, instrument, key)) this.cells[cell] = value;
  }

  /** The limit that holds now, in the unit of its cell. */
  limit(account: number, instrument: number, key: LimitKey): number {
    return this.cells[this.#limitCells(account, instrument, key)[0]];
  }

  #initialise(terms: RiskTerms, instruments: InstrumentTable): void {
    const { words } = this;
    if (Atomics.compareExchange(words, STATE_WORD, UNINITIALISED, INITIALISING) === UNINITIALISED) {
      for (const account of terms.accounts) {
        for (const instrument of instruments.all) {
          for (const key of INSTRUMENT_LIMITS) {
            const value = limitValue(key, limitTerm(terms, account, key), instrument);
            this.setLimit(account.id, instrument.index, key, value);
          }
        }
        for (const key of ACCOUNT_LIMITS) {
          this.setLimit(account.id, ALL_INSTRUMENTS, key, limitTerm(terms, account, key));
        }
      }
      if (terms.kill_switch) this.engageKillSwitch({});
      Atomics.store(words, STATE_WORD, READY);
      Atomics.notify(words, STATE_WORD);
    }
    while (Atomics.load(words, STATE_WORD) !== READY) Atomics.wait(words, STATE_WORD, INITIALISING, 100);
  }

  #switches(scope: KillScope): number[] {
    const { killGlobal, killAccounts, killInstruments } = this.layout;
    const { account, instrument } = scope;
    if (account !== undefined && instrument !== undefined) {
      throw new RangeError('risk: a kill switch stops an account or an instrument, not their combination');
    }
    if (account !== undefined) return [killAccounts + this.#knownAccount(account)];
    if (instrument !== undefined) return [killInstruments + this.#knownInstrument(instrument)];
    return [killGlobal];
  }

  #limitCells(account: number, instrument: number, key: LimitKey): number[] {
    const { accounts, instruments, accountLimits, instrumentLimits } = this.layout;
    const accountPlaces = account === ALL_ACCOUNTS ? range(accounts) : [this.#knownAccount(account)];
    if (!isInstrumentLimit(key)) {
      const offset = accountLimits + ACCOUNT_LIMITS.indexOf(key);
      return accountPlaces.map((place) => offset + place * ACCOUNT_STRIDE);
    }
    const instrumentPlaces =
      instrument === ALL_INSTRUMENTS ? range(instruments) : [this.#knownInstrument(instrument)];
    const offset = instrumentLimits + INSTRUMENT_LIMITS.indexOf(key);
    return accountPlaces.flatMap((place) =>
      instrumentPlaces.map((index) => offset + (place * instruments + index) * INSTRUMENT_STRIDE),
    );
  }

  #knownAccount(account: number): number {
    const place = this.placeOf(account);
    if (!(place >= 0)) throw new RangeError(`risk: account ${account} is unknown`);
    return place;
  }

  #knownInstrument(instrument: number): number {
    if (Number.isInteger(instrument) && instrument >= 0 && instrument < this.layout.instruments)
      return instrument;
    throw new RangeError(`risk: instrument ${instrument} is unknown`);
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
