import { epochText, type Session } from '../../lib/clock.js';
import { type DecimalScale, formatDecimal } from '../../lib/decimal.js';
import {
  EXECUTION_TYPE_NAMES,
  ORDER_STATUS_NAMES,
  ORDER_TYPE_NAMES,
  OrderFlags,
  OrderType,
  REASON_NAMES,
  SIDE_NAMES,
} from '../../lib/enums.js';
import type { Instrument, InstrumentTable } from '../../lib/instruments.js';
import { averagePriceText } from './decimal-text.js';
import type { OrderStore } from './order-store.js';
import type { PositionStore } from './position-store.js';

/** Executions listed inside one order at the most; `execution_count` has the true number. */
export const LISTED_EXECUTIONS = 1000;

const TIME_IN_FORCE_TEXT = ['NONE', 'GTC', 'IOC', 'FOK'];

/** Statuses as clients see them; index 0 is an order that is not answered yet. */
export const STATUS_TEXT: readonly string[] = [
  'PENDING_NEW',
  ...ORDER_STATUS_NAMES.slice(1).map((name) => name ?? ''),
];

/**
 * Replies as JSON text, written by hand: JSON.stringify over a fresh object costs three times as much on the order path.
 * Texts that enter unescaped are of restricted alphabets (symbols, client order ids, names of enums).
 */
export class Renderer {
  readonly #instruments: readonly Instrument[];
  readonly #session: Session;
  readonly #store: OrderStore;
  readonly #positions: PositionStore;

  constructor(instruments: InstrumentTable, session: Session, store: OrderStore, positions: PositionStore) {
    this.#instruments = instruments.all;
    this.#session = session;
    this.#store = store;
    this.#positions = positions;
  }

  /** The order at `place`. `reason` overrides the stored one (a refused cancel or amend leaves the order as it was). */
  order(place: number, reason?: number): string {
    return `{${this.orderMembers(place, reason)},"fills":[${this.#fillsOf(place)}]}`;
  }

  /** Members of the order at `place`, without braces and fills. */
  orderMembers(place: number, reason?: number): string {
    const store = this.#store;
    const { orders } = store;
    const { tick, lot, symbol } = this.#instruments[orders.instrument[place]];
    const client = store.clientOrderId(place);
    const filled = orders.filled[place];
    const market = orders.orderType[place] === OrderType.Market;
    const why = reason ?? orders.reason[place];
    return (
      `"order_id":"${orders.orderId[place]}","client_order_id":${client === '' ? 'null' : `"${client}"`}` +
      `,"symbol":"${symbol}","account":${orders.account[place]},"side":"${SIDE_NAMES[orders.side[place]]}"` +
      `,"order_type":"${ORDER_TYPE_NAMES[orders.orderType[place]]}"` +
      `,"time_in_force":"${TIME_IN_FORCE_TEXT[orders.timeInForce[place]]}"` +
      `,"post_only":${(orders.flags[place] & OrderFlags.PostOnly) !== 0}` +
      `,"price":${market ? 'null' : `"${formatDecimal(orders.price[place], tick)}"`}` +
      `,"quantity":"${formatDecimal(orders.quantity[place], lot)}"` +
      `,"status":"${STATUS_TEXT[orders.status[place]]}","filled_quantity":"${formatDecimal(filled, lot)}"` +
      `,"leaves_quantity":"${formatDecimal(orders.leaves[place], lot)}"` +
      `,"average_price":${filled === 0 ? 'null' : `"${this.#averagePrice(place, filled, tick)}"`}` +
      `,"reason":${why === 0 ? 'null' : `"${REASON_NAMES[why]}"`}` +
      `,"received_ns":"${epochText(this.#session, orders.received[place])}"` +
      `,"updated_ns":"${epochText(this.#session, orders.updated[place])}"` +
      `,"execution_count":${orders.executions[place]}`
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
    return (
      `"price":"${formatDecimal(executions.price[at], tick)}"` +
      `,"quantity":"${formatDecimal(executions.quantity[at], lot)}"` +
      `,"trade_id":"${executions.tradeId[at]}","liquidity":"${executions.taker[at] === 1 ? 'TAKER' : 'MAKER'}"` +
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
    const profit = columns.realizedProfit[at] * price * (lot.units / 10 ** lot.decimals);
    return (
      `{"account":${this.#positions.account(at)},"symbol":"${instrument.symbol}"` +
      `,"quantity":${quantity(columns.quantity[at])},"bought_quantity":${quantity(columns.bought[at])}` +
      `,"sold_quantity":${quantity(columns.sold[at])},"open_buy_quantity":${quantity(columns.openBuy[at])}` +
      `,"open_sell_quantity":${quantity(columns.openSell[at])}` +
      `,"average_price":${flat ? 'null' : `"${rounded(columns.averagePrice[at] * price)}"`}` +
      `,"realized_profit":"${rounded(profit)}"` +
      `,"last_price":${columns.lastPrice[at] === 0 ? 'null' : `"${formatDecimal(columns.lastPrice[at], tick)}"`}` +
      `,"updated_ns":"${epochText(this.#session, columns.timestamp[at])}"}`
    );
  }

  instrument(instrument: Instrument): string {
    const { tick, lot } = instrument;
    const unlimited = instrument.maximumLots === Number.MAX_SAFE_INTEGER;
    return JSON.stringify({
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
