/** The reading side of the engine: levels, orders, phases, the state hash. Cold paths, except for the counts and prices. */
import { StateHash } from '../lib/state-hash.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { validateEngine } from './engine-validation.js';
import { NOT_CONTINUOUS } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import type { IndicativePrice, LiveOrder } from './matching.js';
import * as orderLayout from './order-layout.js';
import { addInstrument, addOrder } from './state-hash.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { BRACKET, COLD_NUMBER_SHIFT, COLD_SHIFT, CONTINGENCY, DISPLAYED, EXPIRE_TIME, LINK, NOT_WAITING } =
  coldLayout;
const { PRICE_OFF_BOOK, preventionOf, SHOWN, SPECIAL, STOP_LOSS, STOP_LOSS_LIMIT, STOP_PRICE } = coldLayout;
const { TAKE_PROFIT, WAITING } = coldLayout;
const { bookSide, LEVEL_NUMBER_SHIFT, PRICE } = levelLayout;
const { ATTRIBUTES, ID_HIGH, ID_LOW, joinWords, ORDER_SHIFT } = orderLayout;

/** Beyond these prices rest unpriced orders only. */
const { MAX_SAFE_INTEGER } = Number;

/** A copy of an order. Filled in field by field: an object of so many fields spread together is a slow dictionary. */
class OrderCopy implements LiveOrder {
  orderId = Number.NaN;
  account = Number.NaN;
  instrument = 0;
  source = 0;
  side = 0;
  orderType = 0;
  timeInForce = 0;
  flags = 0;
  price = Number.NaN;
  quantity = Number.NaN;
  leavesQuantity = Number.NaN;
  arrival = Number.NaN;
  selfTradePrevention = 0;
  conditional = false;
  waiting = false;
  stopPrice = 0;
  displayedQuantity = 0;
  shownQuantity = 0;
  expireTime = 0;
  linkedOrderId = 0;
  contingency = 0;
  takeProfitPrice = Number.NaN;
  stopLossPrice = Number.NaN;
  stopLossLimitPrice = Number.NaN;
}

export class EngineReads {
  declare protected readonly state: EngineState;

  constructor(state: EngineState) {
    this.state = state;
  }

  get orderCount(): number {
    return this.state.books.orders.used;
  }

  bestPrice(instrument: number, side: number): number {
    const { levels } = this.state.books;
    const level = this.bestLevel(bookSide(instrument, side));
    return level === 0 ? Number.NaN : levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
  }

  levels(instrument: number, side: number, depth: number, into: Float64Array): number {
    return this.state.books.levels.copyFrom(this.bestLevel(bookSide(instrument, side)), depth, into);
  }

  order(orderId: number): LiveOrder | undefined {
    const slot = this.state.books.find(orderId);
    return slot === 0 ? undefined : this.describe(slot);
  }

  forEachOrder(instrument: number, side: number, visit: (order: LiveOrder) => void): void {
    this.state.books.forEachSlot(bookSide(instrument, side), (slot) => visit(this.describe(slot)));
  }

  forEachWaitingOrder(instrument: number, visit: (order: LiveOrder) => void): void {
    this.state.waiting.forEachSlot(instrument, (slot) => visit(this.describe(slot)));
  }

  phase(instrument: number): number {
    return this.state.instruments.phase[instrument];
  }

  lastPrice(instrument: number): number {
    return this.state.instruments.lastPrice[instrument];
  }

  referencePrice(instrument: number): number {
    const { instruments } = this.state;
    return instruments.isReserved ? instruments.referencePrice[instrument] : Number.NaN;
  }

  indicative(instrument: number): IndicativePrice {
    const { indicativePrice, indicativeQuantity, surplus, isReserved } = this.state.instruments;
    if (!isReserved) return { price: Number.NaN, quantity: 0, surplus: 0 };
    return {
      price: indicativePrice[instrument],
      quantity: indicativeQuantity[instrument],
      surplus: surplus[instrument],
    };
  }

  validate(): void {
    validateEngine(this.state);
  }

