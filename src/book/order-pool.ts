/** Preallocated order records with a free list; their layout is order-layout.ts. Slot 0 is never used. */
import * as orderLayout from './order-layout.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { NEXT, ORDER_WORDS } = orderLayout;

export class OrderPool {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly capacity: number;
  /** Records in use. */
  used = 0;
  private free = 0;
  /** Records 1..fresh have been in use; the rest were never touched. */
  private fresh = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    const buffer = new ArrayBuffer((capacity + 1) * ORDER_WORDS * 4);
    this.words = new Int32Array(buffer);
    this.numbers = new Float64Array(buffer);
  }

  /** Takes a record and returns its slot, or 0 when all are in use. Fields keep their old values. */
  allocate(): number {
    let slot = this.free;
    if (slot !== 0) {
      this.free = this.words[slot * ORDER_WORDS + NEXT];
    } else {
      if (this.fresh === this.capacity) return 0;
      slot = ++this.fresh;
    }
    this.used++;
    return slot;
  }

  /** Gives a record back. Last in, first out: the next order finds it in the cache. */
  release(slot: number): void {
    this.words[slot * ORDER_WORDS + NEXT] = this.free;
    this.free = slot;
    this.used--;
  }

  /** Length of the free list plus untouched records; for validate. */
  countFree(): number {
    let count = this.capacity - this.fresh;
    for (
      let slot = this.free;
      slot !== 0 && count <= this.capacity;
      slot = this.words[slot * ORDER_WORDS + NEXT]
    ) {
      count++;
    }
    return count;
  }
}
