/**
 * Matching can be divided by instrument over several shards: each has a thread, an event ring and numbers of its own. Shard 0 is
 * what there is without division.
 */

/** The agents that match, by shard. */
export const MATCHING_AGENTS = ['matching', 'matching-2', 'matching-3', 'matching-4'] as const;
export type MatchingAgentName = (typeof MATCHING_AGENTS)[number];
export const MAXIMUM_SHARDS = MATCHING_AGENTS.length;

/** The shard of a matching agent; -1: the agent does not match. */
export function shardOfAgent(agent: string): number {
  return MATCHING_AGENTS.indexOf(agent as MatchingAgentName);
}

/**
 * Event sequences and trade ids of shard k count up from k * 2^48 + 1: without a gap in each shard, never the same in two. A
 * shard can number a million events a second for eight years, and all numbers stay far below 2^53.
 */
const NUMBERS_PER_SHARD = 2 ** 48;

/** The number before the first one of a shard. */
export function numberBase(shard: number): number {
  return shard * NUMBERS_PER_SHARD;
}

/** The shard that gave out an event sequence or a trade id. */
export function shardOfNumber(number: number): number {
  return Math.floor(number / NUMBERS_PER_SHARD);
}
