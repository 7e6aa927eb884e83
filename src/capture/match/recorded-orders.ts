import { Side } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import type { Tape } from './tape.js';

/** The orders as the tape shows them, by their own number. */
export class RecordedOrders {
  readonly #side: Uint8Array;
  readonly #price: Float64Array;
  readonly #shown: Float64Array;
  readonly #rank: Float64Array;
  #nextRank = 1;

  constructor(orders: number) {
    this.#side = new Uint8Array(orders + 1);
    this.#price = new Float64Array(orders + 1);
    this.#shown = new Float64Array(orders + 1);
    this.#rank = new Float64Array(orders + 1);
  }

  /** Open quantity on display; 0: not on the book. */
  shown(order: number): number {
    return this.#shown[order];
  }

  side(order: number): number {
    return this.#side[order];
  }

  price(order: number): number {
    return this.#price[order];
  }

  /** When it took its place in the queue of its price: the lower, the earlier. */
  rank(order: number): number {
    return this.#rank[order];
  }

  /** An iceberg goes to the end of its queue, which the tape does not show when it has as much on display again. */
  refilled(order: number): void {
    this.#rank[order] = this.#nextRank++;
  }

  /** Applies an add, modify, cancel or clear record. */
  apply(tape: Tape, at: number): void {
    const order = tape.order[at];
    switch (tape.action[at]) {
      case MboAction.Add:
      case MboAction.Modify:
        this.#set(tape, at, order);
        break;
      case MboAction.Cancel:
        this.#shown[order] = Math.max(0, this.#shown[order] - tape.size[at]);
        break;
      case MboAction.Clear:
        this.#shown.fill(0);
        break;
    }
  }

  #set(tape: Tape, at: number, order: number): void {
    if (tape.side[at] !== Side.None) this.#side[order] = tape.side[at];
    const keepsPlace = tape.price[at] === this.#price[order] && tape.size[at] <= this.#shown[order];
    if (!keepsPlace) this.#rank[order] = this.#nextRank++;
    this.#price[order] = tape.price[at];
    this.#shown[order] = tape.size[at];
  }
}
