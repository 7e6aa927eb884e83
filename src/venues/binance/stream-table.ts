import { ascii, type ByteReader } from '../../lib/byte-reader.js';
import type { BinanceInstrument, MessageKind } from './message.js';

const QUOTE = 34;

/** A combined stream that the full parse has seen and understood: its messages may take the fast path. */
export interface Stream {
  readonly name: Uint8Array;
  readonly hash: number;
  readonly kind: MessageKind;
  readonly instrument: BinanceInstrument;
  readonly symbol: Uint8Array;
}

const STREAM_SLOTS = 16384;
const MAXIMUM_STREAMS = STREAM_SLOTS / 2;
const HASH_SEED = 0x811c9dc5 | 0; // FNV-1a, 32 bits
const HASH_PRIME = 0x01000193;

/** Known streams by name; finding one makes no string. */
export class StreamTable {
  readonly #slots: (Stream | undefined)[] = new Array(STREAM_SLOTS).fill(undefined);
  #count = 0;

  /** Reads the stream name up to its closing quote; undefined when it is not known. */
  match(reader: ByteReader): Stream | undefined {
    const bytes = reader.bytes;
    const start = reader.position;
    let at = start;
    let hash = HASH_SEED;
    for (let byte = bytes[at]; byte > 32 && byte !== QUOTE; byte = bytes[++at]) {
      hash = Math.imul(hash ^ byte, HASH_PRIME);
    }
    reader.position = at;
    const length = at - start;
    for (let slot = hash & (STREAM_SLOTS - 1); ; slot = (slot + 1) & (STREAM_SLOTS - 1)) {
      const stream = this.#slots[slot];
      if (stream === undefined) return undefined;
      if (stream.hash !== hash || stream.name.length !== length) continue;
      let same = 0;
      while (same < length && stream.name[same] === bytes[start + same]) same++;
      if (same === length) return stream;
    }
  }

  learn(name: string, kind: MessageKind, instrument: BinanceInstrument): void {
    // Names with anything but plain ASCII would need unescaping: they stay on the slow path.
    if (!/^[\w@!.-]+$/.test(name) || this.#count === MAXIMUM_STREAMS) return;
    const bytes = ascii(name);
    let hash = HASH_SEED;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, HASH_PRIME);
    let slot = hash & (STREAM_SLOTS - 1);
    for (let known = this.#slots[slot]; known !== undefined; known = this.#slots[slot]) {
      if (known.hash === hash && Buffer.compare(known.name, bytes) === 0) return;
      slot = (slot + 1) & (STREAM_SLOTS - 1);
    }
    this.#slots[slot] = { name: bytes, hash, kind, instrument, symbol: ascii(instrument.symbol) };
    this.#count++;
  }
}
