/** JSON Schemas (2020-12) of everything that the gateway takes and gives. Values of enums come from the code that checks them. */
import { REASON_NAMES } from '../../lib/enums.js';
import { ERROR_STATUS } from './api-error.js';
import { CLIENT_ORDER_ID_PATTERN } from './client-order-id.js';
import { OPERATION_SCHEMAS } from './operations/openapi-operations.js';
import { MAXIMUM_ACCOUNT } from './order-request.js';
import { LIQUIDITY_TEXT, STATUS_TEXT } from './render.js';
import {
  CONTINGENCIES,
  ORDER_TYPES,
  SELF_TRADE_PREVENTIONS,
  TIMES_IN_FORCE,
  TRADING_PHASES,
  type Words,
} from './vocabulary.js';

type Schema = Readonly<Record<string, unknown>>;

const decimal = (description: string): Schema => ({
  type: 'string',
  pattern: '^-?[0-9]+(\\.[0-9]+)?$',
  description: `${description}; exact plain decimal`,
});
const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const id = (description: string): Schema => ({ type: 'string', pattern: '^[0-9]+$', description });
const time = (description: string): Schema => id(`${description}; Unix time in nanoseconds`);
const choice = (values: readonly string[]): Schema => ({ type: 'string', enum: values });
/** Letter case does not matter in requests. */
const word = (...values: string[]): Schema => ({
  type: 'string',
  pattern: `^(${values.map(anyCase).join('|')})$`,
  description: `${values.join(', ')}; in any letter case`,
});
const anyCase = (value: string): string =>
  [...value].map((letter) => `[${letter}${letter.toLowerCase()}]`).join('');
