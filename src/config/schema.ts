import type { z } from 'zod';
import {
  auditSection,
  gatewaySection,
  journalSection,
  logSection,
  publisherSection,
  ringsSection,
  supervisorSection,
} from './edges.js';
import { choice, group, integer } from './fields.js';
import { riskSection } from './limits.js';
import { instrumentList, SIMULATED_MARKET, simulationSection, strategyList, venueList } from './market.js';
import { matchingSection } from './matching.js';
import { LOCAL_VENUE, PROFILES } from './names.js';
import { interruptionsSection, sessionList } from './sessions.js';
import { drillList, housekeepingCores, threadList } from './threads.js';

/**
 * Every key, its type, its range and its default. `millrace.example.yaml` explains them to users. What
 * concerns several keys at once is in checks.ts.
 */
const keys = group({
  profile: choice(PROFILES).default('dev'),
  seed: integer(0, 4_294_967_295, 'starts every random stream').default(1),
  threads: threadList.nullable().default(null),
  housekeeping_cores: housekeepingCores.prefault([]),
  instruments: instrumentList,
  venues: venueList,
  sessions: sessionList,
  interruptions: interruptionsSection,
  matching: matchingSection,
  risk: riskSection,
  strategies: strategyList.optional(),
  simulation: simulationSection,
  gateway: gatewaySection,
  publisher: publisherSection,
  journal: journalSection,
  audit: auditSection,
  log: logSection,
  rings: ringsSection,
  supervisor: supervisorSection,
  drills: drillList.prefault([]),
});

/** The whole configuration. Strategies that name no instruments get all that are matched here. */
export const configSchema = keys.transform((given) => {
  const local = given.instruments.filter((one) => one.venue === LOCAL_VENUE).map((one) => one.symbol);
  const strategies =
    given.strategies ?? (given.simulation.enabled ? strategyList.parse(SIMULATED_MARKET) : []);
  return {
    ...given,
    strategies: strategies.map((one) => ({ ...one, instruments: one.instruments ?? [...local] })),
  };
});

type DeepReadonly<T> = T extends readonly (infer Element)[]
  ? readonly DeepReadonly<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/**
 * Validated, complete, deeply frozen, plain data: it can be handed to a worker as it is. Sizes in bytes, times
 * in the unit of the key's name, prices, quantities and notionals as canonical decimal text.
 */
export type Config = DeepReadonly<z.output<typeof configSchema>>;
export type InstrumentConfig = Config['instruments'][number];
export type VenueConfig = Config['venues'][number];
export type StrategyConfig = Config['strategies'][number];
export type RiskConfig = Config['risk'];
export type AccountConfig = Config['risk']['accounts'][number];
export type ThreadConfig = NonNullable<Config['threads']>[number];
export type DrillConfig = Config['drills'][number];
