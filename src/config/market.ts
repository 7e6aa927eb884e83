import { z } from 'zod';
import {
  choice,
  decimalNumber,
  group,
  groupList,
  integer,
  name,
  number,
  positiveDecimal,
  section,
  stepSize,
  symbol,
  text,
  truth,
  url,
  wordList,
} from './fields.js';
import { shardNumber } from './matching.js';
import { BAND_ACTIONS, LOCAL_VENUE, OUTSIDE_VENUES, type OutsideVenue, PHASES } from './names.js';

/** What is traded, where, and the simulated market. */

const currency = () => text(/^[A-Z0-9]{1,16}$/, 'a currency of 1 to 16 capital letters and digits');

const band = (centre: string) =>
  decimalNumber(0, 100, 2, `percent of ${centre} to each side; 0: no band`).default(0);
/** 100 percent at the most: nobody pays more than was traded, or is paid more. */
const fee = () =>
  decimalNumber(
    -10_000,
    10_000,
    4,
    'hundredths of a percent of the traded value; negative: a rebate',
  ).default(0);

const instrument = group({
  symbol: symbol(),
  venue: choice([LOCAL_VENUE, ...OUTSIDE_VENUES]).default(LOCAL_VENUE),
  tick_size: stepSize('quote currency'),
  lot_size: stepSize('base currency'),
  base_currency: currency(),
  quote_currency: currency(),
  reference_price: positiveDecimal('quote currency, a multiple of tick_size'),
  min_quantity: positiveDecimal('base currency, a multiple of lot_size').optional(),
  max_quantity: positiveDecimal('base currency, a multiple of lot_size').nullable().default(null),
  initial_phase: choice(PHASES).default('continuous'),
  static_band_percent: band('the reference price'),
  dynamic_band_percent: band('the last price'),
  band_action: choice(BAND_ACTIONS).default('volatility-auction'),
  maker_fee_bps: fee(),
  taker_fee_bps: fee(),
  session: name().nullable().default(null),
  shard: shardNumber().nullable().default(null),
}).transform((given) => ({ ...given, min_quantity: given.min_quantity ?? given.lot_size }));

function usdInstrument(base: string, tick: string, lot: string, reference: string) {
  return {
    symbol: `${base}-USD`,
    tick_size: tick,
    lot_size: lot,
    base_currency: base,
    quote_currency: 'USD',
    reference_price: reference,
    maker_fee_bps: 1,
    taker_fee_bps: 5,
  };
}

export const instrumentList = groupList(
  instrument,
  'a list of one or more instruments ({symbol, tick_size, lot_size, base_currency, quote_currency, reference_price, ...})',
  1,
).prefault(() => [
  usdInstrument('BTC', '0.01', '0.0001', '60000'),
  usdInstrument('ETH', '0.01', '0.001', '3000'),
  usdInstrument('SOL', '0.001', '0.01', '150'),
]);

/** Public addresses of the venues. https://developers.binance.com/docs/ */
const VENUE_ADDRESSES: Record<OutsideVenue, { websocket: string; rest: string }> = {
  'binance-spot': { websocket: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  'binance-usdm': { websocket: 'wss://fstream.binance.com', rest: 'https://fapi.binance.com' },
};

const venue = group({
  name: choice(OUTSIDE_VENUES),
  symbols: wordList(
    text(/^[A-Z0-9_]{1,32}$/, "a symbol in the venue's spelling, such as BTCUSDT"),
    'a list of one or more symbols',
    1,
  ),
  websocket_url: url('wss:', 'ws:').optional(),
  rest_url: url('https:', 'http:').optional(),
  stale_after_ms: integer(100, 3_600_000, 'milliseconds').default(10_000),
}).transform((given) => ({
  ...given,
  websocket_url: given.websocket_url ?? VENUE_ADDRESSES[given.name].websocket,
  rest_url: given.rest_url ?? VENUE_ADDRESSES[given.name].rest,
}));

export const venueList = groupList(
  venue,
  'a list of venues ({name, symbols, websocket_url, rest_url, stale_after_ms})',
).prefault([]);

export const simulationSection = section({
  enabled: truth().default(true),
  rate: number(0.001, 10_000_000, 'orders per second over all instruments').default(500),
});

const fraction = () => number(0, 1);
const basisPoints = () => number(0.01, 10_000, 'hundredths of a percent of the midpoint');

const strategyKeys = {
  name: name(),
  account: integer(1, 65_535, 'the id of an account in risk.accounts'),
  instruments: wordList(symbol(), 'a list of symbols out of instruments').optional(),
  watch: wordList(symbol(), 'a list of symbols out of instruments').default([]),
};

/** Quotes both sides around a wandering fair value, leaning against its position. */
const marketMaker = group({
  ...strategyKeys,
  kind: z.literal('market-maker'),
  parameters: section({
    spread_bps: basisPoints().default(4),
    levels: integer(1, 20, 'quotes on each side').default(5),
    level_spacing_bps: basisPoints().default(2),
    order_notional: positiveDecimal('quote currency').default('5000'),
    max_position_notional: positiveDecimal('quote currency').default('250000'),
    refresh_interval_ms: integer(1, 60_000, 'milliseconds').default(100),
    volatility: number(0, 10, 'of the fair value in a year, as a fraction').default(0.6),
    reversion_minutes: number(0.1, 100_000, 'minutes').default(30),
  }),
});

/** Takes liquidity in bursts of one direction. */
const taker = group({
  ...strategyKeys,
  kind: z.literal('taker'),
  parameters: section({
    flow_share: fraction().default(0.05),
    order_notional: positiveDecimal('quote currency').default('2000'),
    max_position_notional: positiveDecimal('quote currency').default('250000'),
  }),
});

/** Limit orders, cancels and market orders, clustered in time. */
const noise = group({
  ...strategyKeys,
  kind: z.literal('noise'),
  parameters: section({
    flow_share: fraction().default(0.95),
    order_notional: positiveDecimal('quote currency').default('1500'),
    market_ratio: fraction().default(0.06),
    cancel_ratio: fraction().default(0.42),
    distance_bps: basisPoints().default(10),
    clustering: number(0, 0.95).default(0.6),
    cluster_ms: integer(1, 60_000, 'milliseconds').default(200),
    max_open_orders: integer(1, 8000).default(1500),
    order_lifetime_s: integer(1, 86_400, 'seconds').default(60),
  }),
});

/** A strategy of the user's: a compiled module. What its parameters mean is its own business. */
const custom = group({
  ...strategyKeys,
  kind: z.literal('custom'),
  module: text(/^[^\0]{1,4096}\.(js|mjs)$/, 'the path of a compiled module (.js or .mjs)'),
  parameters: z.record(z.string(), z.json(), 'a group of keys').default({}),
});

const strategy = z.discriminatedUnion(
  'kind',
  [marketMaker, taker, noise, custom],
  'one of market-maker, taker, noise, custom',
);

export const strategyList = groupList(
  strategy,
  'a list of strategies ({name, kind, account, instruments, watch, parameters})',
);

/** The strategies of the simulated market, run when none are given. Their accounts: DEFAULT_ACCOUNTS. */
export const SIMULATED_MARKET = [
  { name: 'maker', kind: 'market-maker', account: 2 },
  { name: 'taker', kind: 'taker', account: 3 },
  { name: 'noise', kind: 'noise', account: 4 },
] as const;
