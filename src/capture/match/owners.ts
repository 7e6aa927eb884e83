import { Side } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import type { Fill } from './fill.js';
import type { RecordedOrders } from './recorded-orders.js';
import type { Tape } from './tape.js';
import { opposite, type TapeEvent } from './tape-event.js';

/** Which orders have the same owner, as far as self-match prevention shows it. */
export interface OwnerPlan {
  /** Owner by order; an order that is not here is alone. */
  readonly owners: ReadonlyMap<number, number>;
  /** Records that cancel an order because an aggressor of its owner reached it. */
  readonly cancels: ReadonlySet<number>;
  /** By the first trade of an aggressor that the tape does not name: an order of its owner. */
  readonly unnamed: ReadonlyMap<number, number>;
  /** First trades of aggressors that had something left when they came to such an order, whatever became of it. */
  readonly unspent: ReadonlySet<number>;
}

interface Aggressor {
  /** 0: unnamed. */
  readonly order: number;
  readonly side: number;
  readonly limit: number;
  /** Its first record. */
  readonly at: number;
  readonly fills: readonly Fill[];
}

/**
 * Finds self-match prevention of the venue (cancel resting): an order that an aggressor reaches and that is canceled in the aggressor's
 * event without a fill. The tape names no owners; these two orders have the same one, and so has any other that is joined to either.
 */
export class OwnerSurvey {
  readonly #tape: Tape;
  readonly #recorded: RecordedOrders;
  /** A tree for each owner, from an order to its parent. */
  readonly #parents = new Map<number, number>();
  readonly #cancels = new Set<number>();
  readonly #unnamed = new Map<number, number>();
  readonly #unspent = new Set<number>();

  constructor(tape: Tape, recorded: RecordedOrders) {
    this.#tape = tape;
    this.#recorded = recorded;
  }

  /** Takes an event of continuous trading, before its records are applied to the recorded orders. */
  event(event: TapeEvent): void {
    const { action, size } = this.#tape;
    let aggressors: Aggressor[] | undefined;
    for (const [order, at] of event.outcome) {
      const shown = this.#recorded.shown(order);
      if (action[at] !== MboAction.Cancel || shown === 0 || size[at] < shown) continue;
      if (event.filled.has(order)) continue;
      aggressors ??= this.#aggressors(event);
      const reaching = aggressors.filter((one) => this.#reaches(one, order));
      if (reaching.length === 0 || reaching.some((one) => one.order === order)) continue;
      const [first] = reaching;
      this.#cancels.add(at);
      if (this.#isBehind(order, first, event)) this.#unspent.add(first.at);
      this.#join(order, first.order || (this.#unnamed.get(first.at) ?? order));
      if (first.order === 0) this.#unnamed.set(first.at, order);
    }
  }

  plan(): OwnerPlan {
    const owners = new Map([...this.#parents.keys()].map((order) => [order, this.#root(order)]));
    return { owners, cancels: this.#cancels, unnamed: this.#unnamed, unspent: this.#unspent };
  }

  /** Whatever in the event may have traded: the aggressors, and orders that were entered or moved without a trade. */
  #aggressors(event: TapeEvent): Aggressor[] {
    const { action, side, price } = this.#tape;
    const entered = [...event.outcome]
      .filter(([, at]) => action[at] === MboAction.Add || action[at] === MboAction.Modify)
      .map(([order, at]) => ({ order, side: side[at], limit: price[at], at, fills: [] }));
    return [...event.runs, ...entered];
  }

  #reaches(aggressor: Aggressor, order: number): boolean {
    const side = this.#recorded.side(order);
    const price = this.#recorded.price(order);
    if (aggressor.side !== opposite(side)) return false;
    return side === Side.Sell ? price <= aggressor.limit : price >= aggressor.limit;
  }

  /** Is the order behind all that the aggressor traded with, and nothing of that left? */
  #isBehind(order: number, { limit, fills }: Aggressor, { outcome }: TapeEvent): boolean {
    if (fills.length === 0 || this.#recorded.price(order) !== limit) return false;
    const rank = this.#recorded.rank(order);
    return fills.every((fill) => {
      const at = outcome.get(fill.order);
      const isGone = at !== undefined && this.#tape.action[at] === MboAction.Cancel;
      return fill.price !== limit || (isGone && this.#recorded.rank(fill.order) < rank);
    });
  }

  #join(one: number, other: number): void {
    for (const order of [one, other]) if (!this.#parents.has(order)) this.#parents.set(order, order);
    this.#parents.set(this.#root(one), this.#root(other));
  }

  #root(order: number): number {
    let root = order;
    for (let parent = this.#parents.get(root); parent !== undefined && parent !== root; ) {
      root = parent;
      parent = this.#parents.get(root);
    }
    return root;
  }
}
