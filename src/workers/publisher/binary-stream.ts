import { MessageType } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import type { LossyConsumer } from '../../ring/lossy-consumer.js';
import type { PubSocket } from './pub-socket.js';

const NAMES = new Map<number, string>(Object.entries(MessageType).map(([name, value]) => [value, name]));

/**
 * The binary endpoint: every record as it is, `[topic, FlatBuffer]`. The topic is the message type and the symbol,
 * `Trade.BTC-USD`, or `-` where a record concerns no single instrument. No counter of its own: records carry
 * `event_sequence` (event ring) or `sequence` (position, market and feed rings), each without a gap.
 */
export class BinaryStream {
  readonly #symbols: readonly string[];
  /** Topics by message type, then by instrument + 1; 0 is `-`. Made when first needed. */
  readonly #topics: Buffer[][] = [];
  readonly #socket: PubSocket;
  /** Reused: zeromq takes the frames out of the array at once. */
  readonly #frames: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];

  constructor(instruments: InstrumentTable, socket: PubSocket) {
    this.#symbols = ['-', ...instruments.all.map(({ symbol }) => symbol)];
    this.#socket = socket;
  }

  /** Sends the record that `records` has in hand. `bytes` is a view of all of `records.words`. */
  send(records: LossyConsumer, bytes: Buffer, instrument: number): void {
    const from = records.at * 4;
    // A copy of its own: the consumer's memory is used again before zeromq is done with a long frame.
    const payload = Buffer.allocUnsafe(records.length);
    bytes.copy(payload, 0, from, from + records.length);
    this.#frames[0] = this.#topic(records.type, instrument);
    this.#frames[1] = payload;
    this.#socket.send(this.#frames);
  }

  #topic(type: number, instrument: number): Buffer {
    const place = instrument + 1 < this.#symbols.length ? instrument + 1 : 0;
    return this.#topics[type]?.[place] ?? this.#makeTopic(type, place);
  }

  #makeTopic(type: number, place: number): Buffer {
    const topic = Buffer.from(`${NAMES.get(type) ?? `Type${type}`}.${this.#symbols[place]}`);
    this.#topics[type] ??= [];
    this.#topics[type][place] = topic;
    return topic;
  }
}
