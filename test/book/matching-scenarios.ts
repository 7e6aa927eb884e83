/** The matching contract as examples: book before, command, events, book after. Language: matching-script.ts. */
import type { MatchingOptions } from '../../src/book/matching.js';

export interface Scenario {
  readonly name: string;
  /** Rules of the instruments and account groups; default: continuous trading, no bands, no fees. */
  readonly options?: MatchingOptions;
  /** Commands that set the book up; their events are not looked at. */
  readonly before: readonly string[];
  readonly command: string;
  readonly events: readonly string[];
  readonly after: readonly string[];
}

export const NEW_ORDER_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a limit order rests on an empty book',
    before: [],
    command: '#1 buy 10 @ 100',
    events: ['NEW #1 NEW buy 10 @ 100 leaves 10 filled 0 resting'],
    after: ['buy 100: #1 10'],
  },
  {
    name: 'orders at one price queue in time order, levels in price order',
    before: ['#1 buy 10 @ 100', '#2 buy 5 @ 99', '#3 buy 7 @ 101', '#4 sell 1 @ 103', '#5 sell 1 @ 102'],
    command: '#6 buy 2 @ 100',
    events: ['NEW #6 NEW buy 2 @ 100 leaves 2 filled 0 resting'],
    after: ['sell 103: #4 1', 'sell 102: #5 1', 'buy 101: #3 7', 'buy 100: #1 10, #6 2', 'buy 99: #2 5'],
  },
  {
    name: 'a buy takes the best price first, the oldest order first, at the makers prices',
    before: ['#1 sell 5 @ 101', '#2 sell 5 @ 100', '#3 sell 5 @ 100'],
    command: '#9 buy 12 @ 102',
    events: [
      'trade 5 @ 100: maker #2 leaves 0, taker #9 leaves 7',
      'trade 5 @ 100: maker #3 leaves 0, taker #9 leaves 2',
      'trade 2 @ 101: maker #1 leaves 3, taker #9 leaves 0',
      'NEW #9 FILLED buy 12 @ 102 leaves 0 filled 12',
    ],
    after: ['sell 101: #1 3'],
  },
  {
    name: 'a sell takes the highest bid first and rests what is left at its own price',
    before: ['#1 buy 5 @ 99', '#2 buy 5 @ 100'],
    command: '#9 sell 8 @ 100',
    events: [
      'trade 5 @ 100: maker #2 leaves 0, taker #9 leaves 3',
      'NEW #9 PARTIALLY_FILLED sell 8 @ 100 leaves 3 filled 5 resting',
    ],
    after: ['sell 100: #9 3', 'buy 99: #1 5'],
  },
  {
    name: 'a partly filled maker keeps its place',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 100', '#3 buy 2 @ 100'],
    command: '#4 buy 4 @ 100',
    events: [
      'trade 3 @ 100: maker #1 leaves 0, taker #4 leaves 1',
      'trade 1 @ 100: maker #2 leaves 4, taker #4 leaves 0',
      'NEW #4 FILLED buy 4 @ 100 leaves 0 filled 4',
    ],
    after: ['sell 100: #2 4'],
  },
  {
    name: 'prices that only touch do trade, prices that miss by one tick do not',
    before: ['#1 sell 5 @ 100'],
    command: '#2 buy 5 @ 99',
    events: ['NEW #2 NEW buy 5 @ 99 leaves 5 filled 0 resting'],
    after: ['sell 100: #1 5', 'buy 99: #2 5'],
  },
  {
    name: 'a market order takes any price and never rests',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 9000000000000'],
    command: '#3 buy 12 market',
    events: [
      'trade 5 @ 100: maker #1 leaves 0, taker #3 leaves 7',
      'trade 5 @ 9000000000000: maker #2 leaves 0, taker #3 leaves 2',
      'CANCELED IMMEDIATE_REMAINDER #3 CANCELED buy 12 @ 0 leaves 0 filled 10 was 2',
    ],
    after: [],
  },
  {
    name: 'a market order filled in full',
    before: ['#1 buy 5 @ -100'],
    command: '#3 sell 5 market',
    events: [
      'trade 5 @ -100: maker #1 leaves 0, taker #3 leaves 0',
      'NEW #3 FILLED sell 5 @ 0 leaves 0 filled 5',
    ],
    after: [],
  },
  {
    name: 'a market order on an empty side',
    before: ['#1 buy 5 @ 100'],
    command: '#3 buy 5 market',
    events: ['CANCELED NO_LIQUIDITY #3 CANCELED buy 5 @ 0 leaves 0 filled 0 was 5'],
    after: ['buy 100: #1 5'],
  },
  {
    name: 'immediate-or-cancel takes what its price allows and cancels the rest',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 101'],
    command: '#3 buy 9 @ 100 ioc',
    events: [
      'trade 5 @ 100: maker #1 leaves 0, taker #3 leaves 4',
      'CANCELED IMMEDIATE_REMAINDER #3 CANCELED buy 9 @ 100 leaves 0 filled 5 was 4',
    ],
    after: ['sell 101: #2 5'],
  },
  {
    name: 'immediate-or-cancel that finds nothing',
    before: ['#1 sell 5 @ 100'],
    command: '#3 buy 9 @ 99 ioc',
    events: ['CANCELED NO_LIQUIDITY #3 CANCELED buy 9 @ 99 leaves 0 filled 0 was 9'],
    after: ['sell 100: #1 5'],
  },
  {
    name: 'fill-or-kill fills over several levels when all of it is there',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 101'],
    command: '#3 buy 10 @ 101 fok',
    events: [
      'trade 5 @ 100: maker #1 leaves 0, taker #3 leaves 5',
      'trade 5 @ 101: maker #2 leaves 0, taker #3 leaves 0',
      'NEW #3 FILLED buy 10 @ 101 leaves 0 filled 10',
    ],
    after: [],
  },
  {
    name: 'fill-or-kill does nothing when one lot is missing within its price',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 101'],
    command: '#3 buy 6 @ 100 fok',
    events: ['CANCELED FILL_OR_KILL_UNFILLED #3 CANCELED buy 6 @ 100 leaves 0 filled 0 was 6'],
    after: ['sell 101: #2 5', 'sell 100: #1 5'],
  },
  {
    name: 'a fill-or-kill market order',
    before: ['#1 buy 5 @ 100', '#2 buy 5 @ 50'],
    command: '#3 sell 11 market fok',
    events: ['CANCELED FILL_OR_KILL_UNFILLED #3 CANCELED sell 11 @ 0 leaves 0 filled 0 was 11'],
    after: ['buy 100: #1 5', 'buy 50: #2 5'],
  },
  {
    name: 'post-only rests when it does not cross',
    before: ['#1 sell 5 @ 100'],
    command: '#2 buy 5 @ 99 post-only',
    events: ['NEW #2 NEW buy 5 @ 99 leaves 5 filled 0 resting post-only'],
    after: ['sell 100: #1 5', 'buy 99: #2 5'],
  },
  {
    name: 'post-only is refused when it would take',
    before: ['#1 sell 5 @ 100'],
    command: '#2 buy 5 @ 100 post-only',
    events: ['REJECTED WOULD_CROSS #2 REJECTED buy 5 @ 100 leaves 0 filled 0 post-only'],
    after: ['sell 100: #1 5'],
  },
  {
    name: 'an order of another instrument is not in reach',
    before: ['#1 sell 5 @ 100 instrument 1'],
    command: '#2 buy 5 @ 100',
    events: ['NEW #2 NEW buy 5 @ 100 leaves 5 filled 0 resting'],
    after: ['buy 100: #2 5'],
  },
];

