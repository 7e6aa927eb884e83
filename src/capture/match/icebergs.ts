import { MboAction } from '../dbn/layout.js';
import type { EngineBook, EngineFill } from './engine-book.js';
import type { Fill } from './fill.js';
import type { RecordedOrders } from './recorded-orders.js';
import type { Tape } from './tape.js';
import type { TapeEvent } from './tape-event.js';

interface Refill {
  readonly order: number;
  readonly part: number;
  left: number;
}

/**
 * Puts the hidden quantity of icebergs onto the engine's book as further parts, each behind all that rests. How much is hidden, the event
 * itself says: what was filled and what shows afterwards, less what showed before. The engine sees an order
 * and its parts exactly where they would be: no order joins the queue while an aggressor trades, so it makes no difference
 * whether a part is queued when the one before it is used up or just before the aggressor comes, in the same order.
 * Returns the orders that are refilled.
 */
export function placeRefills(
  tape: Tape,
  event: TapeEvent,
  recorded: RecordedOrders,
  book: EngineBook,
): ReadonlySet<number> {
  const refills: Refill[] = [];
  for (const [order, filled] of event.filled) {
    const hidden = hiddenQuantity(tape, event, recorded, order, filled);
    if (hidden > 0 && book.has(order))
      refills.push({ order, part: partOf(hidden, recorded, order), left: hidden });
  }
  refills.sort((a, b) => book.rank(a.order) - book.rank(b.order));
  // Round by round: every iceberg of a level is refilled once before the first of them is refilled again.
  for (let open = refills; open.length > 0; open = open.filter(({ left }) => left > 0)) {
    for (const refill of open) {
      const quantity = Math.min(refill.part, refill.left);
      refill.left -= quantity;
      book.add(refill.order, recorded.side(refill.order), recorded.price(refill.order), quantity);
    }
  }
  return new Set(refills.map(({ order }) => order));
}

/** What came out of hiding in this event: filled plus shown after less shown before; 0 when the shown part was not used up. */
function hiddenQuantity(
  tape: Tape,
  event: TapeEvent,
  recorded: RecordedOrders,
  order: number,
  filled: number,
): number {
  const shown = recorded.shown(order);
  if (filled < shown) return 0;
  const at = event.outcome.get(order);
  const stays = at !== undefined && tape.action[at] !== MboAction.Cancel;
  return filled - shown + (stays ? tape.size[at] : 0);
}

/** Parts of one order in one event: far more than an exchange's orders have, far fewer than a broken tape could ask for. */
const MOST_PARTS = 1024;

/** How much of `hidden` shows at a time: the order's peak if that fits, else all of it at once. */
function partOf(hidden: number, recorded: RecordedOrders, order: number): number {
  const peak = recorded.peak(order);
  return peak > 0 && hidden % peak === 0 && hidden / peak <= MOST_PARTS ? peak : hidden;
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
