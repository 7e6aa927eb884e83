/**
 * Exact 64-bit order ids of a venue to numbers of our own (1, 2, 3, ... in order of appearance), and back. Open addressing with
 * linear probing over two words an id; nothing is ever taken out. Doubles its memory when half full.
 */
export class OrderIdMap {
  /** Id words by own number. */
  #low: Uint32Array;
  #high: Uint32Array;
  /** Own number by place; 0: free. */
  #places: Uint32Array;
  #count = 0;

  /** `expected` ids fit without growing. */
  constructor(expected = 1024) {
    let places = 16;
    while (places < expected * 2) places *= 2;
    this.#places = new Uint32Array(places);
    this.#low = new Uint32Array(places / 2 + 1);
    this.#high = new Uint32Array(places / 2 + 1);
  }

  /** Ids in the map; also the largest own number. */
  get size(): number {
    return this.#count;
  }

  /** Own number of an id, new when it was not seen before. */
  number(low: number, high: number): number {
    const place = this.#find(low, high);
    const known = this.#places[place];
    if (known !== 0) return known;
    this.#count++;
    this.#places[place] = this.#count;
    this.#low[this.#count] = low;
    this.#high[this.#count] = high;
    const own = this.#count;
    if (own * 2 >= this.#places.length) this.#grow();
    return own;
  }

  /** The venue's id of an own number. Allocates. */
  id(own: number): bigint {
    return (BigInt(this.#high[own]) << 32n) | BigInt(this.#low[own]);
  }

  /** The place of an id, or the free place where it belongs. */
  #find(low: number, high: number): number {
    const mask = this.#places.length - 1;
    // Ids of a venue often differ in their last digits only: multiply and fold (the finaliser of MurmurHash3).
    let hash = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    let place = (hash ^ (hash >>> 16)) & mask;
    for (;;) {
      const own = this.#places[place];
      if (own === 0 || (this.#low[own] === low && this.#high[own] === high)) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const places = this.#places.length * 2;
    this.#places = new Uint32Array(places);
    const low = new Uint32Array(places / 2 + 1);
    const high = new Uint32Array(places / 2 + 1);
    low.set(this.#low);
    high.set(this.#high);
    this.#low = low;
    this.#high = high;
    for (let own = 1; own <= this.#count; own++) this.#places[this.#find(low[own], high[own])] = own;
  }
}
