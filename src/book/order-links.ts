/** What a fill does to the order that is linked with the filled one, and ends of orders that others cause. */
import { Contingency, Reason } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import type { SpecialReports } from './special-reports.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { OneCancelsOther } = Contingency;
const { LinkedOrderFilled } = Reason;
const { COLD_SHIFT, CONTINGENCY } = coldLayout;
const { LEAVES, ORDER_NUMBER_SHIFT } = orderLayout;

export class OrderLinks {
  /** Quantity of the fill, or of {@link reduceOrCancel}. */
  quantity = Number.NaN;
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly reports: SpecialReports;

  constructor(state: EngineState, moves: OrderMoves, reports: SpecialReports) {
    this.state = state;
    this.moves = moves;
    this.reports = reports;
  }

  /** `quantity` of the order was filled: its linked order, if it has one, ends or loses as much. */
  filled(slot: number): void {
    const { cold } = this.state;
    const other = cold.linkOf(slot);
    if (other === 0) return;
    if (cold.words[(slot << COLD_SHIFT) | CONTINGENCY] === OneCancelsOther)
      this.cancel(other, LinkedOrderFilled);
    else this.reduceOrCancel(other, LinkedOrderFilled);
  }

  /** Ends a live order that is on a book or waiting. */
  cancel(slot: number, reason: Reason): void {
    this.reports.note(slot);
    this.moves.lift(slot);
    this.moves.end(slot, true);
    this.reports.sendCanceled(reason, 0);
  }

  /** Takes min(`quantity`, open) off total and open quantity of a live order in its place: Restated, or Canceled at 0. */
  reduceOrCancel(slot: number, reason: Reason): void {
    const { moves, reports, quantity } = this;
    const leaves = this.state.books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (leaves <= quantity) {
      this.cancel(slot, reason);
      return;
    }
    reports.before(slot);
    moves.amount = quantity;
    moves.reduce(slot);
    reports.restated(slot);
  }
}
