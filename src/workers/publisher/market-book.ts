import { StatusFlags, TradingPhase } from '../../lib/enums.js';
import type { Instrument } from '../../lib/instruments.js';
import * as Features from '../../messages/views/features.js';
import * as MarketStatus from '../../messages/views/market-status.js';

/** What the publisher keeps of one instrument of a market ring, beside its levels: features, times, what is due. */
export class MarketBook {
  readonly instrument: Instrument;
  /** Payload of the latest Features record; read with the hot view at 0. */
  readonly features = new Int32Array(Features.BYTES / 4);
  hasFeatures = false;
  /** Lots traded since those features were taken. */
  volumeSinceFeatures = 0;
  /** As the latest MarketStatus has it; None where none has come, as for outside venues. Prices in ticks, NaN: none. */
  phase: number = TradingPhase.None;
  indicativePrice = Number.NaN;
  indicativeQuantity = 0;
  surplus = 0;
  /** Of the latest record of the book or its phase, session time. */
  timestamp = 0;
  receiveTimestamp = 0;
  /** Changed since it was last published. */
  dirty = false;
  /** Session time before which the next change is held back. */
  due = Number.NEGATIVE_INFINITY;
  /** Session time at which it is published even without a change. */
  republishAt = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  onStatus(words: Int32Array, at: number): void {
    const hasIndicative = (MarketStatus.flags(words, at) & StatusFlags.Indicative) !== 0;
    this.phase = MarketStatus.phase(words, at);
    this.indicativePrice = hasIndicative ? MarketStatus.indicativePrice(words, at) : Number.NaN;
    this.indicativeQuantity = MarketStatus.indicativeQuantity(words, at);
    this.surplus = MarketStatus.surplus(words, at);
  }

  onFeatures(words: Int32Array, at: number): void {
    const features = this.features;
    for (let i = 0; i < features.length; i++) features[i] = words[at + i];
    this.hasFeatures = true;
    this.volumeSinceFeatures = 0;
  }
}
