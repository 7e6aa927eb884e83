/** Two implementations run the same commands; where they differ, the fewest commands that show it. */
import { type Matching, MatchingCommand } from '../../src/book/matching.js';
import { formatBook, formatEvent } from './matching-format.js';
import { type Create, type RecordedEvent, Recorder, sameEvent } from './matching-recorder.js';
import { describe } from './matching-script.js';
import type { FuzzShape } from './matching-shapes.js';
import { type Action, apply, CommandStream } from './matching-stream.js';

export interface Step {
  readonly action: Action;
  readonly command: MatchingCommand;
}

export interface Counts {
  trades: number;
  reports: number;
  statuses: number;
}

const VALIDATE_INTERVAL = 1000;
const READ_INTERVAL = 25;
/** Shrinking replays no more commands than this in all: some seconds. */
const SHRINK_COMMANDS = 400_000;

/** Two implementations side by side. */
export class Differential {
  readonly counts: Counts = { trades: 0, reports: 0, statuses: 0 };
  private readonly recorders = [new Recorder(), new Recorder()];
  private readonly pair: readonly [Matching, Matching];
  private readonly instruments: number;
  private readonly readInterval: number;
  private steps = 0;

  constructor(create: readonly [Create, Create], fuzz: FuzzShape, readInterval = READ_INTERVAL) {
    this.readInterval = readInterval;
    const [one, other] = this.recorders;
    const { capacities, options } = fuzz;
    this.pair = [create[0](capacities, one, options), create[1](capacities, other, options)];
    this.instruments = capacities.instruments;
  }

  /** Runs one command on both; says in what they differ, if they do. Exceptions are differences. */
  step(action: Action, command: MatchingCommand): string | undefined {
    try {
      return this.compare(action, command);
    } catch (error) {
      return `exception: ${error instanceof Error ? error.stack : error}`;
    }
  }

  /** Validates both and compares their hashes. */
  finish(): string | undefined {
    const [one, other] = this.pair;
    try {
      for (const matching of this.pair) matching.validate();
    } catch (error) {
      return `validate: ${error instanceof Error ? error.stack : error}`;
    }
    return one.stateHash() !== other.stateHash() ? 'the state hashes differ' : undefined;
  }

  private compare(action: Action, command: MatchingCommand): string | undefined {
    const [one, other] = this.pair;
    for (const matching of this.pair) apply(matching, action, command);
    const [events, others] = this.recorders.map((recorder) => recorder.take());
    for (const event of events) count(this.counts, event);
    if (events.length !== others.length || !events.every((event, index) => sameEvent(event, others[index]))) {
      return differingEvents(events, others);
    }
    this.steps++;
    if (one.stateHash() !== other.stateHash()) {
      const books = this.pair.map((matching) => this.books(matching));
      return `the state hashes differ; the events are\n${events.map(formatEvent).join('\n')}\nbooks: ${books.join('\nand:   ')}`;
    }
    if (this.steps % this.readInterval === 0)
      return this.compareReads(Math.floor(this.steps / this.readInterval) % this.instruments);
    return this.steps % VALIDATE_INTERVAL === 1 ? this.finish() : undefined;
  }

  private compareReads(instrument: number): string | undefined {
    const reads = this.pair.map((matching) => readsOf(matching, instrument));
    return reads[0] === reads[1]
      ? undefined
      : `reads of instrument ${instrument} differ:\n${reads.join('\n')}`;
  }

  private books(matching: Matching): string {
    const instruments = Array.from({ length: this.instruments }, (_, instrument) => instrument);
    return instruments.map((instrument) => `[${formatBook(matching, instrument).join('; ')}]`).join(' ');
  }
}

const levels = new Float64Array(3 * 64);

function readsOf(matching: Matching, instrument: number): string {
  const sides = [1, 2].map((side) => {
    const count = matching.levels(instrument, side, 64, levels);
    return `${matching.bestPrice(instrument, side)}: ${levels.subarray(0, count * 3).join()}`;
  });
  const full = [
    matching.phase(instrument),
    matching.lastPrice(instrument),
    matching.referencePrice(instrument),
    JSON.stringify(matching.indicative(instrument)),
  ];
  return [matching.orderCount, ...sides, ...full].join(' | ');
}

function differingEvents(events: readonly RecordedEvent[], others: readonly RecordedEvent[]): string {
  const index = [...events, ...others].findIndex(
    (_, rank) => rank >= events.length || rank >= others.length || !sameEvent(events[rank], others[rank]),
  );
  const fields = [events[index], others[index]].map((event) => JSON.stringify(event));
  return [
    `event ${index} differs:`,
    ...[events, others].map((list, rank) => `${'AB'[rank]}: ${list.map(formatEvent).join('\n   ')}`),
    ...fields.map((text, rank) => `${'AB'[rank]}: ${text}`),
  ].join('\n');
}

function count(counts: Counts, event: RecordedEvent): void {
  if ('tradeId' in event) counts.trades++;
  else if ('orderId' in event) counts.reports++;
  else counts.statuses++;
}

/** Runs a stream of commands on both; throws with the seed and the fewest commands that show a difference. */
export function runDifferential(
  create: readonly [Create, Create],
  name: string,
  fuzz: FuzzShape,
  seed: number,
  commands: number,
): Counts {
  const differential = new Differential(create, fuzz);
  const stream = new CommandStream(seed, fuzz.shape);
  for (let step = 0; step < commands; step++) {
    const action = stream.next();
    const difference = differential.step(action, stream.command);
    if (difference === undefined) continue;
    throw new Error(explain(create, name, fuzz, seed, step, difference, describe(action, stream.command)));
  }
  const difference = differential.finish();
  if (difference !== undefined) throw new Error(`MILLRACE_SEED=${seed}, ${name}, at the end: ${difference}`);
  return differential.counts;
}

function explain(
  create: readonly [Create, Create],
  name: string,
  fuzz: FuzzShape,
  seed: number,
  step: number,
  difference: string,
  command: string,
): string {
  const stream = new CommandStream(seed, fuzz.shape);
  const all: Step[] = [];
  for (let index = 0; index <= step; index++) {
    const action = stream.next();
    all.push({ action, command: Object.assign(new MatchingCommand(), stream.command) });
  }
  const run = (steps: readonly Step[]): string | undefined => {
    const differential = new Differential(create, fuzz, 1);
    for (const each of steps) {
      const found = differential.step(each.action, each.command);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const shortest = shrink(all, (steps) => run(steps) !== undefined);
  return [
    `MILLRACE_SEED=${seed}, ${name}, step ${step}: ${command}`,
    `fewest commands found that differ (capacities ${JSON.stringify(fuzz.capacities)}):`,
    ...shortest.map((each) => `  ${describe(each.action, each.command)}`),
    run(shortest) ?? difference,
  ].join('\n');
}

/** Drops steps as long as what is left still fails: first all but the last few, then ever smaller pieces. */
export function shrink(all: readonly Step[], fails: (steps: readonly Step[]) => boolean): readonly Step[] {
  let steps = all;
  let budget = SHRINK_COMMANDS;
  const tryOut = (candidate: readonly Step[]): boolean => {
    budget -= candidate.length;
    return budget > 0 && fails(candidate);
  };
  for (let last = 8; last < all.length; last *= 2) {
    if (!tryOut(all.slice(-last))) continue;
    steps = all.slice(-last);
    break;
  }
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < steps.length; ) {
      const candidate = [...steps.slice(0, start), ...steps.slice(start + size)];
      if (candidate.length > 0 && tryOut(candidate)) steps = candidate;
      else start += size;
    }
  }
  return steps;
}
