import { ExecutionType, OrderType, Reason, Side } from '../../src/lib/enums.js';
import { sourceOf } from '../../src/lib/order-ids.js';
import type { LimitKey } from '../../src/risk/limits.js';
import type { NaiveCandidate } from './naive-controls.js';

/** A command as the twin takes it: one shape for all four kinds. */
export interface NaiveCommand {
  readonly orderId: number;
  readonly received: number;
  readonly client: number;
  readonly price: number;
  readonly quantity: number;
  readonly account: number;
  readonly instrument: number;
  readonly source: number;
  readonly side: number;
  readonly orderType: number;
  readonly timeInForce: number;
  readonly flags: number;
  /** What a command with `conditional` has, as in docs/matching.md; what is left out: none. */
  readonly conditions?: {
    readonly stopPrice?: number;
    readonly linkedOrderId?: number;
    readonly contingency?: number;
    readonly takeProfitPrice?: number;
    readonly stopLossPrice?: number;
    readonly stopLossLimitPrice?: number;
  };
}

export interface NaiveOrder {
  readonly account: number;
  readonly instrument: number;
  readonly side: number;
  readonly isLimit: boolean;
  price: number;
  total: number;
  filled: number;
  /** Amends since all were last answered, each with the larger of its total and the one before it. */
  amends: { sequence: number; total: number; worst: number }[];
  /** Highest price that it may pay by what was last confirmed. */
  confirmedWorst: number;
}

export interface NaiveTrade {
  readonly price: number;
  readonly quantity: number;
  readonly instrument: number;
  readonly takerSide: number;
  readonly maker: NaiveSide;
  readonly taker: NaiveSide;
  readonly timestamp?: number;
  /** EventFlags; default 0. */
  readonly flags?: number;
}

/** One side of a trade. */
export interface NaiveSide {
  readonly orderId: number;
  readonly account: number;
  readonly leaves: number;
  /** Default 0. */
  readonly fee?: number;
}

export interface NaiveReport {
  readonly sequence: number;
  readonly orderId: number;
  readonly executionType: number;
  readonly price: number;
  readonly quantity: number;
  readonly leavesQuantity: number;
  readonly reason?: number;
  readonly stopPrice?: number;
}

interface Bucket {
  credit: bigint;
  time: number;
}

const BILLION = 1_000_000_000n;

