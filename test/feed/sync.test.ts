import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DepthSide } from '../../src/book/depth-side.js';
import { SYNC_REASON_NAMES, SYNC_STATE_NAMES, SyncReason, SyncState } from '../../src/lib/enums.js';
import { BinanceMessage, NO_ID } from '../../src/venues/binance/message.js';
import { BinanceBookSync, type Market, type SyncOptions } from '../../src/venues/binance/sync.js';
import { SEED } from '../support/seed.js';
import { NaiveBook } from './naive-book.js';

type Level = readonly [price: number, quantity: number];
interface Event {
  readonly first: number;
  readonly last: number;
  readonly previous: number;
  readonly bids?: readonly Level[];
  readonly asks?: readonly Level[];
}

/** A book under test, with its transitions written down as they come. */
class Harness {
  readonly transitions: string[] = [];
  updates = 0;
  readonly sync: BinanceBookSync;
  readonly #message = new BinanceMessage();

  constructor(market: Market, options: Omit<SyncOptions, 'market'> = {}) {
    this.sync = new BinanceBookSync(
      { market, ...options },
      {
        updateApplied: () => {
          this.updates++;
        },
        transition: (previous, state, reason) => {
          this.transitions.push(
            `${SYNC_STATE_NAMES[previous]} > ${SYNC_STATE_NAMES[state]}: ${SYNC_REASON_NAMES[reason]}`,
          );
          expect(this.sync.readable() !== undefined).toBe(state === SyncState.Synced);
        },
      },
    );
  }

