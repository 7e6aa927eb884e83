/**
 * Sums of every account in every currency: what it has, what its open orders hold, what its positions are worth and what they
 * take as margin. All are exact and follow from fills, open orders and last prices; the ledger is kept only once a control
 * needs it, and computed anew (`rebuild`) then and when a limit changes that it depends on.
 *
 * Every part remembers what it put into a sum, and puts in something else by taking that out first, so no sum drifts.
 */
import { Side } from '../lib/enums.js';
import * as amounts from './amounts.js';
import {
  addMultiple,
  addSignedProduct,
  addValue,
  replaceValue,
  scaleUp,
  setProduct,
  setValue,
  subtractValue,
} from './amounts.js';
import type { RiskControls } from './controls.js';
import * as layout from './controls-layout.js';
import type { CurrencyTable } from './currencies.js';
import * as exact from './exact.js';
import * as limitUnits from './limits.js';
import type { OpenOrders } from './open-orders.js';
import * as records from './open-orders.js';
import type { Positions } from './positions.js';
import * as positionCells from './positions.js';
import type { RiskTrade } from './records.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { FIRST, SECOND, scratch, THIRD } = amounts;
const { EXACT_CELLS, operands } = exact;
const { ACCOUNT_STRIDE, FEE, INITIAL_MARGIN, INSTRUMENT_STRIDE, MAINTENANCE_MARGIN, MODE } = layout;
const { FEE_DENOMINATOR, MARGIN_DENOMINATOR, MODE_MARGIN } = limitUnits;
const { ACCOUNT, INSTRUMENT, LINKED, ORDER_WORDS, SECONDARY, SIDE } = records;
const { CASH, FEES, OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } = positionCells;

// Sums of an account in a currency, units of the currency, exact (two cells each).
/** Received for sales less paid for purchases and fees, of instruments quoted in it. */
export const QUOTE = 0;
/** Positions in instruments that have it as base; and what open buys and sells may add to and take from them. */
export const BASE = 2;
export const BASE_BUYS = 4;
export const BASE_SELLS = 6;
/** Positions in instruments quoted in it, at their last prices; negative when short. */
export const MARKED = 8;
/** The same as if all open orders of the worse side were filled; never negative. */
export const VALUE = 10;
export const INITIAL = 12;
export const MAINTENANCE = 14;
/** What open orders hold. */
export const HOLDS = 16;
/** Profit when the day began and the highest since; not sums. */
export const DAY_START = 18;
export const DAY_HIGH = 20;
export const SUM_CELLS = 24;

// What a position has in the sums.
const OWN_QUANTITY = 0;
const OWN_BUYS = 1;
const OWN_SELLS = 2;
/** Price at which it is marked, ticks. */
export const OWN_MARK = 3;
const OWN_MARKED = 4;
const OWN_VALUE = 6;
const OWN_INITIAL = 8;
const OWN_MAINTENANCE = 10;
/** Lots that its value at worst counts. */
const OWN_WORST = 12;
export const OWN_CELLS = 16;

export interface LedgerParts {
  readonly controls: RiskControls;
  readonly orders: OpenOrders;
  readonly positions: Positions;
  /** Last price of each instrument. */
  readonly reference: Float64Array;
}

