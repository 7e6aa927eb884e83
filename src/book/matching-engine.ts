/**
 * The matching engine: price-time priority over preallocated records, no allocation per command.
 * The contract is in matching.ts; the twin that checks it is naive-matching.ts.
 *
 * How a command runs: everything that can refuse it is decided first, then state changes, so a refused command
 * changes nothing. A taker gets its order record before it matches; it rests in it or gives it back.
 * Wide numbers (ids, prices, quantities) travel in records and fields, never as arguments: see matching.ts. Fields that
 * the constructor sets are declared, not defined: a defined field starts as undefined, after which V8 knows nothing of
 * its type and checks it at every use.
 */
import { EventFlags, OrderFlags, OrderType, Reason, Side, TimeInForce } from '../lib/enums.js';
import * as levelLayout from './level-layout.js';
import { Matcher } from './matcher.js';
import {
  ALL_INSTRUMENTS,
  type Matching,
  type MatchingCapacities,
  MatchingCommand,
  type MatchingEvents,
  type RestingOrder,
  resolveCapacities,
} from './matching.js';
import { amendRefusal, hasOrderId, massCancelRefusal, newOrderRefusal } from './matching-rules.js';
import { hashBooks, validateBooks } from './matching-walks.js';
import { OrderBooks } from './order-books.js';
import * as orderLayout from './order-layout.js';
import { ReportWriter } from './report-writer.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Limit } = OrderType;
const { GoodTillCancel, FillOrKill } = TimeInForce;
const { PostOnly } = OrderFlags;
const { Buy } = Side;
const OWN = EventFlags.EndOfCommand | EventFlags.Answer;
const { DuplicateOrderId, BookCapacity, FillOrKillUnfilled, ImmediateRemainder } = Reason;
const { AmendBelowFilled, NotOrderOwner, UnknownOrder, UserRequested, MassCancelRequested, WouldCross } =
  Reason;
const NO_REASON = Reason.None;
const { BOOK_SIDE, bookSide, COUNT, keyHigh, keyLow, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, PRICE } = levelLayout;
const {
  ACCOUNT,
  ARRIVAL,
  ATTRIBUTES,
  flagsOf,
  highWord,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  LEAVES,
  LEVEL,
  ORDER_NUMBER_SHIFT,
  ORDER_SHIFT,
  packAttributes,
  QUANTITY,
  sideOf,
} = orderLayout;

const NO_REST = -1;

export class MatchingEngine implements Matching {
  readonly command = new MatchingCommand();
  declare private readonly books: OrderBooks;
  declare private readonly reports: ReportWriter;
  declare private readonly instruments: number;
  declare private readonly matcher: Matcher;
  private nextArrival = Number.NaN;
  /** Where the order at hand rests what it does not trade: a level, 0 for a new one, or NO_REST. */
  private level = NO_REST;
  /** The command's order id as words, and its price as a key: see readId and readPrice. */
  private idLow = 0;
  private idHigh = 0;
  private priceLow = 0;
  private priceHigh = 0;

  /** Reserves memory for the capacities; throws RangeError when one is out of range. */
  constructor(capacities: MatchingCapacities, events: MatchingEvents) {
    const resolved = resolveCapacities(capacities);
    this.books = new OrderBooks(resolved);
    this.reports = new ReportWriter(this.books, events);
    this.instruments = resolved.instruments;
    this.matcher = new Matcher(this.books, this.command, events);
    this.nextArrival = 1;
  }

  newOrder(): void {
    const { command, reports, matcher } = this;
    const side = bookSide(command.instrument, command.side);
    const refusal = this.refuseNew(side);
    if (refusal === FillOrKillUnfilled) {
      reports.cancelNew(command, refusal);
    } else if (refusal !== NO_REASON) {
      reports.rejectNew(command, refusal);
    } else {
      const slot = this.admit();
      if (matcher.crosses(side ^ 1)) matcher.match(slot, side ^ 1);
      this.settle(slot, side);
    }
  }

  amendOrder(): void {
    const { command, books, reports } = this;
    const slot = this.findOwn();
    if (slot === 0) return;
    const refusal = this.refuseAmend(slot);
    if (refusal !== NO_REASON) {
      reports.refuse(slot, refusal);
      return;
    }
    reports.beforeReplace(slot);
    if (this.keepsPriority(slot)) {
      books.reduce(slot, command);
      reports.replaced(slot, command);
    } else {
      this.requeue(slot);
    }
  }

