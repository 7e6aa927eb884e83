import {
  EXECUTION_TYPE_NAMES,
  ORDER_STATUS_NAMES,
  ORDER_TYPE_NAMES,
  REASON_NAMES,
  SIDE_NAMES,
  TIME_IN_FORCE_NAMES,
  TRADING_PHASE_NAMES,
} from '../../src/lib/enums.js';
import type { Instrument } from '../../src/lib/instruments.js';
import type {
  BookFields,
  FeatureFields,
  Level,
  MarketTradeFields,
  PositionFields,
  ReportFields,
  TradeFields,
} from '../support/market-records.js';
import type { StatusFields } from '../support/status-records.js';

/**
 * The JSON messages in obvious code: a list of keys and of values that are already JSON text; numbers by BigInt.
 * Session start is 1,700,000,000.123456789 s after the epoch.
 */
export const SESSION = { startMs: 0, epochSeconds: 1_700_000_000, epochNanoseconds: 123_456_789 };

const epoch = (now: number): string => String(1_700_000_000_123_456_789n + BigInt(now));

/** `steps` times `size` (a plain decimal), exact and without trailing zeros. */
function decimal(steps: number, ...sizes: readonly string[]): string {
  let digits = BigInt(steps);
  let decimals = 0;
  for (const size of sizes) {
    const [whole, fraction = ''] = size.split('.');
    digits *= BigInt(whole + fraction);
    decimals += fraction.length;
  }
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  const fraction = text.slice(text.length - decimals).replace(/0+$/, '');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

function object(fields: readonly (readonly [key: string, value: string])[]): string {
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

const name = (names: readonly (string | undefined)[], value: number): string =>
  value === 0 ? 'null' : JSON.stringify(names[value]);

const market = (instrument: Instrument, timestamp: number, receipt: number): [string, string][] => [
  ['exchange', JSON.stringify(instrument.venue)],
  ['symbol', JSON.stringify(instrument.symbol)],
  ['timestamp_ns', epoch(timestamp)],
  ['receipt_timestamp_ns', epoch(receipt)],
];

/** `tradedLots`: in the window, this trade included. */
export function naiveTrade(
  instrument: Instrument,
  trade: MarketTradeFields,
  tradedLots: number,
  volatility: number | null,
  seq: number,
): string {
  const price = decimal(trade.price, instrument.tickSize);
  return object([
    ...market(instrument, trade.timestamp, trade.receiveTimestamp),
    ['price', price],
    ['amount', decimal(trade.quantity, instrument.lotSize)],
    ['side', name(SIDE_NAMES, trade.takerSide)],
    ['seq', String(seq)],
    ['transaction_price', price],
    ['trading_volume', decimal(tradedLots, instrument.lotSize)],
    ['volatility', String(volatility)],
  ]);
}

function naiveSide(levels: readonly Level[], instrument: Instrument, depth: number): string {
  const pairs = levels
    .slice(0, depth)
    .map(
      ([price, quantity]) =>
        `[${decimal(price, instrument.tickSize)},${decimal(quantity, instrument.lotSize)}]`,
    );
  return `[${pairs.join(',')}]`;
}

/** `book`: levels of each side from the best outwards. */
export function naiveBook(
  instrument: Instrument,
  book: Pick<BookFields, 'timestamp' | 'receiveTimestamp' | 'bids' | 'asks'>,
  features: FeatureFields | null,
  status: StatusFields | null,
  depth: number,
  seq: number,
): string {
  const lots = (value: number): string => decimal(value, instrument.lotSize);
  const twoSided = features !== null && features.bestBidQuantity > 0 && features.bestAskQuantity > 0;
  return object([
    ...market(instrument, book.timestamp, book.receiveTimestamp),
    ['seq', String(seq)],
    ['bids', naiveSide(book.bids, instrument, depth)],
    ['asks', naiveSide(book.asks, instrument, depth)],
    ['midpoint', twoSided ? decimal(features.midpoint * 2, instrument.tickSize, '0.5') : 'null'],
    ['relative_spread', twoSided ? String(features.relativeSpread) : 'null'],
    ['breadth', features === null ? 'null' : String(features.breadth)],
    ['imbalance_lvl1', features === null ? 'null' : String(features.imbalanceLevel1)],
    ['bid_depth_n', features === null ? 'null' : lots(features.bidDepth)],
    ['ask_depth_n', features === null ? 'null' : lots(features.askDepth)],
    ['volatility_mid', features === null ? 'null' : String(features.volatilityMid)],
    ['ofi_rolling', features === null ? 'null' : lots(features.orderFlowImbalance)],
    ['phase', status === null ? 'null' : name(TRADING_PHASE_NAMES, status.phase)],
    ['indicative_price', price(instrument, status?.indicativePrice ?? null)],
    ['indicative_quantity', status === null ? 'null' : lots(status.indicativeQuantity)],
    ['surplus', status === null ? 'null' : lots(status.surplus)],
  ]);
}

const price = (instrument: Instrument, ticks: number | null): string =>
  ticks === null ? 'null' : decimal(ticks, instrument.tickSize);

const MARKET_ORDER = 2;
const STOP_ORDER = 3;
const STOP_LIMIT_ORDER = 4;
const MASS_CANCELED = 6;

function naiveConditions(instrument: Instrument, report: ReportFields): [string, string][] {
  const { conditions, orderType } = report;
  const ofOrder = report.orderId !== 0;
  const stops = conditions && ofOrder && (orderType === STOP_ORDER || orderType === STOP_LIMIT_ORDER);
  return [
    ['fee', 'null'],
    ['order_type', name(ORDER_TYPE_NAMES, orderType)],
    ['time_in_force', name(TIME_IN_FORCE_NAMES, 1)],
    ['stop_price', stops ? decimal(conditions.stopPrice, instrument.tickSize) : 'null'],
    [
      'displayed_quantity',
      conditions && ofOrder ? decimal(conditions.displayedQuantity, instrument.lotSize) : 'null',
    ],
    ['expire_ns', conditions && conditions.expireTime !== 0 ? epoch(conditions.expireTime) : 'null'],
    [
      'linked_order_id',
      conditions && conditions.linkedOrderId !== 0 ? String(conditions.linkedOrderId) : 'null',
    ],
  ];
}

export function naiveReport(instrument: Instrument, report: ReportFields, seq: number): string {
  const ofOrder = report.orderId !== 0;
  const priced = ofOrder && report.orderType !== MARKET_ORDER && report.orderType !== STOP_ORDER;
  const lots = (value: number): string => (ofOrder ? decimal(value, instrument.lotSize) : 'null');
  const key =
    (BigInt.asUintN(32, BigInt(report.clientOrderIdHigh)) << 32n) |
    BigInt.asUintN(32, BigInt(report.clientOrderIdLow));
  return object([
    ['event', JSON.stringify(EXECUTION_TYPE_NAMES[report.executionType])],
    ['order_id', ofOrder ? String(report.orderId) : 'null'],
    ['client_order_id', key > 0n && key < 2n ** 53n ? `"${key}"` : 'null'],
    ['account', String(report.account)],
    ['symbol', JSON.stringify(instrument.symbol)],
    ['side', name(SIDE_NAMES, report.side)],
    ['status', name(ORDER_STATUS_NAMES, report.status)],
    ['price', priced ? decimal(report.price, instrument.tickSize) : 'null'],
    ['quantity', lots(report.quantity)],
    ['last_price', 'null'],
    ['last_quantity', 'null'],
    ['leaves_quantity', lots(report.leavesQuantity)],
    ['filled_quantity', lots(report.filledQuantity)],
    ['reason', name(REASON_NAMES, report.reason)],
    ['liquidity', 'null'],
    ['trade_id', 'null'],
    ...naiveConditions(instrument, report),
    ...(report.executionType === MASS_CANCELED
      ? [['canceled_orders', String(report.quantity)] as const]
      : []),
    ['sequence', String(report.sequence)],
    ['event_sequence', String(report.eventSequence)],
    ['timestamp_ns', epoch(report.timestamp)],
    ['seq', String(seq)],
  ]);
}

export function naiveFill(instrument: Instrument, trade: TradeFields, maker: boolean, seq: number): string {
  const leaves = maker ? trade.makerLeaves : trade.takerLeaves;
  const fee = maker ? trade.fees?.makerFee : trade.fees?.takerFee;
  return object([
    ['event', '"TRADE"'],
    ['order_id', String(maker ? trade.makerOrderId : trade.takerOrderId)],
    ['client_order_id', 'null'],
    ['account', String(maker ? trade.makerAccount : trade.takerAccount)],
    ['symbol', JSON.stringify(instrument.symbol)],
    ['side', (trade.takerSide === 1) === maker ? '"SELL"' : '"BUY"'],
    ['status', leaves === 0 ? '"FILLED"' : '"PARTIALLY_FILLED"'],
    ['price', 'null'],
    ['quantity', 'null'],
    ['last_price', decimal(trade.price, instrument.tickSize)],
    ['last_quantity', decimal(trade.quantity, instrument.lotSize)],
    ['leaves_quantity', decimal(leaves, instrument.lotSize)],
    ['filled_quantity', 'null'],
    ['reason', 'null'],
    ['liquidity', maker ? '"MAKER"' : '"TAKER"'],
    ['trade_id', String(trade.tradeId)],
    ['fee', decimal(fee ?? 0, instrument.tickSize, instrument.lotSize)],
    ...[
      'order_type',
      'time_in_force',
      'stop_price',
      'displayed_quantity',
      'expire_ns',
      'linked_order_id',
    ].map((key) => [key, 'null'] as const),
    ['sequence', String(trade.sequence)],
    ['event_sequence', String(trade.eventSequence)],
    ['timestamp_ns', epoch(trade.timestamp)],
    ['seq', String(seq)],
  ]);
}

export function naivePhase(instrument: Instrument, status: StatusFields, seq: number): string {
  return object([
    ['event', '"PHASE"'],
    ['symbol', JSON.stringify(instrument.symbol)],
    ['phase', name(TRADING_PHASE_NAMES, status.phase)],
    ['previous_phase', name(TRADING_PHASE_NAMES, status.previousPhase)],
    ['reason', name(REASON_NAMES, status.reason)],
    ['indicative_price', price(instrument, status.indicativePrice)],
    ['indicative_quantity', decimal(status.indicativeQuantity, instrument.lotSize)],
    ['surplus', decimal(status.surplus, instrument.lotSize)],
    ['last_price', price(instrument, status.lastPrice)],
    ['reference_price', price(instrument, status.referencePrice)],
    ['sequence', String(status.sequence)],
    ['event_sequence', String(status.eventSequence)],
    ['timestamp_ns', epoch(status.timestamp)],
    ['seq', String(seq)],
  ]);
}

/** For a position whose average price and profit are whole numbers of steps. */
export function naivePosition(instrument: Instrument, position: PositionFields, seq: number): string {
  const { tickSize, lotSize } = instrument;
  return object([
    ['account', String(position.account)],
    ['symbol', JSON.stringify(instrument.symbol)],
    ['quantity', decimal(position.quantity, lotSize)],
    ['average_price', decimal(position.averagePrice, tickSize)],
    ['realized_profit', decimal(position.realizedProfit, tickSize, lotSize)],
    ['last_price', decimal(position.lastPrice, tickSize)],
    ['open_buy_quantity', decimal(position.openBuyQuantity, lotSize)],
    ['open_sell_quantity', decimal(position.openSellQuantity, lotSize)],
    ['timestamp_ns', epoch(position.timestamp)],
    ['seq', String(seq)],
  ]);
}
