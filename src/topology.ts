/**
 * The map of the system: every ring with its one producer and its consumers, and which agents share a thread.
 *
 *     gateway ──commands.gateway──────┐                                ┌─► gateway   (answers, own orders)
 *                                     ▼                                ├─► risk      (fills, releases)
 *                                   risk ──sequenced──► matching ──events─► strategies
 *                                     ▲  └─positions─► gateway,        ├─► market-data ──market──► strategies,
 *     strategies ──commands.strategies┘               publisher°       └─► publisher°              gateway°, publisher°
 *     feed ──feed──► strategies°, gateway°, publisher°                       every thread ──log.*──► supervisor
 *
 * With several shards there is a matching agent and an event ring for each: all of them read `sequenced` and take the commands of
 * their instruments, every reader of events reads all event rings.
 *
 * ° lossy: may be lapped, counts it, resynchronises. All others gate: the producer waits for them or has a stated policy.
 *
 * A phase or indicative price travels twice: as InstrumentStatus on `events`, in its place among the orders, and as
 * MarketStatus on `market`, again with each snapshot, for those who read books and may come late.
 */

import type { IdleKind } from './agent/runner.js';
import type { Config, ThreadConfig } from './config/schema.js';
import { matchingAgents } from './config/shards.js';
import { MATCHING_AGENTS, type MatchingAgentName } from './lib/shards.js';
import { createRing, type RingHandle } from './ring/layout.js';
import type { AgentName } from './telemetry/registry.js';

interface RingPlan {
  readonly producer: AgentName;
  readonly gating: readonly AgentName[];
  readonly lossy: readonly AgentName[];
  readonly size: keyof Config['rings'];
}

const EVENT_READERS = {
  gating: ['risk', 'gateway', 'strategies', 'market-data'],
  lossy: ['publisher'],
  size: 'events',
} as const;

/** 1. Rings. */
export const RINGS = {
  'commands.gateway': { producer: 'gateway', gating: ['risk'], lossy: [], size: 'commands' },
  'commands.strategies': { producer: 'strategies', gating: ['risk'], lossy: [], size: 'commands' },
  sequenced: { producer: 'risk', gating: MATCHING_AGENTS, lossy: [], size: 'sequenced' },
  events: { producer: 'matching', ...EVENT_READERS },
  'events-2': { producer: 'matching-2', ...EVENT_READERS },
  'events-3': { producer: 'matching-3', ...EVENT_READERS },
  'events-4': { producer: 'matching-4', ...EVENT_READERS },
  positions: { producer: 'risk', gating: ['gateway'], lossy: ['publisher'], size: 'positions' },
  market: {
    producer: 'market-data',
    gating: [],
    lossy: ['strategies', 'gateway', 'publisher', 'supervisor'],
    size: 'market',
  },
  feed: {
    producer: 'feed',
    gating: [],
    lossy: ['strategies', 'gateway', 'publisher', 'supervisor'],
    size: 'market',
  },
} as const satisfies Record<string, RingPlan>;
export type RingName = keyof typeof RINGS;
export const RING_NAMES = Object.keys(RINGS) as RingName[];
/** What the shards write to, by shard. */
export const EVENT_RINGS = [
  'events',
  'events-2',
  'events-3',
  'events-4',
] as const satisfies readonly RingName[];

/** 2. Memory that outlives a restarted thread, bytes. */
export const SHARED_STATE_BYTES = {
  /** Orders, fills and counters of the gateway (its layout is the gateway's own). */
  'gateway.store': 96 * 1024 * 1024,
  /** Kill switches, limits and readings of risk, for few accounts and instruments; see {@link sharedStateBytes}. */
  'risk.controls': 1024 * 1024,
  /** Best prices of few instruments, written by market-data, read by risk. */
  'market.prices': 64 * 1024,
} as const;
export type SharedStateName = keyof typeof SHARED_STATE_BYTES;

/** What the tables of risk take at most for an account, an instrument, or an account in an instrument (src/risk/controls-layout.ts). */
const RISK_BYTES = 1024;
const RISK_PAIR_BYTES = 384;
/** A record of src/risk/market-prices.ts. */
const PRICE_BYTES = 128;

/** Sizes for this configuration: tables of risk grow with its accounts and instruments. */
export function sharedStateBytes(config: Config): Readonly<Record<SharedStateName, number>> {
  const accounts = config.risk.accounts.length;
  const instruments = config.instruments.length;
  const risk = (accounts + instruments) * RISK_BYTES + accounts * instruments * RISK_PAIR_BYTES;
  return {
    ...SHARED_STATE_BYTES,
    'risk.controls': SHARED_STATE_BYTES['risk.controls'] + risk,
    'market.prices': SHARED_STATE_BYTES['market.prices'] + instruments * PRICE_BYTES,
  };
}

/** One thread of the layout. */
export interface ThreadPlan {
  readonly name: string;
  readonly agents: readonly AgentName[];
  /** Core to pin to; null: wherever the kernel likes. */
  readonly core: number | null;
  readonly idle: IdleKind;
  /** SCHED_FIFO priority; null: ordinary scheduling. */
  readonly priority: number | null;
}

