import { Side } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import type { Tape } from './tape.js';

/** The orders as the tape shows them, by their own number. */
export class RecordedOrders {
  readonly #side: Uint8Array;
  readonly #price: Float64Array;
  readonly #shown: Float64Array;
  readonly #peak: Float64Array;

  constructor(orders: number) {
    this.#side = new Uint8Array(orders + 1);
    this.#price = new Float64Array(orders + 1);
    this.#shown = new Float64Array(orders + 1);
    this.#peak = new Float64Array(orders + 1);
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

  /** The most that the order ever showed: of an iceberg, how much it shows after a refill. */
  peak(order: number): number {
    return this.#peak[order];
  }

  /** Applies an add, modify, cancel or clear record. */
  apply(tape: Tape, at: number): void {
    const order = tape.order[at];
    switch (tape.action[at]) {
      case MboAction.Add:
        this.#peak[order] = 0;
        this.#set(tape, at, order);
        break;
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
    this.#price[order] = tape.price[at];
    this.#shown[order] = tape.size[at];
    this.#peak[order] = Math.max(this.#peak[order], tape.size[at]);
  }
}
