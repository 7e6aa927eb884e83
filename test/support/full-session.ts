import { expect } from 'vitest';
import { LevelBuilder } from '../../src/book/level-builder.js';
import { ReportEvent, TradeEvent } from '../../src/book/matching.js';
import { NaiveMatching } from '../../src/book/naive-matching.js';
import { shardsOf } from '../../src/config/shards.js';
import { OrderType, Side, TimeInForce, TradingPhase } from '../../src/lib/enums.js';
import { mayBookCross } from '../../src/lib/phases.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as Trade from '../../src/messages/views/trade.js';
import { RECORD } from '../../src/ring/lossy-consumer.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import { readReportEvent, readTradeEvent } from '../../src/workers/event-messages.js';
import { Random } from '../book/matching-stream.js';
import type { Conditions, EdgeEvent, OrderFields } from './edge.js';
import { type PipelineOptions, TestPipeline } from './pipeline.js';

/** Commands of a session. */
export const COMMANDS = 1500;
export const DEPTH = 200;
const PHASES = Object.values(TradingPhase).filter((phase) => phase !== TradingPhase.None);

/** Any order there is, and many that contradict themselves. */
function anyOrder(random: Random, now: number, live: readonly number[], instruments: number): OrderFields {
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
    instrument: random.below(instruments),
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

export interface FullSessionOptions {
  readonly rings?: PipelineOptions['rings'];
  /** With the naive twin in place of the engine. */
  readonly twin?: boolean;
  readonly shards?: number;
  /** Default: {@link COMMANDS}. */
  readonly commands?: number;
  /** Default: 2. */
  readonly instruments?: number;
  /** Share of orders that are good till a date; default: as it comes. */
  readonly dated?: number;
}

/** Random commands of every kind over the pipeline, one after another. */
export class FullSession {
  readonly pipeline: TestPipeline;
  readonly events: EdgeEvent[] = [];
  readonly replicas = new BookReplicas();
  readonly random: Random;
  readonly crosses: boolean[];
  readonly #instruments: number;
  readonly #dated: number | undefined;
  readonly #commands: number;
  readonly #builder: LevelBuilder;
  readonly #live: number[] = [];
  readonly #market;

  constructor(seed: number, options: FullSessionOptions = {}) {
    const { rings = {}, twin = false, shards = 1, instruments = 2 } = options;
    this.random = new Random(seed);
    this.crosses = new Array<boolean>(instruments).fill(false);
    this.#instruments = instruments;
    this.#dated = options.dated;
    this.#commands = options.commands ?? COMMANDS;
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
      instruments: Array.from({ length: instruments }, (_, n) => ({ symbol: `AA${n}`, ...matching })),
      shards,
      risk: { accounts, price_collar_percent: 900 },
      ...(twin && { matching: (...parts) => new NaiveMatching(...parts) }),
      rings,
    });
    const builder = new LevelBuilder({ instruments, levels: 1000 }, { levelChanged: () => undefined });
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
    for (let i = 0; i < this.#commands; i++) {
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
    const instrument = random.below(this.#instruments);
    if (dice < 12) gateway.cancel(known ?? 1, { account });
    else if (dice < 26) {
      const conditions = random.chance(0.3) ? { stopPrice: 90 + random.below(21) } : undefined;
      gateway.amend(known ?? 1, 90 + random.below(21), 1 + random.below(15), { account, conditions });
    } else if (dice < 27) gateway.massCancel({ account, side: random.below(3) });
    else if (dice < 33) {
      const phase = random.chance(0.5) ? TradingPhase.Continuous : PHASES[random.below(PHASES.length)];
      gateway.setPhase(instrument, phase, random.chance(0.2) ? 95 + random.below(11) : undefined);
    } else {
      const id = gateway.newOrder(this.#dateOf(anyOrder(random, now, this.#live, this.#instruments)));
      this.#live.push(id, id + 1, id + 2);
      if (this.#live.length > 90) this.#live.splice(0, 3);
    }
  }

  /** The order with a date or without one, as the share of dated orders wants it. */
  #dateOf(order: OrderFields): OrderFields {
    if (this.#dated === undefined) return order;
    const { conditions: _, ...plain } = { ...order, timeInForce: TimeInForce.GoodTillCancel };
    if (!this.random.chance(this.#dated))
      return order.timeInForce === TimeInForce.GoodTillDate ? plain : order;
    const conditions = { expireTime: this.pipeline.now + 1 + this.random.below(20_000_000) };
    return {
      ...plain,
      orderType: OrderType.Limit,
      price: 90 + this.random.below(21),
      timeInForce: TimeInForce.GoodTillDate,
      conditions,
    };
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

  /** Writes the levels of matching into `into`; returns how many. */
  levels(instrument: number, side: number, into: Float64Array): number {
    const shard = shardsOf(this.pipeline.system.config)[instrument];
    return this.pipeline.shards[shard].engine.levels(instrument, side, DEPTH, into);
  }

  /** Levels from the events, and from the market ring where a book may be read, are those of matching. */
  #compare(): void {
    const [expected, built] = [new Float64Array(3 * DEPTH), new Float64Array(3 * DEPTH)];
    for (let instrument = 0; instrument < this.#instruments; instrument++) {
      const readable = this.replicas.readable(instrument);
      expect(readable === undefined, `readable in phase`).toBe(this.crosses[instrument]);
      for (const side of [Side.Buy, Side.Sell]) {
        const count = this.levels(instrument, side, expected);
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
