/**
 * The matching engine: price-time priority over preallocated records, no allocation per command.
 * The contract is in matching.ts; the twin that checks it is naive-matching.ts.
 *
 * This file is the plain path: limit and market orders without conditions, in continuous trading. One test per command
 * sends everything else to special-engine.ts, which keeps all rules; so does a special order that a plain one meets.
 *
 * How a command runs: everything that can refuse it is decided first, then state changes, so a refused command
 * changes nothing. A taker gets its order record before it matches; it rests in it or gives it back.
 * Wide numbers (ids, prices, quantities) travel in records and fields, never as arguments: see matching.ts. Fields that
 * the constructor sets are declared, not defined: a defined field starts as undefined, after which V8 knows nothing of
 * its type and checks it at every use.
 */
import { EventFlags, OrderFlags, OrderType, Reason, Side, TimeInForce } from '../lib/enums.js';
import { EngineReads } from './engine-reads.js';
import { EngineState } from './engine-state.js';
import * as levelLayout from './level-layout.js';
import { Matcher } from './matcher.js';
import {
  type Matching,
  type MatchingCapacities,
  MatchingCommand,
  type MatchingEvents,
  type MatchingOptions,
  resolveCapacities,
} from './matching.js';
import { amendRefusal, hasOrderId, newOrderRefusal } from './matching-rules.js';
import * as orderLayout from './order-layout.js';
import type { PlainEvents } from './plain-events.js';
import { PlainGate } from './plain-gate.js';
import { ReportWriter } from './report-writer.js';
import { SpecialEngine } from './special-engine.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { Limit } = OrderType;
const { ImmediateOrCancel } = TimeInForce;
const { PostOnly } = OrderFlags;
const { Buy } = Side;
const OWN = EventFlags.EndOfCommand | EventFlags.Answer;
const { DuplicateOrderId, BookCapacity, ImmediateRemainder, NoLiquidity } = Reason;
const { AmendBelowFilled, NotOrderOwner, UnknownOrder, UserRequested, WouldCross } = Reason;
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
} = orderLayout;

const NO_REST = -1;
export class MatchingEngine extends EngineReads implements Matching {
  readonly command = new MatchingCommand();
  declare private readonly reports: ReportWriter;
  declare private readonly plain: PlainEvents;
  declare private readonly matcher: Matcher;
  declare private readonly gate: PlainGate;
  declare private readonly special: SpecialEngine;
  /** Where the order at hand rests what it does not trade: a level, 0 for a new one, or NO_REST. */
  private level = NO_REST;
  /** The command's order id as words, and its price as a key: see readId and readPrice. */
  private idLow = 0;
  private idHigh = 0;
  private priceLow = 0;
  private priceHigh = 0;

  /** Reserves memory for the capacities; throws RangeError when one of them, or an instrument's rule, is out of range. */
  constructor(capacities: MatchingCapacities, events: MatchingEvents, options: MatchingOptions = {}) {
    super(new EngineState(resolveCapacities(capacities), events, options));
    const { books } = this.state;
    this.reports = new ReportWriter(books, this.command, events);
    this.plain = events.plainEvents?.(books, this.command) ?? this.reports;
    this.matcher = new Matcher(this.state, this.plain);
    this.gate = new PlainGate(this.state, this.command, this.matcher);
    this.special = new SpecialEngine(this.state, this.command, this.matcher);
  }

  newOrder(): void {
    if (!this.gate.takesOrder()) {
      this.special.newOrder();
      return;
    }
    const { command, reports, matcher } = this;
    const side = bookSide(command.instrument, command.side);
    const refusal = this.refuseNew(side);
    if (refusal !== NO_REASON) {
      reports.rejectNew(command, refusal);
      return;
    }
    const slot = this.admit();
    if (matcher.crosses(side ^ 1)) {
      matcher.match(slot, side ^ 1);
      if (matcher.metSpecial) {
        this.special.resumeNewOrder(slot);
        return;
      }
    }
    this.settle(slot, side);
  }

  amendOrder(): void {
    const { command, state, reports } = this;
    if (!this.gate.isOnTime()) {
      this.special.amendOrder();
      return;
    }
    const slot = this.find();
    if (slot !== 0 && !this.gate.takesAmend(slot)) {
      this.special.amendOrder();
      return;
    }
    if (!this.isOwn(slot)) return;
    const refusal = this.refuseAmend(slot);
    if (refusal !== NO_REASON) {
      reports.refuse(slot, refusal);
      return;
    }
    reports.beforeReplace(slot);
    if (this.keepsPriority(slot)) {
      state.books.reduce(slot, command);
      reports.replaced(slot, command);
    } else {
      this.requeue(slot);
    }
  }