/** 3. Threads, by profile. Order within a thread is the order of its duty cycle. */
export function planThreads(config: Config, cores: number): ThreadPlan[] {
  const enabled = enabledAgents(config);
  const layout = config.threads ?? PROFILES[config.profile](cores, matchingAgents(config));
  const plans = layout
    .map((thread) => ({ ...thread, agents: thread.agents.filter((agent) => enabled.has(agent)) }))
    .filter((thread) => thread.agents.length > 0);
  const placed = plans.flatMap((thread) => thread.agents);
  for (const agent of enabled) {
    const times = placed.filter((one) => one === agent).length;
    if (times !== 1) throw new RangeError(`threads: agent ${agent} is placed ${times} times, allowed: once`);
  }
  return plans;
}

/** Agents that this configuration runs. */
export function enabledAgents(config: Config): ReadonlySet<AgentName> {
  const agents = new Set<AgentName>(['risk', ...matchingAgents(config), 'market-data']);
  if (config.strategies.length > 0) agents.add('strategies');
  if (config.gateway.enabled) agents.add('gateway');
  if (config.publisher.enabled) agents.add('publisher');
  if (config.venues.length > 0) agents.add('feed');
  return agents;
}

type Layout = (cores: number, matching: readonly MatchingAgentName[]) => readonly ThreadConfig[];

const EDGES: readonly ThreadConfig[] = (['gateway', 'publisher', 'feed'] as const).map((agent) => ({
  name: agent,
  agents: [agent],
  core: null,
  idle: 'park',
  priority: null,
}));

const PROFILES: Record<Config['profile'], Layout> = {
  dev: (_, matching) => [
    { name: 'core', agents: ['risk', ...matching, 'market-data'], core: null, idle: 'park', priority: null },
    { name: 'strategies', agents: ['strategies'], core: null, idle: 'park', priority: null },
    ...EDGES,
  ],
  // Core 0 keeps house. A hot thread that finds no core of its own does not spin: it would only steal another's slices.
  hft: (cores, matching) => {
    const hot = ['risk', ...matching, 'strategies', 'market-data', 'gateway', 'feed'] as const;
    const threads: ThreadConfig[] = hot.map((agent, i) => {
      const core = i + 1 < cores ? i + 1 : null;
      return {
        name: agent,
        agents: [agent],
        core,
        idle: core === null ? 'park' : 'spin',
        priority: core === null ? null : 50,
      };
    });
    return [
      ...threads,
      { name: 'publisher', agents: ['publisher'], core: null, idle: 'park', priority: null },
    ];
  },
  bench: (cores, matching) => [
    { name: 'risk', agents: ['risk'], core: 0, idle: 'spin', priority: null },
    ...matching.map((agent, shard): ThreadConfig => {
      const core = shard + 1 < cores ? shard + 1 : null;
      return { name: agent, agents: [agent], core, idle: core === null ? 'park' : 'spin', priority: null };
    }),
    { name: 'strategies', agents: ['strategies', 'market-data'], core: null, idle: 'park', priority: null },
    ...EDGES,
  ],
};

/** 4. Consumers of a ring that this configuration runs; their order is their index on the ring. */
export function consumersOf(
  ring: RingName,
  enabled: ReadonlySet<AgentName>,
): { gating: AgentName[]; lossy: AgentName[] } {
  const plan: RingPlan = RINGS[ring];
  return {
    gating: plan.gating.filter((agent) => enabled.has(agent)),
    lossy: plan.lossy.filter((agent) => enabled.has(agent) || agent === 'supervisor'),
  };
}

/** 5. Allocates the rings of the producers that run. */
export function createRings(config: Config): Partial<Record<RingName, RingHandle>> {
  const enabled = enabledAgents(config);
  const rings: Partial<Record<RingName, RingHandle>> = {};
  for (const name of RING_NAMES) {
    const plan: RingPlan = RINGS[name];
    const { gating, lossy } = consumersOf(name, enabled);
    if (!enabled.has(plan.producer)) continue;
    // A producer needs its ring even when nobody listens: one lossy place that nobody takes.
    const places = gating.length + lossy.length > 0 ? lossy.length : 1;
    rings[name] = createRing({
      name,
      capacityBytes: config.rings[plan.size],
      gating: gating.length,
      lossy: places,
    });
  }
  return rings;
}

/** 6. Threads to wake when `thread` has published: those that host a consumer of one of its rings. */
export function downstreamOf(thread: ThreadPlan, threads: readonly ThreadPlan[]): number[] {
  const consumers = new Set<AgentName>();
  for (const name of RING_NAMES) {
    const plan: RingPlan = RINGS[name];
    if (!thread.agents.includes(plan.producer)) continue;
    for (const agent of [...plan.gating, ...plan.lossy]) consumers.add(agent);
  }
  return threads.flatMap((other, index) =>
    other !== thread && other.agents.some((agent) => consumers.has(agent)) ? [index] : [],
  );
}
