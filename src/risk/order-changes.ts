import { OrderType, Reason, Side } from '../lib/enums.js';
import { collarTop } from './candidate.js';
import { hasExits } from './checks/terms.js';
import * as layout from './controls-layout.js';
import * as records from './open-orders.js';
import * as positions from './positions.js';
import type { RiskCommand, RiskReport, RiskTrade } from './records.js';
import type { RiskState } from './risk-state.js';

// Bound here because V8 folds a module's own constants into the code but not imported ones.
const { INSTRUMENT_STRIDE, LEDGER, PRICE_COLLAR_PERCENT } = layout;
const { OPEN_BUY, POSITION_CELLS } = positions;
const {
  ACCOUNT,
  AMEND_SEQUENCE,
  EXIT,
  FILLED,
  ID_HIGH,
  ID_LOW,
  INSTRUMENT,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PRICE,
  RESERVED,
  SIDE,
  SOURCE,
  STOP_LOSS,
  TAKE_PROFIT,
  TOTAL,
  TYPE_SHIFT,
} = records;

const EXITS = TAKE_PROFIT | STOP_LOSS;

/**
 * What commands and events do to the record of an order. Whatever an order reserves and holds follows from its record alone, and
 * each change goes through `RiskState.adjust` or `release`; so an order that shrinks or ends in whatever way gives back
 * exactly what it had.
 *
 * The exits of a bracket get their records with the entry and sleep (reserve nothing) until it is filled; from then on they count
 * with what it has been filled, although matching makes them active only when the entry is over: so there is no moment at which the
 * position has grown and its exits do not count yet.
 */
export class OrderChanges {
  readonly #state: RiskState;

  constructor(state: RiskState) {
    this.#state = state;
  }

  /** The new order in `command`, which `state.candidate` describes, is open. */
  open(command: RiskCommand): void {
    const state = this.#state;
    const { orders, candidate } = state;
    const { place, worst, stopPrice, entry: partner } = candidate;
    const { side, instrument, quantity, orderType } = command;
    const entry = orders.insert(command.orderIdLow, command.orderIdHigh);
    this.#describe(entry, place, instrument, side);
    orders.words[entry * ORDER_WORDS + SOURCE] = command.source | (orderType << TYPE_SHIFT);
    const number = entry * ORDER_NUMBERS;
    orders.numbers[number + PRICE] = candidate.price;
    orders.numbers[number + TOTAL] = quantity;
    orders.numbers[number + FILLED] = 0;
    orders.numbers[number + RESERVED] = quantity;
    orders.numbers[number + AMEND_SEQUENCE] = 0;
    orders.worst[entry] = worst;
    orders.stops[entry] = stopPrice;
    state.openOrders[place]++;
    state.positions.cells[candidate.position * POSITION_CELLS + OPEN_BUY + side - 1] += quantity;
    if ((state.features & LEDGER) !== 0) state.rehold(entry);
    state.positions.touch(candidate.position);
    if (partner >= 0) state.link(entry, partner);
    if (hasExits(command)) this.#openExits(entry, command);
  }

  /** An amend of the order, which `state.candidate` describes, is on its way to matching. */
  amend(entry: number, command: RiskCommand): void {
    const state = this.#state;
    const { numbers, worst } = state.orders;
    const number = entry * ORDER_NUMBERS;
    const added = command.quantity - numbers[number + RESERVED];
    const isWorse = state.candidate.worst > worst[entry];
    if (isWorse) worst[entry] = state.candidate.worst;
    if (added > 0) {
      numbers[number + RESERVED] = command.quantity;
      state.adjust(entry, added);
      state.touch(entry);
    } else if (isWorse) state.adjust(entry, 0);
    numbers[number + AMEND_SEQUENCE] = command.sequence;
  }

  /** The order has traded. */
  fill(entry: number, trade: RiskTrade): void {
    const state = this.#state;
    state.orders.numbers[entry * ORDER_NUMBERS + FILLED] += trade.quantity;
    state.adjust(entry, -trade.quantity);
    if ((state.orders.flags(entry) & EXITS) !== 0) this.#fillExits(entry);
  }

  /**
   * Matching says how the order stands: price and total after an amend, a reduction without a request, or a price that it has
   * only now. What it reserves shrinks to that, unless an amend is still in flight.
   */
  confirm(entry: number, report: RiskReport): void {
    const { orders } = this.#state;
    const { numbers } = orders;
    const number = entry * ORDER_NUMBERS;
    numbers[number + PRICE] = report.price;
    numbers[number + TOTAL] = report.quantity;
    if (report.stopPrice > 0) orders.stops[entry] = report.stopPrice;
    const inFlight = numbers[number + AMEND_SEQUENCE];
    if (inFlight === 0 || inFlight === report.sequence) this.#shrink(entry);
  }

