/** The reading side of the engine: levels, orders, phases, the state hash. Cold paths, except for the counts and prices. */
import { StateHash } from '../lib/state-hash.js';
import * as coldLayout from './cold-layout.js';
import type { EngineState } from './engine-state.js';
import { validateEngine } from './engine-validation.js';
import { NOT_CONTINUOUS } from './instrument-state.js';
import * as levelLayout from './level-layout.js';
import type { IndicativePrice, LiveOrder, OrderConditions } from './matching.js';
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

/** Of an order without a second record. */
const NO_CONDITIONS: Omit<OrderConditions, 'selfTradePrevention'> = {
  conditional: false,
  waiting: false,
  stopPrice: 0,
  displayedQuantity: 0,
  shownQuantity: 0,
  expireTime: 0,
  linkedOrderId: 0,
  contingency: 0,
  takeProfitPrice: Number.NaN,
  stopLossPrice: Number.NaN,
  stopLossLimitPrice: Number.NaN,
};

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

  /** A copy of a live order. */
  private describe(slot: number): LiveOrder {
    const { books, cold } = this.state;
    const attributes = books.orders.words[(slot << ORDER_SHIFT) | ATTRIBUTES];
    const selfTradePrevention = preventionOf(attributes);
    if ((attributes & SPECIAL) === 0)
      return { ...books.describe(slot), selfTradePrevention, ...NO_CONDITIONS };
    const base = slot << COLD_NUMBER_SHIFT;
    const waiting = cold.words[(slot << COLD_SHIFT) | WAITING] !== NOT_WAITING;
    const price = waiting ? cold.numbers[base | PRICE_OFF_BOOK] : books.priceOf(slot);
    const displayedQuantity = cold.numbers[base | DISPLAYED];
    return {
      ...books.describe(slot),
      price: Math.abs(price) > MAX_SAFE_INTEGER ? 0 : price,
      selfTradePrevention,
      conditional: true,
      waiting,
      stopPrice: cold.numbers[base | STOP_PRICE],
      displayedQuantity,
      shownQuantity: displayedQuantity === 0 || waiting ? 0 : cold.numbers[base | SHOWN],
      expireTime: cold.numbers[base | EXPIRE_TIME],
      ...this.linkOf(slot),
      ...this.bracketOf(slot),
    };
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

  private linkOf(slot: number): Pick<OrderConditions, 'linkedOrderId' | 'contingency'> {
    const { books, cold } = this.state;
    const link = cold.words[(slot << COLD_SHIFT) | LINK];
    if (link === 0) return { linkedOrderId: 0, contingency: 0 };
    const { words } = books.orders;
    const linkedOrderId = joinWords(
      words[(link << ORDER_SHIFT) | ID_LOW],
      words[(link << ORDER_SHIFT) | ID_HIGH],
    );
    return { linkedOrderId, contingency: cold.words[(slot << COLD_SHIFT) | CONTINGENCY] };
  }

  private bracketOf(
    slot: number,
  ): Pick<OrderConditions, 'takeProfitPrice' | 'stopLossPrice' | 'stopLossLimitPrice'> {
    const { words, numbers } = this.state.cold;
    const has = words[(slot << COLD_SHIFT) | BRACKET] !== 0;
    const price = (field: number): number =>
      has ? numbers[(slot << COLD_NUMBER_SHIFT) | field] : Number.NaN;
    return {
      takeProfitPrice: price(TAKE_PROFIT),
      stopLossPrice: price(STOP_LOSS),
      stopLossLimitPrice: price(STOP_LOSS_LIMIT),
    };
  }
}
