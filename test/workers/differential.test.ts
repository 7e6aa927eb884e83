import { describe, expect, it } from 'vitest';
import { SEED } from '../book/matching-stream.js';
import { checkEnd, RandomSession } from '../support/random-session.js';

/** Every command is answered once, sequence numbers have no gap, and the events of a command are contiguous. */
function checkStream(session: RandomSession): void {
  const reports = session.events.filter((event) => event.kind === 'report');
  const closing = session.events.filter((event) => (event.flags & 1) !== 0);
  expect(closing).toHaveLength(session.sent);
  expect(closing.every((event) => event.kind === 'report')).toBe(true);
  let last = 0;
  for (const { sequence } of closing) if (sequence !== 0) expect(sequence).toBe(++last);
  expect(session.pipeline.counter('risk', 'sequence')).toBe(last);
  let open = 0;
  for (const event of session.events) {
    if (open !== 0) expect(event.sequence).toBe(open);
    open = (event.flags & 1) !== 0 ? 0 : event.sequence;
  }
  expect(reports.some((report) => report.sequence === 0)).toBe(true);
  expect(session.pipeline.counter('matching', 'event_sequence')).toBe(session.events.length);
}

describe('risk, matching and market data together', () => {
  console.log(`differential seed: MILLRACE_SEED=${SEED}`);
  const limits = { max_position: '200', max_open_orders: 40, price_collar_percent: 18 };

  it('answer every command, agree on books and positions, and give the same bytes for the same input', async () => {
    const [first, second] = [
      await new RandomSession(SEED, { risk: limits }).run(),
      await new RandomSession(SEED, { risk: limits }).run(),
    ];
    checkStream(first);
    checkEnd(first);
    expect(first.pipeline.gateway.digest.hex()).toBe(second.pipeline.gateway.digest.hex());
    expect(first.pipeline.risk.engine.stateHash()).toBe(second.pipeline.risk.engine.stateHash());
  });

  it('lose nothing and never block when rings are tiny', async () => {
    const rings = { commands: 1024, sequenced: 1024, events: 2048, positions: 512 };
    const session = await new RandomSession(SEED + 1, { risk: limits, rings }).run();
    checkStream(session);
    checkEnd(session);
    expect(session.pipeline.counter('matching', 'event_wait_total')).toBeGreaterThan(0);
  });

  it('keep commands in their ring while nobody reads events, and answer all afterwards', async () => {
    const rings = { sequenced: 1024 };
    const session = new RandomSession(SEED + 2, { risk: limits, rings });
    await session.pipeline.start();
    const { risk, gateway } = session.pipeline;
    for (let i = 0; i < 100; i++) gateway.newOrder();
    for (let cycle = 0; cycle < 10; cycle++) risk.doWork(cycle);
    expect(session.pipeline.counter('risk', 'ring_full_total')).toBeGreaterThan(0);
    expect(session.pipeline.counter('risk', 'commands_total')).toBeLessThan(100);
    expect(session.pipeline.settle()).toHaveLength(100);
  });
});
