import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { PROFILES } from '../../src/config/names.js';
import type { Config } from '../../src/config/schema.js';
import { MATCHING_AGENTS, MAXIMUM_SHARDS } from '../../src/lib/shards.js';
import { openRing } from '../../src/ring/layout.js';
import {
  consumersOf,
  createRings,
  downstreamOf,
  EVENT_RINGS,
  enabledAgents,
  planThreads,
  RING_NAMES,
  RINGS,
  type ThreadPlan,
} from '../../src/topology.js';

function config(flags: readonly string[] = []): Config {
  return loadConfig({ env: {}, flags: [...flags] }).config;
}

const INSTRUMENT = { tick_size: '0.01', lot_size: '0.001', quote_currency: 'USD', reference_price: '100' };
const VENUE = [
  '--venues=[{"name": "binance-spot", "symbols": ["BTCUSDT"]}]',
  `--instruments=${JSON.stringify([
    { ...INSTRUMENT, symbol: 'AAA-USD', base_currency: 'AAA' },
    { ...INSTRUMENT, symbol: 'BTCUSDT', base_currency: 'BTC', venue: 'binance-spot' },
  ])}`,
];
const SMALL_RINGS = ['commands', 'sequenced', 'events', 'market', 'positions', 'log'].map(
  (ring) => `--rings.${ring}=65536`,
);

/** Configurations that differ in which agents run. */
const SETUPS: Readonly<Record<string, readonly string[]>> = {
  'the default': [],
  'with a venue': VENUE,
  'no strategies': ['--simulation.enabled=false'],
  'no edges': ['--gateway.enabled=false', '--publisher.enabled=false'],
  'the bare core': ['--gateway.enabled=false', '--publisher.enabled=false', '--simulation.enabled=false'],
};

describe.each(PROFILES)('profile %s', (profile) => {
  it.each(Object.entries(SETUPS))('places every agent once on 1 to 16 cores: %s', (_, flags) => {
    const one = config([`--profile=${profile}`, ...flags]);
    for (let cores = 1; cores <= 16; cores++) {
      const plans = planThreads(one, cores);
      const placed = plans.flatMap(({ agents }) => agents);
      expect(placed.toSorted()).toEqual([...enabledAgents(one)].toSorted());
      expect(plans.every(({ agents }) => agents.length > 0)).toBe(true);
      expect(new Set(plans.map(({ name }) => name)).size).toBe(plans.length);
      checkCores(plans, cores);
    }
  });
});

function checkCores(plans: readonly ThreadPlan[], cores: number): void {
  const spinning = plans.filter(({ idle }) => idle === 'spin');
  expect(spinning.length).toBeLessThanOrEqual(cores);
  const pins = spinning.map(({ core }) => core);
  expect(pins).not.toContain(null);
  expect(new Set(pins).size).toBe(pins.length);
  for (const { core } of plans) if (core !== null) expect(core).toBeLessThan(cores);
}

describe('profiles', () => {
  const threads = (profile: string, cores: number): string[] =>
    planThreads(config([`--profile=${profile}`]), cores).map(
      ({ name, agents, core, idle, priority }) =>
        `${name}: ${agents.join('+')} ${core ?? '-'} ${idle} ${priority ?? '-'}`,
    );

  it('dev parks everything and pins nothing', () => {
    expect(threads('dev', 1)).toEqual([
      'core: risk+matching+market-data - park -',
      'strategies: strategies - park -',
      'gateway: gateway - park -',
      'publisher: publisher - park -',
    ]);
    expect(threads('dev', 16)).toEqual(threads('dev', 1));
  });

  it('hft leaves core 0 to the house and spins only where a thread has a core of its own', () => {
    expect(threads('hft', 4)).toEqual([
      'risk: risk 1 spin 50',
      'matching: matching 2 spin 50',
      'strategies: strategies 3 spin 50',
      'market-data: market-data - park -',
      'gateway: gateway - park -',
      'publisher: publisher - park -',
    ]);
    expect(threads('hft', 1).filter((line) => line.includes('spin'))).toEqual([]);
  });

  it('bench spins what is under test', () => {
    expect(threads('bench', 2).slice(0, 3)).toEqual([
      'risk: risk 0 spin -',
      'matching: matching 1 spin -',
      'strategies: strategies+market-data - park -',
    ]);
  });
});

