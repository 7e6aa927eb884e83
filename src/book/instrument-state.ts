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
  /** The rest is reserved with the first rule or phase change: before that it has no elements, and nothing asks for any. */
  referencePrice = new Float64Array();
  /** As last published. */
  indicativePrice = new Float64Array();
  indicativeQuantity = new Float64Array();
  surplus = new Float64Array();
  staticBand = new Float64Array();
  dynamicBand = new Float64Array();
  bandPhase = new Uint8Array();
  makerFee = new Float64Array();
  takerFee = new Float64Array();
  /** How they began, for the state hash. */
  startPhase = new Uint8Array();
  startReference = new Float64Array();
  /** Instruments with the flag CHANGED. */
  changedCount = 0;
  private changed = new Int32Array();

  /** `rules` by instrument, what is missing has the defaults; throws RangeError when one is out of range. */
  constructor(instruments: number, rules: readonly (InstrumentRules | undefined)[] = []) {
    this.count = instruments;
    this.flags = new Int32Array(instruments);
    this.phase = new Uint8Array(instruments).fill(Continuous);
    this.lastPrice = new Float64Array(instruments).fill(Number.NaN);
    for (let instrument = 0; instrument < Math.min(instruments, rules.length); instrument++) {
      const rule = rules[instrument];
      if (rule !== undefined) this.start(instrument, resolveRules(rule, instrument));
    }
    if (!this.isReserved) return;
    this.startPhase.set(this.phase);
    this.startReference.set(this.referencePrice);
  }

  /** Are there prices and rules besides the last price? */
  get isReserved(): boolean {
    return this.changed.length > 0;
  }

  /** Makes room for all that instruments need beyond continuous trading without rules: about 90 bytes each. */
  reserve(): void {
    if (this.isReserved) return;
    const numbers = (value: number) => new Float64Array(this.count).fill(value);
    this.referencePrice = numbers(Number.NaN);
    this.indicativePrice = numbers(Number.NaN);
    this.indicativeQuantity = numbers(0);
    this.surplus = numbers(0);
    this.staticBand = numbers(0);
    this.dynamicBand = numbers(0);
    this.bandPhase = new Uint8Array(this.count).fill(VolatilityAuction);
    this.makerFee = numbers(0);
    this.takerFee = numbers(0);
    this.startPhase = new Uint8Array(this.count).fill(Continuous);
    this.startReference = numbers(Number.NaN);
    this.changed = new Int32Array(this.count);
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
    this.reserve();
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
