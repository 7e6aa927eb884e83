import type { InstrumentRules } from '../../book/matching.js';
import { fail } from '../../lib/assert.js';
import { EventFlags, StatusFlags, TradingPhase } from '../../lib/enums.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import * as Trade from '../../messages/views/trade.js';
import { STATUS_CAPACITY, type StatusColumns } from './store-layout.js';

/** Phase and auction price of each instrument, as last told. Kept in the gateway's store, so it outlives a restart. */
export class StatusStore {
  readonly columns: StatusColumns;

  /** `rules`: of each instrument, what matching starts with; undefined where it is not matched here. */
  constructor(columns: StatusColumns, rules: readonly (InstrumentRules | undefined)[]) {
    if (rules.length > STATUS_CAPACITY)
      fail(`gateway: ${rules.length} instruments, allowed: at most ${STATUS_CAPACITY}`);
    this.columns = columns;
    rules.forEach((rule, instrument) => {
      if (rule === undefined || columns.phase[instrument] !== 0) return;
      columns.phase[instrument] = rule.phase ?? TradingPhase.Continuous;
      columns.timestamp[instrument] = Number.NaN;
      if (rule.referencePrice === undefined) return;
      columns.referencePrice[instrument] = rule.referencePrice;
      columns.flags[instrument] = StatusFlags.ReferencePrice;
    });
  }

  /** TradingPhase of an instrument; None when it is not matched here. */
  phase(instrument: number): number {
    return this.columns.phase[instrument];
  }

  /** Session time of the last change; NaN when there was none since the start. */
  changed(instrument: number): number {
    return this.columns.timestamp[instrument];
  }

  /** Takes in a Trade: its price is the last one, that of an uncross the reference price as well (docs/matching.md). */
  trade(words: Int32Array, at: number): void {
    const { columns } = this;
    const instrument = Trade.instrument(words, at);
    const price = Trade.price(words, at);
    columns.lastPrice[instrument] = price;
    columns.flags[instrument] |= StatusFlags.LastPrice;
    if ((Trade.flags(words, at) & EventFlags.Auction) === 0) return;
    columns.referencePrice[instrument] = price;
    columns.flags[instrument] |= StatusFlags.ReferencePrice;
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
