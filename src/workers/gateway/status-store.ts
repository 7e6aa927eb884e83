import { fail } from '../../lib/assert.js';
import { TradingPhase } from '../../lib/enums.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import { STATUS_CAPACITY, type StatusColumns } from './store-layout.js';

/** Phase and auction price of each instrument, as last told. Kept in the gateway's store, so it outlives a restart. */
export class StatusStore {
  readonly columns: StatusColumns;

  constructor(columns: StatusColumns, instruments: number) {
    if (instruments > STATUS_CAPACITY)
      fail(`gateway: ${instruments} instruments, allowed: at most ${STATUS_CAPACITY}`);
    this.columns = columns;
  }

  /** TradingPhase of an instrument; it starts in continuous trading. */
  phase(instrument: number): number {
    return this.columns.phase[instrument] || TradingPhase.Continuous;
  }

  /** Takes in an InstrumentStatus; returns its instrument. */
  apply(words: Int32Array, at: number): number {
    const { columns } = this;
    const instrument = InstrumentStatus.instrument(words, at);
    columns.phase[instrument] = InstrumentStatus.phase(words, at);
    columns.flags[instrument] = InstrumentStatus.flags(words, at);
    columns.indicativePrice[instrument] = InstrumentStatus.indicativePrice(words, at);
    columns.indicativeQuantity[instrument] = InstrumentStatus.indicativeQuantity(words, at);
    columns.surplus[instrument] = InstrumentStatus.surplus(words, at);
    columns.lastPrice[instrument] = InstrumentStatus.lastPrice(words, at);
    columns.referencePrice[instrument] = InstrumentStatus.referencePrice(words, at);
    columns.timestamp[instrument] = InstrumentStatus.timestamp(words, at);
    return instrument;
  }
}
