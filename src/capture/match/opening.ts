import { Side } from '../../lib/enums.js';
import { compareFills, countInPlace, type FillDifference } from './compare.js';
import type { EngineBook } from './engine-book.js';
import type { Fill, RecordedFill } from './fill.js';
import { listFills } from './icebergs.js';
import { eventEnd, hasTrade, type Tape } from './tape.js';
import { opposite, readEvent, type TapeEvent } from './tape-event.js';

/** The uncross at the opening, ours against the recorded one. Prices in ticks, NaN where nothing traded. */
export interface OpeningOutcome {
  /** Record of the trade. */
  readonly at: number;
  readonly price: number;
  readonly volume: number;
  readonly recordedPrice: number;
  readonly recordedVolume: number;
  readonly fillsRecorded: number;
  readonly fillsMatched: number;
  readonly fillsInPlace: number;
  /** Orders that traded and had never been on display, and what they traded. */
  readonly unseenOrders: number;
  readonly unseenVolume: number;
  readonly differences: readonly FillDifference[];
}

/** When a tape is in an auction. */
export interface AuctionPlan {
  /** It begins in one. */
  readonly beginsHeld: boolean;
  /** Events (by first record) that are uncrosses. */
  readonly uncrosses: ReadonlySet<number>;
  /** Events (by first record) after which the next auction is collected. */
  readonly lastTrades: ReadonlySet<number>;
}

/**
 * Finds the uncrosses of a tape. The tape does not say when an auction begins to be collected; between the last trade before an uncross
 * and the uncross nothing trades, so it makes no difference to hold the orders all that time.
 */
export function planAuctions(tape: Tape): AuctionPlan {
  const uncrosses = new Set<number>();
  const lastTrades = new Set<number>();
  let lastTrade = -1;
  let beginsHeld = false;
  for (let start = 0; start < tape.length; ) {
    const end = eventEnd(tape, start);
    if (hasTrade(tape, start, end)) {
      if (isUncross(readEvent(tape, start, end))) {
        uncrosses.add(start);
        if (lastTrade < 0) beginsHeld = true;
        else lastTrades.add(lastTrade);
      }
      lastTrade = start;
    }
    start = end;
  }
  return { beginsHeld, uncrosses, lastTrades };
}

/** An uncross has trades without aggressor, and names the orders of both sides: together twice the volume. */
function isUncross({ runs }: TapeEvent): boolean {
  let volume = 0;
  let filled = 0;
  for (const run of runs) {
    if (run.side !== Side.None) return false;
    volume += run.quantity;
    for (const { quantity } of run.fills) filled += quantity;
  }
  return volume > 0 && filled === 2 * volume;
}

/**
 * Lets the engine uncross. Orders that filled without ever having been shown (stop orders, mostly) are entered first, behind the
 * order of their side that filled before them: that is as much as the tape tells of their price.
 */
export function uncrossOpening(
  event: TapeEvent,
  book: EngineBook,
  icebergs: ReadonlySet<number>,
): OpeningOutcome {
  const [run] = event.runs;
  const recorded = event.runs.flatMap(({ fills }) => fills);
  const recordedVolume = event.runs.reduce((total, { quantity }) => total + quantity, 0);
  const sides = sidesOf(recorded, recordedVolume, book);
  const unseen = recorded.filter(({ order }) => !book.has(order));
  enterUnseen(recorded, sides, book);
  const traded = book.uncross();
  const compared = [Side.Buy, Side.Sell].map((side) => {
    const theirs = recorded.filter((_, index) => sides[index] === side);
    const ours = listFills(side === Side.Buy ? traded.buys : traded.sells, 0, icebergs);
    return { ...compareFills(theirs, ours), inPlace: countInPlace(theirs, ours) };
  });
  return {
    at: run.at,
    price: traded.buys.at(0)?.price ?? Number.NaN,
    volume: sumOf(traded.buys),
    recordedPrice: run.limit,
    recordedVolume,
    fillsRecorded: recorded.length,
    fillsMatched: compared.reduce((total, { matched }) => total + matched, 0),
    fillsInPlace: compared.reduce((total, { inPlace }) => total + inPlace, 0),
    unseenOrders: unseen.length,
    unseenVolume: sumOf(unseen),
    differences: compared.flatMap(({ differences }) => differences),
  };
}

function sumOf(fills: readonly Fill[]): number {
  return fills.reduce((total, { quantity }) => total + quantity, 0);
}

/**
 * The side of every fill. The records do not say it (their side is none); orders on the book have theirs. For the others: the
 * venue lists buys and sells in turn while it has both, and both sides must add up to the volume.
 */
function sidesOf(fills: readonly RecordedFill[], volume: number, book: EngineBook): number[] {
  const missing = { [Side.Buy]: volume, [Side.Sell]: volume } as Record<number, number>;
  for (const { order, quantity } of fills) {
    if (book.has(order)) missing[book.side(order)] -= quantity;
  }
  let turn: number = Side.Buy;
  return fills.map(({ order, quantity }) => {
    let side = book.side(order);
    if (side === Side.None) {
      side = missing[turn] >= quantity ? turn : opposite(turn);
      missing[side] -= quantity;
    }
    turn = opposite(side);
    return side;
  });
}

function enterUnseen(fills: readonly RecordedFill[], sides: readonly number[], book: EngineBook): void {
  // Before any other of its side: at market.
  const price = { [Side.Buy]: Number.NaN, [Side.Sell]: Number.NaN } as Record<number, number>;
  fills.forEach(({ order, quantity }, index) => {
    const side = sides[index];
    if (book.has(order)) price[side] = book.price(order);
    else book.enterForOpening(order, side, price[side], quantity);
  });
}
