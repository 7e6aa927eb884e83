import type { DepthBook } from '../../book/depth-book.js';
import type { DepthSide } from '../../book/depth-side.js';
import { formatDecimal } from '../../lib/decimal.js';
import type { Instrument } from '../../lib/instruments.js';

/** Levels of a side that a client can ask for. */
export const MAXIMUM_DEPTH = 1000;
export const DEFAULT_DEPTH = 20;

/** Members of a book's JSON, without braces; best level first. A book that may not be read has no levels. */
export function bookMembers(
  instrument: Instrument,
  book: DepthBook | undefined,
  depth: number,
  venueSequence: number,
): string {
  const bids = book === undefined ? '' : levels(book.bids, instrument, depth);
  const asks = book === undefined ? '' : levels(book.asks, instrument, depth);
  return (
    `"symbol":"${instrument.symbol}","synced":${book !== undefined},"venue_sequence":"${venueSequence}"` +
    `,"bids":[${bids}],"asks":[${asks}]`
  );
}

function levels(side: DepthSide, instrument: Instrument, depth: number): string {
  const count = Math.min(side.count, depth);
  let text = '';
  for (let i = 0; i < count; i++) {
    const price = formatDecimal(side.price(i), instrument.tick);
    const quantity = formatDecimal(side.quantity(i), instrument.lot);
    text += `${i === 0 ? '' : ','}["${price}","${quantity}"]`;
  }
  return text;
}
