/** Price bands and fees, exact by BigInt. */
import { Reason } from '../lib/enums.js';
import type { NaiveInstrument } from './naive-instrument.js';

/** The band that a trade at this price would break, or None. `lastPrice`: before the block. */
export function brokenBand(instrument: NaiveInstrument, price: number, lastPrice: number): Reason {
  const { staticBand, dynamicBand } = instrument.rules;
  if (isOutside(price, instrument.referencePrice, staticBand)) return Reason.StaticPriceBand;
  if (isOutside(price, lastPrice, dynamicBand)) return Reason.DynamicPriceBand;
  return Reason.None;
}

function isOutside(price: number, center: number, band: number): boolean {
  if (band === 0 || Number.isNaN(center)) return false;
  const width = (BigInt(Math.abs(center)) * BigInt(band)) / 10_000n;
  const distance = BigInt(price) - BigInt(center);
  return distance > width || -distance > width;
}

/** What a trade costs at `rate` hundred-millionths of its value, rounded towards plus infinity. */
export function fee(price: number, quantity: number, rate: number): number {
  const scaled = BigInt(Math.abs(price)) * BigInt(quantity) * BigInt(rate);
  // Division of BigInts rounds towards zero: up already for a rebate.
  const rounded = scaled > 0n ? (scaled + 99_999_999n) / 100_000_000n : scaled / 100_000_000n;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(rounded)));
}
