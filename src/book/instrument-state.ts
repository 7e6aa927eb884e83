/** What is known of each instrument besides its book: phase, last and reference price, indicative price, its rules. */
import { TradingPhase } from '../lib/enums.js';
import { type ResolvedRules, resolveRules } from './instrument-rules.js';
import type { InstrumentRules } from './matching.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Continuous, OpeningAuction, VolatilityAuction, ClosingAuction } = TradingPhase;

// Bits of `flags`: all that keeps a command of the instrument off the plain path. 0: nothing.
export const NOT_CONTINUOUS = 1;
/** Stops wait. */
export const STOPS = 2;
export const BANDS = 4;
export const FEES = 8;
/** In an auction with an indicative price. */
export const AUCTION = 16;
/** The book has changed since the indicative price was published. */
export const CHANGED = 32;

export class InstrumentStates {
  declare readonly count: number;
  declare readonly flags: Int32Array;
  declare readonly phase: Uint8Array;
  /** NaN: none. */
  declare readonly lastPrice: Float64Array;
  declare readonly referencePrice: Float64Array;
  /** As last published. */
  declare readonly indicativePrice: Float64Array;
  declare readonly indicativeQuantity: Float64Array;
  declare readonly surplus: Float64Array;
  declare readonly staticBand: Float64Array;
  declare readonly dynamicBand: Float64Array;
  declare readonly bandPhase: Uint8Array;
  declare readonly makerFee: Float64Array;
  declare readonly takerFee: Float64Array;
  /** How they began, for the state hash. */
  declare readonly startPhase: Uint8Array;
  declare readonly startReference: Float64Array;
  /** Instruments with the flag CHANGED. */
  changedCount = 0;
  declare private readonly changed: Int32Array;

  /** `rules` by instrument, what is missing has the defaults; throws RangeError when one is out of range. */
  constructor(instruments: number, rules: readonly (InstrumentRules | undefined)[] = []) {
    this.count = instruments;
    this.flags = new Int32Array(instruments);
    this.phase = new Uint8Array(instruments).fill(Continuous);
    this.lastPrice = new Float64Array(instruments).fill(Number.NaN);
    this.referencePrice = new Float64Array(instruments).fill(Number.NaN);
    this.indicativePrice = new Float64Array(instruments).fill(Number.NaN);
    this.indicativeQuantity = new Float64Array(instruments);
    this.surplus = new Float64Array(instruments);
    this.staticBand = new Float64Array(instruments);
    this.dynamicBand = new Float64Array(instruments);
    this.bandPhase = new Uint8Array(instruments).fill(VolatilityAuction);
    this.makerFee = new Float64Array(instruments);
    this.takerFee = new Float64Array(instruments);
    this.changed = new Int32Array(instruments);
    for (let instrument = 0; instrument < Math.min(instruments, rules.length); instrument++) {
      const rule = rules[instrument];
      if (rule !== undefined) this.start(instrument, resolveRules(rule, instrument));
    }
    this.startPhase = this.phase.slice();
    this.startReference = this.referencePrice.slice();
  }

  /** Enters a phase; the flags follow. */
  enter(instrument: number, phase: number): void {
    this.phase[instrument] = phase;
    const kept = this.flags[instrument] & ~(NOT_CONTINUOUS | AUCTION);
    const auction = phase === OpeningAuction || phase === VolatilityAuction || phase === ClosingAuction;
    this.flags[instrument] = kept | (phase === Continuous ? 0 : NOT_CONTINUOUS) | (auction ? AUCTION : 0);
    if (auction) this.bookChanged(instrument);
  }

  /** Takes an indicative price as published (cold paths: wide numbers are boxed on the way). */
  setIndicative(instrument: number, price: number, quantity: number, surplus: number): void {
    this.indicativePrice[instrument] = price;
    this.indicativeQuantity[instrument] = quantity;
    this.surplus[instrument] = surplus;
  }

  /** Notes that the indicative price may have changed. */
  bookChanged(instrument: number): void {
    const flags = this.flags[instrument];
    if ((flags & (AUCTION | CHANGED)) !== AUCTION) return;
    this.flags[instrument] = flags | CHANGED;
    this.changed[this.changedCount++] = instrument;
  }

  /** The changed instruments, ascending: `changedCount` of them. */
  sortedChanged(): Int32Array {
    if (this.changedCount > 1) this.changed.subarray(0, this.changedCount).sort();
    return this.changed;
  }

  /** Forgets which instruments have changed. */
  clearChanged(): void {
    for (let index = 0; index < this.changedCount; index++) this.flags[this.changed[index]] &= ~CHANGED;
    this.changedCount = 0;
  }

  private start(instrument: number, rules: ResolvedRules): void {
    this.referencePrice[instrument] = rules.referencePrice;
    this.staticBand[instrument] = rules.staticBand;
    this.dynamicBand[instrument] = rules.dynamicBand;
    this.bandPhase[instrument] = rules.bandPhase;
    this.makerFee[instrument] = rules.makerFee;
    this.takerFee[instrument] = rules.takerFee;
    if (this.staticBand[instrument] !== 0 || this.dynamicBand[instrument] !== 0)
      this.flags[instrument] |= BANDS;
    if (this.makerFee[instrument] !== 0 || this.takerFee[instrument] !== 0) this.flags[instrument] |= FEES;
    this.enter(instrument, rules.phase);
  }
}
