import type { AgentName } from '../telemetry/registry.js';
import type { AgentFactory } from './context.js';

interface AgentModule {
  readonly create: AgentFactory;
}

/**
 * Where each agent lives. Loaded on the thread that runs it, so that native libraries (uWebSockets.js, zeromq)
 * come only where they are used.
 */
const MODULES: Readonly<Record<Exclude<AgentName, 'supervisor'>, () => Promise<AgentModule>>> = {
  risk: () => import('./risk-agent.js'),
  matching: () => import('./matching-agent.js'),
  'matching-2': () => import('./matching-agent.js'),
  'matching-3': () => import('./matching-agent.js'),
  'matching-4': () => import('./matching-agent.js'),
  'market-data': () => import('./market-data-agent.js'),
  strategies: () => import('./strategies-agent.js'),
  gateway: () => import('./gateway-agent.js'),
  publisher: () => import('./publisher-agent.js'),
  feed: () => import('./feed-agent.js'),
};

export async function loadAgent(name: AgentName): Promise<AgentFactory> {
  if (name === 'supervisor') throw new RangeError('the supervisor is the main thread, not an agent');
  return (await MODULES[name]()).create;
}
