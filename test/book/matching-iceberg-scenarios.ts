/** The matching contract as examples: Icebergs. Language: matching-script.ts. */
import type { Scenario } from './matching-scenarios.js';

export const ICEBERG_SCENARIOS: readonly Scenario[] = [
  {
    name: 'an iceberg shows its peak',
    before: [],
    command: '#1 sell 10 @ 100 shows 3',
    events: ['NEW #1 NEW sell 10 @ 100 leaves 10 filled 0 resting | shows 3 after 0'],
    after: ['sell 100: #1 3/10'],
  },
  {
    name: 'a peak that is used up is refilled at the end of the queue',
    before: ['#1 sell 10 @ 100 shows 3', '#2 sell 5 @ 100'],
    command: '#9 buy 3 @ 100 account 2',
    events: [
      'trade 3 @ 100: maker #1 leaves 7, taker #9 leaves 0',
      'RESTATED #1 PARTIALLY_FILLED sell 10 @ 100 leaves 7 filled 3 was 7 resting | shows 3 after 0',
      'NEW #9 FILLED buy 3 @ 100 leaves 0 filled 3',
    ],
    after: ['sell 100: #2 5, #1 3/7'],
  },
  {
    name: 'a peak that is partly used keeps its place',
    before: ['#1 sell 10 @ 100 shows 3', '#2 sell 5 @ 100'],
    command: '#9 buy 2 @ 100 account 2',
    events: [
      'trade 2 @ 100: maker #1 leaves 8, taker #9 leaves 0',
      'NEW #9 FILLED buy 2 @ 100 leaves 0 filled 2',
    ],
    after: ['sell 100: #1 1/8, #2 5'],
  },
  {
    name: 'a taker goes round: it meets the new peak in its turn',
    before: ['#1 sell 7 @ 100 shows 3', '#2 sell 2 @ 100', '#3 sell 5 @ 100 shows 1'],
    command: '#9 buy 9 @ 100 account 2',
    events: [
      'trade 3 @ 100: maker #1 leaves 4, taker #9 leaves 6',
      'RESTATED #1 PARTIALLY_FILLED sell 7 @ 100 leaves 4 filled 3 was 4 resting | shows 3 after 0',
      'trade 2 @ 100: maker #2 leaves 0, taker #9 leaves 4',
      'trade 1 @ 100: maker #3 leaves 4, taker #9 leaves 3',
      'RESTATED #3 PARTIALLY_FILLED sell 5 @ 100 leaves 4 filled 1 was 4 resting | shows 1 after 0',
      'trade 3 @ 100: maker #1 leaves 1, taker #9 leaves 0',
      'RESTATED #1 PARTIALLY_FILLED sell 7 @ 100 leaves 1 filled 6 was 1 resting | shows 1 after 0',
      'NEW #9 FILLED buy 9 @ 100 leaves 0 filled 9',
    ],
    after: ['sell 100: #3 1/4, #1 1/1'],
  },
  {
    name: 'the last peak is what is left',
    before: ['#1 sell 4 @ 100 shows 3'],
    command: '#9 buy 3 @ 100 account 2',
    events: [
      'trade 3 @ 100: maker #1 leaves 1, taker #9 leaves 0',
      'RESTATED #1 PARTIALLY_FILLED sell 4 @ 100 leaves 1 filled 3 was 1 resting | shows 1 after 0',
      'NEW #9 FILLED buy 3 @ 100 leaves 0 filled 3',
    ],
    after: ['sell 100: #1 1/1'],
  },
  {
    name: 'as a taker an iceberg trades all that it has',
    before: ['#1 sell 8 @ 100 account 2'],
    command: '#9 buy 10 @ 100 shows 1',
    events: [
      'trade 8 @ 100: maker #1 leaves 0, taker #9 leaves 2',
      'NEW #9 PARTIALLY_FILLED buy 10 @ 100 leaves 2 filled 8 resting | shows 1 after 0',
    ],
    after: ['buy 100: #9 1/2'],
  },
  {
    name: 'fill-or-kill counts hidden quantity',
    before: ['#1 sell 10 @ 100 shows 1'],
    command: '#9 buy 3 @ 100 fok account 2',
    events: [
      'trade 1 @ 100: maker #1 leaves 9, taker #9 leaves 2',
      'RESTATED #1 PARTIALLY_FILLED sell 10 @ 100 leaves 9 filled 1 was 9 resting | shows 1 after 0',
      'trade 1 @ 100: maker #1 leaves 8, taker #9 leaves 1',
      'RESTATED #1 PARTIALLY_FILLED sell 10 @ 100 leaves 8 filled 2 was 8 resting | shows 1 after 0',
      'trade 1 @ 100: maker #1 leaves 7, taker #9 leaves 0',
      'RESTATED #1 PARTIALLY_FILLED sell 10 @ 100 leaves 7 filled 3 was 7 resting | shows 1 after 0',
      'NEW #9 FILLED buy 3 @ 100 leaves 0 filled 3',
    ],
    after: ['sell 100: #1 1/7'],
  },
  {
    name: 'amend to less takes hidden quantity first',
    before: ['#1 sell 10 @ 100 shows 3', '#2 sell 1 @ 100'],
    command: 'amend #1 to 4 @ 100',
    events: ['REPLACED #1 NEW sell 4 @ 100 leaves 4 filled 0 was 10 @ 100 resting | shows 3 after 3'],
    after: ['sell 100: #1 3/4, #2 1'],
  },
  {
    name: 'amend to less than the peak',
    before: ['#1 sell 10 @ 100 shows 3', '#2 sell 1 @ 100'],
    command: 'amend #1 to 2 @ 100',
    events: ['REPLACED #1 NEW sell 2 @ 100 leaves 2 filled 0 was 10 @ 100 resting | shows 2 after 3'],
    after: ['sell 100: #1 2/2, #2 1'],
  },
  {
    name: 'amend to more goes to the end with a fresh peak',
    before: ['#1 sell 10 @ 100 shows 3', '#2 sell 1 @ 100', '#3 buy 2 @ 100 account 2'],
    command: 'amend #1 to 12 @ 100',
    events: [
      'REPLACED #1 PARTIALLY_FILLED sell 12 @ 100 leaves 10 filled 2 was 8 @ 100 resting | shows 3 after 1',
    ],
    after: ['sell 100: #2 1, #1 3/10'],
  },
  {
    name: 'cancel of an iceberg takes what it shows off the level',
    before: ['#1 sell 10 @ 100 shows 3', '#3 buy 2 @ 100 account 2'],
    command: 'cancel #1',
    events: [
      'CANCELED USER_REQUESTED #1 CANCELED sell 10 @ 100 leaves 0 filled 2 was 8 resting | shows 0 after 1',
    ],
    after: [],
  },
  {
    name: 'an iceberg must not show more than it has',
    before: [],
    command: '#1 sell 3 @ 100 shows 4',
    events: ['REJECTED INVALID_CONDITIONS #1 REJECTED sell 3 @ 100 leaves 0 filled 0'],
    after: [],
  },
  {
    name: 'an iceberg shows at least a ten-thousandth of itself, so that no command sets off more events than that',
    before: [],
    command: '#1 buy 10001 @ 100 shows 1',
    events: ['REJECTED INVALID_CONDITIONS #1 REJECTED buy 10001 @ 100 leaves 0 filled 0'],
    after: [],
  },
  {
    name: 'an amend cannot make an iceberg of more than ten thousand peaks',
    before: ['#1 buy 10000 @ 100 shows 1'],
    command: 'amend #1 to 10001 @ 100',
    events: [
      'CANCEL_REJECTED INVALID_CONDITIONS #1 NEW buy 10000 @ 100 leaves 10000 filled 0 | shows 1 after 1',
    ],
    after: ['buy 100: #1 1/10000'],
  },
  {
    name: 'an iceberg must be able to rest',
    before: [],
    command: '#1 sell 3 @ 100 ioc shows 2',
    events: ['REJECTED INVALID_CONDITIONS #1 REJECTED sell 3 @ 100 leaves 0 filled 0'],
    after: [],
  },
];
