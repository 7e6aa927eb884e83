/**
 * The mix of exchange-core's performance tests through the matching engine on one core, every event a whole message in a ring
 * that is drained on the same core: one symbol with 1,000 live orders, and many symbols. See support/exchange-mix.ts.
 * A run that does not end in the state in which the generator left its own books throws.
 */
import { MatchingEngine } from '../src/book/matching-engine.js';
import { raiseInliningBudget } from '../src/lib/inlining.js';
import { EventDrain, eventRing, RingEvents } from './support/event-ring.js';
import { generateMix } from './support/exchange-mix.js';
import { giveCommand, type Mix, type MixOptions, mixCapacities } from './support/mix-commands.js';
import { type BenchResult, type Measured, measure, summarize } from './support/rounds.js';

interface Case {
  readonly key: string;
  readonly title: string;
  readonly options: MixOptions;
  readonly rounds: number;
}

const ONE = { symbols: 1, live: 1000, accounts: 1000 };
const FULL: readonly Case[] = [
  { key: 'one', title: '1 symbol', options: { ...ONE, commands: 3_000_000 }, rounds: 8 },
  {
    key: 'many',
    title: '100,000 symbols, 4 M live orders, 3 M accounts',
    options: { symbols: 100_000, live: 4_000_000, accounts: 3_000_000, commands: 1_000_000 },
    rounds: 4,
  },
];
const SMOKE: readonly Case[] = [
  { key: 'one', title: '1 symbol', options: { ...ONE, commands: 3000 }, rounds: 2 },
  {
    key: 'many',
    title: '50 symbols',
    options: { symbols: 50, live: 2000, accounts: 3000, commands: 3000 },
    rounds: 2,
  },
];

function giveAll(engine: MatchingEngine, mix: Mix, from: number, to: number): void {
  for (let at = from; at < to; at++) giveCommand(engine, mix, at);
}

/** Plays the mix on fresh books each time; what is measured are the commands after the filling. */
async function playRounds({ options, rounds }: Case, mix: Mix): Promise<Measured[]> {
  const measured: Measured[] = [];
  const ring = eventRing();
  const events = new RingEvents(ring, new EventDrain(ring));
  while (measured.length < rounds) {
    events.trades = 0;
    events.filled = 0;
    const engine = new MatchingEngine(mixCapacities(options), events);
    giveAll(engine, mix, 0, mix.fill);
    const round = await measure(mix.count - mix.fill, () => {
      giveAll(engine, mix, mix.fill, mix.count);
      events.flush();
    });
    const digest = `${events.trades} trades, filled ${events.filled}, state ${engine.stateHash()}`;
    const wanted = `${mix.trades} trades, filled ${mix.filled}, state ${mix.stateHash}`;
    if (digest !== wanted) throw new Error(`mix ended with ${digest}; the generator ended with ${wanted}`);
    measured.push(round);
  }
  return measured;
}

/** Runs both forms; throws when one ends in a wrong state. */
export async function run({ smoke }: { smoke: boolean }): Promise<BenchResult> {
  raiseInliningBudget();
  const result: BenchResult = { name: 'mix', text: [], figures: {} };
  for (const one of smoke ? SMOKE : FULL) {
    const mix = generateMix(one.options);
    const share = mix.counts.map((count) => ((100 * count) / (mix.count - mix.fill)).toFixed(1)).join(' / ');
    result.text.push(
      `${one.title}: per 100 commands ${share} new / immediate / cancel / move; ` +
        `${mix.resting} orders on ${mix.levels} levels in the end, ${mix.trades} trades`,
    );
    summarize(result, one.key, one.title, 'commands', await playRounds(one, mix), `state ${mix.stateHash}`);
  }
  return result;
}
