import { CaptureError } from '../capture-error.js';
import { MAXIMUM_VERSION, METADATA, PREFIX_BYTES, SYMBOL_BYTES_V1 } from './layout.js';

/** Which symbol stood for which name, from a date (inclusive, as yyyymmdd) to another (exclusive). */
export interface SymbolMapping {
  readonly name: string;
  readonly intervals: readonly { readonly from: number; readonly to: number; readonly symbol: string }[];
}

/** The head of a DBN file. */
export interface DbnMetadata {
  /** 1 to 3. */
  readonly version: number;
  /** For example GLBX.MDP3. */
  readonly dataset: string;
  /** Number of the schema; 65535: mixed. */
  readonly schema: number;
  /** Unix nanoseconds. */
  readonly start: bigint;
  readonly end: bigint;
  /** Most records that were asked for; 0: no limit. */
  readonly limit: bigint;
  readonly symbols: readonly string[];
  /** Symbols that were found for a part of the time, and not at all. */
  readonly partial: readonly string[];
  readonly notFound: readonly string[];
  readonly mappings: readonly SymbolMapping[];
  /** Offset of the first record in the file. */
  readonly recordsAt: number;
}

const MAGIC = [0x44, 0x42, 0x4e];
const INTERVAL_BYTES = 8;

/** Reads the head of a file; throws {@link CaptureError} with the offset of what is wrong. */
export function readMetadata(bytes: Uint8Array, file: string): DbnMetadata {
  if (bytes.length < PREFIX_BYTES) {
    throw new CaptureError(file, 0, `byte ${bytes.length}: the file ends inside the DBN prefix`);
  }
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new CaptureError(file, 0, 'byte 0: is no DBN file, allowed: "DBN" as its first bytes');
  }
  const version = bytes[3];
  if (version < 1 || version > MAXIMUM_VERSION) {
    throw new CaptureError(file, 0, `byte 3: DBN version is ${version}, allowed: 1 to ${MAXIMUM_VERSION}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const recordsAt = PREFIX_BYTES + view.getUint32(4, true);
  if (recordsAt > bytes.length) {
    throw new CaptureError(
      file,
      0,
      `byte ${bytes.length}: the file ends inside its metadata, which reach to byte ${recordsAt}`,
    );
  }
  return new MetadataReader(bytes.subarray(PREFIX_BYTES, recordsAt), file).read(version, recordsAt);
}

/** Reads the fields; every access is checked against the stated length, so bad counts end in an error. */
class MetadataReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  #at = 0;
  #symbolBytes = SYMBOL_BYTES_V1;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  read(version: number, recordsAt: number): DbnMetadata {
    this.#need(METADATA.SCHEMA_DEFINITION + 4);
    const view = this.#view;
    if (version > 1) this.#symbolBytes = view.getUint16(METADATA.SYMBOL_BYTES, true);
    if (this.#symbolBytes === 0) {
      const at = PREFIX_BYTES + METADATA.SYMBOL_BYTES;
      throw new CaptureError(this.#file, 0, `byte ${at}: symbols have 0 bytes, allowed: 1 to 65535`);
    }
    this.#at = METADATA.SCHEMA_DEFINITION;
    const definitionBytes = this.#uint32();
    this.#need(definitionBytes);
    this.#at += definitionBytes;
    return {
      version,
      dataset: this.#text(METADATA.DATASET, METADATA.DATASET_BYTES),
      schema: view.getUint16(METADATA.SCHEMA, true),
      start: view.getBigUint64(METADATA.START, true),
      end: view.getBigUint64(METADATA.END, true),
      limit: view.getBigUint64(METADATA.LIMIT, true),
      symbols: this.#symbols(),
      partial: this.#symbols(),
      notFound: this.#symbols(),
      mappings: this.#mappings(),
      recordsAt,
    };
  }

  #symbols(): string[] {
    const count = this.#uint32();
    this.#need(count * this.#symbolBytes);
    return Array.from({ length: count }, () => this.#symbol());
  }

  #mappings(): SymbolMapping[] {
    const count = this.#uint32();
    this.#need(count * (this.#symbolBytes + 4));
    return Array.from({ length: count }, () => {
      const name = this.#symbol();
      const intervals = this.#uint32();
      this.#need(intervals * (INTERVAL_BYTES + this.#symbolBytes));
      return {
        name,
        intervals: Array.from({ length: intervals }, () => ({
          from: this.#uint32(),
          to: this.#uint32(),
          symbol: this.#symbol(),
        })),
      };
    });
  }

  #symbol(): string {
    this.#need(this.#symbolBytes);
    const text = this.#text(this.#at, this.#symbolBytes);
    this.#at += this.#symbolBytes;
    return text;
  }

  #uint32(): number {
    this.#need(4);
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }

  /** Padded with zero bytes. */
  #text(at: number, length: number): string {
    const end = this.#bytes.subarray(at, at + length).indexOf(0);
    return Buffer.from(this.#bytes.subarray(at, at + (end < 0 ? length : end))).toString('latin1');
  }

  #need(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const at = PREFIX_BYTES + this.#at;
    throw new CaptureError(
      this.#file,
      0,
      `byte ${at}: the metadata end at byte ${PREFIX_BYTES + this.#bytes.length}, ${count} more bytes are due`,
    );
  }
}