  event({ first, last, previous, bids = [[100, 1]], asks = [[101, 1]] }: Event): void {
    this.#fill(bids, asks);
    this.#message.firstId = first;
    this.#message.lastId = last;
    this.#message.previousId = previous;
    this.sync.depthUpdate(this.#message);
  }

  snapshot(id: number, bids: readonly Level[] = [[100, 1]], asks: readonly Level[] = [[101, 1]]): void {
    this.#fill(bids, asks);
    this.#message.lastId = id;
    this.sync.snapshot(this.#message);
  }

  get synced(): boolean {
    return this.sync.readable() !== undefined;
  }

  #fill(bids: readonly Level[], asks: readonly Level[]): void {
    const { levels } = this.#message;
    levels.bidCount = bids.length;
    levels.askCount = asks.length;
    [...bids, ...asks].forEach(([price, quantity], i) => {
      levels.set(i, price, quantity);
    });
  }
}

/** Event `n` of an unbroken stream: ten ids each. Futures ids leave holes, so only `pu` connects them. */
function nth(market: Market, n: number): Event {
  return market === 'spot'
    ? { first: n * 10 + 1, last: n * 10 + 10, previous: NO_ID }
    : { first: n * 10 + 3, last: n * 10 + 10, previous: n * 10 };
}

const MARKETS = ['spot', 'usdm'] as const;

describe.each(MARKETS)('%s book synchronisation', (market) => {
  it('keeps events until the snapshot and finds the one that joins among them', () => {
    const harness = new Harness(market);
    for (let n = 0; n < 6; n++) harness.event(nth(market, n));
    expect(harness.synced).toBe(false);
    harness.snapshot(35);
    expect(harness.synced).toBe(true);
    expect(harness.sync.lastId).toBe(60);
    expect(harness.sync.counters).toMatchObject({
      eventsDroppedBeforeSnapshot: 3,
      updatesApplied: 3,
      snapshotsApplied: 1,
    });
    expect(harness.transitions).toEqual([
      'DISCONNECTED > BUFFERING: CONNECTED',
      'BUFFERING > SYNCED: SNAPSHOT_APPLIED',
    ]);
    harness.event(nth(market, 6));
    expect(harness.updates).toBe(1);
  });

  it('waits for an event that joins a snapshot which came first', () => {
    const harness = new Harness(market);
    harness.snapshot(35);
    expect(harness.synced).toBe(false);
    harness.event(nth(market, 2));
    expect(harness.synced).toBe(false);
    harness.event(nth(market, 3));
    expect(harness.synced).toBe(true);
    expect(harness.sync.counters.eventsDroppedBeforeSnapshot).toBe(1);
  });

  it('refuses a snapshot older than what it has seen, and takes a newer one', () => {
    const harness = new Harness(market);
    for (let n = 5; n < 8; n++) harness.event(nth(market, n));
    harness.snapshot(30);
    expect(harness.transitions.at(-1)).toBe('BUFFERING > RESYNC: SNAPSHOT_TOO_OLD');
    harness.snapshot(65);
    expect(harness.synced).toBe(true);
    expect(harness.sync.lastId).toBe(80);
    expect(harness.sync.counters).toMatchObject({ snapshotsTooOld: 1, snapshotsApplied: 1 });
  });

  it('treats the edges of joining as the venue says', () => {
    // Spot: u <= lastUpdateId is dropped. Futures: u < lastUpdateId is dropped, so u = lastUpdateId joins.
    const harness = new Harness(market);
    harness.event(nth(market, 2));
    harness.snapshot(30);
    expect(harness.synced).toBe(market === 'usdm');
    harness.event(nth(market, 3));
    expect(harness.synced).toBe(true);
    expect(harness.sync.counters.updatesApplied).toBe(market === 'usdm' ? 2 : 1);
  });

  it.each([
    ['a lost event', [0, 1, 3]],
    ['a repeated event', [0, 1, 1]],
    ['two events swapped', [0, 2, 1]],
    ['an old event', [0, 1, 2, 0]],
  ])('%s is noticed at once, and only a snapshot helps', (_, order) => {
    const harness = new Harness(market);
    harness.event(nth(market, 0));
    harness.snapshot(5);
    const [, ...later] = order;
    const broken = later.findIndex((n, i) => n !== i + 1);
    later.slice(0, broken).forEach((n) => {
      harness.event(nth(market, n));
    });
    expect(harness.synced).toBe(true);
    harness.event(nth(market, later[broken]));
    expect(harness.transitions.at(-1)).toBe('SYNCED > RESYNC: SEQUENCE_GAP');
    expect(harness.sync.counters.sequenceGaps).toBe(1);
    for (let n = 4; n < 20; n++) harness.event(nth(market, n));
    expect(harness.synced).toBe(false);
    harness.snapshot(155);
    expect(harness.transitions.at(-1)).toBe('RESYNC > SYNCED: SNAPSHOT_APPLIED');
    expect(harness.sync.lastId).toBe(200);
  });

  it('stays withdrawn when what waits is itself broken, until the snapshot is past the break', () => {
    const harness = new Harness(market);
    for (const n of [0, 1, 2, 4, 5]) harness.event(nth(market, n));
    harness.snapshot(15);
    expect(harness.transitions.at(-1)).toBe('BUFFERING > RESYNC: SEQUENCE_GAP');
    harness.snapshot(45);
    expect(harness.synced).toBe(true);
    expect(harness.sync.lastId).toBe(60);
  });

  it.each([
    ['crossed', 102],
    ['locked', 101],
  ])('withdraws a %s book', (_, bid) => {
    const harness = new Harness(market);
    harness.event(nth(market, 0));
    harness.snapshot(5);
    harness.event({ ...nth(market, 1), bids: [[bid, 1]] });
    expect(harness.transitions.at(-1)).toBe('SYNCED > RESYNC: CROSSED_BOOK');
    expect(harness.sync.counters.crossedUpdates).toBe(1);
    expect(harness.updates).toBe(0);
  });

  it('withdraws after a bad message, and counts one that comes while it waits', () => {
    const harness = new Harness(market);
    harness.sync.badMessage();
    harness.event(nth(market, 0));
    harness.snapshot(5);
    harness.sync.badMessage();
    expect(harness.transitions.at(-1)).toBe('SYNCED > RESYNC: BAD_MESSAGE');
    expect(harness.sync.counters.badMessages).toBe(2);
  });

  it('goes stale and comes back with an event that continues, or resynchronises', () => {
    for (const next of [1, 2]) {
      const harness = new Harness(market);
      harness.event(nth(market, 0));
      harness.snapshot(5);
      harness.sync.stale();
      expect(harness.synced).toBe(false);
      harness.event(nth(market, next));
      expect(harness.transitions.slice(-2)).toEqual([
        'SYNCED > STALE: STALE_DATA',
        next === 1 ? 'STALE > SYNCED: CONNECTED' : 'STALE > RESYNC: SEQUENCE_GAP',
      ]);
    }
  });

  it('forgets everything when disconnected', () => {
    const harness = new Harness(market);
    harness.event(nth(market, 0));
    harness.snapshot(5);
    harness.sync.disconnect(SyncReason.Disconnected);
    expect(harness.transitions.at(-1)).toBe('SYNCED > DISCONNECTED: DISCONNECTED');
    harness.event(nth(market, 1));
    expect(harness.synced).toBe(false);
    expect(harness.sync.buffered).toBe(1);
  });

  it('bounds what it keeps', () => {
    const harness = new Harness(market, { maximumBufferedEvents: 4 });
    for (let n = 0; n < 6; n++) harness.event(nth(market, n));
    expect(harness.transitions.at(-1)).toBe('BUFFERING > RESYNC: CAPACITY');
    expect(harness.sync.buffered).toBe(2);
    harness.snapshot(55);
    expect(harness.synced).toBe(true);
  });

  it('counts, or by choice refuses, prices that a full snapshot did not cover', () => {
    for (const resyncBeyondHorizon of [false, true]) {
      const harness = new Harness(market, { snapshotDepth: 2, resyncBeyondHorizon });
      harness.event({ ...nth(market, 0), bids: [], asks: [] });
      harness.snapshot(
        5,
        [
          [100, 1],
          [99, 1],
        ],
        [
          [101, 1],
          [102, 1],
        ],
      );
      harness.event({ ...nth(market, 1), bids: [[100, 0]], asks: [] });
      expect(harness.synced).toBe(true);
      harness.event({
        ...nth(market, 2),
        bids: [
          [99, 0],
          [98, 5],
        ],
        asks: [],
      });
      expect(harness.sync.counters.updatesBeyondHorizon).toBe(1);
      expect(harness.synced).toBe(!resyncBeyondHorizon);
      if (resyncBeyondHorizon) expect(harness.transitions.at(-1)).toBe('SYNCED > RESYNC: DEPTH_HORIZON');
    }
  });

  it('shows the true book or none, however the stream is damaged', () => {
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 12 }), (mutations) => {
        const harness = new Harness(market);
        for (const { event, snapshot } of damaged(mutations)) {
          if (event !== undefined) harness.event({ ...nth(market, event), ...changes(event) });
          if (snapshot !== undefined) harness.snapshot(snapshot, ...sides(truth(snapshot)));
          const book = harness.sync.readable();
          if (book === undefined) continue;
          const { bids, asks } = truth(harness.sync.lastId);
          expect(listed(book.bids)).toEqual(bids());
          expect(listed(book.asks)).toEqual(asks());
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

const EVENTS = 40;

/** What event `n` changes: few levels, often removed, so that a wrong order shows. */
function changes(n: number): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
  return {
    bids: [[100 - (n % 5), n % 3 === 0 ? 0 : n + 1]],
    asks: [[200 + (n % 4), n % 7 === 0 ? 0 : n + 1]],
  };
}

/** The venue's book once all events up to update id `id` are in it. */
function truth(id: number): { bids: () => Level[]; asks: () => Level[] } {
  const book = new NaiveBook();
  for (let n = 0; n * 10 + 10 <= id; n++) book.apply(changes(n).bids, changes(n).asks);
  return { bids: () => book.bids(), asks: () => book.asks() };
}

function sides({ bids, asks }: ReturnType<typeof truth>): [Level[], Level[]] {
  return [bids(), asks()];
}

function listed(side: DepthSide): Level[] {
  return Array.from({ length: side.count }, (_, depth) => [side.price(depth), side.quantity(depth)] as const);
}

const mutation = fc.record({
  kind: fc.constantFrom('drop', 'repeat', 'swap', 'snapshot', 'snapshot', 'snapshot'),
  at: fc.nat({ max: EVENTS - 2 }),
  /** Update ids by which a snapshot is behind the events around it, or ahead of them. */
  lag: fc.integer({ min: -30, max: 60 }),
});

interface Arrival {
  readonly event?: number;
  readonly snapshot?: number;
}

function damaged(mutations: readonly { kind: string; at: number; lag: number }[]): Arrival[] {
  const arrivals: Arrival[] = Array.from({ length: EVENTS }, (_, event) => ({ event }));
  for (const { kind, at: wanted, lag } of mutations) {
    const at = wanted % (arrivals.length - 1);
    if (kind === 'drop') arrivals.splice(at, 1);
    else if (kind === 'repeat') arrivals.splice(at, 0, arrivals[at]);
    else if (kind === 'swap') arrivals.splice(at, 2, arrivals[at + 1], arrivals[at]);
    else arrivals.splice(at, 0, { snapshot: Math.max(0, at * 10 - lag) });
  }
  return arrivals;
}
