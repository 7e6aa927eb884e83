import { describe, expect, it } from 'vitest';
import { Reason, TradingPhase } from '../../src/lib/enums.js';
import { Due } from '../../src/workers/session/trading-schedule.js';
import { CASH, ScheduleRig, SECOND } from './rig.js';

/** 2026-11-18 is a Wednesday. */
const WEDNESDAY = '2026-11-18T07:00:00Z';

describe('a day of a session', () => {
  it('goes through its phases at their times, each once', () => {
    const rig = new ScheduleRig(WEDNESDAY);
    expect(rig.run(0)).toEqual(['0:Closed']);
    const seen: string[] = [];
    for (let time = 0; time < 24 * 3600; time += 30) {
      for (const change of rig.run(time * SECOND)) seen.push(`${time} ${change}`);
    }
    expect(seen).toEqual([
      '3600 0:PreOpen',
      '6600 0:OpeningAuction',
      '7200 0:Continuous',
      '37800 0:ClosingAuction',
      '38100 0:Closed',
    ]);
  });

  it('says when to wake, and is due at that very nanosecond', () => {
    const rig = new ScheduleRig(WEDNESDAY);
    rig.run(0);
    const due = rig.schedule.nextDue();
    expect(due).toBe(3600 * SECOND);
    expect(rig.run(due - 1)).toEqual([]);
    expect(rig.run(due)).toEqual(['0:PreOpen']);
  });

  it('keeps its offset from UTC', () => {
    const rig = new ScheduleRig(WEDNESDAY, { sessions: [{ ...CASH, utc_offset: '-05:00' }] });
    rig.run(0);
    expect(rig.schedule.nextDue()).toBe(rig.at('2026-11-18T13:00:00Z'));
    const east = new ScheduleRig(WEDNESDAY, { sessions: [{ ...CASH, utc_offset: '+01:00' }] });
    expect(east.run(0)).toEqual(['0:PreOpen']);
  });

  it('leaves out the days that are not its own', () => {
    const rig = new ScheduleRig('2026-11-20T17:00:00Z');
    rig.run(0);
    expect(rig.run(rig.at('2026-11-20T17:35:00Z'))).toEqual(['0:Closed']);
    expect(rig.schedule.nextDue()).toBe(rig.at('2026-11-23T08:00:00Z'));
    expect(rig.run(rig.at('2026-11-23T07:59:59Z'))).toEqual([]);
  });

  it('may run over midnight, with days of its own for each change', () => {
    const overnight = {
      name: 'cash',
      days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri'],
      phases: [
        { at: '17:00:00', phase: 'closed', days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
        { at: '18:00:00', phase: 'continuous', days: ['sun', 'mon', 'tue', 'wed', 'thu'] },
      ],
    };
    const rig = new ScheduleRig('2026-11-20T16:59:00Z', { sessions: [overnight] });
    expect(rig.run(0)).toEqual([]);
    expect(rig.run(rig.at('2026-11-20T18:30:00Z'))).toEqual(['0:Closed']);
    expect(rig.run(rig.at('2026-11-22T17:59:59Z'))).toEqual([]);
    expect(rig.run(rig.at('2026-11-22T18:00:00Z'))).toEqual(['0:Continuous']);
    expect(rig.run(rig.at('2026-11-23T00:00:00Z'))).toEqual([]);
    expect(rig.run(rig.at('2026-11-23T17:00:00Z'))).toEqual(['0:Closed']);
  });
});

describe('instruments', () => {
  it('without a session stay in Continuous and never wake anybody', () => {
    const rig = new ScheduleRig(WEDNESDAY, { instruments: [null, null] });
    expect(rig.run(0)).toEqual([]);
    const none = new ScheduleRig(WEDNESDAY, { instruments: [null], sessions: [] });
    expect(none.schedule.nextDue()).toBe(Number.POSITIVE_INFINITY);
    expect(none.schedule.due(1e15)).toBe(Due.Nothing);
  });

  it('of one session change together, each by a command of its own that waits for room', () => {
    const rig = new ScheduleRig(WEDNESDAY, { instruments: ['cash', null, 'cash'] });
    const { schedule } = rig;
    expect(schedule.due(0)).toBe(Due.SetPhase);
    expect(schedule.due(5)).toBe(Due.SetPhase);
    expect(schedule.instrument).toBe(0);
    expect(schedule.nextDue()).toBe(0);
    expect(rig.run(6)).toEqual(['0:Closed', '2:Closed']);
  });
});

describe('the initial phase', () => {
  it('of an instrument holds until its session says otherwise', () => {
    const rules = [
      { phase: TradingPhase.Halt },
      { phase: TradingPhase.Closed },
      { phase: TradingPhase.Halt },
    ];
    const rig = new ScheduleRig(WEDNESDAY, { instruments: ['cash', 'cash', null], rules });
    expect(rig.run(0)).toEqual(['0:Closed']);
    expect(rig.run(3600 * SECOND)).toEqual(['0:PreOpen', '1:PreOpen']);
  });
});

describe('time that jumps', () => {
  it('a start in the middle of a day begins with the phase that holds then', () => {
    const rig = new ScheduleRig('2026-11-18T17:32:00Z');
    expect(rig.run(0)).toEqual(['0:ClosingAuction']);
    const continuous = new ScheduleRig('2026-11-18T12:00:00Z');
    expect(continuous.run(0)).toEqual([]);
    const weekend = new ScheduleRig('2026-11-21T12:00:00Z');
    expect(weekend.run(0)).toEqual(['0:Closed']);
  });

  it('after a pause the phase that holds now follows, without those in between', () => {
    const rig = new ScheduleRig(WEDNESDAY);
    rig.run(0);
    expect(rig.run(rig.at('2026-11-18T12:00:00Z'))).toEqual(['0:Continuous']);
  });

  it('after a pause over the end of a trading day the day ends first', () => {
    const rig = new ScheduleRig('2026-11-18T12:00:00Z');
    rig.run(0);
    expect(rig.run(rig.at('2026-11-19T12:00:00Z'))).toEqual(['0:Closed', '0:Continuous']);
    expect(rig.run(rig.at('2026-11-24T18:00:00Z'))).toEqual(['0:Closed']);
    expect(rig.run(rig.at('2026-11-26T10:00:00Z'))).toEqual(['0:Continuous']);
  });

  it('a clock that steps back repeats nothing', () => {
    const rig = new ScheduleRig(WEDNESDAY);
    rig.run(0);
    rig.run(rig.at('2026-11-18T09:00:00Z'));
    expect(rig.run(rig.at('2026-11-18T07:30:00Z'))).toEqual([]);
    expect(rig.run(rig.at('2026-11-18T09:00:01Z'))).toEqual([]);
    expect(rig.run(rig.at('2026-11-18T17:30:00Z'))).toEqual(['0:ClosingAuction']);
  });
});

describe('interruptions', () => {
  const noon = '2026-11-18T12:00:00Z';
  const start = (options = {}) => {
    const rig = new ScheduleRig(noon, {
      interruptions: { volatility_auction_seconds: 120, halt_seconds: 300 },
      ...options,
    });
    rig.run(0);
    return rig;
  };

  it('a volatility auction of a price band ends by itself', () => {
    const rig = start({ instruments: ['cash', null] });
    rig.happen(1, TradingPhase.VolatilityAuction, 10 * SECOND, Reason.StaticPriceBand);
    expect(rig.schedule.nextDue()).toBe(130 * SECOND);
    expect(rig.run(130 * SECOND - 1)).toEqual([]);
    expect(rig.run(130 * SECOND)).toEqual(['1:Continuous']);
    expect(rig.run(10_000 * SECOND)).toEqual([]);
  });

  it('a halt of a price band ends by itself, one by an operator does not', () => {
    const rig = start();
    rig.happen(0, TradingPhase.Halt, SECOND, Reason.DynamicPriceBand);
    expect(rig.run(301 * SECOND)).toEqual(['0:Continuous']);
    rig.happen(0, TradingPhase.Halt, 400 * SECOND);
    expect(rig.run(4000 * SECOND)).toEqual([]);
    rig.happen(0, TradingPhase.Continuous, 4001 * SECOND);
    expect(rig.run(5000 * SECOND)).toEqual([]);
  });

  it('with 0 seconds they wait for an operator', () => {
    const rig = start({ interruptions: { volatility_auction_seconds: 0, halt_seconds: 0 } });
    rig.happen(0, TradingPhase.VolatilityAuction, SECOND, Reason.StaticPriceBand);
    expect(rig.run(10_000 * SECOND)).toEqual([]);
  });

  it('the closing auction begins in spite of one, and Continuous is not returned to', () => {
    const rig = start();
    const before = rig.at('2026-11-18T17:29:30Z');
    rig.happen(0, TradingPhase.VolatilityAuction, before, Reason.StaticPriceBand);
    expect(rig.run(rig.at('2026-11-18T17:30:00Z'))).toEqual(['0:ClosingAuction']);
    expect(rig.run(rig.at('2026-11-18T17:34:59Z'))).toEqual([]);
  });

  it('continuous trading of the session waits for its end', () => {
    const rig = new ScheduleRig('2026-11-18T08:59:30Z', { interruptions: { halt_seconds: 60 } });
    rig.run(0);
    rig.happen(0, TradingPhase.Halt, 10 * SECOND, Reason.StaticPriceBand);
    expect(rig.run(30 * SECOND)).toEqual([]);
    expect(rig.run(70 * SECOND)).toEqual(['0:Continuous']);
  });

  it("an operator's halt outlasts the session's changes until Closed", () => {
    const rig = start();
    rig.happen(0, TradingPhase.Halt, SECOND);
    expect(rig.run(rig.at('2026-11-18T17:31:00Z'))).toEqual([]);
    expect(rig.run(rig.at('2026-11-18T17:35:00Z'))).toEqual(['0:Closed']);
    expect(rig.run(rig.at('2026-11-19T08:00:00Z'))).toEqual(['0:PreOpen']);
  });

  it("a halt of the session's own is no operator's", () => {
    const lunch = {
      name: 'cash',
      phases: [
        { at: '09:00:00', phase: 'continuous' },
        { at: '12:30:00', phase: 'halt' },
        { at: '13:30:00', phase: 'continuous' },
      ],
    };
    const rig = start({ sessions: [lunch] });
    expect(rig.run(1800 * SECOND)).toEqual(['0:Halt']);
    expect(rig.run(5400 * SECOND)).toEqual(['0:Continuous']);
  });

  it('is extended once while it would execute outside the bands', () => {
    const options = {
      interruptions: { volatility_auction_seconds: 120, extension_seconds: 60 },
      rules: [{ staticBand: 500, dynamicBand: 0 }],
    };
    const rig = start(options);
    rig.happen(0, TradingPhase.VolatilityAuction, 0, Reason.StaticPriceBand);
    rig.indicate(0, 106, SECOND);
    expect(rig.run(120 * SECOND)).toEqual([]);
    expect(rig.schedule.nextDue()).toBe(180 * SECOND);
    expect(rig.run(180 * SECOND)).toEqual(['0:Continuous']);
    const inside = start(options);
    inside.happen(0, TradingPhase.VolatilityAuction, 0, Reason.StaticPriceBand);
    inside.indicate(0, 105, SECOND);
    expect(inside.run(120 * SECOND)).toEqual(['0:Continuous']);
  });

  it("a breach that crosses the schedule's command on the way does not hold it up", () => {
    const rig = start();
    const { schedule } = rig;
    const closing = rig.at('2026-11-18T17:30:00Z');
    expect(schedule.due(closing)).toBe(Due.SetPhase);
    schedule.sequenced(closing);
    rig.happen(0, TradingPhase.VolatilityAuction, closing - 1, Reason.StaticPriceBand);
    rig.happen(0, TradingPhase.ClosingAuction, closing);
    expect(rig.run(rig.at('2026-11-18T17:34:59Z'))).toEqual([]);
    expect(rig.run(rig.at('2026-11-18T17:35:00Z'))).toEqual(['0:Closed']);
  });
});
