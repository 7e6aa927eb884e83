/** The DBN reader over bytes that the tests write themselves, and over the recordings of all format versions. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../../src/capture/capture-error.js';
import { openDbn, readDefinitionTicks, uncompressed } from '../../../src/capture/dbn/file.js';
import { RecordType } from '../../../src/capture/dbn/layout.js';
import { MboRecord } from '../../../src/capture/dbn/mbo-record.js';
import { DbnReader } from '../../../src/capture/dbn/reader.js';
import { CAPTURES_PRESENT, capture } from '../../support/captures.js';
import { DbnWriter, zstandard } from '../../support/dbn-writer.js';

/** All market-by-order records of a reader as plain objects. */
function records(reader: DbnReader): MboRecord[] {
  const found: MboRecord[] = [];
  while (reader.next()) {
    if (reader.type !== RecordType.MarketByOrder) {
      reader.skip();
      continue;
    }
    const record = new MboRecord();
    record.read(reader);
    found.push(record);
  }
  return found;
}

const PAST_DOUBLES = 2n ** 63n + 2n ** 53n + 1n;

function sample(version: number): Uint8Array {
  return new DbnWriter(version)
    .add({ action: 'A', side: 'B', id: PAST_DOUBLES, price: -1_250_000_000n, size: 4_000_000_000, time: 5n })
    .other(RecordType.Trades, 48)
    .last({ action: 'C', side: 'A', id: 3n, size: 1 })
    .bytes();
}

describe('DBN reader, written bytes', () => {
  it.each([1, 2, 3])('reads version %i', (version) => {
    const reader = new DbnReader(sample(version), 'x');
    expect(reader.metadata).toMatchObject({
      version,
      dataset: 'TEST.SET',
      symbols: ['TEST'],
      partial: [],
      notFound: [],
      mappings: [{ name: 'TEST', intervals: [{ from: 20240101, to: 20240102, symbol: '7' }] }],
    });
    const [first, second] = records(reader);
    expect((BigInt(first.orderIdHigh) << 32n) | BigInt(first.orderIdLow)).toBe(PAST_DOUBLES);
    expect((BigInt(first.priceHigh) << 32n) | BigInt(first.priceLow)).toBe(-1_250_000_000n);
    expect(first).toMatchObject({ size: 4_000_000_000, flags: 0, timeLow: 5, instrument: 7 });
    expect(second).toMatchObject({ orderIdLow: 3, orderIdHigh: 0, size: 1, flags: 0x80 });
    expect(reader.records).toBe(3);
    expect(reader.skipped).toEqual({ Trades: 1 });
  });

  it('names file and byte where a file is cut, at every length', () => {
    const bytes = sample(2);
    const start = new DbnReader(bytes, 'x').metadata.recordsAt;
    const whole = new Set([start, start + 56, start + 104, start + 160]);
    for (let length = 0; length < bytes.length; length++) {
      const read = (): MboRecord[] => records(new DbnReader(bytes.subarray(0, length), 'cut.dbn'));
      if (whole.has(length)) expect(read).not.toThrow();
      else expect(read, `cut at ${length}`).toThrow(/^cut\.dbn: byte \d+: /);
    }
  });

  it('refuses what is no DBN', () => {
    const broken = (at: number, value: number): Uint8Array => {
      const bytes = Uint8Array.from(sample(1));
      bytes[at] = value;
      return bytes;
    };
    const read = (bytes: Uint8Array) => () => records(new DbnReader(bytes, 'f'));
    expect(read(broken(0, 0x45))).toThrow('f: byte 0: is no DBN file, allowed: "DBN" as its first bytes');
    expect(read(broken(3, 4))).toThrow('f: byte 3: DBN version is 4, allowed: 1 to 3');
    expect(read(broken(3, 0))).toThrow('byte 3');
    expect(read(broken(7, 0xff))).toThrow('inside its metadata');
    // The count of symbols stands 104 bytes into the metadata.
    expect(read(broken(115, 0xff))).toThrow(/byte 116: the metadata end at byte 206, \d+ more bytes are due/);
    expect(read(broken(206, 3))).toThrow('byte 206: record length is 12, allowed: 16 to 1020');
    expect(read(broken(206, 8))).toThrow('byte 206: a MarketByOrder record of 32 bytes, needed: 56');
    const noSymbols = sample(2);
    noSymbols.fill(0, 53, 55);
    expect(read(noSymbols)).toThrow('byte 53: symbols have 0 bytes, allowed: 1 to 65535');
  });

  it('reads Zstandard, and says when it is cut', () => {
    const bytes = sample(3);
    const packed = zstandard(bytes);
    expect(Buffer.from(uncompressed(packed, 'x')).equals(bytes)).toBe(true);
    for (let length = 4; length < packed.length; length++) {
      expect(() => uncompressed(packed.subarray(0, length), 'cut.zst'), `cut at ${length}`).toThrow(
        /^cut\.zst: byte \d+ \(the end\) or before: no complete Zstandard data/,
      );
    }
  });

  it('names a file that is not there', () => {
    expect(() => openDbn('no/such.dbn')).toThrow(CaptureError);
    expect(() => openDbn('no/such.dbn')).toThrow('no/such.dbn: ENOENT');
  });
});

