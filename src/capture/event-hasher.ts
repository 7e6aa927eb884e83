import { createHash } from 'node:crypto';
import type { Agent } from '../agent/agent.js';
import type { RingConsumer } from '../ring/consumer.js';

const BURST = 1024;
const STAGING_WORDS = 65536;

/**
 * SHA-256 over every record of a ring, in order: type and length as little-endian 32-bit words, then the payload. Records
 * are gathered before they are hashed, because a call into the hash costs more than a record.
 */
export class EventHasher implements Agent {
  readonly name = 'market-data';

  readonly #consumer: RingConsumer;
  readonly #hash = createHash('sha256');
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  #used = 0; // bytes

  constructor(consumer: RingConsumer) {
    this.#consumer = consumer;
    this.#words = new Int32Array(Math.max(STAGING_WORDS, consumer.words.length));
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  doWork(_now: number): number {
    const consumer = this.#consumer;
    let work = 0;
    for (; work < BURST && consumer.next(); work++) this.#take(consumer);
    consumer.release();
    return work;
  }

  hasWork(): boolean {
    return this.#consumer.hasNext();
  }

  /** The hash over all records so far, hexadecimal. */
  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #take(consumer: RingConsumer): void {
    const { words, at, length } = consumer;
    // A payload of the ring is a whole number of words (flatbuffers pads to 8 bytes).
    const count = length >> 2;
    if (this.#used + length + 8 > this.#bytes.length) this.#flush();
    const target = this.#words;
    let to = this.#used >> 2;
    target[to++] = consumer.type;
    target[to++] = length;
    for (let i = 0; i < count; i++) target[to + i] = words[at + i];
    this.#used += length + 8;
  }

  #flush(): void {
    this.#hash.update(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
  }
}
