import type { InstrumentRules } from '../../src/book/matching.js';
import { loadConfig } from '../../src/config/load.js';
import type { Session } from '../../src/lib/clock.js';
import { type Reason, TradingPhase } from '../../src/lib/enums.js';
import { Due, TradingSchedule } from '../../src/workers/session/trading-schedule.js';

export const SECOND = 1e9;

/** A session that starts at this moment, UTC. */
export function sessionAt(iso: string): Session {
  return { startMs: 0, epochSeconds: Date.parse(iso) / 1000, epochNanoseconds: 0 };
}

const ORDINARY = {
  symbol: 'A',
  tick_size: '1',
  lot_size: '1',
  base_currency: 'A',
  quote_currency: 'USD',
  reference_price: '100',
};

/** The cash session of an exchange: auctions around continuous trading, 08:00 to 17:35 local time. */
export const CASH = {
  name: 'cash',
  phases: [
    { at: '08:00:00', phase: 'pre-open' },
    { at: '08:50:00', phase: 'opening-auction' },
    { at: '09:00:00', phase: 'continuous' },
    { at: '17:30:00', phase: 'closing-auction' },
    { at: '17:35:00', phase: 'closed' },
  ],
};

export interface RigOptions {
  readonly sessions?: readonly Record<string, unknown>[];
  /** Session of each instrument. */
  readonly instruments?: readonly (string | null)[];
  readonly interruptions?: Record<string, number>;
  readonly rules?: readonly InstrumentRules[];
  readonly seed?: number;
}

const PHASE_NAMES = Object.fromEntries(Object.entries(TradingPhase).map(([name, value]) => [value, name]));

/** A schedule, and an engine that does what it is told: each phase change is confirmed by its event at once. */
export class ScheduleRig {
  readonly schedule: TradingSchedule;
  readonly phases: number[];
  readonly #start: number;

  constructor(start: string, options: RigOptions = {}) {
    const instruments = (options.instruments ?? ['cash']).map((session, index) => ({
      ...ORDINARY,
      symbol: `S${index}`,
      session,
    }));
    const flags = [
      `--sessions=${JSON.stringify(options.sessions ?? [CASH])}`,
      `--instruments=${JSON.stringify(instruments)}`,
      '--simulation.enabled=false',
      ...Object.entries(options.interruptions ?? {}).map(([key, value]) => `--interruptions.${key}=${value}`),
      `--seed=${options.seed ?? 1}`,
    ];
    const { config } = loadConfig({ env: {}, flags });
    const session = sessionAt(start);
    this.#start = Date.parse(start);
    this.schedule = new TradingSchedule(config, session, options.rules);
    this.phases = instruments.map((_, i) => options.rules?.[i]?.phase ?? TradingPhase.Continuous);
  }

  /** Session time of a moment, ns. */
  at(iso: string): number {
    return (Date.parse(iso) - this.#start) * 1e6;
  }

  /** All that is due at `now`, each phase change as `instrument:phase`, each time signal as `time`. */
  run(now: number): string[] {
    const { schedule } = this;
    const list: string[] = [];
    for (let due = schedule.due(now); due !== Due.Nothing; due = schedule.due(now)) {
      const { instrument, phase } = schedule;
      schedule.sequenced(now);
      if (due === Due.AdvanceTime) {
        list.push('time');
        continue;
      }
      list.push(`${instrument}:${PHASE_NAMES[phase]}`);
      this.happen(instrument, phase, now);
    }
    return list;
  }

  /** The phase of an instrument changes, for this reason. */
  happen(instrument: number, phase: number, now: number, reason: Reason = 0): void {
    const { status } = this.schedule;
    status.instrument = instrument;
    status.previousPhase = this.phases[instrument];
    status.phase = phase;
    status.reason = reason;
    status.timestamp = now;
    status.indicativePrice = Number.NaN;
    status.lastPrice = 100;
    status.referencePrice = 100;
    this.phases[instrument] = phase;
    this.schedule.onStatus();
  }

  /** The indicative price of an auction. */
  indicate(instrument: number, price: number, now: number): void {
    const { status } = this.schedule;
    this.happen(instrument, this.phases[instrument], now);
    status.indicativePrice = price;
    this.schedule.onStatus();
  }
}
