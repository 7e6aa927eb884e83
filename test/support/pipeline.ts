import type { Agent } from '../../src/agent/agent.js';
import { Invoker } from '../../src/agent/invoker.js';
import { type Config, configSchema } from '../../src/config/schema.js';
import { matchingAgents } from '../../src/config/shards.js';
import { RiskControls } from '../../src/risk/controls.js';
import { TelemetryReader } from '../../src/telemetry/board.js';
import type { AgentName } from '../../src/telemetry/registry.js';
import { type CounterName, counterIds } from '../../src/telemetry/registry.js';
import type { AgentContext } from '../../src/workers/context.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { create as createMarketData } from '../../src/workers/market-data-agent.js';
import { type BuildMatching, create as createMatching } from '../../src/workers/matching-agent.js';
import { create as createRisk } from '../../src/workers/risk-agent.js';
import { createSystem, type System } from '../../src/workers/system.js';
import { type EdgeEvent, TestEdge } from './edge.js';

/** How a test pipeline differs from the default: two instruments with a tick and a lot of 1, reference price 100. */
export interface PipelineOptions {
  /** Keys of the section `risk`. */
  readonly risk?: Record<string, unknown>;
  readonly instruments?: readonly Record<string, unknown>[];
  /** Sizes of rings, also below what the configuration allows. */
  readonly rings?: Partial<Config['rings']>;
  /** Shards of matching; default 1. */
  readonly shards?: number;
  /** Run a second edge on `commands.strategies`. */
  readonly strategies?: boolean;
  /** What matches instead of the engine. */
  readonly matching?: BuildMatching;
}

export const PLAIN_INSTRUMENT = {
  venue: 'MILLRACE',
  tick_size: '1',
  lot_size: '1',
  base_currency: 'XXA',
  quote_currency: 'XXB',
  reference_price: '100',
  min_quantity: '1',
  max_quantity: null,
};

/** A configuration for a pipeline without outside edges. */
export function pipelineConfig(options: PipelineOptions): Config {
  const instruments = options.instruments ?? [{ symbol: 'AAA' }, { symbol: 'BBB' }];
  const strategy = { name: 'edge', kind: 'noise', account: 1 };
  const config = configSchema.parse({
    instruments: instruments.map((one) => ({ ...PLAIN_INSTRUMENT, ...one })),
    risk: { accounts: [1, 2, 3, 4].map((id) => ({ id, name: `account-${id}` })), ...options.risk },
    strategies: options.strategies === true ? [strategy] : [],
    publisher: { enabled: false },
    matching: { shards: options.shards ?? 1 },
  });
  return { ...config, rings: { ...config.rings, ...options.rings } };
}

/** risk, matching and market-data on the invoker, with test edges in the place of the gateway and the strategies. */
export class TestPipeline {
  readonly system: System;
  readonly controls: RiskControls;
  readonly risk: ReturnType<typeof createRisk>;
  /** By shard. */
  readonly shards: readonly ReturnType<typeof createMatching>[];
  /** The first shard. */
  readonly matching: ReturnType<typeof createMatching>;
  readonly gateway: TestEdge;
  readonly strategies: TestEdge | undefined;
  readonly agents: readonly Agent[];
  now = 0;
  readonly #invoker: Invoker;
  readonly #telemetry: TelemetryReader;
  readonly #context: ThreadContext;

  constructor(options: PipelineOptions = {}) {
    const config = pipelineConfig(options);
    this.system = createSystem(config, 1);
    const thread = this.system.threads.findIndex((plan) => plan.agents.includes('risk'));
    this.#context = new ThreadContext(this.system, thread, { blocking: false });
    const contextOf = (name: AgentName): AgentContext => this.#context.contextOf(name);
    const risk = contextOf('risk');
    this.controls = new RiskControls(risk.sharedState('risk.controls'), config.risk, risk.instruments);
    this.risk = createRisk(risk);
    this.shards = matchingAgents(config).map((agent) => createMatching(contextOf(agent), options.matching));
    this.matching = this.shards[0];
    this.gateway = new TestEdge(contextOf('gateway'), 'commands.gateway', 1);
    this.strategies =
      options.strategies === true
        ? new TestEdge(contextOf('strategies'), 'commands.strategies', 16)
        : undefined;
    const edges = this.strategies === undefined ? [this.gateway] : [this.gateway, this.strategies];
    this.agents = [this.risk, ...this.shards, createMarketData(contextOf('market-data')), ...edges];
    this.#context.agents.push(...this.agents);
    this.#invoker = new Invoker(this.agents);
    this.#telemetry = new TelemetryReader(this.system.telemetry);
  }

  contextOf(name: AgentName): AgentContext {
    return this.#context.contextOf(name);
  }

  async start(): Promise<this> {
    await this.#invoker.start(this.now);
    return this;
  }

  step(): number {
    return this.#invoker.step(this.now);
  }

  /** Runs until nothing is left to do; returns what the gateway edge has received since it was last asked. */
  settle(): EdgeEvent[] {
    this.#invoker.settle(this.now, 100_000);
    return this.gateway.take();
  }

  counter<A extends AgentName>(agent: A, name: CounterName<A>): number {
    return this.#telemetry.value(agent, counterIds(agent)[name]);
  }
}
