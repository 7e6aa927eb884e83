import type { LevelList } from '../book/level-list.js';

const INITIAL_LEVELS = 256;
/** How far back a level is looked for. Changes repeat at the top of the book; telling one twice costs bytes only. */
const WINDOW = 8;

/** Levels of one side of a book that changed since they were last told, with their latest quantities. */
export class ChangedLevels {
  #prices = new Float64Array(INITIAL_LEVELS);
  #quantities = new Float64Array(INITIAL_LEVELS);
  #count = 0;

  /** A level has this quantity now, 0: it is gone. Allocates only to grow. */
  note(price: number, quantity: number): void {
    const count = this.#count;
    const oldest = count > WINDOW ? count - WINDOW : 0;
    for (let i = count - 1; i >= oldest; i--) {
      if (this.#prices[i] === price) {
        this.#quantities[i] = quantity;
        return;
      }
    }
    if (count === this.#prices.length) this.#grow();
    this.#prices[count] = price;
    this.#quantities[count] = quantity;
    this.#count = count + 1;
  }

  /** Moves all of them to `levels`, from index `first` on; returns how many. A level told twice comes last with its latest quantity. */
  moveTo(levels: LevelList, first: number): number {
    const count = this.#count;
    levels.reserve(first + count);
    for (let i = 0; i < count; i++) {
      levels.prices[first + i] = this.#prices[i];
      levels.quantities[first + i] = this.#quantities[i];
    }
    this.#count = 0;
    return count;
  }

  #grow(): void {
    const prices = new Float64Array(this.#prices.length * 2);
    const quantities = new Float64Array(prices.length);
    prices.set(this.#prices);
    quantities.set(this.#quantities);
    this.#prices = prices;
    this.#quantities = quantities;
  }
}
