import { expect } from 'vitest';
import { shardsOf } from '../../src/config/shards.js';
import { OrderFlags, OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import * as PositionUpdate from '../../src/messages/views/position-update.js';
import { RECORD } from '../../src/ring/lossy-consumer.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import { Random } from '../book/matching-stream.js';
import { averageCost } from '../risk/naive-risk.js';
import type { EdgeEvent, TestEdge } from './edge.js';
import { type PipelineOptions, TestPipeline } from './pipeline.js';

const ROUNDS = 200;
const ACCOUNTS = [1, 2, 3, 4];

/** Sends random commands over both edges and collects everything that comes out. */
export class RandomSession {
  readonly instruments: number;
  readonly pipeline: TestPipeline;
  readonly events: EdgeEvent[] = [];
  readonly replicas = new BookReplicas();
  readonly positions = new Map<string, { quantity: number; average: number; profit: number }>();
  sent = 0;
  marketTrades = 0;
  #marketSequence = 0;
  #positionSequence = 0;
  readonly #random: Random;
  readonly #ids: { id: number; account: number }[] = [];
  readonly #market;
  readonly #positionRing;

  constructor(seed: number, options: PipelineOptions) {
    this.pipeline = new TestPipeline({ strategies: true, ...options });
    this.instruments = this.pipeline.system.config.instruments.length;
    this.#random = new Random(seed);
    const gateway = this.pipeline.gateway.context;
    this.#market = gateway.lossy('market');
    this.#positionRing = gateway.consumer('positions');
  }

  /** `settled`: nothing is under way when commands are sent, so that what risk decides does not depend on how stages interleave. */
  async run({ rounds = ROUNDS, settled = false } = {}): Promise<this> {
    await this.pipeline.start();
    for (let round = 0; round < rounds; round++) {
      this.pipeline.now += this.#random.below(2_000_000);
      for (let left = this.#random.below(40); left > 0; left--) this.#send();
      const steps = this.#random.below(3);
      for (let step = 0; step < steps; step++) this.pipeline.step();
      if (settled) while (this.pipeline.step() > 0);
      this.#collect();
    }
    // Positions wait in risk while their ring is full, so it takes turns to empty all.
    while (this.pipeline.step() > 0) this.#collect();
    this.#collect();
    return this;
  }

  #send(): void {
    const random = this.#random;
    const edge = random.chance(0.5) ? this.pipeline.gateway : (this.pipeline.strategies as TestEdge);
    edge.received = this.pipeline.now;
    const account = ACCOUNTS[random.below(4)];
    const known = this.#ids.length === 0 ? undefined : this.#ids[random.below(this.#ids.length)];
    const dice = random.below(100);
    if (dice < 20 && known !== undefined)
      this.sent += edge.cancel(known.id, { account: known.account }) ? 1 : 0;
    else if (dice < 35 && known !== undefined) {
      const [price, quantity] = [95 + random.below(11), 1 + random.below(30)];
      this.sent += edge.amend(known.id, price, quantity, { account: known.account, client: 77 }) ? 1 : 0;
    } else if (dice < 36) this.sent += edge.massCancel({ account, side: random.below(3) }) ? 1 : 0;
    else {
      const isMarket = random.chance(0.08);
      const timeInForce = random.chance(0.2) ? 1 + random.below(3) : TimeInForce.GoodTillCancel;
      const isPostOnly = !isMarket && timeInForce === TimeInForce.GoodTillCancel && random.chance(0.1);
      const id = edge.newOrder({
        account,
        instrument: random.below(this.instruments),
        side: random.chance(0.5) ? Side.Buy : Side.Sell,
        orderType: isMarket ? OrderType.Market : OrderType.Limit,
        timeInForce,
        price: isMarket ? 0 : 80 + random.below(41),
        quantity: random.below(31),
        flags: isPostOnly ? OrderFlags.PostOnly : 0,
        client: random.chance(0.2) ? 1 + random.below(500) : 0,
      });
      if (id < 0) return;
      this.sent++;
      if (this.#ids.push({ id, account }) > 60) this.#ids.shift();
    }
  }

  #collect(): void {
    this.events.push(...this.pipeline.gateway.take());
    this.pipeline.strategies?.take();
    const market = this.#market;
    while (market.poll() === RECORD) {
      const { type, words, at } = market;
      expect(MarketTrade.sequence(words, at)).toBe(++this.#marketSequence);
      this.replicas.onRecord(type, words, at);
      if (type === MarketTrade.TYPE) this.marketTrades++;
    }
    expect(market.laps).toBe(0);
    const ring = this.#positionRing;
    while (ring.next()) {
      const { words, at } = ring;
      expect(PositionUpdate.sequence(words, at)).toBe(++this.#positionSequence);
      this.positions.set(`${PositionUpdate.account(words, at)}/${PositionUpdate.instrument(words, at)}`, {
        quantity: PositionUpdate.quantity(words, at),
        average: PositionUpdate.averagePrice(words, at),
        profit: PositionUpdate.realizedProfit(words, at),
      });
    }
    ring.release();
  }

  /** Levels of a side as readers of the market ring have them, best first. */
  replicaLevels(instrument: number, side: number): number[][] {
    const book = this.replicas.readable(instrument);
    if (book === undefined) throw new Error(`instrument ${instrument} is not readable`);
    const levels = side === Side.Buy ? book.bids : book.asks;
    return Array.from({ length: levels.count }, (_, depth) => [levels.price(depth), levels.quantity(depth)]);
  }

  engineLevels(instrument: number, side: number): number[][] {
    const into = new Float64Array(3 * 200);
    const shard = shardsOf(this.pipeline.system.config)[instrument];
    const count = this.pipeline.shards[shard].engine.levels(instrument, side, 200, into);
    return Array.from({ length: count }, (_, i) => [into[i * 3], into[i * 3 + 1]]);
  }
}

/** Risk, matching, market data and positions agree when everything has come to rest. */
export function checkEnd(session: RandomSession): void {
  const { pipeline, events } = session;
  pipeline.risk.engine.validate();
  for (const { engine } of pipeline.shards) engine.validate();
  for (let instrument = 0; instrument < session.instruments; instrument++) {
    for (const side of [Side.Buy, Side.Sell]) {
      expect(session.replicaLevels(instrument, side)).toEqual(session.engineLevels(instrument, side));
    }
  }
  const trades = events.filter((event) => event.kind === 'trade');
  expect(session.marketTrades).toBe(trades.length);
  for (const account of ACCOUNTS) {
    for (let instrument = 0; instrument < session.instruments; instrument++) {
      const fills = trades
        .filter((trade) => trade.instrument === instrument)
        .flatMap(({ price, quantity, takerSide, makerAccount, takerAccount }) => {
          const signed = takerSide === Side.Buy ? quantity : -quantity;
          return [
            ...(makerAccount === account ? [{ price, quantity: -signed }] : []),
            ...(takerAccount === account ? [{ price, quantity: signed }] : []),
          ];
        });
      const { realized, cost } = averageCost(fills);
      const quantity = fills.reduce((sum, fill) => sum + fill.quantity, 0);
      expect(session.positions.get(`${account}/${instrument}`)).toEqual({
        quantity,
        average: quantity === 0 ? 0 : Number(cost) / Math.abs(quantity),
        profit: Number(realized),
      });
    }
  }
}
