import type * as InstrumentStatus from '../../src/messages/views/instrument-status.js';
import type * as MarketStatus from '../../src/messages/views/market-status.js';
import type { RingProducer } from '../../src/ring/producer.js';
import { put } from './market-records.js';

/** An InstrumentStatus, and a MarketStatus of the same; null: no such price. */
export interface StatusFields {
  readonly eventSequence: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly instrument: number;
  readonly phase: number;
  readonly previousPhase: number;
  readonly reason: number;
  readonly indicativePrice: number | null;
  readonly indicativeQuantity: number;
  readonly surplus: number;
  readonly lastPrice: number | null;
  readonly referencePrice: number | null;
}

/** `view`: both have the same fields but for the names of the first ones. */
export function encodeStatus(
  view: typeof InstrumentStatus | typeof MarketStatus,
  words: Int32Array,
  at: number,
  status: StatusFields,
): void {
  const { indicativePrice, lastPrice, referencePrice } = status;
  view.encode(
    words,
    at,
    status.eventSequence,
    status.sequence,
    status.timestamp,
    status.timestamp,
    indicativePrice ?? 0,
    status.indicativeQuantity,
    status.surplus,
    lastPrice ?? 0,
    referencePrice ?? 0,
    status.instrument,
    status.phase,
    status.previousPhase,
    status.reason,
    (indicativePrice === null ? 0 : 1) | (lastPrice === null ? 0 : 2) | (referencePrice === null ? 0 : 4),
  );
}

export function writeStatus(
  view: typeof InstrumentStatus | typeof MarketStatus,
  producer: RingProducer,
  status: StatusFields,
): void {
  put(producer, view.TYPE, view.BYTES, (at) => encodeStatus(view, producer.words, at, status));
}
