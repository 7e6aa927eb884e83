import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { defaultScales } from '../../src/venues/binance/feed-handler.js';
import type { BinanceInstrument } from '../../src/venues/binance/message.js';
import type { Market } from '../../src/venues/binance/sync.js';
import { capture } from '../support/captures.js';

const NEWLINE = 10;
const SPACE = 32;

/** The messages of an F1 capture, without their receive times. */
export function linesOf(name: string): Uint8Array[] {
  const bytes = new Uint8Array(gunzipSync(readFileSync(capture(`binance/${name}`))));
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    lines.push(bytes.subarray(bytes.indexOf(SPACE, start) + 1, end));
    start = end + 1;
  }
  return lines;
}

/** Instrument 0, BTCUSDT, in the market's default steps. */
export function instrumentOf(market: Market): BinanceInstrument {
  return { instrument: 0, symbol: 'BTCUSDT', ...defaultScales(market) };
}
