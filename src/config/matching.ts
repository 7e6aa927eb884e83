import { MAXIMUM_SHARDS } from '../lib/shards.js';
import { integer, section } from './fields.js';

/** Over how many threads the instruments that are matched here are divided. */
export const matchingSection = section({
  shards: integer(1, MAXIMUM_SHARDS, 'matching threads').default(1),
});

export const shardNumber = () => integer(0, MAXIMUM_SHARDS - 1, 'a shard, below matching.shards');
