import { createReadStream, type ReadStream } from 'node:fs';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { FrameSource } from '../venues/frame.js';
import { CaptureError } from './capture-error.js';

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const BLOCK_BYTES = 256 * 1024;
const MAXIMUM_LINE_BYTES = 64 * 1024 * 1024;

const MILLISECOND_DIGITS = 13;
const MICROSECOND_DIGITS = 16;
const NANOSECOND_DIGITS = 19;
const MILLISECOND = 1e6;

/**
 * Reads captures of format F1: gzip, one line per message, `<receive time> <JSON>`, the time in Unix nanoseconds (19 digits) or,
 * in older files, microseconds (16 digits). Several files in the given order are one stream.
 *
 *     await reader.open();                       // session start is known now
 *     do while (reader.next()) use(reader.bytes, reader.start, reader.end, reader.receiveTime);
 *     while (await reader.fill());
 *
 * Lines are handed out as ranges of one buffer, valid until the next `fill`; a line makes no object. Receive times are
 * split into whole milliseconds and the rest before any arithmetic, so nothing is lost to a double.
 */
export class CaptureReader implements FrameSource {
  bytes: Uint8Array = new Uint8Array(4 * BLOCK_BYTES);
  start = 0;
  end = 0;
  receiveTime = 0;
  /** Session start, Unix milliseconds: the whole millisecond of the first line's receive time. */
  sessionStart = 0;
  /** File of the line in hand, and its number in it, from 1. */
  file = '';
  line = 0;
  /** Lines handed out, over all files. */
  lines = 0;
  /** Lines passed over because they are not `<receive time> <JSON>`, and where the first was. */
  badLines = 0;
  firstBadLine = '';