export class Ledger {
  readonly currencies: CurrencyTable;
  /** Accounts times currencies. Empty until {@link allocate}. */
  sums = new Float64Array(0);
  /** By position. */
  own = new Float64Array(0);
  readonly #parts: LedgerParts;
  readonly #instruments: number;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.currencies = parts.controls.currencies;
    this.#instruments = parts.controls.layout.instruments;
  }

  get isAllocated(): boolean {
    return this.sums.length > 0;
  }

  /** Index in {@link sums} of an account (by place) in a currency. */
  sumsOf(place: number, currency: number): number {
    return (place * this.currencies.count + currency) * SUM_CELLS;
  }

  /** One side of a fill: cash of the quote currency, fee included. The position follows with {@link refresh}. */
  fill(place: number, instrument: number, side: number, trade: RiskTrade, fee: number): void {
    const unit = this.currencies.quoteUnits[instrument];
    const at = this.sumsOf(place, this.currencies.quote[instrument]) + QUOTE;
    operands[0] = (side === Side.Buy ? -trade.price : trade.price) * unit;
    operands[1] = trade.quantity;
    addSignedProduct(this.sums, at);
    if (fee === 0) return;
    operands[0] = -fee;
    operands[1] = unit;
    addSignedProduct(this.sums, at);
  }

  /** The position, its open orders or the last price of its instrument have changed. */
  refresh(position: number, place: number, instrument: number): void {
    const { positions, reference } = this.#parts;
    const { own, currencies } = this;
    const cells = positions.cells;
    const at = position * POSITION_CELLS;
    const mine = position * OWN_CELLS;
    const quantity = cells[at + QUANTITY];
    const buys = cells[at + OPEN_BUY];
    const sells = cells[at + OPEN_SELL];
    const base = this.sumsOf(place, currencies.base[instrument]);
    const baseUnit = currencies.baseUnits[instrument];
    const before = own[mine + OWN_QUANTITY];
    this.#shift(base + BASE, mine + OWN_QUANTITY, quantity, baseUnit);
    this.#shift(base + BASE_BUYS, mine + OWN_BUYS, buys, baseUnit);
    this.#shift(base + BASE_SELLS, mine + OWN_SELLS, sells, baseUnit);
    const mark = reference[instrument];
    const isMoved = own[mine + OWN_MARK] !== mark;
    own[mine + OWN_MARK] = mark;
    if (isMoved || quantity !== before) this.#revalue(position, place, instrument);
    const worst = worstQuantity(quantity, buys, sells);
    if (isMoved || worst !== own[mine + OWN_WORST]) this.#reexpose(position, place, instrument, worst);
  }

  /** What the position is worth, and its maintenance margin. */
  #revalue(position: number, place: number, instrument: number): void {
    const { sums, own } = this;
    const quantity = this.#parts.positions.cells[position * POSITION_CELLS + QUANTITY];
    const mine = position * OWN_CELLS;
    const quote = this.sumsOf(place, this.currencies.quote[instrument]);
    operands[0] = own[mine + OWN_MARK] * this.currencies.quoteUnits[instrument];
    operands[1] = quantity;
    setProduct(FIRST);
    replaceValue(sums, quote + MARKED, own, mine + OWN_MARKED, FIRST);
    if (!this.#hasMargin(place)) return;
    operands[0] = own[mine + OWN_MARK] * this.currencies.quoteUnits[instrument];
    operands[1] = quantity < 0 ? -quantity : quantity;
    setProduct(FIRST);
    scaleUp(FIRST, this.#rate(position, MAINTENANCE_MARGIN), MARGIN_DENOMINATOR);
    replaceValue(sums, quote + MAINTENANCE, own, mine + OWN_MAINTENANCE, FIRST);
  }

  /** What it may be worth at worst, and its initial margin. */
  #reexpose(position: number, place: number, instrument: number, worst: number): void {
    const { sums, own } = this;
    const mine = position * OWN_CELLS;
    const quote = this.sumsOf(place, this.currencies.quote[instrument]);
    own[mine + OWN_WORST] = worst;
    operands[0] = own[mine + OWN_MARK] * this.currencies.quoteUnits[instrument];
    operands[1] = worst;
    setProduct(FIRST);
    replaceValue(sums, quote + VALUE, own, mine + OWN_VALUE, FIRST);
    if (!this.#hasMargin(place)) return;
    scaleUp(FIRST, this.#rate(position, INITIAL_MARGIN), MARGIN_DENOMINATOR);
    replaceValue(sums, quote + INITIAL, own, mine + OWN_INITIAL, FIRST);
  }

  #hasMargin(place: number): boolean {
    const { cells, layout } = this.#parts.controls;
    return cells[layout.accountLimits + place * ACCOUNT_STRIDE + MODE] === MODE_MARGIN;
  }

  #rate(position: number, limit: number): number {
    const { cells, layout } = this.#parts.controls;
    return cells[layout.instrumentLimits + position * INSTRUMENT_STRIDE + limit];
  }

  /**
   * scratch[FIRST] = initial margin that the account takes in the quote currency if the position had so many lots at worst, at
   * operands[2] ticks or the last price, whichever is higher.
   */
  initialMarginWith(position: number, place: number, instrument: number, worst: number): void {
    const { reference, controls } = this.#parts;
    const last = reference[instrument];
    const price = operands[2] > last ? operands[2] : last;
    const limits = controls.layout.instrumentLimits + position * INSTRUMENT_STRIDE;
    operands[0] = price * this.currencies.quoteUnits[instrument];
    operands[1] = worst;
    setProduct(FIRST);
    scaleUp(FIRST, controls.cells[limits + INITIAL_MARGIN], MARGIN_DENOMINATOR);
    addValue(scratch, FIRST, this.sums, this.sumsOf(place, this.currencies.quote[instrument]) + INITIAL);
    subtractValue(scratch, FIRST, this.own, position * OWN_CELLS + OWN_INITIAL);
  }

  /** scratch[FIRST] = value of all positions in the quote currency if this one had so many lots at worst. */
  valueWith(position: number, place: number, instrument: number, worst: number): void {
    operands[0] = this.#parts.reference[instrument] * this.currencies.quoteUnits[instrument];
    operands[1] = worst;
    setProduct(FIRST);
    addValue(scratch, FIRST, this.sums, this.sumsOf(place, this.currencies.quote[instrument]) + VALUE);
    subtractValue(scratch, FIRST, this.own, position * OWN_CELLS + OWN_VALUE);
  }

  /** scratch[THIRD] = realised and unrealised profit in a currency, fees included. */
  profit(place: number, currency: number): void {
    const at = this.sumsOf(place, currency);
    setValue(THIRD, this.sums, at + QUOTE);
    addValue(scratch, THIRD, this.sums, at + MARKED);
  }

  /**
   * scratch[at] = what an order of operands[1] lots holds: of the base currency for a sell; for a buy, of the quote
   * currency at operands[0] ticks with the highest fee. Uses scratch[SECOND].
   */
  holdOf(at: number, side: number, position: number, instrument: number): void {
    if (side === Side.Sell) {
      operands[0] = this.currencies.baseUnits[instrument];
      setProduct(at);
      return;
    }
    const { controls } = this.#parts;
    operands[0] *= this.currencies.quoteUnits[instrument];
    setProduct(at);
    const fee = controls.cells[controls.layout.instrumentLimits + position * INSTRUMENT_STRIDE + FEE];
    if (fee === 0) return;
    setValue(SECOND, scratch, at);
    scaleUp(SECOND, fee, FEE_DENOMINATOR);
    addValue(scratch, at, scratch, SECOND);
  }

  /** The order may trade less or more, or at another price: its hold follows, and that of the order which counts beside it. */
  hold(entry: number): void {
    const { orders } = this.#parts;
    const flags = orders.flags(entry);
    if ((flags & LINKED) === 0) {
      this.#fullHold(entry, FIRST);
      this.#setHold(entry);
      return;
    }
    const other = orders.partner[entry];
    const secondary = (flags & SECONDARY) !== 0 ? entry : other;
    const primary = secondary === entry ? other : entry;
    this.#fullHold(primary, FIRST);
    this.#setHold(primary);
    this.#fullHold(secondary, FIRST);
    subtractValue(scratch, FIRST, orders.holds, primary * EXACT_CELLS);
    if (scratch[FIRST] < 0) {
      scratch[FIRST] = 0;
      scratch[FIRST + 1] = 0;
    }
    this.#setHold(secondary);
  }

  /** The order is over. It no longer counts beside another. */
  releaseHold(entry: number): void {
    scratch[FIRST] = 0;
    scratch[FIRST + 1] = 0;
    this.#setHold(entry);
  }

  /** Computes all sums from fills, orders and last prices; allocates the first time. */
  rebuild(): void {
    const { controls, positions, orders } = this.#parts;
    const { accounts, currencies } = controls.layout;
    if (!this.isAllocated) {
      this.sums = new Float64Array(accounts * currencies * SUM_CELLS);
      this.own = new Float64Array(positions.count * OWN_CELLS);
    }
    for (let at = 0; at < this.sums.length; at += SUM_CELLS) this.sums.fill(0, at, at + DAY_START);
    this.own.fill(0);
    for (let position = 0; position < positions.count; position++) {
      const place = Math.floor(position / this.#instruments);
      const instrument = position % this.#instruments;
      const at = this.sumsOf(place, this.currencies.quote[instrument]) + QUOTE;
      const unit = this.currencies.quoteUnits[instrument];
      addMultiple(this.sums, at, positions.cells, position * POSITION_CELLS + CASH, unit);
      addMultiple(this.sums, at, positions.cells, position * POSITION_CELLS + FEES, -unit);
      this.refresh(position, place, instrument);
    }
    orders.holds.fill(0);
    orders.forEach((entry) => {
      this.hold(entry);
    });
  }

  /** scratch[at] = hold of the order by itself. */
  #fullHold(entry: number, at: number): void {
    const { orders } = this.#parts;
    const words = orders.words;
    const instrument = words[entry * ORDER_WORDS + INSTRUMENT];
    operands[0] = orders.worst[entry];
    operands[1] = orders.remaining(entry);
    const position = words[entry * ORDER_WORDS + ACCOUNT] * this.#instruments + instrument;
    this.holdOf(at, words[entry * ORDER_WORDS + SIDE], position, instrument);
  }

  /** The order holds scratch[FIRST] from now on. */
  #setHold(entry: number): void {
    const { orders } = this.#parts;
    const at = entry * ORDER_WORDS;
    const instrument = orders.words[at + INSTRUMENT];
    const { quote, base } = this.currencies;
    const currency = orders.words[at + SIDE] === Side.Buy ? quote[instrument] : base[instrument];
    const sum = this.sumsOf(orders.words[at + ACCOUNT], currency) + HOLDS;
    replaceValue(this.sums, sum, orders.holds, entry * EXACT_CELLS, FIRST);
  }

  /** A number of lots in a sum becomes another. */
  #shift(sum: number, mine: number, lots: number, unit: number): void {
    const before = this.own[mine];
    if (lots === before) return;
    this.own[mine] = lots;
    operands[0] = lots - before;
    operands[1] = unit;
    addSignedProduct(this.sums, sum);
  }
}

/** Lots of the position, long or short, as if all open orders of the worse side were filled. */
export function worstQuantity(quantity: number, buys: number, sells: number): number {
  const long = quantity + buys;
  const short = sells - quantity;
  return long > short ? long : short;
}
