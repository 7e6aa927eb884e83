/**
 * The bytes of the gateway's store, and nothing else. It lies in memory that outlives the gateway's thread; only that
 * thread touches it, so all access is plain.
 *
 *     header      16 float64       magic, counters (HEADER_* below)
 *     orders      ORDER_CAPACITY   one column per field, one place per order; order id 0: the place is free
 *     executions  EXECUTION_CAPACITY, a ring: execution n is at place n % EXECUTION_CAPACITY
 *     positions   POSITION_CAPACITY, open addressing by account and instrument
 *     statuses    STATUS_CAPACITY, by instrument
 *
 * What can be derived (index by order id, lists by age and session) is private memory, rebuilt when a gateway starts on a used store.
 */
import { fail } from '../../lib/assert.js';
import { MAXIMUM_CLIENT_ORDER_ID_LENGTH } from './client-order-id.js';

export const ORDER_CAPACITY = 1 << 18;
export const EXECUTION_CAPACITY = 1 << 18;
export const POSITION_CAPACITY = 1 << 16;
/** Instruments at the most. */
export const STATUS_CAPACITY = 1 << 17;

/** First a byte for the length, then the characters; whole words. */
export const CLIENT_TEXT_BYTES = Math.ceil((1 + MAXIMUM_CLIENT_ORDER_ID_LENGTH) / 4) * 4;

const MAGIC = 0x4d52_4757; // 'MRGW'
const VERSION = 3;

/** Cells of the header. */
export const HEADER_MAGIC = 0;
export const HEADER_VERSION = 1;
/** Last number given to a command. */
export const HEADER_COMMANDS = 2;
/** Executions written so far. */
export const HEADER_EXECUTIONS = 4;
/** Orders added so far. */
export const HEADER_ORDERS = 5;
/** Last number given to a WebSocket session. */
export const HEADER_SESSIONS = 6;
/** Last event sequence applied, one cell a shard. */
export const HEADER_EVENTS = 8;
const HEADER_CELLS = 16;

/** Bits of the column `state`. */
export const OrderState = {
  /** The columns of {@link ConditionColumns} hold what they say; without it they are left over from another order. */
  Conditional: 1,
  /** Off the book: a stop before its trigger, or an order for the closing auction before that. */
  Waiting: 2,
  /** To be canceled when its session is over. */
  CancelOnDisconnect: 4,
} as const;

/** What only some orders have. 0: not asked for, where `present` (ConditionFlags) does not say so. */
export interface ConditionColumns {
  readonly stopPrice: Float64Array;
  readonly displayedQuantity: Float64Array;
  readonly minimumQuantity: Float64Array;
  readonly expireTime: Float64Array;
  readonly linkedOrderId: Float64Array;
  readonly takeProfitPrice: Float64Array;
  readonly stopLossPrice: Float64Array;
  readonly stopLossLimitPrice: Float64Array;
  /** Of an exit: the bracket entry that it belongs to. */
  readonly parentOrderId: Float64Array;
  readonly contingency: Uint8Array;
  readonly present: Uint8Array;
}

export interface OrderColumns extends ConditionColumns {
  readonly orderId: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly leaves: Float64Array;
  readonly filled: Float64Array;
  /** Sum of price times quantity over the fills, ticks times lots: high * 2^50 + low. */
  readonly notionalHigh: Float64Array;
  readonly notionalLow: Float64Array;
  readonly received: Float64Array;
  readonly updated: Float64Array;
  /** Number of the order's last execution (from 1), and how many it had. */
  readonly lastExecution: Float64Array;
  readonly executions: Float64Array;
  /** Sum of the fees, ticks times lots, negative when received: high * 2^50 + low. */
  readonly feesHigh: Float64Array;
  readonly feesLow: Float64Array;
  /** Number of the order in the order of {@link HEADER_ORDERS}: lists go by it. */
  readonly rank: Float64Array;
  readonly account: Uint32Array;
  readonly instrument: Uint32Array;
  /** The WebSocket session that entered it; 0: none. */
  readonly owner: Uint32Array;
  readonly side: Uint8Array;
  readonly orderType: Uint8Array;
  readonly timeInForce: Uint8Array;
  readonly flags: Uint8Array;
  readonly status: Uint8Array;
  readonly reason: Uint8Array;
  readonly selfTradePrevention: Uint8Array;
  readonly state: Uint8Array;
  /** CLIENT_TEXT_BYTES an order. */
  readonly clientText: Uint8Array;
}

export interface ExecutionColumns {
  readonly orderId: Float64Array;
  readonly tradeId: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly timestamp: Float64Array;
  /** Number of the same order's execution before this one, 0 for its first. */
  readonly previous: Float64Array;
  /** Ticks times lots of the quote currency; negative: received. */
  readonly fee: Float64Array;
  readonly account: Uint32Array;
  readonly instrument: Uint32Array;
  readonly side: Uint8Array;
  /** {@link Liquidity}. */
  readonly liquidity: Uint8Array;
}

/** What an order did in an execution: it made liquidity, took it, or met its counterparty in an auction. */
export const Liquidity = { Maker: 0, Taker: 1, Auction: 2 } as const;
export type Liquidity = (typeof Liquidity)[keyof typeof Liquidity];

