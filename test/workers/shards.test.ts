/** Matching divided over several shards: what comes of it for those who read events. */
import { describe, expect, it } from 'vitest';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { shardsOf } from '../../src/config/shards.js';
import { EventFlags, ExecutionType, Reason, Side } from '../../src/lib/enums.js';
import { MATCHING_AGENTS, numberBase, shardOfNumber } from '../../src/lib/shards.js';
import { SEED } from '../book/matching-stream.js';
import type { EdgeEvent } from '../support/edge.js';
import { FullSession, type FullSessionOptions } from '../support/full-session.js';
import { type PipelineOptions, TestPipeline } from '../support/pipeline.js';
import { checkEnd, RandomSession } from '../support/random-session.js';

const ALL_INSTRUMENTS = 0xffff_ffff;
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF'];
const instruments = SYMBOLS.map((symbol) => ({ symbol }));
const limits = { max_position: '200', max_open_orders: 60, price_collar_percent: 18 };

const hashes = ({ pipeline }: RandomSession): string[] =>
  pipeline.shards.map(({ engine }) => engine.stateHash());

/** What happened to an instrument, without the numbers that depend on the other instruments of its shard. */
function story(events: readonly EdgeEvent[], instrument: number): object[] {
  let trades = 0;
  return events
    .filter((event) => event.instrument === instrument)
    .map((event) => ({ ...event, eventSequence: 0, ...(event.kind === 'trade' && { tradeId: ++trades }) }));
}

/** The trades of an instrument, without numbers. */
function trades(events: readonly EdgeEvent[], instrument: number): object[] {
  return story(events, instrument).flatMap((event) => {
    const { kind, sequence, ...rest } = event as EdgeEvent;
    return kind === 'trade' ? [rest] : [];
  });
}

