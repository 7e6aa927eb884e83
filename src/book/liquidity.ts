/** Is there enough to trade at once? What fill-or-kill and minimum quantity ask before an order trades. */
import { Contingency, Reason, SelfTradePrevention } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { BANDS } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import * as orderLayout from './order-layout.js';
import type { OrderMoves } from './order-moves.js';
import type { PriceBands } from './price-bands.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { OneCancelsOther } = Contingency;
const { CancelOldest } = SelfTradePrevention;
const NO_PREVENTION = SelfTradePrevention.None;
const NO_REASON = Reason.None;
const { COLD_NUMBER_SHIFT, COLD_SHIFT, CONTINGENCY, COUNTED, LINK, preventionOf, SHOWN, SPECIAL } =
  coldLayout;
const { HEAD, HIDDEN, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TOTAL } = levelLayout;
const { ACCOUNT, ATTRIBUTES, INSTRUMENT, LEAVES, LEVEL, NEXT, ORDER_NUMBER_SHIFT, ORDER_SHIFT } = orderLayout;

export class Liquidity {
  /** Worst price that counts, and how much there must be; set them before the call. */
  limit = Number.NaN;
  needed = Number.NaN;
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly bands: PriceBands;
  /** The count ends at an order of the taker's own group. */
  private ended = false;
  private lost = Number.NaN;
  private lostShown = Number.NaN;
  /** Number of this count, noted in the linked orders that it has seen. */
  private number = 0;

  constructor(state: EngineState, moves: OrderMoves, bands: PriceBands) {
    this.state = state;
    this.moves = moves;
    this.bands = bands;
  }

  /** Would the order in hand trade `needed` at once? */
  isThere(taker: number): boolean {
    const { state, bands } = this;
    const { levels, orders } = state.books;
    const attributes = orders.words[(taker << ORDER_SHIFT) | ATTRIBUTES];
    const instrument = orders.words[(taker << ORDER_SHIFT) | INSTRUMENT];
    const otherSide = this.moves.sideOf(taker) ^ 1;
    const banded = (state.instruments.flags[instrument] & BANDS) !== 0;
    const byOrder = preventionOf(attributes) !== NO_PREVENTION || state.cold.links > 0;
    this.ended = false;
    this.number = (this.number + 1) | 0;
    if (banded) bands.begin(instrument);
    for (let level = levels.best[otherSide]; level !== 0 && !this.ended; level = levels.worse(level)) {
      const price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
      if ((otherSide & 1) === 0 ? price < this.limit : price > this.limit) return false;
      if (banded && bands.brokenBy(level) !== NO_REASON) return false;
      if (byOrder) this.countOrders(taker, level);
      else
        this.needed -=
          levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] +
          levels.numbers[(level << LEVEL_NUMBER_SHIFT) | HIDDEN];
      if (this.needed <= 0) return true;
    }
    return false;
  }

  /** Counts the level's orders that are not of the taker's group, with what links leave of them. */
  private countOrders(taker: number, level: number): void {
    const { books, cold, groups } = this.state;
    const { words, numbers } = books.orders;
    const account = words[(taker << ORDER_SHIFT) | ACCOUNT];
    const prevention = preventionOf(words[(taker << ORDER_SHIFT) | ATTRIBUTES]);
    let shown = 0;
    let open = 0;
    let slot = books.levels.words[(level << LEVEL_SHIFT) | HEAD];
    for (; slot !== 0; slot = words[(slot << ORDER_SHIFT) | NEXT]) {
      if (prevention !== NO_PREVENTION && groups.same(account, words[(slot << ORDER_SHIFT) | ACCOUNT])) {
        if (prevention === CancelOldest) continue;
        this.ended = true;
        break;
      }
      const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
      if ((words[(slot << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) === 0) {
        shown += leaves;
        open += leaves;
        continue;
      }
      this.noteLink(slot);
      open += Math.max(0, leaves - this.lost);
      shown += Math.min(
        cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN],
        Math.max(0, leaves - this.lostShown),
      );
    }
    this.needed -= this.ended ? shown : open;
  }

  /**
   * Sets what the special order loses to the fills of its linked order, if that one was counted before it: all of that one's
   * quantity, but only what shows if the count ends in their queue.
   */
  private noteLink(slot: number): void {
    const { books, cold } = this.state;
    const { words, numbers } = books.orders;
    cold.words[(slot << COLD_SHIFT) | COUNTED] = this.number;
    const other = cold.words[(slot << COLD_SHIFT) | LINK];
    this.lost = 0;
    this.lostShown = 0;
    if (other === 0 || cold.words[(other << COLD_SHIFT) | COUNTED] !== this.number) return;
    const sameQueue = words[(other << ORDER_SHIFT) | LEVEL] === words[(slot << ORDER_SHIFT) | LEVEL];
    this.lost = numbers[(other << ORDER_NUMBER_SHIFT) | LEAVES];
    this.lostShown = sameQueue ? cold.numbers[(other << COLD_NUMBER_SHIFT) | SHOWN] : this.lost;
    if (cold.words[(slot << COLD_SHIFT) | CONTINGENCY] !== OneCancelsOther) return;
    this.lost = Infinity;
    this.lostShown = Infinity;
  }
}
