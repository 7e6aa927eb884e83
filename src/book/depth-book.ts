import { DepthSide } from './depth-side.js';
import type { LevelList } from './level-list.js';

/**
 * A market-data book by price level (L2): whole ticks and lots, full depth of thousands of levels, O(1) best prices.
 * It knows nothing of sequences: whether it may be read is the sync machine's business.
 */
export class DepthBook {
  readonly bids = new DepthSide(1);
  readonly asks = new DepthSide(-1);

  /** Applies absolute quantities. Allocates only to grow. */
  apply(levels: LevelList): void {
    const { prices, quantities, bidCount } = levels;
    this.bids.apply(prices, quantities, 0, bidCount);
    this.asks.apply(prices, quantities, bidCount, bidCount + levels.askCount);
  }

  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** Best bid at or above best ask. A one-sided or empty book is neither crossed nor locked. */
  crossedOrLocked(): boolean {
    const { bids, asks } = this;
    return bids.count !== 0 && asks.count !== 0 && bids.bestPrice() >= asks.bestPrice();
  }

  /** Walks all invariants but crossing; throws InvariantError. For tests. */
  validate(): void {
    this.bids.validate();
    this.asks.validate();
  }
}
