/** The whole of docs/matching.md as examples, for every implementation. */
import { describe, expect, it } from 'vitest';
import { EventFlags } from '../../src/lib/enums.js';
import { AMEND_SCENARIOS } from './matching-amend-scenarios.js';
import { AUCTION_SCENARIOS } from './matching-auction-scenarios.js';
import { BAND_SCENARIOS } from './matching-band-scenarios.js';
import { BRACKET_SCENARIOS } from './matching-bracket-scenarios.js';
import { CONDITION_SCENARIOS } from './matching-condition-scenarios.js';
import { formatBook, formatEvent } from './matching-format.js';
import { ICEBERG_SCENARIOS } from './matching-iceberg-scenarios.js';
import { LINK_SCENARIOS } from './matching-link-scenarios.js';
import { PHASE_SCENARIOS } from './matching-phase-scenarios.js';
import { PREVENTION_SCENARIOS } from './matching-prevention-scenarios.js';
import { flagsOf, IMPLEMENTATIONS, Recorder } from './matching-recorder.js';
import {
  CANCEL_SCENARIOS,
  NEW_ORDER_SCENARIOS,
  REFUSAL_SCENARIOS,
  type Scenario,
} from './matching-scenarios.js';
import { run } from './matching-script.js';
import { STOP_SCENARIOS } from './matching-stop-scenarios.js';
import { UNCROSS_SCENARIOS } from './matching-uncross-scenarios.js';
import { WAITING_SCENARIOS } from './matching-waiting-scenarios.js';

const CAPACITIES = { instruments: 4, orders: 64, levels: 16 };
const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  'new orders': NEW_ORDER_SCENARIOS,
  refusals: REFUSAL_SCENARIOS,
  cancels: CANCEL_SCENARIOS,
  amends: AMEND_SCENARIOS,
  'auction prices': AUCTION_SCENARIOS,
  'bands and fees': BAND_SCENARIOS,
  brackets: BRACKET_SCENARIOS,
  conditions: CONDITION_SCENARIOS,
  icebergs: ICEBERG_SCENARIOS,
  'linked orders': LINK_SCENARIOS,
  phases: PHASE_SCENARIOS,
  'self-trade prevention': PREVENTION_SCENARIOS,
  stops: STOP_SCENARIOS,
  uncross: UNCROSS_SCENARIOS,
  'waiting stops': WAITING_SCENARIOS,
};

describe.each(IMPLEMENTATIONS)('matching contract in full: $name', ({ create }) => {
  describe.each(Object.entries(SCENARIOS))('%s', (_, scenarios) => {
    it.each(scenarios)('$name', ({ before, command, events, after, options }) => {
      const recorder = new Recorder();
      const matching = create(CAPACITIES, recorder, options);
      for (const text of before) {
        run(matching, text);
        matching.validate();
      }
      recorder.take();
      run(matching, command);
      const happened = recorder.take();
      expect(happened.map(formatEvent)).toEqual(events);
      expect(formatBook(matching)).toEqual(after);
      const count = (flag: number): number =>
        happened.filter((event) => (flagsOf(event) & flag) !== 0).length;
      expect(flagsOf(happened[happened.length - 1]) & EventFlags.EndOfCommand).not.toBe(0);
      expect([count(EventFlags.EndOfCommand), count(EventFlags.Answer)], 'one end, one answer').toEqual([
        1, 1,
      ]);
      matching.validate();
    });
  });
});
