/** What the plain path of the engine writes from its records has the same bytes as what goes through events. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { MatchingEvents } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { createRing } from '../../src/ring/layout.js';
import { RingProducer } from '../../src/ring/producer.js';
import { EventWriter } from '../../src/workers/event-writer.js';
import { FULL_SHAPES, type FuzzShape, PLAIN_SHAPES } from '../book/matching-shapes.js';
import { apply, CommandStream } from '../book/matching-stream.js';
import { SEED } from '../support/seed.js';

const COMMANDS = 5_000;
/** Far from 2^31, on either side. */
const BASES = [0, 5 * 2 ** 40 + 2 ** 32 - 1000];

/** An engine whose events go to a ring; every record goes into a digest. */
class Written {
  readonly engine: MatchingEngine;
  readonly #writer: EventWriter;
  readonly #producer: RingProducer;
  readonly #consumer: RingConsumer;
  readonly #hash = createHash('sha256');
  records = 0;

  constructor({ capacities, options }: FuzzShape, base: number, byEvents: boolean) {
    const ring = createRing({ name: 'events', capacityBytes: 4096, gating: 1 });
    this.#producer = new RingProducer(ring);
    this.#consumer = new RingConsumer(ring, 0);
    this.#writer = new EventWriter(this.#producer, () => this.drain(), base);
    const writer = this.#writer;
    const events: MatchingEvents = {
      trade: (event) => writer.trade(event),
      report: (event) => writer.report(event),
      status: (event) => writer.status(event),
    };
    this.engine = new MatchingEngine(capacities, byEvents ? events : writer, options);
  }

  /** The events that follow belong to command `number`. */
  begin(number: number): void {
    const words = new Int32Array(NewOrder.BYTES / 4);
    NewOrder.setSequence(words, 0, number);
    NewOrder.setTimestamp(words, 0, number * 2 ** 24);
    NewOrder.setReceived(words, 0, 2 ** 52 - number);
    this.#writer.begin(words, 0);
    this.#writer.clientOrderIdLow = number;
    this.#writer.clientOrderIdHigh = ~number;
  }

  drain(): boolean {
    const consumer = this.#consumer;
    this.#producer.publish();
    while (consumer.next()) {
      const { words, at, length } = consumer;
      this.#hash.update(`${consumer.type} ${length}`).update(words.slice(at, at + (length >> 2)));
      this.records++;
    }
    consumer.release();
    return true;
  }

  digest(): string {
    this.drain();
    return this.#hash.digest('hex');
  }
}

for (const [name, fuzz] of Object.entries({ ...PLAIN_SHAPES, ...FULL_SHAPES })) {
  it.each(BASES)(
    `the same bytes directly and by events: ${name}, base %i (MILLRACE_SEED=${SEED})`,
    (base) => {
      const direct = new Written(fuzz, base, false);
      const byEvents = new Written(fuzz, base, true);
      const stream = new CommandStream(SEED, fuzz.shape);
      for (let number = 1; number <= COMMANDS; number++) {
        const action = stream.next();
        for (const written of [direct, byEvents]) {
          written.begin(number);
          apply(written.engine, action, stream.command);
        }
      }
      expect(direct.digest()).toBe(byEvents.digest());
      expect(direct.records).toBeGreaterThan(COMMANDS / 2);
    },
  );
}
