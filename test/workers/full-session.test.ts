import { describe, expect, it } from 'vitest';
import { EventFlags, ExecutionType } from '../../src/lib/enums.js';
import { SEED } from '../book/matching-stream.js';
import { COMMANDS, FullSession } from '../support/full-session.js';

describe('orders of every kind in every phase, through risk, matching and market data', () => {
  console.log(`full session: MILLRACE_SEED=${SEED}`);

  it('keep books, positions and event stream whole, and give the same bytes with the naive twin', async () => {
    const [session, twin] = [
      await new FullSession(SEED).run(),
      await new FullSession(SEED, { twin: true }).run(),
    ];
    expect(session.pipeline.gateway.digest.hex()).toBe(twin.pipeline.gateway.digest.hex());
    expect(session.pipeline.matching.engine.stateHash()).toBe(twin.pipeline.matching.engine.stateHash());
    session.pipeline.risk.engine.validate();
    session.pipeline.matching.engine.validate();
    const { events } = session;
    // Commands do not mix, and each has one last event and one answer.
    let open = 0;
    for (const { sequence, flags } of events) {
      if (open !== 0) expect(sequence).toBe(open);
      open = (flags & EventFlags.EndOfCommand) !== 0 && sequence !== 0 ? 0 : sequence;
    }
    const reports = events.filter((event) => event.kind === 'report');
    expect(reports.filter(({ flags }) => (flags & EventFlags.Answer) !== 0).length).toBeGreaterThanOrEqual(
      COMMANDS,
    );
    // The stream is worth something: most kinds of events come.
    const types = new Set(reports.map(({ executionType }) => executionType));
    for (const type of Object.values(ExecutionType))
      if (type !== ExecutionType.None) expect(types).toContain(type);
    const trades = events.filter((event) => event.kind === 'trade');
    expect(trades.some(({ flags }) => (flags & EventFlags.Auction) !== 0)).toBe(true);
    expect(trades.some(({ makerFee }) => makerFee < 0)).toBe(true);
  });

  it('lose nothing when rings are tiny', async () => {
    const session = await new FullSession(SEED + 1, {
      rings: { commands: 1024, sequenced: 1024, events: 2048 },
    }).run();
    session.pipeline.risk.engine.validate();
    expect(session.pipeline.counter('matching', 'event_wait_total')).toBeGreaterThan(0);
  });
});
