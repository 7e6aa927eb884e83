/** The event rings of all shards, as their readers see them. */
import type { LossyConsumer } from '../ring/lossy-consumer.js';
import { MergedConsumer, type RecordReader } from '../ring/merged-consumer.js';
import { EVENT_RINGS } from '../topology.js';
import type { AgentContext } from './context.js';

/**
 * This agent's gating end of all event rings. Events of one shard come in order, those of different shards in any: between
 * two events of a command there may be others. With one shard it is the end of that ring itself and costs nothing more.
 */
export function openEvents(context: AgentContext): RecordReader {
  const rings = EVENT_RINGS.filter((ring) => context.hasRing(ring)).map((ring) => context.consumer(ring));
  return rings.length === 1 ? rings[0] : new MergedConsumer(rings);
}

/** This agent's lossy ends of the event rings, by shard. */
export function openLossyEvents(context: AgentContext): LossyConsumer[] {
  return EVENT_RINGS.filter((ring) => context.hasRing(ring)).map((ring) => context.lossy(ring));
}
