import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StructField } from '../../scripts/messages/layout.js';
import { LogLevel, MessageType } from '../../src/lib/enums.js';
import { encodeLogRecord } from '../../src/messages/cold.js';
import {
  BOOKS,
  EXTENDED,
  FIXED,
  hotArguments,
  ROOT,
  SEED,
  type Values,
  valuesOf,
  viewOf,
} from './support.js';

/** A Python that has the FlatBuffers runtime: a distribution's package is seen by its own interpreter only. */
const python = [process.env.MILLRACE_PYTHON ?? 'python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import flatbuffers']).status === 0,
);

interface Sample {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly expected: Record<string, unknown>;
}

const upperFirst = (name: string): string => name[0].toUpperCase() + name.slice(1);

/** `clientOrderId` → `ClientOrderId`, integers as text: what decode_records.py prints. */
function printed(fields: readonly StructField[], values: Values): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = values[name];
      return [upperFirst(name), type.kind === 'double' ? value : String(value)];
    }),
  );
}

const finite = (values: Values): boolean =>
  Object.values(values).every((value) => Number.isFinite(Number(value)));

async function fixedSamples(count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { name, type, bytes, struct } of FIXED) {
    const view = await viewOf(name);
    const words = new Int32Array(bytes / 4);
    for (const values of fc.sample(valuesOf(struct.fields).filter(finite), { seed: SEED, numRuns: count })) {
      view.encode(words, 0, ...hotArguments(struct.fields, values));
      samples.push({
        type,
        bytes: new Uint8Array(words.slice().buffer),
        expected: printed(struct.fields, values),
      });
    }
  }
  return samples;
}

async function extendedSamples(count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { name, type, struct, extension } of EXTENDED) {
    const view = await viewOf(name);
    const both = fc.tuple(valuesOf(struct.fields), valuesOf(extension.struct.fields));
    for (const [values, more] of fc.sample(both, { seed: SEED, numRuns: count })) {
      const words = new Int32Array(extension.bytes / 4);
      view.encode(words, 0, ...hotArguments(struct.fields, values));
      view.encodeExtension(words, 0, ...hotArguments(extension.struct.fields, more));
      const expected = {
        ...printed(struct.fields, values),
        [upperFirst(extension.name)]: printed(extension.struct.fields, more),
      };
      samples.push({ type, bytes: new Uint8Array(words.buffer), expected });
    }
  }
  return samples;
}

async function bookSamples(count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { name, type, struct, level } of BOOKS) {
    const view = await viewOf(name);
    const levels = fc.array(valuesOf(level.fields), { maxLength: 6 });
    const books = fc.tuple(valuesOf(struct.fields), levels, levels);
    for (const [some, bids, asks] of fc.sample(books, { seed: SEED, numRuns: count })) {
      const head = { ...some, bidCount: bids.length, askCount: asks.length };
      const sides = [...bids, ...asks];
      const words = new Int32Array((view.bytes(sides.length) as number) / 4);
      view.encodeHead(words, 0, ...hotArguments(struct.fields, head));
      for (const [index, each] of sides.entries()) view.setLevel(words, 0, index, each.price, each.quantity);
      const expected = {
        ...printed(struct.fields, head),
        Levels: sides.map((each) => printed(level.fields, each)),
      };
      samples.push({ type, bytes: new Uint8Array(words.buffer), expected });
    }
  }
  return samples;
}

function logSample(): Sample {
  const bytes = encodeLogRecord({
    timestamp: -5,
    level: LogLevel.Warn,
    agent: 'feed',
    message: 'über',
    fields: '',
  });
  const expected = { Timestamp: '-5', Level: '40', Agent: 'feed', Message: 'über', Fields: '' };
  return { type: MessageType.LogRecord, bytes, expected };
}

it('Python with the FlatBuffers runtime is installed where CI runs', () => {
  if (process.env.CI === 'true') expect(python, 'apt-get install python3-flatbuffers').toBeDefined();
});

it.skipIf(python === undefined)('Python reads every message as it was written here', async () => {
  const samples = [
    ...(await fixedSamples(40)),
    ...(await extendedSamples(40)),
    ...(await bookSamples(40)),
    logSample(),
  ];
  const input = samples.map(({ type, bytes }) => `${type} ${Buffer.from(bytes).toString('hex')}\n`).join('');
  const { stdout, stderr, status } = spawnSync(python ?? '', [`${ROOT}test/messages/decode_records.py`], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const decoded = stdout.trim().split('\n');
  expect(decoded).toHaveLength(samples.length);
  for (const [index, { expected }] of samples.entries())
    expect(JSON.parse(decoded[index]), `MILLRACE_SEED=${SEED}`).toEqual(expected);
});
