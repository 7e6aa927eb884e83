import { Side } from '../../lib/enums.js';
import type { Fill } from './fill.js';

interface HeldOrder {
  readonly order: number;
  readonly side: number;
  price: number;
  quantity: number;
  /** Place in time. */
  rank: number;
}

/** What an uncross does. */
export interface Uncross {
  /** In ticks. */
  readonly price: number;
  readonly volume: number;
  /** In priority order. */
  readonly buys: readonly Fill[];
  readonly sells: readonly Fill[];
}

const NONE: readonly Fill[] = [];

/** Orders before the opening, when nothing trades and the book may be crossed. */
export class OpeningBook {
  readonly #orders = new Map<number, HeldOrder>();
  #nextRank = 1;

  has(order: number): boolean {
    return this.#orders.has(order);
  }

  /** At the end of the queue of its price; `price` may be infinite: it trades at any. Nothing trades: the list is empty. */
  add(order: number, side: number, price: number, quantity: number): readonly Fill[] {
    this.#orders.set(order, { order, side, price, quantity, rank: this.#nextRank++ });
    return NONE;
  }

  /** To an open quantity; an order that moves its price or grows loses its place. Nothing trades: the list is empty. */
  amend(order: number, price: number, quantity: number): readonly Fill[] {
    const held = this.#orders.get(order);
    if (held === undefined) return NONE;
    if (held.price !== price || quantity > held.quantity) held.rank = this.#nextRank++;
    held.price = price;
    held.quantity = quantity;
    return NONE;
  }

  cancel(order: number): void {
    this.#orders.delete(order);
  }

  clear(): void {
    this.#orders.clear();
  }

  side(order: number): number {
    return this.#orders.get(order)?.side ?? Side.None;
  }

  price(order: number): number {
    return this.#orders.get(order)?.price ?? Number.NaN;
  }

  /** The orders of one side, first in priority first. */
  queue(side: number): HeldOrder[] {
    const better = side === Side.Buy ? -1 : 1;
    return [...this.#orders.values()]
      .filter((held) => held.side === side)
      .sort((a, b) => (a.price === b.price ? a.rank - b.rank : a.price < b.price ? -better : better));
  }

  /**
   * Trades at the price of maximum executable volume, then minimum surplus, then market pressure, then nearest to `reference` (NaN:
   * none; the middle then). Undefined when nothing can trade.
   */
  uncross(reference: number): Uncross | undefined {
    const buys = this.queue(Side.Buy);
    const sells = this.queue(Side.Sell);
    const best = auctionPrice(buys, sells, reference);
    if (best === undefined) return undefined;
    return {
      ...best,
      buys: this.#take(buys, best.price, best.volume),
      sells: this.#take(sells, best.price, best.volume),
    };
  }

  #take(queue: readonly HeldOrder[], price: number, volume: number): Fill[] {
    const fills: Fill[] = [];
    let left = volume;
    for (const held of queue) {
      if (left === 0) break;
      const quantity = Math.min(held.quantity, left);
      left -= quantity;
      fills.push({ order: held.order, price, quantity });
      if (quantity === held.quantity) this.#orders.delete(held.order);
      else held.quantity -= quantity;
    }
    return fills;
  }
}

interface Candidate {
  readonly price: number;
  readonly volume: number;
  /** More to buy than to sell, or less. */
  readonly surplus: number;
}

/** A limit price (infinite: any) and the quantity at it. */
export interface Interest {
  readonly price: number;
  readonly quantity: number;
}

/** Price and volume of an auction, undefined when nothing can trade; the rules are those of docs/matching.md, "Uncross price". */
export function auctionPrice(
  buys: readonly Interest[],
  sells: readonly Interest[],
  reference: number,
): { price: number; volume: number } | undefined {
  const candidates = auctionCandidates(buys, sells);
  const volume = candidates.reduce((most, candidate) => Math.max(most, candidate.volume), 0);
  if (volume === 0) return undefined;
  const fullest = candidates.filter((candidate) => candidate.volume === volume);
  const surplus = Math.min(...fullest.map((candidate) => Math.abs(candidate.surplus)));
  const left = fullest.filter((candidate) => Math.abs(candidate.surplus) === surplus);
  const lowest = left[0].price;
  const highest = left[left.length - 1].price;
  if (left.every((candidate) => candidate.surplus > 0)) return { price: highest, volume };
  if (left.every((candidate) => candidate.surplus < 0)) return { price: lowest, volume };
  const middle = Math.floor((lowest + highest) / 2);
  const price = Number.isNaN(reference) ? middle : Math.min(highest, Math.max(lowest, reference));
  return { price, volume };
}

/** Volume and surplus at every limit price, lowest first, in one pass: what is bid above, and what is offered up to there. */
function auctionCandidates(buys: readonly Interest[], sells: readonly Interest[]): Candidate[] {
  const bid = quantityByPrice(buys);
  const offered = quantityByPrice(sells);
  const prices = [...new Set([...bid.keys(), ...offered.keys()])].sort((a, b) => a - b);
  let demand = buys.reduce((total, { quantity }) => total + quantity, 0);
  let supply = 0;
  const candidates: Candidate[] = [];
  for (const price of prices) {
    supply += offered.get(price) ?? 0;
    if (Number.isFinite(price)) {
      candidates.push({ price, volume: Math.min(demand, supply), surplus: demand - supply });
    }
    demand -= bid.get(price) ?? 0;
  }
  return candidates;
}

function quantityByPrice(orders: readonly Interest[]): Map<number, number> {
  const quantities = new Map<number, number>();
  for (const { price, quantity } of orders) quantities.set(price, (quantities.get(price) ?? 0) + quantity);
  return quantities;
}