export const REFUSAL_SCENARIOS: readonly Scenario[] = [
  ['an id that is live', '#1 buy 1 @ 90', 'REJECTED DUPLICATE_ORDER_ID #1 REJECTED buy 1 @ 90'],
  [
    'an unknown instrument',
    '#2 buy 1 @ 90 instrument 4',
    'REJECTED UNKNOWN_INSTRUMENT #2 REJECTED buy 1 @ 90',
  ],
  ['no quantity', '#2 buy 0 @ 90', 'REJECTED INVALID_QUANTITY #2 REJECTED buy 0 @ 90'],
  ['negative quantity', '#2 buy -1 @ 90', 'REJECTED INVALID_QUANTITY #2 REJECTED buy -1 @ 90'],
  [
    'a quantity beyond 2^53',
    '#2 buy 9007199254740992 @ 90',
    'REJECTED INVALID_QUANTITY #2 REJECTED buy 9007199254740992 @ 90',
  ],
  [
    'a price beyond 2^53',
    '#2 buy 1 @ -9007199254740992',
    'REJECTED INVALID_PRICE #2 REJECTED buy 1 @ -9007199254740992',
  ],
  [
    'a level total beyond 2^53',
    '#2 buy 9007199254740987 @ 100',
    'REJECTED BOOK_CAPACITY #2 REJECTED buy 9007199254740987 @ 100',
  ],
].map(([name, command, event]) => ({
  name: `a new order with ${name} is refused`,
  before: ['#1 buy 5 @ 100'],
  command,
  events: [`${event} leaves 0 filled 0`],
  after: ['buy 100: #1 5'],
}));

