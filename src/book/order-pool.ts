/** Preallocated order records with a free list; their layout is order-layout.ts. Slot 0 is never used. */
import * as orderLayout from './order-layout.js';
import { recordMemory } from './record-memory.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { NEXT, ORDER_SHIFT } = orderLayout;

export class OrderPool {
  declare readonly words: Int32Array;
  declare readonly numbers: Float64Array;
  declare readonly capacity: number;
  /** Records in use. */
  used = 0;
  private free = 0;
  /** Records 1..fresh have been in use; the rest never. */
  private fresh = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    const { words, numbers } = recordMemory(capacity + 1);
    // Touched now, so that no order waits for a page fault. Levels are few and reused: theirs may.
    this.words = words.fill(0);
    this.numbers = numbers;
  }

  /** Takes a record and returns its slot, or 0 when all are in use. Fields keep their old values. */
  allocate(): number {
    let slot = this.free;
    if (slot !== 0) {
      this.free = this.words[(slot << ORDER_SHIFT) | NEXT];
    } else {
      if (this.fresh === this.capacity) return 0;
      slot = ++this.fresh;
    }
    this.used++;
    return slot;
  }

  /** Gives a record back. Last in, first out: the next order finds it in the cache. */
  release(slot: number): void {
    this.words[(slot << ORDER_SHIFT) | NEXT] = this.free;
    this.free = slot;
    this.used--;
  }

  /** Length of the free list plus untouched records; for validate. */
  countFree(): number {
    let count = this.capacity - this.fresh;
    for (
      let slot = this.free;
      slot !== 0 && count <= this.capacity;
      slot = this.words[(slot << ORDER_SHIFT) | NEXT]
    ) {
      count++;
    }
    return count;
  }
}
