import { MessageType } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import type { LossyConsumer } from '../../ring/lossy-consumer.js';
import type { PubSocket } from './pub-socket.js';

const NAMES = new Map<number, string>(Object.entries(MessageType).map(([name, value]) => [value, name]));

/** zeromq.js copies frames up to this length while it sends; longer ones it keeps, and reads later (outgoing_msg.cc). */
const COPIED_BYTES = 128;

interface ShortFrame {
  readonly words: Int32Array;
  readonly bytes: Buffer;
}

/** A copy of its own: the consumer's memory is used again before zeromq is done with the frame. */
function longPayload(records: LossyConsumer, bytes: Buffer): Buffer {
  const from = records.at * 4;
  const payload = Buffer.allocUnsafe(records.length);
  bytes.copy(payload, 0, from, from + records.length);
  return payload;
}

/**
 * The binary endpoint: every record as it is, `[topic, FlatBuffer]`. The topic is the message type and the symbol,
 * `Trade.BTC-USD`, or `-` where a record concerns no single instrument. No counter of its own: records carry
 * `event_sequence` (event ring) or `sequence` (position, market and feed rings), each without a gap.
 */
export class BinaryStream {
  readonly #symbols: readonly string[];
  /** Topics by message type, then by instrument + 1; 0 is `-`. Made when first needed. */
  readonly #topics: Buffer[][] = [];
  readonly #shortFrames: (ShortFrame | undefined)[] = new Array(COPIED_BYTES + 1).fill(undefined);
  readonly #socket: PubSocket;
  /** Reused: zeromq takes the frames out of the array at once. */
  readonly #frames: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];

  constructor(instruments: InstrumentTable, socket: PubSocket) {
    this.#symbols = ['-', ...instruments.all.map(({ symbol }) => symbol)];
    this.#socket = socket;
  }

  /** Sends the record that `records` has in hand. `bytes` is a view of all of `records.words`. */
  send(records: LossyConsumer, bytes: Buffer, instrument: number): void {
    this.#frames[0] = this.#topic(records.type, instrument);
    this.#frames[1] =
      records.length > COPIED_BYTES ? longPayload(records, bytes) : this.#shortPayload(records);
    this.#socket.send(this.#frames);
  }

  /** A frame that zeromq copies while it is sent: one buffer for all of a length will do. */
  #shortPayload({ words, at, length }: LossyConsumer): Buffer {
    const frame = this.#shortFrames[length] ?? this.#makeShortFrame(length);
    const target = frame.words;
    for (let i = 0; i < target.length; i++) target[i] = words[at + i];
    return frame.bytes;
  }

  #makeShortFrame(length: number): ShortFrame {
    const words = new Int32Array((length + 3) >> 2);
    const frame = { words, bytes: Buffer.from(words.buffer, 0, length) };
    this.#shortFrames[length] = frame;
    return frame;
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
