import type {
  LiveOrder,
  Matching,
  MatchingCapacities,
  MatchingEvents,
  MatchingOptions,
  ReportEvent,
  TradeEvent,
} from '../../book/matching.js';
import { MatchingEngine } from '../../book/matching-engine.js';
import {
  ExecutionType,
  OrderType,
  REASON_NAMES,
  Reason,
  SelfTradePrevention,
  Side,
  TimeInForce,
  TradingPhase,
} from '../../lib/enums.js';
import type { Fill } from './fill.js';

const INSTRUMENT = 0;

/** Makes the engine under test; default {@link MatchingEngine}. */
export type EngineFactory = (
  capacities: MatchingCapacities,
  events: MatchingEvents,
  options: MatchingOptions,
) => Matching;

const fastEngine: EngineFactory = (capacities, events, options) =>
  new MatchingEngine(capacities, events, options);

/** What an {@link EngineBook} is made for. */
export interface EngineBookOptions {
  /** Orders are numbered from 1 to this. */
  readonly lastOrder: number;
  /** Room for so many orders and price levels at once. */
  readonly orders: number;
  readonly levels: number;
  /** Trading phase at the start. */
  readonly phase: number;
  /** Owner by order, for self-match prevention; an order that is not here is alone. */
  readonly owners: ReadonlyMap<number, number>;
  readonly createEngine?: EngineFactory | undefined;
}

/** A limit order as it goes into the engine. */
export interface EnteredOrder {
  /** Own number in the tape; 0: unnamed. */
  readonly order: number;
  readonly side: number;
  readonly price: number;
  /** All of it, hidden quantity too. */
  readonly quantity: number;
  /** Of an iceberg; 0: all of it shows. */
  readonly peak: number;
  /** Default: GoodTillCancel. */
  readonly timeInForce?: number;
  /** An order of the tape that has the same owner; default: `order`. */
  readonly ownerOf?: number | undefined;
}

/** One trade of the engine, as a fill of one of its orders. */
export interface EngineFill extends Fill {
  /** It used up the order, or what an iceberg had on display. */
  usedUp: boolean;
}

/** What a command brought about. */
export interface Outcome {
  /** Of the makers, in the order in which they traded. */
  readonly fills: readonly EngineFill[];
  /** Orders that the engine's self-trade prevention canceled. */
  readonly prevented: readonly number[];
}

/** What an uncross traded, by side, in the order of trading. */
export interface UncrossFills {
  readonly buys: readonly EngineFill[];
  readonly sells: readonly EngineFill[];
}

/**
 * The matching engine, addressed by the tape's orders. The engine's id of an order is its own number; of its continuation (see
 * `order-entry.ts`) that number plus the last one, the other way round once the order itself is over. Every order has an account of its own, those of one owner are one account group.
 */
export class EngineBook implements MatchingEvents {
  readonly engine: Matching;
  /** Commands given so far. */
  commands = 0;
  /** Commands that the engine refused, by reason. */
  readonly refused = new Map<string, number>();
  /** Peaks that the engine showed because the one before was used up. */
  refills = 0;
  readonly #lastOrder: number;
  readonly #owners: ReadonlyMap<number, number>;
  #fills: EngineFill[] = [];
  #prevented: number[] = [];
  /** While the auction is uncrossed. */
  #uncrossed: { readonly buys: EngineFill[]; readonly sells: EngineFill[] } | undefined;

  constructor(options: EngineBookOptions) {
    const { lastOrder, orders, levels, phase, owners, createEngine = fastEngine } = options;
    this.#lastOrder = lastOrder;
    this.#owners = owners;
    this.engine = createEngine({ instruments: 1, orders, levels, accounts: orders }, this, {
      rules: [{ phase }],
      groups: owners,
    });
    // No conditions but the peak.
    Object.assign(this.engine.command, { minimumQuantity: 0, expireTime: 0, linkedOrderId: 0 });
  }

  has(order: number): boolean {
    return this.#first(order) !== undefined;
  }

  price(order: number): number {
    return this.#first(order)?.price ?? Number.NaN;
  }

  side(order: number): number {
    return this.#first(order)?.side ?? Side.None;
  }

  /** What the order has on display. */
  shown(order: number): number {
    return this.#liveOrders(order).reduce((sum, one) => sum + shownOf(one), 0);
  }

  /** What the order has behind its peak. */
  hidden(order: number): number {
    return this.#liveOrders(order).reduce((sum, one) => sum + one.leavesQuantity - shownOf(one), 0);
  }

  enter(entered: EnteredOrder): Outcome {
    return this.#newOrder(entered.order || this.#unnamed, entered);
  }

  /** Enters the hidden quantity of an order as an order of its own, which is behind all that rests. */
  enterContinuation(entered: EnteredOrder): Outcome {
    const { order } = entered;
    const isTaken = this.engine.order(order) !== undefined;
    return this.#newOrder(isTaken ? order + this.#lastOrder : order, entered);
  }

  /** Enters an order for the opening: at market (`price` NaN), or limited. Nothing of it is left after the uncross. */
  enterForOpening(order: number, side: number, price: number, quantity: number): void {
    const timeInForce = TimeInForce.AtTheOpen;
    this.#newOrder(order, { order, side, price, quantity, peak: 0, timeInForce });
  }

  /**
   * Gives an order another price and open quantity, all of which shows. An iceberg that loses its place by it is canceled and
   * entered anew, because the engine would show a peak of it; an order with a continuation likewise.
   */
  amend(order: number, price: number, leaves: number): Outcome {
    const live = this.#liveOrders(order);
    if (live.length === 0) return NOTHING;
    const [first] = live;
    const isIceberg = first.displayedQuantity > 0;
    if (live.length > 1 || (isIceberg && (price !== first.price || leaves > shownOf(first)))) {
      this.cancel(order);
      return this.enter({ order, side: first.side, price, quantity: leaves, peak: 0 });
    }
    const { command } = this.engine;
    this.#begin(first.orderId, first.account);
    command.price = price;
    command.quantity = first.quantity - first.leavesQuantity + leaves;
    this.engine.amendOrder();
    return this.#outcome();
  }