const wordOf = (words: Words): Schema => word(...Object.keys(words));
const choiceOf = (words: Words): Schema => choice(Object.keys(words));
const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const object = (
  properties: Readonly<Record<string, Schema>>,
  required = Object.keys(properties),
): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** A decimal above zero as clients may write it. */
const amount = (description: string): Schema => ({
  anyOf: [
    { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' },
    { type: 'number', exclusiveMinimum: 0 },
  ],
  description: `${description}; text or number, never rounded`,
});
/** A key that may be left out, or null. */
const optional = (description: string, schema: Schema): Schema => ({ ...nullable(schema), description });
const idIn: Schema = {
  anyOf: [
    { type: 'string', pattern: '^[1-9][0-9]{0,15}$' },
    { type: 'integer', minimum: 1 },
  ],
};
const account: Schema = { type: 'integer', minimum: 1, maximum: MAXIMUM_ACCOUNT };
const accountIn: Schema = {
  anyOf: [account, { type: 'string', pattern: '^[1-9][0-9]{0,4}$' }],
  description: 'default: gateway.account of the configuration',
};
const count: Schema = { type: 'integer', minimum: 0 };
const reason = nullable(
  choice(REASON_NAMES.filter((name) => name !== undefined && name !== 'NONE') as string[]),
);
const side = choice(['BUY', 'SELL']);

const fill = {
  price: decimal('Price of the fill'),
  quantity: decimal('Quantity of the fill'),
  trade_id: id('Trade; both sides of a trade have the same'),
  liquidity: choice(LIQUIDITY_TEXT),
  fee: decimal('In quote currency; negative: received'),
  timestamp_ns: time('When it was sequenced'),
};

const orderMembers = {
  order_id: id('Chosen by the gateway'),
  client_order_id: nullable({ type: 'string', pattern: CLIENT_ORDER_ID_PATTERN }),
  symbol: { type: 'string' },
  account,
  side,
  order_type: choiceOf(ORDER_TYPES),
  time_in_force: choiceOf(TIMES_IN_FORCE),
  post_only: { type: 'boolean' },
  price: nullable(decimal('Limit price; null for market and stop orders')),
  quantity: decimal('Total quantity'),
  status: choice(STATUS_TEXT),
  filled_quantity: decimal('Executed so far'),
  leaves_quantity: decimal('Still open'),
  average_price: nullable(decimal('Average of the fills, half-even at eight digits beyond the tick')),
  reason,
  received_ns: time('When the gateway took it in'),
  updated_ns: time('When it last changed'),
  execution_count: count,
  fees: decimal('Sum over the fills, quote currency; negative: received'),
};

/** Members that only some orders have. */
const furtherMembers = {
  post_only_slide: { const: true },
  self_trade_prevention: choiceOf(SELF_TRADE_PREVENTIONS),
  working: {
    type: 'boolean',
    description:
      'of STOP, STOP_LIMIT and AT_THE_CLOSE orders: live and on the book; false while they wait, and when they are over',
  },
  stop_price: decimal('Trigger'),
  displayed_quantity: decimal('Iceberg: how much of it shows at a time'),
  minimum_quantity: decimal('Had to trade at once'),
  expire_ns: time('GTD: when the order is over'),
  linked_order_id: id('The order that it is linked with now'),
  contingency: choiceOf(CONTINGENCIES),
  take_profit_price: decimal('Bracket: limit of the exit in profit, which has the id order_id + 1'),
  stop_loss_price: decimal('Bracket: trigger of the exit in loss, which has the id order_id + 2'),
  stop_loss_limit_price: decimal('Bracket: limit of the exit in loss'),
  parent_order_id: id('Of an exit: the bracket entry'),
};

const status = {
  symbol: { type: 'string' },
  phase: choice(TRADING_PHASES),
  indicative_price: nullable(decimal('Where the auction would execute now; after it: where it did')),
  indicative_quantity: decimal('How much it would execute'),
  surplus: decimal('Left over at that price: to buy (positive) or to sell (negative)'),
  last_price: nullable(decimal('Of the last trade')),
  reference_price: nullable(decimal('Centre of the static price band')),
  updated_ns: nullable(time('When phase or auction last changed; null: not since the start')),
};

/** Required keys are those without which no order is one; the rest goes with some kinds of order only. */
const conditionsIn = {
  post_only_slide: {
    type: 'boolean',
    default: false,
    description: 'with post_only: an order that would cross moves to one tick from the other side',
  },
  self_trade_prevention: {
    ...wordOf(SELF_TRADE_PREVENTIONS),
    description: 'what happens instead of a trade with an order of the same account group; default NONE',
  },
  stop_price: optional('trigger of STOP and STOP_LIMIT orders', amount('A whole number of ticks')),
  displayed_quantity: optional('iceberg: how much shows', amount('A whole number of lots')),
  minimum_quantity: optional('trade so much at once, or nothing', amount('A whole number of lots')),
  expire_ns: optional('for GTD: Unix time in nanoseconds', idIn),
  linked_order_id: optional('with contingency: a live order of the same account and symbol', idIn),
  contingency: optional(
    'OCO: the first fill of one cancels the other; OUO: takes as much off it',
    wordOf(CONTINGENCIES),
  ),
  take_profit_price: optional('bracket: limit of the exit in profit', amount('A whole number of ticks')),
  stop_loss_price: optional('bracket: trigger of the exit in loss', amount('A whole number of ticks')),
  stop_loss_limit_price: optional('bracket: limit of the exit in loss', amount('A whole number of ticks')),
};

const level: Schema = {
  type: 'array',
  prefixItems: [decimal('Price'), decimal('Quantity')],
  items: false,
  minItems: 2,
};

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  ...OPERATION_SCHEMAS,
  NewOrder: object(
    {
      client_order_id: {
        anyOf: [
          { type: 'string', pattern: CLIENT_ORDER_ID_PATTERN },
          { type: 'integer', minimum: 0 },
          { type: 'null' },
        ],
        description: 'unique per account',
      },
      symbol: { type: 'string' },
      side: word('BUY', 'SELL'),
      quantity: amount('A whole number of lots'),
      price: {
        anyOf: [amount('A whole number of ticks'), { type: 'null' }, { type: 'number', const: 0 }],
        description: 'required for LIMIT and STOP_LIMIT, above 0; for all others none, null or 0',
      },
      order_type: wordOf(ORDER_TYPES),
      time_in_force: {
        ...wordOf(TIMES_IN_FORCE),
        description: `${Object.keys(TIMES_IN_FORCE).join(', ')}; default IOC for MARKET, else GTC`,
      },
      post_only: { type: 'boolean', default: false },
      account: accountIn,
      ...conditionsIn,
    },
    ['symbol', 'side', 'quantity', 'order_type'],
  ),
  AmendOrder: {
    ...object(
      {
        price: amount('New limit price'),
        quantity: amount('New total quantity, fills included'),
        stop_price: amount('New trigger of a stop order that waits for it'),
      },
      [],
    ),
    minProperties: 1,
  },
  Fill: object(fill),
  Order: object(
    {
      ...orderMembers,
      fills: { ...listOf(reference('Fill')), description: 'the last 1000, oldest first' },
      ...furtherMembers,
    },
    [...Object.keys(orderMembers), 'fills'],
  ),
  Orders: object({ orders: listOf(reference('Order')) }),
  MassCancelResult: object({ canceled: count, reason }),
  Execution: object({
    execution_id: id('Rises by one with every execution of the gateway'),
    order_id: id('Order'),
    account,
    symbol: { type: 'string' },
    side,
    ...fill,
  }),
  Executions: object({ executions: listOf(reference('Execution')) }),
  Position: object({
    account,
    symbol: { type: 'string' },
    quantity: decimal('Signed'),
    bought_quantity: decimal('Bought since start'),
    sold_quantity: decimal('Sold since start'),
    open_buy_quantity: decimal('Working buy orders'),
    open_sell_quantity: decimal('Working sell orders'),
    average_price: nullable(decimal('Of the open quantity; null when flat')),
    realized_profit: decimal('In quote currency, fees not included'),
    unrealized_profit: decimal('Of the open quantity at last_price; likewise'),
    last_price: nullable(decimal('Of the last trade')),
    updated_ns: time('When it last changed'),
  }),
  Positions: object({ positions: listOf(reference('Position')) }),
  Instrument: object({
    symbol: { type: 'string' },
    venue: { type: 'string' },
    base_currency: { type: 'string' },
    quote_currency: { type: 'string' },
    tick_size: decimal('Step of prices'),
    lot_size: decimal('Step of quantities'),
    reference_price: decimal('Where the price collar starts'),
    min_quantity: decimal('Smallest order'),
    max_quantity: nullable(decimal('Largest order; null: no limit')),
    status: { ...nullable(reference('InstrumentStatus')), description: 'null: not matched here' },
  }),
  InstrumentStatus: object(status),
  Instruments: object({ instruments: listOf(reference('Instrument')) }),
  Book: object({
    symbol: { type: 'string' },
    synced: { const: true },
    venue_sequence: id('Update id that the book stands at'),
    bids: listOf(level),
    asks: listOf(level),
  }),
  Health: object({
    status: choice(['ready', 'not_ready', 'stopping']),
    ready: { type: 'boolean' },
    stages: listOf(
      object({
        stage: { type: 'string' },
        status: choice(['absent', 'starting', 'running', 'closed', 'failed']),
      }),
    ),
    unsynced_books: listOf({ type: 'string' }),
    uptime_s: count,
    session_start_ns: time('Zero of the times in binary messages'),
  }),
  Error: object({
    error: object({
      code: choice(Object.keys(ERROR_STATUS)),
      message: { type: 'string' },
      key: nullable({ type: 'string' }),
      value: nullable({ type: 'string' }),
      allowed: nullable({ type: 'string' }),
    }),
  }),
};
