import type { SessionClock } from '../lib/clock.js';
import { LogLevel, MessageType } from '../lib/enums.js';
import { encodeLogRecord } from '../messages/cold.js';
import { FULL, type RingProducer } from '../ring/producer.js';
import type { AgentName } from './registry.js';

/** Values that explain a line; plain data. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Where an agent says what happened. DEBUG for normal flow, INFO for lifecycle, WARN for degraded, ERROR for failure.
 * Lines allocate: never one per message on a hot path.
 */
export interface AgentLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Characters of a message, or of the fields as JSON, at the most. */
const LONGEST_TEXT = 8000;
/** Bytes that one UTF-16 unit can take in UTF-8. */
const UTF8_BYTES = 3;
/** Of a LogRecord: table, vtable, lengths, agent name, alignment; generously. */
const RECORD_OVERHEAD = 256;

/** Fields as a JSON object of at most `limit` characters. Too long ones are cut, and still an object. */
function fieldsText(fields: LogFields | undefined, limit: number): string {
  if (fields === undefined) return '';
  const text = JSON.stringify(fields);
  if (text.length <= limit) return text;
  // Escapes at most double the text, and a cut may split one: so it is cut to half, and quoted again.
  return JSON.stringify({ cut: text.slice(0, Math.floor(limit / 2) - 16) });
}

/**
 * Writes lines as LogRecords to the thread's log ring; the supervisor formats them. A full ring drops the line and
 * counts it (`lost`), because a log must never hold up a trade.
 */
export class RingLog implements AgentLog {
  readonly #producer: RingProducer;
  readonly #agent: AgentName;
  readonly #clock: SessionClock;
  readonly #threshold: number;
  readonly #lost: () => void;
  readonly #bytes: Uint8Array;
  /** Characters of message and of fields, each: a line is cut to fit the ring, never lost for its length. */
  readonly #textLimit: number;

  constructor(
    producer: RingProducer,
    agent: AgentName,
    clock: SessionClock,
    threshold: number,
    lost: () => void,
  ) {
    this.#producer = producer;
    this.#agent = agent;
    this.#clock = clock;
    this.#threshold = threshold;
    this.#lost = lost;
    const { words } = producer;
    this.#bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    const perText = (producer.maximumLength - RECORD_OVERHEAD) / 2;
    this.#textLimit = Math.min(LONGEST_TEXT, Math.floor(perText / UTF8_BYTES));
  }

  debug(message: string, fields?: LogFields): void {
    this.#write(LogLevel.Debug, message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write(LogLevel.Info, message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write(LogLevel.Warn, message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write(LogLevel.Error, message, fields);
  }

  #write(level: LogLevel, message: string, fields?: LogFields): void {
    if (level < this.#threshold) return;
    const bytes = encodeLogRecord({
      timestamp: this.#clock.now(),
      level,
      agent: this.#agent,
      message: message.slice(0, this.#textLimit),
      fields: fieldsText(fields, this.#textLimit),
    });
    const at = this.#producer.claim(MessageType.LogRecord, bytes.length);
    if (at === FULL) {
      this.#lost();
      return;
    }
    this.#bytes.set(bytes, at * 4);
    this.#producer.commitAndPublish();
  }
}

/** One line as {@link collectLog} keeps it. */
export interface CollectedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A log that keeps its lines, for the invoker and tests. */
export function collectLog(lines: CollectedLine[] = []): AgentLog & { readonly lines: CollectedLine[] } {
  const keep = (level: LogLevel) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields });
  };
  return {
    lines,
    debug: keep(LogLevel.Debug),
    info: keep(LogLevel.Info),
    warn: keep(LogLevel.Warn),
    error: keep(LogLevel.Error),
  };
}
