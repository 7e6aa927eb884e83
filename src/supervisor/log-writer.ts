import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
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

type Destination = DestinationStream & { flushSync(): void; end(): void };

export interface LogWriterOptions {
  readonly session: Session;
  readonly rings: readonly RingHandle[];
  /** Folder of the files, one per agent, JSON lines; made when missing. */
  readonly directory: string;
  readonly level: string;
  /** Called with each line of level warn and above, and with lifecycle lines. */
  readonly onLine: (record: LogRecordFields) => void;
}

/** Formats the log records of all threads, on the supervisor's thread, and keeps each agent's last lines. */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #consumers: RingConsumer[];
  readonly #clock: SessionClock;
  readonly #loggers = new Map<string, { logger: Logger; destination: Destination }>();
  readonly #lastLines = new Map<string, string[]>();

  /** Throws when the folder cannot be made. */
  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#clock = new SessionClock(options.session);
    if (options.level !== 'silent') mkdirSync(options.directory, { recursive: true });
    this.#consumers = options.rings.map((ring) => new RingConsumer(ring, 0));
  }

  /** A line of the supervisor itself. */
  write(level: LogLevel, message: string, fields?: LogFields): void {
    const text = fields === undefined ? '' : JSON.stringify(fields);
    this.#accept({ timestamp: this.#clock.now(), level, agent: 'supervisor', message, fields: text });
  }

  /** Takes in what the threads have logged. */
  drain(): void {
    for (const consumer of this.#consumers) {
      for (let n = 0; n < DRAIN_LIMIT && consumer.next(); n++) {
        if (consumer.type !== MessageType.LogRecord) continue;
        const { words, at, length } = consumer;
        const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, length);
        // A copy: the FlatBuffers runtime decodes text with TextDecoder, which refuses shared memory.
        this.#accept(decodeLogRecord(Uint8Array.from(bytes)));
      }
      consumer.release();
    }
  }

  /** The last lines of an agent, oldest first, as `LEVEL message {fields}`. */
  lastLines(agent: string): readonly string[] {
    return this.#lastLines.get(agent) ?? [];
  }

  /** Writes out and closes the files. */
  close(): void {
    this.drain();
    for (const { destination } of this.#loggers.values()) {
      destination.flushSync();
      destination.end();
    }
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
    const fields = record.fields === '' ? {} : (JSON.parse(record.fields) as LogFields);
    const at = { timestamp_ns: epochText(this.#options.session, record.timestamp), ...fields };
    const { logger } = this.#logger(record.agent);
    if (record.level >= LogLevel.Fatal) logger.fatal(at, record.message);
    else if (record.level >= LogLevel.Error) logger.error(at, record.message);
    else if (record.level >= LogLevel.Warn) logger.warn(at, record.message);
    else if (record.level >= LogLevel.Info) logger.info(at, record.message);
    else logger.debug(at, record.message);
  }

  #logger(agent: string): { logger: Logger; destination: Destination } {
    let entry = this.#loggers.get(agent);
    if (entry === undefined) {
      const destination = pino.destination({
        dest: join(this.#options.directory, `${agent}.log`),
        sync: true,
        mkdir: true,
      }) as Destination;
      const options = { level: this.#options.level, base: { agent }, timestamp: stdTimeFunctions.isoTime };
      entry = { logger: pino(options, destination), destination };
      this.#loggers.set(agent, entry);
    }
    return entry;
  }
}
