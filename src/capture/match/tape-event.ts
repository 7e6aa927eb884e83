import { Side } from '../../lib/enums.js';
import { MboAction } from '../dbn/layout.js';
import type { AggressorRun } from './fill.js';
import type { Tape } from './tape.js';

/** An event of the tape, taken apart. */
export interface TapeEvent {
  readonly start: number;
  readonly end: number;
  readonly runs: readonly AggressorRun[];
  /** Filled quantity by resting order, all runs together. */
  readonly filled: ReadonlyMap<number, number>;
  /** The last add, modify or cancel record of an order in the event. */
  readonly outcome: ReadonlyMap<number, number>;
}

/**
 * Takes an event apart. Trades (T) of one order one after the other are one run: an order that trades through several prices has a
 * trade at each. A fill (F) without a trade before it, as some venues write them, is a run of its own.
 */
export function readEvent(tape: Tape, start: number, end: number): TapeEvent {
  const runs: AggressorRun[] = [];
  const filled = new Map<number, number>();
  const outcome = new Map<number, number>();
  let run: AggressorRun | undefined;
  for (let at = start; at < end; at++) {
    const action = tape.action[at];
    const order = tape.order[at];
    const side = tape.side[at];
    if (action === MboAction.Trade) {
      if (run === undefined || run.order !== order || run.side !== side || order === 0) {
        run = newRun(tape, at, order, side);
        runs.push(run);
      }
      run.quantity += tape.size[at];
      run.limit = tape.price[at];
    } else if (action === MboAction.Fill) {
      if (run === undefined) {
        run = newRun(tape, at, 0, opposite(side));
        run.quantity = tape.size[at];
        runs.push(run);
      }
      run.fills.push({ order, price: tape.price[at], quantity: tape.size[at], at });
      if (order !== run.order) filled.set(order, (filled.get(order) ?? 0) + tape.size[at]);
    } else {
      run = undefined;
      outcome.set(order, at);
    }
  }
  return { start, end, runs, filled, outcome };
}

function newRun(tape: Tape, at: number, order: number, side: number): AggressorRun {
  return { order, side, quantity: 0, limit: tape.price[at], at, fills: [] };
}

export function opposite(side: number): Side {
  if (side === Side.Buy) return Side.Sell;
  return side === Side.Sell ? Side.Buy : Side.None;
}