export const CANCEL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'cancel takes the order out of the middle of its queue',
    before: ['#1 buy 1 @ 100', '#2 buy 2 @ 100', '#3 buy 3 @ 100'],
    command: 'cancel #2',
    events: ['CANCELED USER_REQUESTED #2 CANCELED buy 2 @ 100 leaves 0 filled 0 was 2 resting'],
    after: ['buy 100: #1 1, #3 3'],
  },
  {
    name: 'cancel of the only order takes the level away; what was filled stays filled',
    before: ['#1 buy 5 @ 100', '#2 sell 2 @ 100'],
    command: 'cancel #1',
    events: ['CANCELED USER_REQUESTED #1 CANCELED buy 5 @ 100 leaves 0 filled 2 was 3 resting'],
    after: [],
  },
  {
    name: 'cancel of an order that never was',
    before: ['#1 buy 5 @ 100'],
    command: 'cancel #2',
    events: ['CANCEL_REJECTED UNKNOWN_ORDER #2 REJECTED'],
    after: ['buy 100: #1 5'],
  },
  {
    name: 'cancel of an order that is filled',
    before: ['#1 buy 5 @ 100', '#2 sell 5 @ 100'],
    command: 'cancel #1',
    events: ['CANCEL_REJECTED UNKNOWN_ORDER #1 REJECTED'],
    after: [],
  },
  {
    name: 'cancel by another account',
    before: ['#1 buy 5 @ 100'],
    command: 'cancel #1 account 2',
    events: ['CANCEL_REJECTED NOT_ORDER_OWNER #1 NEW buy 5 @ 100 leaves 5 filled 0'],
    after: ['buy 100: #1 5'],
  },
  {
    name: 'mass cancel of an account, in order of acceptance, over all instruments and sides',
    before: [
      '#1 buy 1 @ 99',
      '#2 sell 2 @ 101 instrument 1',
      '#3 buy 3 @ 100',
      '#4 buy 4 @ 100 account 2',
      '#5 buy 5 @ 100',
    ],
    command: 'mass cancel',
    events: [
      'CANCELED MASS_CANCEL_REQUESTED #1 CANCELED buy 1 @ 99 leaves 0 filled 0 was 1 resting',
      'CANCELED MASS_CANCEL_REQUESTED #2 CANCELED sell 2 @ 101 leaves 0 filled 0 was 2 resting',
      'CANCELED MASS_CANCEL_REQUESTED #3 CANCELED buy 3 @ 100 leaves 0 filled 0 was 3 resting',
      'CANCELED MASS_CANCEL_REQUESTED #5 CANCELED buy 5 @ 100 leaves 0 filled 0 was 5 resting',
      'MASS_CANCELED 4',
    ],
    after: ['buy 100: #4 4'],
  },
  {
    name: 'mass cancel of one instrument and side',
    before: ['#1 buy 1 @ 99', '#2 buy 2 @ 99 instrument 1', '#3 sell 3 @ 101'],
    command: 'mass cancel buy instrument 0',
    events: [
      'CANCELED MASS_CANCEL_REQUESTED #1 CANCELED buy 1 @ 99 leaves 0 filled 0 was 1 resting',
      'MASS_CANCELED 1',
    ],
    after: ['sell 101: #3 3'],
  },
  {
    name: 'mass cancel that finds nothing',
    before: ['#1 buy 1 @ 99'],
    command: 'mass cancel account 7',
    events: ['MASS_CANCELED 0'],
    after: ['buy 99: #1 1'],
  },
  {
    name: 'mass cancel of an unknown instrument',
    before: ['#1 buy 1 @ 99'],
    command: 'mass cancel instrument 9',
    events: ['CANCEL_REJECTED UNKNOWN_INSTRUMENT 0'],
    after: ['buy 99: #1 1'],
  },
];
