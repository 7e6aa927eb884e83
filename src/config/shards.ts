/** What the configuration says about shards. Any thread may load this file. */
import { MATCHING_AGENTS, type MatchingAgentName } from '../lib/shards.js';
import { LOCAL_VENUE } from './names.js';
import type { Config } from './schema.js';

/** The agents that match under this configuration, by shard. */
export function matchingAgents({ matching }: Pick<Config, 'matching'>): readonly MatchingAgentName[] {
  return MATCHING_AGENTS.slice(0, matching.shards);
}

/**
 * The shard of each instrument: its own, or those without one in turn over the shards. Instruments of other venues are not
 * matched; they count as shard 0.
 */
export function shardsOf({ instruments, matching }: Pick<Config, 'instruments' | 'matching'>): Uint8Array {
  let turn = 0;
  return Uint8Array.from(instruments, ({ venue, shard }) => {
    if (venue !== LOCAL_VENUE) return 0;
    return shard ?? turn++ % matching.shards;
  });
}
