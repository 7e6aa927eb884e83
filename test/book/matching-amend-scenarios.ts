/** The matching contract for amends as examples; see matching-scenarios.ts. */
import type { Scenario } from './matching-scenarios.js';

const TWO_BUYS = ['#1 buy 10 @ 100', '#2 buy 10 @ 100', '#3 sell 10 @ 110'];

export const AMEND_SCENARIOS: readonly Scenario[] = [
  {
    name: 'less at the same price keeps the place',
    before: TWO_BUYS,
    command: 'amend #1 to 4 @ 100',
    events: ['REPLACED #1 NEW buy 4 @ 100 leaves 4 filled 0 was 10 @ 100 resting'],
    after: ['sell 110: #3 10', 'buy 100: #1 4, #2 10'],
  },
  {
    name: 'no change keeps the place',
    before: TWO_BUYS,
    command: 'amend #1 to 10 @ 100',
    events: ['REPLACED #1 NEW buy 10 @ 100 leaves 10 filled 0 was 10 @ 100 resting'],
    after: ['sell 110: #3 10', 'buy 100: #1 10, #2 10'],
  },
  {
    name: 'more at the same price goes to the end',
    before: TWO_BUYS,
    command: 'amend #1 to 11 @ 100',
    events: ['REPLACED #1 NEW buy 11 @ 100 leaves 11 filled 0 was 10 @ 100 resting'],
    after: ['sell 110: #3 10', 'buy 100: #2 10, #1 11'],
  },
  {
    name: 'more at the same price, alone on its level',
    before: ['#1 buy 10 @ 100'],
    command: 'amend #1 to 11 @ 100',
    events: ['REPLACED #1 NEW buy 11 @ 100 leaves 11 filled 0 was 10 @ 100 resting'],
    after: ['buy 100: #1 11'],
  },
  {
    name: 'another price goes to the end there, also with less',
    before: [...TWO_BUYS, '#4 buy 1 @ 99'],
    command: 'amend #1 to 4 @ 99',
    events: ['REPLACED #1 NEW buy 4 @ 99 leaves 4 filled 0 was 10 @ 100 resting'],
    after: ['sell 110: #3 10', 'buy 100: #2 10', 'buy 99: #4 1, #1 4'],
  },
  {
    name: 'the new quantity is the total, fills included',
    before: [...TWO_BUYS, '#4 sell 3 @ 100'],
    command: 'amend #1 to 8 @ 100',
    events: ['REPLACED #1 PARTIALLY_FILLED buy 8 @ 100 leaves 5 filled 3 was 7 @ 100 resting'],
    after: ['sell 110: #3 10', 'buy 100: #1 5, #2 10'],
  },
  {
    name: 'to what is already filled is refused',
    before: [...TWO_BUYS, '#4 sell 3 @ 100'],
    command: 'amend #1 to 3 @ 101',
    events: ['CANCEL_REJECTED AMEND_BELOW_FILLED #1 PARTIALLY_FILLED buy 10 @ 100 leaves 7 filled 3'],
    after: ['sell 110: #3 10', 'buy 100: #1 7, #2 10'],
  },
  {
    name: 'to a price that crosses trades, then rests',
    before: TWO_BUYS,
    command: 'amend #1 to 15 @ 110',
    events: [
      'trade 10 @ 110: maker #3 leaves 0, taker #1 leaves 5',
      'REPLACED #1 PARTIALLY_FILLED buy 15 @ 110 leaves 5 filled 10 was 10 @ 100 resting',
    ],
    after: ['buy 110: #1 5', 'buy 100: #2 10'],
  },
  {
    name: 'to a price that crosses may fill the order',
    before: TWO_BUYS,
    command: 'amend #3 to 12 @ 100',
    events: [
      'trade 10 @ 100: maker #1 leaves 0, taker #3 leaves 2',
      'trade 2 @ 100: maker #2 leaves 8, taker #3 leaves 0',
      'REPLACED #3 FILLED sell 12 @ 100 leaves 0 filled 12 was 10 @ 110',
    ],
    after: ['buy 100: #2 8'],
  },
  {
    name: 'of a post-only order to a price that crosses is refused',
    before: [...TWO_BUYS, '#4 buy 1 @ 99 post-only'],
    command: 'amend #4 to 1 @ 110',
    events: ['CANCEL_REJECTED WOULD_CROSS #4 NEW buy 1 @ 99 leaves 1 filled 0 post-only'],
    after: ['sell 110: #3 10', 'buy 100: #1 10, #2 10', 'buy 99: #4 1'],
  },
  {
    name: 'of an unknown order',
    before: TWO_BUYS,
    command: 'amend #9 to 1 @ 110',
    events: ['CANCEL_REJECTED UNKNOWN_ORDER #9 REJECTED'],
    after: ['sell 110: #3 10', 'buy 100: #1 10, #2 10'],
  },
  {
    name: 'by another account',
    before: TWO_BUYS,
    command: 'amend #1 to 1 @ 100 account 2',
    events: ['CANCEL_REJECTED NOT_ORDER_OWNER #1 NEW buy 10 @ 100 leaves 10 filled 0'],
    after: ['sell 110: #3 10', 'buy 100: #1 10, #2 10'],
  },
  {
    name: 'to no quantity',
    before: TWO_BUYS,
    command: 'amend #1 to 0 @ 100',
    events: ['CANCEL_REJECTED INVALID_QUANTITY #1 NEW buy 10 @ 100 leaves 10 filled 0'],
    after: ['sell 110: #3 10', 'buy 100: #1 10, #2 10'],
  },
].map((scenario) => ({ ...scenario, name: `amend ${scenario.name}` }));
