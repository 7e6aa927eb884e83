import type { Agent } from '../agent/agent.js';
import type { RingConsumer } from '../ring/consumer.js';
import { BookReplicas } from '../workers/book-replica.js';

/** Records taken in one duty cycle at most. */
const BURST = 1024;

/** The reader's side in a replay: rebuilds all books from what the feed agent put on its ring. */
export class BookAgent implements Agent {
  readonly name = 'market-data';
  readonly replicas = new BookReplicas();

  readonly #consumer: RingConsumer;

  constructor(consumer: RingConsumer) {
    this.#consumer = consumer;
  }

  doWork(_now: number): number {
    const consumer = this.#consumer;
    let work = 0;
    for (; work < BURST && consumer.next(); work++) {
      this.replicas.onRecord(consumer.type, consumer.words, consumer.at);
    }
    consumer.release();
    return work;
  }

  hasWork(): boolean {
    return this.#consumer.hasNext();
  }
}