describe('shards of matching', () => {
  const sharded = (shards: number, profile: string, ...flags: string[]): Config =>
    config([`--profile=${profile}`, `--matching.shards=${shards}`, ...flags]);
  const names = (one: Config, cores: number): string[] =>
    planThreads(one, cores).map(
      ({ name, agents, core, idle }) => `${name}: ${agents.join('+')} ${core ?? '-'} ${idle}`,
    );

  it('share the core thread in dev and have a thread each in hft and bench', () => {
    expect(names(sharded(2, 'dev'), 8)[0]).toBe('core: risk+matching+matching-2+market-data - park');
    expect(names(sharded(3, 'hft'), 5).slice(0, 5)).toEqual([
      'risk: risk 1 spin',
      'matching: matching 2 spin',
      'matching-2: matching-2 3 spin',
      'matching-3: matching-3 4 spin',
      'strategies: strategies - park',
    ]);
    expect(names(sharded(2, 'bench'), 2).slice(0, 3)).toEqual([
      'risk: risk 0 spin',
      'matching: matching 1 spin',
      'matching-2: matching-2 - park',
    ]);
  });

  it.each(PROFILES)('are placed once each, for every number of them: %s', (profile) => {
    for (let shards = 1; shards <= MAXIMUM_SHARDS; shards++) {
      const one = sharded(shards, profile, ...VENUE);
      for (let cores = 1; cores <= 16; cores++) {
        const plans = planThreads(one, cores);
        expect(plans.flatMap(({ agents }) => agents).toSorted()).toEqual([...enabledAgents(one)].toSorted());
        checkCores(plans, cores);
      }
    }
  });

  it('have a ring of events each with all readers, and each holds up `sequenced`', () => {
    for (let shards = 1; shards <= MAXIMUM_SHARDS; shards++) {
      const one = sharded(shards, 'dev', ...SMALL_RINGS);
      const rings = createRings(one);
      const existing = EVENT_RINGS.filter((name) => rings[name] !== undefined);
      expect(existing).toEqual(EVENT_RINGS.slice(0, shards));
      const { gating } = consumersOf('sequenced', enabledAgents(one));
      expect(gating).toEqual(MATCHING_AGENTS.slice(0, shards));
      for (const name of existing) {
        expect(consumersOf(name, enabledAgents(one))).toEqual(consumersOf('events', enabledAgents(one)));
      }
    }
  });

  it('are woken by risk, and wake all readers of events', () => {
    const plans = planThreads(sharded(2, 'hft'), 8);
    const downstream = (name: string): string[] => {
      const plan = plans.find((one) => one.name === name) as ThreadPlan;
      return downstreamOf(plan, plans).map((index) => plans[index].name);
    };
    expect(downstream('risk')).toEqual(['matching', 'matching-2', 'gateway', 'publisher']);
    expect(downstream('matching-2')).toEqual(['risk', 'strategies', 'market-data', 'gateway', 'publisher']);
  });
});

describe('a layout of the user', () => {
  const layout = (threads: readonly { name: string; agents: string[] }[]): Config =>
    config([
      '--simulation.enabled=false',
      '--publisher.enabled=false',
      `--threads=${JSON.stringify(threads)}`,
    ]);

  it('replaces the profile; agents that do not run are left out', () => {
    const plans = planThreads(
      layout([
        { name: 'all', agents: ['market-data', 'risk', 'matching', 'strategies'] },
        { name: 'edge', agents: ['gateway'] },
        { name: 'unused', agents: ['feed', 'publisher'] },
      ]),
      4,
    );
    expect(plans.map(({ name, agents }) => [name, agents])).toEqual([
      ['all', ['market-data', 'risk', 'matching']],
      ['edge', ['gateway']],
    ]);
  });

  it('that forgets an agent or places it twice is refused by the configuration', () => {
    expect(() => layout([{ name: 'a', agents: ['risk', 'gateway', 'market-data'] }])).toThrow(
      /not placed: matching/,
    );
    expect(() =>
      layout([
        { name: 'a', agents: ['risk', 'matching', 'gateway', 'market-data'] },
        { name: 'b', agents: ['risk'] },
      ]),
    ).toThrow(/an agent not placed before/);
  });

  it('and by the plan itself, for one that came another way', () => {
    const valid = config(['--simulation.enabled=false']);
    const threads = [
      { name: 'a', agents: ['risk', 'matching'] as const, core: null, idle: 'park' as const, priority: null },
    ];
    expect(() => planThreads({ ...valid, threads }, 4)).toThrow(
      'threads: agent market-data is placed 0 times, allowed: once',
    );
  });
});

describe('threads downstream', () => {
  const names = (profile: string, flags: readonly string[] = []): Record<string, string[]> => {
    const plans = planThreads(config([`--profile=${profile}`, ...flags]), 8);
    return Object.fromEntries(
      plans.map((plan) => [plan.name, downstreamOf(plan, plans).map((index) => plans[index].name)]),
    );
  };

  it('are those with a consumer of a ring of this thread', () => {
    expect(names('hft', VENUE)).toEqual({
      risk: ['matching', 'gateway', 'publisher'],
      matching: ['risk', 'strategies', 'market-data', 'gateway', 'publisher'],
      strategies: ['risk'],
      'market-data': ['strategies', 'gateway', 'publisher'],
      gateway: ['risk'],
      feed: ['strategies', 'gateway', 'publisher'],
      publisher: [],
    });
  });

  it('never the thread itself', () => {
    expect(names('dev')).toEqual({
      core: ['strategies', 'gateway', 'publisher'],
      strategies: ['core'],
      gateway: ['core'],
      publisher: [],
    });
  });
});

describe('rings', () => {
  it.each(Object.entries(SETUPS))(
    'exist where their producer runs, with a place per consumer: %s',
    (_, flags) => {
      const one = config([...SMALL_RINGS, ...flags]);
      const enabled = enabledAgents(one);
      const rings = createRings(one);
      for (const name of RING_NAMES) {
        const handle = rings[name];
        expect([name, handle !== undefined]).toEqual([name, enabled.has(RINGS[name].producer)]);
        if (handle === undefined) continue;
        const { gating, lossy } = consumersOf(name, enabled);
        const memory = openRing(handle);
        expect([name, memory.gating]).toEqual([name, gating.length]);
        expect(memory.lossy).toBeGreaterThanOrEqual(lossy.length);
        expect(memory.capacityBytes).toBe(65_536);
        for (const agent of [...gating, ...lossy])
          if (agent !== 'supervisor') expect(enabled.has(agent)).toBe(true);
      }
    },
  );

  it('no agent consumes what it produces, or the same ring twice', () => {
    for (const name of RING_NAMES) {
      const { producer, gating, lossy } = RINGS[name];
      const all: string[] = [producer, ...gating, ...lossy];
      expect(new Set(all).size).toBe(all.length);
    }
  });
});
