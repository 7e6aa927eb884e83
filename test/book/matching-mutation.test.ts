/**
 * The tests of matching can fail: defects put into the twin, one at a time, are found by the scenarios or the truth table, defects
 * put into the engine by the differential.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { MatchingEngine } from '../../src/book/matching-engine.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { type Mutation, makeMutant } from '../support/mutant.js';
import { Differential } from './matching-differential.js';
import type { Create } from './matching-recorder.js';
import { FULL_SHAPES } from './matching-shapes.js';
import { CommandStream } from './matching-stream.js';
import { play, SCENARIOS, wanted } from './matching-suite.js';
import { TRUTH_TABLE, truthTable } from './matching-truth-table.js';

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a refilled iceberg keeps its place': {
    file: 'naive-trading.js',
    find: 'instrument.remove(order);\n    instrument.enterBook(order);',
    replace: 'order.shownQuantity = Math.min(order.displayedQuantity, order.leavesQuantity);',
  },
  'an order linked to the taker does not react': {
    file: 'naive-trading.js',
    find: 'linkedReacts(venue, taker, quantity);',
    replace: '',
  },
  'the maker of an auction trade pays its own fee rate': {
    file: 'naive-trading.js',
    find: 'isAuction ? takerFee : makerFee',
    replace: 'makerFee',
  },
  'the newer order is maker in an uncross': {
    file: 'naive-trading.js',
    find: 'buy.arrival < sell.arrival',
    replace: 'buy.arrival > sell.arrival',
  },
  'decrement ends the taker that is larger': {
    file: 'naive-taking.js',
    find: 'if (quantity === taker.leavesQuantity)',
    replace: 'if (quantity <= taker.leavesQuantity)',
  },
  'fill-or-kill counts past own orders': {
    file: 'naive-taking.js',
    find: 'if (mode !== CancelOldest && venue.isTrial)',
    replace: 'if (venue.isTrial && false)',
  },
  'linked orders trade with each other': {
    file: 'naive-taking.js',
    find: 'if (areLinked(taker, maker)) {',
    replace: 'if (false) {',
  },
  'the dynamic band moves with every trade': {
    file: 'naive-taking.js',
    find: 'brokenBand(instrument, maker.price, lastPrice)',
    replace: 'brokenBand(instrument, maker.price, instrument.lastPrice)',
  },
  'stops look at the last price only': {
    file: 'naive-instrument.js',
    find: 'Math.min(this.lowest, price)',
    replace: 'price',
  },
  'buy stops before sell stops, whoever is older': {
    file: 'naive-follow-ups.js',
    find: 'one.arrival - other.arrival',
    replace: 'one.side - other.side',
  },
  'a stop goes before a bracket exit': {
    file: 'naive-follow-ups.js',
    find: 'else if (entry !== undefined) {',
    replace: 'else if (entry !== undefined && stop === undefined) {',
  },
  'a stop price that is touched does not trigger': {
    file: 'naive-follow-ups.js',
    find: 'instrument.highest >= buy.stopPrice',
    replace: 'instrument.highest > buy.stopPrice',
  },
  'pressure to buy gives the lowest price': {
    file: 'naive-auction.js',
    find: 'return executionAt(instrument, highest);',
    replace: 'return executionAt(instrument, lowest);',
  },
  'the smallest surplus is not looked at': {
    file: 'naive-auction.js',
    find: 'Math.abs(candidate.surplus) === surplus',
    replace: 'true',
  },
  'the middle of the range is rounded up': {
    file: 'naive-auction.js',
    find: 'sum - (sum & 1n)',
    replace: 'sum + (sum & 1n)',
  },
  'it uncrosses once, whatever linked orders leave': {
    file: 'naive-auction.js',
    find: 'uncrossAt(venue, instrument, price);\n    }',
    replace: 'uncrossAt(venue, instrument, price);\n        return;\n    }',
  },
  'orders at the open stay for the day': {
    file: 'naive-phases.js',
    find: 'if (isBeforeOpen(from) && !isBeforeOpen(to))',
    replace: 'if (false)',
  },
  'the end of the session leaves waiting orders': {
    file: 'naive-phases.js',
    find: 'instrument.orders().filter(ends)',
    replace: 'instrument.book().filter(ends)',
  },
  'a rebate is rounded away from zero': {
    file: 'naive-prices.js',
    find: ': scaled / 100000000n',
    replace: ': (scaled - 99999999n) / 100000000n',
  },
  'an amend to more keeps its place': {
    file: 'naive-amend.js',
    find: 'amended.quantity <= before.quantity',
    replace: 'true',
  },
  'a mass cancel starts exits': {
    file: 'naive-matching.js',
    find: 'Reason.MassCancelRequested, 0, false)',
    replace: 'Reason.MassCancelRequested, 0)',
  },
  'a slide goes two ticks': {
    file: 'naive-entry.js',
    find: 'best.price - 1',
    replace: 'best.price - 2',
  },
};

/** The first thing that is found wrong, or undefined. */
function firstFault(create: Create): string | undefined {
  for (const scenario of Object.values(SCENARIOS).flat()) {
    try {
      if (!isDeepStrictEqual(play(scenario, create), wanted(scenario))) return scenario.name;
    } catch (error) {
      return `${scenario.name}: ${error}`;
    }
  }
  return truthTable(create) === TRUTH_TABLE.replace(/^\n|\n$/g, '') ? undefined : 'truth table';
}

