import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LogLevel } from '../../src/lib/enums.js';
import {
  decodeInstrumentDefinition,
  decodeLogRecord,
  encodeInstrumentDefinition,
  encodeLogRecord,
} from '../../src/messages/cold.js';
import { CASES } from './support.js';

const text = fc.string({ unit: 'grapheme', maxLength: 300 });

it('a log record comes back as it was', () => {
  const records = fc.record({
    timestamp: fc.maxSafeInteger(),
    level: fc.constantFrom(...Object.values(LogLevel)),
    agent: text,
    message: text,
    fields: text,
  });
  fc.assert(
    fc.property(records, (record) => {
      expect(decodeLogRecord(encodeLogRecord(record))).toEqual(record);
    }),
    CASES,
  );
});

it('an instrument definition comes back as it was', () => {
  const definitions = fc.record({
    instrument: fc.nat(2 ** 32 - 1),
    symbol: text,
    venue: text,
    tickSize: text,
    lotSize: text,
    baseCurrency: text,
    quoteCurrency: text,
  });
  fc.assert(
    fc.property(definitions, (definition) => {
      expect(decodeInstrumentDefinition(encodeInstrumentDefinition(definition))).toEqual(definition);
    }),
    CASES,
  );
});

it('an encoding is padded to whole words, so that records can follow each other', () => {
  const record = { timestamp: 1, level: LogLevel.Info, agent: 'risk', message: 'ready', fields: '' };
  expect(encodeLogRecord(record).length % 8).toBe(0);
});
