/**
 * Loss since the day began and drawdown from the day's highest profit, for each account in each quote currency: realised and
 * unrealised at the last prices, fees included. A breach sets the state of the account at once, at the event that caused it.
 *
 * So that nothing is computed when an order is checked, a price that changes is passed on to the positions of the instrument when
 * it changes, but only to those of accounts that are watched: with loss limits, a limit on currency notional, or in margin mode.
 */
import { Reason } from '../lib/enums.js';
import * as amounts from './amounts.js';
import { exceedsNumber, isAbove, isNegative, setValue, subtractValue } from './amounts.js';
import type { RiskControls } from './controls.js';
import * as layout from './controls-layout.js';
import * as exact from './exact.js';
import { toDouble } from './exact.js';
import type { Ledger } from './ledger.js';
import * as ledgerSums from './ledger-layout.js';
import * as limitUnits from './limits.js';
import type { Positions } from './positions.js';
import * as positionCells from './positions.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { SECOND, scratch, THIRD } = amounts;
const { operands } = exact;
const {
  ACCOUNT_STRIDE,
  CURRENCY_STRIDE,
  FEATURES_WORD,
  HALTED,
  LOSS_ACTION,
  MAX_CURRENCY_NOTIONAL,
  MAX_DAILY_LOSS,
  MAX_DRAWDOWN,
  MODE,
  OPENING_BALANCE,
  READING_STRIDE,
  REDUCING_ONLY,
  STATES,
} = layout;
const { BASE, DAY_HIGH, DAY_START, HOLDS, INITIAL, MAINTENANCE, MARKED, QUOTE, SUM_CELLS, VALUE } =
  ledgerSums;
const { LOSS_HALTS, MODE_MARGIN } = limitUnits;
const { OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } = positionCells;

/** What {@link LossLimits.adopt} reads. */
interface AdoptParts {
  readonly positions: Positions;
  readonly instruments: number;
}

export class LossLimits {
  readonly #controls: RiskControls;
  readonly #ledger: Ledger;
  /** 1: last prices are passed on to the account's positions. */
  readonly #watched: Uint8Array;
  /** By instrument: the first of the positions that its price concerns, plus 1; then a doubly linked list. */
  #first = new Int32Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #listed = new Uint8Array(0);
  #positions: Positions | undefined;
  /** Sums of accounts in currencies whose readings are not up to date. */
  readonly #stale: Uint8Array;
  readonly #queue: Int32Array;
  #queued = 0;

  constructor(controls: RiskControls, ledger: Ledger) {
    const { accounts, currencies } = controls.layout;
    this.#controls = controls;
    this.#ledger = ledger;
    this.#watched = new Uint8Array(accounts);
    this.#stale = new Uint8Array(accounts * currencies);
    this.#queue = new Int32Array(accounts * currencies);
  }

  isWatched(place: number): boolean {
    return this.#watched[place] !== 0;
  }

