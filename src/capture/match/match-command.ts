import { CaptureError } from '../capture-error.js';
import { openDbn, readDefinitionTicks } from '../dbn/file.js';
import { parseTick } from '../dbn/price.js';
import { withProgressBar } from '../progress-bar.js';
import { ArgumentError } from '../replay-arguments.js';
import type { EngineFactory } from './engine-book.js';
import { type MatchReport, makeReport } from './match-report.js';
import { formatMatch } from './match-text.js';
import { readTape, type Tape, type TapeOptions } from './tape.js';
import { TapeMatcher } from './tape-matcher.js';

/** Flags of the command line. */
export interface MatchFlags {
  /** Print one JSON object and nothing else on standard output. */
  readonly json?: boolean;
  /** How many differences to show. */
  readonly limit: string;
  /** Price step as a decimal; without it and `definition` the greatest common divisor of the prices. */
  readonly tick?: string;
  /** DBN file with the instrument's definition, which names the price step. */
  readonly definition?: string;
  /** Number of the instrument, where the file has several. */
  readonly instrument?: string;
}

/**
 * `millrace match FILE [--json] [--limit N]`: runs a recorded market-by-order tape through the matching engine and compares the fills. Returns the
 * exit code: 0 when enough of them match (see MatchReport.passed), else 1; what went wrong is on standard error.
 */
export async function matchCommand(file: string, flags: MatchFlags): Promise<number> {
  try {
    const limit = wholeNumber('--limit', flags.limit);
    const report = await match(file, {
      tick: tickOf(flags),
      instrument: flags.instrument === undefined ? undefined : wholeNumber('--instrument', flags.instrument),
    });
    process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : formatMatch(report, limit));
    return report.passed ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CaptureError || error instanceof ArgumentError)) throw error;
    process.stderr.write(`millrace match: ${error.message}\n`);
    return 1;
  }
}

async function match(file: string, options: TapeOptions): Promise<MatchReport> {
  const reader = openDbn(file);
  const tape = readTape(() => reader.again(), options);
  return withProgressBar(
    tape.length,
    async (update) => matchTape(tape, update && ((records) => update(records, records))),
    'match',
  );
}

/** Runs a tape through a new engine. `onProgress` gets the number of records done, now and then. */
export function matchTape(
  tape: Tape,
  onProgress?: (records: number) => void,
  createEngine?: EngineFactory,
): MatchReport {
  const matcher = new TapeMatcher(tape, createEngine);
  const start = performance.now();
  matcher.run(onProgress);
  return makeReport(tape, matcher, performance.now() - start);
}

function tickOf({ tick, definition }: MatchFlags): TapeOptions['tick'] {
  if (tick !== undefined) {
    const parsed = parseTick(tick);
    if (!Number.isNaN(parsed)) return parsed;
    throw new ArgumentError(`--tick is "${tick}", allowed: a decimal above 0 with up to nine decimals`);
  }
  if (definition === undefined) return undefined;
  const ticks = readDefinitionTicks(definition);
  return (instrument) => {
    const found = ticks.get(instrument);
    if (found !== undefined) return found;
    const has = ticks.size === 0 ? 'none' : [...ticks.keys()].join(', ');
    throw new CaptureError(definition, 0, `names no price step of instrument ${instrument}, only of: ${has}`);
  };
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 0xffff_ffff) return value;
  throw new ArgumentError(`${flag} is "${text}", allowed: a whole number from 0 to 4294967295`);
}
