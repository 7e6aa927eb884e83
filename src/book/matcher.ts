/**
 * Trading: takes an order through the other side of its book in price-time priority and reports the trades.
 * Wide numbers travel in records and fields, never as arguments: see matching.ts.
 */
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';
import * as orderLayout from './order-layout.js';
import type { PlainEvents } from './plain-events.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { SPECIAL } = coldLayout;
const { COUNT, HEAD, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TOTAL } = levelLayout;
const { ATTRIBUTES, INSTRUMENT, LEAVES, NEXT, ORDER_NUMBER_SHIFT, ORDER_SHIFT, PREVIOUS } = orderLayout;

export class Matcher {
  /** Worst price that the order at hand accepts; set it before each of the methods. */
  limit = Number.NaN;
  /** {@link match} stopped before a special order: the rest is for SpecialMatcher. */
  metSpecial = false;
  /** First trade id and first price of the last call of {@link match}, and the price of its last trade. */
  firstTradeId = Number.NaN;
  firstPrice = Number.NaN;
  lastPrice = Number.NaN;
  declare private readonly state: EngineState;
  declare private readonly plain: PlainEvents;

  constructor(state: EngineState, plain: PlainEvents) {
    this.state = state;
    this.plain = plain;
  }

  /** Does the other side hold a price that the order at hand accepts? Even sides are bids. */
  crosses(otherSide: number): boolean {
    const levels = this.state.books.levels;
    const level = levels.best[otherSide];
    if (level === 0) return false;
    const price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    return (otherSide & 1) === 0 ? price >= this.limit : price <= this.limit;
  }

  /**
   * Trades the taker against `otherSide`, best price first, until it is filled, its limit is reached or a special order is next. It
   * has something to trade with.
   */
  match(taker: number, otherSide: number): void {
    const { state } = this;
    const { levels, orders } = state.books;
    const { words, numbers } = orders;
    this.plain.takes(taker);
    this.metSpecial = false;
    this.firstTradeId = state.nextTradeId;
    this.firstPrice = levels.numbers[(levels.best[otherSide] << LEVEL_NUMBER_SHIFT) | PRICE];
    do {
      this.matchLevel(taker, levels.best[otherSide]);
      if (this.metSpecial) return;
    } while (numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] > 0 && this.crosses(otherSide));
    state.instruments.lastPrice[words[(taker << ORDER_SHIFT) | INSTRUMENT]] = this.lastPrice;
  }

  /** Trades the taker against the queue of one level, oldest order first. */
  private matchLevel(taker: number, level: number): void {
    const { state, plain } = this;
    const { books } = state;
    const { words, numbers } = books.orders;
    const levels = books.levels;
    const levelBase = level << LEVEL_SHIFT;
    let leaves = numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES];
    let total = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL];
    let count = levels.words[levelBase | COUNT];
    let maker = levels.words[levelBase | HEAD];
    this.lastPrice = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    do {
      const base = maker << ORDER_SHIFT;
      if ((words[base | ATTRIBUTES] & SPECIAL) !== 0) {
        this.metSpecial = true;
        break;
      }
      const makerOpen = numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES];
      const quantity = Math.min(makerOpen, leaves);
      const makerLeaves = makerOpen - quantity;
      leaves -= quantity;
      total -= quantity;
      plain.traded(state.nextTradeId, maker, level, quantity, makerLeaves, leaves);
      state.nextTradeId += 1;
      if (makerLeaves > 0) {
        numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES] = makerLeaves;
        break;
      }
      const next = words[base | NEXT];
      books.forget(maker);
      maker = next;
      count--;
    } while (count > 0 && leaves > 0);
    numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] = leaves;
    if (count === 0) {
      levels.remove(level);
      return;
    }
    levels.words[levelBase | HEAD] = maker;
    levels.words[levelBase | COUNT] = count;
    levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] = total;
    words[(maker << ORDER_SHIFT) | PREVIOUS] = 0;
  }
}