/** Answers to mass cancels over all instruments: by command, who canceled how much. */
function massCancels(events: readonly EdgeEvent[]): Map<number, number[]> {
  const answers = new Map<number, number[]>();
  for (const event of events) {
    if (event.kind !== 'report' || event.executionType !== ExecutionType.MassCanceled) continue;
    answers.set(event.sequence, [...(answers.get(event.sequence) ?? []), event.quantity]);
  }
  return answers;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe(`random commands over ${SYMBOLS.length} instruments`, () => {
  console.log(`shards seed: MILLRACE_SEED=${SEED}`);
  const options: PipelineOptions = { risk: limits, instruments };

  it('come to the same in each instrument, whatever the number of shards', async () => {
    const [one, two, four] = await Promise.all(
      [1, 2, 4].map((shards) =>
        new RandomSession(SEED, { ...options, shards }).run({ rounds: 80, settled: true }),
      ),
    );
    for (const [session, shards] of [
      [two, 2],
      [four, 4],
    ] as const) {
      checkEnd(session);
      for (const [instrument] of SYMBOLS.entries()) {
        const expected = story(one.events, instrument);
        expect(expected.length).toBeGreaterThan(100);
        expect(story(session.events, instrument)).toEqual(expected);
      }
      const answers = massCancels(session.events);
      for (const [sequence, [count]] of massCancels(one.events)) {
        expect(answers.get(sequence)).toHaveLength(shards);
        expect(sum(answers.get(sequence) ?? [])).toBe(count);
      }
      expect(session.positions).toEqual(one.positions);
      expect(session.pipeline.counter('risk', 'open_orders')).toBe(
        one.pipeline.counter('risk', 'open_orders'),
      );
    }
  });

  it('lead to the same bytes and the same state of each shard every time, and its twin says the same', async () => {
    const run = (more: PipelineOptions): Promise<RandomSession> =>
      new RandomSession(SEED + 1, { ...options, shards: 2, ...more }).run({ rounds: 60, settled: true });
    const matching: PipelineOptions['matching'] = (...parts) => new NaiveMatching(...parts);
    const [first, again, twin] = [await run({}), await run({}), await run({ matching })];
    expect(hashes(again)).toEqual(hashes(first));
    expect(hashes(twin)).toEqual(hashes(first));
    expect(twin.events).toEqual(first.events);
    expect(again.pipeline.gateway.digest.hex()).toBe(first.pipeline.gateway.digest.hex());
  });

  it.each([2, 4])('lose nothing and never block when rings are tiny: %i shards', async (shards) => {
    const rings = { commands: 1024, sequenced: 1024, events: 1024, positions: 512 };
    const session = await new RandomSession(SEED + 2, { ...options, shards, rings }).run();
    checkEnd(session);
    const agents = MATCHING_AGENTS.slice(0, shards);
    const waited = agents.map((agent) => session.pipeline.counter(agent, 'event_wait_total'));
    expect(sum(waited)).toBeGreaterThan(0);
    const closing = session.events.filter((event) => (event.flags & EventFlags.EndOfCommand) !== 0);
    const repeated = sum([...massCancels(session.events).values()].map((counts) => counts.length - 1));
    expect(closing).toHaveLength(session.sent + repeated);
    for (const [shard, agent] of agents.entries()) {
      const own = session.events.filter(({ eventSequence }) => shardOfNumber(eventSequence) === shard);
      expect(session.pipeline.counter(agent, 'event_sequence')).toBe(numberBase(shard) + own.length);
    }
  });
});

describe('orders of every kind in every phase', () => {
  const run = (shards: number, more: FullSessionOptions = {}): Promise<FullSession> =>
    new FullSession(SEED + 3, { instruments: 4, commands: 600, shards, ...more }).run();

  it('come to the same in each instrument, whatever the number of shards', async () => {
    const timeless = { dated: 0 };
    const [one, two, four] = [await run(1, timeless), await run(2, timeless), await run(4, timeless)];
    for (const session of [two, four]) {
      session.pipeline.risk.engine.validate();
      for (const { engine } of session.pipeline.shards) engine.validate();
      for (let instrument = 0; instrument < 4; instrument++) {
        expect(story(session.events, instrument)).toEqual(story(one.events, instrument));
      }
    }
  });

  it('trade the same also where orders expire, which a shard sees with its next command', async () => {
    const dated = { dated: 0.2 };
    const [one, two, four] = [await run(1, dated), await run(2, dated), await run(4, dated)];
    const isExpired = (event: EdgeEvent) => event.kind === 'report' && event.reason === Reason.Expired;
    expect(one.events.filter(isExpired).length).toBeGreaterThan(10);
    for (const session of [two, four]) {
      for (let instrument = 0; instrument < 4; instrument++) {
        expect(trades(session.events, instrument)).toEqual(trades(one.events, instrument));
      }
    }
    const twin = await run(4, { ...dated, twin: true });
    expect(twin.pipeline.gateway.digest.hex()).toBe(four.pipeline.gateway.digest.hex());
    const states = ({ pipeline }: FullSession) => pipeline.shards.map(({ engine }) => engine.stateHash());
    expect(states(twin)).toEqual(states(four));
  });
});

describe('shards', () => {
  it('number events and trades without a gap, each in its own range, and take only what is theirs', async () => {
    const pipeline = await new TestPipeline({ instruments, shards: 4 }).start();
    const { gateway } = pipeline;
    for (const [instrument] of SYMBOLS.entries()) {
      gateway.newOrder({ instrument, quantity: 2 });
      gateway.newOrder({ instrument, quantity: 2, side: Side.Sell, account: 2 });
    }
    const events = pipeline.settle();
    for (const event of events) expect(shardOfNumber(event.eventSequence)).toBe(event.instrument % 4);
    const trades = events.filter((event) => event.kind === 'trade');
    const ids = trades.map(({ tradeId }) => tradeId).sort((a, b) => a - b);
    const ranges = [0, 1, 2, 3].map((shard) => numberBase(shard));
    expect(ids).toEqual([1, 2, ranges[1] + 1, ranges[1] + 2, ranges[2] + 1, ranges[3] + 1]);
    const matched = MATCHING_AGENTS.map((agent) => pipeline.counter(agent, 'commands_total'));
    expect(matched).toEqual([4, 4, 2, 2]);
  });

  it('match the instruments that the configuration gives them, the others in turn', () => {
    const given = [
      { symbol: 'AAA', shard: 1 },
      { symbol: 'BBB' },
      { symbol: 'CCC' },
      { symbol: 'DDD', shard: 0 },
    ];
    const { config } = new TestPipeline({ instruments: given, shards: 2 }).system;
    expect([...shardsOf(config)]).toEqual([1, 0, 1, 0]);
    const outside = [{ symbol: 'BTCUSDT', venue: 'binance-spot' }, { symbol: 'AAA' }, { symbol: 'BBB' }];
    expect([...shardsOf(new TestPipeline({ instruments: outside, shards: 2 }).system.config)]).toEqual([
      0, 0, 1,
    ]);
  });

  it.each([2, 4])(
    'all execute a mass cancel over all instruments, from either edge: %i shards',
    async (shards) => {
      const pipeline = await new TestPipeline({ instruments, shards, strategies: true }).start();
      const { gateway, strategies, risk } = pipeline;
      for (const edge of [gateway, strategies]) {
        for (const [instrument] of SYMBOLS.entries()) {
          gateway.newOrder({ instrument });
          gateway.newOrder({ instrument, account: 2, price: 99 });
        }
        pipeline.settle();
        edge?.massCancel({ client: 5 });
        const events = pipeline.settle();
        const answers = events.filter((event) => (event.flags & EventFlags.Answer) !== 0);
        expect(answers).toHaveLength(shards);
        for (const answer of answers) {
          const common = { executionType: ExecutionType.MassCanceled, instrument: ALL_INSTRUMENTS };
          expect(answer).toMatchObject({ ...common, clientOrderIdLow: 5, source: edge?.source });
        }
        expect(sum([...massCancels(events).values()].flat())).toBe(SYMBOLS.length);
        expect(pipeline.counter('risk', 'open_orders')).toBe(SYMBOLS.length);
        risk.engine.validate();
        edge?.massCancel({ account: 2 });
        pipeline.settle();
        expect(pipeline.counter('risk', 'open_orders')).toBe(0);
        risk.engine.validate();
      }
    },
  );

  it('pass each refusal of risk on once, also one that names no instrument or none that there is', async () => {
    const pipeline = await new TestPipeline({ instruments, shards: 4 }).start();
    pipeline.gateway.newOrder({ instrument: 3, quantity: 1e9 });
    pipeline.gateway.newOrder({ instrument: 99 });
    pipeline.gateway.massCancel({ account: 77 });
    pipeline.gateway.cancel(123_456);
    const events = pipeline.settle();
    const told = events.map(
      (event) => event.kind === 'report' && [shardOfNumber(event.eventSequence), event.reason],
    );
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        [3, Reason.OrderQuantityLimit],
        [0, Reason.UnknownInstrument],
        [0, Reason.UnknownAccount],
        [0, Reason.UnknownOrder],
      ]),
    );
  });

  it('may have 10,000 instruments between them, of which a quiet one costs little', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ symbol: `I${n}`, base_currency: `C${n}` }));
    const before = process.memoryUsage().arrayBuffers;
    const pipeline = await new TestPipeline({ instruments: many, shards: 2 }).start();
    // Risk, two shards and market data together; features kept whole windows for each instrument once, 550 KB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000 * 64_000);
    for (const instrument of [0, 1, 4999, 9998, 9999]) {
      pipeline.gateway.newOrder({ instrument, quantity: 2 });
      pipeline.gateway.newOrder({ instrument, quantity: 1, side: Side.Sell, account: 2 });
    }
    expect(pipeline.settle().filter(({ kind }) => kind === 'trade')).toHaveLength(5);
    pipeline.gateway.massCancel();
    expect(sum([...massCancels(pipeline.settle()).values()].flat())).toBe(5);
    pipeline.risk.engine.validate();
  });
});
