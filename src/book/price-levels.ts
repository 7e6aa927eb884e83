/**
 * The price levels of all book sides: best price and next level in O(1), any price found in a few steps, cost
 * independent of how far prices lie apart. A side without orders costs eight bytes.
 */
import { fail } from '../lib/assert.js';
import * as levelLayout from './level-layout.js';
import { PriceTrie } from './price-trie.js';
import { recordMemory } from './record-memory.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const {
  BOOK_SIDE,
  COUNT,
  HIGHER,
  KEY_HIGH,
  KEY_LOW,
  keyHigh,
  keyLow,
  LEVEL_NUMBER_SHIFT,
  LEVEL_SHIFT,
  LOWER,
  MARK,
  PRICE,
  TOTAL,
} = levelLayout;

export class PriceLevels {
  declare readonly words: Int32Array;
  declare readonly numbers: Float64Array;
  /** Best level of each book side, 0 when it is empty: highest buy, lowest sell. */
  declare readonly best: Int32Array;
  declare readonly capacity: number;
  /** Levels in use. */
  used = 0;
  /** Price for {@link findWanted}; as an argument it would be boxed wherever V8 does not inline the call. */
  wantedPrice = Number.NaN;
  declare private readonly trie: PriceTrie;
  private free = 0;
  private fresh = 0;

  constructor(instruments: number, capacity: number) {
    const { words, numbers } = recordMemory(capacity + 1);
    this.words = words;
    this.numbers = numbers;
    this.best = new Int32Array(instruments * 2);
    this.capacity = capacity;
    this.trie = new PriceTrie(instruments * 2, capacity, this.words);
  }

  /** The level with this price key, 0 when there is none. */
  find(side: number, low: number, high: number): number {
    return this.trie.find(side, low, high);
  }

  /** The level at `wantedPrice`, 0 when there is none. */
  findWanted(side: number): number {
    return this.trie.find(side, keyLow(this.wantedPrice), keyHigh(this.wantedPrice));
  }

  /** The level at `price` (cold paths: a wide price is boxed on the way), 0 when there is none. */
  at(side: number, price: number): number {
    return this.trie.find(side, keyLow(price), keyHigh(price));
  }

  /** Creates the level with this price key, empty and without price yet; the side must not have it. */
  insert(side: number, low: number, high: number): number {
    const words = this.words;
    const level = this.allocate();
    const base = level << LEVEL_SHIFT;
    this.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] = 0;
    words[base | COUNT] = 0;
    words[base | BOOK_SIDE] = side;
    words[base | KEY_LOW] = low;
    words[base | KEY_HIGH] = high;
    words[base | MARK] = 0;
    this.link(side, level, this.trie.insert(side, level));
    return level;
  }

  /** Creates the level at `wantedPrice`, empty; the side must not have it. */
  insertWanted(side: number): number {
    const level = this.insert(side, keyLow(this.wantedPrice), keyHigh(this.wantedPrice));
    this.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE] = this.wantedPrice;
    return level;
  }

  /** Removes a level; its orders are gone. */
  remove(level: number): void {
    const words = this.words;
    const base = level << LEVEL_SHIFT;
    const side = words[base | BOOK_SIDE];
    const lower = words[base | LOWER];
    const higher = words[base | HIGHER];
    if (lower !== 0) words[(lower << LEVEL_SHIFT) | HIGHER] = higher;
    if (higher !== 0) words[(higher << LEVEL_SHIFT) | LOWER] = lower;
    if (this.best[side] === level) this.best[side] = (side & 1) === 0 ? lower : higher;
    this.trie.remove(side, level);
    words[base | LOWER] = this.free;
    this.free = level;
    this.used--;
  }

  /** The next level away from the touch, 0 at the end. */
  worse(level: number): number {
    const base = level << LEVEL_SHIFT;
    return this.words[base + ((this.words[base | BOOK_SIDE] & 1) === 0 ? LOWER : HIGHER)];
  }

  /** Best price of a side, NaN when it is empty. */
  bestPrice(side: number): number {
    const level = this.best[side];
    return level === 0 ? Number.NaN : this.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
  }

  /** Writes up to `depth` levels from the best outwards as [price, quantity, orders]; returns how many. */
  copy(side: number, depth: number, into: Float64Array): number {
    return this.copyFrom(this.best[side], depth, into);
  }

  /** As {@link copy}, from a level (0: none) outwards. */
  copyFrom(first: number, depth: number, into: Float64Array): number {
    let copied = 0;
    for (let level = first; level !== 0 && copied < depth; level = this.worse(level)) {
      if (copied * 3 + 3 > into.length) {
        throw new RangeError(`levels: room for ${Math.floor(into.length / 3)} of ${depth} levels`);
      }
      into[copied * 3] = this.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
      into[copied * 3 + 1] = this.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL];
      into[copied * 3 + 2] = this.words[(level << LEVEL_SHIFT) | COUNT];
      copied++;
    }
    return copied;
  }

  /** Checks order, links, keys and trie of one side; returns its number of levels. */
  validate(side: number): number {
    let count = 0;
    let better = 0;
    for (let level = this.best[side]; level !== 0; level = this.worse(level)) {
      const base = level << LEVEL_SHIFT;
      const price = this.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
      const back = this.words[base + ((side & 1) === 0 ? HIGHER : LOWER)];
      if (this.words[base | BOOK_SIDE] !== side) fail(`level ${price} is on a list of another side`);
      if (back !== better) fail(`level ${price}: link towards the touch is wrong`);
      if (better !== 0) {
        const betterPrice = this.numbers[(better << LEVEL_NUMBER_SHIFT) | PRICE];
        if ((side & 1) === 0 ? price >= betterPrice : price <= betterPrice)
          fail(`level ${price} after ${betterPrice}`);
      }
      if (this.at(side, price) !== level) fail(`level ${price} is not found by its price`);
      better = level;
      if (++count > this.used) fail('levels form a circle');
    }
    const inTrie = this.trie.validate(side);
    if (inTrie !== count) fail(`trie holds ${inTrie} levels, the list ${count}`);
    return count;
  }

  private allocate(): number {
    const level = this.free;
    this.used++;
    if (level === 0) {
      if (this.fresh === this.capacity) fail('level pool exhausted: the caller must check');
      return ++this.fresh;
    }
    this.free = this.words[(level << LEVEL_SHIFT) | LOWER];
    return level;
  }

  /** Links the level next to `neighbour` in the price-ordered list of its side. */
  private link(side: number, level: number, neighbour: number): void {
    const words = this.words;
    const base = level << LEVEL_SHIFT;
    let lower = 0;
    let higher = 0;
    if (neighbour !== 0) {
      const next = neighbour << LEVEL_SHIFT;
      const high = words[base | KEY_HIGH] - words[next | KEY_HIGH];
      const above = high > 0 || (high === 0 && words[base | KEY_LOW] > words[next | KEY_LOW]);
      lower = above ? neighbour : words[next | LOWER];
      higher = above ? words[next | HIGHER] : neighbour;
      if (lower !== 0) words[(lower << LEVEL_SHIFT) | HIGHER] = level;
      if (higher !== 0) words[(higher << LEVEL_SHIFT) | LOWER] = level;
    }
    words[base | LOWER] = lower;
    words[base | HIGHER] = higher;
    if (((side & 1) === 0 ? higher : lower) === 0) this.best[side] = level;
  }
}
