/**
 * The matching contract: what goes in, what comes out, what can be read. Two implementations keep it:
 * {@link MatchingEngine} (fast) and {@link NaiveMatching} (obvious), checked against each other.
 *
 * Units: prices in ticks (any safe integer, negative ones too), quantities in lots (positive safe integers),
 * ids and accounts non-negative integers. No clock, no random number: same commands, same events, same hash.
 *
 * What every command does, which events it brings and in which order: docs/matching.md, exactly. Exactly one event of a
 * command, its last, has EventFlags.EndOfCommand.
 */

import type { OrderBooks } from './order-books.js';
import type { PlainEvents } from './plain-events.js';

/**
 * Fields that may exceed 31 bits start as NaN: V8 then keeps the field as an unboxed double for good, so writing
 * an id of 2^40 into it allocates nothing. A number passed as an argument would be boxed, which is why commands and
 * events are records that are filled in and not argument lists.
 */
const WIDE = Number.NaN;

/** One command, filled in by the caller before the call; the engine only reads it. */
export class MatchingCommand {
  orderId = WIDE;
  account = WIDE;
  /** Index of the instrument in this shard; {@link ALL_INSTRUMENTS} in a mass cancel. */
  instrument = WIDE;
  /** Limit price; ignored for market orders. */
  price = WIDE;
  /** Total quantity; in an amend the new total, fills included. */
  quantity = WIDE;
  /** The producer that sent the command, 0..65535. */
  source = 0;
  side = 0;
  orderType = 0;
  timeInForce = 0;
  /** OrderFlags bits. */
  flags = 0;
  /** SelfTradePrevention. */
  selfTradePrevention = 0;
  /** 1: the conditions below hold; 0: none of them is read. Only new orders and amends have any. */
  conditional = 0;
  /** Time of the command: what expires at or before it ends first. NaN: time stands still. */
  timestamp = WIDE;

  // Conditions of a new order. 0: none, unless said otherwise.
  /** Trigger of stop orders; in an amend the new trigger of a waiting one (NaN: as it was). */
  stopPrice = WIDE;
  /** Iceberg: how much of it shows. */
  displayedQuantity = WIDE;
  minimumQuantity = WIDE;
  /** Good till date: the first moment at which the order is over. */
  expireTime = WIDE;
  linkedOrderId = WIDE;
  /** Contingency. */
  contingency = 0;
  /** Bracket: limit of the exit in profit, trigger of the exit in loss, limit of the latter (NaN: at market). NaN: no such exit. */
  takeProfitPrice = WIDE;
  stopLossPrice = WIDE;
  stopLossLimitPrice = WIDE;

  // Of a phase change.
  /** TradingPhase. */
  phase = 0;
  /** New reference price, NaN: as it was. */
  referencePrice = WIDE;
}

/** One execution: the fill of maker and taker at once, at the maker's price. Valid during the call only. */
export class TradeEvent {
  instrument = WIDE;
  price = WIDE;
  quantity = WIDE;
  /** Rising by one over all instruments, from 1. */
  tradeId = WIDE;
  makerOrderId = WIDE;
  takerOrderId = WIDE;
  /** 0: the maker left the book. */
  makerLeaves = WIDE;
  takerLeaves = WIDE;
  makerAccount = WIDE;
  takerAccount = WIDE;
  makerSource = 0;
  takerSource = 0;
  takerSide = 0;
  /** EventFlags bits. */
  flags = 0;
  /** What the sides pay (negative: receive), in ticks times lots of the quote currency. */
  makerFee = WIDE;
  takerFee = WIDE;
}

/** The answer to a command, or the end of another order that the command ended. Valid during the call only. */
export class ReportEvent {
  orderId = WIDE;
  account = WIDE;
  instrument = WIDE;
  /** Limit price after the event; 0 for market orders. */
  price = WIDE;
  /** Total quantity after the event; in MassCanceled the number of orders canceled. */
  quantity = WIDE;
  leavesQuantity = WIDE;
  filledQuantity = WIDE;
  /** Replaced: limit price before; else 0. */
  previousPrice = WIDE;
  /** Replaced and Canceled: open quantity before; else 0. */
  previousLeaves = WIDE;
  executionType = 0;
  status = 0;
  reason = 0;
  /** Of the order; of the command where there is no order. */
  source = 0;
  side = 0;
  orderType = 0;
  timeInForce = 0;
  /** EventFlags bits. */
  flags = 0;

