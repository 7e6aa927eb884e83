import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { listCaptures } from '../../src/capture/capture-list.js';
import { replay } from '../../src/capture/replay.js';
import { ArgumentError, parseJobs } from '../../src/capture/replay-arguments.js';
import { type ReplayEachReport, replayEach } from '../../src/capture/replay-each.js';
import { formatSummary } from '../../src/capture/summary-text.js';
import { CAPTURES_PRESENT, capture } from '../support/captures.js';
import { DAY, depthLine } from '../support/invented-stream.js';
import { temporaryDirectory } from '../support/temporary.js';

const temporary = temporaryDirectory('millrace-each-');
afterAll(temporary.remove);

let folders = 0;
function newFolder(): string {
  const folder = join(temporary.path, String(folders++));
  mkdirSync(folder);
  return folder;
}

/** A capture of the first eight messages and `more` updates after them. */
function writeCapture(name: string, more = 0, folder = newFolder()): string {
  const lines = [...DAY, ...Array.from({ length: more }, (_, n) => depthLine(8 + n, n + 1))];
  const file = join(folder, name);
  writeFileSync(file, gzipSync(lines.map((line) => `${line}\n`).join('')));
  return file;
}

/** What must not depend on how a replay was run. */
function withoutTimes(report: ReplayEachReport): unknown[] {
  return report.files.map((one) => ('error' in one ? one : { ...one, wall_ms: 0 }));
}

async function oneByOne(files: readonly string[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const file of files) results.push({ file, ...(await replay({ files: [file] })), wall_ms: 0 });
  return results;
}

describe('replaying many captures', () => {
  it('gives for 1 or N jobs what single replays give, in the order given', async () => {
    // The first is the largest: it ends last.
    const files = [9000, 0, 700, 1, 3000, 20].map((more) => writeCapture('usdm_btcusdt_20240101.gz', more));
    const { captures } = await listCaptures(files);
    const expected = await oneByOne(files);
    for (const jobs of [1, 3]) {
      expect(withoutTimes(await replayEach({ captures, jobs })), `${jobs} jobs`).toEqual(expected);
    }
  });

  it.skipIf(!CAPTURES_PRESENT)('gives for recorded captures what single replays give', async () => {
    const names = ['usdm_btcusdt_20240718.gz', 'spot_btcusdt_20240808.gz', 'usdm_btcusdt_20230404.dat.gz'];
    const files = names.map((name) => capture(`binance/${name}`));
    const { captures } = await listCaptures(files);
    const expected = await oneByOne(files);
    for (const jobs of [1, 2]) {
      expect(withoutTimes(await replayEach({ captures, jobs })), `${jobs} jobs`).toEqual(expected);
    }
  });

  it('reports every other capture when some fail', async () => {
    const good = writeCapture('usdm_btcusdt_20240101.gz');
    const damaged = join(newFolder(), 'usdm_btcusdt_20240102.gz');
    writeFileSync(damaged, 'not gzip at all');
    const missing = join(newFolder(), 'none.gz');
    const { captures } = await listCaptures([missing, good, damaged, good]);
    const { files } = await replayEach({ captures, jobs: 2 });
    const errors = files.map((one) => ('error' in one ? one.error : 'none'));
    expect(errors).toEqual([
      `${missing}: no such file`,
      'none',
      expect.stringContaining(`${damaged}: not gzip, or damaged`),
      'none',
    ]);
  });

  it('goes on with the others when jobs take their worker threads down', async () => {
    const good = writeCapture('usdm_btcusdt_20240101.gz');
    const names = ['exits.gz', 'a.gz', 'throws.gz', 'crashes.gz', 'b.gz', 'exits-too.gz', 'c.gz'];
    const files = names.map((name) => (/^.\.gz$/.test(name) ? good : join(temporary.path, name)));
    const { captures } = await listCaptures(files);
    const entry = new URL('./faulty-job.js', import.meta.url);
    for (const jobs of [1, 2]) {
      const report = await replayEach({ captures, jobs, entry });
      expect(report.files.map((one) => ('error' in one ? one.error : one.messages))).toEqual([
        `${files[0]}: internal error: worker exited with code: 7`,
        9,
        `${files[2]}: internal error: a fault of ours`,
        `${files[3]}: internal error: outside of any promise`,
        9,
        `${files[5]}: internal error: worker exited with code: 7`,
        9,
      ]);
    }
  });

  it('ends when no worker thread can start', async () => {
    const files = Array.from({ length: 5 }, () => writeCapture('usdm_btcusdt_20240101.gz'));
    const { captures } = await listCaptures(files);
    const entry = new URL('./broken-job.js', import.meta.url);
    const report = await replayEach({ captures, jobs: 2, entry });
    expect(report.files).toEqual(
      files.map((file) => ({ file, error: `${file}: internal error: fails while it starts` })),
    );
  });

  it('says how far it has come', async () => {
    const { captures } = await listCaptures(
      [20_000, 500].map((more) => writeCapture('usdm_btcusdt_20240101.gz', more)),
    );
    const seen: (readonly [number, number])[] = [];
    await replayEach({ captures, jobs: 1, onProgress: (...progress) => seen.push(progress) });
    const growing = [...seen].sort(([, a], [, b]) => a - b);
    expect(seen).toEqual(growing);
    expect(seen.at(-1)).toEqual([captures[0].bytes + captures[1].bytes, 20_500 + 2 * DAY.length]);
  });
});

