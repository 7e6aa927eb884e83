import type { RingConsumer } from './consumer.js';

/** What reads records in place, each valid until `release`: one ring, or several as if they were one. */
export interface RecordReader {
  readonly words: Int32Array;
  readonly type: number;
  readonly at: number;
  readonly length: number;
  next(): boolean;
  release(): void;
  hasNext(): boolean;
  backlogBytes(): number;
}

/**
 * Gating ends of several rings, read as one. Records of one ring keep their order; between rings there is none. It goes on with
 * a ring while that has records, so that what was published together mostly comes together, and starts at another ring after each
 * release, so that a busy ring cannot keep the others waiting. `words` is another array from record to record.
 */
export class MergedConsumer implements RecordReader {
  words: Int32Array;
  type = 0;
  at = 0;
  length = 0;
  readonly #rings: readonly RingConsumer[];
  /** Ring in turn. */
  #turn = 0;
  /** Ring in turn after the last release. */
  #first = 0;

  /** One ring or more. */
  constructor(rings: readonly RingConsumer[]) {
    this.#rings = rings;
    this.words = rings[0].words;
  }

  /** Takes the next record in hand. False when all rings are empty. */
  next(): boolean {
    const rings = this.#rings;
    for (let tried = 0; tried < rings.length; tried++) {
      const ring = rings[this.#turn];
      if (ring.next()) {
        this.words = ring.words;
        this.type = ring.type;
        this.at = ring.at;
        this.length = ring.length;
        return true;
      }
      this.#turn = this.#after(this.#turn);
    }
    return false;
  }

  /** Gives everything that was taken back to the producers. */
  release(): void {
    const rings = this.#rings;
    for (let i = 0; i < rings.length; i++) rings[i].release();
    this.#first = this.#after(this.#first);
    this.#turn = this.#first;
  }

  /** Is there a record that `next` would return? */
  hasNext(): boolean {
    const rings = this.#rings;
    for (let i = 0; i < rings.length; i++) if (rings[i].hasNext()) return true;
    return false;
  }

  /** Published and not yet taken, over all rings. */
  backlogBytes(): number {
    let bytes = 0;
    for (const ring of this.#rings) bytes += ring.backlogBytes();
    return bytes;
  }

  #after(turn: number): number {
    return turn + 1 < this.#rings.length ? turn + 1 : 0;
  }
}