  // Valid with EventFlags.Conditional only.
  /** What shows on the book after and before the event; all that is open unless the order is an iceberg, 0 off the book. */
  displayedQuantity = WIDE;
  previousDisplayed = WIDE;
  /** 0: none. */
  stopPrice = WIDE;
  linkedOrderId = WIDE;
  expireTime = WIDE;
}

/** The phase or the indicative auction price of an instrument changed. Valid during the call only. */
export class StatusEvent {
  instrument = WIDE;
  /** TradingPhase. */
  phase = 0;
  previousPhase = 0;
  /** Reason: None, StaticPriceBand or DynamicPriceBand. */
  reason = 0;
  /** NaN: none. */
  indicativePrice = WIDE;
  indicativeQuantity = WIDE;
  /** At the indicative price: more to buy (positive) or to sell (negative). */
  surplus = WIDE;
  /** NaN: none. */
  lastPrice = WIDE;
  referencePrice = WIDE;
}

/** Receives events while a command runs. Must copy what it keeps, must not throw, must not call back. */
export interface MatchingEvents {
  trade(event: TradeEvent): void;
  report(event: ReportEvent): void;
  status(event: StatusEvent): void;
  /** Where there is one, it makes what takes the events of the plain path in place of `trade` and `report`: see plain-events.ts. */
  plainEvents?(books: OrderBooks, command: MatchingCommand): PlainEvents;
}

/** An order on the book, for snapshots and tests. */
export interface RestingOrder {
  readonly orderId: number;
  readonly account: number;
  readonly instrument: number;
  readonly source: number;
  readonly side: number;
  readonly orderType: number;
  readonly timeInForce: number;
  readonly flags: number;
  readonly price: number;
  readonly quantity: number;
  readonly leavesQuantity: number;
  /** Rank of acceptance over all instruments, rising; a mass cancel goes in this order. Amends keep it. */
  readonly arrival: number;
}

/** All that an order may have beyond {@link RestingOrder}; see docs/matching.md. */
export interface OrderConditions {
  readonly selfTradePrevention: number;
  /** Its reports carry EventFlags.Conditional: it has, or has had, a stop price, peak, expire time, link or bracket, has waited or is unpriced. */
  readonly conditional: boolean;
  /** It is off the book: a stop before its trigger, or an order for the closing auction before that. */
  readonly waiting: boolean;
  /** 0: none. */
  readonly stopPrice: number;
  /** Iceberg: peak, and what shows now. 0: no iceberg. */
  readonly displayedQuantity: number;
  readonly shownQuantity: number;
  readonly expireTime: number;
  readonly linkedOrderId: number;
  readonly contingency: number;
  /** NaN: none. */
  readonly takeProfitPrice: number;
  readonly stopLossPrice: number;
  readonly stopLossLimitPrice: number;
}

/** An order with all that decides what becomes of it. */
export type LiveOrder = RestingOrder & OrderConditions;

/** What an instrument trades by; fixed for the life of the engine. */
export interface InstrumentRules {
  /** TradingPhase at the start; default Continuous. */
  readonly phase?: number;
  /** Centre of the static band and last tie-break of an auction; default none. */
  readonly referencePrice?: number;
  /** Width of the bands to each side in hundredths of a percent; 0: no band. */
  readonly staticBand?: number;
  readonly dynamicBand?: number;
  /** TradingPhase that a breach starts: VolatilityAuction (default) or Halt. */
  readonly bandPhase?: number;
  /** Share of the traded value in hundred-millionths (10,000: one hundredth of a percent); negative: a rebate. */
  readonly makerFee?: number;
  readonly takerFee?: number;
}

