import { basename } from 'node:path';
import type { Market } from '../venues/binance/sync.js';
import { CaptureError } from './capture-error.js';

/** What a recorded stream is of. */
export interface StreamDescription {
  readonly market: Market;
  /** Owner of the REST snapshots in the stream, which name no symbol. */
  readonly symbol: string;
}

const NAME = /^(usdm|spot|cm)_([a-z0-9]+)_\d{8}(?:\.dat)?\.gz$/;

/**
 * Tells market and symbol of an F1 stream by its files' names (`<market>_<symbol>_<date>.gz`), or, where a name says nothing,
 * by its first messages (`text`): only futures depth updates carry `pu`. Throws {@link CaptureError} when it cannot
 * be told or when the files do not belong together.
 */
export function describeStream(files: readonly string[], text: string): StreamDescription {
  const described = files.map((file) => byName(file) ?? byContent(file, text));
  const first = described[0];
  for (let i = 1; i < files.length; i++) {
    const { market, symbol } = described[i];
    if (market === first.market && symbol === first.symbol) continue;
    throw new CaptureError(
      files[i],
      0,
      `is ${market} ${symbol}, but ${files[0]} is ${first.market} ${first.symbol}: files given together must be one stream`,
    );
  }
  return first;
}

/** Has the file the name of a capture that can be replayed? */
export function isCaptureName(file: string): boolean {
  const market = NAME.exec(basename(file))?.[1];
  return market === 'usdm' || market === 'spot';
}

function byName(file: string): StreamDescription | undefined {
  const match = NAME.exec(basename(file));
  if (match === null) return undefined;
  const [, market, symbol] = match;
  if (market === 'cm')
    throw new CaptureError(file, 0, 'COIN-M captures are not supported, allowed: spot, usdm');
  return { market: market === 'spot' ? 'spot' : 'usdm', symbol: symbol.toUpperCase() };
}

function byContent(file: string, text: string): StreamDescription {
  const depth = /"e": ?"depthUpdate".{0,400}?"s": ?"([^"]+)"[^[]*/.exec(text);
  if (depth === null) {
    throw new CaptureError(
      file,
      0,
      'is not named <usdm|spot>_<symbol>_<date>.gz and does not begin with a Binance depth stream: unknown format',
    );
  }
  return { market: depth[0].includes('"pu"') ? 'usdm' : 'spot', symbol: depth[1] };
}
