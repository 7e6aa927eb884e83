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
import * as layout from './controls-layout.js';
import type { CurrencyTable } from './currencies.js';
import * as exact from './exact.js';
import type { LedgerParts } from './ledger-layout.js';
import * as ledgerCells from './ledger-layout.js';
import * as limitUnits from './limits.js';
import { OrderHolds } from './order-holds.js';
import * as positionCells from './positions.js';
import type { RiskTrade } from './records.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const {
  QUOTE,
  BASE,
  BASE_BUYS,
  BASE_SELLS,
  MARKED,
  VALUE,
  INITIAL,
  MAINTENANCE,
  DAY_START,
  SUM_CELLS,
  OWN_QUANTITY,
  OWN_BUYS,
  OWN_SELLS,
  OWN_MARK,
  OWN_MARKED,
  OWN_VALUE,
  OWN_INITIAL,
  OWN_MAINTENANCE,
  OWN_WORST,
  OWN_CELLS,
} = ledgerCells;
const { FIRST, scratch, THIRD } = amounts;
const { operands } = exact;
const { ACCOUNT_STRIDE, INITIAL_MARGIN, INSTRUMENT_STRIDE, MAINTENANCE_MARGIN, MODE } = layout;
const { MARGIN_DENOMINATOR, MODE_MARGIN } = limitUnits;
const { CASH, FEES, OPEN_BUY, OPEN_SELL, POSITION_CELLS, QUANTITY } = positionCells;

export class Ledger {
  readonly currencies: CurrencyTable;
  /** Accounts times currencies. Empty until {@link allocate}. */
  sums = new Float64Array(0);
  /** By position. */
  own = new Float64Array(0);
  /** What open orders hold. */
  readonly holds: OrderHolds;
  readonly #parts: LedgerParts;
  readonly #instruments: number;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.currencies = parts.controls.currencies;
    this.holds = new OrderHolds(this, parts);
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

  /** Computes all sums from fills, orders and last prices; allocates the first time. */
  rebuild(): void {
    const { controls, positions } = this.#parts;
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
    this.holds.rebuild();
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
