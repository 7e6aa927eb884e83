/**
 * Trading with all rules: icebergs, linked orders, brackets, self-trade prevention, price bands, fees. One call of
 * {@link SpecialMatcher.match} is a block: a command's own matching, one triggered stop, one take profit.
 */
import { OrderType, Reason, SelfTradePrevention, Side } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { Fees } from './fees.js';
import { BANDS, FEES } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import { TradeEvent } from './matching.js';
import * as orderLayout from './order-layout.js';
import type { OrderLinks } from './order-links.js';
import type { OrderMoves } from './order-moves.js';
import type { PriceBands } from './price-bands.js';
import type { SpecialReports } from './special-reports.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Market, Stop } = OrderType;
const { Buy } = Side;
const { CancelNewest, CancelOldest, CancelBoth } = SelfTradePrevention;
const NO_PREVENTION = SelfTradePrevention.None;
const NO_REASON = Reason.None;
const { LinkedOrderFilled, SelfTradePrevented } = Reason;
const { COLD_NUMBER_SHIFT, COLD_SHIFT, LINK, preventionOf, SHOWN, SPECIAL } = coldLayout;
const { HEAD, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE, TOTAL } = levelLayout;
const {
  ACCOUNT,
  ARRIVAL,
  ATTRIBUTES,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  LEAVES,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  QUANTITY,
  sideOf,
  sourceOf,
  TWO_32,
} = orderLayout;

export class SpecialMatcher {
  /** Worst price that the order in hand accepts; set it before each method. */
  limit = Number.NaN;
  /** Why the taker may neither go on nor rest after the block, or None. */
  stopped: Reason = NO_REASON;
  /** Which price band ended the block, or None. */
  broken: Reason = NO_REASON;
  declare private readonly state: EngineState;
  declare private readonly moves: OrderMoves;
  declare private readonly links: OrderLinks;
  declare private readonly reports: SpecialReports;
  declare private readonly bands: PriceBands;
  private readonly fees = new Fees();
  private readonly trade = new TradeEvent();

  constructor(
    state: EngineState,
    moves: OrderMoves,
    links: OrderLinks,
    reports: SpecialReports,
    bands: PriceBands,
  ) {
    this.state = state;
    this.moves = moves;
    this.links = links;
    this.reports = reports;
    this.bands = bands;
  }

  /** Sets the limit of the order in hand: its price, or none. `side`: as in Side. */
  takeLimit(orderType: number, side: number): void {
    if (orderType !== Market && orderType !== Stop) this.limit = this.state.handPrice;
    else if (side === Buy) this.limit = Infinity;
    else this.limit = -Infinity;
  }

  /** Does the other side hold a price that the order in hand accepts? Even sides are bids. */
  crosses(otherSide: number): boolean {
    const { levels } = this.state.books;
    const level = levels.best[otherSide];
    if (level === 0) return false;
    const price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    return (otherSide & 1) === 0 ? price >= this.limit : price <= this.limit;
  }

  /** The order in hand has nothing to trade with, or must not. */
  skip(): void {
    this.stopped = NO_REASON;
    this.broken = NO_REASON;
  }

