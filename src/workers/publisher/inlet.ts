import { LAPPED, type LossyConsumer } from '../../ring/lossy-consumer.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';

const COUNTERS = counterIds('publisher');

/** An input ring of the publisher, with the accounting of what it lost. */
export class Inlet {
  readonly records: LossyConsumer;
  /** All of `records.words`, for copying payloads out. */
  readonly bytes: Buffer;
  readonly #counters: CounterWriter;
  #lostBytes = 0;

  constructor(records: LossyConsumer, counters: CounterWriter) {
    this.records = records;
    const { buffer, byteOffset, byteLength } = records.words;
    this.bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#counters = counters;
  }

  /** As LossyConsumer.poll; a lap is counted. */
  poll(): number {
    const outcome = this.records.poll();
    if (outcome === LAPPED) {
      this.#counters.add(COUNTERS.laps_total, 1);
      this.#counters.add(COUNTERS.lost_bytes_total, this.records.lostBytes - this.#lostBytes);
      this.#lostBytes = this.records.lostBytes;
    }
    return outcome;
  }
}
