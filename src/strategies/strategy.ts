import type { Instrument } from '../lib/instruments.js';
import type { Random } from '../lib/random.js';

/**
 * What a strategy implements and what it is given. README.md in this folder is the guide.
 *
 * Units everywhere: prices in ticks, quantities in lots, times in nanoseconds since session start, all of them plain
 * numbers that hold whole values. Instruments are named by their number, `Instrument.index`. One thread calls all
 * methods of all strategies, one at a time. Views (books, fills, reports, trades) are reused: read them during the
 * call, copy what you keep.
 */
export interface Strategy {
  /** First call, before any other. Orders may be sent from here on. */
  onStart(market: Market, now: number): void;

  /**
   * A book changed. Called once per changed book and duty cycle, with its newest state, and only while the book is
   * synchronised.
   */
  onBook?(book: BookView, now: number): void;

  /** A public trade on an instrument that it may read. */
  onTrade?(trade: TradeView, now: number): void;

  /** An instrument that it may read has come to another trading phase. */
  onPhase?(status: StatusView, now: number): void;

  /** In an auction: where it would execute has changed. */
  onIndicativePrice?(status: StatusView, now: number): void;

  /** One of the strategy's orders traded. Position and open orders are up to date. */
  onFill?(fill: FillView, now: number): void;

  /**
   * An answer to a command of the strategy, or news of one of its orders: a stop triggered, a linked order reduced, a bracket's
   * exit that is active now, an order that ended.
   */
  onExecutionReport?(report: ReportView, now: number): void;

  /** The time asked for with {@link Market.wakeAt} has come. */
  onTimer?(now: number): void;

  /** Last call. Orders sent from here on are refused; all open ones are cancelled right after it. */
  onStop?(now: number): void;
}

/**
 * What a user's strategy module exports: builds a strategy from the `parameters` of its configuration, which are plain
 * data and its own to check. `name` is its name in the configuration.
 */
export type CreateStrategy = (parameters: Readonly<Record<string, unknown>>, name: string) => Strategy;

/** Everything a strategy can see and do. */
export interface Market {
  /** The strategy's name in the configuration. */
  readonly name: string;
  /** The instruments it may trade, and read. */
  readonly instruments: readonly Instrument[];
  /** Further instruments that it may read, outside venues' among them. */
  readonly watched: readonly Instrument[];
  readonly trading: Trading;
  /** Its own seeded random stream: same seed and name, same numbers. */
  readonly random: Random;
  readonly log: StrategyLog;
  /** The book of an instrument; the same view on every call. Throws RangeError for a number that is not its own. */
  book(instrument: number): BookView;
  /** Trading phase and indicative price of an instrument; the same view on every call. Throws like {@link book}. */
  status(instrument: number): StatusView;
  /** Asks for one `onTimer` at `time` or as soon after as possible; replaces the one asked for before. Infinity: none. Throws RangeError for NaN. */
  wakeAt(time: number): void;
}

/** Lines for the log of the strategies agent, marked with the strategy's name. They allocate: not for every event. */
export interface StrategyLog {
  info(message: string): void;
  warn(message: string): void;
}

/** The command ring has no room: nothing was sent, try later. */
export const COMMANDS_FULL = -1;
/** The strategy has {@link MAXIMUM_OPEN_ORDERS} open orders. */
export const TOO_MANY_ORDERS = -2;
/** No open order of this strategy has this id (any more). */
export const UNKNOWN_ORDER = -3;
/** A cancel or amend of this order has not been answered yet. */
export const ORDER_PENDING = -4;
/** Not one of the strategy's instruments, or a price, quantity or condition that its terms do not allow. */
export const INVALID_ORDER = -5;
/** The strategy has been stopped or switched off. */
export const STRATEGY_STOPPED = -6;

/** Open orders of one strategy at the most, but for exits of brackets, which nobody sends. */
export const MAXIMUM_OPEN_ORDERS = 8192;

/** An order in full, for {@link Trading.submit}. May be reused by the caller. */
export interface OrderRequest {
  instrument: number;
  side: number; // Side
  orderType: number; // OrderType
  timeInForce: number; // TimeInForce
  /** 0 for market, market-to-limit and stop orders. */
  price: number;
  quantity: number;
  flags: number; // OrderFlags
  selfTradePrevention?: number; // SelfTradePrevention; left out: None
  conditions?: OrderConditions | undefined;
}

/** What an order may ask for beyond its limit: docs/matching.md says what goes with what. Left out: not asked for. */
export interface OrderConditions {
  /** Trigger of stop orders. */
  stopPrice?: number;
  /** Iceberg: how much of it shows. */
  displayedQuantity?: number;
  /** Trade at least so much at once, or be cancelled. */
  minimumQuantity?: number;
  /** GoodTillDate: the first moment at which the order is over. */
  expireTime?: number;
  /** An own live order that this one is linked with, and how. */
  linkedOrderId?: number;
  contingency?: number; // Contingency
  /**
   * Bracket: exits that become active once the order is over with a fill. Their ids are the order's + 1 (take profit) and + 2
   * (stop loss); they appear in {@link Trading.orders} with their first report.
   */
  takeProfitPrice?: number;
  stopLossPrice?: number;
  stopLossLimitPrice?: number;
}

/**
 * Order entry. No method creates objects or throws: what cannot be sent returns one of the negative constants above. A positive
 * order id means "sent"; whether it was accepted arrives as an execution report.
 */
