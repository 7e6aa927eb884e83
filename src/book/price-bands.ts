/** Price bands: how far from reference price (static) and last price (dynamic) an instrument may trade in a block. */
import { Reason } from '../lib/enums.js';
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { StaticPriceBand, DynamicPriceBand } = Reason;
const NO_REASON = Reason.None;
const { LEVEL_NUMBER_SHIFT, PRICE } = levelLayout;

/** Bands are in hundredths of a percent. */
const WHOLE = 10_000;

export class PriceBands {
  declare private readonly state: EngineState;
  /** Centres, NaN: no band. */
  private staticCentre = Number.NaN;
  private dynamicCentre = Number.NaN;
  private staticWidth = Number.NaN;
  private dynamicWidth = Number.NaN;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** Takes the centres as they are before a block of the instrument. */
  begin(instrument: number): void {
    const { instruments } = this.state;
    const staticBand = instruments.staticBand[instrument];
    const dynamicBand = instruments.dynamicBand[instrument];
    this.staticCentre = staticBand === 0 ? Number.NaN : instruments.referencePrice[instrument];
    this.dynamicCentre = dynamicBand === 0 ? Number.NaN : instruments.lastPrice[instrument];
    this.staticWidth = width(this.staticCentre, staticBand);
    this.dynamicWidth = width(this.dynamicCentre, dynamicBand);
  }

  /** The band that the level's price is outside of, or None. */
  brokenBy(level: number): Reason {
    const price = this.state.books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    // Comparisons with NaN are false: no centre, no band.
    if (Math.abs(price - this.staticCentre) > this.staticWidth) return StaticPriceBand;
    return Math.abs(price - this.dynamicCentre) > this.dynamicWidth ? DynamicPriceBand : NO_REASON;
  }
}

/** floor(|centre| x band / 10,000), exact while it is a safe integer. */
function width(centre: number, band: number): number {
  const size = Math.abs(centre);
  const wholes = Math.floor(size / WHOLE);
  return wholes * band + Math.floor(((size - wholes * WHOLE) * band) / WHOLE);
}