  cancel(order: number): void {
    for (const { orderId, account } of this.#liveOrders(order)) {
      this.#begin(orderId, account);
      this.engine.cancelOrder();
    }
  }

  /** Cancels everything. */
  clear(): void {
    const orders = new Set<number>();
    this.forEach((order) => {
      orders.add(order);
    });
    for (const order of orders) this.cancel(order);
  }

  /** Begins to collect an auction. */
  collect(): void {
    this.#setPhase(TradingPhase.PreOpen);
  }

  /** Uncrosses the auction and begins continuous trading. */
  uncross(): UncrossFills {
    const fills = { buys: [], sells: [] };
    this.#uncrossed = fills;
    this.#setPhase(TradingPhase.Continuous);
    this.#uncrossed = undefined;
    return fills;
  }

  /** Visits the orders on the book with what they have on display. */
  forEach(visit: (order: number, side: number, price: number, shown: number) => void): void {
    for (const side of [Side.Buy, Side.Sell]) {
      this.engine.forEachOrder(INSTRUMENT, side, (one) =>
        visit(this.#orderOf(one.orderId), side, one.price, shownOf(one)),
      );
    }
  }

  trade(event: TradeEvent): void {
    const { price, quantity } = event;
    const fillOf = (id: number, leaves: number): EngineFill => ({
      order: this.#orderOf(id),
      price,
      quantity,
      usedUp: leaves === 0,
    });
    const maker = fillOf(event.makerOrderId, event.makerLeaves);
    if (this.#uncrossed === undefined) {
      this.#fills.push(maker);
      return;
    }
    const { buys, sells } = this.#uncrossed;
    const taker = fillOf(event.takerOrderId, event.takerLeaves);
    buys.push(event.takerSide === Side.Buy ? taker : maker);
    sells.push(event.takerSide === Side.Sell ? taker : maker);
  }

  report(event: ReportEvent): void {
    const { executionType, reason, orderId } = event;
    if (executionType === ExecutionType.Rejected || executionType === ExecutionType.CancelRejected) {
      const name = REASON_NAMES[reason] ?? String(reason);
      this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
    } else if (executionType === ExecutionType.Canceled && reason === Reason.SelfTradePrevented) {
      this.#prevented.push(this.#orderOf(orderId));
    } else if (executionType === ExecutionType.Restated) {
      this.#restated(event);
    }
  }

  status(): void {
    // The phase changes only when it is told to.
  }

  /** After a trade: an iceberg was refilled, or (in an uncross only) an order has traded, refilled or not. */
  #restated({ leavesQuantity, previousDisplayed, side }: ReportEvent): void {
    const uncrossed = this.#uncrossed;
    const traded = uncrossed === undefined ? this.#fills : uncrossed[side === Side.Buy ? 'buys' : 'sells'];
    const fill = traded.at(-1);
    if (fill === undefined || leavesQuantity === 0) return;
    if (uncrossed !== undefined && previousDisplayed !== fill.quantity) return;
    fill.usedUp = true;
    this.refills++;
  }

  #newOrder(id: number, entered: EnteredOrder): Outcome {
    const { order, side, price, quantity, peak, timeInForce, ownerOf = order } = entered;
    const { command } = this.engine;
    this.#begin(id, ownerOf || id);
    command.side = side;
    command.price = price;
    command.quantity = quantity;
    command.orderType = Number.isNaN(price) ? OrderType.Market : OrderType.Limit;
    command.timeInForce = timeInForce ?? TimeInForce.GoodTillCancel;
    command.selfTradePrevention = this.#owners.has(ownerOf)
      ? SelfTradePrevention.CancelOldest
      : SelfTradePrevention.None;
    command.conditional = peak > 0 ? 1 : 0;
    command.displayedQuantity = peak;
    this.engine.newOrder();
    return this.#outcome();
  }

  #setPhase(phase: number): void {
    this.#begin(0, 0);
    this.engine.command.phase = phase;
    this.engine.setPhase();
  }

  #begin(id: number, account: number): void {
    const { command } = this.engine;
    command.orderId = id;
    command.account = account;
    command.instrument = INSTRUMENT;
    command.flags = 0;
    command.conditional = 0;
    this.commands++;
  }

  #outcome(): Outcome {
    const outcome = { fills: this.#fills, prevented: this.#prevented };
    this.#fills = [];
    this.#prevented = [];
    return outcome;
  }

  /** The engine's id for orders that the tape does not name; they never rest. */
  get #unnamed(): number {
    return 2 * this.#lastOrder + 1;
  }

  #orderOf(id: number): number {
    if (id <= this.#lastOrder) return id;
    return id < this.#unnamed ? id - this.#lastOrder : 0;
  }

  #first(order: number): LiveOrder | undefined {
    return this.engine.order(order) ?? this.engine.order(order + this.#lastOrder);
  }

  /** The order and its continuation, those of them that are on the book. */
  #liveOrders(order: number): LiveOrder[] {
    const ids = [order, order + this.#lastOrder];
    return ids.map((id) => this.engine.order(id)).filter((one) => one !== undefined);
  }
}

/** Nothing happened. */
export const NOTHING: Outcome = { fills: [], prevented: [] };

function shownOf(order: LiveOrder): number {
  return order.displayedQuantity > 0 ? order.shownQuantity : order.leavesQuantity;
}