  /** Trades the order in hand until it is filled, stopped, at its limit or at a price band. */
  match(taker: number): void {
    const { state, bands } = this;
    const { levels, orders } = state.books;
    const { words, numbers } = orders;
    const instrument = words[(taker << ORDER_SHIFT) | INSTRUMENT];
    const attributes = words[(taker << ORDER_SHIFT) | ATTRIBUTES];
    const otherSide = this.moves.sideOf(taker) ^ 1;
    const prevention = preventionOf(attributes);
    const banded = (state.instruments.flags[instrument] & BANDS) !== 0;
    this.stopped = NO_REASON;
    this.broken = NO_REASON;
    if (banded) bands.begin(instrument);
    this.beginTrades(taker, attributes);
    while (numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] > 0 && this.crosses(otherSide)) {
      const level = levels.best[otherSide];
      if (banded) {
        const broken = bands.brokenBy(level);
        if (broken !== NO_REASON) {
          this.broken = broken;
          state.brokenBand = broken;
          return;
        }
      }
      const maker = levels.words[(level << LEVEL_SHIFT) | HEAD];
      const special = (words[(maker << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) !== 0;
      if (special && state.cold.words[(maker << COLD_SHIFT) | LINK] === taker) {
        this.keepApart(taker, maker);
      } else if (
        prevention !== NO_PREVENTION &&
        state.groups.same(words[(taker << ORDER_SHIFT) | ACCOUNT], words[(maker << ORDER_SHIFT) | ACCOUNT])
      ) {
        this.prevent(taker, maker, prevention);
      } else {
        this.fill(taker, maker, level, special);
      }
      if (this.stopped !== NO_REASON) return;
    }
  }

  private beginTrades(taker: number, attributes: number): void {
    const trade = this.trade;
    const { words } = this.state.books.orders;
    const base = taker << ORDER_SHIFT;
    trade.flags = 0;
    trade.makerFee = 0;
    trade.takerFee = 0;
    trade.instrument = words[base | INSTRUMENT];
    trade.takerOrderId = words[base | ID_HIGH] * TWO_32 + (words[base | ID_LOW] >>> 0);
    trade.takerAccount = words[base | ACCOUNT] >>> 0;
    trade.takerSource = sourceOf(attributes);
    trade.takerSide = sideOf(attributes);
  }

  /** One trade with the first order of the level, and what it does to other orders at once. */
  private fill(taker: number, maker: number, level: number, special: boolean): void {
    const { state, trade, links } = this;
    const { books, cold, instruments } = state;
    const { words, numbers } = books.orders;
    const base = maker << ORDER_SHIFT;
    const takerOpen = numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES];
    const makerOpen = numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES];
    const shown = special ? cold.numbers[(maker << COLD_NUMBER_SHIFT) | SHOWN] : makerOpen;
    const quantity = Math.min(shown, takerOpen);
    const price = books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] = takerOpen - quantity;
    numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES] = makerOpen - quantity;
    if (special) cold.numbers[(maker << COLD_NUMBER_SHIFT) | SHOWN] = shown - quantity;
    books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -= quantity;
    trade.price = price;
    trade.quantity = quantity;
    trade.tradeId = state.nextTradeId;
    state.nextTradeId += 1;
    trade.makerOrderId = words[base | ID_HIGH] * TWO_32 + (words[base | ID_LOW] >>> 0);
    trade.makerLeaves = makerOpen - quantity;
    trade.takerLeaves = takerOpen - quantity;
    trade.makerAccount = words[base | ACCOUNT] >>> 0;
    trade.makerSource = sourceOf(words[base | ATTRIBUTES]);
    const instrument = words[base | INSTRUMENT];
    if ((instruments.flags[instrument] & FEES) !== 0)
      this.fees.charge(trade, instruments.makerFee[instrument], instruments.takerFee[instrument]);
    instruments.lastPrice[instrument] = price;
    state.noteLastPrice();
    state.events.trade(trade);
    if (makerOpen === quantity) {
      books.dequeue(maker);
      if (special) {
        links.quantity = quantity;
        links.filled(maker);
      }
      this.moves.end(maker, true);
    } else if (special) {
      if (shown === quantity) this.refill(maker);
      links.quantity = quantity;
      links.filled(maker);
    }
    if (cold.linkOf(taker) === 0) return;
    links.quantity = quantity;
    links.filled(taker);
  }

  private refill(maker: number): void {
    this.reports.before(maker);
    this.moves.refill(maker);
    this.reports.restated(maker);
  }

  /** Linked orders meet: the one with the lower arrival ends. */
  private keepApart(taker: number, maker: number): void {
    const { numbers } = this.state.books.orders;
    const arrival = numbers[(taker << ORDER_NUMBER_SHIFT) | ARRIVAL];
    if (numbers[(maker << ORDER_NUMBER_SHIFT) | ARRIVAL] < arrival) {
      this.links.cancel(maker, LinkedOrderFilled);
      return;
    }
    this.stopped = LinkedOrderFilled;
  }

  /** The taker has met an order of its own group. */
  private prevent(taker: number, maker: number, prevention: number): void {
    const { links } = this;
    if (prevention === CancelNewest) {
      this.stopped = SelfTradePrevented;
    } else if (prevention === CancelOldest) {
      links.cancel(maker, SelfTradePrevented);
    } else if (prevention === CancelBoth) {
      links.cancel(maker, SelfTradePrevented);
      this.stopped = SelfTradePrevented;
    } else {
      this.decrement(taker, maker);
    }
  }

  private decrement(taker: number, maker: number): void {
    const { numbers } = this.state.books.orders;
    const open = numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES];
    const quantity = Math.min(open, numbers[(maker << ORDER_NUMBER_SHIFT) | LEAVES]);
    this.links.quantity = quantity;
    this.links.reduceOrCancel(maker, SelfTradePrevented);
    if (open === quantity) {
      this.stopped = SelfTradePrevented;
      return;
    }
    numbers[(taker << ORDER_NUMBER_SHIFT) | LEAVES] = open - quantity;
    numbers[(taker << ORDER_NUMBER_SHIFT) | QUANTITY] -= quantity;
  }
}
