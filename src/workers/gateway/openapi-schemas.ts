/** JSON Schemas (2020-12) of everything that the gateway takes and gives. Values of enums come from the code that checks them. */
import { REASON_NAMES } from '../../lib/enums.js';
import { ERROR_STATUS } from './api-error.js';
import { CLIENT_ORDER_ID_PATTERN } from './client-order-id.js';
import { MAXIMUM_ACCOUNT } from './order-request.js';
import { STATUS_TEXT } from './render.js';

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
  liquidity: choice(['MAKER', 'TAKER']),
  timestamp_ns: time('When it was sequenced'),
};

const orderMembers = {
  order_id: id('Chosen by the gateway'),
  client_order_id: nullable({ type: 'string', pattern: CLIENT_ORDER_ID_PATTERN }),
  symbol: { type: 'string' },
  account,
  side,
  order_type: choice(['LIMIT', 'MARKET']),
  time_in_force: choice(['GTC', 'IOC', 'FOK']),
  post_only: { type: 'boolean' },
  price: nullable(decimal('Limit price; null for market orders')),
  quantity: decimal('Total quantity'),
  status: choice(STATUS_TEXT),
  filled_quantity: decimal('Executed so far'),
  leaves_quantity: decimal('Still open'),
  average_price: nullable(decimal('Average of the fills, half-even at eight digits beyond the tick')),
  reason,
  received_ns: time('When the gateway took it in'),
  updated_ns: time('When it last changed'),
  execution_count: count,
};

const level: Schema = {
  type: 'array',
  prefixItems: [decimal('Price'), decimal('Quantity')],
  items: false,
  minItems: 2,
};

export const SCHEMAS: Readonly<Record<string, Schema>> = {
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
        description: 'required for LIMIT, above 0; for MARKET none, null or 0',
      },
      order_type: word('LIMIT', 'MARKET'),
      time_in_force: {
        ...word('GTC', 'IOC', 'FOK'),
        description: 'GTC, IOC, FOK; default GTC for LIMIT, IOC for MARKET',
      },
      post_only: { type: 'boolean', default: false },
      account: accountIn,
    },
    ['symbol', 'side', 'quantity', 'order_type'],
  ),
  AmendOrder: {
    ...object(
      { price: amount('New limit price'), quantity: amount('New total quantity, fills included') },
      [],
    ),
    minProperties: 1,
  },
  KillSwitch: object(
    {
      engage: { type: 'boolean' },
      scope: choice(['global', 'account', 'instrument']),
      account: { ...accountIn, description: 'for scope account' },
      symbol: { type: 'string', description: 'for scope instrument' },
    },
    ['engage', 'scope'],
  ),
  KillSwitchState: object(
    {
      engaged: { type: 'boolean' },
      scope: choice(['global', 'account', 'instrument']),
      account,
      symbol: { type: 'string' },
    },
    ['engaged', 'scope'],
  ),
  Fill: object(fill),
  Order: object({
    ...orderMembers,
    fills: { ...listOf(reference('Fill')), description: 'the last 1000, oldest first' },
  }),
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
    realized_profit: decimal('In quote currency'),
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
  }),
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