export interface MatchingOptions {
  /** By instrument; what is missing has the defaults. */
  readonly rules?: readonly (InstrumentRules | undefined)[];
  /** Account to account group for self-trade prevention; an account that is not here is a group of its own. */
  readonly groups?: ReadonlyMap<number, number>;
}

/** Matching with all of docs/matching.md. */
export interface Matching {
  /** Fill this in, then call one of the methods below. */
  readonly command: MatchingCommand;
  newOrder(): void;
  amendOrder(): void;
  cancelOrder(): void;
  massCancel(): void;
  /** Reads instrument, phase, referencePrice and timestamp of the command; account and source are echoed. */
  setPhase(): void;
  /** Time passes: reads timestamp; instrument, account and source are echoed. */
  advanceTime(): void;

  /** Live orders: on all books and waiting. */
  readonly orderCount: number;
  /** TradingPhase. */
  phase(instrument: number): number;
  /** NaN: none, as for the reference price. */
  lastPrice(instrument: number): number;
  referencePrice(instrument: number): number;
  /** As last published; {NaN, 0, 0}: none. Allocates. */
  indicative(instrument: number): IndicativePrice;
  /** Best price of a side, NaN when it has none. */
  bestPrice(instrument: number, side: number): number;
  /**
   * Writes up to `depth` levels from the best outwards into `into` as [price, quantity that shows, orders] triples and
   * returns how many. Throws RangeError when `into` is too short.
   */
  levels(instrument: number, side: number, depth: number, into: Float64Array): number;
  /** The live order with this id, waiting ones too, or undefined. Allocates. */
  order(orderId: number): LiveOrder | undefined;
  /** Visits the orders on one side of the book in priority order, unpriced ones first. Allocates. */
  forEachOrder(instrument: number, side: number, visit: (order: LiveOrder) => void): void;
  /**
   * Visits the waiting orders: buy stops from the lowest stop price, sell stops from the highest, in queue order, then
   * at-the-close orders by arrival. Allocates.
   */
  forEachWaitingOrder(instrument: number, visit: (order: LiveOrder) => void): void;

  /**
   * 16 hex digits over everything that decides later behaviour; see "State hash" in docs/matching.md. The same for every
   * implementation. Takes time in proportion to the orders.
   */
  stateHash(): string;
  /** Walks all state and throws InvariantError with the rule that is broken. */
  validate(): void;
}

/** Where an auction would execute; see StatusEvent. */
export interface IndicativePrice {
  readonly price: number;
  readonly quantity: number;
  readonly surplus: number;
}

/** Instrument of a mass cancel that means every instrument. */
export const ALL_INSTRUMENTS = 0xffff_ffff;

/**
 * Most that can be live at once; memory is reserved for it when constructed: about 95 bytes an order, 128 more that only conditional
 * orders ever touch, and 200 bytes a level; as much again for stop levels when the first stop comes.
 */
export interface MatchingCapacities {
  /** Instruments are 0 .. instruments - 1. */
  readonly instruments: number;
  /** Orders on all books together, the one being matched included. */
  readonly orders: number;
  /** Distinct prices over all books and sides. */
  readonly levels: number;
  /** Accounts that have orders on a book; default: as many as orders, at most 65536. */
  readonly accounts?: number;
}

export type ResolvedCapacities = Required<MatchingCapacities>;

const CAPACITY_LIMITS: ResolvedCapacities = {
  instruments: 1 << 20,
  orders: 1 << 24,
  levels: 1 << 24,
  accounts: 1 << 24,
};

/** Fills in defaults; throws RangeError naming the capacity, its value and what is allowed. */
export function resolveCapacities(capacities: MatchingCapacities): ResolvedCapacities {
  const resolved = { ...capacities, accounts: capacities.accounts ?? Math.min(capacities.orders, 65_536) };
  for (const [name, limit] of Object.entries(CAPACITY_LIMITS)) {
    const value = resolved[name as keyof ResolvedCapacities];
    if (!Number.isInteger(value) || value < 1 || value > limit) {
      throw new RangeError(`matching capacity ${name} is ${value}: must be an integer from 1 to ${limit}`);
    }
  }
  return resolved;
}