describe('captures of a folder', () => {
  it('are its Binance streams by name; others are counted', async () => {
    const folder = newFolder();
    const streams = ['usdm_btcusdt_20240102.gz', 'recorded.gz', 'spot_btcusdt_20240101.gz'];
    for (const name of streams) writeCapture(name, 0, folder);
    writeFileSync(join(folder, 'other-venue.gz'), gzipSync('1723161255030314667 {"channel":"l2Book"}\n'));
    writeCapture('cm_btcusd_20240101.gz', 0, folder);
    writeFileSync(join(folder, 'damaged.gz'), 'not gzip');
    writeFileSync(join(folder, 'usdm_btcusdt_20240103.gz'), 'not gzip, but it should be');
    writeFileSync(join(folder, 'notes.txt'), 'not a capture');
    mkdirSync(join(folder, 'folder.gz'));
    const given = writeCapture('anything.gz');
    const { captures, skipped } = await listCaptures([given, folder]);
    const names = [
      'recorded.gz',
      'spot_btcusdt_20240101.gz',
      'usdm_btcusdt_20240102.gz',
      'usdm_btcusdt_20240103.gz',
    ];
    expect(captures.map(({ file }) => file)).toEqual([given, ...names.map((name) => join(folder, name))]);
    expect(skipped).toEqual([
      { folder, names: ['cm_btcusd_20240101.gz', 'damaged.gz', 'other-venue.gz'], outOf: 7 },
    ]);
  });

  it('are an error where there are none', async () => {
    const folder = newFolder();
    const { captures } = await listCaptures([folder]);
    expect(captures).toEqual([
      { file: folder, bytes: 0, error: `${folder}: holds no Binance capture (*.gz)` },
    ]);
    const report = await replayEach({ captures, jobs: 4 });
    expect(report.files).toEqual([{ file: folder, error: captures[0].error }]);
  });
});

describe('number of jobs', () => {
  it.each(['1', '8', '256'])('can be %s', (text) => {
    expect(parseJobs(text)).toBe(Number(text));
  });

  it.each(['0', '-1', '1.5', 'all', '', ' 2', '1e2', '257', 'NaN'])('cannot be "%s"', (text) => {
    expect(() => parseJobs(text)).toThrow(
      new ArgumentError(`--jobs is "${text}", allowed: a whole number from 1 to 256`),
    );
  });
});

describe('summary', () => {
  it('has a row for each capture and totals', async () => {
    const folder = newFolder();
    const day = writeCapture('usdm_btcusdt_20240101.gz', 0, folder);
    const { captures } = await listCaptures([day, join(folder, 'none.gz')]);
    const { files } = await replayEach({ captures, jobs: 1 });
    const timed = files.map((one) => ('error' in one ? one : { ...one, wall_ms: 3 }));
    const text = formatSummary({ files: timed, wall_ms: 6 }).replaceAll(folder, 'day');
    const lines = text.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(lines).toEqual([
      'file symbol messages updates gaps crossed tickers equal state book sha256 messages/s',
      'day/usdm_btcusdt_20240101.gz BTCUSDT 9 7 0 0 0/0 SYNCED 9616ceea86bb 3000',
      'day/none.gz - - - - - - failed - -',
      '',
      '2 captures, 1 failed; 9 messages in 6 ms, 1500 a second',
      '',
    ]);
  });
});
