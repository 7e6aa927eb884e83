/**
 * Messages that hold text and are rare: written by a builder, read into plain objects. Both directions
 * allocate. Bytes are a complete FlatBuffer; a ring or file must place them at a multiple of 8 bytes.
 */
import { Builder, ByteBuffer } from 'flatbuffers';
import type { LogLevel } from '../lib/enums.js';
import * as official from './official.js';

/** A line for the log. */
export interface LogRecordFields {
  /** Nanoseconds since session start. */
  readonly timestamp: number;
  readonly level: LogLevel;
  readonly agent: string;
  readonly message: string;
  /** A JSON object, or empty. */
  readonly fields: string;
}

/** What an instrument is; sizes are plain decimals, exact. */
export interface InstrumentDefinitionFields {
  readonly instrument: number;
  readonly symbol: string;
  readonly venue: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly baseCurrency: string;
  readonly quoteCurrency: string;
}

const INITIAL_BYTES = 256;

export function encodeLogRecord(record: LogRecordFields): Uint8Array {
  const builder = new Builder(INITIAL_BYTES);
  const agent = builder.createString(record.agent);
  const message = builder.createString(record.message);
  const fields = builder.createString(record.fields);
  const timestamp = BigInt(record.timestamp);
  const { level } = record;
  builder.finish(
    official.LogRecord.createLogRecord(builder, timestamp, level as number, agent, message, fields),
  );
  return builder.asUint8Array();
}

export function decodeLogRecord(bytes: Uint8Array): LogRecordFields {
  const record = official.LogRecord.getRootAsLogRecord(new ByteBuffer(bytes));
  return {
    timestamp: Number(record.timestamp()),
    level: record.level() as number as LogLevel,
    agent: record.agent() ?? '',
    message: record.message() ?? '',
    fields: record.fields() ?? '',
  };
}

export function encodeInstrumentDefinition(definition: InstrumentDefinitionFields): Uint8Array {
  const builder = new Builder(INITIAL_BYTES);
  const symbol = builder.createString(definition.symbol);
  const venue = builder.createString(definition.venue);
  const tickSize = builder.createString(definition.tickSize);
  const lotSize = builder.createString(definition.lotSize);
  const base = builder.createString(definition.baseCurrency);
  const quote = builder.createString(definition.quoteCurrency);
  builder.finish(
    official.InstrumentDefinition.createInstrumentDefinition(
      builder,
      definition.instrument,
      symbol,
      venue,
      tickSize,
      lotSize,
      base,
      quote,
    ),
  );
  return builder.asUint8Array();
}

export function decodeInstrumentDefinition(bytes: Uint8Array): InstrumentDefinitionFields {
  const definition = official.InstrumentDefinition.getRootAsInstrumentDefinition(new ByteBuffer(bytes));
  return {
    instrument: definition.instrument(),
    symbol: definition.symbol() ?? '',
    venue: definition.venue() ?? '',
    tickSize: definition.tickSize() ?? '',
    lotSize: definition.lotSize() ?? '',
    baseCurrency: definition.baseCurrency() ?? '',
    quoteCurrency: definition.quoteCurrency() ?? '',
  };
}
