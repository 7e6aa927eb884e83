/**
 * What the plain path of the engine tells while a command runs, as places in the engine's records. {@link ReportWriter} makes
 * events of the contract of it; a sink that writes records of its own can do that without them: filling an event
 * in and reading it again takes as long as writing the record.
 *
 * The books still hold the order when a method is called, unless said otherwise. Wide numbers may be arguments here because the
 * methods are inlined; see matching.ts.
 */
import type { Reason } from '../lib/enums.js';

export interface PlainEvents {
  /** The command's order, a new or an amended one in record `slot`, is about to trade. */
  takes(slot: number): void;
  /** It traded `quantity` with the order in record `maker` at the price of `level`; what both have left. */
  traded(
    tradeId: number,
    maker: number,
    level: number,
    quantity: number,
    makerLeaves: number,
    takerLeaves: number,
  ): void;
  /** The command's new order rests. */
  rested(slot: number): void;
  /** The command's new order filled in full, or its remainder was canceled for `reason`; it never rested. */
  ended(slot: number, reason: Reason): void;
  /** A resting order was canceled. `flags`: Answer and EndOfCommand when it is the command's own. */
  canceled(slot: number, reason: Reason, flags: number): void;
}
