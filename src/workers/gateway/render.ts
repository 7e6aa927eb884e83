import { epochText, type Session } from '../../lib/clock.js';
import { type DecimalScale, formatDecimal } from '../../lib/decimal.js';
import {
  EXECUTION_TYPE_NAMES,
  ORDER_STATUS_NAMES,
  OrderFlags,
  REASON_NAMES,
  SIDE_NAMES,
  StatusFlags,
  TRADING_PHASE_NAMES,
  TradingPhase,
} from '../../lib/enums.js';
import type { Instrument, InstrumentTable } from '../../lib/instruments.js';
import { averagePriceText, valueText } from './decimal-text.js';
import { SUM_BASE } from './exact-sum.js';
import type { OrderStore } from './order-store.js';
import type { PositionStore } from './position-store.js';
import { furtherMembers } from './render-conditions.js';
import type { StatusStore } from './status-store.js';
import { ORDER_TYPE_TEXT, TIME_IN_FORCE_TEXT } from './vocabulary.js';

/** Executions listed inside one order at the most; `execution_count` has the true number. */
export const LISTED_EXECUTIONS = 1000;

/** By {@link Liquidity}. */
export const LIQUIDITY_TEXT = ['MAKER', 'TAKER', 'AUCTION'];

/** Statuses as clients see them; index 0 is an order that is not answered yet. */
export const STATUS_TEXT: readonly string[] = [
  'PENDING_NEW',
  ...ORDER_STATUS_NAMES.slice(1).map((name) => name ?? ''),
];

export interface RendererParts {
  readonly instruments: InstrumentTable;
  readonly session: Session;
  readonly store: OrderStore;
  readonly positions: PositionStore;
  readonly statuses: StatusStore;
}

/**
 * Replies as JSON text, written by hand: JSON.stringify over a fresh object costs three times as much on the order path.
 * Texts that enter unescaped are of restricted alphabets (symbols, client order ids, names of enums).
 */
export class Renderer {
  readonly #instruments: readonly Instrument[];
  readonly #session: Session;
  readonly #store: OrderStore;
  readonly #positions: PositionStore;
  readonly #statuses: StatusStore;

  constructor({ instruments, session, store, positions, statuses }: RendererParts) {
    this.#instruments = instruments.all;
    this.#session = session;
    this.#store = store;
    this.#positions = positions;
    this.#statuses = statuses;
  }

  /** The order at `place`. `reason` overrides the stored one (a refused cancel or amend leaves the order as it was). */
  order(place: number, reason?: number): string {
    return `{${this.orderMembers(place, reason)},"fills":[${this.#fillsOf(place)}]}`;
  }

  /** Members of the order at `place`, without braces and fills. */
  orderMembers(place: number, reason?: number): string {
    const store = this.#store;
    const { orders } = store;
    const instrument = this.#instruments[orders.instrument[place]];
    const { tick, lot, symbol } = instrument;
    const client = store.clientOrderId(place);
    const filled = orders.filled[place];
    const price = orders.price[place];
    const why = reason ?? orders.reason[place];
    return (
      `"order_id":"${orders.orderId[place]}","client_order_id":${client === '' ? 'null' : `"${client}"`}` +
      `,"symbol":"${symbol}","account":${orders.account[place]},"side":"${SIDE_NAMES[orders.side[place]]}"` +
      `,"order_type":"${ORDER_TYPE_TEXT[orders.orderType[place]]}"` +
      `,"time_in_force":"${TIME_IN_FORCE_TEXT[orders.timeInForce[place]]}"` +
      `,"post_only":${(orders.flags[place] & OrderFlags.PostOnly) !== 0}` +
      `,"price":${price === 0 ? 'null' : `"${formatDecimal(price, tick)}"`}` +
      `,"quantity":"${formatDecimal(orders.quantity[place], lot)}"` +
      `,"status":"${STATUS_TEXT[orders.status[place]]}","filled_quantity":"${formatDecimal(filled, lot)}"` +
      `,"leaves_quantity":"${formatDecimal(orders.leaves[place], lot)}"` +
      `,"average_price":${filled === 0 ? 'null' : `"${this.#averagePrice(place, filled, tick)}"`}` +
      `,"reason":${why === 0 ? 'null' : `"${REASON_NAMES[why]}"`}` +
      `,"received_ns":"${epochText(this.#session, orders.received[place])}"` +
      `,"updated_ns":"${epochText(this.#session, orders.updated[place])}"` +
      `,"execution_count":${orders.executions[place]}` +
      `,"fees":"${valueText(orders.feesHigh[place], orders.feesLow[place], tick, lot)}"` +
      furtherMembers(orders, place, instrument, this.#session)
    );
  }

  #averagePrice(place: number, filled: number, tick: DecimalScale): string {
    const { notionalHigh, notionalLow } = this.#store.orders;
    return averagePriceText(notionalHigh[place], notionalLow[place], filled, tick);
  }

  /** Fills of one order, oldest first. */
  #fillsOf(place: number): string {
    const { orders, executions, oldestExecution } = this.#store;
    let number = orders.lastExecution[place];
    if (number === 0) return '';
    const fills: string[] = [];
    while (number >= oldestExecution && number !== 0 && fills.length < LISTED_EXECUTIONS) {
      fills.push(`{${this.#fillMembers(number)}}`);
      number = executions.previous[this.#store.executionPlace(number)];
    }
    return fills.reverse().join(',');
  }

