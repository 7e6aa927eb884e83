/** Executes an auction: the best buys and sells trade at one price ("Uncross" in docs/matching.md). */
import { EventFlags, Reason, Side } from '../lib/enums.js';
import type { Auction } from './auction.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { Fees } from './fees.js';
import * as levelLayout from './level-layout.js';
import { TradeEvent } from './matching.js';
import * as orderLayout from './order-layout.js';
import type { OrderLinks } from './order-links.js';
import type { OrderMoves } from './order-moves.js';
import type { SpecialReports } from './special-reports.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Buy, Sell } = Side;
const { LinkedOrderFilled } = Reason;
const AUCTION = EventFlags.Auction;
const { COLD_NUMBER_SHIFT, SHOWN, SPECIAL } = coldLayout;
const { HEAD, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TOTAL } = levelLayout;
const {
  ACCOUNT,
  ARRIVAL,
  ATTRIBUTES,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  joinWords,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  sourceOf,
} = orderLayout;

export class Uncross {
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly links: OrderLinks;
  declare private readonly reports: SpecialReports;
  private readonly fees = new Fees();
  private readonly trade = new TradeEvent();
  private quantity = Number.NaN;

  constructor(state: EngineState, moves: OrderMoves, links: OrderLinks, reports: SpecialReports) {
    this.state = state;
    this.moves = moves;
    this.links = links;
    this.reports = reports;
  }

  /**
   * Trades at the computed price of the auction, if it has one; last and reference price become that price. Linked orders that
   * end on the way may leave a book that crosses again: then at its price, until it does not.
   */
  execute(instrument: number, auction: Auction): void {
    while (auction.quantity > 0) {
      this.executeOnce(instrument, auction);
      auction.compute(instrument);
    }
  }

  private executeOnce(instrument: number, auction: Auction): void {
    const { state, trade, links } = this;
    const { instruments } = state;
    const { levels } = state.books;
    const { price } = auction;
    const firstTrade = state.nextTradeId;
    trade.instrument = instrument;
    trade.price = price;
    for (;;) {
      const buyLevel = levels.best[instrument * 2];
      const sellLevel = levels.best[instrument * 2 + 1];
      if (buyLevel === 0 || sellLevel === 0) break;
      if (levels.numbers[(buyLevel << LEVEL_NUMBER_SHIFT) | PRICE] < price) break;
      if (levels.numbers[(sellLevel << LEVEL_NUMBER_SHIFT) | PRICE] > price) break;
      const buy = levels.words[(buyLevel << LEVEL_SHIFT) | HEAD];
      const sell = levels.words[(sellLevel << LEVEL_SHIFT) | HEAD];
      if (state.cold.linkOf(buy) === sell) {
        links.cancel(this.isOlder(buy, sell) ? buy : sell, LinkedOrderFilled);
        continue;
      }
      this.tradePair(buy, sell);
    }
    if (state.nextTradeId === firstTrade) return;
    instruments.lastPrice[instrument] = price;
    instruments.referencePrice[instrument] = price;
    state.stepHigh = price;
    state.stepLow = price;
  }

  private isOlder(one: number, other: number): boolean {
    const { numbers } = this.state.books.orders;
    return numbers[(one << ORDER_NUMBER_SHIFT) | ARRIVAL] < numbers[(other << ORDER_NUMBER_SHIFT) | ARRIVAL];
  }

  private tradePair(buy: number, sell: number): void {
    const { state, links } = this;
    const { numbers } = state.books.orders;
    this.quantity = Math.min(this.shownOf(buy), this.shownOf(sell));
    const { quantity } = this;
    const buyFilled = numbers[(buy << ORDER_NUMBER_SHIFT) | LEAVES] === quantity;
    const sellFilled = numbers[(sell << ORDER_NUMBER_SHIFT) | LEAVES] === quantity;
    this.report(buy, sell);
    this.take(buy);
    this.take(sell);
    links.quantity = quantity;
    links.filled(buy);
    if (buyFilled) this.moves.end(buy, true);
    links.quantity = quantity;
    links.filled(sell);
    if (sellFilled) this.moves.end(sell, true);
  }

  private shownOf(slot: number): number {
    const { books, cold } = this.state;
    const special = (books.orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) !== 0;
    return special
      ? cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN]
      : books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
  }

  /** The trade event: the older order is the maker, both pay the taker's fee. */
  private report(buy: number, sell: number): void {
    const { trade, state, quantity } = this;
    const { words, numbers } = state.books.orders;
    const maker = this.isOlder(buy, sell) ? buy : sell;
    const taker = maker === buy ? sell : buy;
    trade.flags = AUCTION;
    trade.quantity = quantity;
    trade.tradeId = state.nextTradeId;
    state.nextTradeId += 1;
    trade.makerOrderId = joinWords(
      words[(maker << ORDER_SHIFT) | ID_LOW],
      words[(maker << ORDER_SHIFT) | ID_HIGH],
    );
    trade.takerOrderId = joinWords(
      words[(taker << ORDER_SHIFT) | ID_LOW],
      words[(taker << ORDER_SHIFT) | ID_HIGH],
    );
    trade.makerLeaves = numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES] - quantity;
    trade.takerLeaves = numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] - quantity;
    trade.makerAccount = words[(maker << ORDER_SHIFT) | ACCOUNT] >>> 0;
    trade.takerAccount = words[(taker << ORDER_SHIFT) | ACCOUNT] >>> 0;
    trade.makerSource = sourceOf(words[(maker << ORDER_SHIFT) | ATTRIBUTES]);
    trade.takerSource = sourceOf(words[(taker << ORDER_SHIFT) | ATTRIBUTES]);
    trade.takerSide = taker === buy ? Buy : Sell;
    const rate = state.instruments.takerFee[words[(taker << ORDER_SHIFT) | INSTRUMENT]];
    this.fees.charge(trade, rate, rate);
    state.events.trade(trade);
  }

  /** Takes the traded quantity off one order: Restated, off the book when it is filled, to the end of its queue when refilled. */
  private take(slot: number): void {
    const { state, moves, reports, quantity } = this;
    const { books, cold } = state;
    const { words, numbers } = books.orders;
    reports.before(slot);
    const base = slot << ORDER_SHIFT;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] - quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] = leaves;
    books.levels.numbers[(words[base | LEVEL] << LEVEL_NUMBER_SHIFT) | TOTAL] -= quantity;
    let shown = leaves;
    if ((words[base | ATTRIBUTES] & SPECIAL) !== 0) {
      shown = cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN] - quantity;
      cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN] = shown;
    }
    if (leaves === 0) {
      state.handPrice = books.levels.numbers[(words[base | LEVEL] << LEVEL_NUMBER_SHIFT) | PRICE];
      moves.lift(slot);
    } else if (shown === 0) {
      moves.refill(slot);
    }
    reports.restated(slot);
  }
}
