import { hasTooManyPeaks } from '../../book/matching-rules.js';
import { MboAction } from '../dbn/layout.js';
import type { EngineFill } from './engine-book.js';
import type { Fill } from './fill.js';
import type { RecordedOrders } from './recorded-orders.js';
import type { Tape } from './tape.js';
import type { TapeEvent } from './tape-event.js';

/** What comes out of hiding of one order until it is off the book or amended. */
export interface Iceberg {
  /** All that comes out. */
  readonly hidden: number;
  /** How much shows after a refill. */
  readonly peak: number;
}

/** The icebergs of a tape. */
export interface IcebergPlan {
  readonly orders: ReadonlySet<number>;
  /** By the record with which the order comes onto the book, or is amended. */
  readonly byEntry: ReadonlyMap<number, Iceberg>;
  /** Events in which an iceberg is refilled, or filled beyond what showed. */
  readonly refills: number;
}

interface Life {
  readonly order: number;
  mostShown: number;
  hidden: number;
  /** Greatest common divisor of what came out of hiding in all events but the last: whole peaks. */
  divisor: number;
  /** What came out in the last event, and what of it was left on display. */
  lastOut: number;
  lastShown: number;
}

/**
 * Finds the icebergs of a tape: how much comes out of hiding, the events say (see {@link hiddenQuantity}). It comes in whole peaks but
 * for the last, and no more than a peak is ever on display.
 */
export class IcebergSurvey {
  readonly #tape: Tape;
  readonly #recorded: RecordedOrders;
  /** The record with which an order came onto the book or was amended, and the most that it showed since it came. */
  readonly #entry: Uint32Array;
  readonly #mostShown: Float64Array;
  readonly #lives = new Map<number, Life>();
  #refills = 0;

  constructor(tape: Tape, recorded: RecordedOrders) {
    this.#tape = tape;
    this.#recorded = recorded;
    this.#entry = new Uint32Array(tape.ids.size + 1);
    this.#mostShown = new Float64Array(tape.ids.size + 1);
  }

  /** Takes an event before its records are applied to the recorded orders. */
  event(event: TapeEvent): void {
    for (const [order, filled] of event.filled) {
      const hidden = hiddenQuantity(this.#tape, event, this.#recorded, order, filled);
      if (hidden === 0) continue;
      const entry = this.#entry[order];
      const life = this.#lives.get(entry) ?? newLife(order, this.#mostShown[order]);
      life.hidden += hidden;
      life.divisor = greatestCommonDivisor(life.divisor, life.lastOut);
      life.lastOut = hidden;
      life.lastShown = hidden - (filled - this.#recorded.shown(order));
      this.#lives.set(entry, life);
      this.#refills++;
      this.#recorded.refilled(order);
    }
  }

  /**
   * Takes a record after it was applied. `wasShown`: the order was on the book before; `wasFilled`: it was filled in the event, so a modify
   * is no amend by its owner, which might change what it hides.
   */
  record(at: number, wasShown: boolean, wasFilled: boolean): void {
    const { action, order: orders } = this.#tape;
    const order = orders[at];
    if (action[at] !== MboAction.Add && action[at] !== MboAction.Modify) return;
    const isNew = action[at] === MboAction.Add || !wasShown;
    if (isNew || !wasFilled) this.#entry[order] = at;
    if (isNew) this.#mostShown[order] = 0;
    const most = Math.max(this.#mostShown[order], this.#recorded.shown(order));
    this.#mostShown[order] = most;
    const life = this.#lives.get(this.#entry[order]);
    if (life !== undefined) life.mostShown = most;
  }

  plan(): IcebergPlan {
    const byEntry = new Map([...this.#lives].map(([at, life]) => [at, icebergOf(life)]));
    const orders = new Set([...this.#lives.values()].map(({ order }) => order));
    return { orders, byEntry, refills: this.#refills };
  }
}

function newLife(order: number, mostShown: number): Life {
  return { order, mostShown, hidden: 0, divisor: 0, lastOut: 0, lastShown: 0 };
}

/** The peak is the most that ever showed, unless what came out contradicts it: then it never showed in full. */
function icebergOf({ mostShown, hidden, divisor, lastOut, lastShown }: Life): Iceberg {
  const usedOfPeak = (lastOut - lastShown) % mostShown;
  const fits = divisor % mostShown === 0 && lastShown <= mostShown - usedOfPeak;
  const peak = fits ? mostShown : Math.max(mostShown, greatestCommonDivisor(divisor, lastOut));
  // A broken tape could ask for more peaks than the engine takes.
  return { hidden, peak: hasTooManyPeaks(peak, hidden + mostShown) ? hidden : peak };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * What comes out of hiding in an event: filled plus shown after less shown before; 0 when what showed was not used up, or when the
 * order was not on display before.
 */
export function hiddenQuantity(
  tape: Tape,
  event: TapeEvent,
  recorded: RecordedOrders,
  order: number,
  filled: number,
): number {
  const shown = recorded.shown(order);
  if (shown === 0 || filled < shown) return 0;
  const at = event.outcome.get(order);
  const stays = at !== undefined && tape.action[at] !== MboAction.Cancel;
  return filled - shown + (stays ? tape.size[at] : 0);
}

/**
 * Our trades of one aggressor as the tape would list them: one fill an order and price, in the order of trading, but an iceberg whose shown
 * part was used up stands behind the others of its price, refilled or not. An aggressor that was on the book (`resting`, else 0) is
 * listed as well, before those that it traded with.
 */
export function listFills(
  trades: readonly EngineFill[],
  resting: number,
  icebergs: ReadonlySet<number>,
): Fill[] {
  const list: Fill[] = [];
  for (let start = 0; start < trades.length; ) {
    const { price } = trades[start];
    let end = start;
    while (end < trades.length && trades[end].price === price) end++;
    list.push(...listPrice(trades.slice(start, end), price, resting, icebergs));
    start = end;
  }
  return list;
}

function listPrice(
  trades: readonly EngineFill[],
  price: number,
  resting: number,
  icebergs: ReadonlySet<number>,
): Fill[] {
  const quantities = new Map<number, number>();
  const last = new Set<number>();
  let total = 0;
  for (const { order, quantity, usedUp } of trades) {
    total += quantity;
    quantities.set(order, (quantities.get(order) ?? 0) + quantity);
    if (!usedUp || !icebergs.has(order)) continue;
    last.delete(order);
    last.add(order);
  }
  const direct = [...quantities.keys()].filter((order) => !last.has(order));
  const fills = [...direct, ...last].map((order) => ({
    order,
    price,
    quantity: quantities.get(order) ?? 0,
  }));
  return resting === 0 ? fills : [{ order: resting, price, quantity: total }, ...fills];
}
