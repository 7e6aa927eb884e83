/** The controls of money and account states in obvious code: BigInt sums over all fills and all open orders, each time anew. */
import { Reason, Side } from '../../src/lib/enums.js';
import type { LimitKey } from '../../src/risk/limits.js';
import type { NaiveOrder, NaiveRisk } from './naive-risk.js';

type Limit = (account: number, key: LimitKey, currency?: string) => number;

/** What the candidate is: a new order, or an order as an amend would leave it. */
export interface NaiveCandidate {
  readonly account: number;
  readonly instrument: number;
  readonly side: number;
  /** Total, and highest price that a buy may pay. */
  readonly quantity: number;
  readonly price: number;
  readonly worst: number;
  readonly added: number;
  readonly order?: NaiveOrder;
}

const big = BigInt;
const largest = (...values: bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));

/** All instruments have tick and lot 1, base XXA and quote XXB, so every amount is a whole number of the currency. */
export class NaiveControls {
  readonly risk: NaiveRisk;
  /** Reason of the reducing-only state by account. */
  readonly states = new Map<number, Reason>();
  readonly #high = new Map<number, bigint>();
  readonly #limit: Limit;

  constructor(risk: NaiveRisk, limit: Limit) {
    this.risk = risk;
    this.#limit = limit;
  }

  verdict(candidate: NaiveCandidate): Reason {
    const { account, instrument, side, added } = candidate;
    const position = big(this.risk.position(account, instrument));
    const [buys, sells] = this.#open(account, instrument);
    const isReducing =
      side === Side.Buy ? position + buys + big(added) <= 0n : sells + big(added) - position <= 0n;
    const state = this.states.get(account);
    if (state !== undefined && !isReducing) return state;
    const value = big(candidate.worst) * big(candidate.quantity);
    if (this.#above(value, account, 'max_order_value', 'XXB')) return Reason.OrderNotionalLimit;
    const mode = this.#limit(account, 'mode');
    if (mode === 1 && !this.#isCovered(candidate)) return Reason.InsufficientBalance;
    if (isReducing) return Reason.None;
    const before = largest(position + buys, sells - position);
    const after =
      side === Side.Buy
        ? largest(position + buys + big(added), sells - position)
        : largest(position + buys, sells + big(added) - position);
    const last = big(this.risk.reference[instrument]);
    if (after > before) {
      const notional = this.#notional(account) + last * (after - before);
      if (this.#above(notional, account, 'max_currency_notional', 'XXB')) return Reason.CurrencyNotionalLimit;
    }
    if (this.#above(this.#net(account, side) + big(added), account, 'max_currency_position', 'XXA')) {
      return Reason.CurrencyPositionLimit;
    }
    return mode === 2 ? this.#margin(candidate, before, after) : Reason.None;
  }

  /** After each trade. */
  onTrade(accounts: readonly number[]): void {
    for (const account of accounts) {
      const profit = this.profit(account);
      this.#high.set(account, largest(this.#high.get(account) ?? 0n, profit));
      const drop = (this.#high.get(account) ?? 0n) - profit;
      if (this.states.has(account)) continue;
      if (this.#above(-profit, account, 'max_daily_loss', 'XXB')) this.states.set(account, Reason.DailyLoss);
      else if (this.#above(drop, account, 'max_drawdown', 'XXB')) this.states.set(account, Reason.Drawdown);
    }
  }

  /** Realised and unrealised, at the last prices. */
  profit(account: number): bigint {
    return this.#instruments().reduce(
      (sum, instrument) =>
        sum +
        this.#cash(account, instrument) +
        big(this.risk.position(account, instrument)) * big(this.risk.reference[instrument]),
      0n,
    );
  }

  #isCovered(candidate: NaiveCandidate): boolean {
    const { account, side, order, worst, quantity } = candidate;
    const held = order === undefined ? 0n : this.#hold(order);
    const total =
      order === undefined ? quantity : Math.max(quantity, this.risk.reserved(order)) - order.filled;
    const wanted = this.#holdOf(account, side, worst, total) - held;
    if (wanted <= 0n) return true;
    const isBuy = side === Side.Buy;
    const currency = isBuy ? 'XXB' : 'XXA';
    let available = big(this.#limit(account, 'opening_balance', currency));
    for (const instrument of this.#instruments()) {
      available += isBuy ? this.#cash(account, instrument) : big(this.risk.position(account, instrument));
    }
    for (const one of this.risk.orders.values()) {
      if (one.account === account && one.side === side) available -= this.#hold(one);
    }
    return wanted <= available;
  }

  #margin({ account, instrument, price }: NaiveCandidate, before: bigint, after: bigint): Reason {
    const equity = big(this.#limit(account, 'opening_balance', 'XXB')) + this.profit(account);
    const { reference } = this.risk;
    let [initial, maintenance] = [0n, 0n];
    for (const one of this.#instruments()) {
      const [buys, sells] = this.#open(account, one);
      const position = big(this.risk.position(account, one));
      const last = big(reference[one]);
      const [worst, at] =
        one === instrument
          ? [after, largest(last, big(price))]
          : [largest(position + buys, sells - position), last];
      initial += this.#share(worst * at, account, 'initial_margin_percent', 1_000_000n);
      const size = position < 0n ? -position : position;
      maintenance += this.#share(size * last, account, 'maintenance_margin_percent', 1_000_000n);
    }
    if (equity < maintenance) return Reason.MaintenanceMargin;
    return after > before && equity < initial ? Reason.InitialMargin : Reason.None;
  }

  #notional(account: number): bigint {
    return this.#instruments().reduce((sum, one) => {
      const [buys, sells] = this.#open(account, one);
      const position = big(this.risk.position(account, one));
      return sum + largest(position + buys, sells - position) * big(this.risk.reference[one]);
    }, 0n);
  }

  #net(account: number, side: number): bigint {
    return this.#instruments().reduce((sum, one) => {
      const [buys, sells] = this.#open(account, one);
      const position = big(this.risk.position(account, one));
      return sum + (side === Side.Buy ? position + buys : sells - position);
    }, 0n);
  }

  #open(account: number, instrument: number): [buys: bigint, sells: bigint] {
    return [
      big(this.risk.open(account, instrument, Side.Buy)),
      big(this.risk.open(account, instrument, Side.Sell)),
    ];
  }

  #cash(account: number, instrument: number): bigint {
    const fills = this.risk.fills.get(`${account}/${instrument}`) ?? [];
    return fills.reduce((sum, { price, quantity }) => sum - big(price) * big(quantity), 0n);
  }

  #hold(order: NaiveOrder): bigint {
    const lots = this.risk.reserved(order) - order.filled;
    return this.#holdOf(order.account, order.side, this.risk.worst(order), lots);
  }

  #holdOf(account: number, side: number, worst: number, lots: number): bigint {
    if (side === Side.Sell) return big(lots);
    const value = big(worst) * big(lots);
    return value + this.#share(value, account, 'fee_percent', 100_000_000n);
  }

  /** Rounded up. */
  #share(value: bigint, account: number, key: LimitKey, denominator: bigint): bigint {
    return (value * big(this.#limit(account, key)) + denominator - 1n) / denominator;
  }

  #above(value: bigint, account: number, key: LimitKey, currency: string): boolean {
    const limit = this.#limit(account, key, currency);
    return limit !== Number.POSITIVE_INFINITY && value > big(limit);
  }

  #instruments(): number[] {
    return [...this.risk.reference.keys()];
  }
}