export interface Trading {
  /** Good-till-cancel limit orders. */
  buyLimit(instrument: number, price: number, quantity: number): number;
  sellLimit(instrument: number, price: number, quantity: number): number;
  /** Market orders: what finds no counterparty is cancelled. */
  buyMarket(instrument: number, quantity: number): number;
  sellMarket(instrument: number, quantity: number): number;
  /** Any order. */
  submit(order: OrderRequest): number;
  /** 0, or why nothing was sent. */
  cancel(orderId: number): number;
  /**
   * New price (0 where the order has none) and new total quantity (fills included) of an open order, and a new trigger of a
   * waiting stop. 0, or why nothing was sent.
   */
  amend(orderId: number, price: number, quantity: number, stopPrice?: number): number;
  /**
   * Cancels all open orders, or those of one instrument. Returns how many cancels were sent; a full command ring leaves the
   * rest open, so call again.
   */
  cancelAll(instrument?: number): number;
  readonly orders: OpenOrdersView;
  /** Lots bought minus lots sold by this strategy since start. */
  position(instrument: number): number;
}

/**
 * The strategy's open orders, those included that are on their way to the book. Rows are numbered from 0 to `count` - 1;
 * numbers are good until the next order is sent or ends.
 */
export interface OpenOrdersView {
  readonly count: number;
  /** Row of an order, -1 when it is not open. */
  rowOf(orderId: number): number;
  orderId(row: number): number;
  instrument(row: number): number;
  side(row: number): number;
  orderType(row: number): number;
  /** Trigger of a stop order, 0 for others. */
  stopPrice(row: number): number;
  /** Limit price, 0 for market and stop orders; the new one from the moment an amend is confirmed. */
  price(row: number): number;
  /** Lots still open. */
  leaves(row: number): number;
  /** Lots traded so far. */
  filled(row: number): number;
  /** When it was sent. */
  sentAt(row: number): number;
  /** The order itself has not been confirmed yet, or a cancel or amend of it has not been answered. */
  pending(row: number): boolean;
}

/** A book by price levels with its features. All values are 0 while it is not synchronised. */
export interface BookView {
  readonly instrument: number;
  /** May the book be read? False before the first snapshot, after lost data, and while buys and sells may cross (auctions). */
  readonly synced: boolean;
  readonly bidLevels: number;
  readonly askLevels: number;
  /** 0 with quantity 0 while the side is empty. */
  readonly bestBid: number;
  readonly bestBidQuantity: number;
  readonly bestAsk: number;
  readonly bestAskQuantity: number;
  /** Half the sum of the best prices, in ticks; 0 unless both sides have orders. */
  readonly midpoint: number;
  /** (best ask - best bid) / midpoint; 0 unless both sides have orders. */
  readonly relativeSpread: number;
  /** (bid - ask quantity) / (bid + ask quantity) at the best prices, -1 to 1. */
  readonly imbalance: number;
  /** Price and quantity of a level, 0 the best; 0 beyond the last. */
  bidPrice(depth: number): number;
  bidQuantity(depth: number): number;
  askPrice(depth: number): number;
  askQuantity(depth: number): number;
  /** Lots in the best `levels` levels. */
  bidDepth(levels: number): number;
  askDepth(levels: number): number;
  /** Rolling features as the market-data agent last published them; definitions: src/book/features.ts. */
  readonly orderFlowImbalance: number;
  readonly volatilityMid: number;
  readonly volatilityTrades: number;
  readonly tradedVolume: number;
  readonly breadth: number;
}

/** Trading phase of an instrument, and where its auction would execute now. */
export interface StatusView {
  readonly instrument: number;
  /** TradingPhase; None for an outside venue's instrument. */
  readonly phase: number;
  /** Of the last change: from where, and the Reason: None (by schedule or operator), StaticPriceBand, DynamicPriceBand. */
  readonly previousPhase: number;
  readonly reason: number;
  readonly timestamp: number;
  /** NaN: none. */
  readonly indicativePrice: number;
  readonly indicativeQuantity: number;
  /** At the indicative price: more to buy (positive) or to sell (negative). */
  readonly surplus: number;
  /** NaN: none. */
  readonly lastPrice: number;
  readonly referencePrice: number;
}

/** A public trade. */
export interface TradeView {
  readonly instrument: number;
  readonly tradeId: number;
  readonly timestamp: number;
  readonly price: number;
  readonly quantity: number;
  readonly takerSide: number;
}

/** One side of a trade, the strategy's own. */
export interface FillView {
  readonly orderId: number;
  readonly instrument: number;
  readonly tradeId: number;
  readonly timestamp: number;
  /** Side of the strategy's order. */
  readonly side: number;
  readonly price: number;
  readonly quantity: number;
  /** Open quantity of the order after this trade. */
  readonly leaves: number;
  /** The order was resting on the book; in an auction: it is the older one. */
  readonly maker: boolean;
  /** The trade is part of an auction. */
  readonly auction: boolean;
  /** What it costs in ticks times lots of the quote currency; negative: a rebate. */
  readonly fee: number;
}

/** An execution report about one of the strategy's orders; fields as in schemas/orders.fbs. */
export interface ReportView {
  readonly orderId: number;
  readonly instrument: number;
  readonly timestamp: number;
  readonly executionType: number;
  readonly status: number;
  readonly reason: number;
  readonly side: number;
  readonly price: number;
  readonly quantity: number;
  readonly leaves: number;
  readonly filled: number;
  readonly orderType: number;
  readonly timeInForce: number;
  /** EventFlags: Resting (it is on the book, or was when it ended), Answer (of a command), Conditional (the rest is known). */
  readonly flags: number;
  /** The following are 0 without Conditional. What of it shows on the book. */
  readonly displayedQuantity: number;
  readonly stopPrice: number;
  readonly expireTime: number;
  readonly linkedOrderId: number;
}
