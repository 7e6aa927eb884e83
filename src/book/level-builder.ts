/**
 * Market data by price level from matching events alone: the rules of docs/matching.md (Reports) as code. Keeps the
 * levels of all instruments of a shard, with what they show, and tells, at the end of each command, which of them changed
 * and to what.
 *
 * Applied to the events of one shard from the first one on (or from a snapshot put in with {@link set}), its
 * levels are exactly those of the engine after every command.
 */
import { fail } from '../lib/assert.js';
import { EventFlags, ExecutionType } from '../lib/enums.js';
import * as levelLayout from './level-layout.js';
import type { MatchingEvents, ReportEvent, TradeEvent } from './matching.js';
import { PriceLevels } from './price-levels.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { BOOK_SIDE, bookSide, COUNT, keyHigh, keyLow, LEVEL_NUMBER_SHIFT, LEVEL_SHIFT, MARK, PRICE, TOTAL } =
  levelLayout;
const { New, Canceled, Replaced, Triggered, Restated } = ExecutionType;
const { EndOfCommand, Resting, Auction, Conditional } = EventFlags;

/** A level that a command changed. Filled in again for each call; copy what you keep. */
export class LevelChange {
  instrument = Number.NaN;
  side = 0;
  price = Number.NaN;
  /** What shows now, 0 when the level is gone. */
  quantity = Number.NaN;
  /** Orders now. */
  orders = 0;
}

export interface LevelChanges {
  /**
   * Once per level that the command touched, in the order first touched; it may have come back to what it was. Where the room for
   * levels runs out in the middle of a command, those that it has emptied are told before its end.
   */
  levelChanged(change: LevelChange): void;
}

export class LevelBuilder implements MatchingEvents {
  declare private readonly levels: PriceLevels;
  declare private readonly listener: LevelChanges;
  private readonly change = new LevelChange();
  /** Levels touched by the command so far; those without orders are removed when it ends. */
  declare private readonly touched: Int32Array;
  private touchedCount = 0;

  /**
   * `levels`: at least the engine's capacity of levels. Two more are reserved: an amend holds a level that it
   * leaves and one that it joins while the command runs.
   */
  constructor(capacities: { readonly instruments: number; readonly levels: number }, listener: LevelChanges) {
    this.levels = new PriceLevels(capacities.instruments, capacities.levels + 2);
    this.touched = new Int32Array(capacities.levels + 2);
    this.listener = listener;
  }

  /** What an auction does to levels is in the reports that follow its trades. */
  trade(event: TradeEvent): void {
    if ((event.flags & Auction) !== 0) return;
    const side = bookSide(event.instrument, event.takerSide) ^ 1;
    const level = this.known(side, keyLow(event.price), keyHigh(event.price));
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -= event.quantity;
    if (event.makerLeaves === 0) this.levels.words[(level << LEVEL_SHIFT) | COUNT]--;
  }

  /** Phases and indicative prices change no level. */
  status(): void {}

  report(event: ReportEvent): void {
    const { executionType, flags } = event;
    const resting = (flags & Resting) !== 0;
    if (executionType === Replaced) {
      if ((flags & Conditional) === 0 || event.previousDisplayed > 0) this.leave(event, event.previousPrice);
      if (resting) this.join(event);
    } else if (executionType === Restated) this.restate(event, resting);
    else if (resting) {
      if (executionType === New || executionType === Triggered) this.join(event);
      else if (executionType === Canceled) this.leave(event, event.price);
    }
    if ((flags & EndOfCommand) !== 0) this.finish();
  }