  /** A position or its open orders have changed: sums, list and readings follow. */
  refresh(position: number, place: number, instrument: number): void {
    this.#ledger.refresh(position, place, instrument);
    if (this.#watched[place] !== 0) this.#enlist(position, instrument);
    const { quote, base } = this.#ledger.currencies;
    this.#note(place, quote[instrument]);
    this.#note(place, base[instrument]);
  }

  /** The last price of an instrument has changed: everything that hangs on it follows. Takes time in proportion to the positions. */
  mark(instrument: number): void {
    const instruments = this.#controls.layout.instruments;
    const currency = this.#ledger.currencies.quote[instrument];
    for (let position = this.#first[instrument] - 1; position >= 0; position = this.#next[position] - 1) {
      const place = (position - instrument) / instruments;
      this.#ledger.refresh(position, place, instrument);
      this.assess(place, currency);
      this.#note(place, currency);
    }
  }

  /** Raises the day's high, and the state of the account if a limit is broken. */
  assess(place: number, currency: number): void {
    const ledger = this.#ledger;
    const { cells, layout } = this.#controls;
    const at = ledger.sumsOf(place, currency);
    const { sums } = ledger;
    ledger.profit(place, currency);
    if (!isAbove(sums, at + DAY_HIGH, THIRD)) {
      sums[at + DAY_HIGH] = scratch[THIRD];
      sums[at + DAY_HIGH + 1] = scratch[THIRD + 1];
    }
    const limits = layout.currencyLimits + (place * layout.currencies + currency) * CURRENCY_STRIDE;
    operands[0] = cells[limits + MAX_DAILY_LOSS];
    if (this.#fallsBy(at + DAY_START)) this.#breach(place, Reason.DailyLoss);
    operands[0] = cells[limits + MAX_DRAWDOWN];
    if (this.#fallsBy(at + DAY_HIGH)) this.#breach(place, Reason.Drawdown);
  }

  /** Limits have changed, or a day begins: who is watched, what is broken. Takes time in proportion to all positions. */
  adopt(parts: AdoptParts, isNewDay: boolean): void {
    const { accounts, currencies } = this.#controls.layout;
    this.#positions = parts.positions;
    for (let place = 0; place < accounts; place++) this.#watched[place] = this.#needsPrices(place) ? 1 : 0;
    this.#list(parts);
    for (let place = 0; place < accounts; place++) {
      for (let currency = 0; currency < currencies; currency++) {
        if (isNewDay) {
          const at = this.#ledger.sumsOf(place, currency);
          this.#ledger.profit(place, currency);
          for (const cell of [DAY_START, DAY_HIGH]) {
            this.#ledger.sums[at + cell] = scratch[THIRD];
            this.#ledger.sums[at + cell + 1] = scratch[THIRD + 1];
          }
        }
        this.assess(place, currency);
        this.#note(place, currency);
      }
    }
  }

  /** Writes the readings that have changed to shared memory; returns how many accounts in currencies that were. */
  publish(): number {
    const { cells, layout } = this.#controls;
    const { sums } = this.#ledger;
    const count = this.#queued;
    for (let i = 0; i < count; i++) {
      const block = this.#queue[i];
      this.#stale[block] = 0;
      const at = block * SUM_CELLS;
      const reading = layout.readings + block * READING_STRIDE;
      const opening = cells[layout.currencyLimits + block * CURRENCY_STRIDE + OPENING_BALANCE];
      const profit = toDouble(sums, at + QUOTE) + toDouble(sums, at + MARKED);
      cells[reading] = opening + toDouble(sums, at + QUOTE) + toDouble(sums, at + BASE);
      cells[reading + 1] = toDouble(sums, at + HOLDS);
      cells[reading + 2] = profit;
      cells[reading + 3] = opening + profit;
      cells[reading + 4] = toDouble(sums, at + DAY_START);
      cells[reading + 5] = toDouble(sums, at + DAY_HIGH);
      cells[reading + 6] = toDouble(sums, at + VALUE);
      cells[reading + 7] = toDouble(sums, at + INITIAL);
      cells[reading + 8] = toDouble(sums, at + MAINTENANCE);
    }
    this.#queued = 0;
    return count;
  }

  /** Is the value at `from` more than operands[0] above the profit in scratch[THIRD]? */
  #fallsBy(from: number): boolean {
    if (operands[0] === Number.POSITIVE_INFINITY) return false;
    setValue(SECOND, this.#ledger.sums, from);
    subtractValue(scratch, SECOND, scratch, THIRD);
    return !isNegative(SECOND) && exceedsNumber(SECOND);
  }

  /** The operator's states stay, unless this one stops more. */
  #breach(place: number, reason: Reason): void {
    const { words, cells, layout } = this.#controls;
    const halts = cells[layout.accountLimits + place * ACCOUNT_STRIDE + LOSS_ACTION] === LOSS_HALTS;
    const state = halts ? HALTED : REDUCING_ONLY;
    const before = Atomics.load(words, layout.states + place);
    if (before >= state) return;
    Atomics.store(words, layout.causes + place, reason);
    Atomics.store(words, layout.states + place, state);
    Atomics.or(words, FEATURES_WORD, STATES);
  }

  #needsPrices(place: number): boolean {
    const { cells, layout } = this.#controls;
    if (cells[layout.accountLimits + place * ACCOUNT_STRIDE + MODE] === MODE_MARGIN) return true;
    for (let currency = 0; currency < layout.currencies; currency++) {
      const limits = layout.currencyLimits + (place * layout.currencies + currency) * CURRENCY_STRIDE;
      for (const limit of [MAX_DAILY_LOSS, MAX_DRAWDOWN, MAX_CURRENCY_NOTIONAL]) {
        if (cells[limits + limit] !== Number.POSITIVE_INFINITY) return true;
      }
    }
    return false;
  }

  #list({ positions, instruments }: AdoptParts): void {
    if (this.#listed.length === 0) {
      this.#first = new Int32Array(instruments);
      this.#next = new Int32Array(positions.count);
      this.#previous = new Int32Array(positions.count);
      this.#listed = new Uint8Array(positions.count);
    }
    this.#first.fill(0);
    this.#listed.fill(0);
    for (let position = 0; position < positions.count; position++) {
      if (this.#watched[Math.floor(position / instruments)] !== 0)
        this.#enlist(position, position % instruments);
    }
  }

  /** Puts a position that a price concerns on the list of its instrument, and takes one off that is flat without open orders. */
  #enlist(position: number, instrument: number): void {
    const cells = this.#positions?.cells;
    if (cells === undefined) return;
    const at = position * POSITION_CELLS;
    const isConcerned =
      cells[at + QUANTITY] !== 0 || cells[at + OPEN_BUY] !== 0 || cells[at + OPEN_SELL] !== 0;
    if (isConcerned === (this.#listed[position] !== 0)) return;
    if (isConcerned) {
      const first = this.#first[instrument];
      this.#next[position] = first;
      this.#previous[position] = 0;
      if (first > 0) this.#previous[first - 1] = position + 1;
      this.#first[instrument] = position + 1;
      this.#listed[position] = 1;
      return;
    }
    const next = this.#next[position];
    const previous = this.#previous[position];
    if (next > 0) this.#previous[next - 1] = previous;
    if (previous > 0) this.#next[previous - 1] = next;
    else this.#first[instrument] = next;
    this.#listed[position] = 0;
  }

  #note(place: number, currency: number): void {
    const block = place * this.#controls.layout.currencies + currency;
    if (this.#stale[block] !== 0) return;
    this.#stale[block] = 1;
    this.#queue[this.#queued++] = block;
  }
}
