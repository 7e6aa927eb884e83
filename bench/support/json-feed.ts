import { DepthBook } from '../../src/book/depth-book.js';
import { BookFeatures } from '../../src/book/features.js';
import { LevelList } from '../../src/book/level-list.js';
import { type DecimalScale, parseDecimal } from '../../src/lib/decimal.js';
import type { Frame } from '../../src/venues/frame.js';

type Levels = readonly (readonly [price: string, quantity: string])[];
interface Data {
  readonly e?: string;
  readonly T: number;
  readonly u: number;
  readonly p: string;
  readonly q: string;
  readonly b: Levels & string;
  readonly B: string;
  readonly a: Levels & string;
  readonly A: string;
}
interface Snapshot {
  readonly lastUpdateId: number;
  readonly T: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/**
 * What most programs do: JSON.parse each message and work on the objects. Book, features and decimals are the same code
 * as in the hot path, so that the difference is the parsing alone. Trusts its input: no sequence checks but the first.
 */
export class JsonFeed {
  readonly book = new DepthBook();
  readonly features = new BookFeatures();
  tickers = 0;

  readonly #price: DecimalScale;
  readonly #quantity: DecimalScale;
  readonly #sessionStart: number;
  readonly #levels = new LevelList();
  #waiting: Data[] | undefined = [];
  #top = 0;

  constructor(price: DecimalScale, quantity: DecimalScale, sessionStart: number) {
    this.#price = price;
    this.#quantity = quantity;
    this.#sessionStart = sessionStart;
  }

  onFrame({ bytes, start, end }: Frame): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const message = JSON.parse(text) as { readonly data?: Data };
    const { data } = message;
    if (data === undefined) this.#snapshot(message as unknown as Snapshot);
    else if (data.e === 'depthUpdate') this.#depth(data);
    else if (data.e === 'trade') this.#trade(data);
    else if (data.e === 'bookTicker') this.#ticker(data);
  }

  #snapshot({ lastUpdateId, bids, asks }: Snapshot): void {
    this.#apply(bids, asks);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) if (data.u >= lastUpdateId) this.#apply(data.b, data.a);
    const last = waiting.at(-1);
    if (last !== undefined) this.features.onBook({ timestamp: this.#time(last.T) }, this.book);
  }

  #depth(data: Data): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(data);
      return;
    }
    this.#apply(data.b, data.a);
    this.features.onBook({ timestamp: this.#time(data.T) }, this.book);
  }

  #trade(data: Data): void {
    const price = parseDecimal(data.p, this.#price);
    const quantity = parseDecimal(data.q, this.#quantity);
    this.features.onTrade({ timestamp: this.#time(data.T), price, quantity });
  }

  #ticker(data: Data): void {
    const prices = parseDecimal(data.b, this.#price) + parseDecimal(data.a, this.#price);
    const quantities = parseDecimal(data.B, this.#quantity) + parseDecimal(data.A, this.#quantity);
    this.#top = prices + quantities;
    if (this.#top > 0) this.tickers++;
  }

  #apply(bids: Levels, asks: Levels): void {
    const levels = this.#levels;
    levels.bidCount = bids.length;
    levels.askCount = asks.length;
    let index = 0;
    for (const side of [bids, asks]) {
      for (const [price, quantity] of side) {
        levels.set(index++, parseDecimal(price, this.#price), parseDecimal(quantity, this.#quantity));
      }
    }
    this.book.apply(levels);
  }

  #time(milliseconds: number): number {
    return (milliseconds - this.#sessionStart) * 1e6;
  }
}