  /** Puts a level in or replaces it (`orders` 0: removes it), for starting from a snapshot. No change is reported. */
  set(instrument: number, side: number, price: number, quantity: number, orders: number): void {
    const book = bookSide(instrument, side);
    let level = this.levels.at(book, price);
    if (level === 0 && orders > 0) level = this.create(book, keyLow(price), keyHigh(price));
    if (level === 0) return;
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE] = price;
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] = quantity;
    this.levels.words[(level << LEVEL_SHIFT) | COUNT] = orders;
    if (orders === 0) this.levels.remove(level);
  }

  /** Best price of a side, NaN when it is empty. Between commands only, as all reads. */
  bestPrice(instrument: number, side: number): number {
    return this.levels.bestPrice(bookSide(instrument, side));
  }

  /** As Matching.levels: up to `depth` [price, quantity, orders] triples from the best outwards; returns how many. */
  copyLevels(instrument: number, side: number, depth: number, into: Float64Array): number {
    return this.levels.copy(bookSide(instrument, side), depth, into);
  }

  private join(event: ReportEvent): void {
    const { words, numbers } = this.levels;
    const { price } = event;
    const side = bookSide(event.instrument, event.side);
    let level = this.levels.find(side, keyLow(price), keyHigh(price));
    if (level === 0) level = this.create(side, keyLow(price), keyHigh(price));
    this.touch(level);
    const conditional = (event.flags & Conditional) !== 0;
    numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE] = price;
    numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] += conditional
      ? event.displayedQuantity
      : event.leavesQuantity;
    words[(level << LEVEL_SHIFT) | COUNT]++;
  }

  private leave(event: ReportEvent, price: number): void {
    const level = this.known(bookSide(event.instrument, event.side), keyLow(price), keyHigh(price));
    const conditional = (event.flags & Conditional) !== 0;
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -= conditional
      ? event.previousDisplayed
      : event.previousLeaves;
    this.levels.words[(level << LEVEL_SHIFT) | COUNT]--;
  }

  /** Nothing showed before: the next peak of an iceberg (Resting), or an order off the book. */
  private restate(event: ReportEvent, resting: boolean): void {
    const { price, previousDisplayed, displayedQuantity } = event;
    if (!resting && previousDisplayed === 0) return;
    const level = this.known(bookSide(event.instrument, event.side), keyLow(price), keyHigh(price));
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] += displayedQuantity - previousDisplayed;
    if (!resting) this.levels.words[(level << LEVEL_SHIFT) | COUNT]--;
  }

  /** The level with this key, which must be there, noted as touched. */
  private known(side: number, low: number, high: number): number {
    const level = this.levels.find(side, low, high);
    if (level === 0)
      fail('level builder: an event takes quantity from a level that is not there: events were missed');
    this.touch(level);
    return level;
  }

  private touch(level: number): void {
    if (this.levels.words[(level << LEVEL_SHIFT) | MARK] !== 0) return;
    this.levels.words[(level << LEVEL_SHIFT) | MARK] = 1;
    this.touched[this.touchedCount++] = level;
  }

  private create(side: number, low: number, high: number): number {
    if (this.levels.used === this.levels.capacity) this.reclaim();
    if (this.levels.used === this.levels.capacity) {
      throw new RangeError(
        `level builder: more than ${this.levels.capacity} levels; give it the engine's capacity`,
      );
    }
    return this.levels.insert(side, low, high);
  }

  /** Tells of the levels that the command has emptied so far, and removes them. */
  private reclaim(): void {
    const { touched, touchedCount } = this;
    let kept = 0;
    for (let index = 0; index < touchedCount; index++) {
      const level = touched[index];
      if (this.levels.words[(level << LEVEL_SHIFT) | COUNT] === 0) this.tell(level);
      else touched[kept++] = level;
    }
    this.touchedCount = kept;
  }

  /** Reports what the command touched and removes the levels that it emptied. */
  private finish(): void {
    const { touched, touchedCount } = this;
    for (let index = 0; index < touchedCount; index++) this.tell(touched[index]);
    this.touchedCount = 0;
  }

  private tell(level: number): void {
    const { levels, change } = this;
    const { words, numbers } = levels;
    const base = level << LEVEL_SHIFT;
    const side = words[base | BOOK_SIDE];
    change.instrument = side >> 1;
    change.side = (side & 1) + 1;
    change.price = numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    change.quantity = numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL];
    change.orders = words[base | COUNT];
    words[base | MARK] = 0;
    this.listener.levelChanged(change);
    if (change.orders === 0) levels.remove(level);
  }
}