  cancelOrder(): void {
    const slot = this.findOwn();
    if (slot === 0) return;
    this.reports.canceled(slot, UserRequested, OWN);
    this.books.dequeue(slot);
    this.books.forget(slot);
  }

  massCancel(): void {
    const { command, books, reports } = this;
    const refusal = massCancelRefusal(command, this.instruments);
    if (refusal !== NO_REASON) {
      reports.refuseMassCancel(command, refusal);
      return;
    }
    const { words } = books.orders;
    let count = 0;
    let slot = books.accounts.first(command.account | 0);
    while (slot !== 0) {
      const next = books.accounts.next(slot);
      const base = slot << ORDER_SHIFT;
      const sideMatches = command.side === Side.None || sideOf(words[base | ATTRIBUTES]) === command.side;
      if (
        sideMatches &&
        (command.instrument === ALL_INSTRUMENTS || words[base | INSTRUMENT] === command.instrument)
      ) {
        reports.canceled(slot, MassCancelRequested, 0);
        books.dequeue(slot);
        books.forget(slot);
        count++;
      }
      slot = next;
    }
    reports.massCanceled(command, count);
  }

  get orderCount(): number {
    return this.books.orders.used;
  }

  bestPrice(instrument: number, side: number): number {
    return this.books.levels.bestPrice(bookSide(instrument, side));
  }

  levels(instrument: number, side: number, depth: number, into: Float64Array): number {
    return this.books.levels.copy(bookSide(instrument, side), depth, into);
  }

  order(orderId: number): RestingOrder | undefined {
    const slot = this.books.find(orderId);
    return slot === 0 ? undefined : this.books.describe(slot);
  }

  forEachOrder(instrument: number, side: number, visit: (order: RestingOrder) => void): void {
    this.books.forEachSlot(bookSide(instrument, side), (slot) => visit(this.books.describe(slot)));
  }

  stateHash(): string {
    return hashBooks(this.books, this.matcher.nextTradeId, this.nextArrival);
  }

  validate(): void {
    validateBooks(this.books, this.nextArrival);
  }

  /** Why the command's new order can do nothing, or Reason.None; sets the limit and the level to rest at. */
  private refuseNew(side: number): Reason {
    const { command, books, matcher } = this;
    const refusal = newOrderRefusal(command, this.instruments);
    if (refusal !== NO_REASON) return refusal;
    this.readId();
    if (books.index.find(this.idLow, this.idHigh) !== 0) return DuplicateOrderId;
    if (books.orders.used === books.orders.capacity) return BookCapacity;
    const isLimit = command.orderType === Limit;
    matcher.limit = isLimit ? command.price : command.side === Buy ? Infinity : -Infinity;
    this.level = NO_REST;
    if (isLimit && command.timeInForce === GoodTillCancel) {
      if (command.flags === PostOnly && matcher.crosses(side ^ 1)) return WouldCross;
      this.readPrice();
      this.level = books.levels.find(side, this.priceLow, this.priceHigh);
      if (!books.hasRoom(this.level, command)) return BookCapacity;
    } else if (command.timeInForce === FillOrKill && !matcher.canFill(side ^ 1)) {
      return FillOrKillUnfilled;
    }
    return NO_REASON;
  }

  private readId(): void {
    const orderId = this.command.orderId;
    this.idLow = orderId | 0;
    this.idHigh = highWord(orderId);
  }

  private readPrice(): void {
    const price = this.command.price;
    this.priceLow = keyLow(price);
    this.priceHigh = keyHigh(price);
  }