  private describe(slot: number): LiveOrder {
    const copy = new OrderCopy();
    const plain = this.state.books.describe(slot);
    copy.orderId = plain.orderId;
    copy.account = plain.account;
    copy.instrument = plain.instrument;
    copy.source = plain.source;
    copy.side = plain.side;
    copy.orderType = plain.orderType;
    copy.timeInForce = plain.timeInForce;
    copy.flags = plain.flags;
    copy.price = plain.price;
    copy.quantity = plain.quantity;
    copy.leavesQuantity = plain.leavesQuantity;
    copy.arrival = plain.arrival;
    const attributes = this.state.books.orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES];
    copy.selfTradePrevention = preventionOf(attributes);
    if ((attributes & SPECIAL) !== 0) this.describeConditions(slot, copy);
    return copy;
  }

  private describeConditions(slot: number, copy: OrderCopy): void {
    const { words, numbers } = this.state.cold;
    const base = slot << COLD_NUMBER_SHIFT;
    const waiting = words[(slot << COLD_SHIFT) | WAITING] !== NOT_WAITING;
    const displayedQuantity = numbers[base | DISPLAYED];
    if (waiting) copy.price = numbers[base | PRICE_OFF_BOOK];
    if (Math.abs(copy.price) > MAX_SAFE_INTEGER) copy.price = 0;
    copy.conditional = true;
    copy.waiting = waiting;
    copy.stopPrice = numbers[base | STOP_PRICE];
    copy.displayedQuantity = displayedQuantity;
    copy.shownQuantity = displayedQuantity === 0 || waiting ? 0 : numbers[base | SHOWN];
    copy.expireTime = numbers[base | EXPIRE_TIME];
    this.describeLink(slot, copy);
    if (words[(slot << COLD_SHIFT) | BRACKET] === 0) return;
    copy.takeProfitPrice = numbers[base | TAKE_PROFIT];
    copy.stopLossPrice = numbers[base | STOP_LOSS];
    copy.stopLossLimitPrice = numbers[base | STOP_LOSS_LIMIT];
  }

  private describeLink(slot: number, copy: OrderCopy): void {
    const { books, cold } = this.state;
    const link = cold.words[(slot << COLD_SHIFT) | LINK];
    if (link === 0) return;
    const { words } = books.orders;
    copy.linkedOrderId = joinWords(
      words[(link << ORDER_SHIFT) | ID_LOW],
      words[(link << ORDER_SHIFT) | ID_HIGH],
    );
    copy.contingency = cold.words[(slot << COLD_SHIFT) | CONTINGENCY];
  }

  /** The contract's state hash; see Matching.stateHash. */
  stateHash(): string {
    const { books, waiting, nextTradeId, nextArrival } = this.state;
    const hash = new StateHash();
    hash.add(nextTradeId);
    hash.add(nextArrival);
    const { count } = this.state.instruments;
    for (let instrument = 0; instrument < count; instrument++) this.addInstrument(hash, instrument);
    const add = (slot: number): void => addOrder(hash, this.describe(slot));
    for (let side = 0; side < books.levels.best.length; side++) books.forEachSlot(side, add);
    for (let instrument = 0; instrument < count; instrument++) waiting.forEachSlot(instrument, add);
    return hash.hex();
  }

  private addInstrument(hash: StateHash, instrument: number): void {
    const { instruments } = this.state;
    const { startPhase, startReference, isReserved } = instruments;
    const indicative = this.indicative(instrument);
    const state = {
      phase: instruments.phase[instrument],
      lastPrice: instruments.lastPrice[instrument],
      referencePrice: this.referencePrice(instrument),
      indicativePrice: indicative.price,
      indicativeQuantity: indicative.quantity,
      surplus: indicative.surplus,
    };
    if (isReserved)
      addInstrument(hash, instrument, state, startPhase[instrument], startReference[instrument]);
    else addInstrument(hash, instrument, state, state.phase, state.referencePrice);
  }

  /** The first level with a price, 0: none. Outside continuous trading unpriced orders may be before it. */
  private bestLevel(side: number): number {
    const { books, instruments } = this.state;
    const { levels } = books;
    const level = levels.best[side];
    if (level === 0 || (instruments.flags[side >> 1] & NOT_CONTINUOUS) === 0) return level;
    const price = levels.numbers[(level << LEVEL_NUMBER_SHIFT) | PRICE];
    return Math.abs(price) > MAX_SAFE_INTEGER ? levels.worse(level) : level;
  }
}
