/** Tapes written line by line: "T B 9 100 3" is a trade, aggressor buys, order 9, price 100, 3 lots; "|" ends an event. */
import { DbnReader } from '../../../src/capture/dbn/reader.js';
import { matchTape } from '../../../src/capture/match/match-command.js';
import type { MatchReport } from '../../../src/capture/match/match-report.js';
import { readTape, type TapeOptions } from '../../../src/capture/match/tape.js';
import { DbnWriter, type WrittenRecord } from '../../support/dbn-writer.js';

const ONE = 1_000_000_000n;

/** The bytes of a tape. Every line is an event, its records separated by commas; prices in whole units. */
export function tapeBytes(script: string): Uint8Array {
  const writer = new DbnWriter();
  const events = script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  events.forEach((event, index) => {
    const records = event.split(',').map((text) => record(text.trim(), BigInt(index)));
    records.forEach((one, at) => {
      if (at < records.length - 1) writer.add(one);
      else writer.last(one);
    });
  });
  return writer.bytes();
}

/** Runs a tape through the engine. */
export function matchScript(script: string, options?: TapeOptions): MatchReport {
  const bytes = tapeBytes(script);
  return matchTape(readTape(() => new DbnReader(bytes, 'script'), options));
}

function record(text: string, time: bigint): WrittenRecord {
  const [action, side, id, price, size] = text.split(/ +/);
  return {
    action: action as WrittenRecord['action'],
    side: side as WrittenRecord['side'],
    id: BigInt(id ?? 0),
    ...(price !== undefined && { price: BigInt(price) * ONE }),
    size: Number(size ?? 0),
    time,
  };
}
