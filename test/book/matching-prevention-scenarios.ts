/** The matching contract as examples: Self-trade prevention. Language: matching-script.ts. */
import type { Scenario } from './matching-scenarios.js';

export const PREVENTION_SCENARIOS: readonly Scenario[] = [
  {
    name: 'cancel newest: the taker ends, makers before the own order have traded',
    before: ['#1 sell 3 @ 100 account 2', '#2 sell 5 @ 100', '#3 sell 5 @ 101 account 2'],
    command: '#9 buy 10 @ 101 stp newest',
    events: [
      'trade 3 @ 100: maker #1 leaves 0, taker #9 leaves 7',
      'CANCELED SELF_TRADE_PREVENTED #9 CANCELED buy 10 @ 101 leaves 0 filled 3 was 7',
    ],
    after: ['sell 101: #3 5', 'sell 100: #2 5'],
  },
  {
    name: 'cancel oldest: the maker ends, the taker goes on',
    before: ['#1 sell 3 @ 100 account 2', '#2 sell 5 @ 100', '#3 sell 5 @ 101 account 2'],
    command: '#9 buy 10 @ 101 stp oldest',
    events: [
      'trade 3 @ 100: maker #1 leaves 0, taker #9 leaves 7',
      'CANCELED SELF_TRADE_PREVENTED #2 CANCELED sell 5 @ 100 leaves 0 filled 0 was 5 resting',
      'trade 5 @ 101: maker #3 leaves 0, taker #9 leaves 2',
      'NEW #9 PARTIALLY_FILLED buy 10 @ 101 leaves 2 filled 8 resting',
    ],
    after: ['buy 101: #9 2'],
  },
  {
    name: 'cancel both',
    before: ['#1 sell 3 @ 100 account 2', '#2 sell 5 @ 100', '#3 sell 5 @ 101 account 2'],
    command: '#9 buy 10 @ 101 stp both',
    events: [
      'trade 3 @ 100: maker #1 leaves 0, taker #9 leaves 7',
      'CANCELED SELF_TRADE_PREVENTED #2 CANCELED sell 5 @ 100 leaves 0 filled 0 was 5 resting',
      'CANCELED SELF_TRADE_PREVENTED #9 CANCELED buy 10 @ 101 leaves 0 filled 3 was 7',
    ],
    after: ['sell 101: #3 5'],
  },
  {
    name: 'decrement: the taker is larger',
    before: ['#1 sell 3 @ 100 account 2', '#2 sell 5 @ 100', '#3 sell 5 @ 101 account 2'],
    command: '#9 buy 10 @ 100 stp decrement',
    events: [
      'trade 3 @ 100: maker #1 leaves 0, taker #9 leaves 7',
      'CANCELED SELF_TRADE_PREVENTED #2 CANCELED sell 5 @ 100 leaves 0 filled 0 was 5 resting',
      'NEW #9 PARTIALLY_FILLED buy 5 @ 100 leaves 2 filled 3 resting',
    ],
    after: ['sell 101: #3 5', 'buy 100: #9 2'],
  },
  {
    name: 'decrement: the maker is larger',
    before: ['#2 sell 15 @ 100 shows 6'],
    command: '#9 buy 10 @ 100 stp decrement',
    events: [
      'RESTATED #2 NEW sell 5 @ 100 leaves 5 filled 0 was 15 resting | shows 5 after 6',
      'CANCELED SELF_TRADE_PREVENTED #9 CANCELED buy 10 @ 100 leaves 0 filled 0 was 10',
    ],
    after: ['sell 100: #2 5/5'],
  },
  {
    name: 'decrement: both end',
    before: ['#2 sell 10 @ 100'],
    command: '#9 buy 10 @ 100 stp decrement',
    events: [
      'CANCELED SELF_TRADE_PREVENTED #2 CANCELED sell 10 @ 100 leaves 0 filled 0 was 10 resting',
      'CANCELED SELF_TRADE_PREVENTED #9 CANCELED buy 10 @ 100 leaves 0 filled 0 was 10',
    ],
    after: [],
  },
  {
    name: 'no order is touched that the taker would not have reached',
    before: ['#1 sell 10 @ 100 account 2', '#2 sell 5 @ 100', '#3 sell 5 @ 99 account 2'],
    command: '#9 buy 15 @ 100 stp oldest',
    events: [
      'trade 5 @ 99: maker #3 leaves 0, taker #9 leaves 10',
      'trade 10 @ 100: maker #1 leaves 0, taker #9 leaves 0',
      'NEW #9 FILLED buy 15 @ 100 leaves 0 filled 15',
    ],
    after: ['sell 100: #2 5'],
  },
  {
    name: 'nor one beyond its limit',
    before: ['#1 sell 10 @ 100 account 2', '#2 sell 5 @ 101'],
    command: '#9 buy 15 @ 100 stp both',
    events: [
      'trade 10 @ 100: maker #1 leaves 0, taker #9 leaves 5',
      'NEW #9 PARTIALLY_FILLED buy 15 @ 100 leaves 5 filled 10 resting',
    ],
    after: ['sell 101: #2 5', 'buy 100: #9 5'],
  },
  {
    name: 'another account of the group is as the own account',
    before: ['#1 sell 5 @ 100 account 4', '#2 sell 5 @ 100 account 2'],
    command: '#9 buy 6 @ 100 stp oldest',
    events: [
      'CANCELED SELF_TRADE_PREVENTED #1 CANCELED sell 5 @ 100 leaves 0 filled 0 was 5 resting',
      'trade 5 @ 100: maker #2 leaves 0, taker #9 leaves 1',
      'NEW #9 PARTIALLY_FILLED buy 6 @ 100 leaves 1 filled 5 resting',
    ],
    after: ['buy 100: #9 1'],
  },
  {
    name: 'accounts without a group are groups of their own',
    before: ['#1 sell 5 @ 100 account 2'],
    command: '#9 buy 5 @ 100 stp both account 3',
    events: [
      'trade 5 @ 100: maker #1 leaves 0, taker #9 leaves 0',
      'NEW #9 FILLED buy 5 @ 100 leaves 0 filled 5',
    ],
    after: [],
  },
  {
    name: 'the mode that counts is of the taker',
    before: ['#1 sell 5 @ 100 stp newest'],
    command: '#9 buy 5 @ 100',
    events: [
      'trade 5 @ 100: maker #1 leaves 0, taker #9 leaves 0',
      'NEW #9 FILLED buy 5 @ 100 leaves 0 filled 5',
    ],
    after: [],
  },
  {
    name: 'fill-or-kill leaves own orders out with cancel oldest',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 101 account 2'],
    command: '#9 buy 5 @ 101 fok stp oldest',
    events: [
      'CANCELED SELF_TRADE_PREVENTED #1 CANCELED sell 5 @ 100 leaves 0 filled 0 was 5 resting',
      'trade 5 @ 101: maker #2 leaves 0, taker #9 leaves 0',
      'NEW #9 FILLED buy 5 @ 101 leaves 0 filled 5',
    ],
    after: [],
  },
  {
    name: 'fill-or-kill that would need own orders does nothing',
    before: ['#1 sell 5 @ 100', '#2 sell 5 @ 101 account 2'],
    command: '#9 buy 6 @ 101 fok stp oldest',
    events: ['CANCELED FILL_OR_KILL_UNFILLED #9 CANCELED buy 6 @ 101 leaves 0 filled 0 was 6'],
    after: ['sell 101: #2 5', 'sell 100: #1 5'],
  },
  {
    name: 'fill-or-kill ends its count at the first own order otherwise',
    before: ['#1 sell 5 @ 100 account 2', '#2 sell 5 @ 100', '#3 sell 5 @ 100 account 2'],
    command: '#9 buy 6 @ 101 fok stp decrement',
    events: ['CANCELED FILL_OR_KILL_UNFILLED #9 CANCELED buy 6 @ 101 leaves 0 filled 0 was 6'],
    after: ['sell 100: #1 5, #2 5, #3 5'],
  },
  {
    name: 'fill-or-kill counts what is shown ahead of the own order only',
    before: ['#1 sell 5 @ 100 shows 2 account 2', '#2 sell 5 @ 100'],
    command: '#9 buy 3 @ 101 fok stp newest',
    events: ['CANCELED FILL_OR_KILL_UNFILLED #9 CANCELED buy 3 @ 101 leaves 0 filled 0 was 3'],
    after: ['sell 100: #1 2/5, #2 5'],
  },
  {
    name: 'minimum quantity counts likewise',
    before: ['#1 sell 5 @ 100 account 2', '#2 sell 5 @ 100'],
    command: '#9 buy 20 @ 101 min 6 stp both',
    events: ['CANCELED MINIMUM_QUANTITY_UNFILLED #9 CANCELED buy 20 @ 101 leaves 0 filled 0 was 20'],
    after: ['sell 100: #1 5, #2 5'],
  },
  {
    name: 'an amend that meets an own order: replaced, then canceled',
    before: ['#1 sell 5 @ 101', '#2 sell 2 @ 100 account 2', '#3 buy 10 @ 90 stp newest'],
    command: 'amend #3 to 12 @ 101',
    events: [
      'trade 2 @ 100: maker #2 leaves 0, taker #3 leaves 10',
      'REPLACED #3 PARTIALLY_FILLED buy 12 @ 101 leaves 10 filled 2 was 10 @ 90',
      'CANCELED SELF_TRADE_PREVENTED #3 CANCELED buy 12 @ 101 leaves 0 filled 2 was 10',
      'COMPLETED',
    ],
    after: ['sell 101: #1 5'],
  },
  {
    name: 'an amend with cancel oldest goes on and rests',
    before: ['#1 sell 5 @ 101', '#2 sell 2 @ 100 account 2', '#3 buy 10 @ 90 stp oldest'],
    command: 'amend #3 to 12 @ 101',
    events: [
      'trade 2 @ 100: maker #2 leaves 0, taker #3 leaves 10',
      'CANCELED SELF_TRADE_PREVENTED #1 CANCELED sell 5 @ 101 leaves 0 filled 0 was 5 resting',
      'REPLACED #3 PARTIALLY_FILLED buy 12 @ 101 leaves 10 filled 2 was 10 @ 90 resting',
    ],
    after: ['buy 101: #3 10'],
  },
  {
    name: 'post-only counts own orders too',
    before: ['#1 sell 5 @ 101'],
    command: '#3 buy 10 @ 101 post-only stp oldest',
    events: ['REJECTED WOULD_CROSS #3 REJECTED buy 10 @ 101 leaves 0 filled 0 post-only'],
    after: ['sell 101: #1 5'],
  },
  {
    name: 'no prevention in an uncross',
    before: ['phase opening-auction', '#1 sell 5 @ 100 stp both', '#2 buy 5 @ 100 stp both'],
    command: 'phase continuous',
    events: [
      'continuous after opening-auction uncross 5 @ 100 surplus 0',
      'auction trade 5 @ 100: maker #1 leaves 0, taker #2 leaves 0',
      'RESTATED #2 FILLED buy 5 @ 100 leaves 0 filled 5 was 5 | shows 0 after 5',
      'RESTATED #1 FILLED sell 5 @ 100 leaves 0 filled 5 was 5 | shows 0 after 5',
      'COMPLETED',
    ],
    after: [],
  },
].map((scenario) => ({
  ...scenario,
  options: {
    groups: new Map([
      [1, 7],
      [4, 7],
    ]),
  },
}));
