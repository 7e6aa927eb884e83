/** Words that configuration values are chosen from. Imports constants only: any thread may load this file. */

import { MATCHING_AGENTS } from '../lib/shards.js';

export const PROFILES = ['dev', 'hft', 'bench'] as const;
export type Profile = (typeof PROFILES)[number];

/** Stages that a thread layout distributes over threads. */
export const AGENTS = [
  'risk',
  ...MATCHING_AGENTS,
  'market-data',
  'strategies',
  'gateway',
  'publisher',
  'feed',
] as const;
export type AgentName = (typeof AGENTS)[number];

export const IDLE_STRATEGIES = ['spin', 'yield', 'park'] as const;
export type IdleName = (typeof IDLE_STRATEGIES)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

export const DRILL_ACTIONS = ['throw', 'stall', 'exit'] as const;
export type DrillAction = (typeof DRILL_ACTIONS)[number];

/** Trading phases that an instrument may start in, and those that a price outside its band may start. */
export const PHASES = [
  'pre-open',
  'opening-auction',
  'continuous',
  'volatility-auction',
  'halt',
  'closing-auction',
  'closed',
] as const;
export type PhaseName = (typeof PHASES)[number];
export const BAND_ACTIONS = ['volatility-auction', 'halt'] as const satisfies readonly PhaseName[];

/** The matching engine in this process, as a venue. */
export const LOCAL_VENUE = 'MILLRACE';
export const OUTSIDE_VENUES = ['binance-spot', 'binance-usdm'] as const;
export type OutsideVenue = (typeof OUTSIDE_VENUES)[number];

/**
 * Variables with our prefix that are not configuration keys: where the configuration file is, and what
 * tests and tools read. Every other unknown `MILLRACE_*` variable is an error.
 */
export const RESERVED_VARIABLES = [
  'MILLRACE_CONFIG',
  'MILLRACE_CAPTURES',
  'MILLRACE_FUZZ_COMMANDS',
  'MILLRACE_VERIFY',
  'MILLRACE_STRESS',
  'MILLRACE_PYTHON',
] as const;

/** Days of a trading session's week, in order. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

/** Phases that a session's schedule may begin. A volatility auction begins by a price band or by an operator. */
export const SCHEDULED_PHASES = [
  'pre-open',
  'opening-auction',
  'continuous',
  'halt',
  'closing-auction',
  'closed',
] as const satisfies readonly PhaseName[];
