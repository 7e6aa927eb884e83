import { CaptureError } from '../capture-error.js';
import { HEADER, LENGTH_UNIT, recordTypeName } from './layout.js';
import { type DbnMetadata, readMetadata } from './metadata.js';

/**
 * A cursor over the records of a DBN file. It frames records and reads their common header; what is in a record is read by a
 * view of its type (see {@link MboRecord}), at `at` of `view`.
 *
 *     const reader = new DbnReader(bytes, 'tape.dbn');
 *     while (reader.next()) if (reader.type === RecordType.MarketByOrder) record.read(reader); else reader.skip();
 */
export class DbnReader {
  readonly metadata: DbnMetadata;
  readonly file: string;
  readonly view: DataView;
  /** Offset of the record in the (uncompressed) file, its length in bytes and its type. */
  at = 0;
  length = 0;
  type = 0;
  /** Records read so far. */
  records = 0;
  readonly #skipped = new Map<number, number>();
  readonly #bytes: Uint8Array;
  readonly #end: number;

  /** `bytes` is the whole uncompressed file, `file` its name in errors. Throws {@link CaptureError}. */
  constructor(bytes: Uint8Array, file: string) {
    this.metadata = readMetadata(bytes, file);
    this.file = file;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = this.metadata.recordsAt;
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** Goes to the next record; false at the end. Throws {@link CaptureError} where a record is cut or has no valid length. */
  next(): boolean {
    const at = this.at + this.length;
    if (at === this.#end) return false;
    const length = this.view.getUint8(at + HEADER.LENGTH) * LENGTH_UNIT;
    if (length < HEADER.BYTES) {
      throw this.#fault(at, `record length is ${length}, allowed: ${HEADER.BYTES} to 1020`);
    }
    if (at + length > this.#end) {
      throw this.#fault(at, `the file ends at byte ${this.#end}, inside a record of ${length} bytes`);
    }
    this.at = at;
    this.length = length;
    this.type = this.view.getUint8(at + HEADER.TYPE);
    this.records++;
    return true;
  }

  /** Another cursor at the start of the same file. */
  again(): DbnReader {
    return new DbnReader(this.#bytes, this.file);
  }

  /** Makes sure the record is as long as its type needs; throws {@link CaptureError}. */
  need(bytes: number): void {
    if (this.length >= bytes) return;
    const name = recordTypeName(this.type);
    throw this.#fault(this.at, `a ${name} record of ${this.length} bytes, needed: ${bytes}`);
  }

  /** Counts the record as one that nobody read. */
  skip(): void {
    this.#skipped.set(this.type, (this.#skipped.get(this.type) ?? 0) + 1);
  }

  /** Skipped records by name of their type. */
  get skipped(): Record<string, number> {
    return Object.fromEntries([...this.#skipped].map(([type, count]) => [recordTypeName(type), count]));
  }

  get instrument(): number {
    return this.view.getUint32(this.at + HEADER.INSTRUMENT, true);
  }

  #fault(at: number, reason: string): CaptureError {
    return new CaptureError(this.file, 0, `byte ${at}: ${reason}`);
  }
}