describe('the contract suite finds', () => {
  it.each(Object.entries(MUTATIONS))('%s', async (_, mutation) => {
    const mutant = makeMutant(mutation, 'book');
    try {
      const module: { NaiveMatching: typeof NaiveMatching } = await import(
        `${mutant.folder}naive-matching.js`
      );
      expect(firstFault((...parameters) => new module.NaiveMatching(...parameters))).toBeDefined();
    } finally {
      mutant.remove();
    }
  });

  it('nothing wrong with the twin as it is', () => {
    expect(firstFault((...parameters) => new NaiveMatching(...parameters))).toBeUndefined();
  });
});

/** Of the engine; found by the differential with the twin. */
const ENGINE_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'of two stops that are due the newer goes first': {
    file: 'waiting-orders.js',
    find: 'ARRIVAL] < numbers[(sell <<',
    replace: 'ARRIVAL] > numbers[(sell <<',
  },
  'a stop price that is touched does not trigger': {
    file: 'waiting-orders.js',
    find: 'PRICE] <= step.stepHigh',
    replace: 'PRICE] < step.stepHigh',
  },
  'it uncrosses once': {
    file: 'uncross.js',
    find: 'while (auction.quantity > 0) {',
    replace: 'if (auction.quantity > 0) {',
  },
  'what expires last ends first': {
    file: 'expiries.js',
    find: 'return time < otherTime;',
    replace: 'return time > otherTime;',
  },
  'a rebate is rounded away from zero': {
    file: 'fees.js',
    find: 'up && rest > 0 ? quotient + 1 : quotient',
    replace: 'rest > 0 ? quotient + 1 : quotient',
  },
};

describe('the differential finds', () => {
  it.each(Object.entries(ENGINE_MUTATIONS))('%s', async (_, mutation) => {
    const mutant = makeMutant(mutation, 'book');
    try {
      const module: { MatchingEngine: typeof MatchingEngine } = await import(
        `${mutant.folder}matching-engine.js`
      );
      expect(differs((...parameters) => new module.MatchingEngine(...parameters))).toBe(true);
    } finally {
      mutant.remove();
    }
  });
});

/** Does the implementation differ from the twin within some thousand commands of a fixed seed? */
function differs(create: Create): boolean {
  for (const fuzz of Object.values(FULL_SHAPES)) {
    const differential = new Differential(
      [create, (...parameters) => new NaiveMatching(...parameters)],
      fuzz,
    );
    const stream = new CommandStream(77, fuzz.shape);
    for (let step = 0; step < 8_000; step++) {
      if (differential.step(stream.next(), stream.command) !== undefined) return true;
    }
  }
  return false;
}
