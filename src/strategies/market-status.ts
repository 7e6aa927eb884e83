import { TradingPhase } from '../lib/enums.js';
import type { StatusView } from './strategy.js';

/** A strategy's view of one instrument's phase and auction. Wide fields start as NaN so that V8 keeps them unboxed. */
export class MarketStatus implements StatusView {
  readonly instrument: number;
  phase: number;
  previousPhase: number;
  reason = 0;
  timestamp = Number.NaN;
  indicativePrice = Number.NaN;
  indicativeQuantity = Number.NaN;
  surplus = Number.NaN;
  lastPrice = Number.NaN;
  referencePrice = Number.NaN;

  /** `phase`: where the instrument starts. */
  constructor(instrument: number, phase: number = TradingPhase.None) {
    this.instrument = instrument;
    this.phase = phase;
    this.previousPhase = phase;
    this.timestamp = 0;
    this.indicativeQuantity = 0;
    this.surplus = 0;
  }
}
