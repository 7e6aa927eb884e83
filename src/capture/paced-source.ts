import type { FrameSource } from '../venues/frame.js';

/** Hands frames of a capture on when they are due: `speed` times as fast as they were recorded. Infinity: at once. */
export class PacedSource implements FrameSource {
  readonly #source: FrameSource;
  readonly #speed: number;
  #startMilliseconds = -1;
  #due = Number.POSITIVE_INFINITY; // session time, ns
  #held = false;

  constructor(source: FrameSource, speed: number) {
    this.#source = source;
    this.#speed = speed;
    if (speed !== Number.POSITIVE_INFINITY) this.#due = 0;
  }

  get bytes(): Uint8Array {
    return this.#source.bytes;
  }
  get start(): number {
    return this.#source.start;
  }
  get end(): number {
    return this.#source.end;
  }
  get receiveTime(): number {
    return this.#source.receiveTime;
  }

  next(): boolean {
    if (!this.#held && !this.#source.next()) return false;
    this.#held = this.#source.receiveTime > this.#due;
    return !this.#held;
  }

  hasNext(): boolean {
    return this.#held ? this.#source.receiveTime <= this.#due : this.#source.hasNext();
  }

  /** Lets frames through that are due at `wall` (any clock, milliseconds). */
  advance(wall: number): void {
    if (this.#speed === Number.POSITIVE_INFINITY) return;
    if (this.#startMilliseconds < 0) this.#startMilliseconds = wall;
    this.#due = (wall - this.#startMilliseconds) * this.#speed * 1e6;
  }

  /** Milliseconds until the frame that is held back is due; 0 when none is. */
  millisecondsToNext(): number {
    return this.#held ? Math.max(1, (this.#source.receiveTime - this.#due) / 1e6 / this.#speed) : 0;
  }
}
