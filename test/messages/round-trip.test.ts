import fc from 'fast-check';
import { Builder } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import type { FixedMessage } from '../../scripts/messages/layout.js';
import { setterName } from '../../scripts/messages/text.js';
import {
  BOOKS,
  CASES,
  createOfficial,
  EXTENDED,
  FIXED,
  hotArguments,
  officialCall,
  officialRoot,
  readHot,
  readOfficial,
  type Values,
  valuesOf,
  viewOf,
} from './support.js';

const GARBAGE = 0x5eadbeef;

/** Shared memory full of old bytes, as a ring is. */
function dirtyWords(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4)).fill(GARBAGE);
}

/** The payload copied out of the ring, with nothing around it. */
function payload(words: Int32Array, at: number, bytes: number): Uint8Array {
  return new Uint8Array(words.slice(at, at + bytes / 4).buffer);
}

/** Words that are not part of the payload must be as they were. */
function untouched(words: Int32Array, at: number, bytes: number): boolean {
  return words.every((word, index) => (index >= at && index < at + bytes / 4) || word === GARBAGE);
}

/** As the official builder has it, the second struct first when there is one. */
function officialFixed(message: FixedMessage, values: Values, second?: Values): Uint8Array {
  const { name, struct, extension } = message;
  const builder = new Builder(16);
  officialCall(name, `start${name}`, builder);
  if (second && extension) {
    const { name: type, fields } = extension.struct;
    const add = setterName(extension.name).replace('set', 'add');
    officialCall(name, add, builder, createOfficial(builder, type, fields, second));
  }
  officialCall(name, 'addData', builder, createOfficial(builder, struct.name, struct.fields, values));
  builder.finish(officialCall(name, `end${name}`, builder));
  return builder.asUint8Array();
}

const places = fc.integer({ min: 0, max: 5 }).map((pairs) => pairs * 2);

it('covers every hot message of the schema', () => {
  expect(FIXED.map(({ name }) => name)).toEqual([
    ...['NewOrder', 'AmendOrder', 'CancelOrder', 'MassCancel', 'SetPhase', 'AdvanceTime', 'ExecutionReport'],
    ...['Trade', 'InstrumentStatus', 'MarketTrade', 'Features', 'FeedStatus', 'MarketStatus'],
    ...['PositionUpdate', 'Control'],
  ]);
  expect(BOOKS.map(({ name }) => name)).toEqual(['BookUpdate', 'BookSnapshot']);
});

describe.each(FIXED)('$name', (message) => {
  const { fields } = message.struct;

  it('is read by the official runtime and by the hot readers as the hot encoder wrote it', async () => {
    const view = await viewOf(message.name);
    expect([view.TYPE, view.BYTES]).toEqual([message.type, message.bytes]);
    const property = fc.property(valuesOf(fields), places, (values, at) => {
      const words = dirtyWords(at + message.bytes / 4 + 4);
      view.encode(words, at, ...hotArguments(fields, values));
      const root = officialRoot(message.name, payload(words, at, message.bytes));
      expect(readOfficial(root.data() as never, fields)).toEqual(values);
      expect(readHot(view, fields, words, at)).toEqual(values);
      expect(untouched(words, at, message.bytes)).toBe(true);
    });
    fc.assert(property, CASES);
  });

  it('is read by the hot readers as the official builder wrote it, byte for byte the hot encoding', async () => {
    const view = await viewOf(message.name);
    const property = fc.property(valuesOf(fields), places, (values, at) => {
      const bytes = officialFixed(message, values);
      const words = dirtyWords(at + message.bytes / 4 + 4);
      new Uint8Array(words.buffer).set(bytes, at * 4);
      expect(readHot(view, fields, words, at)).toEqual(values);
      view.encode(words, at, ...hotArguments(fields, values));
      expect(payload(words, at, message.bytes)).toEqual(bytes);
    });
    fc.assert(property, CASES);
  });

  it('is the same when every field is set on its own over another record', async () => {
    const view = await viewOf(message.name);
    const property = fc.property(valuesOf(fields), valuesOf(fields), places, (before, values, at) => {
      const words = dirtyWords(at + message.bytes / 4 + 4);
      view.encode(words, at, ...hotArguments(fields, before));
      for (const field of fields) {
        if (!field.reserved) view[setterName(field.name)](words, at, ...hotArguments([field], values));
      }
      const patched = payload(words, at, message.bytes);
      expect(untouched(words, at, message.bytes)).toBe(true);
      view.encode(words, at, ...hotArguments(fields, values));
      expect(patched).toEqual(payload(words, at, message.bytes));
    });
    fc.assert(property, CASES);
  });
});

it('covers every message that may have a second struct', () => {
  expect(EXTENDED.map(({ name }) => name)).toEqual(['NewOrder', 'AmendOrder', 'ExecutionReport', 'Trade']);
});