  readonly #files: readonly string[];
  #fileIndex = -1;
  #raw: ReadStream | undefined;
  #gunzip: Gunzip | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  #position = 0; // first byte not yet handed out
  #filled = 0; // end of the bytes in the buffer
  #fileDone = true;
  #timeMilliseconds = 0;
  #timeRest = 0;

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** Reads the first block and learns when the session starts. Throws {@link CaptureError}. */
  async open(): Promise<void> {
    if (!(await this.fill())) throw new CaptureError(this.#files.join(', '), 0, 'holds no line');
    this.#receiveTime(this.#position, this.#filled);
    this.sessionStart = this.#timeMilliseconds;
  }

  /** Compressed bytes read of the file in hand. */
  get bytesRead(): number {
    return this.#raw?.bytesRead ?? 0;
  }

  /** Index of the file in hand among those given. */
  get fileIndex(): number {
    return this.#fileIndex;
  }

  /** The block in hand as text, for a look at what kind of stream it is. */
  peek(): string {
    return Buffer.from(this.bytes.buffer, this.#position, this.#filled - this.#position).toString('latin1');
  }

  /** Takes the next whole line in hand; false when the block is used up: `fill` then. */
  next(): boolean {
    const bytes = this.bytes;
    for (;;) {
      const from = this.#position;
      const end = bytes.indexOf(NEWLINE, from);
      if (end < 0 || end >= this.#filled) return false;
      this.#position = end + 1;
      this.line++;
      const last = end > from && bytes[end - 1] === RETURN ? end - 1 : end;
      if (last === from) continue;
      const payload = this.#receiveTime(from, last);
      if (payload < 0) {
        this.#bad();
        continue;
      }
      this.lines++;
      this.start = payload;
      this.end = last;
      this.receiveTime = (this.#timeMilliseconds - this.sessionStart) * MILLISECOND + this.#timeRest;
      return true;
    }
  }

  hasNext(): boolean {
    const end = this.bytes.indexOf(NEWLINE, this.#position);
    return end >= 0 && end < this.#filled;
  }

  /**
   * Reads on until another whole line is there. False at the end of the last file. Throws {@link CaptureError} for a file that
   * cannot be read, is not gzip, is damaged, or does not begin as F1.
   */
  async fill(): Promise<boolean> {
    for (;;) {
      if (this.#fileDone && !(await this.#openNext())) return false;
      const had = this.#filled - this.#position;
      await this.#readBlock();
      if (this.#fileDone && this.#filled > this.#position && this.bytes[this.#filled - 1] !== NEWLINE) {
        this.#append(Buffer.from('\n')); // a last line without its newline
      }
      const newline = this.bytes.indexOf(NEWLINE, this.#position + (this.line === 0 ? 0 : had));
      if (newline < 0 || newline >= this.#filled) continue;
      if (this.line === 0) this.#checkFormat(newline);
      return true;
    }
  }

  /** Closes the file in hand. */
  close(): void {
    this.#raw?.destroy();
    this.#gunzip?.destroy();
  }

  async #openNext(): Promise<boolean> {
    if (this.#fileIndex + 1 >= this.#files.length) return false;
    this.file = this.#files[++this.#fileIndex];
    this.line = 0;
    this.#fileDone = false;
    const raw = createReadStream(this.file, { highWaterMark: BLOCK_BYTES });
    const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
    raw.on('error', (error) => gunzip.destroy(error));
    this.#raw = raw;
    this.#gunzip = gunzip;
    this.#chunks = raw.pipe(gunzip)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    return true;
  }

  async #readBlock(): Promise<void> {
    let result: IteratorResult<Buffer>;
    try {
      result = await (this.#chunks as AsyncIterator<Buffer>).next();
    } catch (error) {
      throw new CaptureError(this.file, this.line, describe(error));
    }
    if (result.done === true) this.#fileDone = true;
    else this.#append(result.value);
  }

  #append(chunk: Buffer): void {
    const rest = this.#filled - this.#position;
    if (rest > MAXIMUM_LINE_BYTES) {
      throw new CaptureError(this.file, this.line + 1, `line is longer than ${MAXIMUM_LINE_BYTES} bytes`);
    }
    if (rest + chunk.length > this.bytes.length) {
      let capacity = this.bytes.length;
      while (capacity < rest + chunk.length) capacity *= 2;
      const bytes = new Uint8Array(capacity);
      bytes.set(this.bytes.subarray(this.#position, this.#filled));
      this.bytes = bytes;
    } else this.bytes.copyWithin(0, this.#position, this.#filled);
    this.bytes.set(chunk, rest);
    this.#position = 0;
    this.#filled = rest + chunk.length;
  }

  #checkFormat(end: number): void {
    if (this.#receiveTime(this.#position, end) >= 0) return;
    const found = Buffer.from(
      this.bytes.subarray(this.#position, Math.min(end, this.#position + 40)),
    ).toString('latin1');
    throw new CaptureError(
      this.file,
      1,
      `unknown format: expected a receive time of ${NANOSECOND_DIGITS} or ${MICROSECOND_DIGITS} digits, a space and JSON, found ${JSON.stringify(found)}`,
    );
  }

  /** Reads the receive time at `from`; the index of the payload after it, or -1. */
  #receiveTime(from: number, end: number): number {
    const bytes = this.bytes;
    let at = from;
    let milliseconds = 0;
    let rest = 0;
    for (; at < end; at++) {
      const digit = bytes[at] - 48;
      if (digit < 0 || digit > 9) break;
      if (at - from < MILLISECOND_DIGITS) milliseconds = milliseconds * 10 + digit;
      else rest = rest * 10 + digit;
    }
    const digits = at - from;
    if (at >= end - 1 || bytes[at] !== SPACE) return -1;
    if (digits === MICROSECOND_DIGITS) rest *= 1000;
    else if (digits !== NANOSECOND_DIGITS) return -1;
    this.#timeMilliseconds = milliseconds;
    this.#timeRest = rest;
    return at + 1;
  }

  #bad(): void {
    if (this.badLines++ === 0) this.firstBadLine = `${this.file}:${this.line}`;
  }
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'is a folder: --each replays the captures in it';
  if (code === 'EACCES') return 'cannot be read (EACCES)';
  if (code === 'Z_BUF_ERROR') return 'gzip data end too early after this line';
  if (code?.startsWith('Z_') === true) return `not gzip, or damaged after this line (${message})`;
  return message;
}
