import type { OutsideVenue } from '../../config/names.js';
import type { Market } from '../../venues/binance/sync.js';

/** Levels a side that are asked for: the most that costs the same at both venues' next step. */
const SNAPSHOT_LIMIT = 1000;

/** What differs between Binance's markets for one who connects. */
export interface VenueTerms {
  readonly market: Market;
  /** Suffixes of the streams of one symbol. */
  readonly streams: readonly string[];
  readonly snapshotPath: string;
  /**
   * Request weight of one snapshot, and what we allow ourselves: a bucket of `burst`, refilled by `perSecond`. Half of the venue's limit,
   * because that counts by address, and we may not be alone behind ours.
   */
  readonly snapshotWeight: number;
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * https://developers.binance.com/docs/binance-spot-api-docs (6,000 weight a minute; depth of 1000: 50) and
 * https://developers.binance.com/docs/derivatives (2,400 a minute; depth of 1000: 20).
 */
export const VENUE_TERMS: Readonly<Record<OutsideVenue, VenueTerms>> = {
  'binance-spot': {
    market: 'spot',
    streams: ['depth@100ms', 'bookTicker', 'trade'],
    snapshotPath: '/api/v3/depth',
    snapshotWeight: 50,
    burst: 1000,
    perSecond: 50,
  },
  'binance-usdm': {
    market: 'usdm',
    streams: ['depth@0ms', 'bookTicker', 'trade'],
    snapshotPath: '/fapi/v1/depth',
    snapshotWeight: 20,
    burst: 400,
    perSecond: 20,
  },
};

/** Address of the combined stream of these symbols. */
export function streamUrl(base: string, { streams }: VenueTerms, symbols: readonly string[]): string {
  const names = symbols.flatMap((symbol) => streams.map((stream) => `${symbol.toLowerCase()}@${stream}`));
  return `${base.replace(/\/+$/, '')}/stream?streams=${names.join('/')}`;
}

/** Address of a symbol's depth snapshot. */
export function snapshotUrl(base: string, { snapshotPath }: VenueTerms, symbol: string): string {
  return `${base.replace(/\/+$/, '')}${snapshotPath}?symbol=${symbol}&limit=${SNAPSHOT_LIMIT}`;
}
