import { matchingAgents } from '../config/shards.js';
import { formatDecimal } from '../lib/decimal.js';
import { SyncState, TradingPhase } from '../lib/enums.js';
import { InstrumentTable } from '../lib/instruments.js';
import { collectsOrders } from '../lib/phases.js';
import type { MatchingAgentName } from '../lib/shards.js';
import * as Features from '../messages/views/features.js';
import * as FeedStatus from '../messages/views/feed-status.js';
import * as MarketStatus from '../messages/views/market-status.js';
import { LAPPED, LossyConsumer, RECORD } from '../ring/lossy-consumer.js';
import { RingMonitor } from '../ring/monitor.js';
import { TelemetryReader } from '../telemetry/board.js';
import type { HistogramReader } from '../telemetry/histogram.js';
import {
  type AgentName,
  type CounterName,
  counterIds,
  HISTOGRAM_NAMES,
  type HistogramName,
} from '../telemetry/registry.js';
import { consumersOf, enabledAgents } from '../topology.js';
import type { System } from '../workers/system.js';

/** Records taken from a ring of market data per sample at the most: the status is a convenience and must stay cheap. */
const MARKET_LIMIT = 200_000;

/** Stands at the same place in every shard. */
const RESTING_ORDERS = counterIds('matching').resting_orders;

export interface MarketTop {
  readonly symbol: string;
  readonly bid: string;
  readonly bidQuantity: string;
  readonly ask: string;
  readonly askQuantity: string;
  readonly spreadBasisPoints: number;
  /** Empty in continuous trading, else what there is instead. */
  readonly state: string;
}

export interface HopFigures {
  readonly name: HistogramName;
  readonly perSecond: number;
  /** Nanoseconds, over the sampled interval. */
  readonly p50: number;
  readonly p99: number;
}

/** What the process did between two looks. Rates are per second. */
export interface Sample {
  readonly uptimeSeconds: number;
  readonly orders: number;
  readonly rejects: number;
  readonly trades: number;
  readonly events: number;
  readonly requests: number;
  readonly restingOrders: number;
  readonly sequence: number;
  readonly markets: readonly MarketTop[];
  readonly hops: readonly HopFigures[];
  readonly rings: readonly { name: string; backlog: number; capacity: number }[];
}

const STATES: Readonly<Partial<Record<number, string>>> = {
  [TradingPhase.PreOpen]: 'pre-open',
  [TradingPhase.OpeningAuction]: 'auction',
  [TradingPhase.VolatilityAuction]: 'auction',
  [TradingPhase.ClosingAuction]: 'auction',
  [TradingPhase.Halt]: 'halt',
  [TradingPhase.Closed]: 'closed',
};

const EMPTY_TOP = { bid: '-', bidQuantity: '-', ask: '-', askQuantity: '-', spreadBasisPoints: 0 };

/** Turns shared counters, histograms and the rings of market data into a {@link Sample}. Allocates; a few times a second. */
export class StatusSampler {
  readonly #telemetry: TelemetryReader;
  readonly #matching: readonly MatchingAgentName[];
  readonly #instruments: InstrumentTable;
  readonly #monitors: readonly RingMonitor[];
  readonly #market: readonly LossyConsumer[];
  readonly #tops: MarketTop[];
  readonly #counts = new Map<string, number>();
  readonly #histograms = new Map<HistogramName, HistogramReader>();
  readonly #startMs: number;
  #lastMs: number;

