import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
/** Text that waits in memory for a disk that takes nothing, per file, bytes; what exceeds it is dropped. */
const HELD_BYTES = 4 * 1024 * 1024;

type Destination = ReturnType<typeof pino.destination>;

/** The file of one agent; undefined logger: it could not be opened. */
interface LogFile {
  readonly logger: Logger | undefined;
  readonly destination: Destination | undefined;
  /** A failure has been reported. */
  failed: boolean;
}

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
  readonly #lastLines = new Map<string, string[]>();

  /** Throws ConfigError when the folder cannot be made or written to. */
  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#clock = new SessionClock(options.session);
    this.#consumers = options.rings.map((ring) => new RingConsumer(ring, 0));
    if (options.level === 'silent') return;
    try {
      mkdirSync(options.directory, { recursive: true });
      this.#files.set('supervisor', this.#open('supervisor'));
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

  /** Takes in everything that is left, writes out and closes the files. */
  close(): void {
    for (let n = 0; n < LAST_DRAINS && !this.drain(); n++);
    for (const [agent, file] of this.#files) {
      try {
        file.destination?.flushSync();
        file.destination?.end();
      } catch (error) {
        this.#onFailure(agent, file, error);
      }
    }
    this.#files.clear();
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
    const { logger } = this.#fileOf(record.agent);
    if (logger === undefined) return;
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

  #fileOf(agent: string): LogFile {
    let file = this.#files.get(agent);
    if (file === undefined) {
      try {
        file = this.#open(agent);
        this.#files.set(agent, file);
      } catch (error) {
        file = { logger: undefined, destination: undefined, failed: false };
        this.#files.set(agent, file);
        this.#onFailure(agent, file, error);
      }
    }
    return file;
  }

  #open(agent: string): LogFile {
    const { directory, level } = this.#options;
    const destination = pino.destination({
      dest: join(directory, `${agent}.log`),
      sync: true,
      maxLength: HELD_BYTES,
    });
    const logger = pino({ level, base: { agent }, timestamp: stdTimeFunctions.isoTime }, destination);
    const file = { logger, destination, failed: false };
    destination.on('error', (error) => this.#onFailure(agent, file, error));
    return file;
  }

  #onFailure(agent: string, file: LogFile, error: unknown): void {
    if (file.failed) return;
    file.failed = true;
    this.#options.onLine({
      timestamp: this.#clock.now(),
      level: LogLevel.Error,
      agent: 'supervisor',
      message: `log file of ${agent} cannot be written, its lines are lost: ${(error as Error).message}`,
      fields: '',
    });
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
