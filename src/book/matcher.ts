/**
 * Trading: takes an order through the other side of its book in price-time priority and reports the trades.
 * Wide numbers travel in records and fields, never as arguments: see matching.ts.
 */
import * as levelLayout from './level-layout.js';
import { type MatchingCommand, type MatchingEvents, TradeEvent } from './matching.js';
import type { OrderBooks } from './order-books.js';
import * as orderLayout from './order-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { COUNT, HEAD, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TOTAL } = levelLayout;
const {
  ACCOUNT,
  ATTRIBUTES,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  joinWords,
  LEAVES,
  NEXT,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  PREVIOUS,
  sideOf,
  sourceOf,
} = orderLayout;

export class Matcher {
  /** Worst price that the order at hand accepts; set it before each of the methods. */
  limit = Number.NaN;
  nextTradeId = Number.NaN;
  declare private readonly books: OrderBooks;
  declare private readonly command: MatchingCommand;
  declare private readonly events: MatchingEvents;
  private readonly trade = new TradeEvent();

  constructor(books: OrderBooks, command: MatchingCommand, events: MatchingEvents) {
    this.books = books;
    this.command = command;
    this.events = events;
    this.nextTradeId = 1;
  }

  /** Does the other side hold a price that the order at hand accepts? Even sides are bids. */
  crosses(otherSide: number): boolean {
    const levels = this.books.levels;
    const level = levels.best[otherSide];
    if (level === 0) return false;
    const price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    return (otherSide & 1) === 0 ? price >= this.limit : price <= this.limit;
  }

  /** Is the command's whole quantity open on the other side within the limit? */
  canFill(otherSide: number): boolean {
    const { best, numbers } = this.books.levels;
    const bids = (otherSide & 1) === 0;
    let missing = this.command.quantity;
    for (let level = best[otherSide]; level !== 0; level = this.books.levels.worse(level)) {
      const price = numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
      if (bids ? price < this.limit : price > this.limit) return false;
      missing -= numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL];
      if (missing <= 0) return true;
    }
    return false;
  }

  /** Trades the taker against `otherSide`, best price first, until it is filled or its limit is reached. */
  match(taker: number, otherSide: number): void {
    const { levels, orders } = this.books;
    const { words, numbers } = orders;
    const trade = this.trade;
    const attributes = words[(taker << ORDER_SHIFT) | ATTRIBUTES];
    // flags stays 0: a trade never ends a command, and the taker is not on the book.
    trade.flags = 0;
    trade.makerFee = 0;
    trade.takerFee = 0;
    trade.instrument = words[(taker << ORDER_SHIFT) | INSTRUMENT];
    trade.takerOrderId = this.command.orderId;
    trade.takerAccount = this.command.account;
    trade.takerSource = sourceOf(attributes);
    trade.takerSide = sideOf(attributes);
    do {
      this.matchLevel(taker, levels.best[otherSide]);
    } while (numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] > 0 && this.crosses(otherSide));
  }

  /** Trades the taker against the queue of one level, oldest order first. */
  private matchLevel(taker: number, level: number): void {
    const { books, events, trade } = this;
    const { words, numbers } = books.orders;
    const levels = books.levels;
    const levelBase = level << LEVEL_SHIFT;
    let leaves = numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES];
    let total = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL];
    let count = levels.words[levelBase | COUNT];
    let maker = levels.words[levelBase | HEAD];
    trade.price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    do {
      const base = maker << ORDER_SHIFT;
      const makerOpen = numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES];
      const quantity = Math.min(makerOpen, leaves);
      const makerLeaves = makerOpen - quantity;
      leaves -= quantity;
      total -= quantity;
      trade.quantity = quantity;
      trade.tradeId = this.nextTradeId;
      this.nextTradeId += 1;
      trade.makerOrderId = joinWords(words[base | ID_LOW], words[base | ID_HIGH]);
      trade.makerLeaves = makerLeaves;
      trade.takerLeaves = leaves;
      trade.makerAccount = words[base | ACCOUNT] >>> 0;
      trade.makerSource = sourceOf(words[base | ATTRIBUTES]);
      events.trade(trade);
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
