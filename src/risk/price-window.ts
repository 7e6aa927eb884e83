const BUCKETS = 8;

/**
 * Lowest and highest price of the last while, for each of some places: eight buckets of equal length, so a price counts for the
 * window and up to an eighth of it longer. Time is that of the messages; a time before the latest counts as the latest.
 */
export class PriceWindow {
  /** Over the window, after {@link add}. */
  lowest = Number.NaN;
  highest = Number.NaN;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** Number of the newest bucket, and length of a bucket, of each place; 0: nothing yet. */
  readonly #newest: Float64Array;
  readonly #length: Float64Array;

  constructor(places: number) {
    this.#low = new Float64Array(places * BUCKETS).fill(Number.POSITIVE_INFINITY);
    this.#high = new Float64Array(places * BUCKETS);
    this.#newest = new Float64Array(places);
    this.#length = new Float64Array(places);
  }

  /** Adds a price; operands are records of the caller: `at.timestamp`, `at.price`. `window`: nanoseconds, above 0. */
  add(place: number, at: { readonly timestamp: number; readonly price: number }, window: number): void {
    const length = window / BUCKETS;
    if (this.#length[place] !== length) {
      this.clear(place);
      this.#length[place] = length;
    }
    const number = Math.floor(at.timestamp / length);
    const first = place * BUCKETS;
    const newest = this.#newest[place];
    if (number > newest) {
      const passed = number - newest;
      for (let i = 0; i < BUCKETS && i < passed; i++) this.#empty(first + ((number - i) % BUCKETS));
      this.#newest[place] = number;
    }
    const bucket = first + ((number > newest ? number : newest) % BUCKETS);
    if (at.price < this.#low[bucket]) this.#low[bucket] = at.price;
    if (at.price > this.#high[bucket]) this.#high[bucket] = at.price;
    let lowest = this.#low[first];
    let highest = this.#high[first];
    for (let i = first + 1; i < first + BUCKETS; i++) {
      if (this.#low[i] < lowest) lowest = this.#low[i];
      if (this.#high[i] > highest) highest = this.#high[i];
    }
    this.lowest = lowest;
    this.highest = highest;
  }

  /** Forgets the prices of a place. */
  clear(place: number): void {
    for (let i = 0; i < BUCKETS; i++) this.#empty(place * BUCKETS + i);
  }

  /** Visits everything that decides later answers. */
  forEachCell(visit: (value: number) => void): void {
    for (const cells of [this.#low, this.#high, this.#newest, this.#length]) {
      cells.forEach((value) => {
        visit(Number.isFinite(value) ? value : -1);
      });
    }
  }

  #empty(bucket: number): void {
    this.#low[bucket] = Number.POSITIVE_INFINITY;
    this.#high[bucket] = 0;
  }
}
