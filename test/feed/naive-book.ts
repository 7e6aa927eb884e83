/** A price-level book in the most obvious way: a map a side, sorted when asked. */
export class NaiveBook {
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();

  apply(bids: Iterable<readonly [number, number]>, asks: Iterable<readonly [number, number]>): void {
    for (const [price, quantity] of bids) setLevel(this.#bids, price, quantity);
    for (const [price, quantity] of asks) setLevel(this.#asks, price, quantity);
  }

  /** Best first. */
  bids(): [price: number, quantity: number][] {
    return [...this.#bids].sort((a, b) => b[0] - a[0]);
  }

  /** Best first. */
  asks(): [price: number, quantity: number][] {
    return [...this.#asks].sort((a, b) => a[0] - b[0]);
  }

  crossedOrLocked(): boolean {
    return this.#bids.size > 0 && this.#asks.size > 0 && this.bids()[0][0] >= this.asks()[0][0];
  }
}

function setLevel(levels: Map<number, number>, price: number, quantity: number): void {
  if (quantity === 0) levels.delete(price);
  else levels.set(price, quantity);
}
