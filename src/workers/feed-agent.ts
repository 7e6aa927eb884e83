import type { AgentFactory } from './context.js';
import { LiveFeedAgent } from './feed/live-agent.js';

/** The feed stage of a running system: live connections to the configured venues. */
export const create: AgentFactory = (context) => new LiveFeedAgent(context);
