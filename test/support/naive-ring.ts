/** One record as the naive ring keeps it. */
export interface NaiveRecord {
  readonly value: number;
  readonly type: number;
  readonly length: number;
  /** Position after the record, units since the ring was made; no wrapping. */
  readonly end: number;
}

const UNIT_BYTES = 8;
const HEADER_BYTES = 8;

/**
 * What a ring is, in obvious code: an array of records that only grows, and indices into it. It knows the rule for
 * padding, because FULL depends on it, and nothing of memory.
 */
export class NaiveRing {
  /** All records ever committed. */
  readonly records: NaiveRecord[] = [];
  published = 0;
  /** Per gating consumer: records taken and released. */
  readonly taken: number[];
  readonly released: number[];
  readonly #capacityUnits: number;
  readonly #start: number;
  #claimed: NaiveRecord | undefined;

  constructor(capacityBytes: number, gating: number, start: number) {
    this.#capacityUnits = capacityBytes / UNIT_BYTES;
    this.#start = start;
    this.taken = new Array(gating).fill(0);
    this.released = new Array(gating).fill(0);
  }

  /** False when the ring is full. */
  claim(value: number, type: number, length: number): boolean {
    const units = Math.ceil((HEADER_BYTES + length) / UNIT_BYTES);
    const begin = this.endOf(this.records.length);
    const left = this.#capacityUnits - (begin % this.#capacityUnits);
    const end = begin + units + (units > left ? left : 0);
    for (const released of this.released) {
      // One unit stays free: the header after the last record says that nothing is there yet.
      if (end + 1 - this.endOf(released) > this.#capacityUnits) return false;
    }
    this.#claimed = { value, type, length, end };
    return true;
  }

  commit(): void {
    if (this.#claimed !== undefined) this.records.push(this.#claimed);
    this.#claimed = undefined;
  }

  publish(): void {
    this.published = this.records.length;
  }

  /** The next record of consumer `index`, or undefined when there is none. */
  next(index: number): NaiveRecord | undefined {
    return this.taken[index] < this.published ? this.records[this.taken[index]++] : undefined;
  }

  release(index: number): void {
    this.released[index] = this.taken[index];
  }

  /** Position after the first `count` records. */
  endOf(count: number): number {
    return count === 0 ? this.#start : this.records[count - 1].end;
  }

  occupiedBytes(): number {
    if (this.released.length === 0) return 0;
    return (this.endOf(this.records.length) - this.endOf(Math.min(...this.released))) * UNIT_BYTES;
  }
}