  /** An amend was refused. The answer to the last one in flight gives back what it and those before it reserved in excess. */
  settle(entry: number, report: RiskReport): void {
    if (this.#state.orders.numbers[entry * ORDER_NUMBERS + AMEND_SEQUENCE] === report.sequence)
      this.#shrink(entry);
  }

  /** The order is over. Exits that will not become active end with their entry. */
  end(entry: number, reason: number): void {
    const state = this.#state;
    const { orders } = state;
    if ((orders.flags(entry) & EXITS) !== 0) {
      const isFilled = orders.numbers[entry * ORDER_NUMBERS + FILLED] > 0;
      const isDropped = reason === Reason.MassCancelRequested || reason === Reason.SessionEnded;
      if (!isFilled || isDropped) {
        for (let offset = 1; offset <= 2; offset++) {
          const exit = this.#exit(entry, offset);
          if (exit >= 0) state.release(exit);
        }
      }
    }
    state.release(entry);
  }

  /** Reserves what matching has confirmed and nothing more. */
  #shrink(entry: number): void {
    const state = this.#state;
    const { orders } = state;
    const { numbers } = orders;
    const number = entry * ORDER_NUMBERS;
    numbers[number + AMEND_SEQUENCE] = 0;
    const change = numbers[number + TOTAL] - numbers[number + RESERVED];
    numbers[number + RESERVED] = numbers[number + TOTAL];
    if (numbers[number + PRICE] > 0) orders.worst[entry] = numbers[number + PRICE];
    else if (orders.orderType(entry) === OrderType.Stop) this.#setStopWorst(entry);
    state.adjust(entry, change);
    state.touch(entry);
  }

  #openExits(entry: number, command: RiskCommand): void {
    const state = this.#state;
    const { takeProfitPrice, stopLossPrice, stopLossLimitPrice } = command;
    const hasProfit = !Number.isNaN(takeProfitPrice);
    const hasLoss = !Number.isNaN(stopLossPrice);
    const { orders } = state;
    if (hasProfit) {
      orders.words[entry * ORDER_WORDS + SOURCE] |= TAKE_PROFIT;
      const exit = this.#openExit(entry, 1, OrderType.Limit);
      orders.numbers[exit * ORDER_NUMBERS + PRICE] = takeProfitPrice;
      orders.worst[exit] = takeProfitPrice;
    }
    if (!hasLoss) return;
    orders.words[entry * ORDER_WORDS + SOURCE] |= STOP_LOSS;
    const isLimited = !Number.isNaN(stopLossLimitPrice);
    const exit = this.#openExit(entry, 2, isLimited ? OrderType.StopLimit : OrderType.Stop);
    orders.stops[exit] = stopLossPrice;
    if (isLimited) {
      orders.numbers[exit * ORDER_NUMBERS + PRICE] = stopLossLimitPrice;
      orders.worst[exit] = stopLossLimitPrice;
    } else this.#setStopWorst(exit);
    if (hasProfit) state.link(exit, this.#exit(entry, 1));
  }

  #openExit(entry: number, offset: number, orderType: number): number {
    const { orders } = this.#state;
    const { words, numbers } = orders;
    const from = entry * ORDER_WORDS;
    const low = (words[from + ID_LOW] + offset) | 0;
    const exit = orders.insert(low, words[from + ID_HIGH] + (low >>> 0 < offset ? 1 : 0));
    const side = words[from + SIDE] === Side.Buy ? Side.Sell : Side.Buy;
    this.#describe(exit, words[from + ACCOUNT], words[from + INSTRUMENT], side);
    words[exit * ORDER_WORDS + SOURCE] = (words[from + SOURCE] & 0xffff) | (orderType << TYPE_SHIFT) | EXIT;
    numbers.fill(0, exit * ORDER_NUMBERS + PRICE, (exit + 1) * ORDER_NUMBERS);
    orders.stops[exit] = 0;
    return exit;
  }

  /** The exits count with what their entry has been filled. */
  #fillExits(entry: number): void {
    const state = this.#state;
    const { words, numbers } = state.orders;
    const filled = numbers[entry * ORDER_NUMBERS + FILLED];
    for (let offset = 1; offset <= 2; offset++) {
      const exit = this.#exit(entry, offset);
      if (exit < 0) continue;
      const number = exit * ORDER_NUMBERS;
      const change = filled - numbers[number + RESERVED];
      if (numbers[number + RESERVED] === 0) state.openOrders[words[exit * ORDER_WORDS + ACCOUNT]]++;
      numbers[number + TOTAL] = filled;
      numbers[number + RESERVED] = filled;
      state.adjust(exit, change);
    }
  }

  /** Entry of the exit whose id is so far behind that of its entry, -1: none. */
  #exit(entry: number, offset: number): number {
    const { orders } = this.#state;
    const from = entry * ORDER_WORDS;
    if ((orders.words[from + SOURCE] & (offset === 1 ? TAKE_PROFIT : STOP_LOSS)) === 0) return -1;
    const low = (orders.words[from + ID_LOW] + offset) | 0;
    return orders.find(low, orders.words[from + ID_HIGH] + (low >>> 0 < offset ? 1 : 0));
  }

  #describe(entry: number, place: number, instrument: number, side: number): void {
    const { words } = this.#state.orders;
    const word = entry * ORDER_WORDS;
    words[word + ACCOUNT] = place;
    words[word + INSTRUMENT] = instrument;
    words[word + SIDE] = side;
  }

  /** A stop order at market may trade up to the collar above its trigger. */
  #setStopWorst(entry: number): void {
    const { orders, controls } = this.#state;
    const at = entry * ORDER_WORDS;
    const position = this.#state.positionOf(orders.words[at + ACCOUNT], orders.words[at + INSTRUMENT]);
    const limits = controls.layout.instrumentLimits + position * INSTRUMENT_STRIDE;
    orders.worst[entry] = collarTop(orders.stops[entry], controls.cells[limits + PRICE_COLLAR_PERCENT]);
  }
}