describe.skipIf(!CAPTURES_PRESENT)('DBN reader, recordings', () => {
  const small = (name: string): string => capture(`l3/databento/small/${name}.dbn.zst`);

  it('reads the same records from the three versions', () => {
    const [one, two, three] = [1, 2, 3].map((version) => {
      const reader = openDbn(small(`test_data.mbo.v${version}`));
      expect(reader.metadata).toMatchObject({
        version,
        dataset: 'GLBX.MDP3',
        schema: 0,
        start: 1_609_160_400_000_000_000n,
        end: 1_609_200_000_000_000_000n,
        limit: 2n,
        symbols: ['ESH1'],
        mappings: [{ name: 'ESH1', intervals: [{ from: 20201228, to: 20201229, symbol: '5482' }] }],
      });
      return records(reader);
    });
    expect(one).toHaveLength(2);
    expect(one[0]).toMatchObject({ instrument: 5482, size: 1, flags: 0x80, action: 0x43, side: 0x41 });
    expect((BigInt(one[0].orderIdHigh) << 32n) | BigInt(one[0].orderIdLow)).toBe(647784973705n);
    expect((BigInt(one[0].priceHigh) << 32n) | BigInt(one[0].priceLow)).toBe(3722_750_000_000n);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  it('passes over the other record types and counts them', () => {
    const reader = openDbn(small('live_session.v3'));
    expect(records(reader)).toHaveLength(5);
    expect(reader.skipped).toEqual({
      SymbolMapping: 20,
      Statistics: 9,
      Ohlcv1m: 2,
      Ohlcv1s: 2,
      Definition: 2,
      Mbp1: 2,
      Mbp10: 2,
      Trades: 2,
    });
  });

  it('finds the ticks of definitions', () => {
    const ticks = (file: string) => [...readDefinitionTicks(file)];
    expect(ticks(capture('l3/databento/glbx_esm4_definition_20240508.v1.dbn.zst'))).toEqual([
      [5602, 250_000_000],
    ]);
    // Shares have no fixed step: the field says "undefined", in every version.
    for (const version of [1, 2, 3]) expect(ticks(small(`test_data.definition.v${version}`))).toEqual([]);
  });

  it('survives a compressed recording that is cut or has a wrong byte', () => {
    const packed = readFileSync(small('test_data.mbo.v3'));
    for (let at = 0; at < packed.length; at++) {
      const wrong = Uint8Array.from(packed);
      wrong[at] ^= 0x55;
      for (const bytes of [packed.subarray(0, at), wrong]) {
        try {
          expect(records(new DbnReader(uncompressed(bytes, 'f'), 'f')).length).toBeLessThanOrEqual(2);
        } catch (error) {
          expect(error, `byte ${at}`).toBeInstanceOf(CaptureError);
        }
      }
    }
  });
});
