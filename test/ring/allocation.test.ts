import { expect, it } from 'vitest';
import { raiseInliningBudget } from '../../src/lib/inlining.js';
import { RingConsumer } from '../../src/ring/consumer.js';
import { LossyConsumer, RECORD } from '../../src/ring/lossy-consumer.js';
import { RingProducer } from '../../src/ring/producer.js';
import { createRingAt } from '../support/ring-at.js';

// As main.ts does: whether wide positions are boxed on their way depends on what V8 inlines.
raiseInliningBudget();

const RECORDS = 100_000;

// 2^40 units: positions that do not fit a small integer any more, as after 16 GiB of traffic.
for (const start of [0, 2 ** 40]) {
  it(`a record at position ${start} allocates nothing on its way`, () => {
    const handle = createRingAt({ name: 'heap', capacityBytes: 4096, gating: 1, lossy: 1 }, start);
    const producer = new RingProducer(handle);
    const gating = new RingConsumer(handle, 0);
    const lossy = new LossyConsumer(handle, 0);
    const round = (): number => {
      let received = 0;
      for (let value = 0; value < RECORDS; value++) {
        producer.words[producer.claim(1, 56)] = value;
        producer.commitAndPublish();
        if (gating.next() && gating.words[gating.at] === value) received++;
        gating.release();
        if (lossy.poll() === RECORD && lossy.words[lossy.at] === value) received++;
      }
      return received;
    };
    for (let warmUp = 0; warmUp < 5; warmUp++) round();
    // One boxed number a record would be 1.6 MB a round. The median: V8 may still exchange the code in one round, and a
    // collection may hide the growth of another.
    const growth: number[] = [];
    for (let repeat = 0; repeat < 5; repeat++) {
      const before = process.memoryUsage().heapUsed;
      expect(round()).toBe(2 * RECORDS);
      growth.push(process.memoryUsage().heapUsed - before);
    }
    expect(growth.sort((a, b) => a - b)[2]).toBeLessThan(400_000);
  });
}