  #fillMembers(number: number): string {
    const at = this.#store.executionPlace(number);
    const { executions } = this.#store;
    const { tick, lot } = this.#instruments[executions.instrument[at]];
    const fee = executions.fee[at];
    const feeHigh = Math.floor(fee / SUM_BASE);
    return (
      `"price":"${formatDecimal(executions.price[at], tick)}"` +
      `,"quantity":"${formatDecimal(executions.quantity[at], lot)}"` +
      `,"trade_id":"${executions.tradeId[at]}","liquidity":"${LIQUIDITY_TEXT[executions.liquidity[at]]}"` +
      `,"fee":"${valueText(feeHigh, fee - feeHigh * SUM_BASE, tick, lot)}"` +
      `,"timestamp_ns":"${epochText(this.#session, executions.timestamp[at])}"`
    );
  }

  /** Execution `number` with what identifies its order. */
  execution(number: number): string {
    const at = this.#store.executionPlace(number);
    const { executions } = this.#store;
    return (
      `{"execution_id":"${number}","order_id":"${executions.orderId[at]}"` +
      `,"account":${executions.account[at]},"symbol":"${this.#instruments[executions.instrument[at]].symbol}"` +
      `,"side":"${SIDE_NAMES[executions.side[at]]}",${this.#fillMembers(number)}}`
    );
  }

  /** What happened to an order, as the `orders` channel of the WebSocket tells it; without braces. */
  orderEvent(place: number, executionType: string, execution: number, reason?: number): string {
    const fill = execution === 0 ? 'null' : `{${this.#fillMembers(execution)}}`;
    return `"type":"execution","execution_type":"${executionType}",${this.orderMembers(place, reason)},"fill":${fill}`;
  }

  position(at: number): string {
    const { columns } = this.#positions;
    const instrument = this.#instruments[this.#positions.instrument(at)];
    const { tick, lot } = instrument;
    const price = tick.units / 10 ** tick.decimals;
    const quantity = (value: number) => `"${formatDecimal(value, lot)}"`;
    const flat = columns.quantity[at] === 0;
    const value = price * (lot.units / 10 ** lot.decimals);
    const last = this.#lastPrice(instrument.index) || columns.lastPrice[at];
    const unrealized = flat ? 0 : columns.quantity[at] * (last - columns.averagePrice[at]);
    return (
      `{"account":${this.#positions.account(at)},"symbol":"${instrument.symbol}"` +
      `,"quantity":${quantity(columns.quantity[at])},"bought_quantity":${quantity(columns.bought[at])}` +
      `,"sold_quantity":${quantity(columns.sold[at])},"open_buy_quantity":${quantity(columns.openBuy[at])}` +
      `,"open_sell_quantity":${quantity(columns.openSell[at])}` +
      `,"average_price":${flat ? 'null' : `"${rounded(columns.averagePrice[at] * price)}"`}` +
      `,"realized_profit":"${rounded(columns.realizedProfit[at] * value)}"` +
      `,"unrealized_profit":"${rounded(unrealized * value)}"` +
      `,"last_price":${last === 0 ? 'null' : `"${formatDecimal(last, tick)}"`}` +
      `,"updated_ns":"${epochText(this.#session, columns.timestamp[at])}"}`
    );
  }

  /** Of the last trade; 0: there was none. A position has that of its own last change. */
  #lastPrice(index: number): number {
    const { flags, lastPrice } = this.#statuses.columns;
    return (flags[index] & StatusFlags.LastPrice) === 0 ? 0 : lastPrice[index];
  }

  instrument(instrument: Instrument): string {
    const { tick, lot } = instrument;
    const unlimited = instrument.maximumLots === Number.MAX_SAFE_INTEGER;
    const terms = JSON.stringify({
      symbol: instrument.symbol,
      venue: instrument.venue,
      base_currency: instrument.baseCurrency,
      quote_currency: instrument.quoteCurrency,
      tick_size: instrument.tickSize,
      lot_size: instrument.lotSize,
      reference_price: formatDecimal(instrument.referenceTicks, tick),
      min_quantity: formatDecimal(instrument.minimumLots, lot),
      max_quantity: unlimited ? null : formatDecimal(instrument.maximumLots, lot),
    });
    const status = this.hasStatus(instrument.index) ? `{${this.statusMembers(instrument.index)}}` : 'null';
    return `${terms.slice(0, -1)},"status":${status}}`;
  }

  /** Is the instrument matched here? */
  hasStatus(index: number): boolean {
    return this.#statuses.phase(index) !== TradingPhase.None;
  }

  /** Phase and auction price of an instrument, without braces. */
  statusMembers(index: number): string {
    const { columns } = this.#statuses;
    const { symbol, tick, lot } = this.#instruments[index];
    const flags = columns.flags[index];
    const price = (bit: number, value: number): string =>
      (flags & bit) === 0 ? 'null' : `"${formatDecimal(value, tick)}"`;
    const changed = this.#statuses.changed(index);
    return (
      `"symbol":"${symbol}","phase":"${TRADING_PHASE_NAMES[this.#statuses.phase(index)]}"` +
      `,"indicative_price":${price(StatusFlags.Indicative, columns.indicativePrice[index])}` +
      `,"indicative_quantity":"${formatDecimal(columns.indicativeQuantity[index], lot)}"` +
      `,"surplus":"${formatDecimal(columns.surplus[index], lot)}"` +
      `,"last_price":${price(StatusFlags.LastPrice, columns.lastPrice[index])}` +
      `,"reference_price":${price(StatusFlags.ReferencePrice, columns.referencePrice[index])}` +
      `,"updated_ns":${Number.isNaN(changed) ? 'null' : `"${this.time(changed)}"`}`
    );
  }

  time(now: number): string {
    return epochText(this.#session, now);
  }
}

/** Eight decimals at the most: these figures are binary fractions by nature. */
function rounded(value: number): string {
  const text = value.toFixed(8).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** Names of ExecutionReport events on the `orders` channel; fills are TRADE. */
export function executionTypeName(executionType: number): string {
  return EXECUTION_TYPE_NAMES[executionType] ?? 'NONE';
}
