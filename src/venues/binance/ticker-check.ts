import type { DepthBook } from '../../book/depth-book.js';
import type { BinanceMessage } from './message.js';

const PENDING = 4096;
const MASK = PENDING - 1;

/** A book and the update id that it stands at. */
interface AppliedBook {
  readonly lastId: number;
  readable(): DepthBook | undefined;
}

/**
 * Compares the venue's own best prices with the book: a book ticker and a depth event with the same update id must show the
 * same top. Tickers usually run ahead of depth events, so they wait in a bounded queue, in order of their ids; one that is pushed out
 * by newer ones is not compared. No method allocates.
 */
export class TickerCheck {
  /** Tickers that had the update id of a depth event applied. */
  comparable = 0;
  /** Those of them that equalled the book, price and quantity on both sides. */
  equal = 0;

  readonly #ids = new Float64Array(PENDING);
  readonly #tops = new Float64Array(PENDING * 4);
  #head = 0;
  #count = 0;

  /** A ticker arrived while the book was as `sync` has it. */
  onTicker(message: BinanceMessage, sync: AppliedBook): void {
    if (message.lastId < sync.lastId) return;
    if (this.#count === PENDING) this.#pop();
    const slot = (this.#head + this.#count) & MASK;
    this.#ids[slot] = message.lastId;
    this.#tops[slot * 4] = message.bidPrice;
    this.#tops[slot * 4 + 1] = message.bidQuantity;
    this.#tops[slot * 4 + 2] = message.askPrice;
    this.#tops[slot * 4 + 3] = message.askQuantity;
    this.#count++;
    if (message.lastId === sync.lastId) this.onApplied(sync);
  }

  /** An update was applied to the book. */
  onApplied(sync: AppliedBook): void {
    const book = sync.readable();
    if (book === undefined) return;
    const appliedId = sync.lastId;
    while (this.#count !== 0 && this.#ids[this.#head] <= appliedId) {
      if (this.#ids[this.#head] === appliedId) this.#compare(book);
      this.#pop();
    }
  }

  #compare(book: DepthBook): void {
    const at = this.#head * 4;
    const { bids, asks } = book;
    this.comparable++;
    if (
      bids.bestPrice() === this.#tops[at] &&
      bids.bestQuantity() === this.#tops[at + 1] &&
      asks.bestPrice() === this.#tops[at + 2] &&
      asks.bestQuantity() === this.#tops[at + 3]
    ) {
      this.equal++;
    }
  }

  #pop(): void {
    this.#head = (this.#head + 1) & MASK;
    this.#count--;
  }
}
