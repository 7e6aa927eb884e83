import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AuditEntry, CHAIN_START, type ChainEnd, chainEndOf, sealEntry } from './record.js';

const NEWLINE = 10;
/** Longest record that is looked for at the end of a file, bytes. */
const LONGEST_RECORD = 1 << 20;

/** Why an audit file cannot be used, for people. */
export class AuditError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AuditError';
  }
}

/**
 * The end of an audit file, to append to: JSON lines, each with the hash of the one before (record.ts), and on disk before
 * {@link append} resolves. One process writes a file (FILE.lock has its id).
 */
export class AuditFile {
  readonly path: string;
  /** Bytes of an unfinished record that the last writer left behind and that was cut off; undefined: none. */
  readonly torn: string | undefined;
  #file: FileHandle | undefined;
  #end: ChainEnd;
  #size: number;
  #damaged = false;

  private constructor(path: string, start: FileStart, file: FileHandle) {
    this.path = path;
    this.torn = start.torn;
    this.#end = start.end;
    this.#size = start.size;
    this.#file = file;
  }

  /** Opens or makes the file. Throws AuditError when it is none, is not whole, or another process writes it. */
  static async open(path: string): Promise<AuditFile> {
    mkdirSync(dirname(path), { recursive: true });
    lock(path);
    const start = prepare(path);
    return new AuditFile(path, start, await open(path, 'a'));
  }

  /** The record written last. */
  get end(): ChainEnd {
    return this.#end;
  }

  /**
   * Writes records and waits until they are on disk. Rejects when that failed; then none of them counts, and what was written of
   * them is cut off before the next. One call at a time.
   */
  async append(entries: readonly AuditEntry[]): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new AuditError(`${this.path} is closed`);
    if (this.#damaged) await this.#repair(file);
    let end = this.#end;
    let text = '';
    for (const entry of entries) {
      const sealed = sealEntry(entry, end);
      text += `${sealed.line}\n`;
      end = sealed.end;
    }
    const bytes = Buffer.from(text);
    this.#damaged = true;
    await file.appendFile(bytes);
    await file.datasync();
    this.#damaged = false;
    this.#size += bytes.length;
    this.#end = end;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    await file.close();
    unlock(this.path);
  }

  async #repair(file: FileHandle): Promise<void> {
    await file.truncate(this.#size);
    this.#damaged = false;
  }
}

interface FileStart {
  readonly end: ChainEnd;
  readonly size: number;
  readonly torn: string | undefined;
}

/** Finds the last record; cuts off what follows it, if it has no end of line. */
function prepare(path: string): FileStart {
  const fd = openSync(path, 'a+');
  try {
    const { size } = fstatSync(fd);
    const length = Math.min(size, LONGEST_RECORD);
    const tail = Buffer.alloc(length);
    readSync(fd, tail, 0, length, size - length);
    const whole = tail.lastIndexOf(NEWLINE) + 1;
    const torn = whole < length ? tail.toString('utf8', whole) : undefined;
    const kept = size - (length - whole);
    if (whole === 0 && size > length)
      throw new AuditError(`${path}: no record ends in its last ${length} bytes`);
    const before = whole < 2 ? -1 : tail.lastIndexOf(NEWLINE, whole - 2);
    const line = tail.toString('utf8', before + 1, Math.max(0, whole - 1));
    const end = whole === 0 ? CHAIN_START : chainEndOf(line);
    if (end === undefined) {
      throw new AuditError(
        `${path}: its last line is no whole audit record; millrace audit verify tells more`,
      );
    }
    if (torn !== undefined) {
      ftruncateSync(fd, kept);
      fsyncSync(fd);
    }
    return { end, size: kept, torn };
  } finally {
    closeSync(fd);
  }
}

/** Makes FILE.lock with this process's id, unless a process that lives has it. */
function lock(path: string): void {
  const file = `${path}.lock`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(file, 'utf8'));
    // A gateway that is started again in the same process takes over from the one that died.
    if (owner === process.pid) return;
    if (Number.isInteger(owner) && owner > 0 && isAlive(owner)) {
      throw new AuditError(
        `${path} is written by process ${owner} (${file}), allowed: a file of its own for each process (audit.file)`,
      );
    }
    unlinkSync(file);
  }
  throw new AuditError(`${path}: cannot take ${file}`);
}

function unlock(path: string): void {
  try {
    unlinkSync(`${path}.lock`);
  } catch {
    // Somebody tidied up; nothing is locked then.
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
