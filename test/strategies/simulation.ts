import { createHash } from 'node:crypto';
import type { Agent } from '../../src/agent/agent.js';
import { Invoker } from '../../src/agent/invoker.js';
import type { DepthBook } from '../../src/book/depth-book.js';
import { loadConfig } from '../../src/config/load.js';
import type { Config } from '../../src/config/schema.js';
import { FIRST_STRATEGY_SOURCE } from '../../src/lib/order-ids.js';
import * as MarketTrade from '../../src/messages/views/market-trade.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import { createRing } from '../../src/ring/layout.js';
import { EMPTY, LAPPED, LossyConsumer } from '../../src/ring/lossy-consumer.js';
import { TelemetryReader } from '../../src/telemetry/board.js';
import type { AgentName } from '../../src/telemetry/registry.js';
import { consumersOf, enabledAgents } from '../../src/topology.js';
import { loadAgent } from '../../src/workers/agents.js';
import { BookReplicas } from '../../src/workers/book-replica.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { createSystem, type System } from '../../src/workers/system.js';

const ORDER = ['strategies', 'risk', 'matching', 'market-data'] as const;

/** A configuration with neither gateway nor publisher. */
export function quietConfig(...flags: string[]): Config {
  const quiet = ['--gateway.enabled=false', '--publisher.enabled=false', '--log.level=silent'];
  return loadConfig({ env: {}, flags: [...quiet, ...flags] }).config;
}

/**
 * The real pipeline on one thread and a simulated clock, watched from outside: every command of the strategies is hashed,
 * and the books are rebuilt from the market ring.
 */
export class Simulation {
  now = 0;
  /** Trades by instrument. */
  readonly trades: number[];
  readonly config: Config;
  readonly telemetry: TelemetryReader;
  readonly agents: ReadonlyMap<AgentName, Agent>;
  /** Commands of the strategies so far. */
  commands = 0;
  /** New orders by strategy, in configuration order. */
  readonly orders: number[];
  readonly #invoker: Invoker;
  readonly #hash = createHash('sha256');
  readonly #commandTap: LossyConsumer;
  #hashIncomplete = false;
  readonly #market: LossyConsumer;
  readonly #replicas = new BookReplicas();

  private constructor(system: System, agents: Map<AgentName, Agent>, commandTap: LossyConsumer) {
    this.config = system.config;
    this.agents = agents;
    this.telemetry = new TelemetryReader(system.telemetry);
    this.trades = system.config.instruments.map(() => 0);
    this.orders = system.config.strategies.map(() => 0);
    this.#commandTap = commandTap;
    this.#market = watcherOf(system);
    const tap: Agent = { name: 'supervisor', doWork: () => this.#hashCommands(), hasWork: () => false };
    const ordered = [...agents.values()];
    this.#invoker = new Invoker([ordered[0], tap, ...ordered.slice(1)]);
  }

  static async start(config: Config): Promise<Simulation> {
    const plain = createSystem(config, 1);
    const name = 'commands.strategies';
    const commands = createRing({ name, capacityBytes: config.rings.commands, gating: 1, lossy: 1 });
    const system: System = { ...plain, rings: { ...plain.rings, [name]: commands } };
    const thread = new ThreadContext(system, 0, { blocking: false });
    const agents = new Map<AgentName, Agent>();
    for (const agent of ORDER) agents.set(agent, (await loadAgent(agent))(thread.contextOf(agent)));
    thread.agents.push(...agents.values());
    const simulation = new Simulation(system, agents, new LossyConsumer(commands, 0));
    await simulation.#invoker.start(0);
    return simulation;
  }

  /** Goes on in steps of `stepMs` of simulated time; `watch` looks at the market after each. */
  run(seconds: number, watch?: () => void, stepMs = 10): void {
    const end = this.now + seconds * 1e9;
    while (this.now < end) {
      this.now += stepMs * 1e6;
      this.#invoker.settle(this.now);
      this.#readMarket();
      watch?.();
    }
  }

  async stop(): Promise<void> {
    for (const agent of this.agents.values()) agent.stopAccepting?.();
    this.#invoker.settle(this.now);
    this.#readMarket();
    await this.#invoker.close();
  }

  /** The public book of an instrument, undefined before its first snapshot. */
  book(instrument: number): DepthBook | undefined {
    return this.#replicas.readable(instrument);
  }

  /** SHA-256 over type and bytes of all commands so far. */
  digest(): string {
    if (this.#hashIncomplete) throw new Error('the command tap was lapped: a command ring was full');
    return this.#hash.copy().digest('hex');
  }

  counter(agent: AgentName, name: string): number {
    const found = this.telemetry.counters(agent).find((one) => one.name === name);
    if (found === undefined) throw new Error(`no counter ${name} of ${agent}`);
    return found.value;
  }

  #hashCommands(): number {
    const tap = this.#commandTap;
    for (;;) {
      const outcome = tap.poll();
      if (outcome === EMPTY) return 0;
      if (outcome === LAPPED) {
        this.#hashIncomplete = true;
        continue;
      }
      this.commands++;
      if (tap.type === NewOrder.TYPE) {
        this.orders[NewOrder.source(tap.words, tap.at) - FIRST_STRATEGY_SOURCE]++;
      }
      this.#hash.update(`${tap.type}:`);
      this.#hash.update(new Uint8Array(tap.words.buffer, tap.at * 4, tap.length));
    }
  }

  #readMarket(): void {
    const market = this.#market;
    for (;;) {
      const outcome = market.poll();
      if (outcome === EMPTY) return;
      if (outcome === LAPPED) throw new Error('the market watcher was lapped');
      if (market.type === MarketTrade.TYPE) this.trades[MarketTrade.instrument(market.words, market.at)]++;
      else this.#replicas.onRecord(market.type, market.words, market.at);
    }
  }
}

/** Takes the supervisor's place on the market ring. */
function watcherOf({ config, rings }: System): LossyConsumer {
  const place = consumersOf('market', enabledAgents(config)).lossy.indexOf('supervisor');
  if (rings.market === undefined) throw new Error('no market ring');
  return new LossyConsumer(rings.market, place);
}