describe.each(EXTENDED)('$name with its second struct', (message) => {
  const { fields } = message.struct;
  const { bytes, struct: second, name: field } = message.extension;
  const both = fc.tuple(valuesOf(fields), valuesOf(second.fields));

  it('is the same bytes from the hot encoders and the official builder, and reads back from both', async () => {
    const view = await viewOf(message.name);
    expect(view.EXTENDED_BYTES).toBe(bytes);
    const property = fc.property(both, places, ([values, more], at) => {
      const words = dirtyWords(at + bytes / 4 + 4);
      view.encode(words, at, ...hotArguments(fields, values));
      expect(view.isExtended(words, at)).toBe(false);
      expect(officialRoot(message.name, payload(words, at, message.bytes))[field]()).toBeNull();
      view.encodeExtension(words, at, ...hotArguments(second.fields, more));
      expect(view.isExtended(words, at)).toBe(true);
      expect(untouched(words, at, bytes)).toBe(true);

      const written = payload(words, at, bytes);
      expect(officialFixed(message, values, more)).toEqual(written);
      expect(readHot(view, fields, words, at)).toEqual(values);
      expect(readHot(view, second.fields, words, at)).toEqual(more);
      const root = officialRoot(message.name, written);
      expect(readOfficial(root.data() as never, fields)).toEqual(values);
      expect(readOfficial(root[field]() as never, second.fields)).toEqual(more);
    });
    fc.assert(property, CASES);
  });

  it('is the same when every field of the second struct is set on its own over another record', async () => {
    const view = await viewOf(message.name);
    const property = fc.property(both, valuesOf(second.fields), ([values, before], more) => {
      const words = dirtyWords(bytes / 4 + 4);
      view.encode(words, 0, ...hotArguments(fields, values));
      view.encodeExtension(words, 0, ...hotArguments(second.fields, before));
      for (const each of second.fields) {
        if (!each.reserved) view[setterName(each.name)](words, 0, ...hotArguments([each], more));
      }
      expect(untouched(words, 0, bytes)).toBe(true);
      expect(payload(words, 0, bytes)).toEqual(officialFixed(message, values, more));
    });
    fc.assert(property, CASES);
  });

  it('is short again once it is encoded anew', async () => {
    const view = await viewOf(message.name);
    const [[values, more]] = fc.sample(both, { ...CASES, numRuns: 1 });
    const words = dirtyWords(bytes / 4);
    view.encode(words, 0, ...hotArguments(fields, values));
    view.encodeExtension(words, 0, ...hotArguments(second.fields, more));
    view.encode(words, 0, ...hotArguments(fields, values));
    expect(payload(words, 0, message.bytes)).toEqual(officialFixed(message, values));
  });
});

describe.each(BOOKS)('$name', (message) => {
  const { fields } = message.struct;
  const levels = fc.array(valuesOf(message.level.fields), { maxLength: 12 });
  const books = fc
    .tuple(valuesOf(fields), levels, levels)
    .map(([head, bids, asks]): { head: Values; sides: Values[] } => ({
      head: { ...head, bidCount: bids.length, askCount: asks.length },
      sides: [...bids, ...asks],
    }));

  it('is the same bytes from the hot writers and the official builder, and reads back from both', async () => {
    const view = await viewOf(message.name);
    expect(view.TYPE).toBe(message.type);
    const property = fc.property(books, places, ({ head, sides }, at) => {
      const bytes = view.bytes(sides.length) as number;
      const words = dirtyWords(at + bytes / 4 + 4);
      view.encodeHead(words, at, ...hotArguments(fields, head));
      for (const [index, level] of sides.entries()) {
        view.setLevel(words, at, index, ...hotArguments(message.level.fields, level));
      }
      expect(untouched(words, at, bytes)).toBe(true);
      const written = payload(words, at, bytes);

      const root = officialRoot(message.name, written);
      expect(readOfficial(root.head() as never, fields)).toEqual(head);
      expect(root.levelsLength()).toBe(sides.length);
      for (const [index, level] of sides.entries()) {
        expect(readOfficial(root.levels(index) as never, message.level.fields)).toEqual(level);
        expect(view.levelPrice(words, at, index)).toBe(level.price);
        expect(view.levelQuantity(words, at, index)).toBe(level.quantity);
      }
      expect(readHot(view, fields, words, at)).toEqual(head);
      expect(officialBook(message.name, head, sides)).toEqual(written);
    });
    fc.assert(property, CASES);
  });

  it('keeps the vector as long as the two counts say when one is set', async () => {
    const view = await viewOf(message.name);
    const words = dirtyWords(64);
    view.encodeHead(words, 0, 1, 2, 3, 4, 5, 0, 0, 0);
    view.setBidCount(words, 0, 2);
    view.setAskCount(words, 0, 1);
    view.setFlags(words, 0, 3);
    expect(officialRoot(message.name, payload(words, 0, view.bytes(3) as number)).levelsLength()).toBe(3);
    expect([view.bidCount(words, 0), view.askCount(words, 0), view.flags(words, 0)]).toEqual([2, 1, 3]);
  });

  /** Builders write backwards: levels last in memory, the head first in its table. */
  function officialBook(name: string, head: Values, sides: readonly Values[]): Uint8Array {
    const builder = new Builder(16);
    officialCall(name, 'startLevelsVector', builder, sides.length);
    for (const level of sides.toReversed()) {
      createOfficial(builder, message.level.name, message.level.fields, level);
    }
    const vector = builder.endVector();
    officialCall(name, `start${name}`, builder);
    officialCall(name, 'addLevels', builder, vector);
    officialCall(name, 'addHead', builder, createOfficial(builder, message.struct.name, fields, head));
    builder.finish(officialCall(name, `end${name}`, builder));
    return builder.asUint8Array();
  }
});
