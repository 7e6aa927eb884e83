import { DepthBook } from '../book/depth-book.js';
import { BookFeatures } from '../book/features.js';
import { StatusEvent } from '../book/matching.js';
import { mayBookCross } from '../lib/phases.js';
import { ChangedLevels } from './changed-levels.js';

// What of a market is still to be told.
export const LEVELS = 1;
export const STATUS = 2;
/** The whole book, because nobody could read it before. */
export const SNAPSHOT = 4;

/** Market data of one instrument that is matched here. */
export class LocalMarket {
  readonly book = new DepthBook();
  readonly features = new BookFeatures();
  readonly bids = new ChangedLevels();
  readonly asks = new ChangedLevels();
  /** As the last event about it had it, and that event's sequence and time. */
  readonly status = new StatusEvent();
  statusSequence = 0;
  statusTime = 0;
  /** The book is no market: it is collected for an auction, or has been and was not uncrossed. */
  mayCross: boolean;
  /** LEVELS, STATUS and SNAPSHOT bits. */
  untold = 0;
  /** Event sequence and time of the last event. */
  sequence = 0;
  timestamp = 0;

  /** `phase` and `referencePrice` (ticks): where the instrument starts. */
  constructor(instrument: number, phase: number, referencePrice: number) {
    const { status } = this;
    status.instrument = instrument;
    status.phase = phase;
    status.previousPhase = phase;
    status.indicativeQuantity = 0;
    status.surplus = 0;
    status.referencePrice = referencePrice;
    this.mayCross = mayBookCross(phase, phase, false);
  }
}
