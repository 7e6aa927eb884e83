import { describe, expect, it } from 'vitest';
import { LevelBuilder } from '../../src/book/level-builder.js';
import { ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { EventFlags, ExecutionType, Side, TradingPhase } from '../../src/lib/enums.js';
import { mayBookCross } from '../../src/lib/phases.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as Trade from '../../src/messages/views/trade.js';
import { RECORD } from '../../src/ring/lossy-consumer.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import { readReportEvent, readTradeEvent } from '../../src/workers/event-messages.js';
import { Random, SEED } from '../book/matching-stream.js';
import type { Conditions, EdgeEvent, OrderFields } from '../support/edge.js';
import { TestPipeline } from '../support/pipeline.js';

const COMMANDS = 1500;
const INSTRUMENTS = 2;
const DEPTH = 200;
const PHASES = Object.values(TradingPhase).filter((phase) => phase !== TradingPhase.None);

/** Any order there is, and many that contradict themselves. */
function anyOrder(random: Random, now: number, live: readonly number[]): OrderFields {
  const price = () => 90 + random.below(21);
  const some = <T>(share: number, value: T): T | undefined => (random.chance(share) ? value : undefined);
  const orderType = random.chance(0.6) ? 1 : 1 + random.below(5);
  const timeInForce = random.chance(0.5) ? 1 : 1 + random.below(7);
  const stops = orderType === 3 || orderType === 4;
  const conditions: Conditions = Object.fromEntries(
    Object.entries({
      stopPrice: stops ? price() : some(0.02, price()),
      displayedQuantity: some(0.2, 1 + random.below(4)),
      minimumQuantity: some(0.05, 1 + random.below(6)),
      expireTime: timeInForce === 5 ? now + random.below(20_000_000) : some(0.01, now + 1),
      linkedOrderId: some(0.2, live[random.below(Math.max(live.length, 1))]),
      contingency: some(0.3, 1 + random.below(2)),
      takeProfitPrice: some(0.1, price()),
      stopLossPrice: some(0.1, price()),
      stopLossLimitPrice: some(0.03, price()),
    }).filter(([, value]) => value !== undefined),
  );
  return {
    account: 1 + random.below(4),
    instrument: random.below(INSTRUMENTS),
    side: 1 + random.below(2),
    orderType,
    timeInForce,
    price: orderType === 1 || orderType === 4 ? price() : 0,
    quantity: 1 + random.below(12),
    flags: random.chance(0.1) ? 1 + random.below(3) : 0,
    selfTradePrevention: random.chance(0.4) ? random.below(5) : 0,
    ...(stops || random.chance(0.4) ? { conditions } : {}),
  };
}

/** Random commands of every kind over the pipeline, one after another. */
class Session {
  readonly pipeline: TestPipeline;
  readonly events: EdgeEvent[] = [];
  readonly replicas = new BookReplicas();
  readonly random: Random;
  readonly crosses = new Array<boolean>(INSTRUMENTS).fill(false);
  readonly #builder: LevelBuilder;
  readonly #live: number[] = [];
  readonly #market;

  /** With the naive twin in place of the engine where `twin`. */
  constructor(seed: number, twin: boolean, rings = {}) {
    this.random = new Random(seed);
    const matching = {
      maker_fee_bps: -200,
      taker_fee_bps: 300,
      static_band_percent: 8,
      dynamic_band_percent: 6,
    };
    const accounts = [1, 2, 3, 4].map((id) => ({
      id,
      name: `a${id}`,
      self_trade_group: id < 3 ? 'desk' : null,
    }));
    this.pipeline = new TestPipeline({
      instruments: ['AAA', 'BBB'].map((symbol) => ({ symbol, ...matching })),
      risk: { accounts, price_collar_percent: 900 },
      ...(twin && { matching: (...parts) => new NaiveMatching(...parts) }),
      rings,
    });
    const builder = new LevelBuilder(
      { instruments: INSTRUMENTS, levels: 1000 },
      { levelChanged: () => undefined },
    );
    const [trade, report] = [new TradeEvent(), new ReportEvent()];
    this.pipeline.gateway.onRecord = (type, words, at) => {
      if (type === Trade.TYPE) {
        readTradeEvent(trade, words, at);
        builder.trade(trade);
      } else if (type === ExecutionReport.TYPE) {
        readReportEvent(report, words, at);
        builder.report(report);
      }
    };
    this.#builder = builder;
    this.#market = this.pipeline.gateway.context.lossy('market');
  }

  async run(): Promise<this> {
    await this.pipeline.start();
    for (let i = 0; i < COMMANDS; i++) {
      this.pipeline.now += this.random.below(1_000_000);
      this.#send();
      this.#follow(this.pipeline.settle());
      this.#compare();
    }
    return this;
  }

  #send(): void {
    const { random } = this;
    const { gateway, now } = this.pipeline;
    gateway.received = now;
    const dice = random.below(100);
    const known = this.#live[random.below(Math.max(this.#live.length, 1))];
    const account = 1 + random.below(4);
    const instrument = random.below(INSTRUMENTS);
    if (dice < 12) gateway.cancel(known ?? 1, { account });
    else if (dice < 26) {
      const conditions = random.chance(0.3) ? { stopPrice: 90 + random.below(21) } : undefined;
      gateway.amend(known ?? 1, 90 + random.below(21), 1 + random.below(15), { account, conditions });
    } else if (dice < 27) gateway.massCancel({ account, side: random.below(3) });
    else if (dice < 33) {
      const phase = random.chance(0.5) ? TradingPhase.Continuous : PHASES[random.below(PHASES.length)];
      gateway.setPhase(instrument, phase, random.chance(0.2) ? 95 + random.below(11) : undefined);
    } else {
      const id = gateway.newOrder(anyOrder(random, now, this.#live));
      this.#live.push(id, id + 1, id + 2);
      if (this.#live.length > 90) this.#live.splice(0, 3);
    }
  }

  #follow(events: readonly EdgeEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      if (event.kind !== 'status') continue;
      const { instrument, phase, previousPhase } = event;
      if (phase !== previousPhase)
        this.crosses[instrument] = mayBookCross(phase, previousPhase, this.crosses[instrument]);
    }
    while (this.#market.poll() === RECORD)
      this.replicas.onRecord(this.#market.type, this.#market.words, this.#market.at);
  }

  /** Levels from the events, and from the market ring where a book may be read, are those of matching. */
  #compare(): void {
    const [expected, built] = [new Float64Array(3 * DEPTH), new Float64Array(3 * DEPTH)];
    for (let instrument = 0; instrument < INSTRUMENTS; instrument++) {
      const readable = this.replicas.readable(instrument);
      expect(readable === undefined, `readable in phase`).toBe(this.crosses[instrument]);
      for (const side of [Side.Buy, Side.Sell]) {
        const count = this.pipeline.matching.engine.levels(instrument, side, DEPTH, expected);
        expect(this.#builder.copyLevels(instrument, side, DEPTH, built)).toBe(count);
        expect(built.subarray(0, 3 * count)).toEqual(expected.subarray(0, 3 * count));
        const book = side === Side.Buy ? readable?.bids : readable?.asks;
        if (book === undefined) continue;
        expect(book.count).toBe(count);
        for (let i = 0; i < count; i++)
          expect([book.price(i), book.quantity(i)]).toEqual([...expected.subarray(3 * i, 3 * i + 2)]);
      }
    }
  }
}

describe('orders of every kind in every phase, through risk, matching and market data', () => {
  console.log(`full session: MILLRACE_SEED=${SEED}`);

  it('keep books, positions and event stream whole, and give the same bytes with the naive twin', async () => {
    const [session, twin] = [await new Session(SEED, false).run(), await new Session(SEED, true).run()];
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
    const session = await new Session(SEED + 1, false, {
      commands: 1024,
      sequenced: 1024,
      events: 2048,
    }).run();
    session.pipeline.risk.engine.validate();
    expect(session.pipeline.counter('matching', 'event_wait_total')).toBeGreaterThan(0);
  });
});
