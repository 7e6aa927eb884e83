/**
 * The threads of the pipeline benchmark: each runs some of driver, risk and matching in duty cycles, as a runner does, but
 * looks for work before it reads the clock. And the clock is process.hrtime, of which V8 leaves no garbage, while each
 * performance.now() allocates a number: a thread that spins would collect garbage many times a second.
 */
import type { Agent } from '../../src/agent/agent.js';
import { type Config, configSchema } from '../../src/config/schema.js';
import type { MatchingAgentName } from '../../src/lib/shards.js';
import { createRing } from '../../src/ring/layout.js';
import { EVENT_RINGS } from '../../src/topology.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { create as createMatching } from '../../src/workers/matching-agent.js';
import { create as createRisk } from '../../src/workers/risk-agent.js';
import { createSystem, type System } from '../../src/workers/system.js';
import { OrderFlow } from './order-flow.js';
import { type Part, serve } from './threads.js';

export type StageName = 'driver' | 'risk' | MatchingAgentName;

export interface PipelinePart {
  readonly system: System;
  readonly thread: number;
  readonly stages: readonly StageName[];
  /** Second of the monotonic clock from which times count. */
  readonly epoch: number;
  /** Shared: [0] rounds that the driver has finished, [1] nanoseconds between commands (0: as fast as they go). */
  readonly control: Int32Array;
}

/** A system whose events nobody but risk and the driver reads, and whose limits nothing reaches. */
export function benchSystem(
  threads: readonly (readonly StageName[])[],
  { accounts = 4, referencePrice = '100', instruments = 1, shards = 1 } = {},
): System {
  const terms = {
    venue: 'MILLRACE',
    tick_size: '0.01',
    lot_size: '0.001',
    base_currency: 'XXA',
    quote_currency: 'XXB',
    reference_price: referencePrice,
  };
  const config: Config = configSchema.parse({
    instruments: Array.from({ length: instruments }, (_, i) => ({ symbol: `AA${i}`, ...terms })),
    matching: { shards },
    risk: {
      max_order_notional: '100000000',
      max_position: '100000000',
      price_collar_percent: 50,
      max_open_orders: 4096,
      orders_per_second: 100_000_000,
      order_burst: 100_000_000,
      cancels_per_second: 100_000_000,
      cancel_burst: 100_000_000,
      accounts: Array.from({ length: accounts }, (_, i) => ({ id: i + 1, name: `account-${i + 1}` })),
    },
    strategies: [],
    publisher: { enabled: false },
    rings: { commands: 262_144, sequenced: 262_144, events: 1_048_576, positions: 65_536 },
    threads: [
      ...threads.map((stages, index) => ({
        name: `bench-${index}`,
        agents: stages.map((stage) => (stage === 'driver' ? 'gateway' : stage)),
        core: null,
        idle: 'spin',
        priority: null,
      })),
      { name: 'rest', agents: ['market-data'], core: null, idle: 'park', priority: null },
    ],
  });
  const system = createSystem(config, threads.length);
  const { events, positions } = config.rings;
  return {
    ...system,
    rings: {
      ...system.rings,
      // risk and gateway come first among the consumers of events; market data are not part of this.
      ...Object.fromEntries(
        EVENT_RINGS.slice(0, shards).map((name) => [
          name,
          createRing({ name, capacityBytes: events, gating: 2 }),
        ]),
      ),
      positions: createRing({ name: 'positions', capacityBytes: positions, gating: 0, lossy: 1 }),
    },
  };
}

/** The agents of one thread and, where the driver is among them, the driver. */
export function buildStages(input: Omit<PipelinePart, 'control' | 'epoch'>): {
  agents: Agent[];
  flow: OrderFlow | undefined;
} {
  const context = new ThreadContext(input.system, input.thread);
  const flow = input.stages.includes('driver') ? new OrderFlow(context.contextOf('gateway')) : undefined;
  const agents: Agent[] = [];
  for (const stage of input.stages) {
    if (stage === 'risk') agents.push(createRisk(context.contextOf('risk')));
    if (stage !== 'risk' && stage !== 'driver') agents.push(createMatching(context.contextOf(stage)));
  }
  context.agents.push(...agents);
  return { agents, flow };
}

const { hrtime } = process;

function makePart(input: PipelinePart): Part {
  const { agents, flow } = buildStages(input);
  const { control, epoch } = input;
  let finished = 0;
  const runAgents = (): void => {
    for (let i = 0; i < agents.length; i++) {
      if (!agents[i].hasWork()) continue;
      const time = hrtime();
      agents[i].doWork((time[0] - epoch) * 1e9 + time[1]);
    }
  };
  const runStages = (): number => {
    finished++;
    while (Atomics.load(control, 0) < finished) runAgents();
    return 0;
  };
  if (flow === undefined) return runStages;
  return (count) => {
    const interval = control[1];
    const target = flow.answered + count;
    flow.rest();
    while (flow.answered < target) {
      const time = hrtime();
      const now = (time[0] - epoch) * 1e9 + time[1];
      if (interval === 0) flow.send(now, target);
      else flow.sendPaced(now, target, interval);
      runAgents();
      if (flow.hasEvents()) {
        const arrival = hrtime();
        flow.read((arrival[0] - epoch) * 1e9 + arrival[1]);
      }
    }
    Atomics.add(control, 0, 1);
    return flow.digest;
  };
}

serve<PipelinePart>(import.meta.url, makePart);