  /** Takes the command's order into a record; one is free. */
  private admit(): number {
    const command = this.command;
    const { orders } = this.books;
    const slot = orders.allocate();
    const base = slot << ORDER_SHIFT;
    const { words, numbers } = orders;
    words[base | ID_LOW] = this.idLow;
    words[base | ID_HIGH] = this.idHigh;
    words[base | ACCOUNT] = command.account | 0;
    words[base | INSTRUMENT] = command.instrument;
    words[base | ATTRIBUTES] = packAttributes(
      command.source,
      command.side,
      command.orderType,
      command.timeInForce,
      command.flags,
    );
    numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] = command.quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] = command.quantity;
    return slot;
  }

  /** What becomes of a new order after it has traded: it rests or it ends. */
  private settle(slot: number, side: number): void {
    const { books, command } = this;
    const { numbers } = books.orders;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (leaves > 0 && this.level !== NO_REST) {
      numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] = this.nextArrival;
      this.nextArrival += 1;
      this.enqueue(slot, side);
      books.register(slot);
      this.reports.rested(slot, command);
      return;
    }
    let reason: Reason = NO_REASON;
    if (leaves > 0) reason = leaves < command.quantity ? ImmediateRemainder : Reason.NoLiquidity;
    this.reports.ended(slot, command, reason);
    books.orders.release(slot);
  }

  /** Puts the order at the end of the queue of `this.level`, or of a new level at the command's price. */
  private enqueue(slot: number, side: number): void {
    const { levels } = this.books;
    if (this.level === 0) {
      this.level = levels.insert(side, this.priceLow, this.priceHigh);
      levels.numbers[(this.level << LEVEL_NUMBER_SHIFT) | PRICE] = this.command.price;
    }
    this.books.enqueue(slot, this.level);
  }

  /** The live order that the command names, if the account owns it; else 0, and the request is refused. */
  private findOwn(): number {
    const { command, books } = this;
    this.readId();
    const slot = hasOrderId(command) ? books.index.find(this.idLow, this.idHigh) : 0;
    if (slot === 0) {
      this.reports.refuseRequest(command, UnknownOrder);
      return 0;
    }
    if (books.orders.words[(slot << ORDER_SHIFT) | ACCOUNT] >>> 0 === command.account) return slot;
    this.reports.refuse(slot, NotOrderOwner);
    return 0;
  }

  /** Why the live order cannot be amended as the command says, or Reason.None; sets limit and level as refuseNew. */
  private refuseAmend(slot: number): Reason {
    const { command, books, matcher } = this;
    const { words, numbers } = books.orders;
    const malformed = amendRefusal(command);
    if (malformed !== NO_REASON) return malformed;
    const filled =
      numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] - numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (command.quantity <= filled) return AmendBelowFilled;
    if (this.keepsPriority(slot)) return NO_REASON;
    const side = books.levels.words[(words[(slot << ORDER_SHIFT) | LEVEL] << LEVEL_SHIFT) | BOOK_SIDE];
    matcher.limit = command.price;
    const postOnly = flagsOf(words[(slot << ORDER_SHIFT) | ATTRIBUTES]) === PostOnly;
    if (postOnly && matcher.crosses(side ^ 1)) return WouldCross;
    this.readPrice();
    this.level = books.levels.find(side, this.priceLow, this.priceHigh);
    return books.hasRoomToMove(slot, this.level, command) ? NO_REASON : Reason.BookCapacity;
  }

  /** Same price and not more than before: the order stays where it is in the queue. */
  private keepsPriority(slot: number): boolean {
    const { orders, levels } = this.books;
    const level = orders.words[(slot << ORDER_SHIFT) | LEVEL];
    const samePrice = this.command.price === levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    return samePrice && this.command.quantity <= orders.numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
  }

  /** Amends with loss of priority: off its queue, through the other side, to the end of the new queue. */
  private requeue(slot: number): void {
    const { command, books, reports, matcher } = this;
    const { words, numbers } = books.orders;
    const own = words[(slot << ORDER_SHIFT) | LEVEL];
    const side = books.levels.words[(own << LEVEL_SHIFT) | BOOK_SIDE];
    // A level that this order leaves empty is gone by the time the order comes back to it.
    if (this.level === own && books.levels.words[(own << LEVEL_SHIFT) | COUNT] === 1) this.level = 0;
    const filled =
      numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] - numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    books.dequeue(slot);
    numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY] = command.quantity;
    numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] = command.quantity - filled;
    if (matcher.crosses(side ^ 1)) matcher.match(slot, side ^ 1);
    const open = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] > 0;
    if (open) this.enqueue(slot, side);
    reports.replaced(slot, command);
    if (!open) books.forget(slot);
  }
}