/** The last InstrumentStatus of each instrument. */
export interface StatusColumns {
  readonly indicativePrice: Float64Array;
  readonly indicativeQuantity: Float64Array;
  readonly surplus: Float64Array;
  readonly lastPrice: Float64Array;
  readonly referencePrice: Float64Array;
  /** NaN: what the instrument started with. */
  readonly timestamp: Float64Array;
  /** TradingPhase; 0: there is no such instrument, or it is not matched here. */
  readonly phase: Uint8Array;
  /** StatusFlags: which prices there are. */
  readonly flags: Uint8Array;
}

export interface PositionColumns {
  /** account * 2^32 + instrument + 1; 0: the place is free. */
  readonly key: Float64Array;
  readonly quantity: Float64Array;
  readonly bought: Float64Array;
  readonly sold: Float64Array;
  readonly openBuy: Float64Array;
  readonly openSell: Float64Array;
  readonly averagePrice: Float64Array;
  readonly realizedProfit: Float64Array;
  readonly lastPrice: Float64Array;
  readonly timestamp: Float64Array;
}

export interface StoreMemory {
  readonly header: Float64Array;
  readonly orders: OrderColumns;
  readonly executions: ExecutionColumns;
  readonly positions: PositionColumns;
  readonly statuses: StatusColumns;
  /** The memory held another gateway's orders. */
  readonly used: boolean;
}

/** Hands out consecutive columns, the widest first so that each is aligned. */
class Carver {
  readonly #buffer: SharedArrayBuffer;
  #at = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(length * 8), length);
  }

  words(length: number): Uint32Array {
    return new Uint32Array(this.#buffer, this.#take(length * 4), length);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#take(length), length);
  }

  #take(bytes: number): number {
    const start = Math.ceil(this.#at / 8) * 8;
    this.#at = start + bytes;
    if (this.#at > this.#buffer.byteLength) {
      fail(`gateway store: needs ${this.#at} bytes and more, has ${this.#buffer.byteLength}`);
    }
    return start;
  }
}

/** Opens the store in `buffer`, which is all zeros or was a store of the same version before; else InvariantError. */
export function openStore(buffer: SharedArrayBuffer): StoreMemory {
  const carver = new Carver(buffer);
  const header = carver.doubles(HEADER_CELLS);
  const used = header[HEADER_MAGIC] !== 0;
  if (used && (header[HEADER_MAGIC] !== MAGIC || header[HEADER_VERSION] !== VERSION)) {
    fail(`gateway store: memory is not a version ${VERSION} store`);
  }
  const memory = {
    header,
    orders: carveOrders(carver),
    executions: carveExecutions(carver),
    positions: carvePositions(carver),
    statuses: carveStatuses(carver),
    used,
  };
  header[HEADER_VERSION] = VERSION;
  header[HEADER_MAGIC] = MAGIC;
  return memory;
}

function carveOrders(carver: Carver): OrderColumns {
  const double = () => carver.doubles(ORDER_CAPACITY);
  const byte = () => carver.bytes(ORDER_CAPACITY);
  return {
    orderId: double(),
    price: double(),
    quantity: double(),
    leaves: double(),
    filled: double(),
    notionalHigh: double(),
    notionalLow: double(),
    received: double(),
    updated: double(),
    lastExecution: double(),
    executions: double(),
    feesHigh: double(),
    feesLow: double(),
    rank: double(),
    stopPrice: double(),
    displayedQuantity: double(),
    minimumQuantity: double(),
    expireTime: double(),
    linkedOrderId: double(),
    takeProfitPrice: double(),
    stopLossPrice: double(),
    stopLossLimitPrice: double(),
    parentOrderId: double(),
    account: carver.words(ORDER_CAPACITY),
    instrument: carver.words(ORDER_CAPACITY),
    owner: carver.words(ORDER_CAPACITY),
    side: byte(),
    orderType: byte(),
    timeInForce: byte(),
    flags: byte(),
    status: byte(),
    reason: byte(),
    selfTradePrevention: byte(),
    state: byte(),
    contingency: byte(),
    present: byte(),
    clientText: carver.bytes(ORDER_CAPACITY * CLIENT_TEXT_BYTES),
  };
}

function carveExecutions(carver: Carver): ExecutionColumns {
  const double = () => carver.doubles(EXECUTION_CAPACITY);
  return {
    orderId: double(),
    tradeId: double(),
    price: double(),
    quantity: double(),
    timestamp: double(),
    previous: double(),
    fee: double(),
    account: carver.words(EXECUTION_CAPACITY),
    instrument: carver.words(EXECUTION_CAPACITY),
    side: carver.bytes(EXECUTION_CAPACITY),
    liquidity: carver.bytes(EXECUTION_CAPACITY),
  };
}

function carvePositions(carver: Carver): PositionColumns {
  const double = () => carver.doubles(POSITION_CAPACITY);
  return {
    key: double(),
    quantity: double(),
    bought: double(),
    sold: double(),
    openBuy: double(),
    openSell: double(),
    averagePrice: double(),
    realizedProfit: double(),
    lastPrice: double(),
    timestamp: double(),
  };
}

function carveStatuses(carver: Carver): StatusColumns {
  const double = () => carver.doubles(STATUS_CAPACITY);
  return {
    indicativePrice: double(),
    indicativeQuantity: double(),
    surplus: double(),
    lastPrice: double(),
    referencePrice: double(),
    timestamp: double(),
    phase: carver.bytes(STATUS_CAPACITY),
    flags: carver.bytes(STATUS_CAPACITY),
  };
}
