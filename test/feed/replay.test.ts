import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CaptureReader } from '../../src/capture/binance-lines.js';
import { CaptureError } from '../../src/capture/capture-error.js';
import { PacedSource } from '../../src/capture/paced-source.js';
import { replay } from '../../src/capture/replay.js';
import type { SymbolReport } from '../../src/capture/replay-report.js';
import { CAPTURES_PRESENT, capture } from '../support/captures.js';
import { DAY, depthLine, snapshotLine } from '../support/invented-stream.js';
import { SEED } from '../support/seed.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let written = 0;
/** A capture file made of these lines (or bytes); a folder each, so that the name stays one that tells the market. */
function captureOf(content: readonly string[] | Uint8Array, name = 'usdm_btcusdt_20240101.gz'): string {
  const file = join(mkdtempSync(join(folder, `${written++}-`)), name);
  const bytes =
    content instanceof Uint8Array ? content : Buffer.from(content.map((line) => `${line}\n`).join(''));
  writeFileSync(file, gzipSync(bytes));
  return file;
}

async function replaySymbol(file: string): Promise<SymbolReport> {
  return (await replay({ files: [file] })).symbols.BTCUSDT;
}

describe('replay', () => {
  it('rebuilds a book from a small stream', async () => {
    const report = await replaySymbol(captureOf(DAY));
    expect(report).toMatchObject({
      state: 'SYNCED',
      updates_applied: 7,
      gaps: 0,
      best_bid: ['100', '7'],
      best_ask: ['100.1', '2'],
      last_u: 80,
      messages: { depthUpdate: 8, snapshot: 1 },
    });
  });

  it('publishes the same bytes on every Node version', async () => {
    // Changes only when what is published, or its layout, is changed on purpose.
    const { events_sha256 } = await replay({ files: [captureOf(DAY)] });
    expect(events_sha256).toBe('2b95b4d1229a6cc0500bb511b723673336eccf3da992294f74cf7b77c7b67ae7');
  });

  it.each([
    ['lost', (lines: string[]) => lines.splice(5, 1), 3],
    ['repeated', (lines: string[]) => lines.splice(5, 0, lines[5]), 4],
    ['swapped with the next', (lines: string[]) => lines.splice(5, 2, lines[6], lines[5]), 3],
  ])('withdraws the book when a line is %s; a later snapshot brings it back', async (_, damage, applied) => {
    const lines = [...DAY];
    damage(lines);
    const without = await replaySymbol(captureOf(lines));
    expect(without).toMatchObject({ state: 'RESYNC', gaps: 1, book_sha256: null, best_bid: null });
    expect(without.updates_applied).toBe(applied);
    expect(without.note).toContain('book withdrawn (sequence gap)');
    const resumed = await replaySymbol(
      captureOf([...lines, snapshotLine(75, 1700000000009), depthLine(8, 8)]),
    );
    expect(resumed).toMatchObject({
      state: 'SYNCED',
      gaps: 1,
      resyncs: 1,
      best_bid: ['100', '8'],
      last_u: 90,
    });
  });

  it('uses the rest of a file with bad lines, and says where the first was', async () => {
    const lines = [
      ...DAY.slice(0, 4),
      'no time {"a":1}',
      ...DAY.slice(4),
      '17000 {"stream":"x"}',
      '1700000000009000000 {"stream',
    ];
    const file = captureOf(lines);
    const report = await replay({ files: [file] });
    expect(report).toMatchObject({
      bad_lines: 2,
      first_bad_line: `${file}:5`,
      refused: { 'not JSON': 1 },
      first_refused: `${file}:12: not JSON`,
    });
    expect(report.symbols.BTCUSDT.updates_applied).toBe(7);
  });

  it('withdraws a book whose update cannot be read', async () => {
    const report = await replaySymbol(
      captureOf([...DAY.slice(0, 6), DAY[6].replace('"100.00"', '"100,00"')]),
    );
    expect(report).toMatchObject({ state: 'RESYNC', state_reason: 'BAD_MESSAGE', book_sha256: null });
  });

  it('tells market and symbol by content where the name does not', async () => {
    const file = captureOf(DAY, 'recorded.gz');
    expect((await replaySymbol(file)).updates_applied).toBe(7);
  });

  it.each([
    ['a missing file', () => join(folder, 'none.gz'), 'none.gz: no such file'],
    ['a folder', () => folder, 'is a folder: --each replays'],
    ['a file that is not gzip', () => plain('{"a":1}'), 'not gzip, or damaged'],
    ['a file cut short', () => cutShort(), 'gzip data end too early after this line'],
    ['an empty stream', () => captureOf([]), 'holds no line'],
    [
      'another format',
      () => captureOf(['1723161255.5: {"a":1}']),
      ':1: unknown format: expected a receive time',
    ],
    [
      'messages of another venue',
      () => captureOf(['1723161255030314667 {"channel":"l2Book"}']),
      'unknown format: none of 1 lines',
    ],
    [
      'no name and no depth',
      () => captureOf(['1723161255030314667 {"channel":"l2Book"}'], 'x.gz'),
      'unknown format',
    ],
    ['COIN-M', () => captureOf(DAY, 'cm_btcusd_20240101.gz'), 'COIN-M captures are not supported'],
  ])('refuses %s with a clear message', async (_, make, message) => {
    await expect(replay({ files: [make()] })).rejects.toThrow(message);
    await expect(replay({ files: [make()] })).rejects.toBeInstanceOf(CaptureError);
  });

  it('refuses files that are not one stream', async () => {
    const files = [captureOf(DAY), captureOf(DAY, 'spot_btcusdt_20240101.gz')];
    await expect(replay({ files })).rejects.toThrow('is spot BTCUSDT, but');
  });

  it('never crashes on random bytes in a stream, and either uses it or says what is wrong', async () => {
    const clean = Buffer.from(DAY.map((line) => `${line}\n`).join(''));
    const edits = fc.array(fc.tuple(fc.nat({ max: clean.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(clean);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          const report = await replay({ files: [captureOf(bytes)] });
          expect(report.messages + report.bad_lines).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(CaptureError);
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it.skipIf(!CAPTURES_PRESENT)('never shows a wrong book when a recorded stream is damaged', async () => {
    const source = capture('binance/usdm_btcusdt_20230404.dat.gz');
    const lines = gunzipSync(readFileSync(source)).toString('latin1').trimEnd().split('\n').slice(0, 4000);
    const whole = await replaySymbol(captureOf(lines, basename(source)));
    const depth = lines.flatMap((line, index) =>
      line.includes('depthUpdate') && index > 100 ? [index] : [],
    );
    for (const index of [depth[10], depth[200], depth.at(-1) ?? 0]) {
      const report = await replaySymbol(
        captureOf(
          lines.filter((_, i) => i !== index),
          basename(source),
        ),
      );
      const isLast = index === depth.at(-1);
      expect(report.gaps).toBe(isLast ? 0 : 1);
      expect(report.book_sha256 === null).toBe(!isLast);
      expect(report.updates_applied).toBeLessThan(whole.updates_applied);
    }
  });
});

describe('capture reader', () => {
  it('parses receive times of 19 and 16 digits exactly, over files in order', async () => {
    const first = captureOf(['1723161255030314667 {"a":1}', '1723161255088169168 {"a":2}\r']);
    const second = captureOf(Buffer.from('1723161255088170 {"a":3}\n\n1723161256000000999 {"a":4}')); // no last newline
    const reader = new CaptureReader([first, second]);
    await reader.open();
    expect(reader.sessionStart).toBe(1723161255030);
    const seen: unknown[] = [];
    do {
      while (reader.next()) {
        const text = Buffer.from(reader.bytes.subarray(reader.start, reader.end)).toString();
        seen.push([basename(reader.file), reader.line, reader.receiveTime, text]);
      }
    } while (await reader.fill());
    const name = 'usdm_btcusdt_20240101.gz';
    expect(seen).toEqual([
      [name, 1, 314667, '{"a":1}'],
      [name, 2, 58169168, '{"a":2}'],
      [name, 1, 58170000, '{"a":3}'],
      [name, 3, 970000999, '{"a":4}'],
    ]);
  });

  it('hands out lines longer than its buffer', async () => {
    const long = `1723161255030314667 {"a":"${'x'.repeat(3_000_000)}"}`;
    const reader = new CaptureReader([captureOf([DAY[0], long, DAY[1]])]);
    await reader.open();
    const lengths: number[] = [];
    do while (reader.next()) lengths.push(reader.end - reader.start);
    while (await reader.fill());
    expect(lengths).toEqual([DAY[0].length - 20, long.length - 20, DAY[1].length - 20]);
  });
});

describe('paced source', () => {
  it('holds frames back until they are due at the given speed', () => {
    const times = [0, 1e6, 10e6, 11e6];
    let at = -1;
    const frames = {
      bytes: new Uint8Array(0),
      start: 0,
      end: 0,
      get receiveTime() {
        return times[at];
      },
      hasNext: () => at + 1 < times.length,
      next: () => at + 1 < times.length && ++at >= 0,
    };
    const source = new PacedSource(frames, 2);
    source.advance(1000);
    expect([source.next(), source.next()]).toEqual([true, false]);
    source.advance(1000.5); // half a millisecond at speed 2
    expect([source.next(), source.receiveTime, source.next()]).toEqual([true, 1e6, false]);
    expect(source.millisecondsToNext()).toBeCloseTo(4.5);
    source.advance(1010);
    expect([source.next(), source.next(), source.next()]).toEqual([true, true, false]);
    expect(source.millisecondsToNext()).toBe(0);
  });
});

function plain(text: string): string {
  const file = join(mkdtempSync(join(folder, 'plain-')), 'usdm_btcusdt_20240101.gz');
  writeFileSync(file, text);
  return file;
}

function cutShort(): string {
  const file = join(mkdtempSync(join(folder, 'short-')), 'usdm_btcusdt_20240101.gz');
  const bytes = gzipSync(Buffer.from(DAY.join('\n').repeat(50)));
  writeFileSync(file, bytes.subarray(0, bytes.length / 2));
  return file;
}