  cancelOrder(): void {
    const { books } = this.state;
    if (!this.gate.isOnTime()) {
      this.special.cancelOrder();
      return;
    }
    const slot = this.find();
    if (slot !== 0 && !this.gate.takesCancel(slot)) {
      this.special.cancelOrder();
      return;
    }
    if (!this.isOwn(slot)) return;
    this.plain.canceled(slot, UserRequested, OWN);
    books.dequeue(slot);
    books.forget(slot);
  }

  massCancel(): void {
    this.special.massCancel();
  }

  setPhase(): void {
    this.special.setPhase();
  }

  advanceTime(): void {
    this.special.advanceTime();
  }

  /** Why the command's new order can do nothing, or Reason.None; sets the limit and the level to rest at. */
  private refuseNew(side: number): Reason {
    const { command, state, matcher } = this;
    const { books } = state;
    const refusal = newOrderRefusal(command, state.instruments.count);
    if (refusal !== NO_REASON) return refusal;
    this.readId();
    if (books.index.find(this.idLow, this.idHigh) !== 0) return DuplicateOrderId;
    if (books.orders.used === books.orders.capacity) return BookCapacity;
    const isLimit = command.orderType === Limit;
    matcher.limit = isLimit ? command.price : command.side === Buy ? Infinity : -Infinity;
    this.level = NO_REST;
    if (isLimit && command.timeInForce !== ImmediateOrCancel) {
      if (command.flags === PostOnly && matcher.crosses(side ^ 1)) return WouldCross;
      this.readPrice();
      this.level = books.levels.find(side, this.priceLow, this.priceHigh);
      if (!books.hasRoom(this.level, command)) return BookCapacity;
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
    const { orders } = this.state.books;
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
    const { command, state } = this;
    const { books } = state;
    const { numbers } = books.orders;
    const leaves = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES];
    if (leaves > 0 && this.level !== NO_REST) {
      numbers[(slot << ORDER_NUMBER_SHIFT) | ARRIVAL] = state.nextArrival;
      state.nextArrival += 1;
      this.enqueue(slot, side);
      books.register(slot);
      this.plain.rested(slot);
      return;
    }
    let reason: Reason = NO_REASON;
    if (leaves > 0) reason = leaves < command.quantity ? ImmediateRemainder : NoLiquidity;
    this.plain.ended(slot, reason);
    books.orders.release(slot);
  }

  /** Puts the order at the end of the queue of `this.level`, or of a new level at the command's price. */
  private enqueue(slot: number, side: number): void {
    const { books } = this.state;
    const { levels } = books;
    if (this.level === 0) {
      this.level = levels.insert(side, this.priceLow, this.priceHigh);
      levels.numbers[(this.level << LEVEL_NUMBER_SHIFT) | PRICE] = this.command.price;
    }
    books.enqueue(slot, this.level);
  }

  /** The live order that the command names, 0: there is none. */
  private find(): number {
    this.readId();
    return hasOrderId(this.command) ? this.state.books.index.find(this.idLow, this.idHigh) : 0;
  }

  /** Is it (0: no order) an order of the command's account? If not, the request is refused. */
  private isOwn(slot: number): boolean {
    const { command, reports } = this;
    if (slot === 0) {
      reports.refuseRequest(command, UnknownOrder);
      return false;
    }
    if (this.state.books.orders.words[(slot << ORDER_SHIFT) | ACCOUNT] >>> 0 === command.account) return true;
    reports.refuse(slot, NotOrderOwner);
    return false;
  }

  /** Why the live order cannot be amended as the command says, or Reason.None; sets limit and level as refuseNew. */
  private refuseAmend(slot: number): Reason {
    const { command, matcher } = this;
    const { books } = this.state;
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
    return books.hasRoomToMove(slot, this.level, command) ? NO_REASON : BookCapacity;
  }

  /** Same price and not more than before: the order stays where it is in the queue. */
  private keepsPriority(slot: number): boolean {
    const { orders, levels } = this.state.books;
    const level = orders.words[(slot << ORDER_SHIFT) | LEVEL];
    const samePrice = this.command.price === levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    return samePrice && this.command.quantity <= orders.numbers[(slot << ORDER_NUMBER_SHIFT) | QUANTITY];
  }

  /** Amends with loss of priority: off its queue, through the other side, to the end of the new queue. */
  private requeue(slot: number): void {
    const { command, reports, matcher } = this;
    const { books } = this.state;
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
    if (matcher.crosses(side ^ 1)) {
      matcher.match(slot, side ^ 1);
      if (matcher.metSpecial) {
        this.special.resumeAmend(slot, reports);
        return;
      }
    }
    const open = numbers[(slot << ORDER_NUMBER_SHIFT) | LEAVES] > 0;
    if (open) this.enqueue(slot, side);
    reports.replaced(slot, command);
    if (!open) books.forget(slot);
  }
}
