import {
  HEADER,
  MBO,
  MboAction,
  MboFlags,
  METADATA,
  PREFIX_BYTES,
  RecordType,
} from '../../src/capture/dbn/layout.js';

/** One market-by-order record as a test writes it. */
export interface WrittenRecord {
  /** a(dd), c(ancel), m(odify), r (clear), t(rade), f(ill). */
  readonly action: 'A' | 'C' | 'M' | 'R' | 'T' | 'F';
  readonly side: 'B' | 'A' | 'N';
  readonly id?: bigint;
  /** In 1e-9; none: the value that means no price. */
  readonly price?: bigint;
  readonly size?: number;
  readonly flags?: number;
  /** Unix nanoseconds. */
  readonly time?: bigint;
  readonly instrument?: number;
}

const NO_PRICE = 0x7fff_ffff_ffff_ffffn;
const PUBLISHER = 1;
const INSTRUMENT = 7;
const CODES = {
  A: MboAction.Add,
  C: MboAction.Cancel,
  M: MboAction.Modify,
  R: MboAction.Clear,
  T: MboAction.Trade,
  F: MboAction.Fill,
};

/** Writes DBN files, byte by byte and independent of the reader except for the table of offsets. */
export class DbnWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #version: number;

  constructor(version = 1) {
    this.#version = version;
    this.#parts.push(metadata(version));
  }

  /** Ends the event: this record is its last. */
  last(record: WrittenRecord): this {
    return this.add({ ...record, flags: (record.flags ?? 0) | MboFlags.Last });
  }

  add(record: WrittenRecord): this {
    const bytes = new Uint8Array(MBO.BYTES);
    const view = new DataView(bytes.buffer);
    this.#header(view, RecordType.MarketByOrder, record.instrument ?? INSTRUMENT, record.time ?? 0n);
    view.setBigUint64(MBO.ORDER_ID, record.id ?? 0n, true);
    view.setBigInt64(MBO.PRICE, record.price ?? NO_PRICE, true);
    view.setUint32(MBO.SIZE, record.size ?? 0, true);
    view.setUint8(MBO.FLAGS, record.flags ?? 0);
    view.setUint8(MBO.ACTION, CODES[record.action]);
    view.setUint8(MBO.SIDE, record.side.charCodeAt(0));
    this.#parts.push(bytes);
    return this;
  }

  /** A record of another type, filled with zeros. `length` is a multiple of 4. */
  other(type: number, length: number): this {
    const bytes = new Uint8Array(length);
    this.#header(new DataView(bytes.buffer), type, INSTRUMENT, 0n);
    this.#parts.push(bytes);
    return this;
  }

  get version(): number {
    return this.#version;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  #header(view: DataView, type: number, instrument: number, time: bigint): void {
    view.setUint8(HEADER.LENGTH, view.byteLength / 4);
    view.setUint8(HEADER.TYPE, type);
    view.setUint16(HEADER.PUBLISHER, PUBLISHER, true);
    view.setUint32(HEADER.INSTRUMENT, instrument, true);
    view.setBigUint64(HEADER.EVENT_TIME, time, true);
  }
}

/** One symbol, TEST, mapped to instrument 7. */
function metadata(version: number): Uint8Array {
  const symbolBytes = version === 1 ? 22 : 71;
  const parts = [uint32(1), text('TEST', symbolBytes), uint32(0), uint32(0)];
  parts.push(uint32(1), text('TEST', symbolBytes), uint32(1));
  parts.push(uint32(20240101), uint32(20240102), text(String(INSTRUMENT), symbolBytes));
  const lists = Buffer.concat(parts);
  const bare = METADATA.SCHEMA_DEFINITION + 4 + lists.length;
  const length = version === 3 ? Math.ceil(bare / 8) * 8 : bare;
  const bytes = Buffer.alloc(PREFIX_BYTES + length);
  bytes.write('DBN', 0, 'latin1');
  bytes.writeUInt8(version, 3);
  bytes.writeUInt32LE(length, 4);
  const head = bytes.subarray(PREFIX_BYTES);
  head.write('TEST.SET', METADATA.DATASET, 'latin1');
  if (version > 1) head.writeUInt16LE(symbolBytes, METADATA.SYMBOL_BYTES);
  lists.copy(head, METADATA.SCHEMA_DEFINITION + 4);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(value: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(value, 'latin1');
  return bytes;
}

const RAW_BLOCK_LIMIT = 128 * 1024;

/** A Zstandard frame around `bytes` that stores them uncompressed (RFC 8878: single segment, raw blocks, no checksum). */
export function zstandard(bytes: Uint8Array): Uint8Array {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), uint32(bytes.length)];
  for (let at = 0; at === 0 || at < bytes.length; at += RAW_BLOCK_LIMIT) {
    const block = bytes.subarray(at, at + RAW_BLOCK_LIMIT);
    const isLast = at + RAW_BLOCK_LIMIT >= bytes.length;
    parts.push(uint32((block.length << 3) | (isLast ? 1 : 0)).subarray(0, 3), Buffer.from(block));
  }
  return Buffer.concat(parts);
}
