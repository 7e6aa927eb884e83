/** All scenarios of the matching contract, and how one is held against an implementation. */
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
import { type Create, flagsOf, type RecordedEvent, Recorder } from './matching-recorder.js';
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

export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
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

export interface Outcome {
  readonly events: readonly string[];
  readonly after: readonly string[];
  /** Events with the flags; exactly one of each is right, the end being the last event. */
  readonly ends: number;
  readonly answers: number;
  readonly endsLast: boolean;
}

/** Runs a scenario; validates after each command. */
export function play({ before, command, options }: Scenario, create: Create): Outcome {
  const recorder = new Recorder();
  const matching = create(CAPACITIES, recorder, options);
  for (const text of before) {
    run(matching, text);
    matching.validate();
  }
  recorder.take();
  run(matching, command);
  const happened = recorder.take();
  matching.validate();
  const has = (event: RecordedEvent, flag: number): boolean => (flagsOf(event) & flag) !== 0;
  return {
    events: happened.map(formatEvent),
    after: formatBook(matching),
    ends: happened.filter((event) => has(event, EventFlags.EndOfCommand)).length,
    answers: happened.filter((event) => has(event, EventFlags.Answer)).length,
    endsLast: has(happened[happened.length - 1], EventFlags.EndOfCommand),
  };
}

/** The outcome that the scenario states. */
export function wanted({ events, after }: Scenario): Outcome {
  return { events, after, ends: 1, answers: 1, endsLast: true };
}
