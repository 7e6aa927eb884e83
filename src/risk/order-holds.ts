import { Side } from '../lib/enums.js';
import * as amounts from './amounts.js';
import { addValue, replaceValue, scaleUp, setProduct, setValue, subtractValue } from './amounts.js';
import * as layout from './controls-layout.js';
import * as exact from './exact.js';
import type { Ledger } from './ledger.js';
import { HOLDS, type LedgerParts } from './ledger-layout.js';
import * as limitUnits from './limits.js';
import * as records from './open-orders.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { FIRST, SECOND, scratch } = amounts;
const { FEE, INSTRUMENT_STRIDE } = layout;
const { EXACT_CELLS, operands } = exact;
const { FEE_DENOMINATOR } = limitUnits;
const { ACCOUNT, INSTRUMENT, LINKED, ORDER_WORDS, SECONDARY, SIDE } = records;

/**
 * What open orders hold of their account's balances: a buy what it may have to pay at worst and the highest fee, a sell what it
 * sells. Kept with the order, so that whatever ends or shrinks it gives back exactly that.
 */
export class OrderHolds {
  readonly #ledger: Ledger;
  readonly #parts: LedgerParts;

  constructor(ledger: Ledger, parts: LedgerParts) {
    this.#ledger = ledger;
    this.#parts = parts;
  }

  /**
   * scratch[at] = what an order of operands[1] lots holds: of the base currency for a sell; for a buy, of the quote
   * currency at operands[0] ticks with the highest fee. Uses scratch[SECOND].
   */
  of(at: number, side: number, position: number, instrument: number): void {
    if (side === Side.Sell) {
      operands[0] = this.#ledger.currencies.baseUnits[instrument];
      setProduct(at);
      return;
    }
    const { controls, fees } = this.#parts;
    operands[0] *= this.#ledger.currencies.quoteUnits[instrument];
    setProduct(at);
    const limit = controls.cells[controls.layout.instrumentLimits + position * INSTRUMENT_STRIDE + FEE];
    const fee = limit > fees[instrument] ? limit : fees[instrument];
    if (fee === 0) return;
    setValue(SECOND, scratch, at);
    scaleUp(SECOND, fee, FEE_DENOMINATOR);
    addValue(scratch, at, scratch, SECOND);
  }

  /** The order may trade less or more, or at another price: its hold follows, and that of the order which counts beside it. */
  update(entry: number): void {
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
  release(entry: number): void {
    scratch[FIRST] = 0;
    scratch[FIRST + 1] = 0;
    this.#setHold(entry);
  }

  /** Computes all holds anew; the ledger has cleared their sums. */
  rebuild(): void {
    const { orders } = this.#parts;
    orders.holds.fill(0);
    orders.forEach((entry) => {
      this.update(entry);
    });
  }

  /** scratch[at] = hold of the order by itself. */
  #fullHold(entry: number, at: number): void {
    const { orders } = this.#parts;
    const words = orders.words;
    const instrument = words[entry * ORDER_WORDS + INSTRUMENT];
    operands[0] = orders.worst[entry];
    operands[1] = orders.remaining(entry);
    const position =
      words[entry * ORDER_WORDS + ACCOUNT] * this.#parts.controls.layout.instruments + instrument;
    this.of(at, words[entry * ORDER_WORDS + SIDE], position, instrument);
  }

  /** The order holds scratch[FIRST] from now on. */
  #setHold(entry: number): void {
    const { orders } = this.#parts;
    const at = entry * ORDER_WORDS;
    const instrument = orders.words[at + INSTRUMENT];
    const { quote, base } = this.#ledger.currencies;
    const currency = orders.words[at + SIDE] === Side.Buy ? quote[instrument] : base[instrument];
    const sum = this.#ledger.sumsOf(orders.words[at + ACCOUNT], currency) + HOLDS;
    replaceValue(this.#ledger.sums, sum, orders.holds, entry * EXACT_CELLS, FIRST);
  }
}
