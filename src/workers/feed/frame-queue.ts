import type { FrameSource } from '../../venues/frame.js';

/** Bytes and messages that one connection may have waiting. */
export interface QueueLimits {
  readonly bytes: number;
  readonly frames: number;
}

/**
 * Messages on their way from a socket to the feed agent, copied, in order of arrival, in fixed memory. A message lies in one
 * piece; each carries its receive time and a label of the writer's. Nothing is allocated after construction.
 */
export class FrameQueue implements FrameSource {
  /** The message in hand: `bytes[start, end)` until the next `push` or `next`. */
  readonly bytes: Uint8Array;
  start = 0;
  end = 0;
  receiveTime = 0;
  label = 0;
  /** Messages waiting. */
  count = 0;

  readonly #frames: number;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #times: Float64Array;
  readonly #labels: Int32Array;
  #head = 0;
  /** Where the next message would go. */
  #write = 0;

  constructor({ bytes, frames }: QueueLimits) {
    this.bytes = new Uint8Array(bytes);
    this.#frames = frames;
    this.#starts = new Float64Array(frames);
    this.#ends = new Float64Array(frames);
    this.#times = new Float64Array(frames);
    this.#labels = new Int32Array(frames);
  }

  /** Keeps a copy of the message; false when it does not fit: nothing has changed then. */
  push(data: Uint8Array, receiveTime: number, label: number): boolean {
    const at = this.#place(data.length);
    if (at < 0) return false;
    const slot = (this.#head + this.count) % this.#frames;
    this.bytes.set(data, at);
    this.#starts[slot] = at;
    this.#ends[slot] = at + data.length;
    this.#times[slot] = receiveTime;
    this.#labels[slot] = label;
    this.#write = at + Math.max(data.length, 1); // an empty message takes a byte, so that full and empty differ
    this.count++;
    return true;
  }

  hasNext(): boolean {
    return this.count > 0;
  }

  next(): boolean {
    if (this.count === 0) return false;
    const slot = this.#head;
    this.start = this.#starts[slot];
    this.end = this.#ends[slot];
    this.receiveTime = this.#times[slot];
    this.label = this.#labels[slot];
    this.#head = (slot + 1) % this.#frames;
    this.count--;
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    this.count = 0;
    this.#head = 0;
  }

  /** Where `length` bytes in one piece fit, or -1. */
  #place(length: number): number {
    const size = Math.max(length, 1);
    const capacity = this.bytes.length;
    if (this.count === this.#frames) return -1;
    if (this.count === 0) return size <= capacity ? 0 : -1;
    const read = this.#starts[this.#head];
    const write = this.#write;
    if (write <= read) return write + size <= read ? write : -1;
    if (write + size <= capacity) return write;
    return size <= read ? 0 : -1;
  }
}
