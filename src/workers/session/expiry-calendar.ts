/**
 * When good-till-date orders may be over: a set of 100 ms marks, as a bitmap with summaries above it (32-way, like the price
 * trie), so that marking and finding the first mark take five steps whatever is set. Memory is 17 MB of address space, of which
 * the system provides the pages that are touched. Allocates nothing after construction.
 *
 * It is told of every expire time that was accepted and of no order that ended before: a mark may find nothing to expire, but
 * nothing expires more than 100 ms late.
 */
const MARK_NANOSECONDS = 100_000_000;
const LEVELS = 5;
const MARK_BITS = 27;
/** 155 days, which is longer than session time is exact. */
const MARKS = 2 ** MARK_BITS;

/** The first mark at or after a session time, ns. What is beyond the calendar falls on no mark. */
export function markOf(expireTime: number): number {
  const mark = Math.ceil(expireTime / MARK_NANOSECONDS);
  return mark < MARKS ? mark : MARKS;
}

export class ExpiryCalendar {
  /** `#levels[0]` has a bit for every mark, each level above one for every word below that is not 0. */
  readonly #levels: readonly Int32Array[] = Array.from(
    { length: LEVELS },
    (_, level) => new Int32Array(2 ** (MARK_BITS - 5 * (level + 1))),
  );
  #first = MARKS;

  /** Session time of the first mark, ns; Infinity when there is none. */
  get nextDue(): number {
    return this.#first < MARKS ? this.#first * MARK_NANOSECONDS : Number.POSITIVE_INFINITY;
  }

  /** Sets a mark of {@link markOf}. */
  add(mark: number): void {
    if (mark >= MARKS) return;
    if (mark < this.#first) this.#first = mark;
    let place = mark;
    for (let level = 0; level < LEVELS; level++) {
      const words = this.#levels[level];
      const word = place >>> 5;
      const before = words[word];
      words[word] = before | (1 << (place & 31));
      if (before !== 0) return;
      place = word;
    }
  }

  /** Removes the marks up to `now`. */
  pass(now: number): void {
    while (this.#first * MARK_NANOSECONDS <= now && this.#first < MARKS) {
      this.#remove(this.#first);
      this.#first = this.#find();
    }
  }

  #remove(mark: number): void {
    let place = mark;
    for (let level = 0; level < LEVELS; level++) {
      const words = this.#levels[level];
      const word = place >>> 5;
      words[word] &= ~(1 << (place & 31));
      if (words[word] !== 0) return;
      place = word;
    }
  }

  #find(): number {
    const top = this.#levels[LEVELS - 1];
    let place = 0;
    while (place < top.length && top[place] === 0) place++;
    if (place === top.length) return MARKS;
    for (let level = LEVELS - 1; level >= 0; level--) {
      const bits = this.#levels[level][place];
      place = place * 32 + (31 - Math.clz32(bits & -bits));
    }
    return place;
  }
}
