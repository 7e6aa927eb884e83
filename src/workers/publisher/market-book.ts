import type { Instrument } from '../../lib/instruments.js';
import * as Features from '../../messages/views/features.js';

/** What the publisher keeps of one instrument of a market ring, beside its levels: features, times, what is due. */
export class MarketBook {
  readonly instrument: Instrument;
  /** Payload of the latest Features record; read with the hot view at 0. */
  readonly features = new Int32Array(Features.BYTES / 4);
  hasFeatures = false;
  /** Lots traded since those features were taken. */
  volumeSinceFeatures = 0;
  /** Of the latest book record, session time. */
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

  onFeatures(words: Int32Array, at: number): void {
    const features = this.features;
    for (let i = 0; i < features.length; i++) features[i] = words[at + i];
    this.hasFeatures = true;
    this.volumeSinceFeatures = 0;
  }
}
