/**
 * Moves an order between hand, book and waiting list, and ends it: books, second records, expiries, links and flags stay
 * consistent with each other. Unpriced auction orders rest beyond all prices, at +-2^53, which no limit can have.
 */
import { OrderType, Side, TimeInForce } from '../lib/enums.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';
import * as orderLayout from './order-layout.js';
import { PendingExits } from './pending-exits.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Buy } = Side;
const { Market } = OrderType;
const { AtTheOpen } = TimeInForce;
const {
  BRACKET,
  COLD_NUMBER_SHIFT,
  COLD_SHIFT,
  DISPLAYED,
  EXPIRE_TIME,
  NOT_WAITING,
  SHOWN,
  SPECIAL,
  WAITING,
} = coldLayout;
const { bookSide, HIDDEN, LEVEL_NUMBER_SHIFT, PRICE, TOTAL } = levelLayout;
const {
  ARRIVAL,
  ATTRIBUTES,
  INSTRUMENT,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  orderTypeOf,
  QUANTITY,
  sideOf,
  timeInForceOf,
} = orderLayout;

/** Where unpriced orders rest: buys above, sells below all prices. */
const BEYOND = 2 ** 53;

export class OrderMoves {
  /** Quantity that {@link reduce} takes. */
  amount = Number.NaN;
  readonly exits = new PendingExits();
  declare private readonly state: EngineState;

  constructor(state: EngineState) {
    this.state = state;
  }

  sideOf(slot: number): number {
    const { words } = this.state.books.orders;
    return bookSide(
      words[(slot << ORDER_SHIFT) | INSTRUMENT],
      sideOf(words[(slot << ORDER_SHIFT) | ATTRIBUTES]),
    );
  }

  /** Is it an order that takes any price in an auction? */
  isUnpriced(slot: number): boolean {
    const attributes = this.state.books.orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES];
    return orderTypeOf(attributes) === Market && timeInForceOf(attributes) >= AtTheOpen;
  }

  /** Lets an unpriced order in hand rest ahead of every price. */
  priceBeyond(side: number): void {
    this.state.handPrice = side === Buy ? BEYOND : -BEYOND;
  }

  /** Is there room for one more order of `amount` on a book side at the hand's price? */
  hasRoom(bookSideIndex: number): boolean {
    const { books, handPrice } = this.state;
    const { levels } = books;
    levels.wantedPrice = handPrice;
    const level = levels.findWanted(bookSideIndex);
    if (level === 0) return levels.used < levels.capacity;
    const base = level << LEVEL_NUMBER_SHIFT;
    return (
      levels.numbers[base | TOTAL] + levels.numbers[base | HIDDEN] <= Number.MAX_SAFE_INTEGER - this.amount
    );
  }

  /** Puts the order in hand at the end of the queue at the hand's price; an iceberg shows a fresh peak. */
  rest(slot: number): void {
    const { books, cold, handPrice, instruments } = this.state;
    const { levels, orders } = books;
    const side = this.sideOf(slot);
    levels.wantedPrice = handPrice;
    let level = levels.findWanted(side);
    if (level === 0) {
      level = levels.insertWanted(side);
    }
    books.enqueue(slot, level);
    if ((orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES] & SPECIAL) !== 0) {
      const leaves = orders.numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
      const displayed = cold.numbers[(slot << COLD_NUMBER_SHIFT) | DISPLAYED];
      const shown = displayed === 0 ? leaves : Math.min(displayed, leaves);
      cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN] = shown;
      levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -= leaves - shown;
      levels.numbers[(level << LEVEL_NUMBER_SHIFT) | HIDDEN] += leaves - shown;
    }
    instruments.bookChanged(side >> 1);
  }

  /** Takes the order off its book, or out of the waiting orders, into the hand. */
  lift(slot: number): void {
    const { books, cold, instruments, waiting } = this.state;
    const { words, numbers } = books.orders;
    const base = slot << ORDER_SHIFT;
    const instrument = words[base | INSTRUMENT];
    if ((words[base | ATTRIBUTES] & SPECIAL) !== 0) {
      if (cold.words[(slot << COLD_SHIFT) | WAITING] !== NOT_WAITING) {
        waiting.remove(slot);
        this.state.stopsChanged(instrument);
        words[base | LEVEL] = 0;
        return;
      }
      const hidden =
        numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] - cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN];
      const level = words[base | LEVEL];
      books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] += hidden;
      books.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | HIDDEN] -= hidden;
    }
    books.dequeue(slot);
    words[base | LEVEL] = 0;
    instruments.bookChanged(instrument);
  }

  /** Puts an order in hand among the stops. */
  waitForTrigger(slot: number): void {
    this.state.waiting.addStop(slot);
    this.state.stopsChanged(this.state.books.orders.words[(slot << ORDER_SHIFT) | INSTRUMENT]);
  }

  /** Takes `amount` off total and open quantity, hidden quantity first; the order keeps its place. */
  reduce(slot: number): void {
    const { amount } = this;
    const { books, cold, instruments } = this.state;
    const { words, numbers } = books.orders;
    const base = slot << ORDER_SHIFT;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] - amount;
    numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] = leaves;
    numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] -= amount;
    const levelBase = words[base | LEVEL] << LEVEL_NUMBER_SHIFT;
    let shownLess = amount;
    if ((words[base | ATTRIBUTES] & SPECIAL) !== 0) {
      if (cold.words[(slot << COLD_SHIFT) | WAITING] !== NOT_WAITING) return;
      const shown = cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN];
      shownLess = Math.max(0, shown - leaves);
      cold.numbers[(slot << COLD_NUMBER_SHIFT) | SHOWN] = shown - shownLess;
      if (levelBase !== 0) books.levels.numbers[levelBase | HIDDEN] -= amount - shownLess;
    }
    if (levelBase === 0) return;
    books.levels.numbers[levelBase | TOTAL] -= shownLess;
    instruments.bookChanged(words[base | INSTRUMENT]);
  }

  /** The next peak of an iceberg that shows nothing: at the end of its queue. */
  refill(slot: number): void {
    const { levels, orders } = this.state.books;
    const own = this.state.handPrice;
    const level = orders.words[(slot << ORDER_SHIFT) | LEVEL];
    this.state.handPrice = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    this.lift(slot);
    this.rest(slot);
    this.state.handPrice = own;
  }

  /** Gives a new order its arrival and enters it in the id index, the account's chain and the expiries. */
  register(slot: number): void {
    const { books, cold, expiries } = this.state;
    books.orders.numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] = this.state.nextArrival;
    this.state.nextArrival += 1;
    books.register(slot);
    if (!cold.isSpecial(slot)) return;
    if (cold.numbers[(slot << COLD_NUMBER_SHIFT) | EXPIRE_TIME] !== 0) expiries.add(slot);
  }

  /** Ends a live order that is off book and waiting lists. `withExits`: a bracket's exits become active. */
  end(slot: number, withExits: boolean): void {
    this.release(slot, withExits);
    this.state.books.forget(slot);
  }

  /** Ends a new order that never was live. */
  drop(slot: number): void {
    this.release(slot, true);
    this.state.books.orders.release(slot);
  }

  private release(slot: number, withExits: boolean): void {
    const { books, cold, expiries } = this.state;
    if (!cold.isSpecial(slot)) return;
    cold.unlink(slot);
    expiries.remove(slot);
    if (!withExits || cold.words[(slot << COLD_SHIFT) | BRACKET] === 0) return;
    const { numbers } = books.orders;
    const filled =
      numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] > numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (filled) this.exits.push(slot, books.orders, cold);
  }
}
