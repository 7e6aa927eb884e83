import { createHash } from 'node:crypto';
import { Random } from '../../src/lib/random.js';
import type { Market } from '../../src/venues/binance/sync.js';

/** Price to quantity, both as the venue printed them. */
export type TextLevels = [price: string, quantity: string][];

/** What one symbol's stream said over some time, as it was recorded or made up. */
export interface VenueSession {
  readonly market: Market;
  readonly symbol: string;
  /** Messages of the combined stream, in order. */
  readonly frames: readonly string[];
  /** A REST snapshot that the stream's depth updates join. */
  readonly snapshot: string;
}

/** What the server needs to know of a depth update. */
export interface DepthUpdate {
  readonly E: number;
  readonly U: number;
  readonly u: number;
  readonly b: TextLevels;
  readonly a: TextLevels;
}

export function depthOf(frame: string): DepthUpdate | undefined {
  if (!frame.includes('"depthUpdate"')) return undefined;
  return (JSON.parse(frame) as { data: DepthUpdate }).data;
}

/** The venue's side of a book: text in maps, sorted when asked. Nothing of it is shared with the code under test. */
export class TextBook {
  lastId: number;
  time = 0;
  readonly #bids: Map<string, string>;
  readonly #asks: Map<string, string>;

  constructor(snapshot: string) {
    const { lastUpdateId, bids, asks } = JSON.parse(snapshot) as {
      lastUpdateId: number;
      bids: TextLevels;
      asks: TextLevels;
    };
    this.lastId = lastUpdateId;
    this.#bids = new Map(bids);
    this.#asks = new Map(asks);
  }

  /** Applies what the snapshot does not have yet. */
  apply(update: DepthUpdate): void {
    if (update.u <= this.lastId) return;
    for (const [levels, changes] of [
      [this.#bids, update.b],
      [this.#asks, update.a],
    ] as const) {
      for (const [price, quantity] of changes) {
        if (Number(quantity) === 0) levels.delete(price);
        else levels.set(price, quantity);
      }
    }
    this.lastId = update.u;
    this.time = update.E;
  }

  bids(): TextLevels {
    return [...this.#bids].sort((one, other) => Number(other[0]) - Number(one[0]));
  }

  asks(): TextLevels {
    return [...this.#asks].sort((one, other) => Number(one[0]) - Number(other[0]));
  }

  /** The answer to a depth request now, all levels. */
  snapshot(market: Market): string {
    const times = market === 'usdm' ? { E: this.time, T: this.time } : {};
    return JSON.stringify({ lastUpdateId: this.lastId, ...times, bids: this.bids(), asks: this.asks() });
  }

  /** See hashBook in src/capture/replay-report.ts. */
  hash(): string {
    const lines = (letter: string, levels: TextLevels): string =>
      levels.map(([price, quantity]) => `${letter} ${plain(price)} ${plain(quantity)}\n`).join('');
    return createHash('sha256')
      .update(lines('b', this.bids()) + lines('a', this.asks()))
      .digest('hex');
  }
}

function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** The book after all frames of the session. */
export function endBook(session: VenueSession): TextBook {
  const book = new TextBook(session.snapshot);
  for (const frame of session.frames) {
    const update = depthOf(frame);
    if (update !== undefined) book.apply(update);
  }
  return book;
}

/** A made-up stream of `updates` depth updates, with a trade and a book ticker here and there. */
export function inventSession(market: Market, symbol: string, updates: number, seed: number): VenueSession {
  const random = new Random(seed, 1, 2, 3);
  const time = 1_723_161_255_000;
  const usdm = market === 'usdm';
  const quantity = (): string =>
    random.below(4) === 0 ? '0.000' : `${random.below(9)}.${100 + random.below(900)}`;
  const side = (above: boolean): TextLevels =>
    Array.from({ length: 1 + random.below(4) }, () => {
      const distance = random.below(400);
      const cents = 6_000_000 + (above ? 1 + distance : -distance);
      return [(cents / 100).toFixed(2), quantity()];
    });
  const name = symbol.toLowerCase();
  const frames: string[] = [];
  let last = 1000;
  for (let n = 0; n < updates; n++) {
    const first = last + 1 + (usdm ? random.below(5) : 0);
    const previous = usdm ? { pu: last } : {};
    last = first + random.below(5);
    const own = usdm ? { T: time + n } : {};
    const data = {
      e: 'depthUpdate',
      E: time + n,
      ...own,
      s: symbol,
      U: first,
      u: last,
      ...previous,
      b: side(false),
      a: side(true),
    };
    frames.push(JSON.stringify({ stream: `${name}@depth@${usdm ? 0 : 100}ms`, data }));
    if (random.below(5) > 0) continue;
    const rest = { p: '60000.00', q: '0.100' };
    const trade = usdm
      ? { e: 'trade', E: time + n, T: time + n, s: symbol, t: n, ...rest, X: 'MARKET', m: true }
      : { e: 'trade', E: time + n, s: symbol, t: n, ...rest, T: time + n, m: false, M: true };
    frames.push(JSON.stringify({ stream: `${name}@trade`, data: trade }));
  }
  const level = (above: boolean): TextLevels =>
    Array.from({ length: 300 }, (_, i) => [((6_000_000 + (above ? 1 + i : -i)) / 100).toFixed(2), '1.000']);
  const [joined] = frames
    .map(depthOf)
    .slice(3)
    .filter((one) => one !== undefined);
  const times = usdm ? { E: time, T: time } : {};
  const snapshot = { lastUpdateId: joined.u, ...times, bids: level(false), asks: level(true) };
  return { market, symbol, frames, snapshot: JSON.stringify(snapshot) };
}

/** A recording (lines without receive times) as a session. */
export function recordedSession(market: Market, symbol: string, lines: readonly string[]): VenueSession {
  const isSnapshot = (line: string): boolean => line.startsWith('{"lastUpdateId"');
  const snapshot = lines.find(isSnapshot);
  if (snapshot === undefined) throw new Error('the recording has no snapshot');
  return { market, symbol, snapshot, frames: lines.filter((line) => !isSnapshot(line)) };
}