/** Risk in obvious code: maps, sums over all orders and fills, BigInt. Rules as in risk-checks.ts and risk-engine.ts. */
export class NaiveRisk {
  readonly orders = new Map<number, NaiveOrder>();
  readonly reference: number[];
  /** Signed fills by `account/instrument`, oldest first. */
  readonly fills = new Map<string, { price: number; quantity: number }[]>();
  readonly #accounts: readonly number[];
  readonly #limit: (account: number, instrument: number, key: LimitKey) => number;
  readonly #clientMemory: number;
  readonly #capacity: number;
  /** Further controls, asked last; set after construction. */
  more: ((candidate: NaiveCandidate) => Reason) | undefined;
  readonly #lastIds = new Map<number, number>();
  readonly #clientIds: string[] = [];
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: {
    accounts: readonly number[];
    reference: readonly number[];
    limit: (account: number, instrument: number, key: LimitKey) => number;
    clientMemory: number;
    capacity: number;
  }) {
    this.#accounts = options.accounts;
    this.reference = [...options.reference];
    this.#limit = options.limit;
    this.#clientMemory = options.clientMemory;
    this.#capacity = options.capacity;
  }

  newOrder(command: NaiveCommand): Reason {
    const { account, instrument, price, quantity, side, orderId } = command;
    if (side !== 1 && side !== 2) return Reason.Malformed;
    if (![1, 2].includes(command.orderType) || ![1, 2, 3, 4, 5, 6, 7].includes(command.timeInForce))
      return Reason.Malformed;
    if (command.flags > 3 || sourceOf(orderId) !== command.source) return Reason.Malformed;
    if (orderId <= (this.#lastIds.get(command.source) ?? 0)) return Reason.DuplicateOrderId;
    this.#lastIds.set(command.source, orderId);
    if (!this.#accounts.includes(account)) return Reason.UnknownAccount;
    if (instrument >= this.reference.length) return Reason.UnknownInstrument;
    if (!this.#take(account, 'order', command.received)) return Reason.RateLimit;
    if (quantity < 1) return Reason.InvalidQuantity;
    const isLimit = command.orderType === OrderType.Limit;
    if (isLimit ? price < 1 : price !== 0) return Reason.InvalidPrice;
    const key = `${account}/${command.client}`;
    if (command.client !== 0 && this.#clientIds.includes(key)) return Reason.DuplicateClientOrderId;
    const size = this.#size(command, instrument, isLimit);
    if (size !== Reason.None) return size;
    const open = [...this.orders.values()].filter((order) => order.account === account);
    if (open.length >= this.#limit(account, instrument, 'max_open_orders')) return Reason.OpenOrderLimit;
    if (this.#exceeds(account, instrument, side, quantity)) return Reason.PositionLimit;
    if (this.orders.size >= this.#capacity) return Reason.RiskCapacity;
    const worst = isLimit ? price : this.#collarTop(account, instrument);
    const candidate = { account, instrument, side, quantity, price, worst, added: quantity };
    const more = this.more?.(candidate) ?? Reason.None;
    if (more !== Reason.None) return more;
    this.orders.set(orderId, {
      confirmedWorst: worst,
      account,
      instrument,
      side,
      isLimit,
      price,
      total: quantity,
      filled: 0,
      amends: [],
    });
    if (command.client !== 0) this.#clientIds.push(key);
    if (this.#clientIds.length > this.#clientMemory) this.#clientIds.shift();
    return Reason.None;
  }

  amend(command: NaiveCommand, sequence: number): Reason {
    const order = this.orders.get(command.orderId);
    const { account, price, quantity } = command;
    if (!this.#accounts.includes(account)) return Reason.UnknownAccount;
    if (order === undefined) return Reason.UnknownOrder;
    if (order.account !== account) return Reason.NotOrderOwner;
    if (!this.#take(account, 'order', command.received)) return Reason.RateLimit;
    if (quantity < 1) return Reason.InvalidQuantity;
    if (order.isLimit && price < 1) return Reason.InvalidPrice;
    const samePrice = !order.isLimit || price === order.price;
    const reduces = order.amends.length === 0 && samePrice && quantity <= order.total;
    if (!reduces) {
      const size = this.#size(command, order.instrument, order.isLimit);
      if (size !== Reason.None) return size;
      const added = quantity - reservedBy(order);
      if (added > 0 && this.#exceeds(account, order.instrument, order.side, added))
        return Reason.PositionLimit;
    }
    const before = this.worst(order);
    const wanted = order.isLimit ? price : this.#collarTop(account, order.instrument);
    const worst = reduces ? before : Math.max(before, wanted);
    if (!reduces) {
      const added = Math.max(0, quantity - reservedBy(order));
      const { instrument, side } = order;
      const limited = order.isLimit ? price : 0;
      const candidate = { account, instrument, side, quantity, price: limited, worst, added, order };
      const more = this.more?.(candidate) ?? Reason.None;
      if (more !== Reason.None) return more;
    }
    order.amends.push({ sequence, total: Math.max(quantity, order.total), worst });
    return Reason.None;
  }

  cancel(command: NaiveCommand): Reason {
    const order = this.orders.get(command.orderId);
    if (!this.#accounts.includes(command.account)) return Reason.UnknownAccount;
    if (order === undefined) return Reason.UnknownOrder;
    if (order.account !== command.account) return Reason.NotOrderOwner;
    return this.#take(command.account, 'cancel', command.received) ? Reason.None : Reason.RateLimit;
  }

  massCancel(command: NaiveCommand): Reason {
    this.#take(command.account, 'cancel', command.received);
    return Reason.None;
  }

  onTrade(trade: NaiveTrade): void {
    this.reference[trade.instrument] = trade.price;
    const makerSide = trade.takerSide === Side.Buy ? Side.Sell : Side.Buy;
    for (const [{ orderId, account, leaves }, side] of [
      [trade.maker, makerSide],
      [trade.taker, trade.takerSide],
    ] as const) {
      const key = `${account}/${trade.instrument}`;
      const quantity = side === Side.Buy ? trade.quantity : -trade.quantity;
      this.fills.set(key, [...(this.fills.get(key) ?? []), { price: trade.price, quantity }]);
      const order = this.orders.get(orderId);
      if (order === undefined) throw new Error(`fill of order ${orderId}, which is not open`);
      order.filled += trade.quantity;
      if (leaves === 0) this.orders.delete(orderId);
    }
  }

  onReport(report: NaiveReport): void {
    const order = report.sequence === 0 ? undefined : this.orders.get(report.orderId);
    if (order === undefined) return;
    const { executionType } = report;
    const ended = executionType === ExecutionType.Canceled || executionType === ExecutionType.Rejected;
    const answersNew = executionType === ExecutionType.New || executionType === ExecutionType.Replaced;
    if (ended || (answersNew && report.leavesQuantity === 0)) {
      this.orders.delete(report.orderId);
      return;
    }
    if (executionType === ExecutionType.Replaced) {
      order.price = report.price;
      order.total = report.quantity;
    }
    if (order.amends.at(-1)?.sequence !== report.sequence) return;
    order.amends = [];
    if (order.isLimit) order.confirmedWorst = order.price;
  }

  position(account: number, instrument: number): number {
    return (this.fills.get(`${account}/${instrument}`) ?? []).reduce(
      (sum, { quantity }) => sum + quantity,
      0,
    );
  }

  open(account: number, instrument: number, side: number): number {
    let sum = 0;
    for (const order of this.orders.values()) {
      if (order.account === account && order.instrument === instrument && order.side === side) {
        sum += reservedBy(order) - order.filled;
      }
    }
    return sum;
  }

  /** The total that an order counts with. */
  reserved(order: NaiveOrder): number {
    return reservedBy(order);
  }

  /** Highest price that the order may pay, amends in flight included. */
  worst(order: NaiveOrder): number {
    return Math.max(order.confirmedWorst, ...order.amends.map(({ worst }) => worst));
  }

  /** Realised profit and cost of the open quantity by the average-cost method, from all fills. */
  profit(account: number, instrument: number): { realized: bigint; cost: bigint } {
    return averageCost(this.fills.get(`${account}/${instrument}`) ?? []);
  }

  #size(command: NaiveCommand, instrument: number, isLimit: boolean): Reason {
    const { account, price, quantity } = command;
    const reference = this.reference[instrument];
    const notional = BigInt(isLimit ? price : reference) * BigInt(quantity);
    if (quantity > this.#limit(account, instrument, 'max_order_quantity')) return Reason.OrderQuantityLimit;
    if (reference === 0) return Reason.ReferencePriceMissing;
    if (notional > BigInt(this.#limit(account, instrument, 'max_order_notional')))
      return Reason.OrderNotionalLimit;
    const collar = reference * this.#limit(account, instrument, 'price_collar_percent');
    return isLimit && Math.abs(price - reference) * 100 > collar ? Reason.PriceCollar : Reason.None;
  }

  /** The highest price within the collar around the last one. */
  #collarTop(account: number, instrument: number): number {
    const reference = this.reference[instrument];
    return (
      reference + Math.floor((reference * this.#limit(account, instrument, 'price_collar_percent')) / 100)
    );
  }

  #exceeds(account: number, instrument: number, side: number, added: number): boolean {
    const position = this.position(account, instrument);
    const worst = (side === Side.Buy ? position : -position) + this.open(account, instrument, side) + added;
    return worst > this.#limit(account, instrument, 'max_position');
  }

  #take(account: number, kind: 'order' | 'cancel', received: number): boolean {
    const rate = BigInt(this.#limit(account, 0, `${kind}s_per_second`));
    const full = BigInt(this.#limit(account, 0, `${kind}_burst`)) * BILLION;
    const bucket = this.#buckets.get(`${account}/${kind}`) ?? { credit: full, time: 0 };
    this.#buckets.set(`${account}/${kind}`, bucket);
    if (received > bucket.time) {
      bucket.credit += BigInt(received - bucket.time) * rate;
      bucket.time = received;
    }
    if (bucket.credit > full) bucket.credit = full;
    if (bucket.credit < BILLION) return false;
    bucket.credit -= BILLION;
    return true;
  }
}

function reservedBy(order: NaiveOrder): number {
  return Math.max(order.total, ...order.amends.map(({ total }) => total));
}

/** The average-cost method over signed fills, shares of the cost rounded down. */
export function averageCost(fills: readonly { price: number; quantity: number }[]): {
  realized: bigint;
  cost: bigint;
} {
  let [position, cost, realized] = [0n, 0n, 0n];
  for (const fill of fills) {
    const price = BigInt(fill.price);
    let left = BigInt(fill.quantity);
    if (position !== 0n && position > 0n !== left > 0n) {
      const size = position > 0n ? position : -position;
      const wanted = left > 0n ? left : -left;
      const closed = wanted < size ? wanted : size;
      const share = (cost * closed) / size;
      realized += position > 0n ? price * closed - share : share - price * closed;
      cost -= share;
      position += left > 0n ? closed : -closed;
      left -= left > 0n ? closed : -closed;
    }
    cost += price * (left > 0n ? left : -left);
    position += left;
  }
  return { realized, cost };
}
