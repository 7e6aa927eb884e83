/**
 * Market data by price level from matching events alone: the rules at the top of matching.ts as code. Keeps the
 * levels of all instruments of a shard and tells, at the end of each command, which of them changed and to what.
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
const { New, Canceled, Replaced } = ExecutionType;
const { EndOfCommand, Resting } = EventFlags;

/** A level that a command changed. Filled in again for each call; copy what you keep. */
export class LevelChange {
  instrument = Number.NaN;
  side = 0;
  price = Number.NaN;
  /** Open quantity now, 0 when the level is gone. */
  quantity = Number.NaN;
  /** Orders now. */
  orders = 0;
}

export interface LevelChanges {
  /** Once per level that the command touched, in the order first touched; it may have come back to what it was. */
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

  trade(event: TradeEvent): void {
    const side = bookSide(event.instrument, event.takerSide) ^ 1;
    const level = this.known(side, keyLow(event.price), keyHigh(event.price));
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -= event.quantity;
    if (event.makerLeaves === 0) this.levels.words[(level << LEVEL_SHIFT) | COUNT]--;
  }

  /** Phases and indicative prices change no level. */
  status(): void {}

  report(event: ReportEvent): void {
    const resting = (event.flags & Resting) !== 0;
    if (event.executionType === Replaced) {
      const side = bookSide(event.instrument, event.side);
      this.leave(this.known(side, keyLow(event.previousPrice), keyHigh(event.previousPrice)), event);
      if (resting) this.join(event);
    } else if (event.executionType === New && resting) {
      this.join(event);
    } else if (event.executionType === Canceled && resting) {
      const side = bookSide(event.instrument, event.side);
      this.leave(this.known(side, keyLow(event.price), keyHigh(event.price)), event);
    }
    if ((event.flags & EndOfCommand) !== 0) this.finish();
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
    const side = bookSide(event.instrument, event.side);
    let level = this.levels.find(side, keyLow(event.price), keyHigh(event.price));
    if (level === 0) level = this.create(side, keyLow(event.price), keyHigh(event.price));
    this.touch(level);
    numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE] = event.price;
    numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] += event.leavesQuantity;
    words[(level << LEVEL_SHIFT) | COUNT]++;
  }

  private leave(level: number, event: ReportEvent): void {
    this.levels.numbers[(level << LEVEL_NUMBER_SHIFT) | TOTAL] -= event.previousLeaves;
    this.levels.words[(level << LEVEL_SHIFT) | COUNT]--;
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
    if (this.levels.used === this.levels.capacity) {
      throw new RangeError(
        `level builder: more than ${this.levels.capacity} levels; give it the engine's capacity`,
      );
    }
    return this.levels.insert(side, low, high);
  }

  /** Reports what the command touched and removes the levels that it emptied. */
  private finish(): void {
    const { levels, change, touched, touchedCount } = this;
    const { words, numbers } = levels;
    for (let index = 0; index < touchedCount; index++) {
      const level = touched[index];
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
    this.touchedCount = 0;
  }
}