  constructor(system: System) {
    this.#telemetry = new TelemetryReader(system.telemetry);
    this.#matching = matchingAgents(system.config);
    this.#instruments = new InstrumentTable(system.config.instruments);
    this.#monitors = Object.values(system.rings).map((ring) => new RingMonitor(ring));
    const enabled = enabledAgents(system.config);
    this.#market = (['market', 'feed'] as const).flatMap((name) => {
      const ring = system.rings[name];
      return ring === undefined
        ? []
        : [new LossyConsumer(ring, consumersOf(name, enabled).lossy.indexOf('supervisor'))];
    });
    this.#tops = this.#instruments.all.map(({ symbol }) => ({ symbol, ...EMPTY_TOP, state: '' }));
    this.#startMs = system.session.startMs;
    this.#lastMs = system.session.startMs; // counters count from there: the first rates are averages since the start
  }

  sample(): Sample {
    const now = performance.now();
    const seconds = Math.max(0.001, (now - this.#lastMs) / 1000);
    this.#lastMs = now;
    for (const market of this.#market) this.#readMarket(market);
    return {
      uptimeSeconds: (now - this.#startMs) / 1000,
      orders: this.#rate('risk', 'sequenced_total', seconds),
      rejects: this.#rate('risk', 'rejected_total', seconds),
      trades: this.#matching.reduce((sum, agent) => sum + this.#rate(agent, 'trades_total', seconds), 0),
      events: this.#matching.reduce((sum, agent) => sum + this.#rate(agent, 'reports_total', seconds), 0),
      requests: this.#rate('gateway', 'http_requests_total', seconds),
      restingOrders: this.#matching.reduce(
        (sum, agent) => sum + this.#telemetry.value(agent, RESTING_ORDERS),
        0,
      ),
      sequence: this.#telemetry.value('risk', counterIds('risk').sequence),
      markets: [...this.#tops],
      hops: HISTOGRAM_NAMES.flatMap((name) => this.#hop(name, seconds)),
      rings: this.#monitors.map((monitor) => ({
        name: monitor.name,
        backlog: monitor.backlogBytes(),
        capacity: monitor.capacityBytes,
      })),
    };
  }

  #rate<A extends AgentName>(agent: A, counter: CounterName<A>, seconds: number): number {
    const value = this.#telemetry.value(agent, counterIds(agent)[counter]);
    const key = `${agent}.${counter}`;
    const before = this.#counts.get(key) ?? 0;
    this.#counts.set(key, value);
    return (value - before) / seconds;
  }

  #hop(name: HistogramName, seconds: number): HopFigures[] {
    const reader = this.#telemetry.histogram(name);
    const before = this.#histograms.get(name);
    this.#histograms.set(name, reader);
    const interval = before === undefined ? reader : reader.since(before);
    const count = interval.count;
    if (count === 0) return [];
    return [{ name, perSecond: count / seconds, p50: interval.quantile(0.5), p99: interval.quantile(0.99) }];
  }

  #readMarket(market: LossyConsumer): void {
    for (let n = 0; n < MARKET_LIMIT; n++) {
      const outcome = market.poll();
      if (outcome === LAPPED) continue;
      if (outcome !== RECORD) return;
      const { type, words, at } = market;
      if (type === Features.TYPE) this.#keepTop(words, at);
      else if (type === FeedStatus.TYPE && FeedStatus.state(words, at) !== SyncState.Synced) {
        this.#forgetTop(FeedStatus.instrument(words, at));
      } else if (type === MarketStatus.TYPE) this.#keepPhase(words, at);
    }
  }

  #keepPhase(words: Int32Array, at: number): void {
    const index = MarketStatus.instrument(words, at);
    const phase = MarketStatus.phase(words, at);
    if (collectsOrders(phase)) this.#forgetTop(index);
    if (index < this.#tops.length) this.#tops[index] = { ...this.#tops[index], state: STATES[phase] ?? '' };
  }

  /** The book of an outside venue is withdrawn, or an auction collects orders: the last top is no market any more. */
  #forgetTop(index: number): void {
    if (index < this.#tops.length) this.#tops[index] = { ...this.#tops[index], ...EMPTY_TOP };
  }

  #keepTop(words: Int32Array, at: number): void {
    const instrument = this.#instruments.at(Features.instrument(words, at));
    if (instrument === undefined) return;
    const { symbol, tick, lot } = instrument;
    const bidQuantity = Features.bestBidQuantity(words, at);
    const askQuantity = Features.bestAskQuantity(words, at);
    this.#tops[instrument.index] = {
      symbol,
      bid: bidQuantity === 0 ? '-' : formatDecimal(Features.bestBidPrice(words, at), tick),
      bidQuantity: formatDecimal(bidQuantity, lot),
      ask: askQuantity === 0 ? '-' : formatDecimal(Features.bestAskPrice(words, at), tick),
      askQuantity: formatDecimal(askQuantity, lot),
      spreadBasisPoints: Features.relativeSpread(words, at) * 10_000,
      state: this.#tops[instrument.index].state,
    };
  }
}
