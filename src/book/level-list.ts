const INITIAL_LEVELS = 4096;

/**
 * Price levels in transit: first `bidCount` bids, then `askCount` asks, each an absolute quantity in lots at a price in
 * ticks; quantity 0 removes the level. Reused from message to message.
 */
export class LevelList {
  bidCount = 0;
  askCount = 0;
  prices = new Float64Array(INITIAL_LEVELS);
  quantities = new Float64Array(INITIAL_LEVELS);

  /** Stores level `index`; allocates only to double the arrays. */
  set(index: number, price: number, quantity: number): void {
    if (index === this.prices.length) this.reserve(index + 1);
    this.prices[index] = price;
    this.quantities[index] = quantity;
  }

  /** Makes room for `levels` levels, by doubling. */
  reserve(levels: number): void {
    let capacity = this.prices.length;
    if (levels <= capacity) return;
    while (capacity < levels) capacity *= 2;
    const prices = new Float64Array(capacity);
    const quantities = new Float64Array(capacity);
    prices.set(this.prices);
    quantities.set(this.quantities);
    this.prices = prices;
    this.quantities = quantities;
  }
}
