import { appendFileSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { ConfigError } from '../config/errors.js';
import { epochText, type Session, SessionClock } from '../lib/clock.js';
import { LOG_LEVEL_NAMES, LogLevel, MessageType } from '../lib/enums.js';
import { decodeLogRecord, type LogRecordFields } from '../messages/cold.js';
import { RingConsumer } from '../ring/consumer.js';
import type { RingHandle } from '../ring/layout.js';
import type { LogFields } from '../telemetry/agent-log.js';

/** Lines kept per agent, to be shown when its worker dies. */
const KEPT_LINES = 20;
/** Records per drain and ring, so that a chatty thread cannot hold the supervisor. */
const DRAIN_LIMIT = 1000;
/** Drains at closing, after which a thread that still writes is left behind. */
const LAST_DRAINS = 10_000;
export interface LogWriterOptions {
  readonly session: Session;
  readonly rings: readonly RingHandle[];
  /** Folder of the files, one per agent, JSON lines; made when missing. */
  readonly directory: string;
  readonly level: string;
  /** Called with every line, also with those below the level. */
  readonly onLine: (record: LogRecordFields) => void;
}

/**
 * Formats the log records of all threads, on the supervisor's thread, and keeps each agent's last lines. A file that fails
 * later (a full disk) is reported once as a line and costs its lines; trading goes on.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #consumers: RingConsumer[];
  readonly #clock: SessionClock;
  readonly #files = new Map<string, LogFile>();
  readonly #loggers = new Map<string, Logger>();
  readonly #lastLines = new Map<string, string[]>();

  /** Throws ConfigError when the folder cannot be made or written to. */
  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#clock = new SessionClock(options.session);
    this.#consumers = options.rings.map((ring) => new RingConsumer(ring, 0));
    if (options.level === 'silent') return;
    try {
      makeFolder(options.directory);
      closeSync(openSync(join(options.directory, 'supervisor.log'), 'a'));
    } catch (error) {
      const { message } = error as Error;
      const allowed = `a folder that this process can make and write to (${message})`;
      throw new ConfigError([
        { key: 'log.dir', value: options.directory, allowed, source: 'the file system' },
      ]);
    }
  }

  /** A line of the supervisor itself. */
  write(level: LogLevel, message: string, fields?: LogFields): void {
    const text = fields === undefined ? '' : JSON.stringify(fields);
    this.#accept({ timestamp: this.#clock.now(), level, agent: 'supervisor', message, fields: text });
  }

  /** Takes in what the threads have logged, a bounded burst per thread; true when nothing is left. */
  drain(): boolean {
    let isEmpty = true;
    for (const consumer of this.#consumers) {
      for (let n = 0; n < DRAIN_LIMIT && consumer.next(); n++) {
        if (consumer.type !== MessageType.LogRecord) continue;
        const { words, at, length } = consumer;
        const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, length);
        // A copy: the FlatBuffers runtime decodes text with TextDecoder, which refuses shared memory.
        this.#accept(decodeLogRecord(Uint8Array.from(bytes)));
      }
      consumer.release();
      if (consumer.hasNext()) isEmpty = false;
    }
    return isEmpty;
  }

  /** The last lines of an agent, oldest first, as `LEVEL message {fields}`. */
  lastLines(agent: string): readonly string[] {
    return this.#lastLines.get(agent) ?? [];
  }

  /** Takes in everything that is left and closes the files. */
  close(): void {
    for (let n = 0; n < LAST_DRAINS && !this.drain(); n++);
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    this.#loggers.clear();
  }

  #accept(record: LogRecordFields): void {
    const lines = this.#lastLines.get(record.agent) ?? [];
    lines.push(
      `${LOG_LEVEL_NAMES[record.level]} ${record.message}${record.fields === '' ? '' : ` ${record.fields}`}`,
    );
    if (lines.length > KEPT_LINES) lines.shift();
    this.#lastLines.set(record.agent, lines);
    if (this.#options.level !== 'silent') this.#write(record);
    this.#options.onLine(record);
  }

  #write(record: LogRecordFields): void {
    const logger = this.#logger(record.agent);
    const at = {
      timestamp_ns: epochText(this.#options.session, record.timestamp),
      ...parseFields(record.fields),
    };
    if (record.level >= LogLevel.Fatal) logger.fatal(at, record.message);
    else if (record.level >= LogLevel.Error) logger.error(at, record.message);
    else if (record.level >= LogLevel.Warn) logger.warn(at, record.message);
    else if (record.level >= LogLevel.Info) logger.info(at, record.message);
    else if (record.level >= LogLevel.Debug) logger.debug(at, record.message);
    else logger.trace(at, record.message);
  }

  #logger(agent: string): Logger {
    let logger = this.#loggers.get(agent);
    if (logger === undefined) {
      const { directory, level } = this.#options;
      const file = new LogFile(join(directory, `${agent}.log`), (error) => this.#onFailure(agent, error));
      logger = pino({ level, base: { agent }, timestamp: stdTimeFunctions.isoTime }, file);
      this.#files.set(agent, file);
      this.#loggers.set(agent, logger);
    }
    return logger;
  }

  #onFailure(agent: string, error: Error): void {
    this.#options.onLine({
      timestamp: this.#clock.now(),
      level: LogLevel.Error,
      agent: 'supervisor',
      message: `log file of ${agent} cannot be written, lines are lost: ${error.message}`,
      fields: '',
    });
  }
}

/**
 * Appends lines to a file, synchronously. Not pino's own destination: its flush tries again without end when the disk is full, and the
 * shutdown would hang.
 */
class LogFile {
  readonly #onFailure: (error: Error) => void;
  #descriptor = -1;
  #failed = false;

  /** `onFailure` is called for the first failure only. */
  constructor(path: string, onFailure: (error: Error) => void) {
    this.#onFailure = onFailure;
    this.#attempt(() => {
      this.#descriptor = openSync(path, 'a');
    });
  }

  write(line: string): void {
    if (this.#descriptor >= 0) this.#attempt(() => appendFileSync(this.#descriptor, line));
  }

  close(): void {
    if (this.#descriptor >= 0) this.#attempt(() => closeSync(this.#descriptor));
    this.#descriptor = -1;
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!this.#failed) this.#onFailure(error as Error);
      this.#failed = true;
    }
  }
}

/** Fields of a record as an object, whatever its writer put there. */
function parseFields(text: string): LogFields {
  if (text === '') return {};
  try {
    return JSON.parse(text) as LogFields;
  } catch {
    return { fields: text };
  }
}

/**
 * Makes a folder and those above it. Not `mkdirSync` with `recursive`: where a file system takes no new folders and
 * calls them "not found" (/proc), Node 20 and 22 try again without end.
 */
function makeFolder(path: string): void {
  const folder = resolve(path);
  if (existsSync(folder)) return; // what is no folder shows when a file is opened in it
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
